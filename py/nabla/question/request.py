"""What a text asks for, in canonical words, with the derivative signs that it asks about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nabla.question import phrases
from nabla.question.atoms import Atom
from nabla.question.formula_kinds import is_along, is_through
from nabla.question.formulas import Formula, entries_of, names_in
from nabla.question.lexicon import ordinal
from nabla.question.request_phrases import REQUESTS
from nabla.question.sentences import ProseSentence


@dataclass(frozen=True, slots=True)
class Request:
    """One thing asked for: the canonical word, its derivative in detail, and the words that ask.

    `function` is the name that a sign gives the function, `variables` those of the sign, `order` that of words and
    primes, `at` what stands in the brackets of f'(2).
    """

    what: str
    span: tuple[int, int]
    weight: float = 5.0
    function: str = ""
    variables: tuple[str, ...] = ()
    order: int = 0
    at: str = ""


_WISH = frozenset("need want how can could would should have trying asked to please help".split())
_DIFFERENTIAL = re.compile(r"(?!d[rs]\Z)(?:d|Δ|\\Delta\s?)[a-zA-Z]")
_KIND = {
    "gradient": "gradient",
    "directional": "directional",
    "laplacian": "laplacian",
    "divergence": "divergence",
    "curl": "curl",
    "integral": "integral",
    "limit": "limit",
}


def requests_of(sentences: Sequence[ProseSentence], formulas: Sequence[Formula]) -> list[Request]:
    """The requests of a text in the order in which they stand; words that say the same once."""
    found: list[Request] = []
    for number, sentence in enumerate(sentences):
        held = _phrased(sentence)
        for request in held:
            if _asked(sentence, request, number, len(sentences)):
                found.append(request)
    for formula in formulas:
        if formula.shape in ("integral", "unread") and is_along(formula):
            found.append(Request("work", formula.span))
        elif is_through(formula):
            found.append(Request("flux", formula.span))
        elif what := _identity(sentences, formula):
            found.append(Request(what, formula.span))
        elif formula.shape in ("sign", "applied", "integral", "limit"):
            found.append(_signed(formula))
        elif formula.frame == "function" and _DIFFERENTIAL.fullmatch(formula.read):
            found.append(Request("differential", formula.span))
    if (slope := _of_potential(sentences, formulas)) is not None:
        found = [request for request in found if request.what not in ("gradient", "unknown")]
        found.append(Request("potential", slope.span))
    if all(request.what in ("judge", "why") for request in found):  # I integrated it and got this: is it right?
        found += [request for sentence in sentences for request in _phrased(sentence, told=True)]
    return _merged(sorted(found, key=lambda request: request.span))


_LETTER = re.compile(r"\\?(?:(?:vec|mathbf|boldsymbol|bm|overrightarrow)\s*\{?\s*)?([A-Za-z])\s*\}?")


def _of_potential(sentences: Sequence[ProseSentence], formulas: Sequence[Formula]) -> Formula | None:
    """The equation that says of a field that it is the gradient of a letter: ∇f = F, F = ∇f, grad f = F."""
    fields = {f.name for f in formulas if f.shape == "vector" and len(f.sides) > 1 and f.name}
    known = {f.name for f in formulas if f.shape in ("definition", "function") and len(names_in(f.body)) > 1}
    for formula in formulas:
        ends = [match[1] if (match := _LETTER.fullmatch(side.strip())) else "" for side in formula.sides]
        if len(ends) != 2 or formula.inner:
            continue
        last = formula.island.sides[-1].mark
        if ends[0] in fields and last and last.kind == "gradient" and last.function not in known:
            return formula
        before = [token.text.lower() for token in sentences[formula.sentence].tokens if token.end <= formula.span[0]]
        sign = formula.prime.kind == "gradient" if formula.prime else before[-1:] in (["grad"], ["gradient"])
        if sign and ends[1] in fields and formula.name not in known | fields:
            return formula
    return None


def _identity(sentences: Sequence[ProseSentence], formula: Formula) -> str:
    """What a formula asks to be shown: ∇·B = 0, ∇×(∇×F) = ..., or u = ∂ψ/∂y of a stream function; "" for none."""
    mark, last = formula.prime, formula.island.sides[-1].mark
    if formula.shape in ("definition", "sign") and last and last.function in ("psi", "Psi") and formula.sides[1:]:
        return "stream"
    if formula.shape == "definition" and last and last.operator and last.kind in _VANISHES:
        return last.kind  # B = curl A
    if formula.shape in ("definition", "sign") and last and last.kind == "gradient" and formula.body[:1] in ("-", "−"):
        return "potential"
    if formula.shape != "claim" or mark is None or not _asks(sentences, formula):
        return ""
    if mark.kind == "gradient" and not formula.inner:
        return "potential" if len(entries_of(formula.body)) in (2, 3) else ""
    if formula.inner:
        return NESTED.get((mark.kind, formula.inner), "")
    return _VANISHES.get(mark.kind, "") if formula.body.strip() == "0" else ""


def _asks(sentences: Sequence[ProseSentence], formula: Formula) -> bool:
    """Whether the sentence of a formula asks."""
    return sentences[formula.sentence].asks and formula.frame not in ("claim", "rival")


def _phrased(sentence: ProseSentence, told: bool = False) -> list[Request]:
    """The phrases of requests in a sentence, or of what the asker tells to have done; of those that overlap the
    heaviest.
    """
    tokens = sentence.tokens
    held: list[tuple[float, int, int, str]] = []
    for at, token in enumerate(tokens):
        for what, weight, phrase in phrases.beginning(REQUESTS, token):
            if (end := phrases.match(phrase, tokens, at)) is not None:
                held.append((weight + 0.1 * (end - at), at, end, what))
    held.sort(reverse=True)
    kept: list[tuple[float, int, int, str]] = []
    for item in held:
        if all(item[2] <= other[1] or item[1] >= other[2] for other in kept):
            kept.append(item)
    kept = [
        (w, a, e, name)
        for w, a, e, what in kept
        for name in (("velocity", "acceleration") if what == "velocity and acceleration" else (what,))
    ]
    return [
        replace(_worded(what, tokens[at].text), span=(tokens[at].start, tokens[end - 1].end), weight=weight)
        for weight, at, end, what in sorted(kept, key=lambda item: item[1])
        if not _test(tokens, end) and _told(tokens, at) is told and not _of_chances(tokens, at, what)
    ]


def _worded(what: str, first: str) -> Request:
    """A request by its word; `first` is the word that the phrase begins with."""
    if what in ("order", "twice"):
        return Request("derivative", (0, 0), order=ordinal(first) if what == "order" else 2)
    if what in ("velocity", "acceleration"):
        return Request("derivative", (0, 0), order=1 + (what == "acceleration"))
    return Request(what, (0, 0))


def _test(tokens: Sequence[Atom], end: int) -> bool:
    """Whether the words name a test or a rule: the second derivative test."""
    return (
        end < len(tokens)
        and tokens[end].text.lower() in ("test", "calculator", "rules", "check")
        and tokens[end].kind == "word"
    )


def _of_chances(tokens: Sequence[Atom], at: int, what: str) -> bool:
    """Whether a divergence is one between two distributions, the KL divergence, and none of a field."""
    before = tokens[at - 1].text.lower() if at else ""
    return what == "divergence" and before in ("kl", "kullback-leibler", "leibler", "jensen-shannon", "bregman")


def _told(tokens: Sequence[Atom], at: int) -> bool:
    """Whether the asker tells what they did: I differentiated, I integrated, it is the derivative of."""
    before = [token.text.lower() for token in tokens[max(0, at - 3) : at]]
    if not before or not ({"i", "we", "i've"} & set(before)):
        return False
    place = max(i for i, word in enumerate(before) if word in ("i", "we", "i've"))
    lead = [token.text.lower() for token in tokens[max(0, at - 6) : at]]
    return not (_WISH & set(lead)) and place == len(before) - 1


def _asked(sentence: ProseSentence, request: Request, number: int, count: int) -> bool:
    """Whether a phrase asks: with a word of asking or a mark of question, over a formula, or as a title."""
    if sentence.asks or sentence.formulas or count <= 2:
        return True
    return number == 0


# Of two operators in a row, as in ∇·(∇×F), what is asked for.
NESTED = {
    ("divergence", "curl"): "div-curl", ("curl", "curl"): "curl-curl", ("curl", "gradient"): "curl-grad",
    ("gradient", "divergence"): "grad-div", ("divergence", "gradient"): "laplacian",
}  # fmt: skip
_VANISHES = {"divergence": "solenoidal", "curl": "irrotational"}


def _signed(formula: Formula) -> Request:
    mark = formula.prime
    if mark and formula.inner and (both := NESTED.get((mark.kind, formula.inner))):
        return Request(both, formula.span, 12.0)
    kind = _KIND.get(formula.shape, "") or (_KIND.get(mark.kind, "") if mark else "")
    if mark is None:
        return Request(kind or "derivative", formula.span)
    if kind:
        return Request(kind, formula.span, function=formula.name or mark.function, at=mark.arg)
    what = "nth" if mark.order == 0 else "derivative"
    order = mark.order if not mark.variables else 0
    arg = mark.arg if mark.arg and not mark.arg.isidentifier() else ""
    function = mark.function or formula.name
    return Request(what, formula.span, 7.0, function, mark.variables, order, arg)


def _merged(found: Sequence[Request]) -> list[Request]:
    """Each request once; a word is taken up by the sign or the more exact word that says the same."""
    kept: list[Request] = []
    exact = [request for request in found if request.variables or request.order or request.function]
    special = {request.what for request in found} - {"derivative", "judge", "why", "partial"}
    for request in found:
        if "decompose" in special and request.what in ("solenoidal", "irrotational"):
            continue  # the names of its parts
        if "roots" in special and request.what == "minimise" and request.weight < 7:
            continue  # Newton's method for a root
        if "exact" in special and request.what in ("roots", "differential equation"):
            continue  # solve P dx + Q dy = 0
        if "critical" in special and request.what == "series":
            continue  # linearise a system
        if "potential" in special and request.what == "unknown" and not request.function:
            continue  # find f such that F = ∇f
        plain = request.what in ("derivative", "partial", "gradients") and not (
            request.variables or request.order or request.at
        )
        if (
            plain
            and request.what == "derivative"
            and special
            & {
                "gradient",
                "jacobian",
                "hessian",
                "directional",
                "total",
                "nth",
                "partials",
                "limit-definition",
                "tangent",
                "slope",
            }
        ):
            continue
        if (
            plain
            and request.what == "derivative"
            and any(other is not request and other.what == "derivative" for other in exact)
        ):
            continue
        same = next((other for other in kept if _same(other, request)), None)
        if same is None:
            kept.append(request)
    return kept


def _same(one: Request, other: Request) -> bool:
    return (one.what, one.variables, one.order, one.at, one.function) == (
        other.what,
        other.variables,
        other.order,
        other.at,
        other.function,
    )


_END = r"(?:\w\s?=\s?)?-?[\dπ√.][^\s,\]]*|-?pi\b"
_INTERVAL = re.compile(
    r"\b(?:on|in|over)\s+(?:the\s+)?(?:closed\s+)?(?:interval\s+)?\$?\[[^\[\],]+,[^\[\],]+\]"
    rf"|\b(?:from|between)\s+(?:{_END})\s+(?:to|and)\s+(?:{_END})",
    re.IGNORECASE,
)
_SEARCH = re.compile(
    r"descen[td]|newton|bfgs|nelder|adam|momentum|\brates?\b|\bsteps?\b|\bstart|iterat|scipy|numerical|golden|bisect",
    re.I,
)


def of_interval(functions: Sequence[Formula], requests: list[Request], text: str) -> list[Request]:
    """The requests, where the least value of a function of one variable on an interval is asked for: its ends count,
    so that no search from a start answers it.
    """
    alone = len(functions) == 1 and len(set(names_in(functions[0].body))) == 1
    if not alone or not _INTERVAL.search(text) or _SEARCH.search(text):
        return requests
    return [replace(request, what="extrema") if request.what == "minimise" else request for request in requests]


def speaks_of_average_cost(text: str) -> bool:
    """Whether a text speaks of an average cost, that of each piece of x > 0."""
    return re.search(r"\baverage costs?\b", text, re.IGNORECASE) is not None


def of_average(functions: Sequence[Formula], requests: list[Request], text: str) -> list[Request]:
    """The requests, where the least average cost is asked for: of C(x)/x for x > 0, which the function becomes."""
    asked = any(request.what in ("minimise", "extrema") for request in requests)
    names = list(dict.fromkeys(names_in(functions[0].body))) if len(functions) == 1 else []
    if not asked or len(names) != 1 or len(functions[0].sides) != 2 or not speaks_of_average_cost(text):
        return requests
    functions[0].sides[1] = f"({functions[0].body})/{names[0]}"
    return [replace(request, what="extrema") if request.what == "minimise" else request for request in requests]
