"""Logarithmic differentiation of f^g, an alternative to writing the power with e."""

from __future__ import annotations

import sympy as sp

from nabla.answer.document import Step
from nabla.calculus.equality import equal
from nabla.calculus.numeric import D
from nabla.calculus.rules import Derivation
from nabla.write.derivation import equality_check
from nabla.write.notation import operator, tex


def by_logarithm(derivation: Derivation) -> list[Step]:
    """The three steps of logarithmic differentiation, each tested; none where the function is not of the form f^g."""
    if derivation.rule != "general-power":
        return []
    f, var = derivation.expr, derivation.var
    (inner,) = derivation.parts
    y = next(sp.Symbol(name, real=True) for name in "yzvq" if name not in {s.name for s in f.free_symbols})
    d = operator([var], len(f.free_symbols) > 1)
    y_tex = tex(y)
    slope = operator([var], len(f.free_symbols) > 1, y_tex)
    logarithm = rf"\ln {y_tex} = {tex(inner.expr)}"
    first = Step(
        "Take logarithms",
        logarithm,
        "The logarithm brings the exponent down as a factor.",
        where=[f"{y_tex} = {tex(f)}"],
        check=equality_check("Both sides are equal", equal(sp.log(f), inner.expr)),
    )
    second = Step(
        "Differentiate both sides",
        rf"\frac{{1}}{{{y_tex}}} \cdot {slope} = {d} \left({tex(inner.expr)}\right) = {tex(inner.result)}",
        rf"On the left by the chain rule: $\ln {y_tex}$ has the derivative ${y_tex}'/{y_tex}$.",
        check=equality_check("Both sides are equal", equal(D(f, var) / f, inner.result)),
    )
    third = Step(
        "Solve for the derivative",
        rf"{slope} = {y_tex} \cdot \left({tex(inner.result)}\right) = {tex(f * inner.result)}",
        check=equality_check("Both sides are equal", equal(D(f, var), f * inner.result)),
    )
    return [first, second, third]
