"""Signs of derivatives as people type them: `dy/dx`, `\\frac{d^2 y}{dx^2}`, `f''(0)`, `f_xy`, `∂²f/∂x∂y`, `∇f`.

`mark_at` reads the one that begins at a place. It tells the function, the variables in the order of differentiation,
the point in brackets, and whether the sign is an operator that waits for its operand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

_GREEK = "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|rho|sigma|tau|phi|chi|psi|omega"
_VAR = (
    rf"(?:\\?(?:{_GREEK})(?![A-Za-z])|\\?(?:hat|tilde|bar|mathbf|vec|boldsymbol|mathcal|mathscr)\s?\{{\\?[A-Za-z]+\}}|"
    r"[A-Za-zα-ωΑ-Ω](?:_\{?\w+\}?|[₀-₉]+)?|\{\s?\\?[A-Za-z]+\s?\})"
)
_BOLD = r"\\(?:mathbf|vec|boldsymbol)\s?\{\s?[A-Za-z]\s?\}"
_NAME = rf"(?:{_VAR}|\\?[A-Za-z][A-Za-z0-9_]*)"
_D = r"(?:d|∂|\\partial(?![A-Za-z])|\\mathrm\s?\{d\}|\\text\s?\{d\}|\\rm d|𝑑)\s?"
_UP = r"(?:\^\{?\s?(?P<n@>\d{1,3}|n|k)\s?\}?|(?P<s@>[²³⁴⁵⁶⁷⁸⁹])|(?P<l@>[2-6](?![\d.])))?\s?"
_ARG = r"(?:\s?\((?P<arg>[^()=\n]{0,40})\))?"
_SUPER = {c: i for i, c in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
PRIMES = "'′’″‴"


@dataclass(frozen=True, slots=True)
class Mark:
    """A derivative sign: its stretch, the function's name ("" for an operator), and its variables.

    `order` is that of a sign without variables, as f''; 0 stands for an n-th derivative. `arg` is what stands in the
    brackets behind it, as 0 in f'(0). `operator` waits for an operand: d/dx, ∇, div. `kind` is "derivative",
    "gradient", "directional", "laplacian", "divergence", "curl", "integral" or "limit". `inner` is the operand inside
    d(...)/dx.
    """

    start: int
    end: int
    kind: str
    function: str = ""
    variables: tuple[str, ...] = ()
    order: int = 1
    arg: str = ""
    operator: bool = False
    inner: tuple[int, int] | None = None


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    slash = r"\s?(?:/|∕)\s?"
    more = rf"(?:{_D}(?P<v2>{_VAR})(?:\^\{{?\d\}}?|[²³])?\s?)?(?:{_D}(?P<v3>{_VAR})\s?)?"
    below = rf"(?:{_D}(?P<v1>{_VAR}){_UP.replace('@', 'b')}{more})"
    above = rf"{_D}{_UP.replace('@', 'a')}(?P<f>{_NAME})?{_ARG}"
    alone, fraction = r"(?<![A-Za-z\\])", r"\\[dtc]?frac\s?\{\s?"
    norm = r"\|\|[^|\n]{1,60}\|\|(?:_\{?\w+\}?)?(?:\^\{?\d\}?)?|‖[^‖\n]{1,60}‖(?:_\{?\w+\}?|[₀-₉])?(?:\^\{?\d\}?|²)?"
    nested = r"\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\)|\[[^\[\]]*\]|" + norm
    braced = r"(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})+"
    primes = rf"[{PRIMES}]{{1,6}}|\^\{{\s?(?:\\prime\s?)+\}}|\^\{{?\((?P<nth>\d{{1,3}}|n|k)\)\}}?|⁽(?P<raised>[²³⁴⁵ⁿ])⁾"
    named = rf"\\?(?:{_GREEK})|{_BOLD}|[A-Za-zα-ωΑ-Ω](?:_\w)?"
    subscript = r"(?P<vs>[xyztuvrsw]{1,3}|(?:\\?theta|θ|\\?phi|φ))"
    times, dot = r"[×⨯✕]|\\times", r"[·⋅∙•]|\\cdot|\.(?=\s?\\?[A-Za-z])"
    words = r"div|curl|rot|grad"
    held = r"\{?\s?[A-Za-z](?:\s?,\s?[A-Za-z])*\s?\}?"  # (∂G/∂T)_P, where P stays as it is
    rows = [
        ("leibniz", rf"{fraction}{above}\s?\}}\s?\{{\s?{below}\s?\}}"),
        ("inner", rf"{fraction}{_D}(?P<inner>{braced})\}}\s?\{{\s?{below}\s?\}}"),
        ("leibniz", rf"(?:\\left\s?)?\(\s?{above}{slash}{below}\s?(?:\\right\s?)?\)_{held}"),
        ("leibniz", rf"(?:\\left\s?)?\(\s?{fraction}{above}\s?\}}\s?\{{\s?{below}\s?\}}\s?(?:\\right\s?)?\)_{held}"),
        ("leibniz", rf"\{{\s?\{{?\s?{above}\s?\}}?\s?\\over\s?\{{?\s?{below}\s?\}}?\s?\}}"),
        ("leibniz", rf"\(\s?{above}\s?\){slash}\(\s?{below}\s?\)"),
        ("leibniz", rf"\(\s?{above}{slash}{below}\s?\)(?=\s?[A-Za-z(\[{{\\√|])"),  # (d/dx)(x^3)
        ("leibniz", rf"{alone}{above}{slash}{below}(?![A-Za-z])"),
        ("inner", rf"{alone}{_D}\s?(?P<inner>{nested}){slash}{below}(?![A-Za-z])"),
        ("lagrange", rf"{alone}(?P<f>{named})\s?(?P<primes>{primes})(?![a-z]){_ARG}"),
        ("index", rf"{alone}(?P<f>[fghuvwzFGφψ])_(?P<brace>\{{)?{subscript}(?(brace)\}})(?![A-Za-z0-9_]){_ARG}"),
        ("index", rf"{alone}(?P<f>[fF])(?P<vs>[xyz]{{1,3}})(?![A-Za-z0-9_]){_ARG}"),
        (
            "nabla",
            rf"(?:∇|\\nabla(?![A-Za-z])|\\vec\s?\{{?\\nabla\}}?)(?:_\s?\{{?(?P<by>{_VAR})\}}?)?\s?(?P<what>\^\{{?2\}}?|²|{times}|{dot})?",
        ),
        ("word", rf"\\operatorname\s?\{{(?P<what>{words})\}}|\\(?P<bs>{words})(?![A-Za-z])"),
        ("word", rf"(?<![A-Za-z])(?P<plain>{words})\s?(?=\()"),
        ("word", rf"(?:(?<=[-−=])|(?<=[-−=]\s))(?P<behind>{words})\s(?=[A-Za-zφψ](?![A-Za-z]))"),  # E = -grad V
        ("word", rf"(?<=[(\[])(?P<within>{words})\s(?=[A-Za-zφψ]\s?[)\]])"),  # div(curl F)
        (
            "directed",
            rf"{alone}D_\{{?\s?(?:\\(?:mathbf|vec|hat|boldsymbol)\s?)?\{{?\s?\\?[uvw]\s?\}}?\s?\}}?\s?(?P<f>[A-Za-z])(?![A-Za-z]){_ARG}",
        ),
        ("operator", rf"{alone}D_\{{?\s?(?P<by>[xyzt])\s?\}}?\s?(?:\^\{{?(?P<times>\d)\}}?)?(?=\s?[(\[])"),
        ("delta", r"(?:Δ|\\Delta)\s?(?=(?:[uf]|\\phi|φ|\\psi|ψ)(?![A-Za-z]))"),
        ("dot", r"\\d?dot\s?\{?\s?(?P<f>[A-Za-z])\s?\}?|(?P<fu>[ẋẏżẍÿ])"),
    ]
    return [(kind, re.compile(pattern)) for kind, pattern in rows]


# Commands of computer algebra systems: diff(f, x, 2), D[f, {x, 2}], integrate(f, x), limit(f, x, 0).
_CALL = re.compile(
    r"(?:(?:sp|sympy|Sympy)\.)?(diff|Derivative|derivative|D|integrate|Integrate|int|limit|Limit)\s?(?=[(\[][^\s)])"
)
_CALLED = {"integrate": "integral", "Integrate": "integral", "int": "integral", "limit": "limit", "Limit": "limit"}


def _called(text: str, found: re.Match[str]) -> Mark | None:
    """A command with its function and variables; None where its brackets do not close or it has one argument."""
    start, depth = found.end() + 1, 0
    commas: list[int] = []
    for i in range(found.end(), min(len(text), found.end() + 1000)):
        depth += (text[i] in "([{") - (text[i] in ")]}")
        if depth == 1 and text[i] == ",":
            commas.append(i)
        if depth == 0:
            break
    else:
        return None
    if not commas and found[1] not in ("diff", "Diff") and not _is_operand(text, found, i):
        return None
    ends = [*commas, i]
    rest = [text[a + 1 : b].strip() for a, b in pairwise(ends)]
    variables: list[str] = []
    for part in rest:
        inner = [piece.strip() for piece in part.strip("{}()").split(",")]
        variables += (
            [inner[0]] * (int(inner[1]) if len(inner) > 1 and inner[1].isdigit() else 1)
            if inner[0].isidentifier()
            else []
        )
        counted = re.fullmatch(r"([A-Za-z]\w*)\s?\$\s?(\d)", part)  # Maple's x$2
        variables += [counted[1]] * int(counted[2]) if counted else []
        if part.isdigit() and variables:
            variables += [variables[-1]] * (int(part) - 1)
    kind = _CALLED.get(found[1], "derivative")
    return Mark(found.start(), i + 1, kind, "", tuple(variables[:8]), max(1, len(variables)), inner=(start, ends[0]))


# What is no product with a letter D: a function, a quotient or a power of one letter alone stands behind it.
_FORMED = re.compile(r"\b(?:sin|cos|tan|cot|sec|csc|a(?:rc)?(?:sin|cos|tan)|ln|log|exp|sqrt|[a-z]\s?(?:\^|\*\*))|/")

_FACTOR = re.compile(r"[-+*/^=)\d]\s*\Z|\w\Z|\b[A-Za-z]\s\Z")


def _is_operand(text: str, found: re.Match[str], end: int) -> bool:
    """Whether D stands alone before the only bracket of a line and differentiates what is in it: D(ln(x)/x^3)."""
    inside = text[found.end() + 1 : end]
    letters = set(re.findall(r"(?<![A-Za-z])[a-z](?![A-Za-z])", inside)) - {"e"}
    alone = not re.match(r"\s*[-+*/^=(\w]", text[end + 1 :]) and not _FACTOR.search(text[: found.start()])
    return found[1] == "D" and alone and len(letters) == 1 and _FORMED.search(inside) is not None


_STARTS = re.compile(r"[cdfghuvwyzxrspqFGPVTDJQLEHαβγδθλμρσφψω∂∇Δ\\({𝑑ẋẏżẍÿ]|[A-Za-zα-ωΑ-Ω]\s?[\^'′’″‴⁽]")
_SIGNS = {"×": "curl", "⨯": "curl", "✕": "curl", "\\times": "curl", "": "gradient"}


def mark_at(text: str, at: int) -> Mark | None:
    """The derivative sign that begins at a place of the text, if one does."""
    if call := _CALL.match(text, at):
        return _called(text, call)
    if not _STARTS.match(text, at):
        return None
    for kind, pattern in _patterns():
        found = pattern.match(text, at)
        if found and (mark := _made(kind, found)):
            return mark
    return None


def _made(kind: str, found: re.Match[str]) -> Mark | None:
    group = found.groupdict()
    start, end = found.span()
    if kind in ("leibniz", "inner"):
        return _leibniz(kind, found, group)
    if kind == "lagrange":
        order = _primes(group)
        return Mark(start, end, "derivative", bare(group["f"]), (), order, (group["arg"] or "").strip())
    if kind == "index":
        names = group["vs"]
        variables = (bare(names),) if (len(bare(names)) > 1 and not names.isascii()) or "\\" in names else tuple(names)
        if group["f"] in variables or _counted(group["f"], names, found.string):
            return None
        return Mark(start, end, "derivative", group["f"], variables, len(variables), (group["arg"] or "").strip())
    if kind == "nabla":
        what = group["what"] or ""
        meaning = "laplacian" if "2" in what or what == "²" else _SIGNS.get(what, "divergence")
        by = (bare(group["by"]),) if group["by"] else ()
        return Mark(start, end, meaning, variables=by, operator=True)
    if kind == "word":
        what = next(word for word in group.values() if word)
        meaning = {"div": "divergence", "grad": "gradient"}.get(what, "curl")
        return Mark(start, end, meaning, operator=True)
    if kind == "directed":
        return Mark(start, end, "directional", group["f"] or "", arg=(group["arg"] or "").strip())
    if kind == "operator":
        times = int(group["times"] or 1)
        return Mark(start, end, "derivative", "", (group["by"] or "",) * times, times, operator=True)
    if kind == "delta":
        return Mark(start, end, "laplacian", operator=True)
    letter = group["f"] or {"ẋ": "x", "ẏ": "y", "ż": "z", "ẍ": "x", "ÿ": "y"}.get(group["fu"] or "", "")
    return Mark(start, end, "derivative", letter, ("t",), 1)


def _counted(name: str, index: str, text: str) -> bool:
    """Whether an index counts steps: w_t beside w_{t+1}."""
    return re.search(rf"(?<![A-Za-z]){re.escape(name)}_\s?[{{(]\s?{re.escape(index)}\s?[-+]\s?\d", text) is not None


def _leibniz(kind: str, found: re.Match[str], group: dict[str, str | None]) -> Mark | None:
    if kind == "leibniz" and not group["f"] and group["arg"]:
        return None  # d(x^2)/dx
    order = _power(group, "a") if kind == "leibniz" else 1
    below = _power(group, "b")
    if kind == "inner" and below not in (0, 1):
        return None  # d(x^2)/dx^3
    if order == 1 and below not in (0, 1) and kind == "leibniz" and not group["v2"]:
        return None
    variables = [bare(group[v] or "") for v in ("v1", "v2", "v3") if group[v]]
    if len(variables) == 1 and order > 1:
        variables *= order
    inner = found.span("inner") if kind == "inner" else None
    function = bare(group.get("f") or "")
    operator = not function and inner is None
    start, end = found.span()
    arg = (group.get("arg") or "").strip()
    return Mark(start, end, "derivative", function, tuple(variables), order, arg, operator, inner)


def _power(group: dict[str, str | None], which: str) -> int:
    plain, raised = group.get(f"n{which}") or group.get(f"l{which}"), group.get(f"s{which}")
    if raised:
        return _SUPER[raised]
    return 1 if not plain else int(plain) if plain.isdigit() else 0


def _primes(group: dict[str, str | None]) -> int:
    if group["nth"]:
        return int(group["nth"]) if group["nth"].isdigit() else 0
    if group["raised"]:
        return {"²": 2, "³": 3, "⁴": 4, "⁵": 5}.get(group["raised"], 0)
    text = group["primes"] or ""
    return sum({"″": 2, "‴": 3}.get(c, 1) for c in text if c in PRIMES) + text.count("\\prime")


_GREEK_LETTERS = dict(
    zip(
        "αβγδεζηθικλμνξπρστφχψωΓΔΘΛΦΨΩ",
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau phi chi psi omega "
        "Gamma Delta Theta Lambda Phi Psi Omega".split(),
        strict=True,
    )
)


def bare(name: str) -> str:
    """A name as the reader knows it: without backslash and braces, Greek letters spelled out, bold letters plain."""
    faces = r"\\(?:mathbf|vec|boldsymbol|mathrm|text|bm|mathcal|mathscr)\s?\{?\\?([A-Za-z]+)\}?"
    name = re.sub(faces, r"\1", name.strip())
    name = re.sub(r"\\(hat|tilde|bar)\s?\{?\\?([A-Za-z]+)\}?", r"\2_\1", name)
    name = re.sub(r"[\\{}\s]", "", name)
    name = "".join(_GREEK_LETTERS.get(c, c) for c in name)
    return re.sub(r"[₀-₉]+", lambda m: "_" + "".join(str(ord(c) - 0x2080) for c in m[0]), name)


_PRIMED = re.compile(r"[(\[](.+)[)\]]\s?(['’′]{1,3})")


def primed(side: str) -> tuple[str, int] | None:
    """The formula in brackets that primes stand behind, and their number: (x^2 sin x)'."""
    found = _PRIMED.fullmatch(side)
    depth = 0
    for letter in found[1] if found else "":
        depth += (letter in "([") - (letter in ")]")
        if depth < 0:
            return None
    return (found[1], len(found[2])) if found and depth == 0 else None
