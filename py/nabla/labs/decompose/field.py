"""The field that is asked about: its components, its coordinates, and whether it is given by a potential."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy as sp

from nabla.errors import Span, UserError
from nabla.lab import Inputs
from nabla.labs.decompose.question import NAMES, with_distance
from nabla.read.fields.assignments import read_assignments
from nabla.read.fields.conditions import read_domain as read_conditions
from nabla.read.fields.domain import read_domain, read_places
from nabla.read.fields.vector import read_components, system_of
from nabla.read.fields.vectors import units_in
from nabla.read.formula import Reading, read_formula, symbol
from nabla.vector import coordinates
from nabla.vector.coordinates import System
from nabla.write.notation import tex

ASKED = (
    "decompose", "conservative", "potential", "divergence", "curl", "laplacian", "solenoidal", "irrotational", "stream",
    "vector-potential", "work", "area", "flux", "exact", "critical", "gradient", "div-curl", "curl-grad", "curl-curl",
    "grad-div", "advective", "rate-of-strain", "zero-divergence", "zero-curl", "pressure",
)  # fmt: skip
GIVEN = (
    "field",
    "stream",
    "potential",
    "minus-potential",
    "form",
    "minus-gradient",
    "complex-potential",
    "density",
    "partner",
)
_ALONE: dict[tuple[str, ...], str] = {
    ("r",): "spherical",
    ("rho",): "cylindrical",
    ("theta",): "polar",
    ("phi",): "cylindrical",
}  # of a unit vector that stands alone
POTENTIALS = ("potential", "minus-potential", "complex-potential")
_IN_SPACE = re.compile(r"\bz\s*=|\([^()]*,[^()]*,[^()]*\)")  # a curve
SYSTEMS = ("auto", *coordinates.NAMES, "spherical-phi")


@dataclass(frozen=True)
class Given:
    """A field as typed, in its coordinates; `scalar` is the stream function or the potential that it was made of.

    `given` tells which, or that it is the field of a form P dx + Q dy.

    `level` is a place with the value that the potential has there.

    `convex` tells that it is asked for on a part of its domain that has no holes.
    """

    readings: list[Reading]
    F: tuple[sp.Expr, ...]
    system: System
    asked: tuple[str, ...]
    scalar: sp.Expr | None = None
    given: str = "field"
    convex: bool = False
    conditions: tuple[sp.Basic, ...] = ()
    values: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)
    at: tuple[tuple[sp.Expr, ...], ...] = ()
    name: str = r"\mathbf{F}"
    scalar_name: str = ""
    level: tuple[tuple[sp.Expr, ...], sp.Expr] | None = None
    along: tuple[sp.Expr, ...] = ()

    @property
    def symbols(self) -> tuple[sp.Symbol, ...]:
        """The coordinates."""
        return self.system.symbols


def read_asked(inputs: Inputs) -> tuple[str, ...]:
    """What is asked for, in canonical words.

    Raises:
        UserError: "choice" for a word that is none of them.
    """
    text = inputs["asked"]
    found = []
    for word in re.finditer(r"[^,;\s]+", text):
        if word[0].lower() not in ASKED:
            message = f"{word[0]} is nothing that is answered about a field."
            hint = f"There is {', '.join(ASKED)}."
            raise UserError("choice", message, hint=hint, span=Span(*word.span()), field="asked")
        found.append(word[0].lower())
    return tuple(dict.fromkeys(found))


def read_given(inputs: Inputs) -> Given:
    """Read the field.

    Raises:
        UserError: for what cannot be read, and for a number of components that fits no coordinates.
    """
    values = inputs.read("parameters", read_assignments)
    ranges = [each.name for each in inputs.read("domain", read_domain) if each.name] if inputs["domain"].strip() else []
    units = units_in(inputs["V"])
    named = system_of(units) or _ALONE.get(units, "")
    chosen = inputs.choice("coordinates")
    system = chosen if chosen != "auto" else named
    letters = [*NAMES, "r", "theta", "phi", "rho"] if system not in ("", "cartesian") else list(NAMES)
    known = [*(each.name for each in values), *(ranges or letters)]
    readings = inputs.read("V", read_components, known=known, system=system)
    partner = inputs.choice("given") == "partner"  # which reads values there
    conditions = inputs.read("where", read_conditions) if inputs["where"].strip() and not partner else ()
    if system in ("", "cartesian") and not ranges:
        values = with_distance([reading.expr for reading in readings], values)
    typed = tuple(reading.expr.subs(values) for reading in readings)
    if system == "spherical-phi" and not units and len(typed) == 3:  # in the order of the distance, theta and phi
        typed = (typed[0], typed[2], typed[1])
    given = inputs.choice("given")
    made = _coordinates(inputs, system, typed, ranges, given)
    convex = bool(conditions) and all(_is_half(each, made.symbols) for each in conditions)
    F, scalar = typed, None
    if given in ("stream", "density", *POTENTIALS):
        scalar = _scalar(inputs, typed)
        if given == "complex-potential":
            scalar = _real_part(scalar, made)
        F = _of_scalar(scalar, made, given)
        F = tuple(map(sp.simplify, F)) if given == "complex-potential" else F
    asked = read_asked(inputs)
    splits = not asked or "decompose" in asked  # which reads its own points, in the plane that it works in
    points = [] if splits else inputs.read("at", read_places, [s.name for s in made.symbols])
    at = tuple(tuple(sp.nsimplify(c, rational=True) for c in point) for point in points)
    level = inputs.read("level", _level, [s.name for s in made.symbols]) if inputs["level"].strip() else None
    names = _names(inputs["name"])
    along = inputs.read("along", read_components, known=known, system=system) if inputs["along"].strip() else []
    A = tuple(reading.expr.subs(values) for reading in along) or F * ("advective" in asked)  # its own acceleration
    return Given(readings, F, made, asked, scalar, given, convex, conditions, values, at, *names, level, A)


def _level(text: str, names: list[str]) -> tuple[tuple[sp.Expr, ...], sp.Expr]:
    """A place and the value there, from `(0, 0) = 5`."""
    place, equals, value = text.partition("=")
    if not equals:
        raise UserError("syntax", "A place and a value are needed.", hint="Write (0, 0) = 5.", span=Span(0, len(text)))
    return read_places(place, names)[0], read_formula(value).expr


def _names(text: str) -> tuple[str, str]:
    """The letters of the field and of its potential in LaTeX, from `E, V`; the field may be a product, f F or E x H."""
    field, _, scalar = (part.strip() for part in text.partition(","))
    bold = " ".join(
        rf"\mathbf{{{part}}}" if part.isupper() or part in "uvw" else tex(symbol(part)) for part in field.split()
    )
    return (rf"\left({bold}\right)" if " " in field else bold) or r"\mathbf{F}", tex(symbol(scalar)) if scalar else ""


def _scalar(inputs: Inputs, typed: tuple[sp.Expr, ...]) -> sp.Expr:
    if len(typed) != 1:
        raise UserError("arguments", "A stream function or a potential is one formula.", field="V",
                        span=Span(0, len(inputs["V"])))  # fmt: skip
    return typed[0]


def _real_part(w: sp.Expr, system: System) -> sp.Expr:
    """Re w(x + iy), the potential of the velocity whose complex potential is w(z)."""
    x, y = system.symbols
    return sp.simplify(sp.re(sp.expand(w.subs(symbol("z"), x + sp.I * y), complex=True)))


def _of_scalar(f: sp.Expr, system: System, given: str) -> tuple[sp.Expr, ...]:
    slopes = [sp.diff(f, q) / h for q, h in zip(system.symbols, system.scales, strict=True)]
    if given == "stream":
        return (slopes[1], -slopes[0])
    return tuple(-slope for slope in slopes) if given == "minus-potential" else tuple(slopes)


def _is_half(condition: sp.Basic, symbols: tuple[sp.Symbol, ...]) -> bool:
    """Whether a condition is that of one side of a line or a plane."""
    if not isinstance(condition, sp.core.relational.Relational) or isinstance(condition, (sp.Eq, sp.Ne)):
        return False
    gap = condition.lhs - condition.rhs
    return bool(gap.is_polynomial(*symbols)) and sp.Poly(gap, *symbols).total_degree() == 1


def _coordinates(inputs: Inputs, system: str, typed: tuple[sp.Expr, ...], ranges: list[str], given: str) -> System:
    """The coordinates: those of the unit vectors or chosen, with the letters that the field uses."""
    used = {s.name for f in typed for s in f.free_symbols}
    count = len(typed)
    if given == "complex-potential":
        return coordinates.cartesian(tuple(map(symbol, "xy")))
    if given == "stream":
        count = 2
    elif given == "density":
        count = 3 if "z" in used or _IN_SPACE.search(inputs["path"]) else 2
    elif given in POTENTIALS:
        count = 3 if "z" in used or system in ("cylindrical", "spherical", "spherical-phi") else 2
    if not system:
        system = _by_letters(inputs, used, given, count)
    if system in ("", "cartesian"):
        return coordinates.cartesian(_cartesian(inputs, used, ranges, count))
    if count not in (2, 3) or (count == 2 and system in ("cylindrical", "spherical", "spherical-phi")) or (
        count == 3 and system == "polar"
    ):  # fmt: skip
        raise _components(inputs, count)

    def letter(*names: str) -> sp.Symbol:
        return symbol(next((name for name in names if name in used), names[0]))

    if system == "spherical-phi":
        return coordinates.spherical(letter("rho", "r"), symbol("phi"), symbol("theta"))
    if system == "spherical":
        return coordinates.spherical(letter("r", "rho"), symbol("theta"), symbol("phi"))
    radius, angle = letter("r", "rho", "s"), letter("theta", "phi")
    if {"rho", "phi"} & set(units_in(inputs["V"])):
        radius, angle = letter("rho", "r"), letter("phi", "theta")
    if count == 2:
        return coordinates.polar(radius, angle)
    return coordinates.cylindrical(radius, angle, symbol("z"))


def _by_letters(inputs: Inputs, used: set[str], given: str, count: int) -> str:
    """The coordinates that the letters of a field belong to, which has none of x and y: r and theta are polar ones.

    Raises:
        UserError: "choice" where they may be of the plane or of space, and the answer depends on it.
    """
    radius, angles = used & {"r", "rho"}, used & {"theta", "phi", "varphi"}
    if used & {"x", "y"} or not radius or not (angles or given != "field"):
        return ""
    if len(angles) == 2 and count == 3:
        return "spherical"
    if "z" in used and count == 3:
        return "cylindrical"
    if given in POTENTIALS and set(read_asked(inputs)) & {"laplacian", "divergence", "solenoidal", "stream"}:
        message = f"{' and '.join(sorted(radius | angles))} may be coordinates of the plane or of space."
        raise UserError("choice", message, hint="Choose polar, cylindrical or spherical.", field="coordinates",
                        span=Span(0, 0))  # fmt: skip
    return "polar" if count == 2 else ""


def _cartesian(inputs: Inputs, used: set[str], ranges: list[str], count: int) -> list[sp.Symbol]:
    if count not in (2, 3):
        raise _components(inputs, count)
    if len(ranges) == count:
        return [symbol(name) for name in ranges]
    if count == 3:
        return [symbol(name) for name in NAMES]
    pairs = (("x", "y"), ("x", "z"), ("y", "z"))
    return [symbol(n) for n in next((pair for pair in pairs if used & set(NAMES) <= set(pair)), pairs[0])]


def _components(inputs: Inputs, count: int) -> UserError:
    message = f"V has {count} component{'' if count == 1 else 's'}; a field in the plane has 2, one in space 3."
    hint = "Separate components by semicolons; write 0 for those that vanish, as in f; 0; 0."
    return UserError("arguments", message, hint=hint, span=Span(0, len(inputs["V"])), field="V")
