/** Two answers side by side, on a phone one above the other: mine and theirs, two rates, two sets of data. */

import { useEffect, useId, useState } from 'preact/hooks';
import type { NablaDocument } from '../generated/types';
import { CopyButton } from '../page/copy.ts';
import { html } from '../page/html.ts';
import { depthsOf } from '../render/depths.ts';
import { Blocks } from '../render/document.ts';
import { Prose } from '../render/formula/prose.ts';
import { comparedOf, compareLink } from '../visit/compared.ts';
import { answersHere } from '../visit/here.ts';
import { decodeLink, encodeLink } from '../visit/link.ts';
import { questionOf } from '../visit/past_question.ts';
import type { Inputs, Session } from '../visit/session.ts';
import { filled } from '../visit/state.ts';
import { EngineLine } from './engine_line.ts';
import { EXAMPLES } from './gallery.ts';
import { answerOf } from './judging.ts';
import type { PageProps } from './pages.ts';

export const title = 'Compare';

const NAMES = ['First', 'Second'];

export function Page({ session, state }: PageProps) {
  const [links, setLinks] = useState(() => comparedOf(location.hash));
  useEffect(() => {
    const follow = () => setLinks(comparedOf(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const change = (side: number) => (link: string) => {
    const next = links.map((old, i) => (i === side ? link : old)) as [string, string];
    location.hash = compareLink(...next);
  };
  return html`<main id="answer" class="page compare" tabindex="-1" data-state="answered" aria-labelledby="compare">
    <header class="practice-head">
      <h1 id="compare">Compare</h1>
      <${CopyButton} text=${session.absolute(compareLink(...links))} what="the link to both" label="Copy the link to both" />
    </header>
    <${EngineLine} engine=${state.engine} retry=${session.retry} />
    ${!links.some(Boolean) && html`<p>Two answers side by side: yours and a book's, two rates, two sets of data.</p>`}
    <div class="sides">${links.map((link, i) => html`<${Side} key=${i} name=${NAMES[i]} link=${link} session=${session} change=${change(i)} />`)}</div>
  </main>`;
}

type Shown = { document: NablaDocument; asked: string; of: string };

function Side({
  name,
  link,
  session,
  change,
}: {
  name: string;
  link: string;
  session: Session;
  change: (link: string) => void;
}) {
  const id = useId();
  const [shown, setShown] = useState(null as Shown | null);
  const [problem, setProblem] = useState('');
  const [typed, setTyped] = useState('');
  useEffect(() => {
    if (!link) return;
    let current = true;
    setProblem('');
    answered(session, link).then(
      (shown) => current && setShown({ ...shown, of: link }),
      (error) => current && setProblem(error.message),
    );
    return () => {
      current = false;
    };
  }, [link]);
  const write = async (event: Event) => {
    event.preventDefault();
    if (!typed.trim()) return;
    const { labs, asking } = session;
    change((await answersHere(typed, [...labs, asking], EXAMPLES)) || (await encodeLink(asking, { q: typed })));
    setTyped('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || !typed.includes('\n')) write(event);
  };
  const apply = async (changes: Inputs | ((now: Inputs) => Inputs), settled: boolean = true) => {
    const lab = session.labs.find(({ name }) => name === shown?.document.lab);
    if (!settled || !lab || !shown) return;
    const now = filled(lab, shown.document.inputs);
    change(await encodeLink(lab, { ...now, ...(typeof changes === 'function' ? changes(now) : changes) }));
  };
  const document = shown?.document;
  return html`<section class="side" aria-label=${name} aria-busy=${Boolean(link && shown?.of !== link && !problem)}>
    ${shown && html`<p class="side-asked"><code>${shown.asked}</code> <a href=${link}>Open</a></p>`}
    ${problem && html`<p class="note" data-tone="warning" role="alert">${problem}</p>`}
    ${document?.warnings.map(({ message }) => html`<div class="note" data-tone="warning"><p><${Prose} text=${message} /></p></div>`)}
    ${document && html`<p class="sentence" data-long><${Prose} text=${document.answer?.tex ?? document.title} /></p>`}
    ${document && html`<div class="blocks"><${Blocks} blocks=${depthsOf(document.blocks).answer} apply=${apply} /></div>`}
    <form onSubmit=${write} autocomplete="off" novalidate>
      <label for=${id}>${link ? 'Another question, or its link' : 'A question, or the link to its answer'}</label>
      <textarea id=${id} rows="2" value=${typed} spellcheck=${false} onKeyDown=${onKeyDown}
        onInput=${(event: any) => setTyped(event.currentTarget.value)}></textarea>
      <button type="submit">Answer it here</button>
    </form>
  </section>`;
}

/** The answer that a link leads to, and what it asks. */
async function answered(session: Session, link: string) {
  const all = [...session.labs, session.asking];
  const linked = await decodeLink(link, all);
  const lab = all.find(({ name }) => name === linked?.lab);
  if (!linked || !lab) throw new Error(linked?.problems[0] ?? 'This link leads to no answer.');
  const given = Object.keys(linked.inputs).length ? linked.inputs : lab.example;
  const document = await answerOf(session, lab.name, filled(lab, given));
  return { document, asked: questionOf(lab, given) };
}
