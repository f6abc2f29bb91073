/** A copy outside Python's memory, which may move at any time. @param {any} memory @returns {Float64Array<ArrayBuffer>} */
export function floats(memory) {
  const view = memory.getBuffer('f64');
  try {
    return view.data.slice();
  } finally {
    view.release();
  }
}
