"""A grammar of arrays: lists, ranges, matrices, frames and arithmetic on them, as several languages write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from nabla.errors import Span, UserError
from nabla.read.data import cells as c
from nabla.read.data.ranges import RANGES, Misunderstood, colon, linspace
from nabla.read.data.scanner import CLOSING, DataScanner, Unread

Floats = NDArray[np.float64]

_DEEP = 40
WRAPPED = 55  # characters of a line that a print of NumPy's fills before it goes on in the next
_CONVERSIONS = frozenset(
    "array asarray tensor Tensor FloatTensor as_tensor Series list tuple float double int matrix mat Array vector "
    "numeric as.numeric transpose squeeze flatten ravel c combine float64 float32 int64 to_datetime as.Date "
    "DatetimeIndex".split()
)
_FRAMES = frozenset("DataFrame frame data.frame tibble Table dict table struct".split())
_CONSTANTS = {
    "pi": np.pi,
    "e": np.e,
    "True": 1.0,
    "False": 0.0,
    "TRUE": 1.0,
    "FALSE": 0.0,
    **dict.fromkeys(("nan", "NaN", "NA", "None", "null"), np.nan),
}
_TYPES = frozenset("double float int const var let long val static".split())
_NO_NUMBER = re.compile(r"[^\s,;\d.+\-eEnNaA]")
_ELLIPSIS = re.compile(r"\.\.\.(?!\s*\n\s*[-+.\d])|…|\.\.\.,")
_METHOD = re.compile(r"\.(?:tolist|flatten|ravel|copy|numpy|astype|reshape)\([^()]*\)|\.T\b|\.?'")
_KEYWORD = re.compile(r"([\w.]+)\s*=(?!=)\s*")
_STOP = re.compile(r"\s*\.(?=\s|\Z)")  # of the sentence that the statement ends
# Words behind a list that lead to the next one: x = [1, 2] and y = [3, 4].
_BESIDE = re.compile(r"[ \t]+(?:(?:&|[^\W\d]+\.?)[ \t]+){0,2}[^\W\d]\w*[ \t]*(?:=(?!=)|<-|:=)")
_WORD = re.compile(r"[^\W\d][\w.]*(?=\s*[,)])|'[^']*'|\"[^\"]*\"")


class Reader(DataScanner):
    """Recursive descent; R's `:` binds tighter than `*`, MATLAB's weaker than `+`."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.of_r = "<-" in text or any(f"{name}(" in text and re.search(rf"\b{name}\(", text) for name in ("c", "seq"))
        self.known: dict[str, object] = {}
        self.deep = 0

    def statements(self) -> Iterator[tuple[str, object, int]]:
        """Each assignment or array by itself: its name or "", its value, the length of its text."""
        while self.at < len(self.text):
            start, self.deep = self.at, 0
            try:
                name, value = self._statement()
            except (Unread, Misunderstood):
                self._pass_over(start)
                continue
            if value is not None:
                if name:
                    self.known[name] = value
                yield name, value, self.at - start

    def _pass_over(self, start: int) -> None:
        """Go on behind a statement that is not read, or at the next assignment or list within it."""
        self.at = start
        self.token()
        while self.at < len(self.text) and self.text[self.at] not in "\n;[{":
            before = self.at
            kind, word = self.token()
            if word in ("=", "<-", ":"):
                return
            if kind == "name" and self.peek()[1] in ("=", "<-"):
                self.at = before
                return

    def _statement(self) -> tuple[str, object]:
        self.blank(lines=True)
        while self.peek()[1] in (";", ",", ")", "]", "}"):
            self.token()
            self.blank(lines=True)
        if self.at >= len(self.text):
            return "", None
        start = self.at
        kind, word = self.token()
        while kind == "name" and word in _TYPES and self.peek()[0] == "name":
            _, word = self.token()
        if kind == "name":
            if size := re.compile(r"\s*\[\s*\d*\s*\](?=\s*=)").match(self.text, self.at):
                self.at = size.end()
            if self.peek()[1] in ("=", "<-", ":=") or re.compile(r"\s*:\s*[\[({]").match(self.text, self.at):
                self.token()
                if self.peek()[1] == "=":  # a comparison
                    raise Unread
                self.blank(lines=False)
                return (word if self.of_r else word.rpartition(".")[2]), self._whole(start)
            if {word, word.rpartition(".")[2]} & (_CONVERSIONS | _FRAMES):
                self.at = start
                return "", self._whole(start)
        elif word in CLOSING:
            self.at = start
            value = self._whole(start)
            if isinstance(value, (list, np.ndarray, dict)):
                return "", value
        raise Unread

    def _whole(self, start: int) -> object:
        """An expression that ends where a statement may end."""
        try:
            value = self._expression()
        except UserError as error:
            if error.span is None:
                line = self.text[start : self.text.find("\n", start) if "\n" in self.text[start:] else None].strip()
                shown = line if len(line) <= 60 else line[:57] + "..."
                raise UserError(
                    error.code, f"{shown}: {error.message}", hint=error.hint, span=Span(start, self.at)
                ) from error
            raise
        ends = self.peek()[0] in ("line", "comment", "end") or self.peek()[1] in (";", ",", ")", "]", "}")
        beside = self.text[self.at - 1] in "])}" and _BESIDE.match(self.text, self.at)
        if not ends and not beside and not _STOP.match(self.text, self.at):
            raise Unread
        return value

    # --- expressions

    def _expression(self, lines: bool = False) -> object:
        self.deep += 1
        if self.deep > _DEEP:
            raise Unread
        value = self._sum(lines)
        if not self.of_r and self.peek(lines)[1] == ":":
            value = self._colon(value, lambda: self._sum(lines))
        self.deep -= 1
        return value

    def _colon(self, first: object, operand: Callable[[], object]) -> Floats:
        parts = [first]
        while self.peek()[1] == ":" and len(parts) < 3:
            self.token()
            parts.append(operand())
        numbers = [float(part) for part in parts if isinstance(part, (int, float))]
        if len(numbers) != len(parts):
            raise Unread
        backwards = self.of_r and numbers[-1] < numbers[0]
        return colon(numbers[0], numbers[1] if len(numbers) == 3 else -1.0 if backwards else 1.0, numbers[-1])

    def _sum(self, lines: bool) -> object:
        value = self._product(lines)
        while self.peek(lines)[1] in ("+", "-") and not self.starts_item():
            operation = np.add if self.token(lines)[1] == "+" else np.subtract
            value = _apply(value, self._product(lines), operation)
        return value

    def _product(self, lines: bool) -> object:
        value = self._unary(lines)
        while self.peek(lines)[1] in ("*", "/", ".*", "./"):
            operation = np.multiply if "*" in self.token(lines)[1] else np.divide
            value = _apply(value, self._unary(lines), operation)
        return value

    def _unary(self, lines: bool) -> object:
        if self.peek(lines)[1] in ("-", "+"):
            sign = -1.0 if self.token(lines)[1] == "-" else 1.0
            return _apply(sign, self._unary(lines), np.multiply)
        value = self._with_methods(lines)
        if self.of_r and self.peek(lines)[1] == ":":
            value = self._colon(value, lambda: self._with_methods(lines))
        if self.peek(lines)[1] in ("^", "**", ".^", ".**"):
            self.token(lines)
            return _apply(value, self._unary(lines), np.power)
        return value

    def _with_methods(self, lines: bool) -> object:
        value = self._atom(lines)
        while not isinstance(value, str) and (method := _METHOD.match(self.text, self.at)):
            self.at = method.end()
        return value

    def _atom(self, lines: bool) -> object:
        kind, word = self.token(lines)
        if kind == "number":
            return c.number(word)
        if kind == "text":
            return word[1:-1]
        if word in CLOSING:
            return self._bracket(word)
        if kind == "name":
            if self.text.startswith("(", self.at):
                return self._call(word)
            value = self.known.get(word, _CONSTANTS.get(word.rpartition(".")[2]))
            if value is not None:
                return value
        raise Unread

    # --- brackets

    def _bracket(self, opening: str) -> object:
        """What a bracket holds: an array, rows of one, a dictionary of columns, or one value in parentheses."""
        start = self.at
        end = self.brackets.get(start - 1)
        if end is None:
            raise Unread
        inside = self.text[start:end]
        if ("..." in inside or "…" in inside) and _ELLIPSIS.search(inside):
            line = self.text.count("\n", 0, start) + 1
            message = f"The array in line {line} was shortened when it was printed: dots stand for most of its numbers."
            hint = "Print all of it: np.set_printoptions(threshold=sys.maxsize), or print(list(x))."
            raise UserError("elided", message, hint=hint, span=Span(start, end))
        if opening != "(" and not _NO_NUMBER.search(inside) and any(map(str.isdigit, inside)):
            self.at = end + 1
            return _numbers(inside, assigned=bool(re.search(r"=\s*\[\Z", self.text[max(0, start - 20) : start])))
        if opening == "{" and re.match(r"\s*(?:'[^'\n]*'|\"[^\"\n]*\")\s*:", inside):
            return self._columns(end)
        items, rows = self._items(end)
        if rows:
            return [*rows, items] if items else rows
        return items[0] if opening == "(" and len(items) == 1 and "," not in inside else items

    def _items(self, end: int) -> tuple[list[object], list[list[object]]]:
        """The items up to `end`, and the rows before them where `;` ends a row."""
        items: list[object] = []
        rows: list[list[object]] = []
        while self._goes_on(end):
            if self.text[self.at] == ",":
                self.at += 1
            elif self.text[self.at] == ";":
                rows.append(items)
                items = []
                self.at += 1
            else:
                items.append(self._expression())
        return items, rows

    def _goes_on(self, end: int) -> bool:
        """Whether there is more before the closing bracket at `end`; if not, go behind it."""
        self.blank(lines=True)
        if self.at >= end:
            self.at = end + 1
            return False
        return True

    def _columns(self, end: int) -> dict[str, object]:
        found: dict[str, object] = {}
        while self._goes_on(end):
            kind, word = self.token(lines=True)
            if word == ",":
                continue
            if kind != "text" or self.token(lines=True)[1] != ":":
                raise Unread
            self.blank(lines=True)
            found[word[1:-1]] = self._expression(lines=True)
        return found

    # --- calls

    def _call(self, word: str) -> object:
        end = self.brackets.get(self.at)
        name = next((n for n in (word, word.rpartition(".")[2]) if n in _CONVERSIONS | _FRAMES or n in RANGES), None)
        if end is None or name is None:
            raise Unread
        self.at += 1
        given, named = self._arguments(end)
        if name in _FRAMES:
            frames = [named, *(value for value in given if isinstance(value, dict))]
            if not any(frames):
                raise Unread
            return next(filter(None, frames))
        if name == "linspace" and "np." not in word and "numpy" not in word:
            return linspace(given, named, default=100.0)
        if name in RANGES:
            return RANGES[name](given, named)
        if name == "c":
            return given
        if not given:
            raise Unread
        return given[0]

    def _arguments(self, end: int) -> tuple[list[object], dict[str, object]]:
        given: list[object] = []
        named: dict[str, object] = {}
        while self._goes_on(end):
            if self.text[self.at] == ",":
                self.at += 1
                continue
            keyword = _KEYWORD.match(self.text, self.at, end)
            if not keyword:
                given.append(self._expression(lines=True))
                continue
            self.at = keyword.end()
            word = _WORD.match(self.text, self.at, end + 1)
            if word and word[0] not in self.known and word[0].rpartition(".")[2] not in _CONSTANTS:
                self.at = word.end()
                named[keyword[1]] = word[0].strip("'\"")
            else:
                named[keyword[1]] = self._expression(lines=True)
        return given, named


def _numbers(inside: str, assigned: bool) -> Floats | list[Floats]:
    """Numbers between one pair of brackets; rows end with `;`, or, in an assignment, with lines of one length."""
    if "..." in inside:
        inside = re.sub(r"\.\.\.[ \t]*\n", " ", inside)
    rows = [row for row in re.split(r";|\n(?=\s*\n)", inside) if row.strip()]
    if len(rows) == 1 and assigned and "\n" in inside:
        lines = [line for line in inside.split("\n") if line.strip()]
        wrapped = all(len(line) > WRAPPED for line in lines[:-1])
        if len(lines) > 2 and not wrapped and not any(line.rstrip().endswith(",") for line in lines[:-1]):
            rows = lines
    values = [_row(row) for row in rows]
    if len(values) == 1:
        return values[0]
    if all(value.size == 1 for value in values):
        return np.concatenate(values)
    return values if len({value.size for value in values}) == 1 else np.concatenate(values)


def _row(text: str) -> Floats:
    parts = text.split(",") if "," in text else text.split()
    if "," in text and not parts[-1].strip():
        parts = parts[:-1]
    try:
        return np.fromiter(map(float, parts), float, len(parts))
    except ValueError:
        return c.numbers(text.replace(",", " ").split())


def _apply(a: object, b: object, operation: np.ufunc) -> float | Floats:
    """Arithmetic on numbers and arrays of numbers."""
    try:
        x, y = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
        with np.errstate(all="ignore"):
            result = operation(x, y)
    except (ValueError, TypeError) as error:
        raise Unread from error
    return result if result.ndim else float(result)
