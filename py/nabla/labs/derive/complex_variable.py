"""derive: functions of a complex variable: whether they are analytic, by Cauchy and Riemann, and their derivatives."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from nabla.answer.document import Check, Document, Heading, Math, Note, Step, Steps
from nabla.calculus.analytic import (
    PLACES,
    ComplexParts,
    X,
    Y,
    complex_parts,
    in_terms_of_z,
    quotients,
    same_at_places,
    value_near,
)
from nabla.errors import UserError
from nabla.lab import Inputs
from nabla.labs.derive.answering import measured, refuse, say
from nabla.labs.derive.parts import count
from nabla.read.complex import ComplexReading, complex_symbol, read_complex
from nabla.write.notation import tex

CLOSE = 1e-8
LONGEST = 12  # operations of a slope that the sentence holds


@dataclass(frozen=True)
class ComplexFunction:
    """A function of z, or of x and y where z is None, with its parts where they were found and both derivatives."""

    reading: ComplexReading
    z: sp.Symbol | None
    parts: ComplexParts | None
    by_z: sp.Expr
    by_conjugate: sp.Expr

    @property
    def variables(self) -> tuple[sp.Symbol, ...]:
        """What it is a function of."""
        return (self.z,) if self.z is not None else (X, Y)

    @property
    def analytic(self) -> bool | None:
        """Whether it is analytic where it is defined; None where that could not be decided."""
        if self.by_conjugate == 0:
            return True
        return self.parts.analytic if self.parts else None

    @property
    def has_cut(self) -> bool:
        """Whether a logarithm or a root in it has a cut."""
        powers = (power.exp for power in self.reading.expr.atoms(sp.Pow) if power.base.free_symbols)
        return self.reading.expr.has(sp.log) or any(not exponent.is_integer for exponent in powers)


def of_complex(inputs: Inputs, document: Document) -> None:
    """Whether the function is analytic, with both of Cauchy and Riemann's equations, and its derivative."""
    function = _read(inputs)
    argument = "z" if function.z is None else function.z.name
    document.title = f"${function.reading.tex}$ as a function of a complex variable"
    document.values |= {"reading": sp.sstr(function.reading.expr), "analytic": function.analytic}
    document.values["derivative"] = sp.sstr(function.by_z) if function.analytic else None
    document.values |= {"by_z": sp.sstr(function.by_z), "by_conjugate": sp.sstr(function.by_conjugate)}
    head = rf"f({argument}) = {function.reading.tex}"
    document.add(Math(head, sp.sstr(function.reading.expr), "What was understood", role="reading"))
    left = rf"f'({argument})" if function.analytic else rf"\frac{{\partial f}}{{\partial {argument}}}"
    document.add(Math(f"{left} = {tex(function.by_z)}", sp.sstr(function.by_z), "Derivative", role="result"))
    if not function.analytic:
        bar = rf"\frac{{\partial f}}{{\partial \overline{{{argument}}}}}"
        document.add(Math(f"{bar} = {tex(function.by_conjugate)}", sp.sstr(function.by_conjugate), "", role="result"))
    said = _verdict(function, left, argument)
    value = _value_there(inputs, document, function, left) if function.analytic else ""
    claim = _judged(inputs, document, function)
    say(document, said + value + _equations(function) * bool(function.analytic), claim)
    _finish(document, function, argument)


def _read(inputs: Inputs) -> ComplexFunction:
    """The function of `f`, or of its parts u; v. Its letter is that of `wrt`, else the complex one that is there."""
    known = [name for name in inputs["wrt"].replace(" ", "").split(",") if name]
    texts = [part for part in inputs["f"].split(";") if part.strip()]
    readings = [read_complex(text, known=known) for text in texts]
    if len(readings) > 2:
        raise refuse(inputs, "f", "One function, or its real and its imaginary part, is needed here.")
    first = readings[0]
    if len(readings) == 2:
        whole, shown = first.expr + sp.I * readings[1].expr, rf"{first.tex} + i \left({readings[1].tex}\right)"
        first = ComplexReading(inputs["f"], whole, shown, tuple(dict.fromkeys(first.names + readings[1].names)))
    letters = [name for name in first.names if first.expr.has(complex_symbol(name))]
    z = complex_symbol(letters[0]) if letters else None
    others = first.expr.free_symbols - {z, X, Y}
    if len(letters) > 1 or others or (z is not None and first.expr.has(X, Y)):
        raise refuse(inputs, "f", "A function of z alone, or of x and y alone, is needed here.", code="not-covered")
    if z is None and not first.expr.has(X, Y):
        raise refuse(inputs, "f", "A function of z, or of x and y, is needed here.")
    parts = complex_parts(first.expr, z)
    if z is not None and (slopes := in_terms_of_z(first.expr, z)):
        return ComplexFunction(first, z, parts, *slopes)
    if parts is None:
        raise UserError("not-covered", "Its real and imaginary part could not be separated.", field="f")
    return ComplexFunction(first, z, parts, parts.by_z(), parts.by_conjugate())


def _verdict(function: ComplexFunction, left: str, argument: str) -> str:
    """Whether the function is analytic, why, and its derivative."""
    shown = f"${left} = {tex(function.by_z)}$"
    if function.analytic:
        where = "off its branch cut" if function.has_cut else "wherever it is defined"
        return f"$f$ is analytic {where}: {shown}"
    if function.analytic is None:
        return f"Whether $f$ is analytic could not be decided; {shown}"
    bar = rf"\frac{{\partial f}}{{\partial \overline{{{argument}}}}} = {tex(function.by_conjugate)}"
    return f"$f$ is not analytic: {_where(function)}{_equations(function)}; {shown}, ${bar}$"


def _where(function: ComplexFunction) -> str:
    """Where alone a function that is not analytic has a complex derivative."""
    places = function.parts.places() if function.parts else None
    if places is None:
        return "the equations of Cauchy and Riemann do not hold everywhere"
    if not places:
        return "it has a complex derivative nowhere"
    slopes = [slope.subs(way) for way in places for slope in function.parts.slopes] if function.parts else []
    if any(slope.has(sp.nan, sp.zoo, sp.oo) for slope in slopes):
        return "the equations of Cauchy and Riemann do not hold everywhere"
    told = [
        rf"z = {tex(sp.expand(way[X] + sp.I * way[Y]))}"
        if {X, Y} <= set(way) and not any(value.free_symbols for value in way.values())
        else ", ".join(f"{tex(symbol)} = {tex(value)}" for symbol, value in way.items())
        for way in places
    ]
    return f"it has a complex derivative only where {' or '.join(f'${part}$' for part in told)}"


def _equations(function: ComplexFunction) -> str:
    """The equations with their sides, the ones that fail if any do."""
    if function.parts is None:
        return ""
    u_x, u_y, v_x, v_y = function.parts.slopes
    if max(sp.count_ops(slope) for slope in function.parts.slopes) > LONGEST:
        return ""
    both = [("u_x", u_x, "v_y", v_y), ("u_y", u_y, "-v_x", -v_x)]
    if function.analytic:
        return "; " + ", ".join(f"${a} = {b} = {tex(left)}$" for a, left, b, _ in both)
    failed = [row for row, holds in zip(both, function.parts.holds, strict=True) if holds is False]
    return ", since " + " and ".join(f"${a} = {tex(left)}$ is not ${b} = {tex(right)}$" for a, left, b, right in failed)


def _value_there(inputs: Inputs, document: Document, function: ComplexFunction, left: str) -> str:
    """The value of f'(z) at the place of `at`, z = 1 + i."""
    text = inputs["at"].rpartition("=")[2].strip()
    if not text or function.z is None:
        return ""
    place = read_complex(text).expr
    value = sp.nsimplify(sp.expand_complex(function.by_z.subs(function.z, place))) if place.is_number else sp.nan
    if value.has(sp.nan, sp.zoo, sp.oo):
        return ""
    document.values["value"] = sp.sstr(value)
    document.add(
        Math(rf"\left.{left}\right|_{{z = {tex(place)}}} = {tex(value)}", sp.sstr(value), "Value", role="value")
    )
    return f"; it is ${tex(value)}$ at ${tex(function.z)} = {tex(place)}$"


def _judged(inputs: Inputs, document: Document, function: ComplexFunction) -> str:
    """What is to be said of a derivative that the asker claims."""
    text = inputs["claim"].split(";")[-1].strip()
    if not text:
        return ""
    theirs = read_complex(text, known=[symbol.name for symbol in function.variables if symbol not in (X, Y)])
    same = same_at_places(theirs.expr, function.by_z, function.variables)
    word = (
        "undecided" if same is None or function.analytic is None else "right" if same and function.analytic else "wrong"
    )
    document.values["claim"] = {"verdict": word, "mistakes": [], "ask_at": None}
    said = {"right": "is right", "wrong": "is not right", "undecided": "could not be decided"}[word]
    document.add(
        Heading("Your answer", role="claim"), Note(f"${theirs.tex}$ {said}.", tone="tip" if same else "warning")
    )
    return f"your ${theirs.tex}$ {said}"


def _finish(document: Document, function: ComplexFunction, argument: str) -> None:
    shown = []
    if function.parts is not None:
        u_x, u_y, v_x, v_y = function.parts.slopes
        real = rf"u = {tex(function.parts.u)},\quad v = {tex(function.parts.v)}"
        shown = [
            Step("Real and imaginary part", real, "" if function.z is None else rf"With ${argument} = x + iy$."),
            Step("The first equation", rf"u_x = {tex(u_x)},\quad v_y = {tex(v_y)}", _told(function.parts.holds[0])),
            Step("The second equation", rf"u_y = {tex(u_y)},\quad -v_x = {tex(-v_x)}", _told(function.parts.holds[1])),
        ]
    if not function.analytic:
        rule = r"\tfrac12 \left(f_x - i f_y\right)"
        bar = r"\tfrac12 \left(f_x + i f_y\right)"
        shown.append(
            Step(
                "By z and by its conjugate",
                rf"{rule} = {tex(function.by_z)},\quad {bar} = {tex(function.by_conjugate)}",
                "Wirtinger's derivatives; the second is 0 exactly where the equations hold.",
            )
        )
    else:
        shown.append(Step("The derivative", rf"f'({argument}) = {tex(function.by_z)}", "Equal in every direction."))
    document.values["steps"] = count(shown)
    document.add(Heading("Step by step", role="steps"), Steps(shown), Heading("Checked", role="checks"))
    document.add(_by_directions(function))


def _told(holds: bool | None) -> str:
    return {True: "It holds.", False: "It does not hold everywhere.", None: "Whether it holds was not decided."}[holds]


def _by_directions(function: ComplexFunction) -> Check:
    """Difference quotients along three directions, against f_z + f_zbar times the direction's conjugate over itself."""
    gaps: list[float] = []
    for place in PLACES:
        here = sp.Rational(str(place.real)) + sp.I * sp.Rational(str(place.imag))
        slopes = [value_near(slope, function.variables, here) for slope in (function.by_z, function.by_conjugate)]
        measured_ = quotients(function.reading.expr, function.variables, place)
        if slopes[0] is None or slopes[1] is None:
            continue
        for direction, quotient in zip((1, 1j, 0.6 + 0.8j), measured_, strict=False):
            expected = slopes[0] + slopes[1] * complex(direction).conjugate() / direction
            gaps.append(abs(quotient - expected) / max(1.0, abs(expected)))
    how = f"difference quotients along three directions at {len(PLACES)} complex places, a step of 1e-10 in 30 digits"
    return measured(
        "The derivatives are those of difference quotients", how, max(gaps) if gaps else None, CLOSE, "differences"
    )
