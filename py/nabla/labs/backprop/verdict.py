"""What is said about a claim: right, or which mistakes give it, and where they would differ."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from nabla.answer.document import Column, Document, Heading, Note, Prose, Table, quoted
from nabla.lab import Inputs
from nabla.labs.backprop import own
from nabla.labs.backprop.claim import ClaimVerdict, GradientClaim, fits, is_element, judge, read_claims
from nabla.labs.backprop.cured import Cure
from nabla.labs.backprop.flow import Flow, short
from nabla.labs.backprop.run import Outcome, value_of
from nabla.tensor.mistakes import Variant
from nabla.tensor.mistakes.names import MISTAKES
from nabla.tensor.notation import factor_tex, name_tex
from nabla.tensor.tape import Vertex

LEAVES = 6  # whose gradient a number without a name may be
MOST_IN_SHORT = 3  # mistakes that one sentence names


def tell(
    document: Document,
    inputs: Inputs,
    outcome: Outcome,
    flow: Flow | None,
    seed: Any,
    grads: Mapping[str, Any],
    cured: Cure | None = None,
    by_hand: Mapping[str, ClaimVerdict] | None = None,
) -> list[str]:
    """Judge every claim and add the verdicts to the document; one that is wrong also beside the `cured` program, a
    number without a name first beside the gradients that the program makes `by_hand`.

    Returns:
        What the sentence that answers says of each.
    """
    claims = inputs.read("claim", read_claims)
    if flow is None and (told := [_changed_prints(claim, outcome, cured) for claim in claims]) and all(told):
        listed = [values_of(verdict) for verdict in told if verdict]
        document.values["claim"] = listed[0] if len(listed) == 1 else {**_summary(listed), "claims": listed}
        return [in_short(verdict, f"your {quoted(verdict.claim.text)}") for verdict in told if verdict]
    if flow is None:
        document.values["claim"] = {"verdict": "undecided", "mistakes": [], "ask_at": None}
        document.add(Note("There is no gradient in this program to compare the claim with.", "warning"))
        return [] if outcome.raised is not None else ["there is nothing to compare your answer with"]
    targets = targets_of(outcome, flow)
    earlier = {
        name: [np.asarray(part, np.float64) for _, part in t.history]
        for name, t in outcome.tensors.items()
        if t.grad is not None
    }
    verdicts = [
        _of_hand(claim, by_hand or {})
        or _verdict(claim, outcome, flow, np.asarray(seed), targets, earlier, grads) for claim in claims
    ]  # fmt: skip
    if cured is not None:
        after = [_prints_after(verdict.claim, cured) for verdict in verdicts]
        pairs = zip(verdicts, after, strict=True)
        verdicts = [
            told if told and verdict.verdict != "right" and not verdict.found else verdict for verdict, told in pairs
        ]
    listed = [values_of(verdict) for verdict in verdicts]
    document.values["claim"] = listed[0] if len(listed) == 1 else {**_summary(listed), "claims": listed}
    document.add(Heading("Why is mine different?", role="claim"))
    for verdict in verdicts:
        say(document, inputs, verdict)
    return [in_short(verdict, f"your {quoted(verdict.claim.text)}") for verdict in verdicts]


def _of_hand(claim: GradientClaim, by_hand: Mapping[str, ClaimVerdict]) -> ClaimVerdict | None:
    """A number without a name that a gradient by hand is: right or wrong as that is, whatever else it may be."""
    if claim.below or claim.printed:
        return None
    same = [name for name, verdict in by_hand.items() if fits(claim, verdict.claim.value)]
    return replace(by_hand[same[0]], claim=claim, place=f"`{quoted(same[0])}` of the program") if same else None


def _changed_prints(claim: GradientClaim, outcome: Outcome, cured: Cure | None) -> ClaimVerdict | None:
    return _as_printed(claim, outcome) or (_prints_after(claim, cured) if cured is not None else None)


def _prints_after(claim: GradientClaim, cured: Cure) -> ClaimVerdict | None:
    """A claim that the program prints once its line is changed."""
    told = _as_printed(claim, cured.outcome)
    return told and replace(told, place=f"once line {cured.line} is changed")


def _verdict(
    claim: GradientClaim,
    outcome: Outcome,
    flow: Flow,
    seed: Any,
    targets: Mapping[str, Vertex],
    earlier: Mapping[str, list[Any]],
    grads: Mapping[str, Any],
) -> ClaimVerdict:
    """A claim beside what the program prints of derivatives, the last pass, and the passes before it."""
    if claim.printed:
        return _as_printed(claim, outcome) or _of_value(claim, outcome)
    printed: dict[int, list[Any]] = {}
    for shown in outcome.derivatives:
        if claim.below in ("", shown.derivative.of.name):
            printed.setdefault(shown.line, []).append(shown.value)
    for matches, how in ((fits, "as line {} prints it"), (is_element, "as an element of what line {} prints")):
        for line, values in printed.items():
            if all(matches(claim, value) for value in values):
                right = np.asarray(values[0])
                return ClaimVerdict(claim, "right", claim.below, right, [], {}, [], how.format(line))
    inside = set(flow.order)
    forward = any(fits(claim, v.array) for v in flow.order if v.array.dtype.kind == "f")
    whole = _as_printed(claim, outcome) if not claim.below and not forward else None
    if whole is not None and (claim.value.size > 1 or claim.tolerance):
        return whole  # derivatives that were put together, those of several samples say, or what is made of them
    leaves = [name for name, vertex in targets.items() if vertex in inside and vertex.op is None and vertex.needs]
    shown_of = {shown.derivative.of.name for shown in outcome.derivatives}
    if not claim.below and len(shown_of) == 1:
        leaves = [name for name in leaves if name in shown_of] or leaves  # of several leaves the one that is printed
    several = not claim.below and len(leaves) > 1
    names = leaves[:LEAVES] if not claim.below else [""]
    if not leaves and not claim.below:
        return whole or ClaimVerdict(claim, "undecided", "", None, [], {}, [])  # the leaves have no name to judge by
    verdicts = [judge(claim, flow.root, seed, targets, earlier, grads, name) for name in names]
    best = min(verdicts, key=lambda verdict: (verdict.verdict != "right", not verdict.found))
    if best.verdict == "right":
        of = f"as the gradient by `{quoted(best.name)}`" if several and not best.place else best.place
        return replace(best, place=of)
    if best.right is not None and own.fits_forward(best.claim, flow, targets[best.name], seed):
        return replace(best, verdict="right", place="as the derivative of what is computed forward")
    if outcome.passes and outcome.passes[-1].changed:
        return replace(best, found=[])  # what comes out is no derivative: no mistake in one explains another number
    if best.found:
        return best
    if whole is not None and (best.right is None or np.isfinite(best.right).all()):
        return whole  # a weight after its step, say
    for done in outcome.passes:
        for vertex, g in done.adjoints.items():
            if vertex.op is None and claim.below in ("", vertex.name) and fits(claim, g):
                place = f"in a pass of line {done.line}"
                return ClaimVerdict(claim, "right", vertex.name, np.asarray(g), [], {}, [], place)
    return ClaimVerdict(claim, "undecided", "", None, [], {}, []) if several else best


def _as_printed(claim: GradientClaim, outcome: Outcome) -> ClaimVerdict | None:
    """A claim that one of the lines prints, its numbers one after the other; None where none does."""
    lines: dict[int, list[float]] = {}
    for entry in outcome.printed:
        lines.setdefault(entry["line"], []).extend(_numbers_in(value_of(entry["value"])))
    wanted = [float(number) for number in np.ravel(claim.value)]
    for line, numbers in lines.items():
        for start in range(len(numbers) - len(wanted) + 1):
            part = np.asarray(numbers[start : start + len(wanted)]).reshape(claim.value.shape)
            if fits(claim, part):
                return ClaimVerdict(claim, "right", claim.below, part, [], {}, [], f"as line {line} prints it")
    return None


def _of_value(claim: GradientClaim, outcome: Outcome) -> ClaimVerdict:
    """What is told of the value of a name, h = 0.17, beside what it holds at the end."""
    held = outcome.tensors.get(claim.below)
    value = None if held is None or held.dtype.kind != "f" else np.asarray(held.array)
    if value is None or claim.value.size not in (1, value.size):
        return ClaimVerdict(claim, "undecided", "", None, [], {}, [])
    return ClaimVerdict(claim, "right" if fits(claim, value) else "wrong", claim.below, value, [], {}, [])


def _numbers_in(value: Any) -> list[float]:
    value = list(value.values()) if isinstance(value, dict) else value
    if isinstance(value, (list, tuple)):
        return [number for part in value for number in _numbers_in(part)]
    return [float(value)] if isinstance(value, (int, float)) else []


def in_short(verdict: ClaimVerdict, yours: str) -> str:
    """A verdict on what is called `yours`, as a part of a sentence."""
    if verdict.verdict == "right":
        return f"{yours} is right{', ' + verdict.place if verdict.place else ''}"
    if verdict.verdict == "undecided":
        return f"whether {yours} is right could not be decided"
    if verdict.place:
        return f"{yours} is {verdict.place}, which is wrong"
    if verdict.claim.printed and verdict.right is not None:
        return f"{yours} is not right: it is {short(verdict.right)}"
    sentences = list(dict.fromkeys(_sentence(variant) for variant in verdict.found))
    if verdict.right is not None and not np.isfinite(verdict.right).all():
        return f"{yours} is not what comes out"
    if not sentences:
        one = verdict.right is not None and verdict.right.size > 1 and verdict.claim.value.size == 1
        return f"{yours} is {'none of its numbers' if one and not verdict.claim.below else 'not the gradient'}"
    if len(sentences) > MOST_IN_SHORT:
        return f"{len(sentences)} mistakes give {yours}"
    return f"{yours} is what comes out when {', or when '.join(sentences)}"


def targets_of(outcome: Outcome, flow: Flow) -> dict[str, Vertex]:
    """Names and the vertices of the tape they stand for, the latest of each name."""
    found = {vertex.name: vertex for vertex in flow.order if vertex.name}
    inside = set(flow.order)
    for name, tensor in outcome.tensors.items():
        if tensor.vertex in inside:
            found[name] = tensor.vertex
    return found


def _summary(listed: list[dict[str, Any]]) -> dict[str, Any]:
    words = [item["verdict"] for item in listed]
    verdict = "wrong" if "wrong" in words else "undecided" if "undecided" in words else "right"
    return {"verdict": verdict, "mistakes": [m for item in listed for m in item["mistakes"]], "ask_at": None}


def values_of(verdict: ClaimVerdict) -> dict[str, Any]:
    """A verdict for scripts: what is right, the mistakes that fit, and a point that tells them apart."""
    there = verdict.there[1:]
    mistakes = [
        {
            "id": v.name, "rule": v.rule, "gives": np.asarray(v.gives).tolist(), "where": _where(v),
            **({"there": there[i].tolist()} if i < len(there) else {}),
        }
        for i, v in enumerate(verdict.found)
    ]  # fmt: skip
    return {
        "verdict": verdict.verdict, "name": verdict.name,
        "right": None if verdict.right is None else verdict.right.tolist(),
        "mistakes": mistakes, "ask_at": verdict.ask_at or None,
    }  # fmt: skip


def _where(variant: Variant) -> str:
    """The vertices a mistake is about, with their lines."""
    both = [variant.at, variant.also.at if variant.also else None]
    return " and ".join(dict.fromkeys(_place(vertex) for vertex in both if vertex is not None))


def _place(vertex: Vertex) -> str:
    name = vertex.name or (vertex.op.name if vertex.op else "")
    return f"{name} (line {vertex.line})" if vertex.line else name


def _sentence(variant: Variant) -> str:
    """The mistake in words, with the names it is about."""
    text = MISTAKES[variant.id][1].format(at=_code(variant.at), of=_code(variant.of))
    text = f"the minus in {_code(variant.at)} is left out" if variant.id == "sign" and variant.at else text
    return f"{text} and {_sentence(variant.also)}" if variant.also else text


def _code(vertex: Vertex | None) -> str:
    """A vertex as the reader knows it: by its name, or by its formula and the line it stands in."""
    if vertex is None:
        return "the result"
    if vertex.name:
        return f"`{quoted(vertex.name)}`"
    tex = _formula(vertex, 3)
    return f"${tex}$ (line {vertex.line})" if vertex.line and vertex.op is not None else f"${tex}$"


def _formula(vertex: Vertex, deep: int) -> str:
    """What a vertex without a name computes, down to what has one."""
    if vertex.op is None or not deep:
        return factor_tex(vertex.array.item()) if vertex.array.size == 1 else r"\ldots"
    args = []
    for arg in vertex.args:
        if isinstance(arg, Vertex):
            inner = name_tex(arg.name) if arg.name else _formula(arg, deep - 1)
            args.append(inner if arg.name or arg.op is None else rf"\left({inner}\right)")
        else:
            args.append(factor_tex(np.asarray(arg).item()) if np.size(arg) == 1 else r"\ldots")
    return vertex.op.written(args, vertex.params)


def say(document: Document, inputs: Inputs, verdict: ClaimVerdict) -> None:
    """Add the verdict on a claim."""
    claim = quoted(verdict.claim.text)
    if verdict.verdict == "right":
        document.add(Note(f"**{claim}** is right{', ' + verdict.place if verdict.place else ''}.", "tip"))
        return
    if verdict.verdict == "undecided" and not verdict.name:
        document.add(
            Note(f"**{claim}**: it is no gradient that the program computes, of whatever is meant.", "warning")
        )
        return
    if verdict.verdict == "undecided" or verdict.right is None:
        document.add(
            Note(
                f"**{claim}**: the result does not depend on `{quoted(verdict.name)}`, so there is nothing to compare.",
                "warning",
            )
        )
        return
    right = short(verdict.right)
    if verdict.claim.printed:
        document.add(Note(f"**{claim}** is not right: `{quoted(verdict.name)}` is {right}.", "warning"))
        return
    if not verdict.found:
        document.add(
            Note(
                f"**{claim}** is not the gradient; it is {right}. {_ratio(verdict)}No mistake I know gives your value, "
                f"and no two of them together.",
                "warning",
            )
        )
        return
    sentences = [_sentence(v) for v in verdict.found]
    if len(sentences) == 1:
        overlooked = verdict.found[0].id == "accumulation-overlooked"
        ending = f"`.grad` holds {right}" if overlooked else f"The gradient is {right}"
        text = f"**{claim}** is what comes out when {sentences[0]}. {ending}."
        document.add(Note(text, "warning"))
        return
    listed = "; or ".join(sentences)
    count = _count(len(sentences))
    text = f"**{claim}** fits {count} mistakes, and the number alone cannot tell: {listed}. The gradient is {right}."
    document.add(Note(text, "warning"))
    if verdict.ask_at:
        _offer(document, inputs, verdict)


def _count(n: int) -> str:
    return {2: "two", 3: "three", 4: "four", 5: "five"}.get(n, str(n))


def _ratio(verdict: ClaimVerdict) -> str:
    right, claimed = verdict.right, verdict.claim.value
    if right is not None and right.shape == claimed.shape and np.all(right != 0):
        ratios = np.unique(np.round(claimed / right, 9))
        if ratios.size == 1:
            return f"Yours is {ratios[0]:.6g} times that. "
    return ""


def _offer(document: Document, inputs: Inputs, verdict: ClaimVerdict) -> None:
    """The point at which the candidates differ, what each gives there, and the program changed to it."""
    at = ", ".join(f"{name} = {_plain(value)}" for name, value in verdict.ask_at.items())
    rows: list[list[str | float | None]] = [["the gradient", short(verdict.there[0])]]
    rows += [[_sentence(v), short(value)] for v, value in zip(verdict.found, verdict.there[1:], strict=False)]
    rows.append(["the value of the result", short(verdict.there[-1])])
    document.add(Prose(f"Work it out by hand at **{quoted(at)}**: there they differ."))
    document.add(Table([Column("what you do"), Column("what you get", align="right")], rows))
    changed = _changed(inputs["code"], verdict.ask_at)
    if changed is not None:
        document.add(
            Note("The same program at that point.", "tip", {"code": changed, "claim": ""}, f"Try {quoted(at)}")
        )


def _plain(value: Any) -> str:
    return "[" + ", ".join(map(_plain, value)) + "]" if isinstance(value, list) else f"{value:g}"


def _changed(code: str, at: Mapping[str, Any]) -> str | None:
    """The program with other numbers in the lines that set the inputs; None when one of them is not set to a number."""
    for name, value in at.items():
        if isinstance(value, list):
            return None
        number = r"[-+]?\d+\.?\d*(?:[eE][-+]?\d+)?"
        pattern = re.compile(rf"^(\s*{re.escape(name)}\s*=\s*(?:[\w.]+\(\s*)?\[?)({number})(?=\s*[\],)#\n]|\s*$)", re.M)
        if len(pattern.findall(code)) != 1:
            return None
        written = f"{float(value)}" if "." in pattern.findall(code)[0][1] else f"{value:g}"
        code = pattern.sub(rf"\g<1>{written}", code)
    return code
