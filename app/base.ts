/**
 * What every part of the page finds there already: the build puts it before each of them, so that it comes as one file
 * rather than as one for each set of parts that share something.
 */

import './visit/drafts.ts';
import './engine/client.ts';
import './visit/link.ts';
import './visit/prepared.ts';
import './visit/session.ts';
import './visit/history.ts';
import './ui/pages.ts';
import './ui/shell.ts';
