"""The inputs of the lab fit: data, the program or the form that is fitted, how the samples were taken."""

from __future__ import annotations

import re

from nabla.question.atoms import FUNCTIONS
from nabla.question.filled import Filled, Span, put
from nabla.question.fit_asked import asked_in
from nabla.question.fit_claims import claims_in
from nabla.question.fit_forms import OSCILLATES, is_named, named_in
from nabla.question.fit_mentions import mentions
from nabla.question.fit_prose import polynomial_in
from nabla.question.formulas import Formula, entries_of, names_in
from nabla.question.growth import growth_in
from nabla.question.listed_numbers import LISTED, numbers_in
from nabla.question.pieces import PastedProgram
from nabla.question.roles import RoleReading
from nabla.question.sampling_questions import sampling_in
from nabla.question.series import series_in, timed, with_told_axis
from nabla.read.data.rate import read_sampling
from nabla.read.fields.named_forms import forms_called, named_form

ROWS = 5  # of a table beside a program

# Calls that the lab fit reads out of a program: what they fit or transform is its data.
_FITTING = re.compile(
    r"\b(?:curve_fit|leastsq|polyfit|linregress|OLS|WLS|ols|LinearRegression|linalg\.lstsq|r?fft|periodogram|welch|lombscargle|LombScargle|[A-Z]\w*LSQFitter)\(|\b(?:lmfit|astropy)\b"
)
# And those of R and MATLAB: a formula with a tilde, a handle, or data first.
_FOREIGN = re.compile(
    r"(?<![.\w@])(?:(?:nls|nlsLM|nlxb|lm)\s*\([^\n]*~|(?:fit|polyfit|lsqcurvefit|nlinfit|lsqnonlin|fminsearch|fminunc)"
    r"\s*\(\s*[\w@](?:[^\n]*,|\w*\())"
)
# A transform in MATLAB: beside it ranges, operations on elements or comments of MATLAB.
_TRANSFORM = re.compile(r"(?<![.\w@])fft\s*\(\s*\w+")
_OF_MATLAB = re.compile(r"=\s*\(?[\w.]+\s*:\s*[\w./()*-]+|\.[*^/]|^\s*%", re.MULTILINE)
_OF_PYTHON = re.compile(r"^[ \t]*(?:import|from)[ \t]+\w|\bdef[ \t]+\w+\(|\bnp\.", re.MULTILINE)
_PROMPT = re.compile(r"^[>+][ \t]", re.MULTILINE)
_HEADS = re.compile(r"\bdef[ ]\w+\(\w+\s*,([\w\s,]+)\)|\blambda \w+\s*,([\w\s,]+):")
_STATEMENT = re.compile(
    r"[ \t]*(?:(?:global\s+)?[A-Za-z][\w.$]*(?:\([^=\n]*\))?[ \t]*(?:<-|=(?!=))|\[[^\]=\n]*\][ \t]*=|%|#|function\b|"
    r"end\w*[ \t]*;?[ \t]*$|[A-Za-z][\w.]*\(.*\)[ \t]*;?[ \t]*$)"
)


def fill_data(reading: RoleReading, lab: str) -> Filled | None:
    """The numbers of the text, also those in its program or its sentences, and the form that is asked for."""
    if story := growth_in(reading) or sampling_in(reading):
        return story
    data, used = reading.data, [span for table in reading.tables[:1] for span in table.spans]
    if program := _fitting(reading):
        spans = [piece.span for piece in program.pieces]
        inputs = {"code": program.code} | ({"data": data} if data else {}) | _commented_rate(program)
        used = [*used, *spans]
        _wishes(reading, inputs, used)
        _claims(reading, inputs, used)
        return Filled(inputs, (*used, *mentions(reading, used, program.code)))
    if foreign := _foreign(reading):
        return foreign
    if called := polynomial_in(reading.text):
        start, end = called.span
        data, spans = series_in(reading.text[:start] + " " * (end - start) + reading.text[end:])
        if data:
            inputs = {"data": data, "form": called.form, "claim": called.claim}
            used = [called.span, *spans]
            return Filled(inputs, (*used, *mentions(reading, used)))
    for way in (_in_code, _printed, _in_prose):
        if not data:
            data, used = way(reading)
    if not data:
        return None
    inputs = {"data": data}
    words = {"a": 1, "one": 1, "single": 1, "two": 2, "three": 3, "four": 4, "five": 5}
    prose = " ".join(reading.text[piece.start : piece.end] for piece in reading.pieces if piece.kind == "prose")
    count = re.search(
        r"\b([1-9]|1\d|20|two|three|four|five)\s(?:sinusoids?|sines?|tones?|frequencies|(?:sine|cosine) waves?|periods|"
        r"cosines?)\b",
        prose,
    )
    if count and not re.search(r"how many", prose, re.IGNORECASE):
        inputs["tones"] = str(words.get(count[1], count[1]))
    if OSCILLATES.search(prose) or re.search(r"\bautocorrelat", prose, re.IGNORECASE):
        inputs["models"] = "sinusoids"
    if form := _form(reading, used, data):
        inputs["form"] = form
    elif form := next((name for name in forms_called(prose) if is_named(name, prose)), ""):
        inputs["form"] = form  # a period may be what is measured: of a pendulum, over its length
    waves = [request for request in reading.requests if request.what == "fit" and _of_waves(reading, request.span)]
    if waves and "form" not in inputs:
        inputs["form"] = "amplitude-phase"  # a period is asked for
    if "form" not in inputs and (period := _PERIOD.search(prose)):
        inputs["form"] = f"A cos(2*pi*x/{period[1] or period[2]} + p) + c"
        used += _numbers(reading, period[1] or period[2])
    if ambient := _AMBIENT.search(prose) if "cool" in prose.lower() and "form" not in inputs else None:
        inputs["form"] = f"a*exp(-k*t) + {ambient['number']}"  # Newton's law of cooling
        used += _numbers(reading, ambient["number"])
    if columns := _columns(inputs):
        inputs["columns"] = columns
    _wishes(reading, inputs, used)
    if re.search(r"\bdamp(?:ed|ing)\b", prose, re.IGNORECASE) and "form" not in inputs:
        inputs["damped"] = "on"
    elif "form" not in inputs and "models" not in inputs and (form := named_in(prose, inputs.get("asked", ""))):
        inputs["form"] = form
    _claims(reading, inputs, used)
    if not {"form", "models"} & set(inputs) and re.match(r"(?:slope|intercept) =", inputs.get("claim", "")):
        inputs["form"] = "line"
    inputs["data"] = timed(inputs["data"], prose)
    if dotted := with_told_axis(inputs["data"], reading.text):
        inputs["data"], axis = dotted
        used.append(axis)
    else:
        _sampling(reading, inputs, used)
    if season := _season(reading.text):
        inputs["season"] = season
    further = tuple(
        Filled({**inputs, "data": table.text}, table.spans, asked=f"the data of {table.name}")
        for table in reading.tables[1:4]
    )
    others = [span for filled in further for span in filled.used]
    return Filled(inputs, (*used, *mentions(reading, used), *others), further=further)


_AMBIENT = re.compile(
    r"\b(?:room|ambient|surround\w*|environment)\b[^.;,\n\d]{0,25}?(?P<number>-?\d+(?:\.\d+)?)(?!\d)", re.IGNORECASE
)
_LENGTH = re.compile(r"[(\[]\s*(?:mm|cm|m|ft|in)\s*[)\]]|\b(?:L|l|length)\b")
_PERIOD = re.compile(
    r"\b(?:fixed|known|given)\s+period\s+(?:of\s+|is\s+|=\s*)?(\d+(?:\.\d+)?)|"
    r"\b(?:sine|cosine|sinusoid|wave)\s+(?:with|of)\s+(?:an?\s+)?(?:period\s+(?:of\s+)?)?(\d+(?:\.\d+)?)[- ]?"
    r"(?:seconds?|s|minutes?|hours?|h|days?|weeks?|months?|years?)\b"
)


def _numbers(reading: RoleReading, number: str) -> list[Span]:
    """Where a number, or a quantity that begins with it, stands in the text."""
    return [f.span for f in reading.formulas if reading.text[slice(*f.span)].split(" ")[0] == number]


def _columns(inputs: dict[str, str]) -> str:
    """The columns of the data that a formula names on its two sides: RT = a + b log(n); "" where it does not."""
    left = re.match(r"\s*(\w+)\s*(?:\((\w+)\))?\s*=", inputs.get("form", ""))
    cells = re.split(r"[,;\t]", inputs["data"].split("\n", 1)[0])
    if inputs.get("form") == "pendulum" and len(cells) == 2:  # the period over the length, though that is no time
        first = bool(_LENGTH.search(cells[0])) or not _LENGTH.search(cells[1])
        return "1, 2" if first else "2, 1"
    head = [re.sub(r"\W.*", "", cell.strip()) for cell in cells]
    if not left or left[1] not in head or len(head) < 2:
        return ""
    inside = [left[2]] if left[2] else names_in(inputs["form"][left.end() :])
    axis = [name for name in head if name in inside and name != left[1]]
    return f"{head.index(axis[0]) + 1}, {head.index(left[1]) + 1}" if len(axis) == 1 else ""


def _wishes(reading: RoleReading, inputs: dict[str, str], used: list[Span]) -> None:
    """What else the text wants to know, into the inputs."""
    if asked := asked_in(reading, used, inputs.get("data", "")):
        inputs["asked"] = asked


def _claims(reading: RoleReading, inputs: dict[str, str], used: list[Span]) -> None:
    """The numbers that the asker has, into the inputs: of quantities, and of the form's own names."""
    form = inputs.get("form", "")
    if ours := named_form(form):
        names = [name for name in re.findall(r"[A-Za-z]\w*", ours) if name not in _AXES | FUNCTIONS]
    else:
        names = [name for name in names_in(form) if name not in _AXES] if re.search(r"[-+*/^=]", form) else []
    names += [
        name
        for heads in _HEADS.findall(inputs.get("code", ""))
        for head in heads
        for name in re.findall(r"[A-Za-z]\w*", head)
    ]
    if claims := claims_in(reading, used, names):
        inputs["claim"] = claims


# Mathematica: FindFit[data, a Sin[w x] + c, {a, w, c}, x]; parameters may have starts, {a, 1}.
_FIND_FIT = re.compile(
    r"(?:FindFit|NonlinearModelFit)\[\s*\w+\s*,\s*([^{}]+?)\s*,\s*\{\s*([A-Za-z]\w*(?:\s*,\s*[A-Za-z]\w*)*)\s*\}\s*,\s*"
    r"([A-Za-z]\w*)\s*\]"
)
_MODELLED = re.compile(
    r"\b(?:fit\w*|models?|modell?ing|regression|laws?|describes?|of the form|best|curve|relation\w*|check|"
    r"trend ?lines?|equation|isotherm|formula)\b",
    re.IGNORECASE,
)
_AXES = frozenset("x t time theta n d s r T".split())
_KNOWN = re.compile(r"\b(?:where|with|for|known|fix\w*|given|constants?|is|and|,)\s*[$`(]*\s*\Z", re.IGNORECASE)


def _form(reading: RoleReading, used: list[Span], data: str) -> str:
    """The formula that is to be fitted: with names for what is not known, and numbers for what the text gives."""
    if found := _FIND_FIT.search(reading.text):
        used.append(found.span())
        return f"f({', '.join([found[3], *(name.strip(' {}') for name in found[2].split(','))])}) = {found[1]}"
    columns = set(re.findall(r"[A-Za-z]\w*", re.sub(r"[(\[][^()\[\]\d]*[)\]]", "", data[:200])))  # without units
    columns |= {first for name in columns for first in (name[0].lower(), name[0].upper())}
    models: dict[str, list[Span]] = {}
    for formula in reading.formulas:
        spans: list[Span] = []
        start, end = formula.span
        if not any(a <= start and end <= b for a, b in used) and (form := _model(reading, formula, columns, spans)):
            models.setdefault(form, spans)
    kept = list(models)[: None if _COMPARES.search(reading.text) else 1]
    used += [span for form in kept for span in models[form]]
    if kept:
        return "; ".join(kept)
    named = dict.fromkeys(form for part in _COMPARED.finditer(reading.text) for form in forms_called(part[0]))
    return "; ".join(named) if len(named) > 1 else ""


def _model(reading: RoleReading, formula: Formula, columns: set[str], used: list[Span]) -> str:
    """A formula as a form to fit, with the numbers that the text gives for its names; "" for one that is none."""
    body = formula.body
    if formula.shape == "vector" and len(formula.sides) > 1:  # y = a*cos(theta)^2 + c, theta in degrees
        body, *rest = entries_of(body) or [body]  # an equation that ends in a list has no entries
        if not rest or not all(re.fullmatch(r"\s*\\?[A-Za-z]\w*\s*", entry) for entry in rest):
            return ""
    elif formula.shape not in ("definition", "function", "formula", "claim", "equation"):
        return ""
    waves = re.search(r"\b(?:sin|cos)\b", body)
    names = set(names_in(body)) - {"e", "pi"}
    written = re.search(r"[-+*/^(=]", reading.text[slice(*formula.span)])
    with_numbers = len(names) == 1 and len(re.findall(r"\d+(?:\.\d+)?", body)) > 1 and formula.name
    if not written or _LISTED.search(body) or re.search(r"\d\s*,\s*-?\d", body):
        return ""
    if not with_numbers and (len(names) < (3 if waves else 2) or formula.shape in ("claim", "equation")):
        return ""
    both = formula.name in columns and bool((names | set(formula.args)) & columns - {formula.name})
    spoken = (with_numbers or _MODELLED.search(reading.text)) and (formula.args or names & (_AXES | columns))
    if not (waves or both or spoken):
        return ""
    used.append(formula.span)
    for value in reading.formulas:
        before = reading.text[: value.span[0]]
        told = value.shape == "value" and value.name in names and _KNOWN.search(before) and not _GOT.search(before)
        told = told and not re.search(r"[A-DF-Za-df-z]", value.body.replace("pi", ""))
        if told and (done := put(body, value.name, value.body)):
            body = done
            used.append(value.span)
    return f"{formula.name}({', '.join(formula.args)}) = {body}" if formula.args else _left(formula) + body


_COMPARES = re.compile(r"\b(?:better|best|compare\w*|versus|vs|which|prefer\w*|or)\b", re.IGNORECASE)
_COMPARED = re.compile(r"[^.?!\n]*\b(?:better|compare\w*|versus|vs|prefer\w*|or)\b[^.?!\n]*", re.IGNORECASE)
_GOT = re.compile(r"\b(?:I (?:got|get|find|found|have)|my|gives|gave|returns?)\b[^.?!\n]*\Z")
_LISTED = re.compile(r"[\[{]\s*-?[\d.]+\s*[,;]")


def _left(formula: Formula) -> str:
    """The left side of a formula of a name, with its sign of equality."""
    return f"{formula.name} = " if formula.name and formula.shape != "formula" else ""


def _of_waves(reading: RoleReading, span: Span) -> bool:
    """Whether a request speaks of a period or a frequency."""
    words = re.findall(r"[a-z]+", reading.text[slice(*span)].lower())
    return bool({"period", "periods", "periodicity", "frequency", "frequencies", "sinusoid", "sinusoids"} & set(words))


_SAMPLED = re.compile(
    r"\b(?:rate|sampled?|sampling|samples|frames|fps|fs|dt|runs?|every|each|per|interval|spacing|step|clock|"
    r"(?:hour|dai|week|month|year)ly)\b",
    re.I,
)


_LIST = re.compile(r"(?:\w+\s*=\s*)?(?:[\w.]+\(\s*)?\[[^\[\]]*\]\s*\)?|(?:\w+\s*(?:=|<-)\s*)?c\([^()]*\)")


def _sampling(reading: RoleReading, inputs: dict[str, str], used: list[Span]) -> None:
    """How the numbers were sampled, as a sentence tells it: at 250 Hz, every 2 hours."""
    data = inputs.get("data", "").strip()
    rows = data.split("\n")
    single = all(len(re.split(r"[,;\s]+", row.strip())) == 1 for row in rows[1:] or rows)
    listed = len(rows) == 1 or bool(_LIST.fullmatch(data))  # without a column of times
    told = [
        (piece.start + found.start(), found[0])
        for piece in reading.pieces
        if piece.kind == "prose"
        for found in re.finditer(r"(?:[^.?!\n]|\.(?=\d))+", piece.text)
        if _SAMPLED.search(found[0])
    ]
    for start, sentence in told:
        if sampling := read_sampling(sentence):
            words = sentence[sampling.start : sampling.end]
            if "hz" in words.lower() or single or listed:
                inputs["rate"] = words
            used.append((start + sampling.start, start + sampling.end))
            return


# Words for a pattern, for the samples, and how many samples it takes.
_SEASONS = (
    (r"\bseason\w*", r"\bquarter(?:s|ly)?\b|\b\d{4}\s?Q[1-4]\b", "4"),
    (r"\bseason\w*|\b(?:annual|yearly) (?:pattern|cycle|rhythm)", r"\bmonth(?:s|ly)\b", "12"),
    (r"\bweekly (?:pattern|cycle|rhythm|season\w*)|\bdays? of the week\b|\bweekdays?\b", r"\bdaily\b|\bper day\b", "7"),
    (r"\b(?:daily|diurnal|circadian|24-hour) (?:pattern|cycle|rhythm)", r"\bhourly\b|\bevery hour\b", "24"),
)


def _season(text: str) -> str:
    """The samples of a season that a text asks about."""
    if (lag := re.search(r"\blag[- ](\d+)\b", text)) and re.search(r"\bautocorrelat|\bperiod", text, re.I):
        return lag[1]
    told = (n for what, samples, n in _SEASONS if re.search(what, text, re.I) and re.search(samples, text, re.I))
    return next(told, "")


def _commented_rate(program: PastedProgram) -> dict[str, str]:
    """The sampling that a comment of a program tells: # sampling interval 0.25 s."""
    comments = [found[1] for found in re.finditer(r"#([^\n]*)", program.code) if _SAMPLED.search(found[1])]
    told = [comment[s.start : s.end] for comment in comments if (s := read_sampling(comment))]
    return {"rate": told[0]} if told else {}


def _fitting(reading: RoleReading) -> PastedProgram | None:
    """The program that fits or transforms data, if there is one."""
    found = [program for program in reading.programs if _FITTING.search(program.code)]
    return max(found, key=lambda program: len(program.code)) if found else None


def _foreign(reading: RoleReading) -> Filled | None:
    """The stretch of a program of R or MATLAB that fits a model: from its first statement to its last."""
    text = reading.text
    transformed = _TRANSFORM.search(text) and _OF_MATLAB.search(text)
    if not (_FOREIGN.search(text) or transformed) or any(
        _OF_PYTHON.search(program.code) for program in reading.programs
    ):
        return None
    at, begin, end, depth = 0, -1, 0, 0
    for line in text.splitlines(keepends=True):
        if depth > 0 or _STATEMENT.match(_PROMPT.sub("", line.rstrip())):
            begin = at if begin < 0 else begin
            end = at + len(line.rstrip())
            depth = max(0, depth + sum(map(line.count, "([{")) - sum(map(line.count, ")]}")))
        at += len(line)
    code = text[begin:end] if begin >= 0 else ""
    if not code:
        return None
    if len(_PROMPT.findall(code)) > 1:  # a session of R
        code = "\n".join(_PROMPT.sub("", line) for line in code.splitlines() if _PROMPT.match(line))
    inputs, used = {"code": code}, [(begin, end)]
    used += [found.span() for found in re.finditer(r"^Error in .*(?:\n[ \t]+.*)?", text, re.MULTILINE)]
    for piece in reading.pieces:
        rows = len(re.findall(r"^[-+.\d][^\n]*\d\s*$", piece.text, re.MULTILINE))
        if piece.kind in ("data", "output") and rows >= ROWS and not begin <= piece.start < end:
            inputs["data"] = piece.text
            used.append(piece.span)
            break
    else:
        data, spans = _in_prose(reading)
        if reading.data and not data:
            data, spans = reading.data, [span for table in reading.tables[:1] for span in table.spans]
        if data and not any(begin <= a < end for a, _ in spans):
            inputs["data"] = data
            used += spans
    _wishes(reading, inputs, used)
    _claims(reading, inputs, used)
    return Filled(inputs, tuple(used))


def _in_code(reading: RoleReading) -> tuple[str, list[Span]]:
    """The lists of numbers that a program assigns, with the ranges beside them."""
    for program in reading.programs:
        if data := numbers_in(program.code):
            return data, [piece.span for piece in program.pieces]
    return "", []


def _printed(reading: RoleReading) -> tuple[str, list[Span]]:
    """A series that a session printed."""
    for piece in reading.pieces:
        text = re.sub(r"^\s*Out ?\[\d*\]:[ ]?", "", piece.text).strip("\n")
        if piece.kind == "output" and len(re.findall(r"^\S.*\d\s*$", text, re.MULTILINE)) >= LISTED:
            return text, [piece.span]
    return "", []


def _in_prose(reading: RoleReading) -> tuple[str, list[Span]]:
    """The first series that stands in a piece of prose."""
    for piece in reading.pieces:
        data, spans = series_in(piece.text) if piece.kind == "prose" else ("", [])
        if data:
            return data, [(piece.start + a, piece.start + b) for a, b in spans]
    return "", []
