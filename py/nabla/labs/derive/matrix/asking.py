"""What is asked of a formula with matrices, and the random matrices at which it is compared with differences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from nabla.calculus.matrices.nodes import M, Size
from nabla.calculus.matrices.numeric import Array, evaluate, quotients, random_values, sizes_of
from nabla.read.matrices import MatrixNode
from nabla.write.matrices import matrix_tex

SEEDS = (1, 2, 3)
SECOND = 1e-4


@dataclass(frozen=True)
class MatrixPoint:
    """Values for the letters, and the numbers that stand for their sizes."""

    values: Mapping[str, Array]
    sizes: Mapping[Size, int]
    seed: int

    def direction(self, x: M) -> Array:
        """A random direction of the shape of x."""
        rng = np.random.default_rng(100 + self.seed)
        return rng.normal(size=self.values[x.name].shape)

    def like(self, f: M) -> Array:
        """A random array of the shape of f."""
        return np.random.default_rng(200 + self.seed).normal(size=evaluate(f, self.values, self.sizes).shape)


@dataclass(frozen=True)
class MatrixQuestion:
    """The letters, the function, the letter by which it is differentiated, and in which kind and layout."""

    letters: Mapping[str, M]
    f: M
    x: M
    what: str = "derivative"
    layout: str = "usual"
    definitions: Mapping[str, MatrixNode] = field(default_factory=dict)

    @property
    def second(self) -> bool:
        """Whether the Hessian is asked for."""
        return self.what == "hessian" and self.f.scalar and not self.x.scalar

    @property
    def left(self) -> str:
        """The derivative in LaTeX, as it is written on the left."""
        x = matrix_tex(self.x)
        if self.second:
            return rf"\nabla_{{{x}}}^2 f"
        if self.x.scalar:
            return rf"\frac{{\mathrm{{d}} f}}{{\mathrm{{d}} {x}}}"
        if self.f.scalar and self.layout != "numerator":
            return rf"\nabla_{{{x}}} f"
        return rf"\frac{{\partial f}}{{\partial {x}}}"

    def points(self, symmetric: str = "") -> list[MatrixPoint]:
        """Points of both signs where the formula has values there, else positive ones; none where it has none at all.

        `symmetric` names a matrix that is made symmetric at them.
        """
        symbols = [replace(node, symmetric=True) if name == symmetric else node for name, node in self.letters.items()]
        sizes = sizes_of([self.f, self.x, *symbols])
        found: list[MatrixPoint] = []
        for seed in SEEDS:
            for positive in (False, True):
                values = random_values(symbols, sizes, seed, positive)
                with np.errstate(all="ignore"):
                    value = evaluate(self.f, values, sizes)
                    slopes = quotients(self.f, self.x, values, sizes)
                if np.isfinite(value).all() and np.isfinite(slopes).all():
                    found.append(MatrixPoint(values, sizes, seed))
                    break
        return found


def derivative_array(asked: MatrixQuestion, point: MatrixPoint) -> Array:
    """The derivative by difference quotients, in the shape in which it is written."""
    f, x, layout = asked.f, asked.x, asked.layout
    if asked.second:
        return _second(f, x, point)
    slopes = quotients(f, x, point.values, point.sizes)
    if x.scalar:
        found = slopes[:, :, 0, 0]
    elif f.scalar:
        found = slopes[0, 0].T if layout == "numerator" else slopes[0, 0]
    elif f.shape[1] == 1 and x.shape[1] == 1:
        found = slopes[:, 0, :, 0].T if layout == "denominator" else slopes[:, 0, :, 0]
    else:
        rows, columns = slopes.shape[0] * slopes.shape[1], slopes.shape[2] * slopes.shape[3]
        found = slopes.transpose(1, 0, 3, 2).reshape(rows, columns)
    return np.asarray(found, float)


def _second(f: M, x: M, point: MatrixPoint) -> Array:
    """Second derivatives by a column, as differences of values of f alone."""
    base = point.values[x.name]
    count = base.shape[0]
    found = np.zeros((count, count))

    def at(i: int, a: int, j: int, b: int) -> float:
        moved = base.copy()
        moved[i, 0] += a * SECOND
        moved[j, 0] += b * SECOND
        return float(evaluate(f, {**point.values, x.name: moved}, point.sizes)[0, 0])

    for i in range(count):
        for j in range(count):
            around = at(i, 1, j, 1) - at(i, 1, j, -1) - at(i, -1, j, 1) + at(i, -1, j, -1)
            found[i, j] = around / (4 * SECOND**2)
    return found
