/** The box: takes any question, program or data, says at once what it is, and opens the lab for it with its fields filled. */

import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { html } from '../page/html.ts';
import { whyMissing } from '../page/newer.ts';
import { FileButton, isUneditable, useFile } from './file.ts';

/** @typedef {import('../visit/session.ts').Session} Session */
/** @typedef {import('../question/recognise.js').Recognised} Recognised */
/** @typedef {{recognise: (text: string, lab?: string) => Recognised}} Recogniser */

/** The pause in typing after which a text is recognised. */
const PAUSE = 80;
/** Of a value that was filled in, so many characters are shown. */
const SHOWN = 48;

/** @type {Promise<Recogniser> | undefined} */
let coming;
/** The recogniser with its rules, which are fetched when they are first needed. @param {Session['labs']} labs */
export async function recogniser(labs) {
  coming ??= Promise.all([
    import('../question/recognise.js'),
    import('../generated/signs.json', { with: { type: 'json' } }),
  ]).then(([{ createRecogniser }, rules]) => createRecogniser(rules.default, labs));
  try {
    return await coming;
  } catch (error) {
    coming = undefined;
    throw error;
  }
}

/** @param {{state: import('../visit/state.ts').State, session: Session}} props */
export function Box({ state, session }) {
  const id = useId();
  const [text, setText] = useState(state.asked.text);
  const [found, setFound] = useState(/** @type {Recognised | null} */ (null));
  const [problem, setProblem] = useState('');
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const file = useFile(setText);

  useEffect(() => {
    let stale = false;
    const look = async () => {
      try {
        const { recognise } = await recogniser(session.labs);
        if (stale) return;
        setFound(recognise(text));
        setProblem('');
      } catch (error) {
        console.warn('Nabla: the rules did not arrive.', error);
        setProblem(await whyMissing());
      }
    };
    const timer = setTimeout(look, text ? PAUSE : 0);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [text]);

  /** Open a lab with the text. @param {string} [wanted] the lab, where another one was chosen */
  async function open(wanted) {
    const now = (await recogniser(session.labs)).recognise(text, wanted);
    setFound(wanted ? found : now);
    if (now.kind === 'link') location.hash = now.link;
    const lab = session.labs.find(({ name }) => name === now.lab);
    if (now.kind === 'lab' && lab) session.ask(lab, now.inputs, { text, what: now.what });
    else area.current?.focus();
  }

  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    open();
  };
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || !text.includes('\n')) submit(event);
  };
  const clear = () => {
    setText('');
    area.current?.focus();
  };
  const lines = text.includes('\n');
  return html`<form class="box" onSubmit=${submit} autocomplete="off" novalidate>
    <label for=${id}>A formula, LaTeX, data, a program, an error with its program, or a whole question</label>
    <div class="drop" ...${file.drop}>
      ${
        isUneditable(text)
          ? html`<div class="long-text" id=${id} tabindex="0" role="group" aria-label="A long text">
              <pre>${text.slice(0, 300)}…</pre>
              <p>${text.length.toLocaleString()} characters, too long to edit here. <button type="button" class="link" onClick=${clear}>Remove</button></p>
            </div>`
          : html`<textarea id=${id} ref=${area} rows=${Math.max(4, Math.min(14, text.split('\n').length + 1))} value=${text}
              placeholder=${PLACEHOLDER} spellcheck=${false} autocapitalize="off" autocomplete="off" autocorrect="off" aria-describedby=${`${id}-found`}
              onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)} onKeyDown=${onKeyDown}></textarea>`
      }
    </div>
    <div class="box-foot">
      <button type="submit" class="primary">Answer it</button>
      <${FileButton} label="the box" take=${file.take} problem=${file.problem} />
      <span class="keys"><kbd>${lines ? 'Ctrl' : 'Enter'}</kbd>${lines && html` <kbd>Enter</kbd>`}</span>
    </div>
    <div class="told">
      <div class="found" id=${`${id}-found`} role="status" data-kind=${found?.kind ?? 'empty'}>
        ${problem || (found && html`<${Found} found=${found} labs=${session.labs} />`)}
      </div>
      ${
        found && found.kind !== 'empty' && found.kind !== 'link'
          ? html`<${Others} found=${found} labs=${session.labs} open=${open} />`
          : null
      }
    </div>
  </form>`;
}

const PLACEHOLDER = `loss = (w*x - y)**2  at x=2, y=2, w=3.  I get 8, PyTorch says 16

import torch
w = torch.tensor(3.0, requires_grad=True) ...`;

/** What was recognised, and what it fills in. @param {{found: Recognised, labs: Session['labs']}} props */
function Found({ found, labs }) {
  const title = (/** @type {string} */ name) => labs.find((lab) => lab.name === name)?.title ?? name;
  if (found.kind === 'empty') return 'It stays in this browser: nothing is sent anywhere.';
  if (found.kind === 'unknown')
    return found.others.length
      ? 'It is not clear what this asks. Which lab should read it?'
      : 'No lab can read this as it is. Paste the formula, the data or the program itself; or choose who should try.';
  if (found.kind === 'unsure')
    return `This could be for ${found.others.map(title).join(', ')}. Which lab should read it?`;
  const lab = labs.find(({ name }) => name === found.lab);
  const fields = lab?.fields.filter(({ name }) => found.inputs[name]) ?? [];
  return html`<p><strong>${found.what}</strong>: the lab ${title(found.lab)}</p>
    ${
      fields.length > 0 &&
      html`<dl>${fields.map(
        (field) => html`<div><dt>${field.label}</dt><dd>${brief(found.inputs[field.name] ?? '')}</dd></div>`,
      )}</dl>`
    }`;
}

/** @param {string} text */
function brief(text) {
  const lines = text.split('\n').length;
  if (lines > 1) return `${lines} lines`;
  return html`<code>${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}</code>`;
}

/** @param {{found: Recognised, labs: Session['labs'], open: (lab: string) => void}} props */
export function Others({ found, labs, open }) {
  const likely = found.others.filter((name) => name !== found.lab);
  const rest = labs.map(({ name }) => name).filter((name) => name !== found.lab && !likely.includes(name));
  return html`<div class="others" role="group" aria-label="Read it for another lab">
    <span aria-hidden="true">${found.kind === 'lab' ? 'or read it as' : 'Read it as'}</span>
    ${[...likely, ...rest].map((name) => {
      const lab = labs.find((lab) => lab.name === name);
      return html`<button type="button" class="chip" data-likely=${likely.includes(name)} onClick=${() => open(name)}>${lab?.title ?? name}</button>`;
    })}
  </div>`;
}
