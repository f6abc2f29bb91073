"""What a line of a pasted text is by its own syntax: of Python, of a table, of a traceback, or of none of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from nabla.question.python_line import LONGEST, Code, code_kind, in_brackets, modern, parses, plain, tree_of
from nabla.read.data.layouts import BARS, HALF_DAY, TYPES

_PROMPT = re.compile(
    r"\s{0,8}(?:(>>>) ?|(\.\.\.)(?: |$)|(In) ?\[(?:[\d ]{0,4}|None)\]:(?!=) ?|(\.\.\.:) ?|"
    r"(Out) ?\[\d{0,4}\]:)"
)
_FENCE = re.compile(r"\s{0,8}(?:>\s?)*(?:```|~~~)|\s{0,4}\[/?code[^\]\n]{0,20}\]\s*$|\s*`\s*$", re.IGNORECASE)
_FENCED = re.compile(
    r"([ \t]*`{3,}(?:(?:python|py)[ \t]+)?)?([^`]{4,}?)([ \t]*`{3,}\s*)?"
)  # a fence and code on one line
_QUOTED = re.compile(r"\s{0,8}`([^`\n]+)`\s*")  # a line of a program between single backticks
_PLACE = re.compile(r"\s{0,8}(?:File \"|Cell In ?\[|<ipython-input)|\s{0,8}-{2,6}> ?\d")
_ERROR = re.compile(
    r"\s{0,8}(?:[^\s:]{1,80}:\d+: )?[A-Za-z_][\w.]{0,60}(?:Error|Exception|Warning|Interrupt|Exit)(?::|\s*$)"
)
_MARK = re.compile(r"\s{0,80}[\^~]{2,200}\s*$|\s{1,80}\^\s*$")
_NUMBER = r"[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?j?"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_CELL = re.compile(
    rf"(?:{_NUMBER}|\d{{4}}-\d\d?(?:-\d\d?)?(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?|\d{{4}}-(?:\d{{3}}|W\d\d(?:-\d)?)|"
    rf"\d{{4}}(?:M\d\d?|-?Q\d)|Q\d-?\d{{4}}|\dQ\d\d|\d{{8}}T\d{{4,6}}Z?|\[?\d\d?/[a-z]{{3}}/\d{{4}}(?::[\d:]+)?|"
    rf"{_MONTH}[-'’]?\d{{2,4}}:?|\d{{2,4}}-{_MONTH}:?|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{{0,6}}|"
    r"\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|"
    r"\d{1,2}[- ]?[A-Za-z]{3}[- ]?\d{2,4}|\d{1,2}:\d\d(?::[\d.]+)?(?:[ap]\.?m\.?)?|"
    r"[-+]?\d+(?:,\d+)|nan|none|null|n/?a|inf|-|true|"
    r"false|"
    rf"{_MONTH})%?",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[\s,;|&\t\"\\]+")
_RULE = re.compile(r"[\s|:+=\-─│┼┌┐└┘├┤┬┴╞╡╪═┆]{3,}$")
_NAMED = re.compile(r"\s{0,8}([A-Za-z_]\w{0,40})\s{0,3}[=:]\s{0,3}")
_COUNTED = re.compile(rf"\A\s*\[\d{{1,6}}\](?=\s+{_NUMBER}(?:\s|\Z))")  # R's [13] before the 13th number of a print
_RUN = re.compile(rf"(?:{_NUMBER}[\s,;]+){{4,}}{_NUMBER}")
_BEGINS = re.compile(r":\s+(?=[a-z_]\w*(?:\s|\.|\())|\s(?=(?:import|from)\s)")  # where a program in a line may begin
_LIST = re.compile(rf"(?<![\w.])[A-Za-z]\w{{0,40}}\s?[=:]\s?[\[({{]\s?(?:{_NUMBER}\s?,\s?){{4,}}{_NUMBER}\s?[\])}}]")
_LAST = re.compile(rf"{_LIST.pattern}[.,;]?\s*\Z")  # a list behind its name at the end of a line
_WORDS = re.compile(r"[^=(\[{;#>]*[A-Za-z]{2}[^=(\[{;#>]*")  # in front of it
_TITLE = re.compile(r"\s*[^\W\d][\w ()\[\]/°%^.-]{0,40}[\w)\]%]:?\s*|\s*[A-Za-z]:?\s*")  # of one column
_HEADER = re.compile(r"[#%|]?\s*[\"A-Za-z_,][^\n]{0,300}")
_FORMULA = re.compile(r"(?<![\w\"])[A-Za-z]\s?=\s?[-\w(]|\w\s?[\^*]\s?\w")  # in no heading of columns
_FOOTER = re.compile(r"(?:Name|Freq|Length|dtype|\[\d+ rows)\b[^\n]{0,200}(?:dtype|columns|Length)")
_RECORD = re.compile(r"\s{0,8}(?:\[\s{0,8})?[{\[]\s{0,8}(?:[\"'][^\"'\n]{1,40}[\"'])\s?[:,]\s?[-+\[\d\".]")
_PRINTED = re.compile(
    r"\s{0,8}(?:tensor\(|array\(|Array\(|\[\[|\[\s?[-+\d.]|\(tensor|torch\.Size|Variable containing|None\s*$|True\s*$|"
    r"False\s*$|nan\s*$|epoch\s|loss\b[^a-z]{0,4}\d|\w{1,20}\s?[:=]\s?(?:tensor|array|[-+]?\d)|[-+]?\d|"
    r"\w{1,20}:\s(?:None|True|False|nan|inf|['\"<\[(]|[-+]?\d))",
    re.IGNORECASE,
)


@dataclass(slots=True)
class TextLine:
    """A line with its end: where it stands, and what its syntax tells.

    `bare` is the line without its prompt. `code` is how much it is Python: "strong" (can be nothing else), "weak" (a
    formula could be written so), "value" (an expression to look at), "comment", or nothing. `trace` is its part in a
    traceback.
    """

    text: str
    start: int
    end: int
    bare: str = ""
    prompt: str = ""
    fence: bool = False
    trace: str = ""
    code: Code = ""
    row: bool = False
    listed: bool = False
    named: str = ""
    record: bool = False
    header: bool = False
    rule: bool = False
    printed: bool = False
    heading: bool = False
    cells: int = 0


def classified(text: str) -> list[TextLine]:
    """The lines of a text, each with what its syntax tells."""
    found: list[TextLine] = []
    start = 0
    whole_lines = text.splitlines(keepends=True)
    for whole in (part for line, below in zip_longest(whole_lines, whole_lines[1:]) for part in _parts(line, below)):
        line = TextLine(whole.rstrip("\r\n"), start, start + len(whole))
        _classify(line)
        found.append(line)
        start += len(whole)
    return found


def _parts(line: str, below: str | None = None) -> list[str]:
    """A line, or what stands glued in it: a fence and the program behind or before it, a session whose prompts have
    lost their lines, words and the program on one line behind them: why is it None: import torch; x = ...; ...,
    words and the first of two lists whose second begins the line below.
    """
    last = _LAST.search(line) if below and _LAST.match(below) else None
    if last and _WORDS.fullmatch(line, 0, last.start()):
        return [line[: last.start()], line[last.start() :]]
    if line.count(">>> ") > 1:
        return [part for session in re.split(r"(?=>>> )", line) if session for part in _of_session(session)]
    if "```" in line and (fenced := _FENCED.fullmatch(line)):
        kind = code_kind(fenced[2].strip())
        if kind == "strong" or (kind and fenced[1] and "=" in fenced[2]):
            return [part for part in fenced.groups() if part]
    if line.count(";") >= 2 and len(line) <= LONGEST and code_kind(line.strip()) != "strong":
        for begins in _BEGINS.finditer(line):
            tree = tree_of(line[begins.end() :].strip())
            if tree is not None and len(tree.body) >= 3:
                return [line[: begins.end()], line[begins.end() :]]
    return [line]


def _of_session(line: str) -> list[str]:
    """A prompt with its statement, and what was printed behind it on the same line."""
    code = line.removeprefix(">>> ")
    for gap in re.finditer(r"\s+(?=\S)", code if len(code) < 300 and not parses(code.strip()) else ""):
        if parses(code[: gap.start()].strip()) and _PRINTED.match(code, gap.end()):
            cut = len(line) - len(code) + gap.end()
            return [line[:cut], line[cut:]]
    return [line]


def _classify(line: TextLine) -> None:
    head = line.text[:LONGEST]
    line.fence = bool(_FENCE.match(head))
    prompt = _PROMPT.match(head)
    if prompt:
        line.prompt = ("first", "more", "cell", "more", "out")[next(i for i, g in enumerate(prompt.groups()) if g)]
    line.bare = plain(line.text[prompt.end() :] if prompt else line.text)
    if quoted := _QUOTED.fullmatch(head):
        kind = code_kind(quoted[1].strip())
        line.bare = quoted[1] if kind in ("strong", "weak", "value") else line.bare
    if not head.strip() or line.fence:
        return
    line.trace = _trace(head)
    line.rule = bool(_RULE.match(head) or TYPES.match(head))
    line.heading = bool(re.match(r"\s{0,3}#{1,6} [A-Z\u0080-\U0010ffff]", head))
    line.printed = bool(_PRINTED.match(head)) and not _sentence(head)
    _table(line, head)
    line.code = code_kind(line.bare.strip()) if len(line.text) <= LONGEST or line.listed else ""
    if line.row and line.code in ("weak", "value"):
        line.code = ""


def _trace(head: str) -> str:
    if head.lstrip().startswith("Traceback (most recent") or re.match(r"\s*-{40,}\s*$", head):
        return "head"
    if _PLACE.match(head):
        return "place"
    if _ERROR.match(head) and not head.rstrip().endswith(("?", "(", "{")):
        return "error"
    return "mark" if _MARK.match(head) else ""


def _sentence(head: str) -> bool:
    """Whether three words stand in a row, as they do in prose."""
    return bool(re.search(r"[A-Za-z']{2,}\s+[A-Za-z']{2,}\s+[A-Za-z']{2,}", head))


def _table(line: TextLine, head: str) -> None:
    head = HALF_DAY.sub("", _COUNTED.sub(" ", head).translate(BARS))
    named = _NAMED.match(head)
    rest = head[named.end() :] if named else head
    line.record = bool(_RECORD.match(head))
    opened = re.match(r"\s{0,8}(?:(?:np\.|numpy\.|torch\.|jnp\.|pd\.)?[A-Za-z_.]{0,20}\(\s{0,3})?[\[({c]*\s*", rest)
    inside = rest[opened.end() :] if opened else rest
    if (opened and opened[0].strip()) or named:
        line.listed = bool(re.match(rf"{_NUMBER}(?:[\s,;]+{_NUMBER}|\s*\.\.\.|:{_NUMBER})", inside)) and not _sentence(
            head
        )
        line.named = named[1] if named else ""
    cells = [cell for cell in _SEPARATOR.split(head.strip().strip("|")) if cell]
    line.cells = len(cells)
    numeric = sum(bool(_CELL.fullmatch(cell)) for cell in cells)
    line.row = bool(cells) and numeric == len(cells) and any(c.isdigit() for c in head) and not line.trace
    if not line.row and len(cells) >= 3 and numeric >= len(cells) - 1 and numeric >= 2:
        line.row = bool(re.match(r"\s*[\"']?[\w.-]{1,20}[\"']?[\s,;|]", head)) and "=" not in head and "?" not in head
    line.header = bool(_HEADER.match(head)) and not _sentence(head) and not line.row and _columns(head) >= 2
    line.header = line.header and not _FORMULA.search(head)


def _columns(head: str) -> int:
    """The number of columns that a line could name."""
    for separator in ("\t", ";", ",", "|"):
        if separator in head:
            return len([cell for cell in head.split(separator) if cell.strip()])
    return len(head.split())


def is_program(texts: Sequence[str]) -> bool:
    """Whether lines that stand together are a program, or would be one but for their indentation."""
    found = [code_kind(text.strip()) for text in texts if text.strip()]
    if not found:
        return False
    strong, weak = found.count("strong"), found.count("weak")
    return strong > 0 or weak >= 2


def weak_seeds(lines: Sequence[TextLine], roles: Sequence[str]) -> list[int]:
    """Lines that formulas could be written as, where three or more of them stand together as in a program."""
    seeds: list[int] = []
    run: list[int] = []
    for i, line in [*enumerate(lines), (len(lines), TextLine("", 0, 0))]:
        if i < len(lines) and roles[i] == "prose" and line.code == "weak":
            run.append(i)
            continue
        pythonic = any(re.search(r"\*\*|[\[\]{}]|\breturn\b|[-+*/]=|\w{4,}", lines[j].text) for j in run)
        if len(run) >= 3 and pythonic:
            seeds += run
        run = []
    return seeds


def continued(lines: Sequence[TextLine]) -> dict[int, int]:
    """For each line inside brackets, a string or behind a backslash, the line that opened it."""
    held: dict[int, int] = {}
    depth, opener, quote = 0, -1, ""
    for i, line in enumerate(lines):
        text = line.bare
        if quote:
            held[i] = opener
            if quote in text:
                quote = ""
            continue
        if i in held or (depth > 0 and not line.fence and not line.prompt and (text.strip() or i + 1 < len(lines))):
            held[i] = opener
        elif line.code in ("", "comment") and not line.listed and not text.lstrip().startswith(('"""', "'''", 'r"""')):
            depth = 0
            continue
        else:
            depth, opener = 0, i
        depth = max(0, depth + in_brackets(text))
        for mark in ('"""', "'''"):
            if text.count(mark) % 2:
                quote = mark
        if text.rstrip().endswith("\\") and depth == 0 and not quote:
            held.setdefault(i + 1, opener)
    return {i: opener for i, opener in held.items() if i < len(lines)}


def code_of(text: str) -> str:
    """The program in a piece: without prompts, quotation marks of e-mails, and the indentation that all lines have."""
    lines = [_bare(part) for line in text.split("\n") for part in _parts(line)]
    if any(_PROMPT.match(line) for line in lines):
        bare = [(line, _PROMPT.match(line)) for line in lines]
        lines = [
            line[found.end() :] if found else line for line, found in bare if not found or line[found.end() :].strip()
        ]
    while lines and not lines[0].strip():
        lines = lines[1:]
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    shared = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[shared:].rstrip("\r") for line in lines)


def _bare(line: str) -> str:
    """A line without the backticks around it, and with the marks of programs."""
    quoted = _QUOTED.fullmatch(line)
    return quoted[1] if quoted else plain(line)


def redefines(code: str, before: str) -> bool:
    """Whether a piece defines a function or class, or imports, what the program before it has already."""
    return bool(_defined(code) & _defined(before))


def without_last(code: str) -> str:
    """A program without its last statement; "" where Python does not take it."""
    tree = tree_of(modern(code))
    if tree is None or not tree.body:
        return ""
    return "\n".join(code.split("\n")[: tree.body[-1].lineno - 1]).rstrip("\n")


def _defined(code: str) -> set[str]:
    tree = tree_of(modern(code))
    if tree is None:
        return {found[1] for found in re.finditer(r"^(?:def|class)\s+(\w+)", code, re.MULTILINE)}
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return names | {
        alias.asname or alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names
    }


# Data.


def data_start(lines: Sequence[TextLine], first: int, roles: Sequence[str]) -> int:
    """Where the table begins whose first row is given: at its heading, with a rule below it or none."""
    above = first - 1
    while above > 0 and lines[above].rule:
        above -= 1
    if 0 <= above < first - 1 and lines[above].header and roles[above] == "prose":
        return above
    if not first or roles[first - 1] != "prose":
        return first
    titled = lines[first].cells == 1 and next_column(lines, first - 1) == first
    headed = lines[first - 1].header or _names_columns(lines[first - 1].text, lines[first].cells)
    above_it = lines[first - 1].text
    asks = above_it.rstrip().endswith("?") or bool(re.search(r"\b(?:fs|dt|rate)\s*=", above_it))
    return first - 1 if titled or (headed and not lines[first].listed and not asks) else first


_OF_SENTENCES = frozenset(
    "a an the is are am was were be i my me we our you it this that these those here there and or of to in on at for "
    "with from by as have has had got get do does did not what how why which please data values".split()
)


def _names_columns(head: str, columns: int) -> bool:
    """Whether words in a row are the names of so many columns and no sentence."""
    words = head.strip("#% ").split()
    plain = all(re.fullmatch(r"[^\W\d]\w{0,15}(?:[(\[/]\S{0,10})?", word) for word in words)
    return plain and len(words) == columns > 2 and not _OF_SENTENCES & {word.lower() for word in words}


def data_end(lines: Sequence[TextLine], start: int, roles: Sequence[str]) -> int:
    """Where the table, list or record ends that begins at a line."""
    depth, i, last = 0, start, start
    while i < len(lines) and roles[i] == "prose":
        line = lines[i]
        if depth > 0 or line.row or line.listed or line.record or (line.rule and line.text.strip()):
            depth = max(0, depth + in_brackets(line.text))
            last = i + 1
        elif lines[i - 1].cells == 1 and (below := next_column(lines, i)):
            i = below  # another column, one value a line, under its heading
            continue
        elif not line.text.strip():
            if i + 1 < len(lines) and not (lines[i + 1].row or lines[i + 1].listed or lines[i + 1].record):
                break
        elif (line.header and i + 1 < len(lines) and lines[i + 1].row and line.code != "strong") or _FOOTER.match(
            line.text.strip()
        ):
            last = i + 1
        else:
            break
        i += 1
    return max(last, start + 1)


def next_column(lines: Sequence[TextLine], at: int) -> int:
    """Where a column of one value a line begins below a heading that stands there; 0 where none does."""
    while at < len(lines) and not lines[at].text.strip():
        at += 1
    if at >= len(lines) or not _TITLE.fullmatch(lines[at].text) or len(lines[at].text.split()) > 4:
        return 0
    below = [line for line in lines[at + 1 : at + 4] if line.text.strip()]
    return at + 1 if len(below) >= 3 and all(line.row and line.cells == 1 for line in below) else 0


def enough(lines: Sequence[TextLine]) -> bool:
    """Whether lines hold so many numbers that they are data and not an example in a sentence."""
    count = sum(len(re.findall(_NUMBER, line.text)) for line in lines)
    return count >= 8


_READS = re.compile(r"\b(?:read_(?:csv|table|excel|fwf|json)|loadtxt|genfromtxt|open)\s*\(")
ROWS = 5  # of a table that may be a file


def file_of(lines: Sequence[TextLine], roles: Sequence[str], code: Sequence[int]) -> range:
    """The lines of the file that a program reads: the first table behind it, where no data stand elsewhere."""
    if not any(_READS.search(lines[i].text) for i in code) or "data" in roles[: code[0]]:
        return range(0)
    first = next((i for i in range(code[-1], len(lines)) if roles[i] == "data" and not lines[i].listed), None)
    if first is None:
        return range(0)
    stop = first
    while stop < len(lines) and (roles[stop] == "data" or not lines[stop].text.strip()):
        stop += 1
    rows = sum(line.row and line.cells > 1 for line in lines[first:stop])
    return range(first, stop) if rows >= ROWS else range(0)
