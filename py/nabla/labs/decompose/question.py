"""What the lab decompose was asked: the field as read, its box, and how it is sampled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import sympy as sp

from nabla.calculus.arrays import evaluate, has_values
from nabla.errors import Span, UserError
from nabla.helmholtz.answer import Samples
from nabla.helmholtz.grid import HALVES, Box, Floats
from nabla.lab import Inputs
from nabla.read.fields.assignments import read_assignments
from nabla.read.fields.domain import Interval, read_domain, read_points
from nabla.read.fields.vector import read_components
from nabla.read.formula import Reading, read_formulas, symbol
from nabla.read.formula.build import build
from nabla.read.formula.tree import Node

DOMAIN = "-1..1"
N_PLANE, N_SPACE = 128, 32
MOST_PLANE, MOST_SPACE = 512, 96
NAMES = ("x", "y", "z")
RADIUS = symbol("r")  # the distance from the origin, beside these


@dataclass
class DecomposeQuestion:
    """The field and where it is asked for.

    `typed` are all components as typed, with the values of parameters in. `components` and `symbols` are those of the
    plane or space it is decomposed in, `places` where those components stand among those typed; `across` is the
    component of a field in space that depends on the plane alone, across it.
    """

    text: str
    readings: list[Reading]
    components: tuple[sp.Expr, ...]
    symbols: tuple[sp.Symbol, ...]
    places: tuple[int, ...]
    across: sp.Expr | None
    box: Box
    at: list[tuple[float, ...]]
    values_of: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)
    known: tuple[str, ...] = NAMES
    typed: tuple[sp.Expr, ...] = ()

    @property
    def names(self) -> list[str]:
        """The names of the coordinates."""
        return [each.name for each in self.symbols]

    def sampled(self, expr: sp.Expr, mesh: list[Floats]) -> Floats:
        """The values of an expression on a mesh."""
        values = evaluate(expr, dict(zip(self.symbols, mesh, strict=True)))
        return np.array(np.broadcast_to(values, mesh[0].shape))

    def values(self, expr: sp.Expr, mesh: Sequence[Floats]) -> Floats:
        """As `sampled`, for those who hand it on."""
        return self.sampled(expr, list(mesh))

    def tree_expr(self, node: Node) -> sp.Expr:
        """The meaning of a stretch of the formula, with the values of parameters in."""
        return build(node).subs(self.values_of)

    def read(self, text: str) -> list[sp.Expr]:
        """The components of another text, with the same values of parameters in.

        Raises:
            UserError: as `read_formulas`.
        """
        return [reading.expr.subs(self.values_of) for reading in read_formulas(text, known=self.known)]

    def samples(self, box: Box) -> Samples:
        """The field on a box, with its values on the faces and its derivatives where they have values."""
        mesh = box.mesh()
        V = np.stack([self.sampled(f, mesh) for f in self.components])
        faces = [self.sampled(f, box.face_mesh(i)) for i, f in enumerate(self.components)]
        source, swirl = self.derivatives()
        exact = [self.sampled(f, mesh) if has_values(f) else np.array([np.nan]) for f in (source, *swirl)]
        if not all(np.isfinite(each).all() for each in exact):
            return Samples(V, box, faces)
        return Samples(V, box, faces, exact[0], np.stack(exact[1:]))

    def derivatives(self) -> tuple[sp.Expr, list[sp.Expr]]:
        """Divergence and curl as expressions."""
        f, x = self.components, self.symbols
        source = sp.Add(*(sp.diff(a, b) for a, b in zip(f, x, strict=True)))
        pairs = [(0, 1)] if len(f) == 2 else [(1, 2), (2, 0), (0, 1)]
        return source, [sp.diff(f[j], x[i]) - sp.diff(f[i], x[j]) for i, j in pairs]


def read_question(inputs: Inputs) -> DecomposeQuestion:
    """Read the field, its parameters, the box and the points.

    Raises:
        UserError: for whatever cannot be read, or does not fit together.
    """
    values = inputs.read("parameters", read_assignments)
    intervals = inputs.read("domain", read_domain) or read_domain(DOMAIN)
    known = [*(each.name for each in values), *(each.name for each in intervals if each.name)]
    readings = inputs.read("V", read_components, known=known or NAMES)
    values = with_distance([reading.expr for reading in readings], values)
    field_ = [reading.expr.subs(values) for reading in readings]
    used = set().union(*(f.free_symbols for f in field_))
    symbols, places, ranges = _coordinates(field_, used, intervals, inputs)
    extra = sorted(each.name for each in used - set(symbols))
    if extra:
        what = f"{', '.join(extra)}, {'which is' if len(extra) == 1 else 'which are'} no coordinate of the box"
        hint = f"The coordinates are {', '.join(s.name for s in symbols)}. Give parameters values: {extra[0]}=1."
        raise UserError("unknown-name", f"The formula has {what}.", hint=hint, span=_of_name(inputs, extra), field="V")
    across = next((f for i, f in enumerate(field_) if i not in places), None)
    box = _box(inputs, ranges)
    at = inputs.read("at", read_points, [s.name for s in symbols])
    for point in at:
        if not all(a <= c <= b for a, c, b in zip(box.low, point, box.high, strict=True)):
            told = ", ".join(f"{c:g}" for c in point)
            raise UserError("value", f"The point ({told}) lies outside the box.", span=_all(inputs["at"]), field="at")
    components = tuple(field_[i] for i in places)
    return DecomposeQuestion(
        inputs["V"],
        readings,
        components,
        tuple(symbols),
        tuple(places),
        across,
        box,
        at,
        values,
        tuple(known or NAMES),
        tuple(field_),
    )


def with_distance(field: Sequence[sp.Expr], values: Mapping[sp.Symbol, sp.Expr]) -> dict[sp.Symbol, sp.Expr]:
    """The values of letters, and for a letter r beside x, y and z that has none the distance from the origin.

    Beside a component each of them has to stand; a potential has one of them, and r in no polynomial: x + ln r.
    """
    used = set().union(*(f.free_symbols for f in field)) - set(values)
    scalar = len(field) == 1
    axes = [symbol(name) for name in NAMES[: (3 if symbol("z") in used else 2) if scalar else len(field)]]
    beside = used & set(axes) and not field[0].is_polynomial(RADIUS) if scalar else set(axes) <= used
    if len(field) not in (1, 2, 3) or RADIUS not in used or not beside:
        return dict(values)
    return {**values, RADIUS: sp.sqrt(sum(axis**2 for axis in axes))}


def _all(text: str) -> Span:
    return Span(0, len(text))


def _of_name(inputs: Inputs, names: list[str]) -> Span:
    start = inputs["V"].find(names[0])
    return Span(start, start + len(names[0])) if start >= 0 else _all(inputs["V"])


def _coordinates(
    field_: list[sp.Expr], used: set[sp.Symbol], intervals: list[Interval], inputs: Inputs
) -> tuple[list[sp.Symbol], list[int], list[Interval]]:
    """The coordinates, the places of their components, and their ranges."""
    count = len(field_)
    if count not in (2, 3):
        message = f"V has {count} component{'' if count == 1 else 's'}; a field in the plane has 2, one in space 3."
        hint = "Separate components by semicolons; write 0 for those that vanish, as in f; 0; 0."
        raise UserError("arguments", message, hint=hint, span=_all(inputs["V"]), field="V")
    named = [each.name for each in intervals if each.name]
    usual = [symbol(name) for name in NAMES]
    if named:
        symbols = [symbol(name) for name in named]
        if len(symbols) == 1:
            hint = "Give every coordinate its range, as in x=0..1, y=0..1."
            raise UserError(
                "value", f"The box has only {named[0]}.", hint=hint, span=_all(inputs["domain"]), field="domain"
            )
    elif count == 2:
        symbols = next(
            ([usual[i], usual[j]] for i, j in ((0, 1), (0, 2), (1, 2)) if used <= {usual[i], usual[j]}), usual[:2]
        )
    else:
        symbols = usual
        missing = [i for i, each in enumerate(usual) if each not in used]
        if used and len(missing) == 1 and field_[missing[0]] == 0 and len(intervals) != 3:
            symbols = [each for each in usual if each in used]
    if len(symbols) > count:
        message = f"The box has {len(symbols)} coordinates and the field {count} components."
        hint = "Add the missing components, 0 where they vanish."
        raise UserError("arguments", message, hint=hint, span=_all(inputs["V"]), field="V")
    ranges = intervals * len(symbols) if len(intervals) == 1 and not named else intervals
    if len(ranges) != len(symbols):
        message = f"The box has {len(ranges)} ranges and the field needs {len(symbols)}."
        raise UserError(
            "value", message, hint="One range alone stands for all.", span=_all(inputs["domain"]), field="domain"
        )
    if len(symbols) == count:
        return symbols, list(range(count)), ranges
    places = [usual.index(each) for each in symbols] if set(symbols) <= set(usual) else [0, 1]
    return symbols, places, ranges


def _box(inputs: Inputs, ranges: list[Interval]) -> Box:
    d = len(ranges)
    n = inputs.integer("n") if inputs["n"].strip() else (N_PLANE if d == 2 else N_SPACE)
    most = MOST_PLANE if d == 2 else MOST_SPACE
    if not HALVES <= n <= most:
        where = "the plane" if d == 2 else "space"
        message = f"The number of cells along each axis must be from {HALVES} to {most} in {where}."
        code = "too-big" if n > most else "value"
        raise UserError(code, message, hint=f"Try {N_PLANE if d == 2 else N_SPACE}.", span=_all(inputs["n"]), field="n")
    return Box(tuple(r.low for r in ranges), tuple(r.high for r in ranges), (n,) * d)
