/** A copy outside Python's memory, which may move at any time. */
export function floats(memory: any): Float64Array<ArrayBuffer> {
  const view = memory.getBuffer('f64');
  try {
    return view.data.slice();
  } finally {
    view.release();
  }
}

/** The same of bytes. */
export function bytes(memory: any): Uint8Array<ArrayBuffer> {
  const view = memory.getBuffer('u8');
  try {
    return view.data.slice();
  } finally {
    view.release();
  }
}

/** Python may take so much memory in all, in pages of WebAssembly: 1 GiB. Beyond it, it raises MemoryError. */
const MOST = 1 << 14;
const PAGE = 1 << 16;

/** Cap the memory of whatever starts in this thread from now on. */
export function capMemory() {
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength / PAGE + pages > MOST) throw new RangeError('Python may take no more memory');
    return grow.call(this, pages);
  };
}
