/** Copies outside Python's memory, which may move at any time. */
export const floats = (memory: any): Float64Array<ArrayBuffer> => copied(memory, 'f64');
export const bytes = (memory: any): Uint8Array<ArrayBuffer> => copied(memory, 'u8');

function copied(memory: any, type: 'f64' | 'u8') {
  const view = memory.getBuffer(type);
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
