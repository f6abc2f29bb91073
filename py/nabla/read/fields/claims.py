"""An answer of someone's own: a formula, a number, a list or matrix of them, or several lines of work.

A side of an equation that only names a derivative, as `dw`, `f'(x)`, `y'` or `dy/dx`, is a label; it tells the order of
the derivative and perhaps its variable, and is not read any further.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from nabla.errors import Span, UserError
from nabla.read.formula import Reading, limits, read_formula

MOST_LINES = 24
MOST_ENTRIES = 64

# What stands between two lines of work: a new line, a semicolon, an arrow, or the end of a row in LaTeX.
_BREAK = re.compile(r"[\n;⇒→⟹]|=>|->|\\\\|\\(?:Right|right|Longright|longright)arrow(?![a-zA-Z])|\\implies(?![a-zA-Z])")
_OPEN, _CLOSE = "([{", ")]}"
_NAME = r"(?:\\?[A-Za-zα-ωΑ-Ω]+(?:_\{?\w+\}?)?)"
_CALL = r"(?:\s*\((?:[^()=]|\([^()]*\))*\))?"
_D = r"(?:d|∂|\\partial\s*|\\mathrm\{d\}\s*)"
_PRIMES = r"(?P<primes>['′’]+|\^\{\\prime+\}|\^\{\((?P<power>\d)\)\})"
_LABELS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_NAME}{_PRIMES}{_CALL}",  # f'(x), y''
        rf"{_D}\^?\{{?(?P<order>[2-9²³]?)\}}?\s*{_NAME}?{_CALL}\s*/\s*\(?{_D}(?P<var>{_NAME})(?:\^?\{{?[2-9²³]\}}?)?"
        rf"(?:\s*{_D}(?P<second>{_NAME}))?\)?",  # dy/dx, d^2y/dx^2, ∂f/∂x
        rf"\\[dt]?frac\s*\{{{_D}\^?\{{?(?P<order>[2-9]?)\}}?\s*{_NAME}?{_CALL}\}}\s*\{{{_D}(?P<var>{_NAME})[^{{}}]*"
        rf"(?:\{{\d\}})?\}}",  # \frac{dy}{dx}
        rf"{_D}(?P<var>{_NAME})",  # dw
        rf"(?P<var>{_NAME})\.grad",
        rf"(?:∇|\\nabla|grad|J|H|D)\s*(?:_\S+)?\s*(?:\^?\{{?2\}}?)?\s*{_NAME}?{_CALL}",
        rf"(?P<function>{_NAME})\s*\((?:[^()=]*)\)",  # f(x), which restates the function
        rf"(?P<of>{_D}\s*/\s*{_D}(?P<var>{_NAME}).*)",  # d/dx of something
        r"(?P<ofbracket>\(.*\)\s*['′’])",  # (x^2)'
    )
)
_DIGITS = {"²": 2, "³": 3}


@dataclass(frozen=True, slots=True)
class Label:
    """What the left side names: a derivative of this order, by this variable; `function` names no derivative at all."""

    text: str
    order: int = 1
    var: str = ""
    function: bool = False


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One line of work: what it is labelled, and its formula, its list or its matrix."""

    text: str
    span: Span
    label: Label | None
    entries: Reading | list[Reading] | list[list[Reading]]

    @property
    def reading(self) -> Reading | None:
        """The formula, None for a list or a matrix."""
        return self.entries if isinstance(self.entries, Reading) else None


def read_claim(text: str, *, known: Collection[str] = ()) -> list[WorkLine]:
    """Read the lines of an answer; a chain a = b = c makes one line of each side.

    Args:
        text: formulas or lists `[a, b]`, `(a, b)`, `[[a, b], [c, d]]`, with or without a label such as `dw =`,
            separated by new lines, semicolons or arrows.
        known: the names of the function's variables.

    Raises:
        UserError: as `read_formula`, with the place in the whole text; "too-long" for too many lines.
    """
    return [line for answer in read_answers(text, known=known) for line in answer]


def read_answers(text: str, *, known: Collection[str] = ()) -> list[list[WorkLine]]:
    """Read several answers, each with the lines of its chain a = b = c.

    Raises:
        UserError: as `read_claim`.
    """
    limits.check_length(text)
    whole = _unwrapped(text)
    answers = [list(_line(whole, start, end, known)) for start, end in _stretches(whole, _BREAK)]
    lines = [line for answer in answers for line in answer]
    if not lines:
        raise UserError("empty", "There is no answer here.", span=Span(0, len(text)))
    if len(lines) > MOST_LINES:
        raise UserError("too-long", f"At most {MOST_LINES} lines are compared.", span=lines[MOST_LINES].span)
    return answers


_WRAPPING = re.compile(r"\$+|\\\[|\\\]|\\(?:begin|end)\{(?:align|aligned|equation|gather)\*?\}|&(?=\s*=)")


def _unwrapped(text: str) -> str:
    """The text with what only wraps LaTeX blanked out, places kept."""
    return _WRAPPING.sub(lambda match: " " * len(match[0]), text)


def _stretches(text: str, between: re.Pattern[str], start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """The stretches of the text between separators outside of all brackets."""
    end = len(text) if end is None else end
    found: list[tuple[int, int]] = []
    depth, begin, at = 0, start, start
    while at < end:
        match = between.match(text, at, end) if depth <= 0 else None
        if match and match.end() > at:
            found.append((begin, at))
            begin = at = match.end()
            continue
        if text.startswith((r"\begin", r"\end"), at):
            depth += 1 if text.startswith(r"\begin", at) else -1
        depth += (text[at] in _OPEN) - (text[at] in _CLOSE)
        at += 1
    return [(a, b) for a, b in [*found, (begin, end)] if text[a:b].strip()]


_EQUALS = re.compile(r"(?<![<>!=])==?(?![=>])|≡")


def _line(text: str, start: int, end: int, known: Collection[str]) -> Iterator[WorkLine]:
    sides = _stretches(text, _EQUALS, start, end)
    label: Label | None = None
    for place, (a, b) in enumerate(sides):
        if place == 0 and len(sides) > 1:
            label = _label(text[a:b], known)
            if label:
                continue
        yield WorkLine(text[a:b].strip(), _trimmed(text, a, b), label, _entries(text, a, b, known))


def _trimmed(text: str, start: int, end: int) -> Span:
    inside = text[start:end]
    return Span(start + len(inside) - len(inside.lstrip()), start + len(inside.rstrip()))


def _label(text: str, known: Collection[str]) -> Label | None:
    """The label that a left side is, None for a formula."""
    bare = text.strip()
    indexed = re.fullmatch(r"[A-Za-z]_\{?([A-Za-z]+)\}?", bare)
    if indexed and bare not in known and set(indexed[1]) <= set(known):
        return Label(bare, len(indexed[1]), indexed[1] if len(indexed[1]) == 1 else "")  # f_x, f_xy
    if re.fullmatch(_NAME, bare) and bare not in known and not re.fullmatch(rf"{_D}{_NAME}", bare):
        return Label(bare, 0, function=True)  # y = ...: the function or its derivative
    for pattern in _LABELS:
        match = pattern.fullmatch(bare)
        if match:
            return _labelled(bare, match.groupdict())
    return None


def _labelled(text: str, found: dict[str, str | None]) -> Label:
    primes = (found.get("primes") or "").strip()
    order = int(found.get("power") or 0) or sum(primes.count(mark) for mark in ("'", "′", "’", r"\prime"))
    digits = found.get("order") or ""
    order = order or _DIGITS.get(digits, 0) or int(digits or 1)
    return Label(text, order, (found.get("var") or "").lstrip("\\").strip(), bool(found.get("function")))


_COMMA = re.compile(r",")
_ROW = re.compile(r";|\\\\(?:\[[^\]]*\])?")
_CELL = re.compile(r"&|,")
_MATRIX = re.compile(r"\\begin\{[a-zA-Z]*matrix\}(.*)\\end\{[a-zA-Z]*matrix\}(?:\s*\^\{?\\?(?:top|T)\}?)?", re.DOTALL)


def _entries(text: str, start: int, end: int, known: Collection[str]) -> Reading | list[Reading] | list[list[Reading]]:
    """A formula, or the formulas in a list or matrix."""
    span = _trimmed(text, start, end)
    start, end = span.start, span.end
    matrix = _MATRIX.fullmatch(text, start, end)
    inside = matrix.span(1) if matrix else _bracketed(text, start, end)
    if inside is None:
        return _reading(text, start, end, known)
    rows = _stretches(text, _ROW, *inside)
    if not matrix and len(rows) == 1:
        parts = _stretches(text, _COMMA, *inside)
        if len(parts) == 1 and text[start] == "(":
            return _reading(text, start, end, known)
        nested = [_bracketed(text, *_bare(text, *part)) for part in parts]
        if all(place is not None for place in nested):
            rows = [place for place in nested if place]
        else:
            _check_entries(len(parts), span)
            return [_reading(text, *part, known) for part in parts]
    grid = [[_reading(text, *cell, known) for cell in _stretches(text, _CELL, *row)] for row in rows]
    _check_entries(sum(map(len, grid)), span)
    if len({len(row) for row in grid}) > 1:
        raise UserError("value", "The rows of this matrix have different lengths.", span=span)
    return [row[0] for row in grid] if len(grid[0]) == 1 and len(grid) > 1 else grid


def _check_entries(count: int, span: Span) -> None:
    if count > MOST_ENTRIES:
        raise UserError("too-long", f"At most {MOST_ENTRIES} components are compared.", span=span)


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    span = _trimmed(text, start, end)
    return span.start, span.end


def _bracketed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The inside of one pair of brackets around all, where it is a list: [ ] always, ( ) with a comma in it."""
    if end - start < 2 or text[start] not in "([" or text[end - 1] != {"(": ")", "[": "]"}[text[start]]:
        return None
    depth = 0
    for at in range(start, end):
        depth += (text[at] in _OPEN) - (text[at] in _CLOSE)
        if depth == 0 and at < end - 1:
            return None
    inside = (start + 1, end - 1)
    return inside if text[start] == "[" or len(_stretches(text, _COMMA, *inside)) > 1 else None


def _reading(text: str, start: int, end: int, known: Collection[str]) -> Reading:
    try:
        reading = read_formula(text[start:end], known=known)
    except UserError as error:
        if error.span:
            error.span = Span(error.span.start + start, error.span.end + start)
        raise
    moved = tuple(
        replace(remark, span=Span(remark.span.start + start, remark.span.end + start)) for remark in reading.remarks
    )
    return replace(reading, remarks=moved)
