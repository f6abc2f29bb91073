/** Pyodide as its documentation starts it, in a worker: load, load the packages, import them, answer. */

import { loadPyodide } from './python/pyodide.mjs';

const pyodide = await loadPyodide();
await pyodide.loadPackage(['numpy', 'sympy']);
self.postMessage(
  pyodide.runPython(`
import numpy
import sympy

w, x, y = sympy.symbols("w x y")
derivative = sympy.diff((w * x - y) ** 2, w)
spectrum = numpy.fft.rfft([1.0, 2.0, 3.0, 4.0])
f"{sympy.latex(derivative)} = {derivative.subs({w: 3, x: 2, y: 7})}, {spectrum[1].imag:g}"
`),
);
