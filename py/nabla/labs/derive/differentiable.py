"""derive: whether a function of two variables is differentiable at a point, by its remainder over the distance."""

from __future__ import annotations

from math import degrees

from nabla.answer.document import Document, Math, Step
from nabla.calculus.differentiability import RADII, Differentiability, differentiability, nearest_direction
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, finish, measured, refuse, say
from nabla.labs.derive.question import DeriveQuestion
from nabla.write.notation import point, tex

GROWS = 100.0  # from the widest circle to the narrowest
WORDS = {True: "is differentiable", False: "is not differentiable", None: "could not be decided"}


def of_differentiable(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """Yes or no, with the partial derivatives at the point and what the remainder over the distance goes to."""
    at = {symbol: question.at[symbol] for symbol in question.symbols if symbol in question.at}
    if len(question.functions) > 1 or len(at) != 2 or len(question.symbols) != 2:
        raise refuse(inputs, "at", "One function of two variables and a point are needed here.", "As in x = 0, y = 0.")
    found = differentiability(question.f, at)
    where, name = point(at), question.name
    begin(document, question, f"Whether ${name}$ is differentiable at ${where}$")
    document.values |= {"differentiable": found.holds, "derivative": [str(slope) for slope in found.slopes]}
    signs = [rf"\frac{{\partial {name}}}{{\partial {tex(symbol)}}}" for symbol in at]
    missing = [sign for sign, slope in zip(signs, found.slopes, strict=True) if slope is None]
    slopes = ",\\quad ".join(f"{s} = {tex(v)}" for s, v in zip(signs, found.slopes, strict=True) if v is not None)
    if slopes:
        document.add(Math(slopes, str(found.slopes), "At the point", role="result"))
    reading = f"${question.reading.tex}$"
    why = f"it has no ${missing[0]}$ there" if missing else _why(found, slopes.replace(",\\quad ", "$, $"))
    verb = WORDS[found.holds]
    said = (
        f"Whether {reading} is differentiable at ${where}$ {verb}"
        if found.holds is None
        else f"{reading} {verb} at ${where}$"
    )
    say(document, f"{said}: {why}")
    quotient = rf"\frac{{{name}(a + h) - {name}(a) - \nabla {name}(a) \cdot h}}{{\lVert h \rVert}}"
    shown = [Step("What must go to 0", quotient, "The remainder of the linear approximation over the distance.")]
    rows = ", ".join(f"{ratio:.2g} at 1e-{e}" for ratio, e in zip(found.ratios, RADII, strict=False))
    shown.append(Step("On circles around the point", tex_of_rows(found), "The greatest value found on each circle."))
    figure = found.ratios[-1] if found.ratios and found.holds else None
    method = f"in high precision at points in all directions and on curves that touch the axes: {rows or 'no values'}"
    finish(
        document,
        question,
        shown,
        [measured("The remainder over the distance goes to 0", method, figure, 1e-2, "differences")],
    )


def tex_of_rows(found: Differentiability) -> str:
    """The greatest remainder over the distance on each circle."""
    rows = zip(found.ratios, RADII, strict=False)
    return r",\quad ".join(rf"\lVert h \rVert = 10^{{-{e}}}: {ratio:.3g}" for ratio, e in rows)


def _why(found: Differentiability, slopes: str) -> str:
    if found.holds:
        return f"${slopes}$, and what the tangent plane leaves, over the distance, goes to 0"
    if found.holds is None:
        return f"${slopes}$ there, but its remainder over the distance neither settles nor goes to 0"
    before = f"${slopes}$ there, but what the tangent plane leaves, over the distance, "
    if found.ratios[-1] > GROWS * found.ratios[0]:
        return f"{before}grows without bound close to the point"
    way = nearest_direction(found.direction)
    along = (
        f"in the direction $({way[0]}, {way[1]})$"
        if way
        else rf"at an angle of ${degrees(found.direction):.3g}$ degrees"
    )
    return f"{before}goes to ${found.ratios[-1]:.4g}$ {along}, not to 0"
