/** Workers for the engine, and what one start leaves for the next. */

import type { Build, Kept, Note, Start } from './protocol.ts';

/** Where it is noted which version of the site could not start quickly here, and why. */
const KEY = 'nabla.start';

export function createSpawner({
  build,
  page,
  storage,
}: {
  build: Build;
  /** the address of the page */ page: string;
  storage: Pick<Storage, 'getItem' | 'setItem'> | null;
}) {
  let kept: Kept | null = null;
  let quick = !storage?.getItem(KEY)?.startsWith(`${build.version} `);

  const absolute = (path: string) => new URL(path, page).href;

  /**
   * A worker that has been told to start. It inherits the page's policy: one from a network address would have none,
   * since a static host sends no header, so it begins as a blob that imports the real program.
   */
  function start(): Worker {
    const program = `import ${JSON.stringify(absolute(build.worker))};`;
    const address = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));
    const worker = new Worker(address, { type: 'module', name: 'nabla' });
    const { base, nabla } = build.python;
    const python = { ...build.python, base: absolute(base), nabla: absolute(nabla) };
    const message: Start = { type: 'start', python, quick, again: again(), kept };
    worker.postMessage(message);
    return worker;
  }

  /** a worker that nobody has asked for yet */
  let early: { worker: Worker; said: MessageEvent[]; fell: ErrorEvent[] } | null = null;

  return {
    /** Start the first worker before anybody listens to it. */
    ahead() {
      // Where there are no workers at all, whoever asks for one will say so.
      if (!globalThis.Worker) return;
      const worker = start();
      early = { worker, said: [], fell: [] };
      worker.onmessage = (event) => early?.said.push(event);
      worker.onerror = (event) => early?.fell.push(event);
    },
    /** A worker that has been told to start. */
    spawn(): Worker {
      if (!early) return start();
      const { worker, said, fell } = early;
      early = null;
      // Once whoever asked for it listens.
      queueMicrotask(() => {
        for (const event of said) worker.onmessage?.(event);
        for (const event of fell) worker.onerror?.(event);
      });
      return worker;
    },
    /** Whether this version of the site starts from its snapshot here. */
    quick: () => quick,
    note(note: Note) {
      if (note.type === 'kept') {
        kept = note.kept;
        return;
      }
      quick = false;
      kept = null;
      try {
        storage?.setItem(KEY, `${build.version} ${note.cause}`);
      } catch (error) {
        console.warn('Nabla: this browser keeps nothing, so the next visit will try a quick start again.', error);
      }
    },
  };
}

/** Whether an earlier visit has left the files of the site, which a service worker hands out. */
function again() {
  try {
    return Boolean(navigator.serviceWorker?.controller);
  } catch {
    // Pages inside of others are refused the question itself.
    return false;
  }
}
