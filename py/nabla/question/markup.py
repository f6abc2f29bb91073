r"""Formulas in the markup of pages, MathML and `{\displaystyle ...}`, written as LaTeX of the same length; quotations.

What is written stands between dollar signs, filled up with blanks, so that every place of the text keeps its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nabla.question.index_notation import with_nabla

_MATH = re.compile(r"<math\b[^>]{0,300}>(.{0,6000}?)</math>", re.DOTALL)
_TOKEN = re.compile(r"<(/?)(?:m:)?([a-z]+)\b[^>]{0,300}?(/?)>|([^<]+)", re.DOTALL)
_TEX = re.compile(r"<annotation[^>]{0,100}x-tex[^>]{0,60}>([^<]{1,3000})</annotation>")
_ENTITIES = {
    "&lt;": "<",
    "&gt;": ">",
    "&amp;": "&",
    "&minus;": "-",
    "&InvisibleTimes;": " ",
    "&it;": " ",
    "&nbsp;": " ",
}
_OPERATORS = {"\u2061": "", "\u2062": " ", "\u2063": ",", "−": "-", "⋅": "*", "·": "*", "×": "*", "∕": "/", "′": "'"}
_MARKS = re.compile(r"^>(?: ?>)*(?!>)", re.MULTILINE)
_QUOTED = re.compile(r"(?:^>(?!>>)[^\n]*\n?){2,}", re.MULTILINE)
_DISPLAYED = re.compile(r"\{\\(?:displaystyle|textstyle)\s")
_TABLE = re.compile(r"<table\b.{0,200000}?</table>", re.DOTALL | re.IGNORECASE)
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL | re.IGNORECASE)
_CELL_END = re.compile(r"</t[dh]>(?=\s*<t[dh]\b)", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]{0,300}>", re.IGNORECASE)
_BOLD = re.compile(r"\\textbf\s?\{\s?([A-Za-z])\s?([A-Za-z]?)\s?\}")  # bold names, x or Bx, and no bold word
_PROMPT = re.compile(r"^> > > ", re.MULTILINE)
# How many parts an element has, and how they are written.
_PARTS = {
    "mfrac": (2, r"\frac{%s}{%s}"), "msup": (2, "{%s}^{%s}"), "msub": (2, "%s_{%s}"), "msubsup": (3, "%s_{%s}^{%s}"),
    "mroot": (2, r"\sqrt[%s]{%s}"), "munder": (2, "%s_{%s}"), "mover": (2, "%s^{%s}"),
    "munderover": (3, "%s_{%s}^{%s}"),
}  # fmt: skip
_FUNCTIONS = frozenset("sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan ln log exp lim max min".split())
_DEEP = 60
_ALIGNED = re.compile(
    r"(?:(\$\$|\\\[)\s*)?\\begin\{(align|aligned|gather|gathered|split|equation|eqnarray|multline)(\*?)\}(.{1,2000}?)"
    r"\\end\{\2\3\}(?(1)\s*(?:\$\$|\\\]))",
    re.DOTALL,
)
# w.x + b: a product of two letters, and no abbreviation or attribute
_DOTTED_LETTERS = re.compile(r"(?<=(?<![\w.\\])[a-z])\.(?=[a-z]\s?(?:[-+)\]^]|\*))")
_EQUALS = re.compile(r"((?<![A-Za-z\\])[A-Za-z]\s)(equals|is equal to)(?=\s-?[\dπ])")  # at x equals 2
_STARRED = re.compile(r"(?<![\w*])\*\*(\\?\w{1,6}(?:[_^]\w|\u0302)?)\*\*(?![\w*])")  # **F** of a forum


def with_plain_markup(text: str) -> str:
    """The text with its formulas in markup as LaTeX; of the same length."""
    if "> > >" in text:  # the prompt of Python, as a quotation in a quotation in a quotation
        text = _PROMPT.sub(">>> ", text)
    if "<table" in text.lower():
        text = _TABLE.sub(lambda table: "\n" + _ROW.sub(_row_of, _blank(table[0], keep=_ROW))[1:], text)
    if r"\textbf" in text:
        text = _BOLD.sub(lambda bold: f"{bold[1]} {bold[2]}".ljust(len(bold[0])), text)
    if "<math" in text:
        text = _MATH.sub(_of_mathml, text)
    if "{\\" in text and _DISPLAYED.search(text):
        text = _displayed(text)
    if "\\begin" in text:
        text = _ALIGNED.sub(lambda found: _rows(found, text), text)
    if "**" in text:
        text = _STARRED.sub(_plain_letter, text)
    if "." in text and "\n" not in text.strip():  # no program, where w.x is an attribute
        text = _DOTTED_LETTERS.sub("·", text)
    if "equal" in text:
        text = _EQUALS.sub(lambda said: f"{said[1]}={' ' * (len(said[2]) - 1)}", text)
    if "∂" in text or "\\partial" in text:
        text = with_nabla(text)
    return _QUOTED.sub(_unquoted, text) if "\n>" in f"\n{text}" else text


def _row_of(found: re.Match[str]) -> str:
    """A row of a table of HTML on one line, its cells apart by tabs; as long as it was."""
    row = _CELL_END.sub(lambda end: "\t".ljust(len(end[0])), found[0].replace("\n", " "))
    row = _TAG.sub(lambda tag: " " * len(tag[0]), row)
    for entity, character in _ENTITIES.items():
        row = row.replace(entity, character.rjust(len(entity)))
    return row if re.match(r"[ \t]*\r?\n", found.string[found.end() :]) else f"{row[:-1]}\n"


def _blank(text: str, keep: re.Pattern[str]) -> str:
    """The text with blanks for its tags, where they are not in what is kept."""
    pieces, at = [], 0
    for kept in [*keep.finditer(text), None]:
        between = text[at : kept.start() if kept else len(text)]
        pieces += [_TAG.sub(lambda tag: " " * len(tag[0]), between), kept[0] if kept else ""]
        at = kept.end() if kept else at
    return "".join(pieces)


def _unquoted(found: re.Match[str]) -> str:
    """Lines that an e-mail quotes with blanks for its marks; a session of R begins its lines so too."""
    if "<-" in found[0]:
        return found[0]
    return _MARKS.sub(lambda marks: " " * len(marks[0]), found[0])


def _rows(found: re.Match[str], text: str) -> str:
    """The rows of aligned equations, each between dollar signs; lines of work between delimiters as they are."""
    rows = re.split(r"\\\\(?=\s)", found[4])
    goes_on = any(re.match(r"\s*&?\s*=", row) for row in rows)
    if (found[1] and (goes_on or not rows[1:])) or text[: found.start()].rstrip()[-1:] == "$":
        return found[0]
    front, end = found.start(4) - found.start(), found.end() - found.end(4)
    return (
        f"{'$':>{front}}" + "$\n$".join(row[i > 0 :].replace("&", " ") for i, row in enumerate(rows)) + f"{'$':<{end}}"
    )


def _plain_letter(found: re.Match[str]) -> str:
    """A bold letter with blanks for its marks; a word as it is."""
    letter = found[1]
    return found[0] if letter.isalpha() and len(letter) > 1 else f" {letter}".ljust(len(found[0]))


def _filled(tex: str, length: int) -> str | None:
    tex = tex.strip()
    return f"${tex}{' ' * (length - len(tex) - 2)}$" if tex and len(tex) + 2 <= length else None


def _of_mathml(found: re.Match[str]) -> str:
    written = _TEX.search(found[1])
    tex = _unescaped(written[1]).strip() if written else " ".join(_elements(_tokens(found[1]), "", 0)[0])
    return _filled(tex, len(found[0])) or found[0]


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    for closing, name, empty, words in (found.groups() for found in _TOKEN.finditer(text)):
        if words is not None:
            yield "text", _unescaped(words)
        elif not empty:
            yield ("close" if closing else "open"), name


def _unescaped(text: str) -> str:
    for entity, character in _ENTITIES.items():
        text = text.replace(entity, character)
    return text


def _elements(tokens: Iterator[tuple[str, str]], name: str, depth: int) -> tuple[list[str], bool]:
    """The elements up to the end of the one that is open, each as LaTeX, and whether it was closed."""
    parts: list[str] = []
    words = ""
    for kind, value in tokens:
        if kind == "text":
            words += value
        elif kind == "close":
            break
        elif depth < _DEEP:
            inner, _ = _elements(tokens, value, depth + 1)
            parts.append(_written(value, inner))
    if name in ("mi", "mn", "mo", "mtext") and words.strip():
        parts.append(_leaf(name, words.strip()))
    return parts, True


def _leaf(name: str, words: str) -> str:
    words = "".join(_OPERATORS.get(character, character) for character in words)
    if name == "mi" and words in _FUNCTIONS:
        return f"\\{words} "
    if name == "mtext":
        return rf"\text{{{words}}}"
    return words


def _written(name: str, inner: list[str]) -> str:
    if name in _PARTS and len(inner) == _PARTS[name][0]:
        order = inner[::-1] if name == "mroot" else inner
        base = f"({order[0]})" if name == "msup" and len(order[0].split()) > 1 else order[0]
        return _PARTS[name][1] % (base, *order[1:])
    if name == "msqrt":
        return rf"\sqrt{{{' '.join(inner)}}}"
    if name == "mfenced":
        return f"({', '.join(inner)})"
    return " ".join(inner)


# {\displaystyle ...}, as pages of encyclopaedias are copied: behind what the reader saw.


def _displayed(text: str) -> str:
    pieces, at = [], 0
    for found in _DISPLAYED.finditer(text):
        if found.start() < at:
            continue
        end = _closed(text, found.start())
        tex = text[found.end() : end - 1]
        if end and (filled := _filled(tex, end - found.start())):
            seen = _seen(text, at, found.start(), tex)
            pieces += [text[at:seen], " " * (found.start() - seen), filled]
            at = end
    return "".join([*pieces, text[at:]])


def _closed(text: str, at: int) -> int:
    """Behind the brace that closes the one at a place; 0 where none does."""
    depth = 0
    for i in range(at, min(len(text), at + 3000)):
        depth += (text[i] == "{") - (text[i] == "}")
        if depth == 0:
            return i + 1
    return 0


def _seen(text: str, start: int, end: int, tex: str) -> int:
    """Where the formula begins as it was seen, letter by letter, before its LaTeX; the end where it is not there."""
    named = re.sub(r"\\([A-Za-z]+)", lambda found: found[1] if found[1] in _FUNCTIONS else "", tex)
    letters = re.sub(r"[^A-Za-z0-9]", "", named)
    at = end
    for letter in reversed(letters):
        while at > start and not (text[at - 1].isalnum() and text[at - 1].isascii()):
            at -= 1
        if at <= start or text[at - 1] != letter:
            return end
        at -= 1
    return at if letters else end
