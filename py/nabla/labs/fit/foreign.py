"""Programs of R and MATLAB that fit a model: read for their data, their formula and their start; they are not run."""

from __future__ import annotations

import re

from nabla.labs.fit.builtin_models import matlab_library, polynomial
from nabla.labs.fit.fitting_call import FitProgram, FittingCall

_R_CALL = re.compile(r"\b(nls|nlsLM|lm)\s*\(")
_MATLAB_CALL = re.compile(r"(?<![.\w])(fit|lsqcurvefit|nlinfit|polyfit)\s*\(")
_VECTOR = re.compile(
    r"^[ \t]*([A-Za-z][\w.]*)[ \t]*(?:<-|=)[ \t]*((?:c|seq|linspace)[ \t]*\(|\[|-?[\d.]+[ \t]*:[ \t]*-?[\d.]+)",
    re.MULTILINE,
)
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"


def read_foreign(code: str) -> FitProgram | None:
    """The fit of a program in R or MATLAB; None for other programs, or where its formula is not read."""
    if re.search(r"^[ \t]*(?:import|from)[ \t]+\w|\bdef[ \t]+\w+\(|\bnp\.", code, re.MULTILINE):
        return None
    vectors = _vectors(code)
    if (call := _R_CALL.search(code)) and "~" in code[call.end() :]:
        return _r(code, call, vectors)
    if (call := _MATLAB_CALL.search(code)) and vectors:
        return _matlab(code, call, vectors)
    return None


def _vectors(code: str) -> dict[str, str]:
    """The assignments of vectors, by name, as `name = text`."""
    found: dict[str, str] = {}
    for match in _VECTOR.finditer(code):
        opened = match[2][-1] in "(["
        end = _closed(code, match.end() - 1) if opened else code.find("\n", match.end())
        text = code[match.start(2) : end if end > 0 else len(code)].rstrip().rstrip(";")
        if (opened and len(re.findall(_NUMBER, text)) >= 3) or not opened:
            found[match[1]] = f"{match[1]} = {text}"
    return found


def _closed(code: str, start: int) -> int:
    """The place behind the bracket that closes the one at `start`."""
    depth = 0
    for i in range(start, len(code)):
        depth += (code[i] in "([{") - (code[i] in ")]}")
        if not depth:
            return i + 1
    return len(code)


def _arguments(code: str, call: re.Match[str]) -> list[str]:
    """The arguments of a call, as text."""
    inside = code[call.end() : _closed(code, call.end() - 1) - 1]
    parts, depth, begin = [], 0, 0
    quote = False
    for i, letter in enumerate(inside):
        quote ^= letter == "'" and (quote or not re.match(r"[\w)\]]", inside[i - 1 : i] or " "))
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and not depth and not quote:
            parts.append(inside[begin:i].strip())
            begin = i + 1
    return [*parts, inside[begin:].strip()]


def _made(
    code: str,
    call: re.Match[str],
    form: str,
    names: tuple[str, str],
    vectors: dict[str, str],
    start: list[float] | None,
) -> FitProgram | None:
    x, y = names
    if not form or x not in vectors or y not in vectors:
        return None
    line = code.count("\n", 0, call.start()) + 1
    return FitProgram(
        code,
        FittingCall(call[1], line, [], {}),
        x_name=x,
        y_name=y,
        form=form,
        start=start,
        text="\n".join((vectors[x], vectors[y])),
    )


def _r(code: str, call: re.Match[str], vectors: dict[str, str]) -> FitProgram | None:
    arguments = _arguments(code, call)
    formula = next((a for a in arguments if "~" in a), "")
    left, _, right = re.sub(r"^formula\s*=", "", formula).partition("~")
    y, right = left.strip(), right.strip()
    words = [w for w in re.findall(r"(?<![\w.])[A-Za-z][\w.]*(?!\s*\()(?![\w.])", right) if w != "pi"]
    x = next((w for w in words if w in vectors and w != y), "")
    starts = next((a for a in arguments if re.match(r"start\s*=", a)), "")
    given = dict(re.findall(rf"([A-Za-z][\w.]*)\s*=\s*({_NUMBER})", starts.partition("=")[2]))
    if call[1] == "lm":
        form = _linear(right, x)
        return _made(code, call, form, (x, y), vectors, None)
    names = list(given) or [w for w in dict.fromkeys(words) if w not in vectors]
    form = f"f({x}, {', '.join(names)}) = {right}"
    return _made(code, call, form, (x, y), vectors, [float(v) for v in given.values()] or None)


def _linear(right: str, x: str) -> str:
    """The terms of lm's formula with a coefficient each: b0 + b1*sin(t)."""
    power = re.fullmatch(rf"\s*poly\(\s*{re.escape(x)}\s*,\s*([1-9])[^)]*\)\s*", right)
    if power:
        terms = [f"{x}^{i}" for i in range(1, int(power[1]) + 1)]
    else:
        flat = re.split(r"\+(?![^()]*\))", right)
        terms = [re.sub(r"^I\((.*)\)$", r"\1", term.strip()) for term in flat]
    terms = [term for term in terms if term not in ("0", "1", "-1")]
    names = [f"b{i}" for i in range(len(terms) + 1)]
    body = " + ".join([names[0], *(f"{name}*({term})" for name, term in zip(names[1:], terms, strict=True))])
    return f"f({x}, {', '.join(names)}) = {body}"


def _matlab(code: str, call: re.Match[str], vectors: dict[str, str]) -> FitProgram | None:
    arguments = _arguments(code, call)
    plain = [re.sub(r"\(:\)|\.?'$", "", a).strip() for a in arguments]
    if len(arguments) < 3:
        return None
    if call[1] == "polyfit":
        form = polynomial(int(plain[2])) if re.fullmatch(r"[1-9]", plain[2]) else ""
        return _made(code, call, form, (plain[0], plain[1]), vectors, None)
    if call[1] == "fit":
        model = arguments[2]
        kind = re.search(rf"\b{re.escape(model)}\s*=\s*fittype\s*\(\s*['\"]([^'\"]+)['\"]", code)
        text = kind[1] if kind else model.strip("'\"")
        start = next((_numbers(arguments[i + 1], code) for i, a in enumerate(arguments) if "StartPoint" in a), None)
        return _made(code, call, matlab_library(text) or _with_head(text), (plain[0], plain[1]), vectors, start)
    function, begin = (plain[0], plain[1]) if call[1] == "lsqcurvefit" else (plain[2], arguments[-1])
    x, y = (plain[2], plain[3]) if call[1] == "lsqcurvefit" and len(plain) > 3 else (plain[0], plain[1])
    start = _numbers(begin, code)
    return _made(code, call, _anonymous(function, code), (x, y), vectors, start)


def _with_head(text: str) -> str:
    """The formula of a fittype; its coefficients are taken in alphabetical order, its variable is x."""
    words = set(re.findall(r"(?<![\w.])[A-Za-z]\w*(?!\w*\()", text)) - {"x", "pi"}
    return (
        f"f(x, {', '.join(sorted(words))}) = {text.replace('.*', '*').replace('.^', '^').replace('./', '/')}"
        if words
        else ""
    )


def _anonymous(name: str, code: str) -> str:
    """An anonymous function `@(p,x) p(1)*sin(p(2)*x)` as a formula with a head."""
    text = name if name.startswith("@") else ""
    found = re.search(rf"\b{re.escape(name)}\s*=\s*(@[^;\n]+)", code) if not text else None
    match = re.match(r"@\(\s*(\w+)\s*,\s*(\w+)\s*\)\s*(.+)", (found[1] if found else text).rstrip("; "))
    if not match:
        return ""
    vector, x, body = match[1], match[2], match[3]
    places = sorted({int(k) for k in re.findall(rf"\b{vector}\((\d+)\)", body)})
    body = (
        re.sub(rf"\b{vector}\((\d+)\)", rf"{vector}\1", body).replace(".*", "*").replace(".^", "^").replace("./", "/")
    )
    return f"f({x}, {', '.join(f'{vector}{k}' for k in places)}) = {body}" if places else ""


def _numbers(text: str, code: str) -> list[float] | None:
    """A vector written out, or the one that a name was given."""
    if re.fullmatch(r"\w+", text):
        found = re.search(rf"\b{text}\s*=\s*\[([^\]]*)\]", code)
        text = f"[{found[1]}]" if found else ""
    numbers = [float(v) for v in re.findall(_NUMBER, text)]
    return numbers or None
