"""What an asker has for the gradients of a program: numbers and lists of prose, the expected ones before those that
were got.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from nabla.question import phrases
from nabla.question.atoms import Atom
from nabla.question.filled import Span
from nabla.question.formulas import Formula, is_constant
from nabla.question.lexicon import classes_of
from nabla.question.roles import RoleReading
from nabla.question.sentences import ProseSentence

_LISTED = re.compile(r"(?:tensor|array|np\.array)?\(?(\[[-\d., \[\]]+\])\)?")
_PRINTED = re.compile(r"\[[-+\d.,e \[\]\n]{3,300}\]")  # [12., 2.] as PyTorch prints it
_CONTRAST = frozenset(["but", "however", "yet", "whereas", "while", "although", "though", ";"])
_FULL_OF = {"ones": "1", "zeros": "0", "zeroes": "0"}
_LISTS = ("point", "vector", "matrix")
_GRADIENTS = frozenset(["grad", "gradient", "g", "dx", "dw", "dW", "db"])
# What a number behind them is the number of: argument 0, version 2.
_LABELLED = frozenset("argument arguments version dimension dim axis output line epoch step index".split())
_MOST = 6  # gradients that are judged


@dataclass(frozen=True, slots=True)
class _Number:
    """A number or a list that could be a gradient; `expected` where the words before it say so."""

    value: str
    name: str
    span: Span
    expected: bool
    weight: float


def gradient_claims(reading: RoleReading) -> tuple[str, tuple[Span, ...]]:
    """The claims as the lab reads them, `w.grad = 8; b.grad = 2` or a number alone, and what they are made of.

    What was expected is claimed; what was got beside it is told by the run. Without an expectation what was got is
    the claim.
    """
    found = [number for sentence in reading.sentences for number in _together(reading, sentence)]
    found = found or _in_comments(reading) or _stated(reading)
    pool = [number for number in found if number.expected] or found
    named = {number.name: number for number in reversed(pool) if number.name}
    kept = list(named.values())[::-1] or sorted(pool, key=lambda number: -number.weight)[:1]
    claims = [f"{number.name} = {number.value}" if number.name else number.value for number in kept[:_MOST]]
    return "; ".join(claims), tuple(number.span for number in found)


def _together(reading: RoleReading, sentence: ProseSentence) -> list[_Number]:
    """The numbers of a sentence, those with names that "and" joins to an expected one expected as it is."""
    found = list(_numbers(reading, sentence))
    for k in range(len(found) - 1, 0, -1):
        before, here = found[k - 1], found[k]
        between = reading.text[before.span[1] : here.span[0]].strip(" $`*")
        if here.expected and before.name and here.name and between.lower() in ("and", ",", "&", ", and"):
            found[k - 1] = replace(before, expected=True)
    return found


_COMMENT = re.compile(
    r"#[ \t]*(?:i[ ])?(?:expect(?:ed|s|ing)?|should (?:be|give|print)|want(?:ed)?)\b[ \t]*(?:is|was|:|=|->)?[ \t]*"
    r"(?:(?:torch\.)?tensor\(|(?:np\.|jnp\.)?array\()?(\[[-+\d., \[\]e]+\]|[-+]?\d[\d.]*(?:e[-+]?\d+)?)\)?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)


def _in_comments(reading: RoleReading) -> list[_Number]:
    """What comments of the programs say was expected: `# expected [4., 6.]`."""
    codes = [program.code for program in reading.programs]
    matches = _COMMENT.finditer(reading.text) if codes else ()
    return [_Number(match[1], "", match.span(), True, 5.0) for match in matches]


def _stated(reading: RoleReading) -> list[_Number]:
    """What the prose around a program works out, as 2 * (pred - target) = [2, -4], where it asks why."""
    found = []
    for formula in reading.formulas:
        text = formula.sides[-1].strip()
        listed = _LISTED.fullmatch(reading.text[slice(*formula.span)].rpartition("=")[2].strip("$` "))
        first = formula.sides[0]
        worked_out = len(formula.sides) > 1 and not is_constant(first) and not first.endswith("grad")
        if formula.shape in ("equation", "applied") and worked_out and (listed or is_constant(text)):
            found.append(_Number(listed[1] if listed else _plain(text), "", formula.span, True, 5.0))
    return found[:1] if reading.asks("why", "judge") or any(s.asks for s in reading.sentences) else []


def _numbers(reading: RoleReading, sentence: ProseSentence) -> Iterator[_Number]:
    """The numbers of a sentence, those that stand in a row as one list."""
    tokens = sentence.tokens
    done = -1
    for i, formula in sentence.formulas.items():
        if i <= done:
            continue
        expected = _expected(tokens, i)
        value, span = _value(reading, formula, expected), formula.span
        labelled = i > 0 and tokens[i - 1].text.lower() in _LABELLED
        aside = formula.shape == "number" and (labelled or _of_training(reading, tokens))
        if not value or aside or _is_setting(reading, formula):
            continue
        if around := _printed_around(reading.text, span):
            value, span = around
            done = max((k for k in sentence.formulas if tokens[k].start < span[1]), default=i)
        elif formula.shape == "number" or _of_name(formula):
            row = _row(reading, sentence, i)
            done, span = row[-1], (span[0], sentence.formulas[row[-1]].span[1])
            values = [_plain(sentence.formulas[k].sides[-1]) for k in row]
            value = f"[{', '.join(values)}]" if len(row) > 1 else value
            value, counted = (value, False) if _of_name(formula) else _counted(tokens, row[-1], value)
            if counted:
                span = (span[0], tokens[row[-1] + 1].end)
            elif len(row) == 1 and _counts(tokens, i):
                continue
        name = f"printed {formula.name}" if _of_name(formula) else _name(reading, formula)
        if name or not _of_value(tokens, i):
            yield _Number(value, name, span, expected, formula.weight + (formula.prime is not None))


def _is_setting(reading: RoleReading, formula: Formula) -> bool:
    """Whether a value is what the program itself gives to an argument, as weight_decay=0.01 is."""
    if formula.shape != "value":
        return False
    given = re.compile(rf"[(,]\s*{re.escape(formula.name)}\s*=\s*{re.escape(formula.body.strip())}(?![\d.])")
    return any(given.search(program.code) for program in reading.programs)


def _of_training(reading: RoleReading, tokens: Sequence[Atom]) -> bool:
    """Whether a sentence beside a training with an optimiser speaks of no derivative: its numbers are of weights."""
    spoken = frozenset[str]().union(*map(phrases.classes, tokens))
    trains = any(re.search(r"\w\.step\(\)", program.code) for program in reading.programs)
    return trains and not spoken & {"GRADIENT", "DERIVATIVE", "JACOBIAN", "HESSIAN", "PARTIAL"} and not any(
        "grad" in token.text.lower() for token in tokens)  # fmt: skip


def _of_name(formula: Formula) -> bool:
    """Whether a number is the value of a name of the program, w = 0.8 or h = σ(0) = 0.5, and no derivative."""
    valued = formula.shape == "value" or (formula.shape == "definition" and len(formula.sides) > 2)
    return valued and not formula.name.endswith("grad") and formula.name not in _GRADIENTS


def _value(reading: RoleReading, formula: Formula, expected: bool) -> str:
    """The number or list of a formula that may be an answer; "" for what is given, or another's."""
    mine = formula.role == "claim" and formula.whose != "rival"
    told = formula.frame == "claim" and formula.weight >= 7
    text = formula.sides[-1].strip()
    # As it was typed: the reader takes 10,100 for one number.
    listed = _LISTED.fullmatch(reading.text[slice(*formula.span)].rpartition("=")[2].strip("$` "))
    listed = listed or _LISTED.fullmatch(text)
    if listed and formula.shape in _LISTS and len(formula.sides) == 1:
        numbers = formula.shape == "matrix" and formula.frame in ("claim", "rival")
        return listed[1] if mine or told or expected or numbers else ""
    first = formula.sides[0].strip()
    of_name = first in _GRADIENTS or first.endswith(".grad") or re.fullmatch(r"[d∂]\w*/[d∂]\w+", first)
    if len(formula.sides) > 1 and of_name and (len(formula.sides) > 2 or listed) and (listed or is_constant(text)):
        return listed[1] if listed else _plain(text)
    worked_out = formula.shape in ("equation", "definition") and len(formula.sides) > 1  # 2w + 3w² = 9.75
    if not (mine or (expected and formula.shape == "number") or ((expected or told) and worked_out)):
        return ""
    return listed[1] if listed else _plain(text) if is_constant(text) else ""


def _plain(text: str) -> str:
    return text.strip().replace("−", "-")


def _expected(tokens: Sequence[Atom], i: int) -> bool:
    """Whether the clause says that what stands at a place was expected, or worked out by hand."""
    expected = by_hand = False
    for k, token in enumerate(tokens[:i]):
        held = phrases.classes(token)
        if not _goes_on(token):
            expected = by_hand = False
        elif "EXPECT" in held:
            expected = True
        elif "HAND" in held:
            by_hand = True
        elif "INSTEAD" in held and k + 2 >= i - 1:
            expected = True
        elif "GET" in held:
            expected = False
    behind = [phrases.classes(token) for token in takewhile(_goes_on, tokens[i + 1 : i + 4])]
    asked = any("WHY" in phrases.classes(token) for token in tokens[:i]) or tokens[-1].text == "?"
    refused = asked and i > 0 and "NOT" in phrases.classes(tokens[i - 1])
    return expected or by_hand or refused or any("HAND" in held for held in behind)


def _of_value(tokens: Sequence[Atom], i: int) -> bool:
    """Whether a sentence tells of the value of a loss or a function, and of no derivative."""
    before, whole = (frozenset[str]().union(*map(phrases.classes, part)) for part in (tokens[:i], tokens))
    return "FUNCTION" in before and not whole & {"GRADIENT", "DERIVATIVE", "JACOBIAN", "HESSIAN", "PARTIAL"}


def _goes_on(token: Atom) -> bool:
    return token.text.lower() not in _CONTRAST


def _row(reading: RoleReading, sentence: ProseSentence, i: int) -> list[int]:
    """The places of numbers that stand in a row, with commas or "and" between them."""
    row, tokens = [i], sentence.tokens
    while True:
        k = row[-1] + 1
        while k < len(tokens) and k <= row[-1] + 2 and tokens[k].text.lower() in (",", "and", "then"):
            k += 1
        following = sentence.formulas.get(k)
        if k == row[-1] + 1 or following is None or following.shape != "number" or following.prime is not None:
            return row
        row.append(k)


def _counted(tokens: Sequence[Atom], i: int, value: str) -> tuple[str, bool]:
    """A number of ones or zeros as a list of them: 4 ones."""
    behind = tokens[i + 1].text.lower() if i + 1 < len(tokens) else ""
    if behind not in _FULL_OF or not value.isdigit() or not 0 < int(value) <= 100:
        return value, False
    return f"[{', '.join([_FULL_OF[behind]] * int(value))}]", True


def _counts(tokens: Sequence[Atom], i: int) -> bool:
    """Whether a number counts things, as 3 elements do: a plain word in the plural stands behind it."""
    behind = tokens[i + 1] if i + 1 < len(tokens) else None
    if behind is None or behind.kind != "word":
        return False
    word = behind.text.lower()
    return len(word) > 3 and word.endswith("s") and not word.endswith("ss") and not classes_of(word)


def _name(reading: RoleReading, formula: Formula) -> str:
    """The gradient that a number is told of: on the left of its sign, or the last one that its sentence names before
    it, or the only one that the text names.
    """
    name = formula.read.split("=")[0].strip() if len(formula.sides) > 1 else ""
    if name.endswith(".grad") or (formula.prime is not None and name):
        return name
    if ahead := re.search(r"([A-Za-z_][\w.]*\.grad)\s*(?:=|:|is)\s*\Z", reading.text[: formula.span[0]][-80:]):
        return ahead[1]
    named = [f for f in reading.formulas if f.sides[0].endswith(".grad")]
    before = [f for f in named if f.sentence == formula.sentence and f.span[0] < formula.span[0]]
    if before:
        return before[-1].sides[0]
    return named[0].sides[0] if len({f.sides[0] for f in named}) == 1 else ""


def _printed_around(text: str, span: Span) -> tuple[str, Span] | None:
    """The list of numbers as PyTorch prints them, `[12., 2.]`, in which a number stands."""
    for found in _PRINTED.finditer(text):
        if found.start() < span[0] and span[1] < found.end():
            return " ".join(found[0].split()), found.span()
    return None
