r"""Sums of vectors as people write them, to the texts of their components.

A vector is a list in brackets, a column, or a sum of unit vectors; it may have factors and stand above a line:
`r^2 (3 sin θ e_r - e_φ)`, `(x, y)/(x^2 + y^2)`, `\frac{x \hat{i} + y \hat{j}}{r}`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate

from nabla.read.formula.functions import function_of
from nabla.read.formula.names import GREEK

_HAT = r"\\(?:hat|widehat|mathbf|vec|boldsymbol|bm|bold|mathrm|underline)\s*"
_LETTER = r"\\?(?:imath|jmath|theta|varphi|phi|rho|[ijkxyzrsρθφϕ])"
_UNIT = re.compile(
    rf"{_HAT}\{{?\s*(?:{_HAT}\{{?\s*)?({_LETTER})(?![a-z])\s*\}}?\s*\}}?"  # \hat{\mathbf{x}}
    rf"|(?:{_HAT}\{{?\s*)*(?<![A-Za-z])(?:\\?[eau]|\\hat\s*e)\s*\}}*"  # \mathbf{{e}}_r, a_z
    rf"_\s*\{{?\s*({_LETTER})(?![a-z])\s*\}}?"
    r"|([îĵ])|([ijkxyzrρθφϕ])\u0302|\b[A-Z]\.([ijk])\b"
    r"|(?<![A-Za-z\\_])([ijk])(?![A-Za-z_(0-9])"
)
_INDEXED = re.compile(r"_\s*\{?\s*\w?[ijk]\w?\s*\}?(?![A-Za-z])")
_PLAIN = 6  # the group of a plain letter i, j, k
DEEPEST = 12  # brackets within brackets
_NAMED = {
    "î": "x", "ĵ": "y", "i": "x", "j": "y", "k": "z", "imath": "x", "jmath": "y", "ρ": "rho", "θ": "theta",
    "φ": "phi", "ϕ": "phi", "varphi": "phi",
}  # fmt: skip
_COLUMN = re.compile(r"\\begin\s*\{([bpvB]?matrix|array)\}(?:\s*\{[clr|]+\})?(.*?)\\end\s*\{\1\}", re.DOTALL)
_ROWS = re.compile(r"\\\\(?:\s*\[[^\]]*\])?|&")
_SIZES = re.compile(r"\\(?:left|right|bigl|bigr|Bigl|Bigr|big|Big)(?=\s*[\\()\[\]<>|⟨⟩])\s*")
_TOGETHER = re.compile(r"(?<![A-Za-z\\])e([xyzr])(?![A-Za-z_^(])")  # x ex + y ey
_TOUCHING = re.compile(r"(?<=(?<![A-Za-z\\])[A-Za-z])([ijk])(?![A-Za-z_^(])")  # xi + yj
_CLOSES = {"(": ")", "[": "]", "⟨": "⟩", "{": "}", "<": ">"}
_FRACTION = re.compile(r"\\[dt]?frac\s*(?=\{)")
_WORD = re.compile(r"(\\?)([A-Za-z]{2,}\d*)\s*\Z|[\^_]\s*\Z")
Vector = dict[str, str]  # the components by the letters of their unit vectors, or by their places, "0" to "2"


def units_in(text: str) -> tuple[str, ...]:
    """The letters of the unit vectors of a sum, each once, in the order of its text: x, y, z for i, j, k."""
    return tuple(dict.fromkeys(_name(unit) for unit in _UNIT.finditer(_hats(text))))


def _hats(text: str) -> str:
    """Letters that are one with their hat as letters with a hat behind."""
    apart = ((letter, unicodedata.normalize("NFD", letter)) for letter in text)
    return "".join(two if two[1:] == "\u0302" else letter for letter, two in apart)


def _name(unit: re.Match[str]) -> str:
    name = next(group for group in unit.groups() if group).lstrip("\\")
    return _NAMED.get(name, name)


def vector_of(text: str) -> Vector | None:
    """The components of a vector, None for a text that is none; they may not be formulas."""
    plain = _plain(text)
    return _vector(plain) if _depth(plain) <= DEEPEST else None


def components_in_order(text: str) -> list[str]:
    """The components of a vector in the order of x, y, z or of its list, 0 for one left out; none for no vector."""
    if _INDEXED.search(text):
        return []  # A_{kj}, where k and j are indices
    parts = vector_of(text) or {}
    names = [name for name in "xyz" if name in parts]
    if names and len(names) == len(parts):
        return [parts.get(name, "0") for name in "xyz"[: 3 if "z" in parts else 2]]
    return list(parts.values()) if all(name.isdigit() for name in parts) else []


def is_vector(text: str) -> bool:
    """Whether a text is a vector by its form; one plain letter i, j or k makes none."""
    parts = vector_of(text)
    return parts is not None and (is_marked(text) or len(parts) > 1) and all(parts.values())


def is_marked(text: str) -> bool:
    """Whether unit vectors with hats, bold or with an index stand in a text."""
    return any(not unit[_PLAIN] for unit in _UNIT.finditer(_plain(text)))


def is_one_bracket(text: str) -> bool:
    """Whether a text is one bracket from its beginning to its end."""
    return _closing(text, 0) == len(text) - 1


def _depth(text: str) -> int:
    return max(accumulate(((letter in "([{⟨") - (letter in ")]}⟩") for letter in text), initial=0))


def _plain(text: str) -> str:
    """The text with one kind of brackets for columns, without sizes of brackets."""
    text = _COLUMN.sub(
        lambda column: f"⟨{', '.join(filter(None, map(str.strip, _ROWS.split(column[2]))))}⟩", _hats(text)
    )
    text = (
        re.sub(r"(?<!\\)\\[,;:! ]", " ", _SIZES.sub("", text))
        .replace("\\langle", "⟨")
        .replace("\\rangle", "⟩")
        .strip(" $")
    )
    text = re.sub(r"<([^<>=]*,[^<>=]*)>", r"⟨\1⟩", text)
    text = _TOGETHER.sub(r"e_\1", text) if len(set(_TOGETHER.findall(text))) > 1 else text
    return _TOUCHING.sub(r" \1", text) if len(set(_TOUCHING.findall(text))) > 1 else text


def _vector(text: str) -> Vector | None:
    total: Vector = {}
    for sign, term in _terms(text):
        part = _term(term)
        if part is None or any(key.isdigit() for key in part) != any(key.isdigit() for key in total or part):
            return None
        for key, component in part.items():
            total[key] = f"{total.get(key, '')} {sign} {component}"
    return {key: component.removeprefix(" + ").strip() for key, component in total.items()} or None


def _terms(text: str) -> Iterator[tuple[str, str]]:
    """The terms of a sum with their signs."""
    cuts = [i for i, letter in _top(text) if letter in "+-−" and text[:i].rstrip()[-1:] not in ("", *"^*/(,+-−")]
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        term = text[start:end].strip()
        sign = term[0] if term[:1] in ("+", "-", "−") else "+"
        yield sign, term.removeprefix(sign).strip()


def _top(text: str) -> Iterator[tuple[int, str]]:
    """The characters outside of all brackets, with their places; of a bracket only its opening."""
    depth = 0
    for i, letter in enumerate(text):
        depth -= letter in ")]}⟩"
        if depth == 0:
            yield i, letter
        depth += letter in "([{⟨"


def _term(term: str) -> Vector | None:
    """A product of one vector and scalars."""
    found = [*_in_brackets(term), *_above(term)]
    units = [unit for unit in _UNIT.finditer(term) if _is_outside(term, unit.start())]
    plain = [unit for unit in units if unit[_PLAIN]]
    # k x i: of several plain letters the last is the unit vector; beside a hat none is.
    scalars = plain if len(plain) < len(units) else plain[:-1]
    found += [(u.start(), u.end(), {_name(u): ""}) for u in units if u not in scalars]
    if len(found) != 1:
        return None
    start, end, parts = found[0]
    before, after = term[:start].rstrip(" *·"), term[end:].lstrip(" *·")
    before, after = (re.sub(r"\\(?:cdot|times)\s*\Z|\A\\(?:cdot|times)(?![a-z])", "", side) for side in (before, after))
    return {key: _product(before, component, after) for key, component in parts.items()}


def _product(before: str, component: str, after: str) -> str:
    inner = f"({component})" if component else ""
    rest = " ".join(filter(None, (before.strip(), inner, after.strip())))
    return f"1{rest}" if rest.startswith("/") else rest or "1"


def _is_outside(term: str, place: int) -> bool:
    depth = sum((letter in "([⟨") - (letter in ")]⟩") for letter in term[:place])
    braces = re.sub(rf"(?:{_HAT}|_\s*)\{{?\s*\Z", "", term[:place])
    return depth == 0 and braces.count("{") == braces.count("}")


def _in_brackets(term: str) -> Iterator[tuple[int, int, Vector]]:
    """Brackets around a list or a vector, where no function stands in front of them."""
    for start, letter in _top(term):
        end = _closing(term, start)
        if letter not in "([⟨" or end is None or _is_called(term[:start]):
            continue
        inner = term[start + 1 : end]
        entries = _entries(inner)
        if len(entries) in (2, 3) and letter == "(" and re.search(r"(?<!\\)\b[A-Za-z]\Z", term[:start]):
            continue  # f(x, y)
        if len(entries) in (2, 3):
            yield start, end + 1, {str(i): entry for i, entry in enumerate(entries)}
        elif len(entries) == 1 and (parts := _vector(inner)):
            yield start, end + 1, parts


def _is_called(before: str) -> bool:
    """Whether a bracket behind this holds arguments or an exponent."""
    word = _WORD.search(before)
    if word is None or not word[2]:
        return word is not None
    return function_of(word[2]) is not None or not (word[1] or word[2] in GREEK)


def _above(term: str) -> Iterator[tuple[int, int, Vector]]:
    """Fractions with a vector above the line."""
    for sign in _FRACTION.finditer(term):
        end = _closing(term, sign.end())
        if end is None or not _is_outside(term, sign.start()):
            continue
        below = term[end + 1 :].lstrip()
        start = len(term) - len(below)
        last = _closing(term, start)
        upper = term[sign.end() + 1 : end]
        entries = _entries(upper)
        parts = {str(i): e for i, e in enumerate(entries)} if len(entries) in (2, 3) else _vector(upper)
        if below[:1] == "{" and last is not None and parts:
            made = {key: rf"\frac{{{part or '1'}}}{{{term[start + 1 : last]}}}" for key, part in parts.items()}
            yield sign.start(), last + 1, made


def _closing(text: str, start: int) -> int | None:
    """Where the bracket closes that stands at a place."""
    opening = text[start : start + 1]
    if opening not in _CLOSES:
        return None
    if opening == "<":
        return len(text) - 1 if text[-1] == ">" else None
    depth = 0
    for i in range(start, len(text)):
        depth += (text[i] in "([{⟨") - (text[i] in ")]}⟩")
        if depth == 0:
            return i if text[i] == _CLOSES[opening] else None
    return None


def _entries(text: str) -> list[str]:
    cuts = [i for i, letter in _top(text) if letter == ","]
    return [text[a + 1 : b].strip() for a, b in zip([-1, *cuts], [*cuts, len(text)], strict=True)]
