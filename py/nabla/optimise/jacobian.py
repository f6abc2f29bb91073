"""A gradient that someone wrote, beside the exact one: which component differs, and by which kind of mistake.

Only values are compared, at several points. For each kind of mistake the values that it would give are computed from
the exact expressions; a kind is named when it gives what was found at every point.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import sympy as sp
from sympy.core.relational import Relational

from nabla.calculus.rules import differentiate
from nabla.optimise.compiled import Compiled
from nabla.optimise.problem import Floats, Problem

# All kinds of findings, in words.
KINDS: dict[str, str] = {
    "sign": "the sign is wrong",
    "missing-factor": "a factor is missing",
    "chain-rule": "the derivative of the inner function is missing (chain rule)",
    "missing-term": "a term is missing",
    "swapped": "components are swapped",
    "transposed": "a row or column where a plain list of components is meant",
    "other-function": "this is the gradient of another function",
    "right-only-at-start": "it is right at the start and nowhere else",
    "wrong-shape": "it has another shape",
    "zero-d": "zeros_like of one number has no components",
    "integer-array": "whole-number storage cuts the decimals off",
    "in-place": "the input is changed",
    "caret-for-power": "^ is not a power in Python",
    "scalar-returned": "one number for all components",
    "raises": "it raises an error",
    "not-finite": "it has no finite value there",
    "differs": "it differs from the derivative",
}
POINTS = 8
EACH = 3  # points of a check on either side of a border between cases
CLOSE = 1e-6  # relative; differences of formulas are far larger, those of rounding and of difference quotients smaller
MOST_TERMS = 60


@dataclass(frozen=True, slots=True)
class JacobianFinding:
    """A component that is wrong, by its place(s), with the kind of mistake, and the part of the formula it is about."""

    place: tuple[int, ...]
    kind: str
    part: sp.Expr | None = None
    factor: sp.Expr | None = None


def sample_points(problem: Problem, start: Floats) -> Floats:
    """Points around the start, the start first, where the function and its gradient are finite; shape (k, n).

    Where a function goes by cases there are more, further off, so that each case is met.
    """
    rng = np.random.default_rng(0)
    found = [start]
    scale = 0.3 * (1 + np.abs(start))
    for k in range(200):
        x = start + scale * rng.uniform(-1, 1, start.size) / (1 + k // 40)
        x = np.round(x, 3) if float(np.abs(x).max()) < 1e6 else x
        if math.isfinite(problem.value(x)) and np.isfinite(problem.gradient(x)).all():
            found.append(x)
        if len(found) == POINTS:
            break
    return np.array([*found, *_beyond(problem, start, found)])


def _beyond(problem: Problem, start: Floats, near: list[Floats]) -> list[Floats]:
    """Points further off, three on each side of a border between cases, where there are none near the start."""
    borders = sorted(_borders(problem.expr), key=sp.default_sort_key)
    if not borders or problem.data:
        return []
    rng = np.random.default_rng(1)
    reach = (1 + np.abs(start)) * np.array([[3.0], [10.0]])[rng.integers(0, 2, 400)]
    far = np.round(start + reach * rng.uniform(-1, 1, (400, start.size)), 3)
    candidates = np.array([*near, *far])
    compiled = Compiled(borders, problem.variables)
    columns = compiled.arrays([candidates[:, i] for i in range(start.size)])
    sides = np.column_stack([np.broadcast_to(np.asarray(c) > 0, (len(candidates),)) for c in columns])
    seen = Counter((i, bool(side)) for row in sides[: len(near)] for i, side in enumerate(row))
    found: list[Floats] = []
    for x, row in zip(candidates[len(near) :], sides[len(near) :], strict=True):
        new = [key for key in enumerate(map(bool, row)) if seen[key] < EACH]
        known = new and math.isfinite(problem.value(x)) and np.isfinite(problem.gradient(x)).all()
        if known and len(found) < 2 * POINTS:
            found.append(x)
            seen.update(enumerate(map(bool, row)))
    return found


def _borders(expr: sp.Expr) -> set[sp.Expr]:
    """Expressions that change their sign where the function goes from one case to another."""
    found = {part.args[0] - part.args[1] for part in expr.atoms(Relational, sp.Max, sp.Min) if len(part.args) == 2}
    return found | {part.args[0] for part in expr.atoms(sp.Abs, sp.sign)}


def compare(
    problem: Problem, exprs: Sequence[sp.Expr], points: Floats, got: Floats, width: int
) -> list[JacobianFinding]:
    """Findings on values `got`, shape (k, m), of what should be `exprs` (m of them) at `points`, shape (k, n).

    `width` is 1 for a gradient, n for a Hessian given row by row: it makes the places.
    """
    expected = _values(problem, exprs, points)
    scale = np.abs(expected) + 1e-9 * np.maximum(np.abs(expected).max(axis=0), 1e-3)
    wrong = [i for i in range(len(exprs)) if not _same(got[:, i], expected[:, i], scale[:, i])]
    findings: list[JacobianFinding] = []
    for i in wrong:
        place = (i,) if width == 1 else divmod(i, width)
        if not problem.expr.has(sp.Piecewise):
            findings.append(_finding(problem, exprs, points, got, expected, i, place, width))
            continue
        bad = ~(np.abs(got[:, i] - expected[:, i]) <= CLOSE * scale[:, i])
        case, slopes = _case(problem, exprs, points[bad][0])
        inside = bad & (np.abs(_values(case, slopes, points) - expected) <= CLOSE * scale).all(axis=1)
        findings.append(_finding(case, slopes, points[inside], got[inside], expected[inside], i, place, width))
    unnamed = [f for f in findings if f.kind == "differs"]
    if width == 1 and len(unnamed) >= 2 and len(findings) == len(exprs):
        findings = [JacobianFinding(f.place, "other-function") for f in findings]
    return findings


def _case(problem: Problem, exprs: Sequence[sp.Expr], x: Floats) -> tuple[Problem, list[sp.Expr]]:
    """The function and the expressions as they are in the case that holds at x."""
    at = dict(zip(problem.variables, map(sp.Float, x), strict=True))

    def resolved(expr: sp.Expr) -> sp.Expr:
        for _ in range(10):
            parts = [p for p in expr.atoms(sp.Piecewise) if not any(a.has(sp.Piecewise) for a in p.args)]
            chosen = {p: next((v for v, c in p.args if c.subs(at) == sp.true), sp.nan) for p in parts}
            if not parts:
                break
            expr = expr.xreplace(chosen)
        return expr

    return replace(problem, expr=resolved(problem.expr)), [resolved(expr) for expr in exprs]


def _same(a: Floats, b: Floats, scale: Floats) -> bool:
    return bool(np.isfinite(a).all() and (np.abs(a - b) <= CLOSE * scale).all())


def _values(problem: Problem, exprs: Sequence[sp.Expr], points: Floats) -> Floats:
    """The expressions at the points, summed over the data; shape (k, m)."""
    symbols = [*problem.variables, *problem.data]
    compiled = Compiled(list(exprs), symbols)
    if not problem.data:
        columns = compiled.arrays([points[:, i] for i in range(points.shape[1])])
        return np.column_stack([np.broadcast_to(c, (len(points),)) for c in columns])
    count = max(v.size for v in problem.data.values())
    columns = compiled.arrays([*(points[:, i : i + 1] for i in range(points.shape[1])), *problem.data.values()])
    reduce = np.mean if problem.mean else np.sum
    return np.column_stack([reduce(np.broadcast_to(c, (len(points), count)), axis=1) for c in columns])


def _finding(
    problem: Problem, exprs: Sequence[sp.Expr], points: Floats, got: Floats, expected: Floats, i: int,
    place: tuple[int, ...], width: int,
) -> JacobianFinding:  # fmt: skip
    mine, right = got[:, i], expected[:, i]
    if not np.isfinite(mine).all():
        return JacobianFinding(place, "not-finite")
    size = np.abs(right) + np.abs(mine) + 1e-12

    def gives(values: Floats) -> bool:
        return bool((np.abs(mine - values) <= CLOSE * (size + np.abs(values))).all())

    at_start = abs(mine[0] - right[0]) <= CLOSE * size[0]
    if at_start and np.ptp(mine) <= CLOSE * abs(mine[0]):
        return JacobianFinding(place, "right-only-at-start")
    swaps = [] if width > 1 else [j for j in range(len(exprs)) if j != i and gives(expected[:, j])]
    if any(_scaled(got[:, j], expected[:, i]) for j in swaps):
        return JacobianFinding(place, "swapped", exprs[swaps[0]])
    if gives(-right):
        return JacobianFinding(place, "sign", exprs[i])
    if swaps:
        return JacobianFinding(place, "swapped", exprs[swaps[0]])
    named = _named(problem, exprs[i], points, mine, right, i, width)
    if named is not None:
        kind, part, factor = named
        return JacobianFinding(place, kind, part, factor)
    return JacobianFinding(place, "right-only-at-start" if at_start else "differs")


def _scaled(a: Floats, b: Floats) -> bool:
    return bool((np.abs(a - b) <= CLOSE * (np.abs(a) + np.abs(b) + 1e-12)).all())


Named = tuple[str, sp.Expr | None, sp.Expr | None]


def _named(
    problem: Problem, expr: sp.Expr, points: Floats, mine: Floats, right: Floats, i: int, width: int
) -> Named | None:
    """The kind of mistake whose values are `mine`, with the part of the formula and the factor."""
    found = _of_terms(problem, expr, points, mine, right, i, width)
    if found is not None and found[0] in ("sign", "missing-term"):
        return found
    inner = list(_without_inner(problem, i, width))
    if inner:
        values = _values(problem, [wrong for _, wrong in inner], points)
        for k, (part, _) in enumerate(inner):
            if _scaled(values[:, k], mine):
                return "chain-rule", part, None
    ratio = _constant(mine, right)
    if ratio is not None:
        return ("sign" if ratio == -1 else "missing-factor"), expr, _number(ratio)
    return found


def _of_terms(
    problem: Problem, expr: sp.Expr, points: Floats, mine: Floats, right: Floats, i: int, width: int
) -> Named | None:
    """The term that differs, when one alone does."""
    terms = _terms(problem, expr, i, width)
    values = _values(problem, terms, points)
    candidates: list[tuple[int, Named]] = []
    for k, term in enumerate(terms):
        part = values[:, k]
        left = mine - (right - part)  # what stands where the term should
        if np.abs(part).max() == 0 or not np.isfinite(left).all():
            continue
        noise = CLOSE * (np.abs(right) + np.abs(mine) + np.abs(part))
        if (np.abs(left) <= noise).all():
            candidates.append((1, ("missing-term", term, None)))
            continue
        if (np.abs(left + part) <= noise).all():
            candidates.append((0, ("sign", term, None)))
            continue
        ratio = _constant(left, part, noise)
        if ratio is not None:
            candidates.append((2, ("missing-factor", term, _number(ratio))))
            continue
        for factor in _factors(term):
            below = _values(problem, [term / factor], points)[:, 0]
            if (np.abs(left - below) <= noise).all() or _constant(left, below, noise) is not None:
                kind = "chain-rule" if _is_inner(problem, factor, i, width) else "missing-factor"
                candidates.append((3, (kind, term, factor)))
                break
    return min(candidates, key=lambda c: c[0])[1] if candidates else None


def _constant(a: Floats, b: Floats, noise: Floats | None = None) -> float | None:
    """c when a = c b at every point, c a short number; None else."""
    big = int(np.argmax(np.abs(b)))
    if not np.isfinite(a).all() or not np.isfinite(b).all() or b[big] == 0:
        return None
    c = float(a[big] / b[big])
    near = [n / d for d in (1, 2, 3, 4, 5, 6, 8, 10) for n in (round(c * d),) if n and abs(n / d - c) <= 1e-5 * abs(c)]
    bound = noise if noise is not None else CLOSE * (np.abs(a) + np.abs(b)) + 1e-12
    if not (np.abs(a - c * b) <= 4 * bound).all() or abs(c) < 1e-9:
        return None
    return near[0] if near else c if noise is None else None


def _number(value: float) -> sp.Expr:
    close = sp.Rational(round(value * 120), 120)
    return close if abs(float(close) - value) <= 1e-6 * abs(value) else sp.Float(value, 6)


def _function(problem: Problem, i: int, width: int) -> tuple[sp.Expr, sp.Symbol]:
    """The function whose derivative the component is, and by which variable."""
    if width == 1:
        return problem.expr, problem.variables[i]
    row, column = divmod(i, width)
    return problem.gradient_exprs[row], problem.variables[column]


def _terms(problem: Problem, expr: sp.Expr, i: int, width: int) -> list[sp.Expr]:
    """Terms of the derivative in the forms in which it may have been written: as derived, of each term of the
    function, multiplied out.
    """
    f, variable = _function(problem, i, width)
    found: dict[sp.Expr, None] = {}
    for term in sp.Add.make_args(f):
        slope = differentiate(term, variable).result
        if slope != 0:
            found[slope] = None
    for term in sp.Add.make_args(expr):
        found[term] = None
    if sp.count_ops(expr) < 200:
        for term in sp.Add.make_args(sp.expand(expr)):
            found[term] = None
    return list(found)[:MOST_TERMS]


def _factors(term: sp.Expr) -> Iterator[sp.Expr]:
    """Factors that may have been left out of a term: each, its base once, and the number."""
    for factor in sp.Mul.make_args(term):
        if factor == -1:
            continue
        yield factor
        if isinstance(factor, sp.Pow) and factor.exp.is_Integer and factor.exp > 1:
            yield factor.base


def _is_inner(problem: Problem, factor: sp.Expr, i: int, width: int) -> bool:
    """Whether a factor is, up to a number, the derivative of something inside a function or a power of f."""
    f, variable = _function(problem, i, width)
    for part in sp.preorder_traversal(f):
        inside: list[sp.Expr] = []
        if isinstance(part, sp.Pow) and not part.exp.has(variable):
            inside = [part.base]
        elif isinstance(part, (sp.Function, sp.exp)):
            inside = list(part.args)
        for inner in inside:
            if inner.has(variable) and inner != variable:
                slope = differentiate(inner, variable).result
                ratio = sp.cancel(slope / factor) if sp.count_ops(slope) < 60 else slope / factor
                if ratio.is_number:
                    return True
    return False


def _without_inner(problem: Problem, i: int, width: int) -> Iterator[tuple[sp.Expr, sp.Expr]]:
    """Derivatives with one inner derivative left out: the part it belongs to, and the wrong derivative."""
    f, variable = _function(problem, i, width)
    if sp.count_ops(f) > 400:
        return
    for n, (part, wrong) in enumerate(_variants(f, variable)):
        if n >= MOST_TERMS:
            return
        yield part, wrong


def _variants(expr: sp.Expr, v: sp.Symbol) -> Iterator[tuple[sp.Expr, sp.Expr]]:
    """Derivatives of `expr` with one chain rule gone wrong: the part it was applied to, and what comes of it."""
    if not expr.has(v) or expr == v or isinstance(expr, sp.Piecewise):
        return
    for k, inner in enumerate(expr.args):
        if isinstance(expr, sp.Add):
            rest = sp.Add(*(differentiate(t, v).result for j, t in enumerate(expr.args) if j != k))
            yield from ((part, rest + wrong) for part, wrong in _variants(inner, v))
        elif isinstance(expr, sp.Mul):
            others = sp.Mul(*(t for j, t in enumerate(expr.args) if j != k))
            rest = inner * differentiate(others, v).result
            yield from ((part, wrong * others + rest) for part, wrong in _variants(inner, v))
        elif inner.has(v) and inner != v:
            yield from _chain_variants(expr, k, v)


def _chain_variants(expr: sp.Expr, k: int, v: sp.Symbol) -> Iterator[tuple[sp.Expr, sp.Expr]]:
    """The same for a function whose argument `k` depends on v: the inner derivative left out, or its sign lost."""
    inner = expr.args[k]
    u = sp.Dummy("u", positive=True)
    outer = differentiate(expr.func(*(u if j == k else a for j, a in enumerate(expr.args))), u).result.subs(u, inner)
    slope = differentiate(inner, v).result
    if slope != 1:
        yield expr, outer
        if slope.is_number or slope.could_extract_minus_sign():
            yield expr, -outer
    yield from ((part, outer * wrong) for part, wrong in _variants(inner, v))


def taylor_orders(problem: Problem, x: Floats, gradient: Floats, direction: Floats) -> list[tuple[float, float]]:
    """(h, order) of the remainder f(x + h d) - f(x) - h g.d between h and h/10: 2 for the right gradient, 1 for a wrong
    one. Empty where the remainder is too small to be seen.
    """
    f0, slope = problem.value(x), float(gradient @ direction)
    scale = 1 + float(np.abs(x).max())
    found: list[tuple[float, float]] = []
    before: float | None = None
    for k in range(1, 6):
        h = scale * 10.0**-k
        there = problem.value(x + h * direction)
        remainder = abs(there - f0 - h * slope)
        noise = 8 * np.finfo(float).eps * (abs(f0) + abs(there) + abs(h * slope))
        if not math.isfinite(remainder) or remainder <= noise:
            break
        if before:
            found.append((h, math.log10(before / remainder)))
        before = remainder
    return found
