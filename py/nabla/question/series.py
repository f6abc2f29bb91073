"""Series of numbers in sentences: points, lists behind their names, quantities in turn; each as the text of a table."""

from __future__ import annotations

import re

from nabla.question.atoms import SERIES
from nabla.question.quantities import DOTTED
from nabla.read.data.layouts import labelled
from nabla.read.data.rate import unit_called
from nabla.read.data.table import UNITS

Span = tuple[int, int]
Series = tuple[str, list[Span]]

PAIRS = 3  # points in a row that are data
ROWS = 5  # lines of a label and a value each
_NUMBER = r"[-+−]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_PAIR = re.compile(rf"[(\[]\s*({_NUMBER})\s*[,;|]\s*({_NUMBER})\s*[)\]]")
_TWO = rf"{_NUMBER}(?:[ \t]*[,:][ \t]*|[ \t]+){_NUMBER}"
_TOLD = rf"{_NUMBER}[ \t]?(?:°?[A-Za-z]{{1,3}})?[ \t]*:[ \t]+{_NUMBER}"  # 300 K: 0.0012
_PAIRED = re.compile(
    rf"(?<![\w.])(?:{_TWO}(?:\s*;\s*{_TWO}){{{PAIRS - 1},}}|{_TOLD}(?:\s*[,;]\s*{_TOLD}){{{PAIRS - 1},}})(?![\w])"
)
_BETWEEN = re.compile(r"[\s,;]*(?:and|&)?\s*(?:[A-Z]\w?\s?=?\s?)?")
_PLUS_MINUS = re.compile(r"±|\+/?-")
_MEASURE = rf"{_NUMBER}(?:\s*(?:±|\+/-|\+-)\s*{_NUMBER})?"
_RUN = rf"{_MEASURE}(?:\s*[,;]\s*(?:and\s+)?{_MEASURE}){{2,}}|{_NUMBER}(?:[ \t]+{_NUMBER}){{2,}}"
_NAMED = re.compile(
    rf"(?P<name>[^\W\d]\w*(?:\^2|²)?|\[[A-Za-z]\w{{0,7}}\])[ \t]*"
    rf"(?:(?:[(\[](?P<unit>(?=[^\d\s])[^()\[\]\n]{{1,12}})[)\]]|in[ ](?P<of>[^\s\d:=]{{1,12}}))[ \t]*)?"
    rf"(?:values?[ \t]*)?(?:\([^()\d\n]*\)[ \t]*)?(?:(?::=|[:=]|\bare\b|\bis\b|\bwere\b)\s*[\[{{(]?\s*|(?=[ \t]))"
    rf"[ \t]*(?P<numbers>{_RUN})(?![\w.]*[A-Za-z])[\]}})]?(?:[ ](?P<behind>{'|'.join(UNITS)})(?![\w/]))?"
)
_OF_YEAR = re.compile(r"\bday of (?:the )?year\Z", re.IGNORECASE)
_HEADING = re.compile(r"([^\W\d]\w*)[ ]*[\[(]([^\W\d][^\[\]()\n]{0,11})[\])]\s*[:=]?\s*[\[{(]?\s*\Z")
_PREPOSITIONS = frozenset("at for after over against versus vs when".split())
_COUNTING = re.compile(
    r"(?<![\w.])([A-Za-z]\w*)\s*(?:=|from|goes from|runs from)\s*(-?\d+)\s*(?:\.{2,3}|…|to|:)\s*(-?\d+)(?![\w.:])"
)
_GROUPED = re.compile(r"-?\d{1,3},\d{1,3}")
_FROM_TO = re.compile(r"(?<![\w.])(\d{1,4})\s*(?:\.{2,3}|…|[-–]|\bto\b|\buntil\b|\bthrough\b)\s*(\d{1,4})(?![\w]|\.\d)")
_LINE = re.compile(r"[^\n]+")
_SHAPE = re.compile(_NUMBER)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_LABELLED = re.compile(rf"[ \t]*\W{{0,3}}([^\W\d]{{3,9}})[ \t]*\W{{0,3}}[ \t]*({_NUMBER})\D{{0,6}}\Z")
_MEASURED = re.compile(rf"(?<![\w.:])(?:({_NUMBER})\s?([^\W\d_]{{1,3}}|°[CF]?|%)(?![\w])|(\d{{1,2}}:\d\d)(?!\d))")
_MONTHLY = re.compile(
    rf"\b((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\.?[ :=]{{1,3}}({_NUMBER})(?![\w:])"
    r"(?=[ ]?(?:[,;]|\.(?!\d)|and\b|\Z))",
    re.IGNORECASE,
)
_RANGE = re.compile(rf"(?<![\w.])([A-Za-z]\w*)\s*=\s*({_NUMBER}\s*:\s*{_NUMBER}(?:\s*:\s*{_NUMBER})?)(?![\w.:])")
_BRACKETED = re.compile(rf"(?<![\w.])([A-Za-z]\w*)\s*=\s*\[\s*({_NUMBER}(?:[\s,;]+{_NUMBER}){{4,}})\s*\]")
_DAYS = re.compile(
    rf"\b(second|minute|hour|day|week|month|year)\s({_NUMBER})\s?[:=]\s?({_NUMBER})(?:\s?(?P<unit>[^\W\d_]{{1,3}}|%))?(?!\w)",
    re.IGNORECASE,
)
_ARRAY = re.compile(r"\\begin\{(array|tabular|matrix|[pb]matrix)\}(?:\{[^{}]*\})?(.*)\\end\{\1\}", re.DOTALL)


def series_in(text: str) -> Series:
    """The first series in sentences, as the text of a table, and where it stands; "" where there is none."""
    ways = (_latex, _points, _assigned, _paired, _named_lists, _labels, _labelled, _counted, _measured, _in_units, _run)
    return next((found for way in ways if (found := way(text))[0]), ("", []))


def _latex(text: str) -> Series:
    """The rows of an array or a tabular: numbers, or a name with its number, between the marks of columns."""
    found = _ARRAY.search(text)
    rows = [_row(line) for line in re.split(r"\\\\", found[2])] if found else []
    kept = [row for row in rows if len(row) == 2]
    if not found or len(kept) < PAIRS:
        return "", []
    return "\n".join(f"{x}\t{y}" for x, y in kept), [found.span()]


def _row(line: str) -> list[str]:
    """The number of each cell, where every cell has just one."""
    cells = [re.findall(_NUMBER, re.sub(r"\\[A-Za-z]+|[{}$]", " ", cell)) for cell in line.split("&")]
    return [cell[0] for cell in cells] if all(len(cell) == 1 for cell in cells) else []


def _points(text: str) -> Series:
    """Points one after another: (1, 2.1), (2, 3.9) and (3, 6.2)."""
    run: list[re.Match[str]] = []
    for pair in _PAIR.finditer(text):
        if run and not _BETWEEN.fullmatch(text, run[-1].end(), pair.start()):
            if len(run) >= PAIRS:
                break
            run = []
        run.append(pair)
    if len(run) < PAIRS:
        return "", []
    rows = "\n".join(f"{pair[1]}\t{pair[2]}" for pair in run).replace("−", "-")
    return rows, [(run[0].start(), run[-1].end())]


def _paired(text: str) -> Series:
    """Two numbers, then a semicolon, and so on: 1950 2.54; 1960 3.03; 1970 3.70."""
    found = _PAIRED.search(text)
    if not found:
        return "", []
    parts = [part.strip() for part in found[0].split(";")]
    if len(parts) >= PAIRS and all(_GROUPED.fullmatch(part) for part in parts):  # 14,263; 14,093: a number each
        thousands = all(len(part.partition(",")[2]) == 3 for part in parts)
        return _along(text, [part.replace(",", "" if thousands else ".") for part in parts], found.span())
    rows = [re.findall(_NUMBER, pair) for pair in re.split(r";|,(?!\d)", found[0])]
    units = re.findall(r"(°?[A-Za-z]+)[ \t]*:", found[0])
    head = [f"x ({units[0]})\ty"] if len(units) == len(rows) and len(set(units)) == 1 else []
    return "\n".join([*head, *("\t".join(row) for row in rows)]).replace("−", "-"), [found.span()]


def _named_lists(text: str) -> Series:
    """Two lists or more of one length, each behind its name: time (s): 0, 1, 2; L2 = {3, 4, 5}."""
    lists: list[tuple[re.Match[str], str, list[str]]] = []
    for match in _NAMED.finditer(text):
        unit = (match["unit"] or match["of"] or match["behind"] or "").strip()
        called = "day" if _OF_YEAR.search(text, 0, match.end("name")) else match["name"]
        called = "x" if called.lower() in _PREPOSITIONS else called  # 800, 640, 512 at 0, 2, 4 h
        name = called + (f" ({unit})" if unit else "")
        parts = [_PLUS_MINUS.split(part) for part in re.split(r"[,;]", match["numbers"])]
        if all(len(part) == 2 for part in parts):
            lists.append((match, name, [part[0].strip() for part in parts]))
            lists.append((match, f"{match['name']}_err", [part[1].strip() for part in parts]))
        else:
            lists.append((match, name, re.findall(_NUMBER, match["numbers"].replace("−", "-"))))
    sizes = [len(numbers) for *_, numbers in lists]
    usual = max(set(sizes), key=lambda size: (sizes.count(size), size), default=0)
    lists = [item for item in lists if len(item[2]) == usual]
    if len({match.start() for match, *_ in lists}) < 2:
        return _uneven(text)
    rows = ["\t".join(name for _, name, _ in lists)]
    rows += ["\t".join(row) for row in zip(*(numbers for *_, numbers in lists), strict=True)]
    return "\n".join(rows), list(dict.fromkeys(match.span() for match, *_ in lists))


def _uneven(text: str) -> Series:
    """Two lists in brackets of different lengths, as they stand: whoever reads them says that one is too short."""
    lists = list(_BRACKETED.finditer(text))
    if len(lists) != 2 or lists[0][1] == lists[1][1]:
        return "", []
    return "\n".join(match[0] for match in lists), [match.span() for match in lists]


def repeated(text: str, code: str) -> list[Span]:
    """Where lists behind their names stand whose numbers a program holds again, one after another."""
    held = re.sub(r"\s", "", code)
    found = ((match, re.findall(_NUMBER, match["numbers"].replace("−", "-"))) for match in _NAMED.finditer(text))
    return [match.span() for match, numbers in found if ",".join(numbers) in held]


def _assigned(text: str) -> Series:
    """A range and a list in brackets, each behind its name: t = 0:0.2:3; theta = [0.2 0.17 0.1]."""
    axis, values = _RANGE.search(text), _BRACKETED.search(text)
    if not axis or not values:
        return "", []
    return f"{axis[1]} = {axis[2]}\n{values[1]} = [{values[2]}]", [axis.span(), values.span()]


def _counted(text: str) -> Series:
    """A count with its value, one behind the other: day 0: 1000 Bq, day 2: 841 Bq."""
    rows = list(_DAYS.finditer(text))
    if len(rows) < ROWS - 1 or len({(row[1].lower(), row["unit"]) for row in rows}) > 1:
        return "", []
    unit = f" ({rows[0]['unit']})" if rows[0]["unit"] else ""
    told = "\n".join(f"{row[2]}\t{row[3]}" for row in rows)
    return f"{rows[0][1].lower()}\ty{unit}\n{told}", [row.span() for row in rows]


def _in_units(text: str) -> Series:
    """Two lists of quantities, each in a unit of its own: 50 g, 100 g, 150 g give 1.2 cm, 2.5 cm, 3.7 cm."""
    runs: list[list[re.Match[str]]] = []
    for match in _MEASURED.finditer(text):
        last = runs[-1][-1] if runs else None
        if last and last[2] == match[2] and _BETWEEN.fullmatch(text, last.end(), match.start()):
            runs[-1].append(match)
        else:
            runs.append([match])
    long = [run for run in runs if len(run) >= PAIRS + 1 and run[0][2]]
    if len(long) < 2 or len(long[0]) != len(long[1]) or long[0][0][2] == long[1][0][2]:
        return "", []
    first, second = long[:2]
    rows = "\n".join(f"{x[1]}\t{y[1]}" for x, y in zip(first, second, strict=True))
    return f"x ({first[0][2]})\ty ({second[0][2]})\n{rows}", [
        (run[0].start(), run[-1].end()) for run in (first, second)
    ]


def _labels(text: str) -> Series:
    """Lines of a month and a value each, Jan: 45.1, or all in one line; months count from 1."""
    inline = list(_MONTHLY.finditer(text))
    together = bool(inline) and "\n" not in text[inline[0].start() : inline[-1].end()]
    if together and len(inline) >= ROWS and len({match[1].lower() for match in inline}) == len(inline):
        rows = (f"{_MONTHS.index(match[1].lower()[:3]) + 1}\t{match[2]}" for match in inline)
        return "\n".join(["month\tvalue", *rows]), [match.span() for match in inline]
    lines: list[tuple[int, str, Span]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        match = _LABELLED.match(line.rstrip())
        if match and match[1].lower()[:3] in _MONTHS:
            lines.append((_MONTHS.index(match[1].lower()[:3]) + 1, match[2], (at, at + len(line))))
        at += len(line)
    if len(lines) < ROWS:
        return "", []
    told = "\n".join(f"{month}\t{value}" for month, value, _ in lines)
    return f"month\tvalue\n{told}", [span for *_, span in lines]


def _labelled(text: str) -> Series:
    """Lines that differ in their numbers alone, each number behind its label: t = 0, T = 90."""
    run: list[re.Match[str]] = []
    for line in [*_LINE.finditer(text), None]:
        shape = _SHAPE.sub("#", line[0]) if line else ""
        if run and shape != _SHAPE.sub("#", run[0][0]):
            if len(run) >= ROWS and (rows := labelled([match[0] for match in run])):
                return "\n".join(rows), [match.span() for match in run]
            run = []
        if line:
            run.append(line)
    return "", []


def _measured(text: str) -> Series:
    """Quantities of two units in turn: at 0 s the height is 2.0 m, at 5 s it is 6.3 m."""
    found = list(_MEASURED.finditer(text))
    units = [match[2] or "clock" for match in found]
    for start in range(len(found) - 2 * PAIRS + 1):
        pair, count = units[start : start + 2], 0
        while units[start + 2 * count : start + 2 * count + 2] == pair and pair[0] != pair[1]:
            count += 1
        if count > PAIRS:
            run = found[start : start + 2 * count]
            rows = "\n".join(f"{x[1] or x[3]}\t{y[1] or y[3]}" for x, y in zip(run[::2], run[1::2], strict=True))
            head = "time" if pair[0] == "clock" else f"x ({pair[0]})"
            return f"{head}\ty ({pair[1]})\n{rows}", [_with_label(text, match) for match in run]
    return "", []


def _with_label(text: str, match: re.Match[str]) -> Span:
    """Where a quantity stands, with its name before it: t=5s."""
    name = re.search(r"[^\W\d]\w{0,20}\s?[=:]\s?\Z", text[max(0, match.start() - 24) : match.start()])
    return match.start() - len(name[0]) if name else match.start(), match.end()


_FITTED_TO = re.compile(
    r"\b(?:fit|regression|parabola|line|exponential|half[- ]?life|doubling time|decay constant|growth rate)"
    rf"\b[^.?!\d]{{0,30}}\b(?:of|to|for|from|through|on|data)\s*:?\s*[\[(]?\s*({_NUMBER}(?:\s*,\s*{_NUMBER}){{4}})(?![\w.(]|\s*,?\s*\d)",
    re.IGNORECASE,
)


def _run(text: str) -> Series:
    """Six numbers or more in a row of a sentence, over its lines; five where they stand behind what is to be fitted."""
    found = SERIES.search(text)
    if not found:
        few = _FITTED_TO.search(text)
        return _along(text, re.findall(_NUMBER, few[1]), few.span(1)) if few else ("", [])
    numbers = re.findall(r"-?\d+(?:\.\d+)?", found[0])
    if head := _HEADING.search(text[: found.start()]):  # water level [m]:
        name = "y" if unit_called(head[1]) else head[1]  # every half hour [m]:
        return "\n".join([f"{name} ({head[2]})", *numbers]), [(head.start(), found.end())]
    return _along(text, numbers, found.span())


def _along(text: str, numbers: list[str], span: Span) -> Series:
    """Numbers in a row, beside the range that counts them where the text tells one: week 0-59."""
    for ends in _FROM_TO.finditer(text):
        first, last = int(ends[1]), int(ends[2])
        if last - first + 1 == len(numbers) and not span[0] <= ends.start() < span[1]:
            rows = (f"{first + i}\t{number}" for i, number in enumerate(numbers))
            axis = "year" if len(ends[1]) == len(ends[2]) == 4 else "x"
            return "\n".join([f"{axis}\ty", *rows]), [span, ends.span()]
    return ", ".join(numbers), [span]


_TIMED = re.compile(
    r"\b(?:time|t)\b(?: is| are)?(?: given| measured)? in (ms|milliseconds|s|seconds|min|minutes|h|hours|days)\b"
)


def timed(data: str, prose: str) -> str:
    """Two columns without names under the name and the unit that a sentence gives the first: time in ms."""
    told = _TIMED.search(prose)
    first = re.fullmatch(r"\s*[-+\d.eE]+([\t ]+|[ ]*[,;][ ]*)[-+\d.eE]+\s*", data.split("\n", 1)[0])
    return f"t ({told[1]}){first[1]}y\n{data}" if told and first else data


_STEPPED = re.compile(
    rf"\b([A-Za-z])\s*(?:=|is|goes|runs)?\s*(?:from\s+)?({_NUMBER})\s*(?:to|\.\.+|until)\s*({_NUMBER})\s*[a-z]{{0,7}}[\s,]*"
    rf"(?:in|with|by|at)?\s*(?:an?\s+)?(?:steps?|increments?|spacing|intervals?)\s*(?:size\s*)?(?:of|=)?\s*({_NUMBER})"
)


def with_told_axis(data: str, text: str) -> tuple[str, Span] | None:
    """Numbers beside the axis that a text tells, t = 0, 0.1, ..., 2.5, t from 0 to 2.5 in steps of 0.1 or x = 1..5, and
    where it does; None where their counts differ.
    """
    dotted, stepped = DOTTED.search(text), _STEPPED.search(text)
    listed = re.fullmatch(r"\s*(?:(\w+)\s*=\s*)?[\[(]?([-+\d.eE,\s]+)[\])]?\s*", data)
    if (told := dotted or stepped) and listed:
        first, last = float(told[2]), float(told[4] if dotted else told[3])
        step = float(told[3]) - first if dotted else float(told[4])
        numbers = re.split(r"[,\s]+", listed[2].strip(" ,\n"))
        return _beside([listed[1] or "y", *numbers], told, first, last, step)
    for told in _COUNTING.finditer(text):
        rows = [listed[1] or "y", *re.split(r"[,\s]+", listed[2].strip(" ,\n"))] if listed else data.split("\n")
        if told[1] not in rows[0].split("\t") and (found := _beside(rows, told, float(told[2]), float(told[3]), 1.0)):
            return found
    return None


def _beside(rows: list[str], told: re.Match[str], first: float, last: float, step: float) -> tuple[str, Span] | None:
    """Rows under their heading, with an axis of even steps in front, if there are as many of both."""
    count = round((last - first) / step) + 1 if step else 0
    if count != len(rows) - 1 or abs(first + (count - 1) * step - last) > 1e-6 * abs(last):
        return None
    numbered = [f"{first + i * step:.10g}\t{row}" for i, row in enumerate(rows[1:])]
    return "\n".join([f"{told[1]}\t{rows[0]}", *numbered]), told.span()
