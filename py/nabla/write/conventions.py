r"""Conventions of notation: arctan or tan⁻¹, ln or log, df/dx or f′, decimal point or comma, over a whole document.

Every answer is written in one notation first, that of `nabla.write.notation`; the readers' own is put over its LaTeX. A
power of an inverse function, `\arctan^{2}`, stays as it is: beside tan⁻¹ it would be read as another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import fields, is_dataclass
from typing import Any

from nabla.answer.document import Code, Document, Math, Plot, Sentence, Step
from nabla.errors import Span, UserError
from nabla.write.text import plain

_INVERSES = r"\\arc(sin|cos|tan|cot|sec|csc)(?![a-z])(?!\^)"
_D = r"\\(?:mathrm\{d\}|partial)"
_LEIBNIZ = re.compile(
    rf"\\frac\{{{_D}(?:\^\{{([23])\}})? ?(\\?[A-Za-z]+(?:_\{{?\w+\}}?)?)\}}\{{{_D} (\\?[A-Za-z]+)(?:\^\{{[23]\}})?\}}"
)
CONVENTIONS: dict[str, Callable[[str], str]] = {
    "tan^-1": lambda tex: re.sub(_INVERSES, lambda m: rf"\{m[1]}^{{-1}}", tex),
    "log": lambda tex: re.sub(r"\\ln(?![a-z])", r"\\log", tex),
    "f'": lambda tex: _LEIBNIZ.sub(_primed, tex),
    "comma": lambda tex: re.sub(r"(?<=\d)\.(?=\d)", "{,}", tex),
}
USUAL = frozenset(["arctan", "ln", "df/dx", "point", ""])


def _primed(found: re.Match[str]) -> str:
    """`f'` for df/dx; partial derivatives keep their variable, as an index."""
    order = int(found[1] or 1)
    if "partial" in found[0]:
        return f"{found[2]}_{{{' '.join([found[3]] * order)}}}"
    return found[2] + "'" * order


def read_conventions(text: str) -> tuple[str, ...]:
    """Read `tan^-1, log, f', comma`: those that are not the usual ones.

    Raises:
        UserError: "value" for one that is not known.
    """
    found = []
    for part in text.replace("tan⁻¹", "tan^-1").replace("′", "'").split(","):
        word = part.strip()
        if word not in CONVENTIONS and word not in USUAL:
            known = ", ".join([*CONVENTIONS, *sorted(USUAL - {""})])
            message = f"{word} is no convention of notation that is known here."
            raise UserError("value", message, hint=f"One of {known}.", span=Span(0, len(text)))
        found += [word] if word in CONVENTIONS else []
    return tuple(found)


def put_over(document: Document, conventions: Collection[str]) -> None:
    """Write the formulas of a document by these conventions. Programs, plots and values stay."""
    if not conventions:
        return

    def formula(tex: str) -> str:
        for name in conventions:
            tex = CONVENTIONS[name](tex)
        return tex

    def prose(text: str) -> str:
        return re.sub(r"\$([^$]+)\$", lambda m: f"${formula(m[1])}$", text)

    for block in document.blocks:
        _over(block, formula, prose)
    document.title = prose(document.title)
    if document.answer is not None:
        told = prose(document.answer.tex)
        document.answer = Sentence(plain(told), told, document.answer.numbers)


def _over(part: Any, formula: Callable[[str], str], prose: Callable[[str], str]) -> None:
    if isinstance(part, (Code, Plot)) or not is_dataclass(part):
        return
    for each in fields(part):
        value = getattr(part, each.name)
        if isinstance(value, str) and not (isinstance(part, Math) and each.name == "text"):
            is_formula = each.name == "tex" and isinstance(part, (Math, Step))
            setattr(part, each.name, formula(value) if is_formula else prose(value))
        elif isinstance(value, list):
            in_step = isinstance(part, Step) and each.name in ("where", "inner")
            setattr(part, each.name, [_item(item, formula if in_step else prose) for item in value])
            for item in value:
                _over(item, formula, prose)
        else:
            _over(value, formula, prose)


def _item(item: Any, write: Callable[[str], str]) -> Any:
    """A string of a list, or of a row of a table, rewritten; anything else as it is."""
    if isinstance(item, list):
        return [_item(each, write) for each in item]
    return write(item) if isinstance(item, str) else item
