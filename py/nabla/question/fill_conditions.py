"""The inputs of derive for questions that tell equations about a function: parameters, places, values, proofs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nabla.question.equations import canonical, is_differential, marks_in
from nabla.question.filled import Filled, Span, doubts_of, put
from nabla.question.formulas import Formula, entries_of, is_constant, names_in
from nabla.question.notation import PRIMES
from nabla.question.roles import RoleReading
from nabla.question.sentences import ProseSentence

_WANTED = re.compile(r"\b[Ff]ind\s+((?:\$?[a-z]\$?\s*,\s*)*\$?[a-z]\$?\s*,?\s+and\s+\$?[a-z])\$?\s*(?:[.?]|\Z)")
_STATIONARY = re.compile(
    r"\b(?:max(?:im(?:um|a))?|min(?:im(?:um|a))?|extrem(?:um|a|e)|stationary|critical|turning|horizontal\s+tangent)\b"
)
INFLECTION = re.compile(r"\binfle(?:ct|x)ions?\b")
_PASSES = re.compile(r"\b(?:pass\w*|go\w*)\s+through\b|\bthrough\b|\blies?\s+on\b|\bcontains?\b")
_SLOPE = re.compile(r"\b(?:slope|gradient)\b")


_CALL = re.compile(r"\s*([A-Za-z])\s?\(\s?([^()]+?)\s?\)\s*")


# What stands before the formula of another line.
_BESIDE = re.compile(r"(?:(?:parallel|perpendicular)\s+to\s+(?:the\s+)?|\btangent\s+)(?:line\s+)?(?:is\s+)?\$?\Z")


def told_values(reading: RoleReading) -> dict[str, list[tuple[str, Formula]]]:
    """What the text tells of functions at places, `f(3) = 4` and `f'(3) = -2`, by the name of the function."""
    found: dict[str, list[tuple[str, Formula]]] = {}
    for formula in reading.formulas:
        if len(formula.sides) != 2 or not is_constant(formula.sides[1]):
            continue
        left, mark = formula.sides[0], formula.prime
        if mark and mark.kind == "derivative" and mark.arg and is_constant(mark.arg) and not mark.variables:
            text = f"{mark.function}{PRIMES[0] * mark.order}({mark.arg}) = {formula.sides[1]}"
            found.setdefault(mark.function, []).append((text, formula))
        elif (call := _CALL.fullmatch(left)) and is_constant(call[2]):
            found.setdefault(call[1], []).append((f"{left} = {formula.sides[1]}", formula))
    return found


def table_of_values(text: str) -> list[str]:
    """The values of a table with the columns x, f(x), f'(x), ..., each as an equation."""
    rows = [[cell.strip(" $") for cell in _CELLS.split(line.strip(" |"))] for line in text.splitlines()]
    head = next((i for i, row in enumerate(rows) if sum(bool(_COLUMN.fullmatch(cell)) for cell in row) > 1), None)
    if head is None or len(rows[head][0]) != 1:
        return []
    found = []
    for row in rows[head + 1 :]:
        if len(row) == len(rows[head]) and all(is_constant(cell) for cell in row):
            found += [f"{c[1]}{c[2] or ''}({row[0]}) = {cell}" for c, cell in _named_cells(rows[head], row)]
    return found


def _named_cells(head: Sequence[str], row: Sequence[str]) -> list[tuple[re.Match[str], str]]:
    pairs = [(_COLUMN.fullmatch(name), cell) for name, cell in zip(head, row, strict=True)]
    return [(match, cell) for match, cell in pairs if match]


_CELLS = re.compile(r"\s*\|\s*|\t+|\s*&\s*|\s{2,}")
_COLUMN = re.compile(r"([A-Za-z])\s?('{0,3})\s?\([a-z]\)")


def host(reading: RoleReading) -> Formula | None:
    """The function that a text tells the formula of."""
    candidates = [
        formula
        for formula in [*reading.functions, *reading.formulas]
        if formula.shape in ("function", "definition", "formula")
        and not is_differential(formula)
        and not (len(formula.sides) == 2 and is_constant(formula.sides[1]))
        and not marks_in(formula.body)
        and formula.name != "d"
        and not _BESIDE.search(reading.text[max(0, formula.span[0] - 40) : formula.span[0]])
        and len(names_in(formula.body)) > 0
    ]
    told = [formula for formula in candidates if formula.shape != "formula"]
    return next(iter(told or candidates), None)


def variable_of(formula: Formula, equations: Sequence[Formula] = ()) -> tuple[str, ...]:
    """The variables of a function: those of f(x, y), those of the signs, else x, t, or the first letter that it has."""
    if formula.args:
        return formula.args
    marks = [mark for equation in equations for mark in marks_in(equation.read)]
    signed = [name for mark in marks for name in mark.variables]
    if signed:
        return tuple(dict.fromkeys(signed))
    names = names_in(formula.body)
    usual = [name for name in names if name in ("x", "t", "theta", "s", "r")]
    return next(((name,) for name in ("x", "t") if name in names), tuple(usual[:1]) or names[:1])


def fill_conditions(reading: RoleReading) -> Filled | None:
    """The inputs for a text that asks for parameters, whether an equation is solved, or a value from values told."""
    if reading.programs:
        return None
    if reading.data:
        return _given(reading) if table_of_values(reading.text) else None
    return _given(reading) or _verified(reading) or _unknown(reading)


def called(first: Formula) -> str:
    """What conditions call a function: its own name where that is one letter, else f."""
    return first.name if re.fullmatch(r"[A-Za-z]", first.name) else "f"


def named(first: Formula, name: str) -> str:
    """The function with the name that conditions call it by."""
    return first.body if not name or name == "f" else f"{name} = {first.body}"


# Values told of open functions.

_OF_BOTH = re.compile(
    r"\(\s?([A-Za-z])\s?(\\?cdot|\\times|[*·/+−-]|∘|\\circ|\s?)\s?([A-Za-z])\s?\)\s?[\'′’]\s?\(\s?([^()]+?)\s?\)"
)
_SIGNS = {"": "{a}(x) {b}(x)", "/": "{a}(x)/{b}(x)", "+": "{a}(x) + {b}(x)", "-": "{a}(x) - {b}(x)"}


def _given(reading: RoleReading) -> Filled | None:
    """g(x) = x f(x), f(3) = 4, f'(3) = -2, g'(3): from values that are told of functions without a formula."""
    told = told_values(reading)
    table = table_of_values(reading.text)
    formulas = {f.name: f for f in reading.formulas if f.shape in ("function", "definition") and f.name}
    open_ = {name: values for name, values in told.items() if name not in formulas}
    equations = [text for values in open_.values() for text, _ in values] + table
    if not any(PRIMES[0] in text.partition("(")[0] for text in equations):
        return None
    conditions = "; ".join(equations)
    used: list[Span] = [formula.span for values in open_.values() for _, formula in values]
    if table:
        open_ |= {text[0]: [] for text in table}
        used += [(0, _end_of_table(reading.text))]
    further = [
        Filled(
            {
                "f": f"h = {_combined(*found.group(1, 2, 3))}",
                "what": "given",
                "at": f"x={found[4]}",
                "conditions": conditions,
            },
            _covering(reading, found.span()),
            asked=found[0],
        )
        for found in _OF_BOTH.finditer(reading.text)
        if {found[1], found[3]} <= set(open_) and is_constant(found[4])
    ]
    asked = [
        r for r in reading.requests if r.what == "derivative" and r.function in formulas and is_constant(r.at or "x")
    ]
    for request in asked:
        first = formulas[request.function]
        calls = set(re.findall(r"(?<![A-Za-z\\])([A-Za-z])\s?\(", first.body))
        if calls & set(open_):
            variable = variable_of(first)[0]
            inputs = {"f": f"{first.name} = {first.body}", "what": "given", "at": f"{variable}={request.at}"}
            inputs |= {"wrt": variable, "conditions": conditions}
            further.append(Filled(inputs, (first.span,), asked=reading.text[slice(*request.span)]))
    further += _of_formula(reading, open_, conditions)
    if not further:
        return None
    main, *others = sorted(further, key=lambda filled: filled.used[0] if filled.used else (0, 0))
    used += [span for filled in further for span in filled.used]
    return Filled(main.inputs, tuple(used), further=tuple(others))


def _end_of_table(text: str) -> int:
    """Where the last row of numbers ends."""
    ends = [match.end() for match in re.finditer(r"^[^\n]*\d[ \t]*\|?[ \t]*$", text, re.MULTILINE)]
    return ends[-1] if ends else 0


def _of_formula(reading: RoleReading, open_: dict[str, list[tuple[str, Formula]]], conditions: str) -> list[Filled]:
    """d/dx of f(x)^2 at x = 2, a formula without a name."""
    place = next((f for f in reading.formulas if f.shape in ("value", "number") and f.role == "point"), None)
    for formula in reading.formulas:
        body = formula.sides[0] if formula.shape == "applied" else formula.body
        called = re.findall(r"(?<![A-Za-z\\])([A-Za-z])\s?\(\s?([a-z])", body)
        calls = {name for name, _ in called}
        if place is None or formula.shape not in ("applied", "formula") or not calls or not calls <= set(open_):
            continue
        x = place.name or called[0][1]
        inputs = {"f": body, "wrt": x, "what": "given", "at": f"{x}={place.body}"}
        return [Filled(inputs | {"conditions": conditions}, (formula.span, place.span), asked=formula.read)]
    return []


def _combined(a: str, sign: str, b: str) -> str:
    """A product, quotient, sum or composition of two open functions, written out."""
    if sign in ("∘", "\\circ"):
        return f"{a}({b}(x))"
    return _SIGNS["-" if sign == "−" else sign if sign in _SIGNS else ""].format(a=a, b=b)


def _covering(reading: RoleReading, span: Span) -> tuple[Span, ...]:
    return tuple(f.span for f in reading.formulas if f.span[0] < span[1] and span[0] < f.span[1])


# Whether an equation is solved.

_SHOWN = re.compile(r"\b(?:show|prove|verify|check|confirm|deduce|satisf\w+|solv\w+|solution)\b", re.IGNORECASE)


def _verified(reading: RoleReading) -> Filled | None:
    """Whether a function solves a differential equation; for which parameters, where that is asked."""
    equations = [formula for formula in reading.formulas if is_differential(formula)]
    first = host(reading)
    told = [e for e in equations if e.frame not in ("claim", "rival") and _SHOWN.search(reading.text)]
    if not equations or first is None or not (reading.asks("verify") or told):
        return None
    name = next((mark.function for e in equations for mark in marks_in(e.read) if mark.function), "")
    if first.name and name and first.name != name:
        return None
    variables = variable_of(first, equations)
    if not variables or any(re.search(r"_[a-z]\Z", variable) for variable in variables):
        return None  # ∂p_i/∂a_j in indices is an answer, and no equation of p
    parameters = set(names_in(first.body)) - set(variables)
    unknown = bool(parameters) and (reading.asks("unknown") or bool(re.search(r"\bfor (?:what|which)\b", reading.text)))
    inputs = {
        "f": named(first, name),
        "wrt": ",".join(variables),
        "what": "unknown" if unknown else "verify",
        "conditions": "; ".join(canonical(e.read, name, variables) for e in equations),
    }
    return Filled(inputs, (first.span, *(e.span for e in equations)), doubts_of([first]))


# Parameters.


def _unknown(reading: RoleReading) -> Filled | None:
    """Find a and b such that f(1) = 4 and f has a minimum at x = 2."""
    first = host(reading)
    if first is None or first.shape == "formula":
        return None
    variables = variable_of(first)
    parameters = set(names_in(first.body)) - set(variables)
    listed = {letter for found in _WANTED.finditer(reading.text) for letter in re.findall(r"\b[a-z]\b", found[1])}
    if len(variables) != 1 or not parameters or not (reading.asks("unknown") or (listed and listed <= parameters)):
        return None
    name, x = called(first), variables[0]
    conditions: list[str] = []
    used: list[Span] = [first.span]
    for text, formula in told_values(reading).get(name, []):
        conditions.append(text if PRIMES[0] in text else f"f{text[len(name) :]}")
        used.append(formula.span)
    for sentence in reading.sentences:
        conditions += _in_words(reading, sentence, (first, name, x), used)
    if not conditions:
        return None
    inputs = {"f": named(first, name), "wrt": x, "what": "unknown", "conditions": "; ".join(dict.fromkeys(conditions))}
    return Filled(inputs, tuple(used), doubts_of([first]))


def _in_words(
    reading: RoleReading, sentence: ProseSentence, of: tuple[Formula, str, str], used: list[Span]
) -> list[str]:
    """The conditions that a sentence tells: an extremum at x = 2, a slope of 5 there, a point that it goes through."""
    first, name, x = of
    found: list[str] = []
    told = [f for f in sentence.formulas.values() if f is not first and f.span not in used]
    places = [f for f in told if f.shape == "value" and f.name == x]
    numbers = [f for f in told if f.shape == "number"]
    points = [f for f in told if f.shape == "point" and len(entries_of(f.body)) == 2]
    line = next((f for f in told if (f.shape == "definition" and f.name == (first.name or "y")) or f.name == "y"), None)
    if line and len(places) == 1 and (slant := SLANT.fullmatch(line.body)) and _touches(reading, line):
        here = put(line.body, x, places[0].body, again=True) or line.body
        used += [line.span, places[0].span]
        return [f"f({places[0].body}) = {here}", f"{name}{PRIMES[0]}({places[0].body}) = {slope_of_line(slant)}"]
    for formula in [*places, *points]:
        before = reading.text[sentence.tokens[0].start : formula.span[0]].lower()
        behind = reading.text[formula.span[1] : sentence.tokens[-1].end].lower()
        place, height = (formula.body, "") if formula.shape == "value" else entries_of(formula.body)
        words = _last_clause(before)
        if height:
            found.append(f"f({place}) = {height}")
        if INFLECTION.search(words):
            found.append(f"{name}{PRIMES[0] * 2}({place}) = 0")
        elif _STATIONARY.search(words):
            found.append(f"{name}{PRIMES[0]}({place}) = 0")
        elif (slope := _slope(reading, numbers, (before, behind))) and _nearest(slope, [*places, *points]) is formula:
            found.append(f"{name}{PRIMES[0]}({place}) = {slope.body}")
            used.append(slope.span)
        elif not (height and _PASSES.search(words)):
            if height:
                found.pop()
            continue
        used.append(formula.span)
    return found


SLANT = re.compile(r"\s*([-+−]?\s?\d*(?:\.\d+)?(?:/\d+)?\s?\*?\s?x)(?:\s?[-+−].*)?\s*")


def slope_of_line(slant: re.Match[str]) -> str:
    """The factor before x in the formula of a line."""
    factor = slant[1].replace(" ", "").replace("−", "-").removesuffix("x").removesuffix("*")
    return f"{factor}1" if factor in ("", "+", "-") else factor


def _touches(reading: RoleReading, line: Formula) -> bool:
    """Whether a line is told to be a tangent."""
    around = reading.text[max(0, line.span[0] - 60) : line.span[1] + 30].lower()
    return bool(re.search(r"\btangent\b|\btouch", around))


def _nearest(number: Formula, places: Sequence[Formula]) -> Formula:
    """The place that stands nearest to a number."""
    return min(places, key=lambda f: min(abs(f.span[0] - number.span[1]), abs(number.span[0] - f.span[1])))


def _last_clause(text: str) -> str:
    return re.split(r"\band (?=(?:has|passes|goes|its|the)\b)|,", text)[-1] if "," not in text[-3:] else text


def _slope(reading: RoleReading, numbers: list[Formula], around: tuple[str, str]) -> Formula | None:
    """The number that a slope is said to be in the sentence of a place."""
    if not _SLOPE.search(" ".join(around)):
        return None
    return next((f for f in numbers if _SLOPE.search(reading.text[max(0, f.span[0] - 30) : f.span[0]].lower())), None)
