/** What this is, what it is made of, where its methods come from, and what its checks mean. */

import { useEffect, useState } from 'preact/hooks';
import help from '../generated/help.json' with { type: 'json' };
import sources from '../generated/sources.json' with { type: 'json' };
import { html } from '../page/html.js';
import { CheckKinds, Verdicts } from '../render/about_checks.js';
import { say } from '../words.js';

/** @typedef {{name: string, version: string, licence: string, home: string}} Package */

export const title = () => say('About');

/** @param {import('./pages.js').PageProps} props */
export function Page({ build }) {
  const [packages, setPackages] = useState(/** @type {Package[]} */ ([]));
  const [problem, setProblem] = useState('');
  useEffect(() => {
    const fetched = async () => {
      const response = await fetch(build.licences.replace(/html$/, 'json'));
      if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
      setPackages(await response.json());
    };
    fetched().catch((error) => {
      console.warn('Nabla: the list of packages did not arrive.', error);
      setProblem(say('This part of the page did not arrive. Is there a network?'));
    });
  }, []);
  return html`<main id="answer" class="page help-page" tabindex="-1" data-state="answered" aria-labelledby="about">
    <h1 id="about">${say('About')}</h1>
    <p class="summary">${say('Nabla shows where a derivative, a gradient, a fit, a descent or a decomposition comes from: step by step, with the mistakes that give another answer, and with tests that were really run.')}</p>
    <p>${say('No account, no tracking: nothing leaves the browser. Drafts are kept on this device only.')}</p>
    <p>${say('Version {0}, under the MIT licence.', build.version.slice(0, 7))}</p>
    <h2>${say('What a check means')}</h2>
    <${Verdicts} verdicts=${help.verdicts} />
    <${CheckKinds} kinds=${help.kinds} />
    <h2>${say('What it is made of')}</h2>
    <p>${say('It contains the work of others:')} <a href=${build.licences}>${say('their licences in full, with the hash of every file')}</a>.</p>
    ${problem && html`<p role="alert">${problem}</p>`}
    <div class="table-wrap" tabindex="0"><table class="plain packages">
      <thead><tr><th scope="col">${say('Package')}</th><th scope="col">${say('Version')}</th><th scope="col">${say('Licence')}</th></tr></thead>
      <tbody>${packages.map(
        ({ name, version, licence }) =>
          html`<tr><th scope="row">${name}</th><td>${version}</td><td>${licence}</td></tr>`,
      )}</tbody>
    </table></div>
    <h2>${say('Where the methods come from')}</h2>
    ${Object.entries(/** @type {Record<string, string[]>} */ (sources)).map(
      ([title, works]) =>
        html`<h3>${say(title)}</h3><ul class="works" lang="en">${works.map((work) => html`<li>${work}</li>`)}</ul>`,
    )}
  </main>`;
}
