/**
 * Makes the snapshot: Python's memory with NumPy, SymPy and Nabla inside, ready to answer. Run by the build:
 *
 *   node app/engine/snapshot.mjs PYODIDE NABLA OUT WHEEL...
 *
 * PYODIDE is the folder of Pyodide's core, NABLA that of the package. OUT receives the snapshot, the side modules, the
 * decoder, the labs that come later, and in snapshot.json what the page has to know of them. The same inputs give the
 * same bytes: the clock and the random numbers stand still.
 */

import nodeCrypto from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { checksum, PAGE, piecesOf, slicesOf } from './container.ts';
import { functionNumbers, trampolineField, withSideModules } from './side_modules.ts';

const SITE = '/lib/python3.14/site-packages';
const STDLIB = '/lib/python314.zip';
const SUFFIX = '.cpython-314-wasm32-emscripten.so';
/** Small enough that the page can unpack while it fetches, large enough to lose only 3 % by it. */
const FRAME = 128 * PAGE;
const ZSTD = { params: { [zlib.constants.ZSTD_c_compressionLevel]: 19 } };
const HERE = import.meta.dirname;

const [pyodideFolder, nablaFolder, outFolder, ...wheels] = process.argv.slice(2).map((name) => path.resolve(name));
const { loadPyodide } = await import(pathToFileURL(path.join(pyodideFolder, 'pyodide.mjs')).href);
const { default: create } = await import(pathToFileURL(path.join(pyodideFolder, 'pyodide.asm.mjs')).href);
const { info } = JSON.parse(read(pyodideFolder, 'pyodide-lock.json'));
const settings = { indexURL: pyodideFolder, lockFileContents: { info, packages: {} }, packageBaseUrl: pyodideFolder };
// What Python calls itself would otherwise be the address of this file.
settings._sysExecutable = 'python';
// The order of sets, and with it that of SymPy's terms, is decided here once for everybody.
const env = { PYTHONHASHSEED: '0' };

standStill(1);
const { files, sides, labs } = await compileLibrary();
const sideModules = Promise.all(
  sides.map(async ({ path, bytes }) => ({ path, module: await WebAssembly.compile(bytes) })),
);
const first = await firstMemory(env);
standStill(2);
const sums = commonSums(first, await firstMemory({ ...env, OTHER: 'x'.repeat(99) }));
standStill(1);
const { heap, ...state } = await fillMemory();
const packedLabs = await packedFrame(labs);
await write(heap, state);

/** @param {...string} place */
function read(...place) {
  return fs.readFileSync(path.join(...place));
}

/** Let clock and random numbers stand still, at a point that `seed` chooses. @param {number} seed */
function standStill(seed) {
  const now = Date.UTC(2026, 0, 1) + seed;
  globalThis.Date = class extends Date {
    constructor(...given) {
      super(...(given.length ? given : [now]));
    }
    static now() {
      return now;
    }
  };
  performance.now = () => 1000 + seed;
  nodeCrypto.randomFillSync = (view) => view.fill(seed);
}

/**
 * Everything compiled by the very Python that will run it: the files of the library as [path, bytes], the archive of
 * what comes later, and the side modules.
 */
async function compileLibrary() {
  const pyodide = await loadPyodide(settings);
  const { FS } = pyodide;
  const unpack = (file, extractDir) => pyodide.unpackArchive(new Uint8Array(read(file)), 'zip', { extractDir });
  for (const wheel of wheels) unpack(wheel, '/source/site');
  unpack(path.join(pyodideFolder, 'python_stdlib.zip'), '/source/stdlib');
  for (const name of fs.readdirSync(nablaFolder, { recursive: true }).sort()) {
    if (name.endsWith('.py')) put(FS, `/source/nabla/${name.replaceAll(path.sep, '/')}`, read(nablaFolder, name));
  }
  put(FS, '/source/nabla/awake.py', read(HERE, 'awake.py'));
  runHelper(pyodide, 'compile_all()');
  const sides = [...walk(FS, '/source/site')].filter(([file]) => file.endsWith(SUFFIX));
  return {
    labs: FS.readFile('/labs.zip'),
    files: [...walk(FS, '/compiled')].map(([file, bytes]) => [file.replace('/compiled', ''), bytes]),
    sides: sides.map(([file, bytes]) => ({ path: file.replace('/source/site', SITE), bytes: bytes.slice() })),
  };
}

/** Run a function of snapshot.py in this Python, and leave nothing of it there. */
function runHelper(pyodide, call) {
  put(pyodide.FS, '/helper/snapshot.py', read(HERE, 'snapshot.py'));
  pyodide.runPython(`
    import sys
    sys.path.insert(0, "/helper")
    import snapshot
    sys.path.remove("/helper")
    del sys.modules["snapshot"], sys
    snapshot.${call}
    del snapshot
  `);
}

function put(FS, file, bytes) {
  FS.mkdirTree(path.posix.dirname(file));
  FS.writeFile(file, bytes);
}

/** Every file below a folder of Python's file system: [path, bytes]. */
function* walk(FS, folder) {
  for (const name of FS.readdir(folder).sort()) {
    const file = `${folder}/${name}`;
    if (name === '.' || name === '..') continue;
    if (FS.isDir(FS.stat(file).mode)) yield* walk(FS, file);
    else yield [file, FS.readFile(file)];
  }
}

/** The data of the programs before Python runs, in whole pages: every instance begins with them. */
async function firstMemory(env) {
  let bytes;
  const enough = new Error('as far as needed');
  const moments = {
    before() {},
    after(M, end) {
      M.HEAP32[trampolineField(M)] = 0;
      bytes = M.HEAPU8.slice(0, end - (end % PAGE));
      throw enough;
    },
  };
  const createPyodideModule = withSideModules(create, sideModules, moments);
  await loadPyodide({ ...settings, env, _loadSnapshot: new Uint8Array(64), createPyodideModule }).catch((error) => {
    if (error !== enough) throw error;
  });
  return bytes;
}

/** The checksum of each page that two instances have in common; null for those where they differ. */
function commonSums(one, other) {
  const sum = (bytes, page) => checksum(new Int32Array(bytes.buffer, page * PAGE, PAGE / 4));
  const pages = Array.from({ length: one.length / PAGE }, (_, page) => page);
  return pages.map((page) => (sum(one, page) === sum(other, page) ? sum(one, page) : null));
}

/** Python with everything imported and at rest. */
async function fillMemory() {
  let functions;
  const moments = {
    before(M) {
      functions = functionNumbers(M);
    },
    after() {},
  };
  const stdLibURL = path.join(outFolder, 'stdlib.zip');
  fs.writeFileSync(stdLibURL, new Map(files).get(STDLIB));
  const pyodide = await loadPyodide({
    ...settings,
    env,
    stdLibURL,
    _makeSnapshot: true,
    createPyodideModule: withSideModules(create, sideModules, moments),
    fsInit(FS) {
      for (const [file, bytes] of files) if (file !== STDLIB) put(FS, file, bytes);
      // Python looks for the file of a module before it asks for its program, which is there already.
      for (const { path } of sides) put(FS, path, new Uint8Array());
    },
  });
  fs.unlinkSync(stdLibURL);
  const M = pyodide._module;
  const tableLength = M.wasmTable.length;
  runHelper(pyodide, 'fill()');
  if (M.wasmTable.length - tableLength !== M.freeTableIndexes.length) {
    throw new Error('Python holds a function made by JavaScript, which no other instance has');
  }
  zeroFreeMemory(M);
  M.HEAP32[trampolineField(M)] = 0;
  const handles = Object.entries(M.LDSO.loadedLibsByHandle).map(([handle, { name }]) => [Number(handle), name]);
  return {
    heap: M.HEAPU8.slice(),
    build: M.API.config.BUILD_ID,
    tableLength: M.wasmTable.length,
    handles,
    functions,
    hiwire: pyodide._api.serializeHiwireState(),
  };
}

/** Free memory is full of what was there before: take all there is without asking for more, wipe it, give it back. */
function zeroFreeMemory(M) {
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = () => {
    throw new RangeError('no more memory for now');
  };
  const taken = [];
  for (let size = 1 << 26; size >= 8; size = size > 64 ? size >>> 1 : size - 8) {
    for (let place = M._malloc(size); place; place = M._malloc(size)) {
      M.HEAPU8.fill(0, place, place + size);
      taken.push(place);
    }
  }
  for (const place of taken.sort((a, b) => b - a)) M._free(place);
  WebAssembly.Memory.prototype.grow = grow;
}

async function write(heap, state) {
  if (Buffer.from(heap.buffer).includes(HERE)) throw new Error('the snapshot tells where it was made');
  const difference = heap.slice();
  sums.forEach((sum, page) => {
    if (sum !== null) for (let i = page * PAGE; i < (page + 1) * PAGE; i++) difference[i] ^= first[i];
  });
  const runs = runsOf([heap, difference]);
  const pages = pagesAt(runs, difference);
  const hashes = sides.map(({ bytes }) => sha256(bytes));
  const header = { ...state, sideModules: hashes, heapBytes: heap.length, sums, runs };
  const text = Buffer.from(JSON.stringify(header));
  // Filled up with spaces, so that behind it every page begins at a word.
  const head = Buffer.concat([text, Buffer.alloc(-text.length & 7, ' ')]);
  const frames = [head];
  for (let at = 0; at < pages.length; at += FRAME) frames.push(pages.subarray(at, at + FRAME));
  const packed = Buffer.concat(await Promise.all(frames.map(packedFrame)));
  const sideBuild = sides.map(({ path: place, bytes }, i) => {
    const name = path.posix.basename(place).replace(SUFFIX, '');
    // Under this ending a static host says that it is WebAssembly, and compresses it.
    return { ...written(name, 'so.wasm', bytes), path: place, sha256: hashes[i] };
  });
  const core = read(pyodideFolder, 'pyodide.asm.wasm');
  const memory = [head, ...piecesOf(runs).map((piece) => pagesAt([piece], heap))];
  const snapshot = {
    ...written('snapshot', 'bin', packed),
    sha256: sha256(packed),
    info,
    core: { file: 'pyodide.asm.wasm', bytes: zlib.gzipSync(core).length },
    decoder: written('zstd', 'wasm', zstdDecoder()),
    labs: { ...written('labs', 'bin', packedLabs), sha256: sha256(packedLabs) },
    sideModules: sideBuild,
    image: { sideModules: half(sides.map(({ bytes }) => bytes)), memory: half(memory) },
  };
  fs.writeFileSync(path.join(outFolder, 'snapshot.json'), JSON.stringify(snapshot));
}

/** One half of what the page keeps unpacked: the lengths of its parts, and the hash of the hashes of all their slices. */
function half(parts) {
  const hashes = parts.flatMap(slicesOf).map(sha256);
  return { parts: parts.map(({ length }) => length), sha256: sha256(Buffer.from(hashes.join(''), 'hex')) };
}

/** Where pages are that are not all zero in each of these memories: [first, count]. */
function runsOf(memories) {
  const runs = [];
  for (let page = 0; page * PAGE < memories[0].length; page++) {
    const empty = (memory) => memory.subarray(page * PAGE, (page + 1) * PAGE).every((byte) => byte === 0);
    if (memories.every(empty)) continue;
    const last = runs.at(-1);
    if (last && last[0] + last[1] === page) last[1]++;
    else runs.push([page, 1]);
  }
  return runs;
}

/** Those pages, end to end. */
function pagesAt(runs, memory) {
  return Buffer.concat(runs.map(([first, count]) => memory.subarray(first * PAGE, (first + count) * PAGE)));
}

async function packedFrame(bytes) {
  const packed = await promisify(zlib.zstdCompress)(bytes, ZSTD);
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32LE(packed.length, 0);
  lengths.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([lengths, packed]);
}

/** The decoder for Zstandard, which its package carries as text inside a script. */
function zstdDecoder() {
  const script = read(createRequire(import.meta.url).resolve('zstddec')).toString();
  const [, base64] = script.match(/["'](AGFzbQ[\w+/=]+)["']/) ?? [];
  if (!base64) throw new Error('the package zstddec carries its program in another way now');
  return Buffer.from(base64, 'base64');
}

/** Write a file under a name that changes with its content; how the page fetches it. */
function written(name, ending, bytes) {
  const file = `${name}-${sha256(bytes).slice(0, 12)}.${ending}`;
  fs.writeFileSync(path.join(outFolder, file), bytes);
  return { file, bytes: ending.endsWith('wasm') ? zlib.gzipSync(bytes).length : bytes.length };
}

function sha256(bytes) {
  return nodeCrypto.createHash('sha256').update(bytes).digest('hex');
}
