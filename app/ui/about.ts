/** What this is, what it is made of, where its methods come from, and what its checks mean. */

import { useEffect, useState } from 'preact/hooks';
import help from '../generated/help.json' with { type: 'json' };
import sources from '../generated/sources.json' with { type: 'json' };
import { html } from '../page/html.ts';
import { whyMissing } from '../page/newer.ts';
import { CheckKinds, Verdicts } from '../render/about_checks.ts';
import type { PageProps } from './pages.ts';

export type Package = { name: string; version: string; licence: string; home: string };

export const title = 'About';

export function Page({ build }: PageProps) {
  const [packages, setPackages] = useState([] as Package[]);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    const fetched = async () => {
      const response = await fetch(build.licences.replace(/html$/, 'json'));
      if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
      setPackages(await response.json());
    };
    fetched().catch(async (error) => {
      console.warn('Nabla: the list of packages did not arrive.', error);
      setProblem(await whyMissing());
    });
  }, []);
  return html`<main id="answer" class="page help-page" tabindex="-1" data-state="answered" aria-labelledby="about">
    <h1 id="about">About</h1>
    <p class="summary">Nabla shows where a derivative, a gradient, a fit, a descent or a decomposition comes from: step by step, with the mistakes that give another answer, and with tests that were really run.</p>
    <p>No account, no tracking: nothing leaves the browser. Drafts are kept on this device only.</p>
    <p>Version ${build.version.slice(0, 7)}, under the MIT licence.</p>
    <h2>What a check means</h2>
    <${Verdicts} verdicts=${help.verdicts} />
    <${CheckKinds} kinds=${Object.values(help.tests)} />
    <h2>What it is made of</h2>
    <p>It contains the work of others: <a href=${build.licences}>their licences in full, with the hash of every file</a>.</p>
    ${problem && html`<p role="alert">${problem}</p>`}
    <div class="table-wrap" tabindex="0"><table class="plain packages">
      <thead><tr><th scope="col">Package</th><th scope="col">Version</th><th scope="col">Licence</th></tr></thead>
      <tbody>${packages.map(
        ({ name, version, licence }) =>
          html`<tr><th scope="row">${name}</th><td>${version}</td><td>${licence}</td></tr>`,
      )}</tbody>
    </table></div>
    <h2>Where the methods come from</h2>
    ${Object.entries(sources as Record<string, string[]>).map(
      ([title, works]) => html`<h3>${title}</h3><ul class="works">${works.map((work) => html`<li>${work}</li>`)}</ul>`,
    )}
  </main>`;
}
