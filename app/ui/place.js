/** Places of the page that are no lab: each comes when somebody goes there. */

import { useEffect, useState } from 'preact/hooks';
import { say } from '../words.js';
import { html } from './html.js';

/** @param {{session: import('../session.js').Session, build: import('../engine/protocol').Build, storage: any, quick: boolean}} props */
export function PythonPlace(props) {
  const [Page, setPage] = useState(/** @type {any} */ (null));
  const [failure, setFailure] = useState('');
  useEffect(() => {
    import('../cell/page.js').then(
      ({ CellPage }) => setPage(() => CellPage),
      (error) => setFailure(String(error)),
    );
  }, []);
  if (Page) return html`<${Page} ...${props} />`;
  return html`<div class="sheet"><section class="question" aria-labelledby="lab"><h1 id="lab">Python</h1>
    ${failure && html`<p role="alert">${say('This part of the page could not be fetched: {0}', failure)}</p>`}
  </section><main id="answer" tabindex="-1" data-state="loading"></main></div>`;
}
