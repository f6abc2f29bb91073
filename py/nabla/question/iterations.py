"""Steps of a method that are asked for one by one: which method, of what, from where, how many, and the asker's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from nabla.question.filled import Filled, Span, difference, substituted
from nabla.question.formulas import Formula, entries_of, is_constant, names_in
from nabla.question.losses import loss_of_samples
from nabla.question.notation import bare
from nabla.question.quadratics import quadratic
from nabla.question.roles import RoleReading
from nabla.question.step_rules import INDEXED, RECURRENCE, TOLD_RATE, is_recurrence, is_velocity, is_worked, rule_of

# Words that name a method; the first that is found counts.
METHODS: tuple[tuple[str, str], ...] = (
    ("bisection", r"bisect\w*|interval[- ]halving"),
    ("regula-falsi", r"regula falsi|false[- ]position"),
    ("secant", r"secant"),
    ("fixed-point", r"fixed[- ]point"),
    ("golden-section", r"golden[- ](?:section|ratio)"),
    ("conjugate-gradient", r"conjugate[- ]gradients?|fletcher|\bcg\b"),
    ("steepest-descent", r"exact line[- ]search|optimal step|(?:steepest|gradient) descent[^.]*\bline[- ]search"),
    ("nesterov", r"nesterov\w*"),
    ("adam", r"\badam\b"),
    ("rmsprop", r"rms-?prop"),
    ("adagrad", r"adagrad"),
    ("momentum", r"momentum|heavy[- ]ball"),
    ("newton", r"newton"),
    ("gradient-ascent", r"gradient ascent|steepest ascent"),
    ("gradient-descent", r"gradient descent|steepest descent|method of steepest|descent step|gradient step|\bgd\b"),
    ("gradient-descent", r"learning rate"),
)
# Methods that solve nothing else here: their name alone asks for their steps.
ALONE = frozenset(["bisection", "regula-falsi", "secant", "fixed-point", "golden-section"])
INTERVALS = frozenset(["bisection", "regula-falsi", "golden-section"])
_NUMBERS = {word: i for i, word in enumerate("zero one two three four five six seven eight nine ten".split())} | {
    "a": 1, "single": 1, "another": 1, "next": 1, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5,
    "sixth": 6, "twice": 2,
}  # fmt: skip
_TURN = r"(?:iterations?|iterates?|steps?|updates?|approximations?|approximants?|estimates?|rounds?|epochs?|midpoints?)"
_COUNT = re.compile(
    rf"\b(\d+|{'|'.join(_NUMBERS)})((?:[- ]+[a-z']+){{0,3}}?)[- ]+{_TURN}\b"
    r"(?![- ]*(?:sizes?|lengths?|of\s+(?:size|length)))",
    re.I,
)
_NUMBERED = re.compile(r"\b(?:iteration|step|iterate)\s+(\d+)\b(?!\.\d)", re.I)
_BY_HAND = re.compile(
    r"\bby hand\b|\bmanually\b|\biterat(?:e|es|ion|ions)\b|"
    r"\b(?:next|new|updated) (?:point|value|iterate|estimate|guess|approximation|weights?|parameters?|position)|"
    r"\bafter (?:a|one|the) (?:update|step)|\bstep[- ]by[- ]step\b|\bapply\b[^.]{0,40}\b(?:once|twice)\b",
    re.I,
)
_ONCE = re.compile(r"\b(once|twice|first (?:two|three|four|2|3|4) points)\b", re.I)
_OTHER_METHODS = re.compile(
    r"gauss[- ]newton|levenberg|quasi[- ]newton|bfgs|broyden|halley|damped newton|modified newton", re.I
)
_ORDER = re.compile(
    r"\b(?:order|rate|speed) of (?:the )?convergence|\bconvergence (?:rate|order|speed)|"
    r"\b(?:linear|quadratic|cubic|superlinear|sublinear)(?:ly)?\b[^.?!]*\bconverg|"
    r"\bconverg\w*\b[^.?!]*\b(?:linear|quadratic|cubic|superlinear|sublinear|slow|fast)",
    re.I,
)
_LIMIT = re.compile(r"\bconverg\w*\b(?: \w+ly)* (?:to|towards?)(?: the root)?\W{0,3}\Z", re.I)
_TOLD_NEXT = re.compile(
    r"\b(?:iterate|point|approximation|estimate|value|root|theta|weight) (?:is|becomes|would be|should be)\W{0,3}\Z",
    re.I,
)
_FOR_THE = re.compile(r"\W{0,3}(?:for|as|after) the (first|second|third|fourth)\b", re.I)
_ROOT_OF = re.compile(r"(?:\\?sqrt\W?|√|square root of )\W?(\d+)", re.I)
_BETA = re.compile(r"(?:β|beta)_?\{?\Z", re.I)
_ACCURACY = re.compile(
    r"\b(?:accura\w+|errors?|tolerance|within|precision)\b[^\d.;?\n]{0,24}"
    r"(\d*\.?\d+(?:e-?\d+)?(?:\s?\^\s?\{?-?\d+\}?)?)",
    re.I,
)
_HOW_MANY = re.compile(r"\bhow many\b", re.I)
_LOWEST = re.compile(
    r"minim|maxim|optimi[sz]|hessian|stationary|critical point|extrem|second derivative|\bdescent", re.I
)
_ROOT = re.compile(r"\broots?\b|\bzeros?\b|\bsolv|\bsolution|=\s*\$?0\b|square root|cube root|raphson", re.I)
_ROOT_ALONE = re.compile(r"\broots?\b|\bzeros?\b|=\s?\$?0(?![.\d])", re.I)
_RATE = re.compile(
    r"(?:\brate|step[- ]?(?:size|length)?|\blr|alpha|eta|gamma|[αηγ])\W{0,3}(?:of|=|is|:)?\W{0,3}\Z", re.I
)
_RULE = re.compile(r"-\s?(\d*\.\d+)\s?\*?\s?(?:grad|g\b|\\nabla|∇|f')", re.I)
_RULE_MOMENTUM = re.compile(r"\bv\s?=\s?(\d*\.\d+)\s?\*?\s?v\b", re.I)
_ADDED = re.compile(r"\b(?:x|w|theta|θ)\s?(\+=|:=|←)\s?v\b")
_ORIGIN = re.compile(r"\borigin\b|\b(?:from|at|with) (?:zero|the zero)\b|\bzero (?:vector|weights)", re.I)
_MOMENTUM = re.compile(r"(?:momentum|beta|β|decay|\brho|ρ)[\s\w(]{0,24}?\W{0,3}(?:of|=|is|:)?\W{0,3}\Z", re.I)
_RATES = frozenset("lr alpha eta gamma rate α η γ t step".split())
_MOMENTA = frozenset("beta β momentum mu rho b1 beta1 beta_1 β1 β_1 β₁".split())
_SECOND = frozenset("b2 beta2 beta_2 β2 β_2 β₂ eps epsilon ε".split())  # of Adam, where they are the usual ones
_FIGURES = {
    "adam": frozenset("g grad m v s m_hat v_hat mhat vhat hat_m hat_v".split()),
    "momentum": frozenset("g grad v m".split()), "nesterov": frozenset("g grad v m".split()),
    "adagrad": frozenset("g grad s v".split()), "rmsprop": frozenset("g grad s v".split()),
    "gradient-descent": frozenset("g grad".split()),
}  # fmt: skip


@dataclass
class _StepParts:
    """What the formulas of a text are for the steps."""

    used: list[Span] = field(default_factory=list)
    start: dict[str, str] = field(default_factory=dict)
    claims: list[tuple[int | None, str, str, int]] = field(default_factory=list)
    rate: str = ""
    momentum: str = ""
    asked: int = 0


def iterations(reading: RoleReading) -> Filled | None:
    """The inputs of descend for steps by hand; None where the text asks for none."""
    text = reading.text
    words = text.lower()
    method = next((name for name, pattern in METHODS if re.search(pattern, words)), "")
    recurrence = next((f for f in reading.formulas if is_recurrence(f, reading)), None)
    if recurrence is not None:
        method = "fixed-point"
    rule = (
        next((each for f in reading.formulas if (each := rule_of(f, reading)) is not None), None)
        if not method
        else None
    )
    if rule is not None:
        method = rule[0]
    accuracy = _ACCURACY.search(text) if method == "bisection" else None
    counted = _OTHER_METHODS.search(text) or (_HOW_MANY.search(text) and accuracy is None)
    if not method or reading.programs or reading.data or counted:
        return None
    if method == "newton" and any(_is_step(f) for f in reading.formulas):
        method = "fixed-point"  # x = x - (x^2 - 2)/(2x): the step itself is told
    found = _StepParts(rate=rule[1] if rule is not None else "")
    body, names = _function(reading, method, recurrence, found.used)
    if not body:
        return None
    if method == "newton":
        several = len(names) > 1 and ";" not in body
        method = "newton-root"
        if several or (_LOWEST.search(text) and not _ROOT_ALONE.search(text)):
            method = "newton"
    _sort(reading, method, names, found)
    if method == "gradient-descent" and not found.rate and re.search(r"\bsteepest\b", words):
        method = "steepest-descent"
    root = method == "newton-root" and bool(_ROOT.search(text))
    first = 2 if method == "secant" else 1
    told = max((number for number, _ in _counts(text)), default=0)
    count = max(found.asked, told and told + first - 1)
    judged = bool(found.claims and found.start and found.rate)  # I get 2, 1, 0.5 from x0 = 4 with the rate 0.25
    speed = _ORDER.search(text) is not None
    if not (count or judged or method in ALONE or root or speed or _BY_HAND.search(text)):
        return None
    if method in INTERVALS and not found.start:
        _between(text, found)
    if not found.start and _ORIGIN.search(text):
        found.start = dict.fromkeys(names, "0")
    claims = _placed(reading, found, first)
    inputs = {"f": body, "by_hand": method, "count": str(count) if count and not accuracy else "", "rate": found.rate}
    inputs["start"] = ", ".join(v if name[0] == "#" else f"{name}={v}" for name, v in sorted(found.start.items()))
    inputs["momentum"] = found.momentum
    inputs["claim"] = "; ".join(claims)
    inputs["convergence"] = f"accuracy {accuracy[1]}" if accuracy else "order" if speed else ""
    found.used += [accuracy.span(1)] if accuracy else []
    return Filled({name: value for name, value in inputs.items() if value}, tuple(found.used))


def _is_step(formula: Formula) -> bool:
    """Whether a formula tells how a step goes: x = x - ..."""
    left = formula.sides[0].strip()
    return (
        len(formula.sides) == 2
        and is_variable(left)
        and re.match(rf"{re.escape(left)}\s*[-−]", formula.body.strip()) is not None
    )


def _function(reading: RoleReading, method: str, recurrence: Formula | None, used: list[Span]) -> tuple[str, list[str]]:
    """What is iterated on, and its variables; a system is written with semicolons."""
    if recurrence is not None:
        found = RECURRENCE.match(recurrence.sides[0].strip())
        assert found
        used.append(recurrence.span)
        name, index = found[1], found[2]
        body = re.sub(rf"\\?\b{name}\s?_\s?(?:{{\s?{index}\s?}}|\(\s?{index}\s?\)|{index}\b)", name, recurrence.body)
        return body, [name]
    if (loss := loss_of_samples(reading, used)) is not None:
        return loss
    if method in _QUADRATICS and (form := quadratic(reading, used)) is not None:
        return form
    rules = [f for f in reading.formulas if RECURRENCE.match(f.sides[0].strip()) or is_velocity(f) or is_worked(f)]
    used += [f.span for f in rules]  # the rule of the method itself
    likely = [
        f
        for f in [*reading.functions, *reading.formulas]
        if f not in rules and f.shape in _FUNCTIONS and f.role != "claim"
    ]
    if not likely and method == "newton" and (square := _ROOT_OF.search(reading.text)) is not None:
        used.append(square.span())
        return f"x^2 - {square[1]}", ["x"]
    if not likely:
        return "", []
    first = likely[0]
    equations = [f for f in reading.formulas if f.shape == "equation" and f not in rules and f.role != "claim"]
    if method == "newton" and len(equations) > 1:
        names = list(dict.fromkeys(n for f in equations for side in f.sides for n in names_in(side)))
        if len(names) == len(equations):
            used += [f.span for f in equations]
            return "; ".join(difference(f) for f in equations), names
    used.append(first.span)
    if first.shape == "equation" or (first.shape == "definition" and first.name in names_in(first.body)):
        if method == "fixed-point" and is_variable(first.sides[0]):
            return first.body, list(names_in(first.body))
        body = difference(first)
    else:
        body = substituted(first.body, reading, first, used, keep=first.args)
    named = list(first.args) if first.shape == "function" else []
    return body, named or sorted(names_in(body))


_QUADRATICS = frozenset(["conjugate-gradient", "steepest-descent", "gradient-descent", "newton"])
_FUNCTIONS = frozenset(["function", "formula", "definition", "equation"])


def is_variable(side: str) -> bool:
    """Whether a side of an equation is one name."""
    return bool(re.fullmatch(r"\\?[A-Za-z]+", side.strip()))


def _counts(text: str) -> list[tuple[int, int]]:
    """The numbers of steps that a text names, each with its place."""
    found = []
    for match in _COUNT.finditer(text):
        said = [match[1], *match[2].split()]
        numbers = [int(w) if w.isdigit() else _NUMBERS[w.lower()] for w in said if w.isdigit() or w.lower() in _NUMBERS]
        if not re.search(r"[._=]\s?\Z|\bstep\s\Z", text[: match.start()][-6:]):
            found.append((numbers[-1], match.start()))
    found += [(int(match[1]), match.start()) for match in _NUMBERED.finditer(text)]
    for match in _ONCE.finditer(text):
        word = match[1].split()[1] if " " in match[1] else {"once": "1", "twice": "2"}[match[1].lower()]
        found.append((int(word) if word.isdigit() else _NUMBERS[word.lower()], match.start()))
    return found


def _sort(reading: RoleReading, method: str, names: Sequence[str], found: _StepParts) -> None:
    """Give each formula its place: rate, momentum, start, or a step of the asker's."""
    text = reading.text
    last: Formula | None = None
    begun = [name + zero for name in names for zero in ("0", "_0", "_{0}")]
    for formula in sorted(reading.formulas, key=lambda f: (f.role != "start" and f.name not in begun, f.span)):
        if formula.span in found.used:
            continue
        before, behind = text[max(0, formula.span[0] - 30) : formula.span[0]], text[formula.span[1] :]
        if formula.shape == "number" and re.match(rf"[- ](?:[A-Za-z]+ ){{0,2}}{_TURN}", behind):
            continue
        if formula.shape in ("value", "number") and formula.name in ("", *names) and _LIMIT.search(before):
            found.used.append(formula.span)  # where the steps come to: that is told with the answer
            continue
        if _BETA.search(before) and formula.sides[0].strip(" }") in ("1", "2") and len(formula.sides) == 2:
            if formula.sides[0].strip(" }") == "1":
                found.momentum = formula.body.strip()
            if formula.sides[0].strip(" }") == "1" or formula.body.strip() == "0.999":
                found.used.append(formula.span)
            continue
        if formula.shape == "number" and _TOLD_NEXT.search(before):
            formula.role = "claim"
        follows = last is not None and _LISTED.fullmatch(text[last.span[1] : formula.span[0]]) is not None
        if follows and last is not None and formula.role != "claim":
            formula.role, formula.whose = "claim", last.whose
        known = len(found.claims)
        taken = _setting(formula, before, found) if formula.shape in ("number", "value") and not follows else False
        if taken or _place(formula, method, names, found):
            found.used.append(formula.span)
        last = formula if len(found.claims) > known else None
    found.claims.sort(key=lambda claim: claim[3])
    if not found.rate and (told := TOLD_RATE.search(text) or _RULE.search(text)):
        found.rate = told[1]
        found.used.append(told.span(1))
    found.used += [match.span(1) for match in _ADDED.finditer(text)]
    if not found.momentum and (told := _RULE_MOMENTUM.search(text)):
        found.momentum = told[1]
        found.used.append(told.span(1))


_LISTED = re.compile(r"\$?\s*(?:,|;|→|->|and|then|\s)+\s*\$?")


def _setting(formula: Formula, before: str, found: _StepParts) -> bool:
    """Whether a number is the rate or the momentum."""
    name = formula.name if formula.shape == "value" else ""
    if (name in _MOMENTA or (not name and _MOMENTUM.search(before))) and not found.momentum:
        found.momentum = formula.body
        return True
    if name in _SECOND and re.fullmatch(r"0?\.999|1e-0?8|10\^\{?-8\}?", formula.body.strip()):
        return True
    if (name in _RATES or (not name and _RATE.search(before))) and not found.rate:
        found.rate = formula.body
        return True
    return False


def _place(formula: Formula, method: str, names: Sequence[str], found: _StepParts) -> bool:
    """Whether a formula is a point: the start, a step that is asked for, or one of the asker's."""
    mine = formula.frame in ("claim", "rival") or formula.role == "claim"
    whose = "rival" if formula.frame == "rival" or formula.whose == "rival" else "asker"
    base, index = _named(formula.name or (bare(formula.sides[0]) if len(formula.sides) == 2 else ""), names)
    if formula.shape == "name":
        found.asked = max(found.asked, index or 0)
        return index is not None
    value = re.sub(r"\s?\^\s?\{?\\?(?:T|top)\}?\Z", "", formula.sides[-1].strip() or formula.body.strip())
    worked = formula.shape == "definition" and len(formula.sides) > 2 and is_constant(value)  # x_1 = 2 - 0.5*7 = -1.5
    entries = entries_of(value) or ([value] if worked or formula.shape in ("number", "value") else [])
    if not entries or not all(is_constant(entry) for entry in entries):
        return False
    if index is None and len(entries) == len(names) > 1 and (counted := INDEXED.match(base)):
        index = int(counted[2] or counted[3])  # x1 = (1.2, -0.6) is the first point, though x1 is a variable too
    if formula.shape == "value" and formula.name in _FIGURES.get(method, ()) and value.strip("0."):
        found.claims.append((None, f"{formula.name} = {value}", whose, formula.span[0]))
        return True
    if formula.shape == "value" and not base:
        return re.fullmatch(r"v_?0?|m_?0|s_?0", formula.name) is not None and float(value or 1) == 0
    single = bool(base) and len(entries) == 1  # of one variable, or of one component
    size = 2 if method in INTERVALS | {"secant"} else len(names)
    if not single and len(entries) != size and not len(entries) == 1 == len(names):
        return False
    first = index == 0 or (index == 1 and method == "secant" and not mine)
    alone = index is None and formula.shape == "value" and not found.claims  # the first that is told of a variable
    if first or alone or (index is None and not mine and formula.role in ("start", "point")):
        keys = [base] if single and len(names) > 1 else names if len(entries) == len(names) > 1 else []
        if single and base not in names and len(names) > 1 and value == "0":
            keys, entries = list(names), ["0"] * len(names)  # x0 = 0, the vector
        if not keys or (keys == [base] and base not in names):
            keys = [f"#{index}"] if index is not None and method == "secant" else [f"#{len(found.start)}"]
            keys += [f"#{len(found.start) + i}" for i in range(1, len(entries))]
        room = len(names) if len(names) > 1 else size
        if not set(keys) & set(found.start) and len(found.start) + len(entries) <= room:
            found.start |= dict(zip(keys, entries, strict=True))
            return True
        mine = formula.shape != "number"
    if formula.shape == "number" and not mine:
        return False
    told = f"({', '.join(entries)})" if len(entries) > 1 else value
    if single and len(names) > 1:
        told = f"{base} = {value}"
    found.claims.append((index or None, told, whose, formula.span[0]))
    found.asked = max(found.asked, index or 0)
    return True


def _named(name: str, names: Sequence[str]) -> tuple[str, int | None]:
    """The variable that a name with an index is of, and the index; the name itself where it is a variable."""
    if not name:
        return "", None
    if name in names:
        return name, None
    found = INDEXED.match(name)
    if not found:
        return "", None
    base = bare(found[1])
    fits = base in names or any(n.rstrip("0123456789_") == base for n in names)
    return (base, int(found[2] or found[3])) if fits else ("", None)


def _between(text: str, found: _StepParts) -> None:
    """The ends of an interval in words: between 1 and 2, from 0 to 5."""
    number = r"\$?(-?\d+(?:\.\d+)?)\$?"
    match = re.search(rf"(?:between|from|a\s?=|\[)\s*{number}\s*(?:and|to|,|;)\s*(?:b\s?=)?\s*{number}", text, re.I)
    if match:
        found.start = {"#0": match[1], "#1": match[2]}
        found.used += [match.span(1), match.span(2)]


def _placed(reading: RoleReading, found: _StepParts, first: int) -> list[str]:
    """The asker's steps, each with its number: by name, by the words before it, else in their order from `first`."""
    made: list[str] = []
    counts = _counts(reading.text)
    for whose in ("asker", "rival"):
        listed = [claim for claim in found.claims if claim[2] == whose]
        start = ",".join(found.start.values())
        if len(listed) > 1 and listed[0][0] is None and listed[0][1].strip("()").replace(" ", "") == start:
            listed = listed[1:]  # 0, 1, 0, 1 from 0: the first is where it begins
        components = [value.partition(" = ")[0] if " = " in value else "" for _, value, _, _ in listed]
        alone = sum(index is None for index, *_ in listed) - sum(bool(c) for c in components[1:]) == 1
        order, held = first - 1, {""}
        for (index, value, _, place), component in zip(listed, components, strict=True):
            if index is None:
                if component in held or "" in held:
                    order, held = order + 1, set()
                held.add(component)
                before = [number for number, at in counts if at < place]
                end = place + len(value)
                if (behind := _FOR_THE.match(reading.text[end : end + 40])) is not None:
                    before = [_NUMBERS[behind[1].lower()]]
                index = order if not alone else (before or [max(found.asked, 1)])[-1] + first - 1
            made.append(f"{'other: ' if whose == 'rival' else ''}{index}: {value}")
    return made
