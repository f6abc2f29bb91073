"""What a field is: its divergence and curl, whether it is conservative and why, its potentials."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import sympy as sp

from nabla.answer.document import Document
from nabla.calculus.simplify import simplified
from nabla.labs.decompose.field import POTENTIALS, Given
from nabla.vector import operators
from nabla.vector.conservative import FieldVerdict, judge
from nabla.vector.constants import constants_for
from nabla.vector.holes import Hole, holes
from nabla.vector.potentials import Potential, is_zero, stream_function, vector_potential, without_divergence

SHORT = 30  # operations of a field whose vector potential is worked out unasked


@dataclass
class Nature:
    """What was worked out about a field; each part when it is first asked for."""

    given: Given

    @property
    def name(self) -> str:
        """The letter of the field in LaTeX."""
        return self.given.name

    @property
    def scalar(self) -> str:
        """The letter of its potential in LaTeX: V where the field is minus its gradient, unless the text has one."""
        return self.given.scalar_name or ("V" if self.given.given == "minus-gradient" else "f")

    @cached_property
    def divergence(self) -> sp.Expr:
        """div F, simplified."""
        found = simplified(operators.divergence(self.given.F, self.given.system))
        return sp.S.Zero if is_zero(found) else found

    @property
    def laplacian(self) -> sp.Expr:
        """That of the potential that the field is made of."""
        return -self.divergence if self.given.given == "minus-potential" else self.divergence

    @cached_property
    def judged(self) -> FieldVerdict:
        """Whether F is conservative."""
        return judge(self.given.F, self.given.system, convex=self.given.convex)

    @property
    def potential(self) -> sp.Expr | None:
        """The potential that is meant: the field is its gradient, or minus its gradient."""
        if self.judged.potential is None:
            return None
        f = self.judged.potential.value
        f = sp.expand(-f) if self.given.given == "minus-gradient" else f
        if self.given.level is None:
            return f
        place, value = self.given.level
        return f - f.subs(dict(zip(self.given.symbols, place, strict=True))) + value

    @property
    def constant(self) -> str:
        """The constant that may be added to a potential, in LaTeX."""
        return " + C" if self.given.level is None else ""

    @cached_property
    def sourceless(self) -> bool:
        """Whether the divergence vanishes."""
        return is_zero(self.divergence)

    @cached_property
    def curlless(self) -> bool:
        """Whether the curl vanishes."""
        return not any(self.judged.curl)

    @cached_property
    def stream(self) -> Potential | None:
        """The stream function of a plane field without divergence."""
        plane = len(self.given.F) == 2
        return stream_function(self.given.F, self.given.system) if plane and self.sourceless else None

    @cached_property
    def vector_potential(self) -> operators.Field | None:
        """A with curl A = F, of a field in space without divergence in Cartesian coordinates."""
        wanted = "vector-potential" in self.given.asked or sum(sp.count_ops(f) for f in self.given.F) <= SHORT
        space = self.given.system.straight and len(self.given.F) == 3 and wanted
        A = vector_potential(self.given.F, self.given.symbols) if space and self.sourceless else None
        return without_divergence(A, self.given.symbols) if A and self.gauged else A

    @property
    def gauged(self) -> bool:
        """Whether a vector potential without divergence is asked for, in the gauge of Coulomb."""
        return {"vector-potential", "solenoidal"} <= set(self.given.asked)

    @cached_property
    def holes(self) -> tuple[Hole, ...]:
        """The isolated singular points and lines."""
        if not self.given.system.straight:
            return self.judged.holes
        return self.judged.holes or tuple(holes(self.given.F, self.given.symbols)[0])

    def with_constants(self) -> tuple[Nature, dict[sp.Symbol, sp.Expr]]:
        """The field with the constants for which what is asked about holds, and these; itself where there are none."""
        asked = set(self.given.asked)
        parts = [self.divergence] if "solenoidal" in asked else []
        if asked & {"conservative", "irrotational", "potential", "exact"}:
            parts += self.judged.curl
        found = constants_for(parts, self.given.symbols) if any(parts) else None
        if not found:
            return self, {}
        F = tuple(f.subs(found) for f in self.given.F)
        return Nature(replace(self.given, F=F)), found

    def fill(self, document: Document) -> None:
        """The values of the answer that tell what the field is."""
        given, judged = self.given, self.judged
        curl = [sp.sstr(each) for each in judged.curl]
        values = document.values
        values["divergence"] = sp.sstr(self.divergence)
        values["curl"] = curl[0] if len(curl) == 1 else curl
        values["conservative"] = judged.verdict
        values["potential"] = sp.sstr(self.potential) if judged.potential else None
        values["stream"] = sp.sstr(self.stream.value) if self.stream else None
        A = self.vector_potential
        values["vector_potential"] = [sp.sstr(a) for a in A] if A else None
        if given.given in POTENTIALS:
            values["laplacian"] = sp.sstr(self.laplacian)
        values["holes"] = [
            {
                "at": [sp.sstr(c) for c in hole.place],
                "along": hole.along.name if hole.along is not None else None,
                "circulation": None if hole.circulation is None else sp.sstr(hole.circulation),
                "flux": None if hole.flux is None else sp.sstr(hole.flux),
            }
            for hole in self.holes
        ]
