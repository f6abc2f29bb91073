/** Under a list of checks: what they mean, fetched when it is asked for. */

import { useState } from 'preact/hooks';
import type { Check } from '../generated/types';
import { html } from '../page/html.ts';
import { whyMissing } from '../page/newer.ts';

export function CheckHelp({ checks }: { checks: Check[] }) {
  const [parts, setParts] = useState(null as { Explained: any; help: any } | null);
  const [problem, setProblem] = useState('');
  const open = async (event: any) => {
    if (!event.currentTarget.open || parts) return;
    try {
      const [{ Explained }, help] = await Promise.all([
        import('./about_checks.ts'),
        import('../generated/help.json', { with: { type: 'json' } }),
      ]);
      setParts({ Explained, help: help.default });
    } catch (error) {
      console.warn('Nabla: the explanation did not arrive.', error);
      setProblem(await whyMissing());
    }
  };
  return html`<details class="fold check-help" onToggle=${open}>
    <summary>What these checks mean</summary>
    ${problem && html`<p role="alert">${problem}</p>`}
    ${parts && html`<${parts.Explained} help=${parts.help} checks=${checks} />`}
  </details>`;
}
