"""Programs of R and MATLAB that fit a model, as programs of Python that fit the same, and are read and run as such.

Statements that are not followed, plots and prints among them, are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nabla.labs.fit.builtin_models import matlab_library, polynomial
from nabla.labs.fit.foreign_syntax import PREAMBLE, Untranslated, arguments, closed, identifier, python

_R = ("nls", "nlsLM", "nlxb", "lm")
_MATLAB = ("lsqcurvefit", "nlinfit", "lsqnonlin", "fminsearch", "fminunc", "polyfit", "fit", "fft")
_CALL = re.compile(rf"(?<![.\w@])({'|'.join((*_R, *_MATLAB))})\s*\(")
_PYTHON = re.compile(r"^[ \t]*(?:import|from)[ \t]+\w|\bdef[ \t]+\w+\(|\bnp\.", re.MULTILINE)
_ASSIGNED = re.compile(r"\s*(?:global\s+)?([^\W\d][\w.]*)(?:\$([^\W\d][\w.]*))?\s*(?:<-|=(?!=))\s*(.+)\Z", re.DOTALL)
_SEVERAL = re.compile(r"\s*\[[^\]=]*\]\s*=(?!=)\s*(.+)\Z", re.DOTALL)
_FUNCTION = re.compile(r"\s*function\s+(?:\[?\s*(\w+)[^=]*=\s*)(\w+)\s*\(([^)]*)\)")
_FRAME = re.compile(r"(?:data\.frame|tibble|list|table)\s*\(")


@dataclass(frozen=True, slots=True)
class Translation:
    """A program in Python; which call of the original it fits with, and in which line that stands."""

    code: str
    call: str
    line: int


@dataclass(slots=True)
class _Translator:
    matlab: bool
    lines: list[str] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)
    fit: str = ""

    def expression(self, text: str) -> str:
        return python(text, matlab=self.matlab, functions=self.functions)

    def assign(self, name: str, text: str) -> None:
        """Add an assignment; the columns of a frame become names of their own."""
        frame = _FRAME.match(text)
        if frame:
            for part in arguments(text[frame.end() : closed(text, frame.end() - 1) - 1]):
                column, _, value = part.partition("=")
                if value:
                    self.assign(column.strip(), value.strip())
            return
        try:
            made = self.expression(text)
        except Untranslated:
            return
        if re.match(r"\s*(?:@\s*\(|function\s*\()", text):
            self.functions.append(name)
        self.lines.append(f"{identifier(name)} = {made}")


_SHOWN = re.compile(r"^(?:summary|print|coef|confint|anova|predict)\s*\((.*)\)$")


def translated(code: str) -> Translation | None:
    """The fit of a program in R or MATLAB as one of Python; None for other programs, or where its model is not read."""
    if _PYTHON.search(code) or not _CALL.search(code):
        return None
    matlab = not re.search(r"<-|~(?!=)", code)
    made = _Translator(matlab)
    line = 0
    found: tuple[str, int] | None = None
    for number, statement in _statements(code, matlab):
        if function := _FUNCTION.match(statement):
            _define(made, function, statement[function.end() :])
            continue
        assigned, several = _ASSIGNED.match(statement), _SEVERAL.match(statement)
        value = several[1] if several else assigned[3] if assigned else statement
        value = _SHOWN.sub(r"\1", value.strip())
        call = _CALL.search(value) if "fft(" in value else _CALL.match(value)
        if call and (not found or found[0] == "lm"):
            text = call.string
            parts = arguments(text[call.end() : closed(text, call.end() - 1) - 1])
            try:
                fitted = _fitted(made, call[1], parts, code)
            except Untranslated:
                fitted = ""
            if fitted:
                made.fit, found, line = fitted, (call[1], number), number
                continue
        if assigned:
            made.assign(assigned[2] or assigned[1], assigned[3].strip())
    if not found:
        return None
    return Translation("\n".join([PREAMBLE.rstrip(), *made.lines, made.fit]) + "\n", found[0], line)


def _statements(code: str, matlab: bool) -> list[tuple[int, str]]:
    """The statements with the lines in which they begin: over several lines inside brackets or behind ..."""
    found: list[tuple[int, str]] = []
    held, start, depth = "", 0, 0
    inside = False
    for number, raw in enumerate(code.split("\n"), 1):
        text = re.sub(r"(?:%|#)(?=(?:[^'\"]*['\"][^'\"]*['\"])*[^'\"]*\Z).*", "", raw) if "%*%" not in raw else raw
        text = re.sub(r"\.\.\.\s*\Z", " ", text).rstrip()
        if matlab and re.match(r"\s*function\b", text):
            inside = True
        if inside:
            held, start = f"{held}\n{text}" if held else text, start or number
            if re.match(r"\s*end(?:function)?\s*;?\s*\Z", text) or not text.strip():
                found.append((start, held))
                held, start, inside = "", 0, False
            continue
        if not text.strip() and not depth:
            continue
        start = start or number
        held += ("\n" if held else "") + text
        depth = max(0, depth + sum(letter in "([{" for letter in text) - sum(letter in ")]}" for letter in text))
        if depth or re.search(r"[-+*/^,~=(]\s*\Z", text) or raw.rstrip().endswith("..."):
            continue
        found += [(start, part) for part in _parts(held)]
        held, start = "", 0
    return [*found, *((start, part) for part in _parts(held))]


def _parts(text: str) -> list[str]:
    """Statements that stand on one line, between semicolons outside of brackets."""
    parts, depth, begin = [], 0, 0
    for i, letter in enumerate(text):
        depth += (letter in "([{") - (letter in ")]}")
        if letter == ";" and depth == 0:
            parts.append(text[begin:i])
            begin = i + 1
    return [part for part in (*parts, text[begin:]) if part.strip()]


def _define(made: _Translator, head: re.Match[str], body: str) -> None:
    """A function of MATLAB whose statements are assignments: its first output is what it returns."""
    made.functions.append(head[2])
    lines = []
    for statement in _parts(body.replace("\n", ";")):
        if assigned := _ASSIGNED.match(statement):
            try:
                lines.append(f"    {identifier(assigned[1])} = {made.expression(assigned[3])}")
            except Untranslated:
                continue
    names = ", ".join(identifier(name.strip()) for name in head[3].split(","))
    made.lines += [f"def {head[2]}({names}):", *lines, f"    return {head[1]}"]


def _fitted(made: _Translator, name: str, parts: list[str], code: str) -> str:
    """The call in Python that fits the same model to the same data; "" where it fits none."""
    plain = [re.sub(r"\(:\)|\.?'\Z", "", part) for part in parts]
    if name in _R:
        return _formula(made, name, parts)
    if name == "polyfit":
        return f"polyfit({plain[0]}, {plain[1]}, {plain[2]})" if len(plain) == 3 else ""
    if name == "fft":
        return f"fft({made.expression(parts[0])})" if parts else ""
    if name == "fit":
        return _library(made, plain, parts, code)
    function = plain[2] if name == "nlinfit" and len(plain) > 3 else plain[0]
    model = made.expression(function)
    if not model.isidentifier():
        made.lines.append(f"model_ = {model}")
        model = "model_"
    if name in ("lsqcurvefit", "nlinfit") and len(plain) > 3:
        x, y, start = (plain[2], plain[3], plain[1]) if name == "lsqcurvefit" else (plain[0], plain[1], plain[3])
        made.lines.append(f"residual_ = lambda p_: {model}(p_, {made.expression(x)}) - {made.expression(y)}")
        return f"leastsq(residual_, {made.expression(start)})"
    return f"leastsq({model}, {made.expression(plain[1])})" if len(plain) > 1 else ""


def _formula(made: _Translator, name: str, parts: list[str]) -> str:
    """nls(y ~ a*exp(-b*x), start = list(a = 1, b = 2)), lm(y ~ sin(t) + cos(t))."""
    formula = next((part for part in parts if "~" in part), "")
    left, _, right = re.sub(r"^formula\s*=", "", formula).partition("~")
    words = [w for w in re.findall(r"(?<![\w.])[A-Za-z][\w.]*(?!\s*\()(?![\w.])", right) if w != "pi"]
    bound = [line.split(" = ")[0] for line in made.lines]
    starts = next((part for part in parts if re.match(r"start\s*=", part)), "")
    inside = re.search(r"(?:list|c)\s*\(", starts)
    given = arguments(starts[inside.end() : closed(starts, inside.end() - 1) - 1]) if inside else []
    named = {part.partition("=")[0].strip(): part.partition("=")[2].strip() for part in given}
    x = next((w for w in words if w not in named and identifier(w) in bound), "")
    x = x or next((w for w in words if w not in named), "x")
    if name == "lm":
        head, body = _linear(right, x)
        return f"curve_fit(lambda {identifier(x)}, {head}: {made.expression(body)}, {x}, {made.expression(left)})"
    names = list(named) or [w for w in dict.fromkeys(words) if w != x]
    start = f", p0=[{', '.join(_number(made, value) for value in named.values())}]" if named else ""
    head = ", ".join(map(identifier, (x, *names)))
    return f"curve_fit(lambda {head}: {made.expression(right)}, {identifier(x)}, {made.expression(left)}{start})"


def _number(made: _Translator, text: str) -> str:
    """A start value; 1 where it comes from another fit."""
    try:
        return made.expression(text)
    except Untranslated:
        return "1"


def _linear(right: str, x: str) -> tuple[str, str]:
    """The coefficients and the sum of lm's terms: b0, b1 and b0 + b1*sin(t)."""
    power = re.fullmatch(rf"\s*poly\(\s*{re.escape(x)}\s*,\s*([1-9])[^)]*\)\s*", right)
    if power:
        terms = [f"{x}^{i}" for i in range(1, int(power[1]) + 1)]
    else:
        flat = re.split(r"\+(?![^()]*\))", right)
        terms = [re.sub(r"^I\((.*)\)$", r"\1", term.strip()) for term in flat]
    terms = [term for term in terms if term not in ("0", "1", "-1")]
    names = [f"b{i}" for i in range(len(terms) + 1)]
    body = " + ".join([names[0], *(f"{name}*({term})" for name, term in zip(names[1:], terms, strict=True))])
    return ", ".join(names), body


def _library(made: _Translator, plain: list[str], parts: list[str], code: str) -> str:
    """fit(x, y, 'sin1'), or with a formula of its own, whose coefficients are taken in alphabetical order."""
    if len(parts) < 3:
        return ""
    model = parts[2]
    kind = re.search(rf"\b{re.escape(model)}\s*=\s*fittype\s*\(\s*['\"]([^'\"]+)['\"]", code)
    text = kind[1] if kind else model.strip("'\"")
    form = polynomial(int(text[-1])) if re.fullmatch(r"poly[1-9]", text) else matlab_library(text)
    if form:
        head, body = re.fullmatch(r"f\((.*?)\) = (.*)", form).groups()  # type: ignore[union-attr]
        body = body.replace("^", "**")
    else:
        words = set(re.findall(r"(?<![\w.])[A-Za-z]\w*(?!\w*\()", text)) - {"x", "pi"}
        head, body = ", ".join(["x", *sorted(words)]), made.expression(text)
    at = next((i for i, part in enumerate(parts) if "StartPoint" in part), 0)
    start = f", p0={made.expression(parts[at + 1])}" if at and at + 1 < len(parts) else ""
    return f"curve_fit(lambda {head}: {body}, {made.expression(plain[0])}, {made.expression(plain[1])}{start})"
