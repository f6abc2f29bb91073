"""A question as people paste it, recognised: which lab it is for, and what goes into its fields.

`recognise` applies the rules of `nabla.question.signs` and of the labs; app/question/recognise.js does it in the page,
step by step, and one table of texts holds both to the same results. Nothing of a text is computed here: it is cut
into parts, and the labs read what they are given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from nabla.lab import LABS, Lab
from nabla.page.link import read_link
from nabla.question import signs as s
from nabla.question.pasted import Parts, compiled, english, find, is_formula, near, parts_of, plain, trimmed

Kind = Literal["empty", "link", "lab", "unsure", "unknown"]


@dataclass(frozen=True)
class Recognised:
    """What a text was taken for.

    `kind` is "lab" when one lab clearly reads it; "unsure" when several might, the likeliest first in `others`;
    "link" for a link to an answer; "unknown" or "empty". `what` says in words what it is, `inputs` are those of `lab`,
    and `others` the labs that could read it too.
    """

    kind: Kind
    lab: str = ""
    what: str = ""
    inputs: dict[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """What it is, and for which lab, in one sentence."""
        if self.kind in ("lab", "link"):
            return f"{self.what}: the {LABS[self.lab].title} lab."
        if self.kind == "unsure":
            return f"This could be for {' or '.join(LABS[name].title for name in self.others)}."
        return "Nothing was pasted." if self.kind == "empty" else "This is nothing that a lab can read."

    def __str__(self) -> str:
        lines = [f"  {name}: {text if len(text) < 70 else text[:66] + ' ...'!r}" for name, text in self.inputs.items()]
        return "\n".join([self.said, *lines])


def recognise(text: str, lab: str = "") -> Recognised:
    """Recognise a formula, LaTeX, data, a program, a traceback with its code, a whole question, or a link.

    Args:
        text: as it was pasted.
        lab: read it for this lab, whatever it looks like.
    """
    text = plain(text)
    if not text:
        return Recognised("empty")
    if not lab and (found := find(s.LINK, text)):
        linked = read_link(found[1] or "")
        if linked and linked[0] in LABS:
            return Recognised("link", linked[0], "A link to an answer", linked[1])
    parts = parts_of(text)
    if lab:
        chosen = LABS[lab]
        return Recognised("lab", lab, _what(chosen, parts), _filled(chosen, parts) or _whole(chosen, text))
    scored: list[tuple[int, Lab, dict[str, str]]] = []
    for candidate in LABS.values():
        inputs = _filled(candidate, parts)
        if inputs:
            score = sum(clue.weight for clue in candidate.signs.clues if _speaks(clue, parts))
            scored += [(score, candidate, inputs)] if score > 0 else []
    scored.sort(key=lambda item: -item[0])  # stable: of equals, the first lab first
    names = tuple(candidate.name for _, candidate, _ in scored)
    if not scored or scored[0][0] < s.LEAST:
        return Recognised("unknown", others=names)
    score, best, inputs = scored[0]
    if len(scored) > 1 and score - scored[1][0] < s.AHEAD:
        return Recognised("unsure", others=names)
    return Recognised("lab", best.name, _what(best, parts), inputs, names[1:])


# Clues and fills.


def _speaks(clue: s.Clue, parts: Parts) -> bool:
    part = parts[clue.part]
    return bool(part) and (not clue.pattern or find(clue.pattern, near(part)) is not None)


def _what(lab: Lab, parts: Parts) -> str:
    """The words of the heaviest clue that speaks for the lab."""
    told = [clue for clue in lab.signs.clues if clue.what and clue.weight > 0 and _speaks(clue, parts)]
    return max(told, key=lambda clue: clue.weight).what if told else "Text"


def _filled(lab: Lab, parts: Parts) -> dict[str, str]:
    """The lab's inputs; nothing when none of its main fields gets any."""
    inputs: dict[str, str] = {}
    for fill in lab.signs.fills:
        if fill.field not in inputs and (text := _taken(fill, parts)):
            inputs[fill.field] = text
    return inputs if any(name in inputs for name in lab.signs.main) else {}


def _taken(fill: s.Fill, parts: Parts) -> str:
    """What the fill finds; "" for nothing."""
    part = parts[fill.part]
    if not part:
        return ""
    if not fill.pattern:
        return _only_known(part, parts["formula"]) if fill.must == "known" else part
    if fill.form == "{0}":
        return part if find(fill.pattern, near(part)) else ""
    for found in re.finditer(compiled(fill.pattern), near(part)):
        groups = [group or "" for group in found.groups()]
        text = re.sub(r"\{(\d)\}", lambda m, groups=groups: groups[int(m[1]) - 1], fill.form).strip()  # type: ignore[misc]
        text = trimmed(text) if fill.must == "formula" else _components(text) if fill.must == "components" else text
        if fill.must == "known" and not _holds(parts["formula"] or parts["code"], text):
            continue
        if text and (fill.must != "formula" or is_formula(text)):
            return text
    return ""


def _only_known(points: str, formula: str) -> str:
    """The points whose names stand in the formula."""
    return ", ".join(point for point in points.split(", ") if _holds(formula, point.split("=")[0]))


def _holds(formula: str, name: str) -> bool:
    """Whether all names of a list stand in the formula."""
    return all(part and part in formula for part in re.split(r"\s*(?:,|\band\b)\s*", name))


def _components(text: str) -> str:
    """`(a, f(b, c))` as `a; f(b, c)`; "" when there are not two or three."""
    depth, parts = 0, [""]
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        if depth < 0:
            break
        if letter in ",;" and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    parts = [trimmed(re.sub(r"[>⟩].*$", "", part)) for part in parts]
    bad = any(english(part) or find(s.UNDEFINED, part) for part in parts) or not find(r"[a-z]", text) or "[" in text
    return "; ".join(parts) if 2 <= len(parts) <= 3 and all(parts) and not bad else ""


def _whole(lab: Lab, text: str) -> dict[str, str]:
    """The whole text in the lab's main field, when the lab was chosen by hand."""
    main = lab.field(lab.signs.main[0]) if lab.signs.main else lab.fields[0]
    one = main.kind not in ("code", "data")
    return (
        {main.name: "; ".join(line.strip() for line in text.split("\n") if line.strip())} if one else {main.name: text}
    )


def rules() -> dict[str, Any]:
    """All rules as JSON-ready data, for the page."""
    labs = {
        lab.name: {
            "main": list(lab.signs.main),
            "clues": [[clue.weight, clue.part, clue.pattern, clue.what] for clue in lab.signs.clues],
            "fills": [[fill.field, fill.part, fill.pattern, fill.form, fill.must] for fill in lab.signs.fills],
        }
        for lab in LABS.values()
    }
    return {**s.shared(), "labs": labs}
