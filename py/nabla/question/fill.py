"""The inputs of each lab but derive, made of the parts of a text."""

from __future__ import annotations

import ast
import re

from nabla.lab import LABS
from nabla.question.alternative import alternative
from nabla.question.atoms import SERIES
from nabla.question.cut import PastedProgram
from nabla.question.filled import Filled, Span, doubts_of, substituted
from nabla.question.formulas import Formula, entries_of, is_constant, names_in
from nabla.question.lexicon import TEST_FUNCTIONS
from nabla.question.roles import RoleReading
from nabla.read.data.rate import read_sampling

# Programs and data.


def fill_code(reading: RoleReading, lab: str) -> Filled | None:
    """The program of the text, and the numbers that the asker expects of it."""
    if lab == "train" and not reading.programs:
        return _samples(reading)
    if not reading.programs:
        return None
    program = max(reading.programs, key=lambda program: len(program.code))
    used: list[Span] = [piece.span for piece in program.pieces]
    inputs = {"code": program.code}
    if lab == "train" and (line := alternative(reading, program)):
        inputs["proposed"], span, inputs["code"] = line
        used.append(span)
    claim = _number_claim(reading) if lab == "backprop" else None
    if claim:
        inputs["claim"] = claim[0]
        used.append(claim[1])
    used += [f.span for f in reading.claims if f.whose == "rival" and is_constant(f.sides[-1])]  # the run tells
    others = [other for other in reading.programs if other is not program] if "proposed" not in inputs else []
    further = tuple(
        Filled({"code": other.code}, tuple(piece.span for piece in other.pieces), asked="the other program of the text")
        for other in others[:3]
    )
    used += [span for filled in further for span in filled.used]
    return Filled(inputs, tuple(used), further=further)


def _number_claim(reading: RoleReading) -> tuple[str, Span] | None:
    """What the asker has for a gradient: a number, or a sign with its number."""
    mine = [formula for formula in reading.claims if formula.whose != "rival"]
    for formula in sorted(mine, key=lambda formula: -(formula.weight + (formula.prime is not None))):
        value = formula.sides[-1].strip()
        listed = re.fullmatch(r"(?:tensor|array|np\.array)?\(?(\[[-\d., \[\]]+\])\)?", value)
        if not (is_constant(value) or listed):
            continue
        value = listed[1] if listed else value.replace("−", "-")
        mark = formula.prime
        name = formula.read.split("=")[0].strip() if len(formula.sides) > 1 else ""
        if name.endswith(".grad") or (mark and len(formula.sides) > 1):
            return f"{name} = {value}", formula.span
        return (f"{named} = {value}" if (named := _of_tensor(reading, formula)) else value), formula.span
    return None


def _of_tensor(reading: RoleReading, formula: Formula) -> str:
    """The gradient that stands before a number in its sentence: w.grad should be 8."""
    before = [f for f in reading.formulas if f.sentence == formula.sentence and f.span[0] < formula.span[0]]
    return before[-1].read if before and before[-1].read.endswith(".grad") else ""


def _samples(reading: RoleReading) -> Filled | None:
    """Samples X and targets y in prose, for a network to be set up."""
    found: dict[str, tuple[str, Span]] = {}
    for name, pattern in (
        ("X", r"\bX\s?=\s?(\[[-\d., ;\[\]()\n]{3,400}\])"),
        ("y", r"\by\s?=\s?(\[[-\d., ;\[\]()\n]{1,300}\])"),
    ):
        match = re.search(pattern, reading.text)
        if match:
            found[name] = (match[1], match.span())
    if "X" not in found:
        return None
    return Filled({name: text for name, (text, _) in found.items()}, tuple(span for _, span in found.values()))


# Calls that the lab fit reads out of a program: what they fit or transform is its data.
_FITTING = re.compile(
    r"\b(?:curve_fit|leastsq|polyfit|r?fft|periodogram|welch|lombscargle|LombScargle|[A-Z]\w*LSQFitter)\(|\b(?:lmfit|astropy)\b"
)
# And those of R and MATLAB.
_SOLVERS = r"(?:nls|nlsLM|lm|fit|polyfit|lsqcurvefit|nlinfit)"
_FOREIGN = re.compile(rf"(?<![.\w]){_SOLVERS}\s*\((?:[^\n]*~|\s*[\w@]+(?:\(:\))?'?\s*,)")
_STATEMENT = re.compile(rf"^[ \t]*(?:[A-Za-z][\w.]*[ \t]*(?:<-|=)|{_SOLVERS}\s*\()", re.MULTILINE)


def fill_whole(reading: RoleReading, lab: str) -> Filled:
    """The whole text in the first field of a lab of which nothing else is known."""
    return Filled({LABS[lab].fields[0].name: reading.text.strip()}, ((0, len(reading.text)),))


def fill_data(reading: RoleReading, lab: str) -> Filled | None:
    """The numbers of the text, also those in its program or its sentences, and the form that is asked for."""
    data, used = reading.data, [piece.span for piece in reading.pieces if piece.kind == "data"]
    if program := _fitting(reading):
        spans = [piece.span for piece in program.pieces]
        inputs = {"code": program.code} | ({"data": data} if data else {}) | _commented_rate(program)
        return Filled(inputs, (*used, *spans))
    if foreign := _foreign(reading):
        return foreign
    fitting = next((program for program in reading.programs if _FITTING.search(program.code)), None)
    if not data and not fitting:
        data, used = _series_in_code(reading)
    if not data and not fitting:
        data, used = _series_printed(reading)
    if not data and not fitting:
        data, used = _series_in_prose(reading)
    if not data and not fitting:
        return None
    inputs = {"data": data} if data else {}
    if fitting:
        inputs["code"] = fitting.code
        used += [piece.span for piece in fitting.pieces]
    words = {"a": 1, "one": 1, "single": 1, "two": 2, "three": 3, "four": 4, "five": 5}
    prose = " ".join(reading.text[piece.start : piece.end] for piece in reading.pieces if piece.kind == "prose")
    count = re.search(
        r"\b([1-9]|1\d|20|two|three|four|five)\s(?:sinusoids?|sines?|tones?|frequencies|(?:sine|cosine) waves?|periods|"
        r"cosines?)\b",
        prose,
    )
    if count and not re.search(r"how many", prose, re.IGNORECASE):
        inputs["tones"] = str(words.get(count[1], count[1]))
    if _OSCILLATES.search(prose):
        inputs["models"] = "sinusoids"
    for formula in reading.formulas:
        waves = re.findall(r"\b(?:sin|cos)\b", formula.body)
        if formula.shape in ("definition", "function", "formula") and waves and len(names_in(formula.body)) >= 3:
            inputs["form"] = formula.body
            used.append(formula.span)
            break
    waves = [request for request in reading.requests if request.what == "fit" and _of_waves(reading, request.span)]
    if waves and "form" not in inputs and data:
        inputs["form"] = "amplitude-phase"  # a period is asked for
    if "form" not in inputs and "code" not in inputs and "models" not in inputs and (form := _named_form(prose)):
        inputs["form"] = form
    _sampling(reading, inputs, used)
    return Filled(inputs, tuple(used))


def _of_waves(reading: RoleReading, span: Span) -> bool:
    """Whether a request speaks of a period or a frequency."""
    words = re.findall(r"[a-z]+", reading.text[slice(*span)].lower())
    return bool({"period", "periods", "periodicity", "frequency", "frequencies", "sinusoid", "sinusoids"} & set(words))


_SAMPLED = re.compile(r"\b(?:rate|sampled?|sampling|samples|fs|dt|runs?|every|each|per|interval|spacing|step)\b", re.I)


def _sampling(reading: RoleReading, inputs: dict[str, str], used: list[Span]) -> None:
    """How the numbers were sampled, as a sentence tells it: at 250 Hz, every 2 hours."""
    single = all(len(re.split(r"[,;\s]+", row.strip())) == 1 for row in inputs.get("data", "").strip().split("\n"))
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
            if "hz" in words.lower() or single or "\n" not in inputs.get("data", "").strip():
                inputs["rate"] = words
                used.append((start + sampling.start, start + sampling.end))
            return


def _commented_rate(program: PastedProgram) -> dict[str, str]:
    """The sampling that a comment of a program tells: # sampling interval 0.25 s."""
    comments = [found[1] for found in re.finditer(r"#([^\n]*)", program.code) if _SAMPLED.search(found[1])]
    told = [comment[s.start : s.end] for comment in comments if (s := read_sampling(comment))]
    return {"rate": told[0]} if told else {}


def _named_form(prose: str) -> str:
    """The form that is asked for by its name: fit an exponential."""
    found = re.search(r"\bfit(?:s|ted|ting)?\b[^.?!\n]{0,40}", prose, re.IGNORECASE)
    asked = found[0].lower() if found else ""
    return next((form for words, form in _NAMED_FORMS if re.search(words, asked)), "")


_OSCILLATES = re.compile(
    r"\b(?:sines?|sinus\w*|cosines?|period(?:s|ic\w*)?|frequenc\w+|cycles?|cyclic\w*|season\w*|harmonics?|oscillat\w+|"
    r"tid(?:e|es|al)|amplitudes?|waves?)\b",
    re.IGNORECASE,
)
_NAMED_FORMS = (
    (r"exponential", "a*exp(k*x) + c"),
    (r"straight line|linear|\ba line\b", "a*x + c"),
    (r"parabola|quadratic", "a*x^2 + b*x + c"),
    (r"cubic", "a*x^3 + b*x^2 + d*x + c"),
    (r"gaussian|bell curve|normal curve", "a*exp(-(x - m)^2/(2*s^2)) + c"),
    (r"lorentz", "a/(1 + ((x - m)/w)^2) + c"),
    (r"logistic|sigmoid", "L/(1 + exp(-k*(x - m))) + c"),
    (r"power law|power function", "a*x^b"),
)


def _fitting(reading: RoleReading) -> PastedProgram | None:
    """The program that fits or transforms data, if there is one."""
    found = [program for program in reading.programs if _FITTING.search(program.code)]
    return max(found, key=lambda program: len(program.code)) if found else None


def _foreign(reading: RoleReading) -> Filled | None:
    """The stretch of a program of R or MATLAB that fits a model: from its first assignment to the end of its call."""
    if reading.programs or not (call := _FOREIGN.search(reading.text)):
        return None
    first = _STATEMENT.search(reading.text)
    begin = min(first.start(), call.start()) if first else call.start()
    end = reading.text.find("\n\n", call.start())
    end = end if end >= 0 else len(reading.text)
    return Filled({"code": reading.text[begin:end].strip("\n")}, ((begin, end),))


def _find(text: str, words: str) -> Span:
    at = text.find(words)
    return (at, at + len(words)) if at >= 0 else (0, 0)


_MAKERS = {"linspace", "arange", "array", "asarray", "tensor", "Series", "range"}


def _series_in_code(reading: RoleReading) -> tuple[str, list[Span]]:
    """The lists of numbers that a program assigns, as `name = [...]`, with the ranges beside them."""
    for program in reading.programs:
        try:
            tree = ast.parse(program.code)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        found, numbers = [], 0
        for node in tree.body:
            if not (isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)):
                continue
            value = node.value
            call = value.func if isinstance(value, ast.Call) else None
            maker = call.attr if isinstance(call, ast.Attribute) else call.id if isinstance(call, ast.Name) else ""
            inner = value.args[0] if isinstance(value, ast.Call) and value.args and maker in _MAKERS else value
            if (
                isinstance(inner, ast.List | ast.Tuple)
                and len(inner.elts) >= 8
                and all(_is_number(item) for item in inner.elts)
            ):
                found.append(f"{node.targets[0].id} = {ast.unparse(inner)}")
                numbers += len(inner.elts)
            elif (
                maker in ("linspace", "arange")
                and isinstance(value, ast.Call)
                and all(_is_number(item) for item in value.args)
            ):
                found.append(f"{node.targets[0].id} = {ast.unparse(value)}")
        if numbers >= 8:
            return "\n".join(found), [piece.span for piece in program.pieces]
    return "", []


def _is_number(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return _is_number(node.operand)
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)


def _series_printed(reading: RoleReading) -> tuple[str, list[Span]]:
    """A series that a session printed, where nothing else has numbers."""
    for piece in reading.pieces:
        text = re.sub(r"^\s*Out ?\[\d*\]:[ ]?", "", piece.text).strip("\n")
        if piece.kind == "output" and len(re.findall(r"^\S.*\d\s*$", text, re.MULTILINE)) >= 8:
            return text, [piece.span]
    return "", []


def _series_in_prose(reading: RoleReading) -> tuple[str, list[Span]]:
    """Six numbers or more in a row of a sentence, over its lines."""
    for piece in reading.pieces:
        if piece.kind == "prose" and (found := SERIES.search(piece.text)):
            numbers = re.findall(r"-?\d+(?:\.\d+)?", found[0])
            return ", ".join(numbers), [(piece.start + found.start(), piece.start + found.end())]
    return "", []


_CONSTRAINED = re.compile(
    r"\b(?:subject to|s\.t\.|(?:under|with) the constraint|constrained (?:to|by)|constraint)", re.I
)


def fill_descend(reading: RoleReading, lab: str) -> Filled | None:
    """A program with an optimiser, or a function with its start and rate; no formula under a constraint."""
    if not reading.programs and _CONSTRAINED.search(reading.text):
        return None
    inputs: dict[str, str] = {}
    used: list[Span] = []
    if reading.programs:
        program = max(reading.programs, key=lambda program: len(program.code))
        if re.search(r"\b(?:def|lambda|minimi|for|while|linprog|milp|scipy)", program.code):
            inputs["f"] = program.code
            used += [piece.span for piece in program.pieces]
    elif name := _test_function(reading.text):
        inputs["f"] = name
        used.append(_find(reading.text, name))
    elif reading.functions and reading.functions[0].shape not in ("vector", "integral", "limit"):
        first = reading.functions[0]
        inputs["f"] = substituted(first.body if first.shape != "equation" else first.read, reading, first, used)
        used.append(first.span)
    if "f" not in inputs:
        return None
    if reading.programs:
        return Filled(inputs, tuple(used))
    starts = [formula for formula in reading.formulas if formula.role == "start" or formula.role == "point"]
    points = [formula for formula in starts if formula.shape == "point"]
    if points:
        inputs["start"] = ",".join(entries_of(points[0].body))
        used.append(points[0].span)
    elif values := [formula for formula in starts if formula.shape in ("value", "number")]:
        inputs["start"] = ", ".join(
            f"{f.name}={f.body}" if f.shape == "value" and f.name != "x_0" else f.body for f in values
        )
        used += [formula.span for formula in values]
    for formula in reading.formulas:
        if formula.role == "rate" or (formula.shape == "value" and formula.name in ("lr", "alpha", "eta", "rate")):
            inputs["rate"] = formula.body
            used.append(formula.span)
            if inputs.get("start", "").endswith(f"{formula.name}={formula.body}"):
                inputs["start"] = ", ".join(
                    p for p in inputs["start"].split(", ") if not p.startswith(f"{formula.name}=")
                )
            break
    return Filled(
        {name: text for name, text in inputs.items() if text},
        tuple(used),
        doubts_of([*reading.functions, *reading.claims]),
    )


def is_test_function(text: str) -> bool:
    """Whether a text is the name of a test function and nothing else."""
    return bool(_test_function(text))


def _test_function(text: str) -> str:
    found = re.fullmatch(
        rf"\s*({'|'.join(name.replace('-', '[- ]?') for name in TEST_FUNCTIONS)})\s*(?:function)?\s*",
        text,
        re.IGNORECASE,
    )
    return found[1] if found else ""
