"""The inputs of each lab but derive, made of the parts of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nabla.lab import LABS
from nabla.question.alternative import alternative
from nabla.question.convergence import convergence
from nabla.question.filled import Filled, Span, doubts_of, substituted
from nabla.question.formulas import entries_of, is_constant, names_in
from nabla.question.gradient_claims import gradient_claims
from nabla.question.iterations import iterations
from nabla.question.learning_curves import learning_curves
from nabla.question.lexicon import TEST_FUNCTIONS
from nabla.question.pieces import PastedProgram
from nabla.question.quadratics import quadratic
from nabla.question.race import race
from nabla.question.roles import RoleReading
from nabla.question.solver_messages import solver_message
from nabla.question.updates import kind_of

# Programs and data.

_ON = re.compile(r"\bon\s+(?:the\s+)?(?:closed\s+)?(?:interval\s+)?\$?\Z", re.IGNORECASE)  # an interval, and no start


def fill_code(reading: RoleReading, lab: str) -> Filled | None:
    """The program of the text, and the numbers that the asker expects of it."""
    if lab == "train" and not reading.programs:
        return learning_curves(reading) or _samples(reading)
    if not reading.programs:
        return None
    program = max(reading.programs, key=lambda program: len(program.code))
    used: list[Span] = [piece.span for piece in program.pieces]
    inputs = {"code": program.code}
    if {"Sequential", "Dense"} <= set(re.findall(r"\w+", program.code)) and "import" not in program.code:
        inputs["code"] = f"{KERAS}\n{program.code}"
    if lab == "train" and (line := alternative(reading, program)):
        inputs["proposed"], span, inputs["code"] = line
        used.append(span)
    claim, spans = gradient_claims(reading) if lab == "backprop" else ("", ())
    if claim:
        inputs["claim"] = claim
        used += spans
    used += [f.span for f in reading.claims if f.whose == "rival" and is_constant(f.sides[-1])]  # the run tells
    used += [f.span for f in reading.formulas if lab == "backprop" and _WEIGHTED.fullmatch(f.sides[-1])]
    others = [other for other in reading.programs if other is not program] if "proposed" not in inputs else []
    if lab == "backprop" and len(others) == 1:
        inputs["other"] = others[0].code
    further = tuple(
        Filled({"code": other.code}, tuple(piece.span for piece in other.pieces), asked="the other program of the text")
        for other in others[:3]
    )
    used += [span for filled in further for span in filled.used]
    return Filled(inputs, tuple(used), further=further)


# What a model of Keras needs whose program is pasted without its first lines.
KERAS = "from keras.models import Sequential; from keras.layers import *"
# sum(dout * out), the loss of a layer whose adjoint is given: the names say it too.
_WEIGHTED = re.compile(r"(?:\w+)?\(?\s*(?:d_?(\w+)\s*\*\s*\1|(\w+)\s*\*\s*d_?\2)\s*\)?")


def _samples(reading: RoleReading) -> Filled | None:
    """Samples X and targets y in prose, for a network to be set up."""
    found: dict[str, tuple[str, Span]] = {}
    for name, pattern in (
        ("X", r"\bX\s?=\s?(\[[-\d., ;\[\]()\n]{3,400}\])"),
        ("y", r"\by\s?=\s?(\[[-\d., ;\[\]()\n]{1,300}\])"),
    ):
        match = re.search(pattern, reading.text)
        if match:
            found[name] = (match[1], match.span())
    if "X" not in found:
        return None
    return Filled({name: text for name, (text, _) in found.items()}, tuple(span for _, span in found.values()))


def fill_whole(reading: RoleReading, lab: str) -> Filled:
    """The whole text in the first field of a lab of which nothing else is known."""
    return Filled({LABS[lab].fields[0].name: reading.text.strip()}, ((0, len(reading.text)),))


def _find(text: str, words: str) -> Span:
    at = text.find(words)
    return (at, at + len(words)) if at >= 0 else (0, 0)


_CONSTRAINED = re.compile(
    r"\b(?:subject to|s\.t\.|(?:under|with) the constraint|constrained (?:to|by)|constraint)", re.I
)


def fill_descend(reading: RoleReading, lab: str) -> Filled | None:
    """A program with an optimiser, or a function with its start and rate; no formula under a constraint."""
    if not reading.programs and _CONSTRAINED.search(reading.text):
        return None
    if (asked := convergence(reading) or iterations(reading) or solver_message(reading)) is not None:
        return asked
    inputs: dict[str, str] = {}
    used: list[Span] = []
    if reading.programs:
        program = max(reading.programs, key=lambda program: len(program.code))
        if re.search(r"\b(?:def|lambda|minimi|for|while|linprog|milp|scipy)", program.code):
            inputs["f"] = program.code
            used += [piece.span for piece in program.pieces]
            if kind_of(program.code) and (line := alternative(reading, program)):
                inputs["proposed"], span, inputs["f"] = line
                used.append(span)
    elif (form := quadratic(reading, used)) is not None:
        inputs["f"] = form[0]
    elif name := _test_function(reading.text):
        inputs["f"] = name
        used.append(_find(reading.text, name))
    elif reading.functions and reading.functions[0].shape not in ("vector", "integral", "limit"):
        first = reading.functions[0]
        inputs["f"] = substituted(first.body if first.shape != "equation" else first.read, reading, first, used)
        used.append(first.span)
    if "f" not in inputs:
        return race(reading)
    if reading.programs:
        if told := _told(reading, used):
            inputs["told"] = told
        further = tuple(_gradients(reading, program))
        used += [span for filled in further for span in filled.used]
        return Filled(inputs, tuple(used), further=further)
    starts = [
        formula
        for formula in reading.formulas
        if formula.role in ("start", "point")
        and formula.span not in used
        and not _ON.search(reading.text[: formula.span[0]])
    ]
    points = [formula for formula in starts if formula.shape == "point"]
    if points:
        inputs["start"] = ",".join(entries_of(points[0].body))
        used.append(points[0].span)
    elif values := [formula for formula in starts if formula.shape in ("value", "number")]:
        inputs["start"] = ", ".join(
            f"{f.name}={f.body}" if f.shape == "value" and f.name != "x_0" else f.body for f in values
        )
        used += [formula.span for formula in values]
    for formula in reading.formulas:
        if formula.role == "rate" or (formula.shape == "value" and formula.name in ("lr", "alpha", "eta", "rate")):
            inputs["rate"] = formula.body
            used.append(formula.span)
            if inputs.get("start", "").endswith(f"{formula.name}={formula.body}"):
                inputs["start"] = ", ".join(
                    p for p in inputs["start"].split(", ") if not p.startswith(f"{formula.name}=")
                )
            break
    return Filled(
        {name: text for name, text in inputs.items() if text},
        tuple(used),
        doubts_of([*reading.functions, *reading.claims]),
    )


def _gradients(reading: RoleReading, program: PastedProgram) -> Iterator[Filled]:
    """Other gradients of the function that a program minimises: programs of the text that define nothing else."""
    for other in reading.programs:
        defined = re.findall(r"^\s*def\s+(\w+)", other.code, re.MULTILINE)
        if other is not program and len(defined) == 1 and re.search(r"jac|grad|der|prime", defined[0]):
            spans = tuple(piece.span for piece in other.pieces)
            yield Filled({"f": program.code, "jac": other.code}, spans, asked="the other gradient of the text")


_SOLVED = re.compile(r"\b(?:minimize|linprog|milp|fmin\w*|differential_evolution|shgo)\b")
_GOAL = re.compile(r"\b(?:(maxim)|minim)(?:i[sz]\w*|um|a)\W+(?:\w+\W+){0,3}\Z", re.I)


def _told(reading: RoleReading, used: list[Span]) -> str:
    """The inequalities and the goal that prose tells beside a call of a solver."""
    if not any(_SOLVED.search(program.code) for program in reading.programs):
        return _told_function(reading, used)
    told: list[str] = []
    arguments: list[str] = []
    for formula in reading.formulas:
        goal = _GOAL.search(reading.text[: formula.span[0]][-60:])
        equation = formula.shape == "equation" and bool(told) and formula.role != "claim"
        if equation or (formula.shape == "condition" and re.search(r"[<>≤≥]|\\[lg]e", formula.read)):
            told.append(formula.read)
        elif (goal and formula.shape in ("formula", "definition")) or (formula.shape == "function" and formula.args):
            told.append(f"{'maximise' if goal and goal[1] else 'minimise'} {formula.body}")
            arguments += formula.args
        elif formula.shape == "value" and formula.name in arguments:
            told.append(f"start {formula.name} = {formula.body}")
        elif formula.shape == "point":
            told.append(f"result {formula.body}")
        else:
            continue
        used.append(formula.span)
    return "; ".join(told)


def _told_function(reading: RoleReading, used: list[Span]) -> str:
    """The one function of its own letters that prose tells beside a descent by hand."""
    told = [f for f in reading.formulas if f.shape == "function" and f.args and f.role != "claim"]
    if len(told) != 1 or not set(names_in(told[0].body)) <= set(told[0].args):
        return ""
    used.append(told[0].span)
    return f"minimise {told[0].body.strip()}"


def is_test_function(text: str) -> bool:
    """Whether a text is the name of a test function and nothing else."""
    return bool(_test_function(text))


def _test_function(text: str) -> str:
    found = re.fullmatch(
        rf"\s*({'|'.join(name.replace('-', '[- ]?') for name in TEST_FUNCTIONS)})\s*(?:function)?\s*",
        text,
        re.IGNORECASE,
    )
    return found[1] if found else ""
