/**
 * NumPy's compiled modules, loaded before Python runs. A snapshot of Python's memory holds addresses and numbers of
 * functions inside them and inside Python itself, so the program that makes it and the page that restores it load the
 * same modules in the same order at the same places: both use this file.
 *
 * @typedef {{path: string, module: WebAssembly.Module}} SideModule
 */

/** Above every engine's own functions, whose count differs: each side module starts at a place of its own. */
const FIRST = 16384;
const STEP = 256;

/**
 * What to give `loadPyodide` as `createPyodideModule`: the factory, with the side modules loaded before Python's main.
 * @param {(settings: any) => Promise<any>} create the default export of pyodide.asm.mjs
 * @param {Promise<SideModule[]>} sideModules
 * @param {object} moments
 * @param {(M: any) => void | Promise<void>} moments.before when Python's own functions have their numbers
 * @param {(M: any, end: number) => void | Promise<void>} moments.after when memory is ready and Python has not run;
 *   `end` is where the data of the programs end and allocated memory begins
 */
export function withSideModules(create, sideModules, { before, after }) {
  return async (/** @type {any} */ settings) => {
    let end = 0;
    let failed = (/** @type {unknown} */ _) => {};
    const failure = new Promise((_, reject) => {
      failed = reject;
    });
    settings.preRun.push(async (/** @type {any} */ M) => {
      M.addRunDependency('side modules');
      try {
        await before(M);
        load(M, await sideModules);
        end = M.HEAPU32[M._emscripten_get_sbrk_ptr() >>> 2];
        M.removeRunDependency('side modules');
      } catch (error) {
        failed(error);
      }
    });
    const M = await Promise.race([create(settings), failure]);
    await after(M, end);
    return M;
  };
}

/** @param {any} M @param {SideModule[]} sideModules */
function load(M, sideModules) {
  // The visitor's language and the address of the script would otherwise be part of the memory.
  Object.assign(M.ENV, { LANG: 'C.UTF-8', _: 'python' });
  // Undefined symbols are looked for once at the end: among all functions of Python, that takes its time.
  const flags = { allowUndefined: true, loadAsync: false, nodelete: true };
  let place = FIRST;
  for (const { path, module } of sideModules) {
    extendTable(M, place);
    // Where Python's own dlopen looks first, so that it reads no file.
    M.preloadedWasm[path] = M.loadWebAssemblyModule(module, flags, path, {});
    place = Math.ceil((M.wasmTable.length + STEP) / STEP) * STEP;
  }
  M.reportUndefinedSymbols();
  extendTable(M, place);
}

/** @param {any} M @param {number} length */
function extendTable(M, length) {
  if (M.wasmTable.length > length) throw new Error(`the function table is longer than ${length}`);
  M.wasmTable.grow(length - M.wasmTable.length);
}

/** The numbers of Python's own functions, in the order of their names. @param {any} M @returns {number[]} */
export function functionNumbers(M) {
  return Object.keys(M.GOT)
    .sort()
    .map((name) => M.GOT[name].value);
}

/**
 * Give Python's own functions the numbers they have in the snapshot. WebKit counts functions twice that are exported
 * and in the table too, so all others are shifted there.
 * @param {any} M
 * @param {number[]} numbers what `functionNumbers` gave
 */
export function renumber(M, numbers) {
  const names = Object.keys(M.GOT).sort();
  if (names.length !== numbers.length) throw new Error('Python has other functions than the snapshot');
  const moved = names.flatMap((name, i) => {
    const now = M.GOT[name].value;
    return now === numbers[i] ? [] : [{ name, number: numbers[i], call: M.wasmTable.get(now) }];
  });
  for (const { name, number, call } of moved) {
    M.setWasmTableEntry(number, call);
    M.GOT[name].value = number;
  }
  if (moved.length) M.updateTableMap(0, M.wasmTable.length);
}

/**
 * Where in memory Python notes its own way to call functions of another type: each engine has its own.
 * @param {any} M
 * @returns {number} an index of HEAP32
 */
export function trampolineField(M) {
  return (M.__PyRuntime + M.HEAP32[M.__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET >>> 2]) >>> 2;
}
