"""By what a pasted text is recognised: clues and fills, which each lab declares, and what is common to all.

All of it is data, so that the page recognises texts by the same rules without Python. Regular expressions keep to what
Python and JavaScript understand alike: case is ignored, `^` and `$` are the ends of a line, classes are ASCII; no
look-behind, no named groups, no possessive repetition; every repetition that could meet itself is bounded.
`nabla.question.recognise` and app/question/recognise.js apply them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

Part = Literal["text", "code", "prose", "formula", "data", "trace", "claim", "points"]
Must = Literal["", "formula", "components", "known"]


@dataclass(frozen=True, slots=True)
class Clue:
    """A pattern that speaks for a lab, or against it where `weight` is negative.

    `part` is the part of the text in which it is looked for; an empty pattern asks only that there is one. `what` says
    in a few words what was recognised.
    """

    weight: int
    part: Part
    pattern: str = ""
    what: str = ""


@dataclass(frozen=True, slots=True)
class Fill:
    """What a field gets: a whole part, or what `pattern` finds in it, put into `form`: {1} is the first group, {0} the
    whole part.

    The first fill of a field that finds something counts. `must`: "formula" takes only what reads like a formula,
    "components" what stands in brackets with commas between, written with semicolons; "known" only names that stand in
    the formula.
    """

    field: str
    part: Part
    pattern: str = ""
    form: str = "{1}"
    must: Must = ""


@dataclass(frozen=True, slots=True)
class Signs:
    """How a lab is recognised. It can read a text where one of the `main` fields is filled."""

    main: tuple[str, ...]
    clues: tuple[Clue, ...]
    fills: tuple[Fill, ...]


# A lab must have so many points more than nothing, and so many more than the next one.
LEAST, AHEAD = 3, 2
# Of longer texts only the head is classified; patterns are looked for in so many characters of a part and of a line.
MOST_LINES, SAMPLE, WINDOW, LINE = 2000, 300, 5000, 300
TRIES = 40  # places that a pattern proposes for the formula
# Fewer numbers than this are not taken for data.
NUMBERS = 8

_NAME = r"[A-Za-z_]\w{0,60}"
_TARGET = rf"{_NAME}(?:\.\w{{1,40}}|\[[^\]\n]{{1,60}}\]){{0,4}}(?:\s{{0,3}},\s{{0,3}}{_NAME}){{0,9}}(?:\s{{0,3}},)?"

# What pasting makes of plain characters, character by character; and what it leaves between them.
PLAIN = dict(
    zip(
        "\u00a0\u2002\u2003\u2005\u2007\u2009\u200a\u202f\u3000−‘’“”\u2028\u2029\x85\r",
        "         -''\"\"\n\n\n\n",
        strict=True,
    )
)
NOTHING = "\ufeff\u200b\u200c\u200d"

# What LaTeX puts around a formula, but for its \\[2pt]; group 1 stays.
FENCES = r"(\\\\)|\\[()\[\]]"

# What a line is, by the first pattern that fits; else prose.
LINES: tuple[tuple[str, str], ...] = (
    ("blank", r"^\s*$"),
    ("fence", r"^\s{0,8}(?:```|~~~)"),
    ("place", r"^\s{0,8}(?:File \"|Cell In ?\[|<ipython-input)"),
    ("trace", r"^\s{0,8}(?:Traceback \(most recent|-{2,6}> ?\d|-{40}|\^{1,80}\s*$|~{1,80}\^|[A-Za-z_.]{1,60}"
              r"(?:Error|Exception|Warning|Interrupt)(?::|\s{2,}|$))"),
    ("prompt", r"^\s{0,8}(?:>>>|\.\.\.|In \[\d{0,4}\]:)(?:\s|$)"),
    ("list", rf"^\s{{0,8}}(?:{_NAME}\s{{0,3}}[=:]\s{{0,3}})?[\[(]\s{{0,3}}[-+.\d][-+\d.eE,;\s\[\]()]{{20}}"),
    ("row", r"^\s{0,8}[|\"]?\s{0,3}[-+]?\.?\d[-+\d.eEnNaATZ,;|:/\s\"&]*(?:\\\\)?\s*$"),
    ("strong", r"^\s{0,40}(?:import\s+[A-Za-z_]|from\s+[A-Za-z_.]{1,60}\s+import\b|def\s+\w{1,60}\s*\(|"
               r"class\s+\w{1,60}\s*[(:]|for\s+\(?\w{1,40}(?:\s*,\s*\w{1,40}){0,4}\)?\s+in\s+[\w.]{1,60}\s?[\[(:]|"
               r"print\s*[(\"']|@\w{1,40}|(?:[A-Za-z_][\w.]{0,60})?[(\[]\S[^\n]{0,100}[)\]]\.[a-z_]\w{0,30}\(|"
               rf"(?:{_TARGET}\s{{0,3}}[-+*/@]?=\s{{0,3}})?[A-Za-z_]\w{{0,40}}(?:\.\w{{1,40}}){{0,5}}\.[A-Za-z_]"
               r"\w{0,40}\()"),
    ("weak", r"^\s{0,40}(?:#|\"\"\"|'''|[\])}]|(?:else|try|finally)\s*:|(?:pass|break|continue)\s*$|return\b|"
             r"(?:while|if|elif|with|except)\s[^\n]{1,200}:\s*(?:#.*)?$|"
             r"(?:assert|del|global|raise)\s[^\n]{1,200}$|"
             r"(?:\([A-Za-z_]\w{0,40}\s{0,3},|[A-Za-z_]\w{0,40}\s{0,3},\s{0,3}\()[\w\s,()]{0,80}\)\s{0,3}=(?!=)\s{0,3}\S|"
             rf"{_TARGET}\s{{0,3}}(?:[-+*/@%|&]|//|\*\*)?=(?!=)\s{{0,3}}\S)"),
)  # fmt: skip
# The names of columns, where numbers follow.
HEAD = r"^\s{0,8}#?\s{0,3}\"?[A-Za-z_][^,;\t|\n]{0,40}(?:(?:[,;\t|]|\s{1,8})\s{0,8}\"?[A-Za-z_][^,;\t|\n]{0,40}){1,20}$"
# Two words side by side, or a question: no line of Python has them, but for its keywords.
_KEYWORD = (
    r"(?!(?:and|as|assert|async|await|class|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|"
    r"nonlocal|not|or|raise|return|try|while|with|yield)\b)"
)
WORDY = rf"(?:^|[^\w.]){_KEYWORD}(?:[A-Za-z_]\w{{0,40}}|\d[\d.]{{0,40}})\s{{1,8}}{_KEYWORD}[A-Za-z_]|[?!](?!=)"
# A call, or an attribute to look at: such a line goes on with the program beside it.
CALLS = rf"^\s{{0,40}}(?:[A-Za-z_][\w.]{{0,60}}\([^\n]{{0,200}}\)|{_NAME}(?:\.\w{{1,40}}){{1,4}}(?:\[[^\]\n]{{1,40}}\])?)\s{{0,8}}(?:#.*)?$"
# Several assignments in a line are a point, not a program.
POINTS_IN_A_LINE = r"^[^=([\n]{1,60}=\s{0,3}[^=([\n]{1,40},\s{0,3}\w{1,20}\s{0,3}=[^=]"
DEFINES = r"^\s{0,40}(?:(?:import|from)\s+([\w.]{1,60})|def\s+(\w{1,60})|class\s+(\w{1,60}))"
ASSIGNS = rf"^\s{{0,40}}({_NAME})(?:\[[^\]\n]{{1,60}}\])?\s{{0,3}}(?:[-+*/@])?=(?!=)"
PROMPT = r"^\s{0,8}(?:>>>|\.\.\.|In \[\d{0,4}\]:) ?"
QUOTED = r"\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'|#.*$"
NUMBER_RUN = r"\d[\d.eE]{0,40}"
# Eight numbers in a row, and a text that holds nothing else but brackets, names of lists and what makes arrays of them.
RUN = r"[-+]?\.?\d[\d.eE+-]{0,30}(?:[\s,;]{1,8}[-+]?\.?\d[\d.eE+-]{0,30}){7,}"
LISTED = (
    r"\bimport\s+\w+(?:\s+as\s+\w+)?|\b(?:np|numpy|torch|jnp)\.|\b(?:array|tensor|asarray|dtype|(?:float|int)(?:32|64)?|nan|null|"
    r"none|inf)\b|\bc(?=\()|\b[A-Za-z_]\w{0,20}\s{0,3}(?==)"
)
UNLISTED = r"[^-+\d.eE,;:\s\[\](){}=]|\b[XVW]\s?=\s?[\[(]{2}|\d[-+]\d|\d\s[-+]\s|\d\s?[(\[]"
BRACKETED = r"[\[({=]\s{0,3}[-+]?\.?\d[^\[({]{0,40}[\s,;:]"
RECORDS = r"^\s{0,8}(?:\[\s{0,8})?\{\s{0,8}(?:\"[^\"\n]{1,40}\"|'[^'\n]{1,40}'|-?[\d.]{1,20})\s?:\s?[-+\[\d.]"
NAMED_LIST = r"^\s{0,8}([A-Za-z_]\w{0,60})\s{0,3}[=:]"

# A link to a page of ours, wherever it is served.
LINK = r"^\S{0,300}#!?(/[a-z]{2,20}(?:\?\S*)?)$"

# Words that no formula holds.
ENGLISH = frozenset(
    "the of is are was were this that these those what why how who my your we you they it its get got gets gives gave "
    "should would could can cannot but because so then which where there here please help me i'm an as be been do does "
    "doesn't don't not from to on at by than instead rather between like want wants need needs using use used find "
    "calculate compute for let given suppose show prove have has had with without when while let's solve answer question wrong right correct "
    "differentiate differentiated derivative derivatives wrt respect minimize minimise integrate gradient where's "
    "irrotational solenoidal conservative "
    "hi hello thanks thank anyone code following function hint value about same different".split()
)
OPERATES = (
    r"[-+*/^=|√²³⁴′']|\\[a-z]{2}|[A-Za-z]\w{0,20}\s?[(\[]|\d\s?[A-Za-z]|"
    r"\b(?:(?:arc)?(?:sin|cos|tan|cot|sec|csc)h?|ln|log|exp|sqrt)\s[A-Za-z]\b"
)

# What no formula is: a derivative sign (it is taken off first), tags, arrows, several equations with commas, loose ends.
NO_FORMULA = (
    r"^\s*(?:arg)?min\s[^(]|^\s*descent\b|"
    r"\bd\w{0,8}\s?/\s?d[a-z]|\bd(?:[²³⁴⁵⁶]|\^\{?\d\}?)\s?[a-z]?\s?/|[∂∇]|\\nabla|\\[dt]?frac\s?\{(?:d[^a-z]|d\}|d[a-z]\}|\\partial|\\mathrm\{d)|\bdiff\(|</?[a-z]{2}|=>|"
    r"\bgrad\s?\(|\b[a-z]{3,20}-[a-z]{3}|"
    r"(?:^|,)[^=,]{0,40},\s{0,3}\w{1,9}\s{0,2}=|^\s*[=/*]|[=+*/^-]\s*$"
)

_END = (
    r"(?=\s*(?:[?!]|\.\s|\.?$|:\s|[,;]\s?[a-z]'{1,3}(?:\s?\(|\s*[?]|\s*$)|,\s?d[a-z]\s?/\s?d[a-z]|,?\s+(?:with\b|w\.?r\.?t\b|by\s|at\s|when\b|where\b|if\s|for\s|from\s|"
    r"starting|start\s|using\b|(?:find|what|calculate|compute|evaluate|determine|show|then|please|given|just|only|simply|right|correct|true|directly)\b|(?:lr|rate)\s?=|but\b|and\s+(?:i|[a-z]{2,12})\b|is\b|over\s|on\s|evaluated|in\s|i\s|my\s|"
    r"equals?\b|not\s|manually|by hand|because|since|pytorch|so\s|should\b|has\b)))"
)
_D = r"(?:d|∂|\\partial\s?|\\mathrm\{d\}\s?)"
_POWER = r"(?:[²³⁴⁵⁶]|\^\{?\d\}?)?"
_TEX_D = (
    rf"\\[dt]?frac\s?\{{{_D}{_POWER}[^{{}}\n]{{0,20}}\}}\s?\{{{_D}\\?([A-Za-z]+(?:_\w+)?){_POWER}\s?"
    rf"(?:{_D}\\?[A-Za-z]\s?)?\}}"
)
# Where a formula stands in a text; the first that reads like one counts. Group 1 is the formula.
FORMULAS: tuple[str, ...] = (
    rf"(?:^|\s|\$){_TEX_D.replace('([A', '(?:[A')}\s{{0,4}}([^\n$]{{1,400}}?)\${{0,2}}{_END}",
    rf"(?:^|[\s$`]){_D}{_POWER}\s?/\s?(?:{_D}\s?(?:(?:theta|phi|alpha|beta)\b|[A-Za-zα-ωΑ-Ω])(?:_?\d)?{_POWER}\s?){{1,2}}"
    rf"\s{{0,3}}(?:of\s)?([^\n$`=]{{2,400}}?)[$`]{{0,2}}(?:\s{{0,3}}=|{_END})",
    rf"(?:∇|\\nabla|\bgrad)\s?(?![×·*.]|\\)([^\n`$]{{2,400}}?)[`$]{{0,2}}{_END}",
    rf"\b(?:if|for|of|where|when|given|that|equation|curve|implicitly)[\s:]{{1,3}}[$`]{{0,2}}"
    rf"(?![A-Za-z]\w{{0,12}}(?:\([^()=\n]{{0,20}}\))?\s{{0,3}}=)([^\n`$=]{{2,200}}=[^\n`$=]{{1,200}}?)[`$]{{0,2}}{_END}",
    r"\bdiff\(\s{0,4}([^\n]{1,300}?)\s{0,4},\s{0,4}[A-Za-z]\w{0,8}\s{0,4}\)",
    rf"^\s{{0,8}}(?:arg)?min\s([^\n`$]{{2,400}}?){_END}",
    rf"\bdescent\s(?:(?:on|for|of|with)\s)?(?:\w{{1,12}}(?:\([\w, ]{{1,30}}\))?\s{{0,3}}=\s{{0,3}})?([^\n`$]{{2,400}}?){_END}",
    rf"(?:derivatives?|differentiat\w{{1,4}}|gradient|jacobian|hessian|minimi\w{{1,6}}|minimum|maximi\w{{1,6}}|"
    rf"optimi[sz]\w{{1,6}})\s{{1,4}}(?:(?:of|for|the|function|expression|curve|graph|line|following|equation|this|mse|cross[- ]entropy|squared|quadratic|error|cost|loss)[\s:]{{1,4}}){{0,4}}[:`$\"]{{0,3}}\s{{0,3}}"
    rf"(?:\w{{1,12}}(?:\([\w, ]{{1,30}}\))?\s{{0,3}}=\s{{0,3}})?([^\n`$\"]{{2,400}}?)[`$\"]{{0,2}}{_END}",
    rf"(?:with respect to|w\.?r\.?t\.?)\s[$`]?\w{{1,8}}[$`]?\s?[:,]\s{{0,3}}[$`]{{0,2}}([^\n`$]{{2,400}}?)[$`]{{0,2}}{_END}",
    rf"\b(?!(?:sinh?|cosh?|tanh?|cot|sec|csc|ln|log|exp|sqrt)\b)[A-Za-z]\w{{0,12}}\s?\([A-Za-z_, ]{{1,40}}\)\s{{0,3}}=\s{{0,3}}([^\n`$]{{1,400}}?)[`$]{{0,2}}{_END}",
    rf"(?:^|[,;:.$`(]|[a-z]{{2}}\s|')\s{{0,3}}(?:loss|cost|energy|error|[A-Za-z])\s{{0,3}}=\s{{0,3}}([^\n`$]{{3,400}}?)[`$]{{0,2}}{_END}",
    rf"^\s{{0,8}}[`$]{{0,2}}([^\n`$]{{2,400}}?)[`$]{{0,2}}{_END}",
    rf"\b(?:on|of|for|with|function|if)\s{{1,3}}([^\n`$]{{3,300}}?){_END}",
    rf"\bis\s{{1,3}}([^\n`$]{{3,300}}?){_END}",
    r"\$\$?([^$]{2,400})\$",
    r"`([^`\n]{2,300})`",
)

_VALUE = r"(-?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?:\s?/\s?\d+)?|\[[-\d., \[\]]{1,120}\])(?![\w^*(]|\.\d)"
_LEAD = r"(?:(?:the|a|an|that|it|is|was|be|to|of|as|only|just|result|answer|value|number|gradient|derivative|\w{1,12}"
_LEAD += r"\.grad|d\w{1,12}/d\w{1,12}|=|:|equal|equals)[\s=:]{1,3}){0,6}"
# An answer of somebody's own, the surest first: what was worked out by hand, what was expected, what it came out as.
CLAIMS: tuple[str, ...] = (
    rf"(?:manually|by hand|on paper|myself|pen and paper|my (?:own )?(?:calculation|derivation|computation|working|work)s?)"
    rf"[^.?!\n]{{0,60}}?(?:get|got|is|be|find|found|gives?|gave|result|=|have|obtain\w{{0,3}}|says?|yields?)\s{{1,3}}"
    rf"{_LEAD}{_VALUE}",
    rf"(?:expect\w{{0,3}}|should(?:n't| not)?(?: it)? (?:be|equal|give|have been)|ought to be|supposed to be|must be|"
    rf"thought[^.?!\n]{{0,30}}? (?:is|be|was))[\s:]{{1,3}}{_LEAD}{_VALUE}",
    rf"(?:instead of|rather than|and not|, not|but not|not)\s{{1,3}}{_LEAD}{_VALUE}",
    rf"(?:i|we)(?:'m| am| only| always| just| still| keep)?\s(?:get|got|getting|have|find|found|obtain\w{{0,3}}|"
    rf"compute[sd]?|calculated?|derived?|end up with|arrive at|worked out|come up with|say|think)\s{{1,3}}"
    rf"{_LEAD}{_VALUE}",
    rf"my (?:answer|result|value|gradient|derivative)\s{{1,3}}{_LEAD}{_VALUE}",
)
# `w.grad = 8`, `do/dx = 1/4 * 9/2 * 1 = 9/8`: the name, and what stands last.
NAMED_CLAIM = (
    r"\b(\w{1,30}\.grad|d\w{0,20}\s?/\s?d\w{1,20})\s{0,3}(?:=|is|was|should be|to be|as|:)\s{0,3}"
    rf"(?:[^=\n]{{1,60}}=\s{{0,3}})?{_VALUE}"
)
# Somebody's own answer as a formula; group 1.
FORMULA_CLAIM = (
    r"(?:\b(?:i|we)(?:'m| am| only| always| just| still)?\s(?:get|got|getting|find|found|think|obtained|derived?|"
    r"calculated?|wrote)|\bmy (?:own )?(?:answer|result|solution|derivative|work)\s(?:is|was|gives)|\bshould be|"
    r"\bexpected|\binstead of|\bnot)[\s:]{1,3}(?:(?:the|a|that|it|is|was|be|to|answer|result|as|only|just)\s{1,3}){0,4}[`$]{0,2}"
    rf"((?:d\w{{0,8}}/d\w{{1,8}}\s{{0,3}}=\s{{0,3}})?[^\n`$?!]{{1,160}}?)[`$]{{0,2}}{_END}"
)
# What stands behind `d/dx (...) =`, or behind the derivative of ... is.
SIGN_CLAIM = (
    rf"(?:{_D}\s?/\s?{_D}\s?[A-Za-zα-ω]\s?[^\n$`=?]{{2,300}}=|\b[a-z]'{{1,3}}\([a-z]\)\s?=|\bderivative\sof\s[^\n=?]{{2,200}}?\s(?:is|equals|equal\sto|be|just|simply)\s)"
    rf"\s{{0,3}}[`$]{{0,2}}([^\n`$?!=]{{1,160}}?)[`$]{{0,2}}{_END}"
)
_SIMPLE = r"-?(?:\d{1,15}(?:\.\d{1,15})?(?:e[-+]?\d{1,3})?(?:\s?\*?\s?(?:pi|π))?(?:\s?/\s?\d{1,9})?|(?:pi|π)(?:\s?/\s?\d{1,9})?)"
# A point without names: 3, or (1, 2).
PLACE = (
    rf"\bat\s(?:the\s)?(?:point\s)?[$`]?(?:[A-Z]\s?)?(\(?\s?{_SIMPLE}(?:\s?,\s?{_SIMPLE}){{0,4}}\s?\)?)[$`]?"
    r"(?=\s*(?:$|[?!,;]|\.(?!\d))|\s(?:in|and|with|where|by|is|not|undefined|but|using|i|along|for)\b)"
)
# A function that only has a name, as f(x, z).
UNDEFINED = r"(?:^|[^A-Za-z\\])[A-Za-z]\d?\([A-Za-z](?:\s?,\s?[A-Za-z]){0,3}\)"
# A value given to a name: groups 1 and 2.
POINT = rf"(?:^|[\s,;:(\[{{$`])([A-Za-zα-ωΑ-Ω]\w{{0,7}})\s{{0,2}}=\s{{0,2}}({_SIMPLE})(?=[\s,;.)\]}}?!$`]|$)(?!\s{{0,2}}[-+*/^])"
ONLY_POINTS = rf"^(?:\s{{0,3}}\w{{1,9}}\s{{0,2}}=\s{{0,2}}{_SIMPLE}[\s,;]{{0,4}}(?:and\b)?){{1,9}}[.]?$"


@cache
def known() -> frozenset[str]:
    """Words that a formula may hold."""
    from nabla.read.formula import functions, names  # they bring SymPy, which no declaration of a lab needs

    return functions.NAMES | names.GREEK | {*names.CONSTANTS, *names.OPERATOR_WORDS} | names.MODULES


def shared() -> dict[str, Any]:
    """What is common to all labs, as the page gets it."""
    return {
        "plain": PLAIN, "nothing": NOTHING, "fences": FENCES, "least": LEAST, "ahead": AHEAD, "mostLines": MOST_LINES, "sample": SAMPLE, "window": WINDOW, "line": LINE, "tries": TRIES,
        "numbers": NUMBERS, "lines": [list(pair) for pair in LINES], "head": HEAD, "pointsInALine": POINTS_IN_A_LINE, "wordy": WORDY, "calls": CALLS,
        "defines": DEFINES, "assigns": ASSIGNS, "prompt": PROMPT, "quoted": QUOTED, "numberRun": NUMBER_RUN,
        "namedList": NAMED_LIST, "run": RUN, "listed": LISTED, "unlisted": UNLISTED, "bracketed": BRACKETED, "records": RECORDS, "link": LINK, "english": sorted(ENGLISH), "known": sorted(known()),
        "operates": OPERATES, "noFormula": NO_FORMULA, "formulas": list(FORMULAS), "claims": list(CLAIMS), "namedClaim": NAMED_CLAIM,
        "point": POINT, "onlyPoints": ONLY_POINTS, "undefined": UNDEFINED,
    }  # fmt: skip
