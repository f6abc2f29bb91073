"""The inputs of steps by hand: the functions, where they begin, how many, and the asker's own steps."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import sympy as sp

from nabla.errors import Span, UserError
from nabla.lab import Inputs
from nabla.optimise.by_hand.kinds import ByHand, ByHandTask
from nabla.optimise.by_hand.methods import BY_HAND, course
from nabla.optimise.problem import Floats, Problem
from nabla.read.formula import Reading, read_formula

MOST = 1_000  # steps
RATE = 0.1  # where none is told
_OWN = re.compile(r"\s*(other:)?\s*(?:(\d+)\s*:)?\s*(?:([A-Za-z]\w*)\s*=)?\s*(.+?)\s*\Z", re.DOTALL)
# Names of what a step works out, by the figures of it that they may be: the first that a method has.
FIGURES = {
    "g": ("gradient",), "grad": ("gradient",), "gradient": ("gradient",), "v": ("velocity", "raw_square", "square"),
    "m": ("raw_mean", "velocity"), "s": ("raw_square", "square"), "m_hat": ("mean",), "v_hat": ("square",),
    "mhat": ("mean",), "vhat": ("square",), "hat_m": ("mean",), "hat_v": ("square",),
}  # fmt: skip
_DECIMAL = re.compile(r"[-+]?\d*(?:\.(\d*))?(?:e([-+]?\d+))?", re.I)


@dataclass(frozen=True, slots=True)
class OwnStep:
    """A step of the asker's, or of another's: its number, the component it tells (-1: all), its numbers, and how much
    the last place of each is worth; with a `figure`, not the point but what was worked out for the step.
    """

    index: int
    component: int
    numbers: Floats
    units: Floats
    text: str
    whose: str
    figure: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class StepsQuestion:
    """What was asked: the method of a task, the start, the number of steps (0: as many as it needs), and own steps."""

    name: str
    method: ByHand
    task: ByHandTask
    readings: tuple[Reading, ...]
    start: Floats
    count: int
    own: tuple[OwnStep, ...]
    assumed: tuple[str, ...]

    @property
    def variables(self) -> tuple[sp.Symbol, ...]:
        """The variables, in the order of the entries of x."""
        return self.task.problems[0].variables


def understand(inputs: Inputs) -> StepsQuestion:
    """Read the inputs.

    Raises:
        UserError: with the field it is about.
    """
    name = inputs["by_hand"].strip()
    if name not in BY_HAND:
        hint = "There are " + ", ".join(BY_HAND) + "."
        raise UserError("choice", f"{name} is not a method that is done by hand here.", hint=hint, field="by_hand")
    method = BY_HAND[name]
    readings, variables = _functions(inputs)
    problems = tuple(Problem(reading.expr, variables) for reading in readings)
    one = len(variables) == 1
    if not variables or (method.root and len(problems) != len(variables)) or (not method.root and len(problems) > 1):
        message = f"{method.title} needs {'one equation for each variable' if method.root else 'one function'}."
        raise UserError("value", message, field="f")
    if {"interval", "pair"} & method.uses and not one:
        raise UserError("value", f"{method.title} works in one variable; there are {len(variables)}.", field="f")
    assumed: list[str] = []
    rate = inputs["rate"].strip()
    if "rate" in method.uses and rate in ("", "auto"):
        assumed.append(f"No rate is told; {RATE:g} is taken.")
    task = ByHandTask(
        problems, RATE if rate in ("", "auto") else inputs.read("rate", _number), inputs.read("momentum", _number)
    )
    if not inputs["start"].strip() and inputs["convergence"].strip() and not {"interval", "pair"} & method.uses:
        inputs = Inputs(inputs.lab, {**inputs.given, "start": ", ".join("1" for _ in variables)})
        assumed.append("No start is told; 1 is taken.")
    start = _start(inputs, method, variables)
    count = min(inputs.integer("count"), MOST)
    known = course(task, method, start, 1)[-1].figures
    own = tuple(_own(part, variables, known) for part in inputs["claim"].split(";") if part.strip())
    count = max([count, *(step.index for step in own if step.index <= MOST)])
    return StepsQuestion(name, method, task, readings, start, count, own, tuple(assumed))


def _functions(inputs: Inputs) -> tuple[tuple[Reading, ...], tuple[sp.Symbol, ...]]:
    """The functions, those of a system parted by semicolons, and the variables of all."""
    texts = [part for part in inputs["f"].split(";") if part.strip()]
    known = [match[1] for match in re.finditer(r"([A-Za-z_]\w*)\s*=", inputs["start"])]
    readings = tuple(inputs.read("f", lambda _, part=part: read_formula(part, known=known)) for part in texts)
    free = {s.name: s for reading in readings for s in reading.expr.free_symbols}
    order = [name for name in known if name in free]
    order += sorted(name for name in free if name not in order)
    return readings, tuple(free[name] for name in order)


def _number(text: str) -> float:
    value = sp.N(read_formula(text).expr)
    if not value.is_number or not value.is_real:
        raise UserError("value", f"{text} is no number.", span=Span(0, len(text)))
    return float(value)


def _start(inputs: Inputs, method: ByHand, variables: tuple[sp.Symbol, ...]) -> Floats:
    """Where it begins: a number for each variable; both ends of an interval or a pair."""
    text = inputs["start"]
    parts = [part.strip(" ()[]") for part in text.split(",") if part.strip(" ()[]")]
    values = {part.partition("=")[0].strip(): part.partition("=")[2] for part in parts if "=" in part}
    names = [v.name for v in variables]
    if "interval" in method.uses or "pair" in method.uses:
        what = "both ends of an interval" if "interval" in method.uses else "two first points"
        if len(parts) != 2:
            raise UserError("value", f"{method.title} needs {what} to begin with.", hint="As 1, 2.", field="start")
        return inputs.read("start", lambda _: np.array([_number(part.rpartition("=")[2]) for part in parts]))
    if values and set(values) == set(names):
        return inputs.read("start", lambda _: np.array([_number(values[name]) for name in names]))
    if len(parts) != len(names):
        wanted = "a number" if len(names) == 1 else f"{len(names)} numbers, one for each of {', '.join(names)}"
        raise UserError("value", f"Where the steps begin is not told: {wanted}.", hint="As x0 = 1.", field="start")
    return inputs.read("start", lambda _: np.array([_number(part.rpartition("=")[2]) for part in parts]))


def _own(text: str, variables: tuple[sp.Symbol, ...], known: Mapping[str, Floats]) -> OwnStep:
    """An own step, `2: (1.6, 0.7)`, `1: y = 0.4`, `other: 1: 3`, or a figure of one, `1: g = 2`."""
    match = _OWN.match(text)
    names = [v.name for v in variables]
    name = (match[3] or "") if match is not None else ""
    figure = next((each for each in FIGURES.get(name, ()) if each in known), "") if name not in names else ""
    if match is None or (name and name not in names and not figure):
        raise UserError("value", f"{text.strip()} is no step here.", hint="As 1: 0.5; 2: 0.25.", field="claim")
    parts = [part.strip() for part in match[4].strip("()[] ").split(",")]
    try:
        numbers = np.array([_number(part) for part in parts])
    except UserError as error:
        error.field = "claim"
        raise
    units = np.array([_unit(part) for part in parts])
    component = names.index(name) if name in names and len(names) > 1 else -1
    whose = "rival" if match[1] else "asker"
    return OwnStep(int(match[2] or 1), component, numbers, units, match[4], whose, figure, name if figure else "")


def _unit(text: str) -> float:
    """What one in the last decimal place is worth; 0 for whole numbers and fractions, which are exact."""
    found = _DECIMAL.fullmatch(text.replace("−", "-"))
    if not found or not found[1]:
        return 0.0
    return math.pow(10, int(found[2] or 0) - len(found[1]))
