"""A decomposition as a program in NumPy alone, and its parts as a table of comma-separated values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from nabla.answer.document import Source
from nabla.write.dialects import NUMPY, identifiers
from nabla.write.notation import tex
from nabla.write.printer import Printer, Unsupported

Floats = NDArray[np.float64]

ROWS = 1024  # of the table of the parts

_GRID = """low, high, n = {low}, {high}, {n}
h = [(b - a) / m for a, b, m in zip(low, high, n)]
centres = [a + step * (np.arange(m) + 0.5) for a, step, m in zip(low, h, n)]
faces = [a + step * np.arange(m + 1) for a, step, m in zip(low, h, n)]
axes = tuple(range(len(n)))
"""

_DIFFERENCES = """

def divergence(V):
    return sum(np.gradient(V[i], h[i], axis=i, edge_order=2) for i in axes)


def curl(V):
    d = lambda i, j: np.gradient(V[i], h[j], axis=j, edge_order=2)
    if len(V) == 2:
        return d(1, 0) - d(0, 1)
    return np.stack([d(2, 1) - d(1, 2), d(0, 2) - d(2, 0), d(1, 0) - d(0, 1)])


def size(V):
    return np.sqrt(np.mean(np.sum(np.square(V), axis=0)))

"""

_PERIODIC = """
# One period: along its wave vector each mode belongs to H, across to S; the mean is the rest.
mesh = np.meshgrid(*centres, indexing="ij")
V = field(*mesh)
k = []
for i, (m, step) in enumerate(zip(n, h)):
    wave = 2 * np.pi * np.fft.fftfreq(m, step)
    if m % 2 == 0:
        wave[m // 2] = 0.0  # the Nyquist frequency has no derivative
    k.append(wave.reshape([-1 if j == i else 1 for j in axes]))
modes = np.fft.fftn(V, axes=[i + 1 for i in axes])
square = sum(each**2 for each in k)
along = sum(k[i] * modes[i] for i in axes) / np.where(square == 0, 1, square)
H = np.fft.ifftn(np.stack([each * along for each in k]), axes=[i + 1 for i in axes]).real
rest = np.broadcast_to(V.mean(axis=tuple(i + 1 for i in axes), keepdims=True), V.shape)
S = V - H - rest
"""

_WALL = """
# Between walls, S . n = 0: normal components on the faces of cells, and a Poisson equation by cosine transforms.
mesh = np.meshgrid(*centres, indexing="ij")
V = field(*mesh)
flow = []
for i in axes:
    u = field(*np.meshgrid(*[faces[j] if j == i else centres[j] for j in axes], indexing="ij"))[i]
    u[tuple(slice(None, None, u.shape[i] - 1) if j == i else slice(None) for j in axes)] = 0.0  # nothing passes a wall
    flow.append(u)
source = sum(np.diff(u, axis=i) / h[i] for i, u in enumerate(flow))
cosines = [np.cos(np.pi * np.outer(np.arange(m), np.arange(m) + 0.5) / m) for m in n]
modes = source
for i, c in enumerate(cosines):
    modes = np.moveaxis(np.tensordot(c, modes, axes=(1, i)), 0, i)
below = np.zeros(n)
for i, (m, step) in enumerate(zip(n, h)):
    size_i = (2 * np.sin(np.pi * np.arange(m) / (2 * m)) / step) ** 2
    below = below - size_i.reshape([-1 if j == i else 1 for j in axes])
below[(0,) * len(n)] = 1.0
modes = modes / below
modes[(0,) * len(n)] = 0.0
phi = modes
for i, (m, c) in enumerate(zip(n, cosines)):
    weights = np.full(m, 2.0 / m)
    weights[0] = 1.0 / m
    phi = np.moveaxis(np.tensordot((weights[:, None] * c).T, phi, axes=(1, i)), 0, i)
for i in axes:
    inner = tuple(slice(1, -1) if j == i else slice(None) for j in axes)
    flow[i][inner] -= np.diff(phi, axis=i) / h[i]
left = sum(np.diff(u, axis=i) / h[i] for i, u in enumerate(flow))
print(f"div S on the faces: {np.abs(left).max() * min(h) / np.abs(V).max():.1e}")
half = lambda u, i: (np.take(u, range(n[i]), axis=i) + np.take(u, range(1, n[i] + 1), axis=i)) / 2
S = np.stack([half(u, i) for i, u in enumerate(flow)])
H = V - S
rest = np.zeros_like(V)
"""

_OPEN = """
# Free space: the gradient and the curl that divergence and vorticity inside the box make, by the Green's function.
mesh = np.meshgrid(*centres, indexing="ij")
V = field(*mesh)
twice = [2 * m for m in n]
far = [step * ((np.arange(2 * m) + m) % (2 * m) - m) for m, step in zip(n, h)]
far = np.meshgrid(*far, indexing="ij")
square = sum(x**2 for x in far)
square[(0,) * len(n)] = 1.0
power = {2: 2 * np.pi * square, 3: 4 * np.pi * square**1.5}[len(n)]
kernel = [np.fft.rfftn(x / power) * np.prod(h) for x in far]
inside = tuple(slice(0, m) for m in n)
convolved = lambda K, f: np.fft.irfftn(K * np.fft.rfftn(f, twice, axes), twice, axes)[inside]
source, swirl = divergence(V), curl(V)
H = np.stack([convolved(K, source) for K in kernel])
if len(n) == 2:
    S = np.stack([-convolved(kernel[1], swirl), convolved(kernel[0], swirl)])
else:
    X, Y, Z = kernel
    S = np.stack([
        convolved(Z, swirl[1]) - convolved(Y, swirl[2]),
        convolved(X, swirl[2]) - convolved(Z, swirl[0]),
        convolved(Y, swirl[0]) - convolved(X, swirl[1]),
    ])
rest = V - S - H
"""

_END = """
for name, part in (("S", S), ("H", H), ("rest", rest)):
    print(f"|{name}| / |V| = {size(part) / size(V):.6g}")
print(f"div S by differences: {np.abs(divergence(S)).max() * min(h) / np.abs(V).max():.1e}")
print(f"curl H by differences: {np.abs(curl(H)).max() * min(h) / np.abs(V).max():.1e}")
np.savez("parts.npz", V=V, S=S, H=H, rest=rest, **{f"axis{i}": x for i, x in enumerate(centres)})
"""

METHODS = {"periodic": ("NumPy, periodic", _PERIODIC), "wall": ("NumPy, walls", _WALL), "open": ("NumPy, open", _OPEN)}


def programs(
    field: Sequence[sp.Expr],
    symbols: Sequence[sp.Symbol],
    box: tuple[Sequence[float], Sequence[float], Sequence[int]],
    boundaries: Sequence[str],
) -> list[Source]:
    """A program for each boundary; none where NumPy lacks a function of the field.

    They are of the second order, simpler than what made the answer, save their parts as parts.npz, and print figures
    that come near the answer's.
    """
    names = identifiers(symbols, NUMPY)
    printer = Printer(NUMPY, names)
    try:
        rows = [f"    parts = [{', '.join(printer.source(f) for f in field)}]"]
    except Unsupported:
        return []
    first = names[symbols[0]]
    head = "\n".join(
        [
            *sorted(printer.modules),
            "",
            _GRID.format(low=list(box[0]), high=list(box[1]), n=list(box[2])),
            "",
            f"def field({', '.join(names.values())}):",
            *rows,
            f"    return np.stack([np.broadcast_to(np.asarray(part, dtype=float), {first}.shape) for part in parts])",
            "",
        ]
    )
    return [Source(METHODS[name][0], "python", head + _DIFFERENCES + METHODS[name][1] + _END) for name in boundaries]


def formulas(S: Sequence[sp.Expr], H: Sequence[sp.Expr], rest: Sequence[sp.Expr], names: Sequence[str]) -> Source:
    """Exact parts as LaTeX, ready for a paper."""
    rows = []
    for label, field in ((r"\mathbf{S}", S), (r"\mathbf{H}", H), (r"\mathbf{h}", rest)):
        inside = r" \\ ".join(tex(f) for f in field)
        rows.append(rf"{label}({', '.join(names)}) &= \begin{{pmatrix}} {inside} \end{{pmatrix}}")
    body = " \\\\\n".join(rows)
    return Source("LaTeX", "latex", f"\\begin{{align}}\n{body}\n\\end{{align}}\n")


def table(
    mesh: Sequence[Floats], names: Sequence[str], V: Floats, fields: Mapping[str, Mapping[str, Floats]]
) -> Source:
    """The parts at up to about a thousand cells, evenly chosen, as comma-separated values.

    Args:
        mesh: the coordinates of the cells, an array of shape n for each axis.
        names: their names.
        V: the field, shape (d, *n).
        fields: for each boundary its parts by name, of the shape of V.
    """
    n = mesh[0].shape
    every = max(1, int(np.ceil((mesh[0].size / ROWS) ** (1 / len(n)))))
    chosen = tuple(slice(every // 2, None, every) for _ in n)
    columns = [(name, axis[chosen]) for name, axis in zip(names, mesh, strict=True)]
    columns += [(f"V{i + 1}", part[chosen]) for i, part in enumerate(V)]
    for boundary, parts in fields.items():
        for part, values in parts.items():
            columns += [(f"{part}{i + 1}_{boundary}", each[chosen]) for i, each in enumerate(values)]
    least = 1e-13 * float(np.nanmax(np.abs(V)))  # smaller values are rounding
    rows = zip(*(np.where(np.abs(values) < least, 0.0, values).ravel() for _, values in columns), strict=True)
    lines = [",".join(name for name, _ in columns), *(",".join(f"{v:.9g}" for v in row) for row in rows)]
    label = "Parts (CSV)" if every == 1 else f"Parts at every {every}th cell (CSV)"
    return Source(label, "csv", "\n".join(lines) + "\n")
