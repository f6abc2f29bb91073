/**
 * The page's side of the engine: one worker, one call at a time, and for each channel only the newest call.
 *
 * Python cannot be interrupted from outside. Work that goes in steps hears between them what is wanted of it; other work
 * is stopped by ending the worker and starting a fresh one. A worker that dies is noticed and replaced in the same way.
 */

/**
 * @typedef {import('./protocol').EngineStatus} EngineStatus
 * @typedef {import('./protocol').FromWorker} FromWorker
 * @typedef {import('./protocol').Method} Method
 *
 * @typedef {object} Job
 * @property {number} id
 * @property {string} channel a newer job of the same channel takes the place of this one
 * @property {Method} method
 * @property {string[]} args
 * @property {number} seconds
 * @property {boolean} abandoned
 * @property {boolean} pausable whether it goes in steps
 * @property {boolean} paused
 * @property {boolean} ending whether it was asked to come to an end
 * @property {number} left milliseconds that it may still take
 * @property {number} since when it began, or went on
 * @property {() => void} [onPausable]
 * @property {(text: string, numbers: Float64Array) => void} [onBlock]
 * @property {(answer: {text: string, numbers: Float64Array | null}) => void} resolve
 * @property {(error: EngineError) => void} reject
 *
 * @typedef {{method: Method, args: string[], channel?: string, seconds?: number, onBlock?: Job['onBlock'], onPausable?: () => void}} Request
 * @typedef {Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror' | 'onmessageerror'>} WorkerLike
 */

/** Why a call has no answer. */
export class EngineError extends Error {
  /**
   * @param {'superseded' | 'stopped' | 'timeout' | 'crash' | 'failed'} reason
   * @param {string} message
   * @param {string} [trace]
   */
  constructor(reason, message, trace = '') {
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

/**
 * @param {object} options
 * @param {() => WorkerLike} options.spawn gives a worker that has been told to start
 * @param {(status: EngineStatus) => void} options.onStatus
 * @param {(note: import('./protocol').Note) => void} [options.onNote] what a worker says for those that come after it
 * @param {number} [options.grace]
 * @param {number} [options.silence]
 */
export function createEngine({ spawn, onStatus, onNote, grace = GRACE, silence = SILENCE }) {
  /** @type {WorkerLike | null} */
  let worker = null;
  /** @type {EngineStatus} */
  let status = { phase: 'idle', stage: null, cause: '', trace: '' };
  /** @type {Job | null} */
  let running = null;
  /** @type {Map<string, Job>} */
  const waiting = new Map();
  let lastId = 0;
  let resting = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let limit;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let watchdog;

  /** @param {Partial<EngineStatus>} change */
  function tell(change) {
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

  /** End the worker; the job it was at is told why. @param {EngineError} why */
  function replaceWorker(why) {
    const job = running;
    endWorker();
    startWorker();
    job?.reject(why);
  }

  /** @param {string} cause @param {string} [trace] */
  function startFailed(cause, trace = '') {
    endWorker();
    tell({ phase: 'failed', stage: null, cause, trace });
    const jobs = [...waiting.values()];
    waiting.clear();
    for (const job of jobs) job.reject(new EngineError('failed', cause));
  }

  /** A worker that dies at work is replaced; one that dies while it starts would only die again. @param {string} cause */
  function died(cause) {
    if (status.phase !== 'ready') startFailed(cause);
    else replaceWorker(new EngineError('crash', `Python stopped working. ${cause}`));
  }

  /** @param {FromWorker} message */
  function receive(message) {
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
    } else if (message.id === running?.id) {
      settle(running, message);
    }
  }

  /** Tell the work under way what is wanted of it. @param {Job} job @param {import('./protocol').Wish['type']} type */
  const wish = (job, type) => worker?.postMessage({ type, id: job.id });

  /** The time that a job may take, which stands still while it is paused. @param {Job} job */
  function allow(job) {
    clearTimeout(limit);
    job.since = performance.now();
    limit = setTimeout(() => {
      replaceWorker(new EngineError('timeout', `This took longer than ${job.seconds} seconds and was stopped.`));
    }, job.left);
  }

  /** @param {Job} job @param {import('./protocol').Pausable | import('./protocol').BlockMessage | import('./protocol').LibraryMessage | import('./protocol').Done | import('./protocol').Crash} message */
  function settle(job, message) {
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
    if (message.type === 'done') job.resolve({ text: message.text, numbers: message.numbers });
    else job.reject(new EngineError('crash', message.message, message.trace));
    if (message.heap > ROOM) {
      endWorker();
      startWorker();
    } else next();
  }

  /** Hand the worker the next job: previews before answers, since they take no time. */
  function next() {
    if (running || status.phase !== 'ready') return;
    const jobs = [...waiting.values()];
    const job = jobs.find(({ method }) => method === 'preview') ?? jobs[0];
    if (!job) return;
    waiting.delete(job.channel);
    running = job;
    worker?.postMessage({ type: 'call', id: job.id, method: job.method, args: job.args });
    allow(job);
  }

  /** A running job that is no longer wanted gets a short time to end by itself. @param {Job} job */
  function abandon(job) {
    if (job.abandoned) return;
    job.abandoned = true;
    job.reject(new EngineError('superseded', 'A newer question took its place.'));
    if (job.pausable) wish(job, 'quit');
    clearTimeout(limit);
    limit = setTimeout(() => replaceWorker(new EngineError('superseded', '')), grace);
  }

  return {
    /**
     * @param {Request} request
     * @returns {Promise<{text: string, numbers: Float64Array | null}>}
     */
    call({ method, args, channel = `call ${++lastId}`, seconds = 10, onBlock, onPausable }) {
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
    /** Hold what is under way, or let it go on; only what goes in steps can be held. @param {boolean} paused */
    pause(paused) {
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
