/**
 * NumPy's compiled modules, loaded before Python runs. A snapshot of Python's memory holds addresses and numbers of
 * functions inside them and inside Python itself, so the program that makes it and the page that restores it load the
 * same modules in the same order at the same places: both use this file.
 */

export type SideModule = { path: string; module: WebAssembly.Module };

/** Above every engine's own functions, whose count differs: each side module starts at a place of its own. */
const FIRST = 16384;
const STEP = 256;

/**
 * What to give `loadPyodide` as `createPyodideModule`: the factory, with the side modules loaded before Python's main.
 * @param create the default export of pyodide.asm.mjs
 */
export function withSideModules(
  create: (settings: any) => Promise<any>,
  sideModules: Promise<SideModule[]>,
  {
    before,
    after,
  }: {
    /** when Python's own functions have their numbers */ before: (M: any) => void | Promise<void>;
    /** when memory is ready and Python has not run; `end` is where the data of the programs end and allocated memory begins */ after: (
      M: any,
      end: number,
    ) => void | Promise<void>;
  },
) {
  return async (settings: any) => {
    let end = 0;
    let table: ReturnType<typeof fillAtOnce>;
    const { instantiateWasm } = settings;
    settings.instantiateWasm = (imports: any, done: any) =>
      instantiateWasm(imports, (instance: WebAssembly.Instance, module: any) => {
        table = fillAtOnce(instance.exports.__indirect_function_table);
        done(instance, module);
      });
    let failed = (_: unknown) => {};
    const failure = new Promise((_, reject) => {
      failed = reject;
    });
    settings.preRun.push(async (M: any) => {
      M.addRunDependency('side modules');
      try {
        table.flush();
        await before(M);
        load(M, await sideModules);
        table.flush();
        table.giveBack();
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

/**
 * Pyodide gives thousands of functions their places in the table, growing it by one for each; and for each of them that
 * is JavaScript it compiles a module, which is how WebAssembly takes it. Here the table grows once, and one module
 * takes all that have come: a tenth of the start. The numbers are the same.
 * @param table of an instance that is as it came
 */
function fillAtOnce(table: any) {
  let waiting: { index: number; call: any }[] = [];
  let next = 0;
  table.grow = (count: number) => {
    if (count !== 1 || next >= FIRST) return WebAssembly.Table.prototype.grow.call(table, count);
    if (!next) {
      next = table.length;
      WebAssembly.Table.prototype.grow.call(table, FIRST - next);
    }
    return next++;
  };
  table.set = (index: number, call: any) => {
    if (call?.sig) waiting.push({ index, call });
    else WebAssembly.Table.prototype.set.call(table, index, call);
  };
  return {
    /** Put in what has come; from the first time on the table grows as it is told. */
    flush() {
      delete table.grow;
      const calls = asWebAssembly(waiting.map(({ call }) => call));
      waiting.forEach(({ index }, i) => {
        WebAssembly.Table.prototype.set.call(table, index, calls[i]);
      });
      waiting = [];
    },
    giveBack() {
      delete table.set;
    },
  };
}

/** The types of values by the letters of Emscripten. */
const TYPES = { i: 0x7f, p: 0x7f, j: 0x7e, f: 0x7d, d: 0x7c, e: 0x6f } as Record<string, number>;

/**
 * Functions of JavaScript as functions of WebAssembly: a module that imports and exports them and does nothing.
 * @param calls each with its types in `sig`, that of the result first
 */
function asWebAssembly(calls: any[]): any[] {
  const kinds = [...new Set(calls.map(({ sig }) => sig))];
  const values = (letters: string) => vector(Array.from(letters, (letter) => [TYPES[letter] ?? 0]));
  const types = kinds.map((sig) => [0x60, ...values(sig.slice(1)), ...values(sig[0] === 'v' ? '' : sig[0])]);
  const names = calls.map((_, i) => vector(Array.from(String(i), (digit) => [digit.charCodeAt(0)])));
  const imports = calls.map(({ sig }, i) => [0, ...(names[i] as number[]), 0, ...leb(kinds.indexOf(sig))]);
  const exports = names.map((name, i) => [...name, 0, ...leb(i)]);
  const section = (id: number, items: number[][]) => {
    const content = vector(items);
    return [id, ...leb(content.length), ...content];
  };
  const head = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const bytes = Uint8Array.from([...head, ...section(1, types), ...section(2, imports), ...section(7, exports)]);
  const module = new WebAssembly.Module(bytes);
  const instance = new WebAssembly.Instance(module, { '': Object.fromEntries(calls.entries()) });
  return calls.map((_, i) => instance.exports[i]);
}

/** @returns as WebAssembly writes lists */
const vector = (items: number[][]): number[] => [...leb(items.length), ...items.flat()];

/** @returns as WebAssembly writes whole numbers */
const leb = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]);

function load(M: any, sideModules: SideModule[]) {
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

function extendTable(M: any, length: number) {
  if (M.wasmTable.length > length) throw new Error(`the function table is longer than ${length}`);
  M.wasmTable.grow(length - M.wasmTable.length);
}

/** The numbers of Python's own functions, in the order of their names. */
export function functionNumbers(M: any): number[] {
  return Object.keys(M.GOT)
    .sort()
    .map((name) => M.GOT[name].value);
}

/**
 * Give Python's own functions the numbers they have in the snapshot. WebKit counts functions twice that are exported
 * and in the table too, so all others are shifted there.
 * @param numbers what `functionNumbers` gave
 */
export function renumber(M: any, numbers: number[]) {
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
 * @returns an index of HEAP32
 */
export function trampolineField(M: any): number {
  return (M.__PyRuntime + M.HEAP32[M.__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET >>> 2]) >>> 2;
}
