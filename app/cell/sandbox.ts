/**
 * The page's side of the sandbox: a frame with an origin of its own, in it a worker, and between that and the page one
 * channel. What is in the frame can reach neither the page nor anything that the site keeps on this device; it can only
 * send messages, which `guard.js` judges. To stop it, the frame is taken away with everything in it.
 */

import { hex } from '../engine/container.ts';
import type { Build } from '../engine/protocol.ts';
import { filesOfPython } from './allowed.ts';
import { checkedMessage, Refused } from './guard.ts';
import type { FromCell, Program, ToCell } from './protocol';

export interface Listener {
  /** a message that has passed the guard */
  said: (message: FromCell) => void;
  /** called when the sandbox cannot go on */
  fell: (cause: string) => void;
}

export interface Sandbox {
  run: (run: number, program: Program) => void;
  /** Tell a program what somebody has typed for it. */
  answer: (run: number, text: string) => void;
  /** Give programs a file to read. */
  put: (name: string, bytes: Uint8Array<ArrayBuffer>) => void;
  /** Ask for a file that a program has written. */
  get: (name: string) => void;
  end: () => void;
}

/** The frame's page answers in this time, in ms, or it is another page: the browser's own, where there is no network. */
const SILENCE = 5000;
/** A run that sends more messages than this is stopped. */
const MOST = 20_000;

/**
 * @param page the address of the page
 * @param quick whether Python may start from its snapshot
 */
export function openSandbox(build: Build, page: string, quick: boolean, { said, fell }: Listener): Sandbox {
  const home = new URL('.', page).href;
  const absolute = (path: string) => new URL(path, home).href;
  const files = fetchedLock(absolute(`${build.python.base}pyodide-lock.json`)).then((hashes) => ({
    hashes,
    addressOf: filesOfPython(build, home, Object.keys(hashes)),
  }));
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.hidden = true;
  frame.src = absolute(build.cell.frame);
  const control = new MessageChannel();
  const channel = new MessageChannel();
  const port = channel.port1;
  let ended = false;
  let messages = 0;

  function broken(cause: string) {
    if (ended) return;
    end();
    fell(cause);
  }

  function end() {
    ended = true;
    clearTimeout(silence);
    frame.remove();
    port.close();
    control.port1.close();
  }

  port.onmessage = ({ data }) => {
    if (ended) return;
    try {
      if (++messages > MOST) throw new Refused('it says too much');
      const message = checkedMessage(data);
      if (message.type === 'want') bring(message.path);
      else said(message);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      broken(`The sandbox was closed: ${error.message}.`);
    }
  };
  port.onmessageerror = () => broken('The sandbox was closed: a message could not be read.');
  let silence: ReturnType<typeof setTimeout> | undefined;
  // No service worker stands before an origin of its own: without a network the frame's page cannot come.
  fetch(frame.src, { method: 'HEAD', cache: 'no-store', credentials: 'omit' }).catch(() =>
    broken('The cell needs a network: a browser keeps nothing on the device for a sandbox like this.'),
  );
  control.port1.onmessage = ({ data }) => {
    if (data === 'begun') clearTimeout(silence);
    else broken('The program of the sandbox could not be started.');
  };

  const post = (message: ToCell, transfer: Transferable[] = []) => ended || port.postMessage(message, transfer);

  /** The files that the sandbox may have: what Python is made of, which everybody may read. */
  async function bring(path: string) {
    try {
      const { hashes, addressOf } = await files;
      const address = addressOf(path);
      if (!address) throw new Error('it is none of Python’s files');
      const bytes = await fetched(address);
      const { base, snapshot } = build.python;
      const name = path.startsWith(base) ? path.slice(base.length) : '';
      const expected = name === snapshot.file ? snapshot.sha256 : hashes[name];
      if (expected) await verify(bytes, expected);
      post({ type: 'file', path, bytes, cause: '' }, [bytes]);
    } catch (error) {
      post({ type: 'file', path, bytes: null, cause: String(error) });
    }
  }

  // The first load is that of the frame's own page; it has no second one.
  frame.addEventListener(
    'load',
    async () => {
      try {
        const program = new TextDecoder().decode(await fetched(absolute(build.cell.worker)));
        if (ended) return;
        // The frame has no origin that could be named here. What it is sent is no secret, and the page's policy lets it
        // show nothing but pages of this site.
        silence = setTimeout(broken, SILENCE, 'The page of the sandbox did not come. Is there a network?');
        frame.contentWindow?.postMessage(program, '*', [control.port2, channel.port2]);
        const { base, nabla, snapshot } = build.python;
        const python = {
          ...build.python,
          base: absolute(base),
          nabla: absolute(nabla),
          snapshot: { ...snapshot, sha256: '' },
        };
        post({ type: 'start', python, quick: quick && isSecureContext });
      } catch (error) {
        broken(String(error));
      }
    },
    { once: true },
  );
  document.body.append(frame);
  return {
    run(run, program) {
      messages = 0;
      post({ type: 'run', run, ...program });
    },
    answer: (run, text) => post({ type: 'answer', run, text }),
    put: (name, bytes) => post({ type: 'put', name, bytes }),
    get: (name) => post({ type: 'get', name }),
    end,
  };
}

/** The SHA-256 of each wheel, by its file. */
async function fetchedLock(address: string): Promise<Record<string, string>> {
  const lock = JSON.parse(new TextDecoder().decode(await fetched(address)));
  return Object.fromEntries(Object.values<any>(lock.packages).map((wheel) => [wheel.file_name, wheel.sha256]));
}

async function fetched(address: string) {
  const response = await fetch(address, { credentials: 'omit' });
  if (!response.ok) throw new Error(`${address} could not be fetched: ${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}

async function verify(bytes: ArrayBuffer, expected: string) {
  if (hex(await crypto.subtle.digest('SHA-256', bytes)) !== expected)
    throw new Error('this is not the file that was built');
}
