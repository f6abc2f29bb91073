"""What is said of a class that differentiates by itself: each gradient beside the truth, and the line that is wrong."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

import numpy as np

from nabla.answer.document import Check, Column, Document, Heading, Note, Table, quoted
from nabla.lab import Inputs
from nabla.labs.backprop.claim import fits, read_claims
from nabla.labs.backprop.flow import short
from nabla.labs.backprop.objects import JudgedValue, Store, judge
from nabla.labs.backprop.run import Outcome
from nabla.labs.backprop.value_class import ValueClass

SHOWN = 12  # gradients in the table
ADDED = 8  # contributions to a gradient whose parts are tried


def tell(document: Document, inputs: Inputs, outcome: Outcome) -> list[str]:
    """Judge the gradients of the program's own class, where it has one, and add them to the document.

    Returns:
        What the sentence that answers says of them.
    """
    found = judge(outcome.program, outcome.dialect)
    if found is None or not found[1]:
        return []
    said = _say(document, *found)
    if not outcome.passes and inputs["claim"].strip():
        said += _claims(document, inputs, found[1])
    return said


def _claims(document: Document, inputs: Inputs, judged: list[JudgedValue]) -> list[str]:
    """Judge what the reader says a gradient of the class is; a number alone may be that of any object with a name."""
    verdicts: list[dict[str, Any]] = []
    said: list[str] = []
    for claim in inputs.read("claim", read_claims):
        meant = [one for one in judged if one.name and claim.below in ("", one.name)]
        right = any(fits(claim, one.right) for one in meant)
        wrong = any(fits(claim, one.claimed) for one in meant) or (bool(meant) and claim.below != "")
        verdict = "right" if right else "wrong" if wrong else "undecided"
        verdicts.append({"verdict": verdict, "mistakes": [], "ask_at": None})
        if verdict != "undecided":
            said.append(f"your {quoted(claim.text)} is {verdict}")
    document.values["claim"] = verdicts[0] if len(verdicts) == 1 else {**verdicts[0], "claims": verdicts}
    return said


def _say(document: Document, kind: ValueClass, judged: list[JudgedValue]) -> list[str]:
    wrong = [one for one in judged if one.verdict == "failed"]
    # Gradients go from the result to what it was made of: of the first result the newest wrong one is the first.
    first = min(
        wrong or [one for one in judged if not one.linear], key=lambda one: (one.since, -one.order), default=None
    )
    named = [one for one in judged if one.name]
    values = document.values
    values["grads"] = {**values.get("grads", {}), **{one.name: one.claimed.tolist() for one in named}}
    values["by_class"] = {one.name: {"verdict": _WORDS[one.verdict], "right": one.right.tolist()} for one in named}
    findings = [_finding(kind, first, judged)] if first is not None else []
    undecided = all(one.verdict == "unchecked" for one in judged)
    values["gradient_check"] = {
        "verdict": "wrong" if findings else "undecided" if undecided else "right",
        "findings": findings,
    }
    document.add(Heading("The gradients of your class", role="claim"))
    rows: list[list[str | float | None]] = [
        [f"`{quoted(one.name)}.{kind.grad}`", short(one.claimed), short(one.right), _WORDS[one.verdict]]
        for one in named[:SHOWN]
    ]
    if rows:
        document.add(Table([Column("gradient"), Column("yours"), Column("differences give"), Column("")], rows))
    document.add(_check(judged, wrong))
    if first is None:
        document.title = f"What `{quoted(kind.name)}` computes"
        latent = sorted({s.line for one in judged for s in one.stores if s.line in kind.plain})
        if latent:
            text = f"{_lines(latent)} set `.{kind.grad}` by `=`: right as long as a value is used once. Used twice, as "
            document.add(Note(f"{text[0].upper()}{text[1:]}in `a + a`, it would lose a part: write `+=`.", "info"))
        return [] if undecided else [f"the gradients of `{quoted(kind.name)}` are right"]
    values["findings"] = [*values.get("findings", ()), *findings]
    document.title = f"A gradient of `{quoted(kind.name)}` is wrong"
    text = str(findings[0]["text"])
    document.add(Note(text, "warning"))
    return [text.rstrip(".")]


_WORDS = {"passed": "right", "failed": "wrong", "unchecked": "undecided"}


def _check(judged: list[JudgedValue], wrong: list[JudgedValue]) -> Check:
    claim = f"the gradients of {len(judged)} values"
    method = "the program run again with each value moved a little"
    if wrong:
        return Check(
            claim, f"{method}: {len(wrong)} differ", "failed", max(one.figure for one in wrong), test="differences"
        )
    passed = [one for one in judged if one.verdict == "passed"]
    if not passed:
        return Check(claim, f"{method}: it does not settle", "unchecked", test="differences")
    return Check(claim, method, "passed", max(one.figure for one in passed), 1e-6, test="differences")


def _finding(kind: ValueClass, one: JudgedValue, judged: list[JudgedValue]) -> dict[str, Any]:
    """What is wrong with the first gradient that is, with its line and its cure."""
    grad, head = kind.grad, _head(kind, one)
    stored = [store for store in one.stores if store.line not in kind.seeds]
    if stored and stored[-1].line in kind.begun:
        cause = f"line {stored[-1].line} sets `.{grad}` to 1 for each value that the recursion reaches"
        return _told("not-accumulated", stored[-1].line, head, cause, "set it once, for the result, before it begins")
    lines = list(dict.fromkeys(store.line for store in stored))
    if len(stored) > 1 and any(store.line in kind.plain for store in stored[1:]):
        line = next(store.line for store in reversed(stored) if store.line in kind.plain)
        cause = f"line {line} sets `.{grad}`, so what came before is overwritten"
        return _told("not-accumulated", line, head, cause, "contributions add up, write `+=` in place of `=`")
    bare = [line for line in lines if line in kind.unchained]
    if bare:
        cause = f"line {bare[0]} leaves out the gradient of the result"
        return _told("chain-rule", bare[0], head, cause, f"multiply by the `.{grad}` of the result: the chain rule")
    if not stored:
        cure = "see that its step is reached, once, after those of all that use it"
        return _told("missing-term", 0, head, f"nothing was added to its `.{grad}`", cure)
    if not np.any(one.claimed):
        cure = "go from the result back, to each value after all that use it"
        return _told("missing-term", lines[-1], head, "the gradient of what it is used for came too late", cure)
    # What serves right gradients too is not to blame.
    right = {store.line for other in judged if other.verdict == "passed" and other.linear for store in other.stores}
    suspects = [line for line in lines if line not in right] or lines
    where = _lines(suspects)
    if len(lines) == 1 and np.allclose(one.claimed, -one.right, rtol=1e-6):
        return _told("sign", lines[0], head, f"the sign in {where} is wrong", "reverse it")
    if len(lines) == 1 and _ran_again(stored, one.right):
        line = min(kind.seeds, default=lines[0])
        cause = (
            f"{where} adds to it {len(stored)} times, and a part of that is right: a step on the way back runs again"
        )
        cure = "sort the values first: from the result back each step runs once, after those of all that use its result"
        return _told("walk-order", line, head, cause, cure)
    ratios = np.ravel(one.right / np.where(one.claimed == 0, np.nan, one.claimed))
    if len(lines) == 1 and np.allclose(ratios, ratios[0], rtol=1e-6):
        ratio = float(ratios[0])
        missing = f"a factor {ratio:.6g} is missing in {where}"
        if not _is_simple(ratio):
            missing = f"what {where} adds lacks a factor, which is {ratio:.6g} at these numbers"
        return _told("missing-factor", lines[0], head, missing if ratio else f"{where} should add 0 there", "")
    if len(suspects) == 1:
        return _told("unnamed", suspects[0], head, f"what {where} adds is not the derivative", "")
    cause = f"what {where} add is not the derivative, or is added more than once, or before their result's is complete"
    return _told(
        "unnamed", suspects[-1], head, cause, "each step must run once, after those of all that use its result"
    )


def _ran_again(stored: list[Store], right: Any) -> bool:
    """Whether a part of what was added, and not all of it, is the derivative: steps ran more than once."""
    numbers = [store.number for store in stored]
    if not 1 < len(numbers) <= ADDED or any(number is None for number in numbers):
        return False
    added = [numbers[0], *(after - before for before, after in pairwise(numbers))]
    some = (part for size in range(1, len(added)) for part in combinations(added, size))
    return any(np.allclose(sum(part), right, rtol=1e-9, atol=1e-12) for part in some)


def _is_simple(ratio: float) -> bool:
    """Whether a factor is one that is forgotten, 2 or 1/3 say, and not what happens to lie between two numbers."""
    near = Fraction(ratio).limit_denominator(12)
    return abs(ratio - near) <= 1e-6 * max(abs(ratio), 1e-6) and abs(near.numerator) <= 100


def _head(kind: ValueClass, one: JudgedValue) -> str:
    yours = (
        f"`{quoted(one.name)}.{kind.grad}`" if one.name else f"The gradient of a value on the way, {short(one.value)},"
    )
    if one.verdict != "failed":
        return f"{yours} is right here by chance"
    of = f"of `{quoted(one.root)}` " if one.root else ""
    return f"{yours} is {short(one.claimed)}, and the derivative {of}by it is {short(one.right)}"


def _told(kind: str, line: int, head: str, cause: str, cure: str) -> dict[str, Any]:
    text = f"{head}: {cause}; {cure}." if cure else f"{head}: {cause}."
    return {"kind": kind, "line": line, "text": text, "cause": cause, "cure": cure}


def _lines(lines: list[int]) -> str:
    return f"line {lines[0]}" if len(lines) == 1 else "lines " + ", ".join(map(str, lines))
