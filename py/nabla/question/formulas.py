"""What an island of mathematics is by its shape: a formula, a definition, an equation, a point, a derivative sign.

The text of each side is made ready for the formula reader: notations that it does not know are replaced.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from nabla.errors import UserError
from nabla.question.atoms import FUNCTIONS, Atom, Island, Side
from nabla.question.determinants import determinants_written_out
from nabla.question.lexicon import is_word
from nabla.question.notation import Mark, bare, mark_at, primed
from nabla.question.quantities import SIZED
from nabla.question.sums import written_out
from nabla.read.fields.vectors import is_vector
from nabla.read.formula import Text
from nabla.read.formula.functions import COMPLEX
from nabla.read.formula.tree import names_of

_NUMBER = r"[-+−]?\s?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_CONSTANT = re.compile(
    rf"\s*(?:{_NUMBER}|[-−]?\s?(?:{_NUMBER})?\s?\*?\s?(?:\\?pi|π)|\\sqrt\s?\{{?\d+\}}?|√\d+|sqrt\(\d+\)|(?:{_NUMBER})?\s?\\?[ei]|\\infty|∞|oo)"
    rf"(?:\s?(?:/|\\over)\s?{_NUMBER}|\s?/\s?(?:\\?pi|π))?\s*|\s*-?\\[dt]?frac\s?\{{-?\s?(?:\d*\s?\\?pi|\d+)\}}\s?\{{\d+\}}\s*"
)
_NAME = re.compile(
    r"(?:\\?[A-Za-z]+|(?:Δ|\\Delta\s?)?[a-zα-ωΑ-Ω])(?:_\{?\w+\}?|\d+|[₀-₉]+)?"
    r"|\\(?:mathbf|vec|hat|boldsymbol|bm|tilde|bar|mathcal|mathscr)\s?\{?\\?[A-Za-z]+\}?(?:_\{?\w+\}?)?"
)
_SIGNATURE = re.compile(
    r"(\\?[A-Za-zα-ωΑ-Ω][A-Za-z0-9]*(?:_\{?\w+\}?)?"
    r"|\\(?:mathbf|vec|hat|boldsymbol|bm|bold|mathcal|mathscr)\s?\{?\\?[A-Za-z]+\}?)\s?(?:\\left)?[(\[]\s?"
    r"((?:\\?[A-Za-zα-ωΑ-Ω]+_?\{?\w{0,2}\}?)(?:\s?[,;]\s?\\?[A-Za-zα-ωΑ-Ω]+_?\{?\w{0,2}\}?){0,5})\s?(?:\\right)?[)\]]"
)
# Two or three letters that are a product and no name.
_LETTERS = re.compile(r"(?!d[a-z]\Z|pi\Z|mu\Z|nu\Z|xi\Z|oo\Z|inf\Z|phi\Z|psi\Z|rho\Z|tau\Z|eta\Z|chi\Z)[A-Za-z]{2,3}")
# The logarithm of a likelihood, log L(p), as the name of a function.
_LOGARITHM = re.compile(
    r"((?:\\?(?:log|ln))\s?\\?[A-Zℓ])\s?(?:\\left)?\(\s?(\\?[A-Za-zα-ωΑ-Ω]+(?:\s?[,;]\s?\\?[A-Za-zα-ωΑ-Ω]+)*)\s?(?:\\right)?\)"
)
_COMPONENT = re.compile(
    r"\\(?:hat|mathbf|vec|bold|bm|boldsymbol|widehat|underline)\s?\{?\s?\\?(?:mathbf\s?\{?)?[ijkxyzr](?:math)?\s?\}?|î|ĵ|[ijkxyzrρθφϕ]\u0302|\\[ij]math|"
    r"\be_\{?[xyzrθφ]|\\(?:mathbf|hat|vec)\s?\{?e\}?_|e_\{?\\?(?:theta|rho|phi|r|z|x|y)"
)


_PLAIN_UNIT = re.compile(
    r"(?:[)}\d²³]\s?|[A-Za-z]\s|(?<![A-Za-z])[A-Za-z]|[*·]\s?)([ijk])(?![A-Za-z(^_])(?=\s*(?:$|[-+,.)]))"
)


# A derivative sign that could not be read as one, dy/dx2: never a product of its letters.
_BROKEN_SIGN = re.compile(r"\s*(?:d\d?[A-Za-z]?|∂\w?)\s?/\s?(?:d[A-Za-z]|∂)")


def _has_units(text: str) -> bool:
    """Whether unit vectors stand in a text: hats, bold letters, or two of i, j, k as factors."""
    return bool(_COMPONENT.search(text)) or len({found[1] for found in _PLAIN_UNIT.finditer(text)}) >= 2


@dataclass(slots=True)
class Formula:
    """An island with its shape, the texts of its sides for the reader, and later its role.

    `shape` is one of: number, name, formula, value (x = 2), definition (u = 3x), function (f(x) = ...), equation, sign
    (dy/dx alone), claim (a sign = ...), applied (d/dx of something), point, vector, condition, matrix, integral, limit,
    dimension, code, unread. `name` and `args` are of what is defined, `prime` is the derivative sign at its beginning,
    `inner` the kind of the one that its operand begins with, which is then that of the inner one: F of ∇·(∇×F).
    """

    token: Atom
    island: Island
    shape: str
    sides: list[str]
    read: str
    name: str = ""
    args: tuple[str, ...] = ()
    prime: Mark | None = None
    inner: str = ""
    frame: str = ""
    weight: float = 0.0
    role: str = ""
    whose: str = ""
    sentence: int = 0
    used: bool = False
    chained: bool = False
    order: int = field(default=0)

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands in the text."""
        return self.island.start, self.island.end

    @property
    def body(self) -> str:
        """What is defined or applied: the last side, without the sign in front."""
        return self.sides[-1]


def formula_of(text: str, token: Atom) -> Formula:
    """The formula of a token of mathematics."""
    island = token.island
    assert island
    sides = [side_text(text, island, side) for side in island.sides]
    whole = side_text(text, island, Side(island.sides[0].start, island.sides[-1].end))
    found = Formula(token, island, "", sides, whole)
    if island.code:
        found.shape = "code"
    elif not island.whole or (not island.sides[0].mark and _BROKEN_SIGN.match(sides[0])):
        found.shape = "unread"
    else:
        _shape(text, found)
    return found


def side_text(text: str, island: Island, side: Side, start: int | None = None) -> str:
    """A side as the reader gets it."""
    begin = side.start if start is None else start
    end = side.end
    edits = sorted({edit for edit in island.edits if begin <= edit[0] and edit[1] <= end})
    pieces, at = [], begin
    for a, b, put in edits:
        if a >= at:
            pieces += [text[at:a], put]
            at = b
    return clean("".join([*pieces, text[at:end]]))


def clean(text: str) -> str:
    """A formula without what only sets it: sizes, spaces, alignment, bars of other scripts."""
    text = re.sub(
        r"\\(?:large|Large|small|displaystyle|textstyle|limits|nolimits|!|nonumber)(?![A-Za-z])|&(?=\s*[=<>])",
        " ",
        text,
    )
    text = re.sub(r"\\(begin|end)\s+(?=\{)", r"\\\1", text)
    text = determinants_written_out(written_out(text))
    text = re.sub(r"[│∣❘]", "|", text).replace("\u200b", "").replace("\u00a0", " ")
    text = re.sub(r"\\(left|right)\s?\.", " ", text)
    text = re.sub(r"\\([lg]eq?)slant(?![A-Za-z])", r"\\\1", text).replace("\\space", " ")
    text = re.sub(r"(?<![A-Za-z])\{\s?([A-Za-z])\s?\}(?=_)", r"\1", text)
    text = re.sub(r"\\label\{[^}]*\}|\\tag\{[^}]*\}", "", text)
    text = re.sub(r"(?<!_)\{\s?([-+−]?\d+),(\d+\s?\\?[A-Za-z]*)\s?\}", r"{\1.\2}", text)  # e^{-0,7t}
    text = re.sub(r"\\(?:bold|bm)(?=\s?\{)", r"\\mathbf", text)
    text = re.sub(
        r"\{([^{}]*|[^{}]*\{[^{}]*\}[^{}]*)\\over(?![A-Za-z])([^{}]*|[^{}]*\{[^{}]*\}[^{}]*)\}", r"\\frac{\1}{\2}", text
    )
    text = re.sub(r"\\(?:boxed|cancel|underline|mathstrut)\s?\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}", r"{\1}", text)
    text = re.sub(r"\\[cdlv]?dots(?![A-Za-z])|…", "...", text)
    return re.sub(r"\s+", " ", text).strip(" ,;").removesuffix("\\").strip()


def _shape(text: str, found: Formula) -> None:
    """Tell the shape by sides, relations and signs."""
    sides, relations, island = found.sides, found.island.relations, found.island
    first = island.sides[0]
    mark = first.mark
    if mark and mark.kind in ("integral", "limit"):
        found.shape, found.prime = mark.kind, mark
        found.sides[0] = (
            side_text(text, island, first, mark.inner[0])[: mark.inner[1] - mark.inner[0]] if mark.inner else sides[0]
        )
        return
    if re.match(r"\s*[-+]?\s*(?:\\i*int|∫|\\oint|∮)", sides[0]):
        found.shape = "integral"
        return
    if re.match(r"\s*\\?lim(?:_|\s|\\)", sides[0]):
        found.shape = "limit"
        return
    if mark is None and (behind := primed(sides[0])):
        found.shape, found.sides[0] = "applied", behind[0]
        found.prime = Mark(first.start, first.end, "derivative", order=behind[1], operator=True)
        return
    if len(sides) == 1:
        _one_side(text, found, mark, first)
        return
    if re.search(r"\bif\b.*\belse\b", found.read):
        found.shape, found.sides = "formula", [found.read]
        return
    if relations == [r"\mapsto"] and is_name(sides[0]):  # f: x \mapsto x^2
        found.shape, found.sides, found.args = "formula", [sides[1]], (bare(sides[0]),)
        return
    equal = all(relation in ("=", ":=", "≡", "==", "≈", "\\approx", "\\equiv") for relation in relations)
    if not equal:
        found.shape = "condition"
        found.name = bare(sides[0]) if _NAME.fullmatch(sides[0].strip()) else ""
        if mark and relations[0] in ("=", ":="):
            found.shape, found.prime = "claim", mark
        return
    if mark:
        _signed(text, found, mark, first)
        return
    last = island.sides[-1]
    if last.mark and not last.mark.operator and last.mark.end == last.end and len(sides) == 2 and is_name(sides[0]):
        found.shape, found.prime = "sign", last.mark  # U = dz/dx names what is asked for
        return
    _defined(text, found)


def _one_side(text: str, found: Formula, mark: Mark | None, first: Side) -> None:
    side = found.sides[0]
    if mark and (mark.operator or mark.inner):
        _signed(text, found, mark, first)
    elif mark and not re.sub(r"[\s.]", "", text[mark.end : first.end]):
        found.shape, found.prime = "sign", mark
    elif mark:
        found.shape, found.prime = "formula", mark
    elif SIZED.fullmatch(side):
        found.shape = "dimension"
    elif is_constant(side):
        found.shape = "number"
    elif _NAME.fullmatch(side):
        found.shape, found.name = "name", bare(side)
    elif re.fullmatch(r"\(?\s?[A-Za-z\d]\s?(?:x|×|\\times)\s?[A-Za-z\d]\s?\)?", side):
        found.shape = "dimension"
    elif entries := entries_of(side):
        if any(entry[:1] == "[" for entry in entries):
            found.shape = "matrix"
            return
        found.shape = "point" if all(is_constant(entry) for entry in entries) else "vector"
    elif (signature := _SIGNATURE.fullmatch(side)) and signature[1].strip("\\") not in FUNCTIONS:
        found.shape, found.name = "formula", bare(signature[1])
        if len(found.name) == 1:
            found.shape, found.args = "signature", _args(signature[2])
    elif _has_units(side):
        found.shape = "vector"
    elif (named := re.fullmatch(r"[A-Z]\s?(\([^()]*\))", side)) and all(
        is_constant(entry) for entry in entries_of(named[1]) or ["-"]
    ):
        found.shape, found.sides = "point", [named[1]]
    else:
        found.shape = "vector" if is_vector(side) else "formula"


_APPLIED = FUNCTIONS | {"tr", "Tr", "trace", "det", "logdet"}


def _signed(text: str, found: Formula, mark: Mark, first: Side) -> None:
    """A derivative sign with its operand, or with what it equals."""
    found.prime = mark
    if mark.inner:
        operand = side_text(text, found.island, Side(*mark.inner))
        operand = operand[1:-1].strip() if operand[:1] in "([" and operand[-1:] in ")]" else operand
        rest = text[mark.end : first.end].strip()
    else:
        operand, rest = (side_text(text, found.island, first, mark.end) if mark.operator else ""), ""
    if rest:
        found.shape = "formula" if len(found.sides) == 1 else "equation"
        return
    if mark.operator and not operand:
        found.shape = "sign" if len(found.sides) == 1 else "claim"
        return
    if mark.operator and (nested := _nested(operand)):
        found.inner, operand = nested
    if operand:
        found.sides[0] = operand
        found.shape = "applied"
        name = _NAME.fullmatch(operand) or _SIGNATURE.fullmatch(operand)
        if name and not operand.isdigit() and (name.re is _NAME or name[1].strip("\\") not in _APPLIED):
            found.name = bare(name[1] if name.re is _SIGNATURE else operand)
            found.shape = "sign" if len(found.sides) == 1 else "claim"
        return
    whole = not re.sub(r"[\s.]", "", text[mark.end : first.end])
    found.shape = "claim" if whole and len(found.sides) > 1 else "equation"


_OPENED = re.compile(r"\s*(?:\\left)?\s*[(\[]?\s*(?:\\(?:vec|mathbf)\s?\{?(?=\\nabla|∇))?")


def _nested(operand: str) -> tuple[str, str] | None:
    """The kind of the operator that an operand begins with, and the operand of that one; None for no operator."""
    begun = _OPENED.match(operand)
    assert begun
    mark = mark_at(operand, begun.end())
    if mark is None or not mark.operator or mark.kind not in ("gradient", "divergence", "curl"):
        return None
    inside = operand[mark.end :].strip()
    if begun[0].strip() and inside[-1:] in (")", "]"):
        inside = inside[:-1].strip().removesuffix("\\right")
    return mark.kind, inside.strip()


def _defined(text: str, found: Formula) -> None:
    """An equation: of a function, a value, a definition, or of more."""
    if len(found.sides) > 2 and is_name(found.sides[0]):  # y = f(x) = x^2: two names of one function
        naming = _SIGNATURE.fullmatch if is_constant(found.sides[-1]) else is_name
        between = [side for side in found.sides[1:-1] if not naming(side)]
        found.sides = [found.sides[0], *between, found.sides[-1]]
    left, right = re.sub(r"\Ad (?=[a-z]\Z)", "d", found.sides[0]), found.sides[-1]  # d r = 0.02
    if re.fullmatch(r"[^,]+, ?[A-Za-z]", right) and re.match(r"\$?,?\s+(?:and|is|are)\b", text[found.island.end :]):
        right = found.sides[-1] = right.partition(",")[0]  # V = pi r^2 h, r and h are functions
    listed = len(found.sides) == 2 and "\\begin" not in right and not entries_of(right)
    if listed and len(entries_of(f"({right})")) in (2, 3):
        right = found.sides[-1] = f"({right})"  # F = yz, xz, xy
    signature = _SIGNATURE.fullmatch(left) or _LOGARITHM.fullmatch(left)
    args = _args(signature[2]) if signature else ()
    if signature and (
        signature[1].strip("\\") not in FUNCTIONS or set(names_in(right)) == set(args)
    ):  # also sinh(x) = (e^x - e^-x)/2
        found.shape, found.name, found.args = "function", bare(signature[1]), args
        if len(right) > 1 and right.isalpha() and set(right) <= set(args):
            found.sides[-1] = " ".join(right)  # f(x, y, z) = xyz
    elif _NAME.fullmatch(left):
        found.name = bare(left)
        if len(found.name) == 1 and _LETTERS.fullmatch(right) and right not in FUNCTIONS and not is_word(right):
            right = found.sides[-1] = " ".join(right)  # V = xyz, P = VI
        found.shape = "value" if is_constant(right) and len(found.sides) == 2 else "definition"
        if re.fullmatch(rf"{_NUMBER}\s?\\?(?:pi|π)?\s?\.\.\s?{_NUMBER}\s?(?:pi|π)?", right):
            found.shape = "range"
    elif is_constant(left) and _NAME.fullmatch(right):
        found.shape, found.name = "value", bare(right)
        found.sides = [right, left]
    elif (names := entries_of(left)) and entries_of(right) and all(_NAME.fullmatch(name) for name in names):
        found.shape, found.args = "components", tuple(bare(name) for name in names)
        if all(is_constant(entry) for entry in entries_of(right)):
            found.shape = "value"
    else:
        found.shape = "equation"
    if re.match(r"\[\s?\[|\(\s?\[", right):
        found.shape = "matrix"
    elif found.shape in ("function", "definition") and (entries_of(right) or _has_units(right) or is_vector(right)):
        found.shape = "vector" if not all(is_constant(entry) for entry in entries_of(right) or ["x"]) else "point"


def _args(text: str) -> tuple[str, ...]:
    return tuple(bare(part) for part in re.split(r"[,;]", text))


def is_name(text: str) -> bool:
    """Whether a text is one name, or an unknown function of names: c, x_0, g(y)."""
    signature = _SIGNATURE.fullmatch(text)
    called = signature[1].strip("\\").partition("_")[0] if signature else ""  # log_2(x)
    return bool(_NAME.fullmatch(text)) or bool(called and called not in FUNCTIONS and called.lower() not in COMPLEX)


def is_constant(text: str) -> bool:
    """Whether a text is one number, with pi or a root perhaps, or made of numbers alone."""
    if _CONSTANT.fullmatch(text) or "," in text:
        return "," not in text
    letters = set(re.findall(r"(?<![A-Za-z\\])[A-Za-z]+", text)) - FUNCTIONS - {"e", "pi"}
    return not letters and any(c.isdigit() for c in text) and is_readable(text) and not names_in(text)


def entries_of(text: str) -> list[str]:
    """The components of `(a, b)`, `<a, b>`, `[a, b]` or a matrix of one column; none for anything else."""
    text = text.strip()
    matrix = re.fullmatch(
        r"\\begin\{(?:[bpvB]?matrix\}|array\}\{[clr]\})(.*)\\end\{(?:[bpvB]?matrix|array)\}(?:\s?\^\{?\\?(?:T|top)\}?)?",
        text,
        re.DOTALL,
    )
    if matrix:
        rows = [row.strip() for row in re.split(r"\\\\(?:\[[^\]]*\])?|&", matrix[1]) if row.strip()]
        return rows if 2 <= len(rows) <= 6 else []
    text = (
        re.sub(r"\\(?:left|right|bigl|bigr|Bigl|Bigr|big|Big)(?=\s?[\\()\[\]<>|])", "", text)
        .replace("\\langle", "⟨")
        .replace("\\rangle", "⟩")
    )
    text = text.replace("\\,", " ").replace("\\;", " ").replace("\\ ", " ").strip()
    if len(text) < 3 or text[0] not in "([⟨<" or text[-1] != {"(": ")", "[": "]", "⟨": "⟩", "<": ">"}[text[0]]:
        return []
    parts, depth = [""], 0
    for character in text[1:-1]:
        depth += (character in "([{") - (character in ")]}")
        if depth < 0:
            return []
        if character in ",;" and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    parts = [part.strip() for part in parts]
    return parts if 2 <= len(parts) <= 8 and all(parts) else []


@lru_cache(maxsize=512)
def names_in(text: str) -> tuple[str, ...]:
    """The variables of a formula in the reader's spelling; those of its letters where the reader refuses it."""
    try:
        whole = Text(text)
        return names_of(whole.tree(whole.tokens, 0, len(text)))
    except UserError:
        plain = re.sub(
            r"\\(?!(?:alpha|beta|gamma|delta|theta|lambda|mu|omega|phi|rho|sigma|tau|psi|xi)\b)[A-Za-z]+", " ", text
        )
        return tuple(dict.fromkeys(re.findall(r"(?<![A-Za-z\\])[A-Za-z](?![A-Za-z])", plain)))


@lru_cache(maxsize=512)
def is_readable(text: str) -> bool:
    """Whether the reader takes a text as one formula."""
    try:
        whole = Text(text)
        whole.tree(whole.tokens, 0, len(text))
    except UserError:
        return False
    return True
