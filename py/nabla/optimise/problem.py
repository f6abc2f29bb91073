"""What is minimised: a function of several variables with its exact gradient and Hessian, and how often each was asked.

A function may be a sum or mean over data, sum of phi(x; d_k): then `expr` is phi and the derivatives are phi's,
summed. All derivatives are exact, by the rules of `nabla.calculus`, none from differences.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from nabla.calculus.rules import differentiate
from nabla.optimise.compiled import Compiled

Floats = NDArray[np.float64]
LONG = 400  # operations


@dataclass
class Problem:
    """A function to be minimised.

    Args:
        expr: the function, or the part of one datum.
        variables: in the order of the entries of x.
        data: values of the other symbols, arrays of one length, when the function is a sum over data.
        mean: whether the sum is divided by the number of data.
        lower, upper: bounds of the variables, infinite where there are none.
    """

    expr: sp.Expr
    variables: tuple[sp.Symbol, ...]
    data: Mapping[sp.Symbol, Floats] = field(default_factory=dict)
    mean: bool = False
    lower: Floats | None = None
    upper: Floats | None = None

    @property
    def n(self) -> int:
        """How many variables."""
        return len(self.variables)

    @property
    def bounded(self) -> bool:
        """Whether any variable has a bound."""
        return self.lower is not None and self.upper is not None

    @cached_property
    def gradient_exprs(self) -> list[sp.Expr]:
        """The partial derivatives, of one datum where there are data."""
        return [_slope(self.expr, v) for v in self.variables]

    @cached_property
    def hessian_exprs(self) -> list[list[sp.Expr]]:
        """The second derivatives; the matrix is symmetric, each pair is derived once."""
        rows: list[list[sp.Expr]] = []
        for i, slope in enumerate(self.gradient_exprs):
            rows.append([
                rows[j][i] if j < i else _slope(slope, v) for j, v in enumerate(self.variables)
            ])  # fmt: skip
        return rows

    @cached_property
    def residual_exprs(self) -> list[sp.Expr] | None:
        """r with f = r.r + constant, when f is seen to be a sum of squares; else None."""
        return sum_of_squares(self.expr)

    def value(self, x: Floats) -> float:
        """f(x); NaN outside the domain."""
        return self._at(self._f, x)[0]

    def gradient(self, x: Floats) -> Floats:
        """The gradient, shape (n,)."""
        return np.array(self._at(self._g, x))

    def hessian(self, x: Floats) -> Floats:
        """The Hessian, shape (n, n)."""
        upper = self._at(self._h, x)
        matrix = np.empty((self.n, self.n))
        place = 0
        for i in range(self.n):
            for j in range(i, self.n):
                matrix[i, j] = matrix[j, i] = upper[place]
                place += 1
        return matrix

    def residuals(self, x: Floats) -> tuple[Floats, Floats]:
        """r of length m and its Jacobian, shape (m, n), of a sum of squares."""
        exprs = self.residual_exprs or []
        values = self._parts.arrays(self._values(x))
        length = max(np.size(v) for v in values)
        table = np.array([np.broadcast_to(v, (length,)) for v in values])
        rows = len(exprs)
        r = table[:rows].ravel()
        jacobian = table[rows:].reshape(rows, self.n, length).transpose(0, 2, 1).reshape(-1, self.n)
        scale = 1 / math.sqrt(self._count) if self.mean and self.data else 1.0
        return r * scale, jacobian * scale

    def on_grid(self, values: Sequence[Any], what: str = "f") -> list[Any]:
        """f, or the entries of the gradient ("g"), at many points at once: one array (or number) a variable."""
        compiled = self._f if what == "f" else self._g
        if not self.data:
            return compiled.arrays(values)
        columns = [np.asarray(v, dtype=float)[..., None] for v in values]
        results = compiled.arrays([*columns, *self.data.values()])
        reduce = np.mean if self.mean else np.sum
        shape = (*np.broadcast_shapes(*(c.shape[:-1] for c in columns)), self._count)
        return [reduce(np.broadcast_to(r, shape), axis=-1) for r in results]

    @cached_property
    def _count(self) -> int:
        return max((v.size for v in self.data.values()), default=1)

    @cached_property
    def _symbols(self) -> list[sp.Symbol]:
        return [*self.variables, *self.data]

    @cached_property
    def _f(self) -> Compiled:
        return Compiled([self.expr], self._symbols)

    @cached_property
    def _g(self) -> Compiled:
        return Compiled(self.gradient_exprs, self._symbols)

    @cached_property
    def _h(self) -> Compiled:
        rows = self.hessian_exprs
        return Compiled([rows[i][j] for i in range(self.n) for j in range(i, self.n)], self._symbols)

    @cached_property
    def _parts(self) -> Compiled:
        exprs = self.residual_exprs or []
        slopes = [differentiate(r, v).result for r in exprs for v in self.variables]
        return Compiled([*exprs, *slopes], self._symbols)

    def _values(self, x: Floats) -> list[Any]:
        return [*x.tolist(), *self.data.values()]

    def _at(self, compiled: Compiled, x: Floats) -> list[float]:
        if not self.data:
            return compiled.floats(x.tolist())
        count = self._count
        results = compiled.arrays(self._values(x))
        with np.errstate(all="ignore"):
            sums = [float(np.sum(r)) if np.size(r) > 1 else float(r) * count for r in results]
        return [s / count for s in sums] if self.mean else sums


def _slope(expr: sp.Expr, v: sp.Symbol) -> sp.Expr:
    """The derivative by the rules; of what no one would read, such as sums over many data, by SymPy: that is faster."""
    return differentiate(expr, v).result if sp.count_ops(expr) <= LONG else sp.diff(expr, v)


def sum_of_squares(expr: sp.Expr) -> list[sp.Expr] | None:
    """Expressions whose squares add up to `expr`, up to a constant; None when it is not seen to be such a sum."""
    found: list[sp.Expr] = []
    for term in sp.Add.make_args(expr):
        if not term.free_symbols:
            continue
        factor, rest = term.as_coeff_Mul()
        if not factor.is_positive:
            return None
        for power in sp.Mul.make_args(rest):
            if not (isinstance(power, sp.Pow) and power.exp.is_Integer and power.exp > 0 and power.exp % 2 == 0):
                return None
        root = sp.Mul(*(p.base ** (p.exp / 2) for p in sp.Mul.make_args(rest)))
        found.append(sp.sqrt(factor) * root)
    return found or None


class Stop(Exception):
    """A run has used what it may use."""


class Oracle:
    """A problem as one run sees it: every new evaluation counted, the last of each kind remembered, a trace kept.

    Attributes:
        f_count, g_count, h_count: evaluations so far.
        xs, when: the iterates, and the evaluations (f, gradient and Hessian together) it had taken to reach each.
    """

    def __init__(self, problem: Problem, most: int) -> None:
        self.problem, self.most = problem, most
        self.f_count = self.g_count = self.h_count = 0
        self.xs: list[Floats] = []
        self.when: list[int] = []
        self._f: dict[bytes, float] = {}
        self._g: dict[bytes, Floats] = {}
        self._h: dict[bytes, Floats] = {}

    @property
    def count(self) -> int:
        """All evaluations so far."""
        return self.f_count + self.g_count + self.h_count

    def f(self, x: Floats) -> float:
        """The value, counted unless it is the point asked last."""
        key = x.tobytes()
        if key not in self._f:
            self._spend()
            self.f_count += 1
            self._f = {key: self.problem.value(x)}
        return self._f[key]

    def g(self, x: Floats) -> Floats:
        """The gradient."""
        key = x.tobytes()
        if key not in self._g:
            self._spend()
            self.g_count += 1
            self._g = {key: self.problem.gradient(x)}
        return self._g[key]

    def h(self, x: Floats) -> Floats:
        """The Hessian."""
        key = x.tobytes()
        if key not in self._h:
            self._spend()
            self.h_count += 1
            self._h = {key: self.problem.hessian(x)}
        return self._h[key]

    def remember(self, x: Floats, f: float) -> None:
        """Note f(x) as known: asked again, it is not counted again."""
        self._f = {x.tobytes(): f}

    def clip(self, x: Floats) -> Floats:
        """x moved into the bounds."""
        if self.problem.lower is None or self.problem.upper is None:
            return x
        return np.minimum(np.maximum(x, self.problem.lower), self.problem.upper)

    def reach(self, x: Floats) -> None:
        """Note that the run has come to x."""
        self.xs.append(np.array(x))
        self.when.append(self.count)

    def _spend(self) -> None:
        if self.count >= self.most:
            raise Stop
