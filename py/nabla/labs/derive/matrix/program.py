"""A NumPy program that compares a derivative of a formula with matrices with difference quotients."""

from __future__ import annotations

from nabla.answer.document import Source
from nabla.calculus.matrices.numeric import sizes_of
from nabla.labs.derive.matrix.asking import MatrixQuestion
from nabla.write.matrices import Numpy


def numpy_program(asked: MatrixQuestion, text: str) -> Source:
    """The program: random arrays of the shapes, the formula, its derivative, and a test of each entry."""
    f, x, known = asked.f, asked.x, asked.letters
    sizes = sizes_of([f, x, *known.values()])
    write = Numpy(known)
    lines = [
        "import numpy as np",
        "from numpy import diag, exp, eye, log, sqrt, sum, trace",
        "from numpy.linalg import det, inv, norm",
        "",
        "rng = np.random.default_rng(0)",
    ]
    for node in known.values():
        name = write(node)
        shape = [sizes[size] for size in node.shape if size != 1]
        if not shape:
            lines.append(f"{name} = rng.uniform(0.4, 1.6)")
        elif len(shape) == 2 and shape[0] == shape[1]:
            whole = f"rng.uniform(0.4, 1.6, ({shape[0]}, {shape[0]})) + {shape[0] + 2} * eye({shape[0]})"
            lines.append(f"{name} = {whole}")
            if node.symmetric:
                lines.append(f"{name} = ({name} + {name}.T) / 2")
        else:
            size = shape[0] if len(shape) == 1 else tuple(shape)
            lines.append(f"{name} = rng.uniform(0.4, 1.6, {size})")
    letter = write(x)
    lines += [
        "",
        "",
        f"def f({letter}):",
        f"    return {write(f)}",
        "",
        "",
        f"derivative = {text}",
        "print(derivative)",
    ]
    if f.scalar and not x.scalar:
        lines += [
            "",
            f"for place in np.ndindex({letter}.shape):",
            f"    step = np.zeros({letter}.shape)",
            "    step[place] = 1e-6",
            f"    slope = (f({letter} + step) - f({letter} - step)) / 2e-6",
            "    assert abs(slope - derivative[place]) < 1e-5 * (1 + abs(slope)), place",
        ]
    return Source("NumPy", "python", "\n".join(lines) + "\n")
