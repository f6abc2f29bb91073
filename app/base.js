/**
 * What every part of the page finds there already: the build puts it before each of them, so that it comes as one file
 * rather than as one for each set of parts that share something.
 */

import './visit/drafts.js';
import './engine/client.js';
import './visit/link.js';
import './visit/prepared.js';
import './visit/session.js';
import './visit/trail.js';
import './ui/pages.js';
import './ui/shell.js';
