"""The inputs of derive for changes: of a differential, errors of measured numbers, a number close to a round one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nabla.question.filled import Filled, Span
from nabla.question.formulas import Formula
from nabla.question.roles import RoleReading

_NUMBER = r"\$?(-?\d+(?:\.\d+)?)\$?"
_UNIT = r"(?:\s?(?:[A-Za-z]{1,3}|\\(?:text|mathrm)\{[^{}]*\}))?"
_BOTH = r"(?:±|\\pm(?![a-z])|\+\s?/\s?-)"
_MEASURED = re.compile(rf"{_NUMBER}{_UNIT}\s?\$?\s?{_BOTH}\s?{_NUMBER}")
_ERROR = re.compile(
    rf"\b(?:error|uncertainty|accura\w+|tolerance)\b[^.;:?=(\d]{{0,30}}?\b(?:of|within|is|by|to)\s+"
    rf"(?:about\s+|at\s+most\s+|{_BOTH}\s?)*{_NUMBER}(?!\d|\s?(?:%|\\%|percent))"
)
_EACH = re.compile(rf"\beach\b[^.;:?=(\d]{{0,40}}?\b(?:within|of|by|is)\s+(?:{_BOTH}\s?)*{_NUMBER}")
_SIZE = re.compile(
    r"\b(?:is|be|as|of|=)\s+(?:found |measured )?(?:to be )?\$?(\d+(?:\.\d+)?)\$?\s?(?:[A-Za-z]{1,6})?\b"
)
_DECIMAL = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?![\d.])")
_ROOT = re.compile(r"√|\\sqrt(?!\s?\[)|\bsqrt\b")
_HIGHER = re.compile(r"∛|\bcbrt\b|\\sqrt\s?\[\s?(\d)\s?\]|\^\s?[({]\s?1\s?/\s?(\d)\s?[)}]")
_ANGLE = re.compile(r"\s?\\pi\s?/\s?180|°|\^\s?\{?\s?\\circ\s?\}?|\bdegrees\b")


def changes_of(reading: RoleReading, known: Sequence[str]) -> tuple[dict[str, str], list[Span]]:
    """The point and the changes of a differential: x goes from 1 to 1.02, dx = 0.1, r = 5 ± 0.1.

    Returns:
        The inputs `at` and `changes` as far as they are told, and the formulas that tell them.
    """
    text = reading.text
    at: dict[str, str] = {}
    by: dict[str, str] = {}
    spans: list[Span] = []
    for name in known:
        letter = rf"(?<![A-Za-z\\]){re.escape(name)}"
        moved = re.search(rf"{letter}\$?\s+(?:\w+\s+){{0,3}}?from\s+{_NUMBER}{_UNIT}\s+to\s+{_NUMBER}", text)
        stepped = re.search(rf"(?:d|Δ|\\Delta\s?|∆){re.escape(name)}\$?\s?=\s?({_BOTH})?\s?{_NUMBER}", text)
        erred = re.search(rf"{letter}\$?\s?=\s?{_MEASURED.pattern}", text)
        if erred is None and len(known) == 1:
            erred = _MEASURED.search(text)
        if moved:
            at[name], by[name] = moved[1], f"({moved[2]}) - ({moved[1]})"
        elif erred:
            at[name], by[name] = erred[1], f"±{erred[2]}"
        elif each := _EACH.search(text):
            by[name] = f"±{each[1]}"
            spans.append(each.span())
            if told := next((f for f in reading.formulas if f.shape == "value" and f.name == name), None):
                at[name] = told.body
                spans.append(told.span)
        elif stepped:
            by[name] = f"{'±' if stepped[1] else ''}{stepped[2]}"
        elif len(known) == 1 and (error := _ERROR.search(text)):
            by[name] = f"±{error[1]}"
            spans.append(error.span())
            if size := _SIZE.search(text[: error.start()]):
                at[name] = size[1]
                spans.append(size.span())
        spans += [found.span() for found in (moved, erred, stepped) if found]
    inputs = {"at": _listed(at), "changes": _listed(by)}
    held = [f.span for f in reading.formulas if any(a <= f.span[0] < b for a, b in spans)]
    return {key: value for key, value in inputs.items() if value}, held


def _listed(values: dict[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())


def fill_approximation(reading: RoleReading) -> Filled | None:
    """√4.1 by a linear approximation: the formula of the number, the round number beside it, and the step."""
    if reading.programs or not reading.asks("series", "differential") or reading.asks("limit"):
        return None
    numbers = [f for f in reading.formulas if f.shape == "number" and re.search(r"[^\d.\s]", f.body)]
    if not numbers or any(f.shape in ("function", "definition", "formula") for f in reading.formulas):
        return None
    formula = numbers[0]
    degrees = _ANGLE.search(formula.body) or _ANGLE.match(reading.text, formula.span[1])
    body = _ANGLE.sub("", formula.body)
    found = _argument(body)
    if found is None:
        return None
    near = _near(body, float(found[0]), bool(degrees))
    f = f"{body[: found.start()]}x{body[found.end() :]}"
    if degrees:
        inputs = {"f": f, "at": f"x={near}*pi/180", "changes": f"x=({found[0]} - {near})*pi/180"}
    else:
        inputs = {"f": f, "at": f"x={near}", "changes": f"x={found[0]} - {near}"}
    return Filled(inputs | {"what": "series", "order": "1"}, (formula.span,))


def _argument(body: str) -> re.Match[str] | None:
    """The number in a formula that is not round: one with decimals, else the largest."""
    found = list(_DECIMAL.finditer(body))
    return max(found, key=lambda match: ("." in match[0], float(match[0])), default=None)


def _near(body: str, value: float, degrees: bool) -> int:
    """The round number beside a value: a square below a root, an angle whose sine is known, else a whole number."""
    if degrees:
        return min((0, 30, 45, 60, 90, 180), key=lambda angle: abs(angle - value))
    if higher := _HIGHER.search(body):
        order = int(higher[1] or higher[2] or 3)
        return int(round(value ** (1 / order)) ** order)
    if _ROOT.search(body):
        return int(round(value**0.5) ** 2)
    return round(value)


def is_of_error(reading: RoleReading) -> bool:
    """Whether a text asks what an error of a measured number does."""
    words = {word for sentence in reading.sentences for word in sentence.words}
    return bool(words & {"error", "errors", "uncertainty", "uncertainties", "tolerance"}) and bool(
        _MEASURED.search(reading.text) or _ERROR.search(reading.text)
    )


def place_beside(reading: RoleReading, first: Formula, names: Sequence[str], at: str) -> tuple[str, list[Span]]:
    """The place at which a Taylor polynomial is to be evaluated: f(4.1), or a number like √4.1 beside the function."""
    centre = dict(part.split("=", 1) for part in at.split(", ")) if "=" in at else dict.fromkeys(names[:1], at)
    for formula in reading.formulas:
        call = re.fullmatch(rf"\s*{re.escape(first.name or 'f')}\s?\(([-\d.,\s]+)\)\s*", formula.body)
        number = formula.shape == "number" and formula is not first and re.search(r"[^\d.\s-]", formula.body)
        found = _argument(formula.body) if number and not call and len(names) == 1 else None
        values = call[1].split(",") if call else [found[0]] if found else []
        far = [
            f"{name}={value.strip()} - ({centre.get(name) or '0'})" for name, value in zip(names, values, strict=False)
        ]
        moved = any(value.strip() != centre.get(name) for name, value in zip(names, values, strict=False))
        if len(values) == len(names) and moved:
            return ", ".join(far), [formula.span]
    return "", []
