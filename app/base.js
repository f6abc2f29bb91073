/**
 * What every part of the page finds there already: the build puts it before each of them, so that it comes as one file
 * rather than as one for each set of parts that share something.
 */

import './drafts.js';
import './engine/client.js';
import './link.js';
import './prepared.js';
import './session.js';
import './trail.js';
import './ui/pages.js';
import './ui/shell.js';
import './words.js';
