"""Losses and accuracies of a training that a text tells as numbers: in a row, in lines of a log, beside epochs."""

from __future__ import annotations

import itertools
import re

from nabla.question.filled import Filled, Span
from nabla.question.roles import RoleReading

LEAST = 3  # values of one series
_NUMBER = r"[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:e[-+]?\d+)?%?|nan|-?inf(?:inity)?"
_BETWEEN = r"\s*(?:,|;|->|-->|→|…|\.\.\.|/|\bto\b|\bthen\b|\band\b|\bagain\b|\s)\s*"
_SERIES = re.compile(
    r"(?P<kind>(?:\b(?:train(?:ing)?|val(?:id(?:ation)?)?|test|dev|eval)[ _-]*)?"
    r"(?:\b|(?<=_))(?:loss(?:es)?|cost|mse|error|acc(?:uracy)?))\b"
    r"(?P<filler>(?:\s|[=:(\[|>*`]|\b(?:is|was|are|values?|curve|goes|going|went|stays?|stayed|remains?|stuck|at|from|"
    r"prints?|printed|like|per|epochs?|after|each|step|of|my|the|keeps?|around|about|constant|just|jumps?|bounces?|"
    r"drops?|decreases?|increases?|oscillates?|between|hovers?|always|does|not|doesn't|won't|never|go|get|below|under|lower|than)\b)*?)"
    rf"(?P<values>(?<![\w.])(?:{_NUMBER})(?!\w)(?:(?:{_BETWEEN})+(?:{_NUMBER})(?!\w))*)",
    re.I,
)
_ROWS = re.compile(rf"^[ \t]*(\d+)[ \t:,|]+({_NUMBER})[ \t]*$", re.I | re.M)
_RUN = re.compile(rf"(?<![\w.])(?:{_NUMBER})(?:(?:{_BETWEEN})+(?:{_NUMBER})(?!\w)){{{LEAST - 1},}}", re.I)
_GOAL = re.compile(r"\b(?:how (?:long|many)|when)\b[^.?\n]{0,60}\b(?:below|under|to|reach(?:es)?) (\d*\.?\d+)\b", re.I)
_LOG = re.compile(r"^Epoch \d+/\d+$|\[[=>.]{4,}\]|\d[mun]?s/(?:step|epoch|sample)", re.M)  # lines that Keras prints
_STAYS = re.compile(r"\bstuck|\bstays?\b|\bconstant|\balways\b|\bnever\b|\bplateau|(?:n't|not|no longer|won't|stops?) "
                    r"(?:go|decreas|chang|improv|drop|get|mov|fall)\w*", re.I)  # fmt: skip
_CLASSES = re.compile(r"\b(\d{1,4}|two|three|four|five|six|seven|eight|nine|ten)[- ](?:\w+ )?(?:class(?:es)?|categor|"
                      r"labels|digits)|\b(binary)\b|\b(mnist|cifar-?10\b)|\b(cifar-?100|imagenet)", re.I)  # fmt: skip
_WORDS = {w: i for i, w in enumerate("two three four five six seven eight nine ten".split(), 2)}
_NAMED = re.compile(r"loss|cost|error|accura|epoch|\bmse\b|\biter", re.I)  # a table that counts up is no training yet
_TRAINING = re.compile(
    r"\b(?:epochs?|train\w*|networks?|nets?|models?|classifier|learn\w*|val_?\w*|validation|gradient|descent|iterations?|"
    r"neural|cnn|lstm|mlp|classes|keras|pytorch|loss|accuracy|mnist|mse|xor)\b",
    re.I,
)


def _is_argument(text: str, at: int) -> bool:
    """Whether numbers are what a function is called with, `torch.tensor([2.0, 1.0, 0.1])`: the text tells a program."""
    before = text[:at]
    head = before.rstrip("[( ")
    return before[len(head) :].startswith("(") and head[-1:].isalnum()


def learning_curves(reading: RoleReading) -> Filled | None:
    """The inputs of train for the numbers of a training, as they are told; None where the text tells none."""
    text = reading.text
    if reading.programs or reading.asks("fit", "derivative", "gradient", "minimise") or not _TRAINING.search(text):
        return None
    found: dict[str, list[str]] = {}
    used: list[Span] = []
    for match in _SERIES.finditer(text):
        values = re.findall(_NUMBER, match["values"], re.I)
        found.setdefault(_kind(match["kind"]), []).extend(values)
        used.append(match.span())
    rows = _ROWS.findall(text)
    if len(rows) >= LEAST and _NAMED.search(text) and _counts_up([int(number) for number, _ in rows]):
        found = {"losses": [value for _, value in rows]}
        used += [match.span() for match in _ROWS.finditer(text)]
    if not any(len(found.get(name, [])) >= LEAST for name in ("losses", "accuracies")):
        runs = list(_RUN.finditer(text))
        is_told = re.search(r"loss|cost", text, re.I) is not None and not any(
            _is_argument(text, run.start()) for run in runs
        )
        run = runs[0] if runs and is_told else None
        if run is not None:
            found["losses"] = re.findall(_NUMBER, run[0], re.I)
            used.append(run.span())
        elif len(values := found.get("losses", [])) == 1 and _STAYS.search(text):
            found["losses"] = values * LEAST
        else:
            return None
    inputs = {name: ", ".join(values) for name, values in found.items()}
    if (told := _CLASSES.search(text)) is not None:
        number = told[1] or {2: "2", 3: "10", 4: "100" if "cifar" in told[0].lower() else "1000"}[told.lastindex or 2]
        inputs["classes"] = str(_WORDS.get(number.lower(), number))
        used.append(told.span())
    if (goal := _GOAL.search(text)) is not None and "losses" in inputs:
        inputs["goal"] = goal[1]
        used.append(goal.span(1))
    used += [(text.rfind("\n", 0, m.start()) + 1, _line_end(text, m.end())) for m in _LOG.finditer(text)]
    start, end = min(span[0] for span in used), max(span[1] for span in used)
    used += [f.span for f in reading.formulas if f.span[0] < end and f.span[1] > start]
    return Filled(inputs, tuple(used))


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return end if end >= 0 else len(text)


def _kind(label: str) -> str:
    label = label.lower()
    other = re.match(r"val|test|dev|eval", label) is not None
    if re.search(r"acc", label):
        return "validation_accuracies" if other else "accuracies"
    return "validation" if other else "losses"


def _counts_up(numbers: list[int]) -> bool:
    """Whether numbers are those of epochs: they rise, evenly."""
    steps = {b - a for a, b in itertools.pairwise(numbers)}
    return len(steps) == 1 and steps.pop() > 0
