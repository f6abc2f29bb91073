/**
 * The page's side of the engine: one worker, one call at a time, and for each channel only the newest call.
 *
 * Python cannot be interrupted from outside. Work that goes in steps hears between them what is wanted of it; other work
 * is stopped by ending the worker and starting a fresh one. A worker that dies is noticed and replaced in the same way.
 */

import type {
  BlockMessage,
  Crash,
  Done,
  EngineStatus,
  FromWorker,
  LibraryMessage,
  Method,
  Note,
  Pausable,
  Wish,
} from './protocol.ts';

export interface Job {
  id: number;
  /** a newer job of the same channel takes the place of this one */
  channel: string;
  method: Method;
  args: string[];
  seconds: number;
  abandoned: boolean;
  /** whether it goes in steps */
  pausable: boolean;
  paused: boolean;
  /** whether it was asked to come to an end */
  ending: boolean;
  /** milliseconds that it may still take */
  left: number;
  /** when it began, or went on */
  since: number;
  onPausable?: () => void;
  onBlock?: (text: string, numbers: Float64Array) => void;
  resolve: (answer: { text: string; numbers: Float64Array | null }) => void;
  reject: (error: EngineError) => void;
}

export type Request = {
  method: Method;
  args: string[];
  channel?: string;
  seconds?: number;
  onBlock?: Job['onBlock'];
  onPausable?: () => void;
};

export type WorkerLike = Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror' | 'onmessageerror'>;

/** Why a call has no answer. */
export class EngineError extends Error {
  readonly reason: 'superseded' | 'stopped' | 'timeout' | 'crash' | 'failed';
  readonly trace: string;
  constructor(reason: EngineError['reason'], message: string, trace = '') {
    super(message);
    this.reason = reason;
    this.trace = trace;
  }
}

/** A call that nobody waits for any more may go on for so long; Python has to be started anew to be rid of it. */
const GRACE = 1500;
/** A worker whose Python holds more memory than this after an answer is replaced: memory never shrinks. */
const ROOM = 400 << 20;
/** So many times as long may work take that was asked to come to an end: it still says what there is. */
const PATIENCE = 4;
/** A start without any sign of life for so long has failed; Pyodide may fail without a word. */
const SILENCE = 90_000;

export function createEngine({
  spawn,
  onStatus,
  onNote,
  onLibrary,
  grace = GRACE,
  silence = SILENCE,
}: {
  /** gives a worker that has been told to start */ spawn: () => WorkerLike;
  onStatus: (status: EngineStatus) => void;
  /** what a worker says for those that come after it */ onNote?: (note: Note) => void;
  /** parts of the library have come that were missing */ onLibrary?: (parts: LibraryMessage['parts']) => void;
  grace?: number;
  silence?: number;
}) {
  let worker: WorkerLike | null = null;
  let status: EngineStatus = { phase: 'idle', stage: null, cause: '', trace: '' };
  let running: Job | null = null;
  const waiting: Map<string, Job> = new Map();
  let lastId = 0;
  let resting = false;
  let limit: ReturnType<typeof setTimeout> | undefined;
  let watchdog: ReturnType<typeof setTimeout> | undefined;

  function tell(change: Partial<EngineStatus>) {
    status = { ...status, ...change };
    onStatus(status);
  }

  function startWorker() {
    tell({ phase: 'starting', stage: null, cause: '', trace: '' });
    try {
      worker = spawn();
    } catch (error) {
      return startFailed(error instanceof Error ? error.message : String(error));
    }
    const mine = worker;
    mine.onmessage = ({ data }) => mine === worker && receive(data);
    mine.onerror = (event) => {
      event.preventDefault?.();
      if (mine === worker) died(event.message || 'Its program could not be loaded.');
    };
    mine.onmessageerror = () => mine === worker && died('A message could not be read.');
    watch();
  }

  function watch() {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => startFailed('Nothing has happened for a long time.'), silence);
  }

  function endWorker() {
    clearTimeout(limit);
    clearTimeout(watchdog);
    worker?.terminate();
    worker = null;
    running = null;
  }

  /** End the worker; the job it was at is told why. */
  function replaceWorker(why: EngineError) {
    const job = running;
    endWorker();
    startWorker();
    job?.reject(why);
  }

  function startFailed(cause: string, trace: string = '') {
    endWorker();
    tell({ phase: 'failed', stage: null, cause, trace });
    const jobs = [...waiting.values()];
    waiting.clear();
    for (const job of jobs) job.reject(new EngineError('failed', cause));
  }

  /** A worker that dies at work is replaced; one that dies while it starts would only die again. */
  function died(cause: string) {
    if (status.phase !== 'ready') startFailed(cause);
    else replaceWorker(new EngineError('crash', `Python stopped working. ${cause}`));
  }

  function receive(message: FromWorker) {
    if ('id' in message) {
      if (message.id === running?.id) settle(running, message);
    } else if (status.phase === 'starting') {
      ofTheStart(message);
    } else {
      // Only a program that got past its guard could send this.
      console.warn(`Nabla: a message came at a time at which there is none: ${message.type}.`);
    }
  }

  function ofTheStart(message: Exclude<FromWorker, { id: number }>) {
    if (message.type === 'stage') {
      watch();
      tell({ stage: message });
    } else if (message.type === 'ready') {
      clearTimeout(watchdog);
      tell({ phase: 'ready', stage: null });
      next();
    } else if (message.type === 'kept' || message.type === 'refused') {
      onNote?.(message);
    } else if (message.type === 'failed') {
      startFailed(message.message, message.trace);
    }
  }

  /** Tell the work under way what is wanted of it. */
  const wish = (job: Job, type: Wish['type']) => worker?.postMessage({ type, id: job.id });

  /** The time that a job may take, which stands still while it is paused. */
  function allow(job: Job) {
    clearTimeout(limit);
    job.since = performance.now();
    limit = setTimeout(() => {
      replaceWorker(new EngineError('timeout', `This took longer than ${job.seconds} seconds and was stopped.`));
    }, job.left);
  }

  function settle(job: Job, message: Pausable | BlockMessage | LibraryMessage | Done | Crash) {
    if (message.type === 'pausable') {
      job.pausable = true;
      if (job.abandoned) wish(job, 'quit');
      else job.onPausable?.();
      return;
    }
    if (message.type === 'library') {
      // The time that files take on the way is not the question's.
      clearTimeout(limit);
      job.left = job.seconds * 1000;
      tell({ stage: message.here ? null : message.stage });
      if (message.here) onLibrary?.(message.parts);
      if (message.here && !job.abandoned) allow(job);
      return;
    }
    if (message.type === 'block') {
      if (!job.abandoned) job.onBlock?.(message.text, message.numbers);
      return;
    }
    if (message.type === 'crash' && message.fatal) {
      return replaceWorker(new EngineError('crash', message.message, message.trace));
    }
    clearTimeout(limit);
    running = null;
    if (status.stage) tell({ stage: null });
    if (message.type === 'done') job.resolve({ text: message.text, numbers: message.numbers });
    else job.reject(new EngineError('crash', message.message, message.trace));
    if (message.heap > ROOM) {
      endWorker();
      startWorker();
    } else next();
  }

  /** Hand the worker the next job: previews and readings of texts before answers, since they take no time. */
  function next() {
    if (running || status.phase !== 'ready') return;
    const jobs = [...waiting.values()];
    const job = jobs.find(({ method }) => method === 'preview' || method === 'understood') ?? jobs[0];
    if (!job) return;
    waiting.delete(job.channel);
    running = job;
    worker?.postMessage({ type: 'call', id: job.id, method: job.method, args: job.args });
    allow(job);
  }

  /** A running job that is no longer wanted gets a short time to end by itself. */
  function abandon(job: Job) {
    if (job.abandoned) return;
    job.abandoned = true;
    job.reject(new EngineError('superseded', 'A newer question took its place.'));
    if (job.pausable) wish(job, 'quit');
    clearTimeout(limit);
    limit = setTimeout(() => replaceWorker(new EngineError('superseded', '')), grace);
  }

  return {
    call({
      method,
      args,
      channel = `call ${++lastId}`,
      seconds = 10,
      onBlock,
      onPausable,
    }: Request): Promise<{ text: string; numbers: Float64Array | null }> {
      return new Promise((resolve, reject) => {
        waiting.get(channel)?.reject(new EngineError('superseded', 'A newer question took its place.'));
        waiting.delete(channel);
        waiting.set(channel, {
          id: ++lastId,
          channel,
          method,
          args,
          seconds,
          abandoned: false,
          pausable: false,
          paused: false,
          ending: false,
          left: seconds * 1000,
          since: 0,
          onBlock,
          onPausable,
          resolve,
          reject,
        });
        if (running?.channel === channel) abandon(running);
        if (status.phase === 'idle') startWorker();
        else if (status.phase === 'failed') startFailed(status.cause, status.trace);
        else next();
      });
    },
    /** Start Python before it is asked anything. */
    warm() {
      if (status.phase === 'idle') startWorker();
    },
    /** The page is left and may come back: Python that has nothing to do gives its memory back meanwhile. */
    rest() {
      if (!worker || running || waiting.size) return;
      endWorker();
      resting = true;
      tell({ phase: 'idle', stage: null });
    },
    /** The page is there again. */
    wake() {
      if (resting && status.phase === 'idle') startWorker();
      resting = false;
    },
    /** Hold what is under way, or let it go on; only what goes in steps can be held. */
    pause(paused: boolean) {
      const job = running;
      if (!job?.pausable || job.abandoned || job.ending || job.paused === paused) return;
      job.paused = paused;
      wish(job, paused ? 'pause' : 'resume');
      if (!paused) return allow(job);
      clearTimeout(limit);
      job.left -= performance.now() - job.since;
    },
    /**
     * Give up everything under way. What goes in steps is asked to come to an end with what there is, and given up when
     * that takes long, or when it is asked for again.
     */
    stop() {
      const jobs = [...waiting.values()];
      waiting.clear();
      const stopped = new EngineError('stopped', 'Stopped.');
      const job = running;
      if (job?.pausable && !job.abandoned && !job.ending) {
        job.ending = true;
        wish(job, 'finish');
        clearTimeout(limit);
        limit = setTimeout(() => replaceWorker(stopped), PATIENCE * grace);
      } else if (job) {
        replaceWorker(stopped);
      }
      for (const job of jobs) job.reject(stopped);
    },
    /** Try again after a failed start. */
    retry() {
      if (status.phase === 'failed') startWorker();
    },
  };
}
