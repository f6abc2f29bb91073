"""Expressions of R and MATLAB as expressions of Python: a parser by binding power that writes what it reads.

Elements count from 1 there and from 0 here; `^` is a power, `:` a range, a handle `@(p)` or `function(p)` a lambda.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?P<text>\"[^\"\n]*\"|(?<![\w)\]'.])'[^'\n]*')|"
    r"(?P<op><-|->|\.\^|\.\*|\./|\.'|\*\*|==|~=|!=|<=|>=|&&|\|\||%\*%|[-+*/^:,;()\[\]{}=~$@'<>|&!])|"
    r"(?P<name>[^\W\d]\w*(?:\.\w+)*)|(?P<other>\S))"
)
_BINARY = {
    "^": (60, "**"), ".^": (60, "**"), "**": (60, "**"), "*": (50, "*"), "/": (50, "/"), ".*": (50, "*"),
    "./": (50, "/"), "+": (40, "+"), "-": (40, "-"),
}  # fmt: skip
_UNARY = 55
# Functions by the names that Python's preamble has for them; all others are indexed or unknown.
FUNCTIONS = {
    **{name: name for name in (
        "sin cos tan exp log log10 sqrt abs mean sum std var max min round floor ceil cumsum diff sort sinh cosh tanh "
        "zeros ones c rep jitter hypot sign numel power array"
    ).split()},
    "length": "numel", "asin": "arcsin", "acos": "arccos", "atan": "arctan", "atan2": "arctan2", "ln": "log",
    "sd": "std", "seq": "seq", "linspace": "line", "rnorm": "rnorm", "runif": "runif", "randn": "randn",
    "rand": "rand", "normrnd": "normrnd", "size": "shape_of", "numeric": "zeros", "as.numeric": "array",
    "double": "array", "transpose": "array", "t": "array", "rev": "flip", "seq_along": "along",
    "ceiling": "ceil", "deg2rad": "deg2rad",
}  # fmt: skip
PREAMBLE = """\
from numpy import *
from numpy.fft import fft
def numel(x): return size(x)
def c(*parts): return hstack(parts)
def rep(x, times=1): return tile(x, times)
def along(x): return arange(size(x)) + 1
def shape_of(x, axis=0): return size(x)
def colon(first, step, last): return first + step * arange(int(floor((last - first) / step + 1e-9)) + 1)
def line(first, last, count=100): return linspace(first, last, int(count))
def seq(start, end=None, by=None, length_out=None):
    if length_out is not None: return linspace(start, end, int(length_out))
    return colon(1, 1, start) if end is None else colon(start, 1 if by is None else by, end)
def rnorm(n, mean=0, sd=1): return random.normal(mean, sd, int(n))
def runif(n, min=0, max=1): return random.uniform(min, max, int(n))
def randn(*shape): return random.normal(size=int(prod(shape)) if shape else None)
def rand(*shape): return random.uniform(size=int(prod(shape)) if shape else None)
def normrnd(mean, sd, *shape): return random.normal(mean, sd, int(prod(shape)))
def jitter(x, factor=1, amount=0.02): return x + random.uniform(-amount, amount, size(x))
"""


class Untranslated(Exception):
    """An expression that is not followed."""


def identifier(name: str) -> str:
    """A name as Python takes it: fit.data as fit_data, lambda as lambda_."""
    plain = name.replace(".", "_")
    return f"{plain}_" if keyword.iskeyword(plain) else plain


def python(text: str, *, matlab: bool, functions: Sequence[str] = ()) -> str:
    """An expression in Python; `functions` are names that the program has defined as such.

    Raises:
        Untranslated: where it has something else.
    """
    reader = _ForeignReader(text, matlab, frozenset(functions))
    made = reader.expression(0)
    if reader.peek():
        raise Untranslated(reader.peek())
    return made


def arguments(inside: str) -> list[str]:
    """The texts between commas outside of brackets and quotes."""
    parts, depth, begin, quote = [], 0, 0, ""
    for i, letter in enumerate(inside):
        opens = letter in "'\"" and not (letter == "'" and re.match(r"[\w)\]'.]", inside[i - 1 : i] or " "))
        if quote:
            quote = "" if letter == quote else quote
        elif opens:
            quote = letter
        depth += 0 if quote else (letter in "([{") - (letter in ")]}")
        if letter == "," and not depth and not quote:
            parts.append(inside[begin:i].strip())
            begin = i + 1
    return [*parts, inside[begin:].strip()] if inside.strip() else []


def closed(text: str, start: int) -> int:
    """The place behind the bracket that closes the one at `start`; the end of the text where none does."""
    depth = 0
    for i in range(start, len(text)):
        depth += (text[i] in "([{") - (text[i] in ")]}")
        if not depth:
            return i + 1
    return len(text)


class _ForeignReader:
    def __init__(self, text: str, matlab: bool, functions: frozenset[str]) -> None:
        self.text, self.matlab, self.functions, self.at = text, matlab, functions, 0

    def peek(self) -> str:
        """The next token, "" at the end."""
        found = _TOKEN.match(self.text, self.at)
        return found[0].strip() if found else ""

    def take(self, wanted: str = "") -> re.Match[str]:
        """The next token, which must be `wanted` where that is given."""
        found = _TOKEN.match(self.text, self.at)
        if found is None or (wanted and found[0].strip() != wanted):
            raise Untranslated(self.text[self.at :])
        self.at = found.end()
        return found

    def expression(self, power: int) -> str:
        """What binds more strongly than `power`."""
        left = self._operand()
        while operator := self.peek():
            if operator == ":" and power < (30 if self.matlab else 52):
                left = self._range(left)
                continue
            binds, written = _BINARY.get(operator, (0, ""))
            if not binds or binds <= power:
                return left
            self.take()
            left = f"{left} {written} {self.expression(binds - (binds == 60))}"
        return left

    def _range(self, first: str) -> str:
        parts = [first]
        while self.peek() == ":" and len(parts) < 3:
            self.take()
            parts.append(self.expression(30 if self.matlab else 52))
        low, *step, high = parts
        return f"colon({low}, {step[0] if step else 1}, {high})"

    def _operand(self) -> str:
        token = self.take()
        if token["number"]:
            return self._behind(token["number"])
        if token["text"]:
            return repr(token["text"][1:-1])
        if token["op"] in ("-", "+"):
            return token["op"] + self.expression(_UNARY)
        if token["op"] == "(":
            inside = self.expression(0)
            self.take(")")
            return self._behind(f"({inside})")
        if token["op"] == "[" and self.matlab:
            return self._behind(self._matrix())
        if token["op"] == "@" or token["name"] == "function":
            return self._lambda(handle=token["op"] == "@")
        if not token["name"]:
            raise Untranslated(token[0])
        return self._named(token["name"])

    def _lambda(self, handle: bool) -> str:
        if handle and self.peek() != "(":
            return identifier(self.take()["name"] or "")
        self.take("(")
        end = closed(self.text, self.at - 1)
        names = [identifier(part.split("=")[0].strip()) for part in arguments(self.text[self.at : end - 1])]
        self.at = end
        braced = self.peek() == "{"
        if braced:
            self.take()
        body = self.expression(0)
        if braced:
            self.take("}")
        return f"lambda {', '.join(names)}: {body}"

    def _named(self, name: str) -> str:
        following = self.text[self.at : self.at + 1]
        if following == "$":
            self.take("$")
            return self._named(self.take()["name"] or "")
        if following not in ("(", "["):
            return self._behind(identifier(name))
        called = following == "(" and (name in FUNCTIONS or name in self.functions)
        end = closed(self.text, self.at)
        parts = arguments(self.text[self.at + 1 : end - 1])
        self.at = end
        if called:
            given = [self._argument(part) for part in parts]
            return self._behind(f"{FUNCTIONS.get(name, identifier(name))}({', '.join(given)})")
        if not self.matlab and following == "(":
            raise Untranslated(f"{name}(")
        return self._behind(f"{identifier(name)}{self._place(parts)}")

    def _place(self, parts: Sequence[str]) -> str:
        """An element or a column: (3), (:, 1); all of them, (:), is nothing."""
        if list(parts) == [":"]:
            return ""
        if len(parts) == 2 and parts[0] in (":", "") and parts[1].isdigit():
            return f"[:, {int(parts[1]) - 1}]"
        if len(parts) != 1:
            raise Untranslated(", ".join(parts))
        inside = python(parts[0], matlab=self.matlab, functions=tuple(self.functions))
        return f"[{int(parts[0]) - 1}]" if parts[0].isdigit() else f"[int({inside}) - 1]"

    def _argument(self, text: str) -> str:
        name = re.match(r"([^\W\d][\w.]*)\s*=(?!=)", text)
        value = python(text[name.end() if name else 0 :], matlab=self.matlab, functions=tuple(self.functions))
        return f"{identifier(name[1])}={value}" if name else value

    def _behind(self, value: str) -> str:
        """A value without the marks of transposition."""
        while self.text[self.at : self.at + 1] == "'" or self.text[self.at : self.at + 2] == ".'":
            self.at += 1 + (self.text[self.at] == ".")
        return value

    def _matrix(self) -> str:
        end = closed(self.text, self.at - 1)
        rows = [row for row in re.split(r"[;\n]", self.text[self.at : end - 1]) if row.strip(" ,.")]
        self.at = end
        listed = [[python(cell, matlab=True, functions=tuple(self.functions)) for cell in _cells(row)] for row in rows]
        if len(listed) == 1:
            return f"hstack([{', '.join(listed[0])}])"
        if all(len(row) == 1 for row in listed):
            return f"hstack([{', '.join(row[0] for row in listed)}])"
        return f"array([{', '.join('[' + ', '.join(row) + ']' for row in listed)}])"


def _cells(row: str) -> list[str]:
    """The elements of a row, between commas or blanks: 1 -2 are two, 1 - 2 is one."""
    if "," in row:
        return [cell for cell in arguments(row) if cell and cell != "..."]
    cells = [""]
    for part in row.replace("...", " ").split():
        signed = bool(re.match(r"[-+](?=[\w.(])", part))
        goes_on = bool(re.search(r"[-+*/^]\Z", cells[-1])) or bool(re.match(r"[-+*/^.]*[*/^]|[-+]\Z", part))
        if cells[-1] and not goes_on and (signed or re.match(r"[\w.(@\[]", part)):
            cells.append(part)
        else:
            cells[-1] += part
    return cells
