"""Integrals of a field along curves: F . dr, of each stretch with its parameter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sympy as sp

from nabla.calculus.integrals import Definite, definite, quadrature

Symbols = Sequence[sp.Symbol]


@dataclass(frozen=True)
class Stretch:
    """A stretch of a curve: its position as a function of t, from `low` to `high`."""

    position: tuple[sp.Expr, ...]
    t: sp.Symbol
    low: sp.Expr
    high: sp.Expr

    def at(self, values: Mapping[sp.Symbol, sp.Expr]) -> Stretch:
        """With values for letters."""
        position = tuple(p.subs(values) for p in self.position)
        return Stretch(position, self.t, self.low.subs(values), self.high.subs(values))


@dataclass(frozen=True)
class AlongStretch:
    """F . dr/dt on a stretch, and its integral."""

    stretch: Stretch
    integrand: sp.Expr
    value: Definite


def along(
    F: Sequence[sp.Expr], symbols: Symbols, curve: Sequence[Stretch], closed_form: bool = True
) -> list[AlongStretch]:
    """The integral of F . dr over each stretch of a curve; without `closed_form` by quadrature alone."""
    found = []
    for stretch in curve:
        there = dict(zip(symbols, stretch.position, strict=True))
        steps = [sp.diff(p, stretch.t) for p in stretch.position]
        inside = (f.subs(there, simultaneous=True) * step for f, step in zip(F, steps, strict=True))
        integrand = sp.simplify(sp.Add(*inside))
        ends = (integrand, stretch.t, stretch.low, stretch.high)
        value = definite(*ends) if closed_form else Definite(None, *quadrature(*ends, []))
        found.append(AlongStretch(stretch, integrand, value))
    return found


def along_length(
    f: sp.Expr, symbols: Symbols, curve: Sequence[Stretch], closed_form: bool = True
) -> list[AlongStretch]:
    """The integral of f ds over each stretch of a curve; without `closed_form` by quadrature alone."""
    found = []
    for stretch in curve:
        there = dict(zip(symbols, stretch.position, strict=True))
        speed = sp.sqrt(sp.simplify(sum(sp.diff(p, stretch.t) ** 2 for p in stretch.position)))
        integrand = sp.simplify(f.subs(there, simultaneous=True) * speed)
        ends = (integrand, stretch.t, stretch.low, stretch.high)
        value = definite(*ends) if closed_form else Definite(None, *quadrature(*ends, []))
        found.append(AlongStretch(stretch, integrand, value))
    return found


def total(parts: Sequence[AlongStretch]) -> sp.Expr | None:
    """The sum over the stretches, None where one has no value in closed form."""
    values = [part.value.value for part in parts]
    return None if any(value is None for value in values) else sp.simplify(sp.Add(*values))


def measured(parts: Sequence[AlongStretch]) -> float | None:
    """The sum by quadrature."""
    numbers = [part.value.quadrature for part in parts]
    return None if any(number is None for number in numbers) else float(sum(n for n in numbers if n is not None))


def trial(expressions: Iterable[sp.Expr], symbols: Iterable[sp.Symbol]) -> dict[sp.Symbol, sp.Expr]:
    """Numbers to compare two formulas at, for the letters that are no coordinates: positive, and no whole ones."""
    letters = set().union(*(each.free_symbols for each in expressions)) - set(symbols)
    named = sorted(letters, key=lambda letter: letter.name)
    return {letter: sp.Rational(13 + 4 * i, 10) for i, letter in enumerate(named)}
