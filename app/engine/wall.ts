/**
 * The second wall: should a program get past the guard that it runs behind (`nabla.program.guard`) and reach
 * JavaScript, the worker that it is in has no way out. Everything that is not needed while Python runs goes from the
 * global object and from its prototypes: fetch, sockets, storage, caches, channels, further workers. That text becomes
 * code (`eval`, `Function`, a dynamic import) is forbidden by the policy of the page.
 */

/** What may stay: the language itself, and what Pyodide and the messages of this worker are made of. */
const STAYS = new Set(
  `Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp
  Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError globalThis JSON Math Intl
  ArrayBuffer Atomics Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array BigUint64Array BigInt64Array
  Uint8ClampedArray Float32Array Float64Array Float16Array DataView Map BigInt Set WeakMap WeakSet WeakRef Proxy Reflect
  FinalizationRegistry decodeURI decodeURIComponent encodeURI encodeURIComponent eval isFinite isNaN console WebAssembly
  SharedArrayBuffer Iterator SuppressedError DisposableStack AsyncDisposableStack self postMessage setTimeout
  clearTimeout setInterval clearInterval queueMicrotask performance crypto TextEncoder TextDecoder AbortController
  AbortSignal MessageChannel MessagePort MessageEvent Event EventTarget addEventListener removeEventListener
  dispatchEvent onmessage structuredClone DOMException URL location name isSecureContext constructor`.split(/\s+/),
);

/** Put the wall up. Nothing takes it down. Gives the names that the browser does not let go and that may not stay. */
export function raiseWall() {
  const left: string[] = [];
  for (let object = globalThis; object && object !== Object.prototype; object = Object.getPrototypeOf(object)) {
    for (const name of Object.getOwnPropertyNames(object)) {
      if (!STAYS.has(name) && !remove(object, name)) left.push(name);
    }
  }
  for (const name of ['createObjectURL', 'revokeObjectURL']) remove(URL, name);
  for (const name of ['compileStreaming', 'instantiateStreaming']) remove(WebAssembly, name);
  return left;
}

function remove(object: any, name: string) {
  try {
    return delete object[name];
  } catch {
    return false;
  }
}
