"""The proof of what a field is: by ways that do not share the mistakes of the first."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from nabla.answer.document import Check
from nabla.calculus.equality import equal
from nabla.calculus.numeric import D
from nabla.labs.decompose.nature import Nature
from nabla.vector import operators
from nabla.vector.operators import TURNS
from nabla.write.derivation import equality_check


def checks(nature: Nature) -> list[Check]:
    """Divergence and curl against difference quotients, potentials by differentiating them."""
    given, judged = nature.given, nature.judged
    terms = operators.divergence_terms(given.F, given.system)
    made = [compared("The terms of the divergence are difference quotients", _quotients(terms))]
    turns = [term for pair in operators.curl_terms(given.F, given.system) for term in pair]
    made.append(compared("The terms of the curl are difference quotients", _quotients(turns)))
    if judged.potential:
        f = judged.potential.value
        back = [(D(f, q) / h, part) for q, h, part in zip(given.symbols, given.system.scales, given.F, strict=True)]
        made.append(compared("The potential differentiated gives the field", back))
    if nature.stream:
        psi, (x, y), (h, k) = nature.stream.value, given.symbols, given.system.scales
        made.append(
            compared("The stream function differentiated gives the field",
                      [(D(psi, y) / k, given.F[0]), (-D(psi, x) / h, given.F[1])])
        )  # fmt: skip
    if A := nature.vector_potential:
        q = given.symbols
        back = [(D(A[a], q[b]) - D(A[b], q[a]), f) for (a, b), f in zip(TURNS, given.F, strict=True)]
        made.append(compared("The curl of the vector potential is the field", back))
    return made


def compared(claim: str, pairs: Sequence[tuple[sp.Expr, sp.Expr]]) -> Check:
    """The worst of several comparisons."""
    verdicts = [equal(a, b) for a, b in pairs]
    order = {False: 0, None: 1, True: 2}
    return equality_check(claim, min(verdicts, key=lambda v: (order[v.equal], -(v.figure or 0.0))))


def _quotients(terms: Sequence[operators.OperatorTerm]) -> list[tuple[sp.Expr, sp.Expr]]:
    """The value of each term, and the same by a difference quotient."""
    return [(term.value, term.factor * D(term.inside, term.symbol)) for term in terms]
