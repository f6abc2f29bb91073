"""A domain as people type it: `x > 0`, `0 < x < 1`, `x in [0, 1]`, `x < 0 or x > 1`, `ℝ \\ {0}`, several with commas.

Commas, semicolons and `and` stand for "and", `or` for "or"; a comma binds least: `x < 0 or x > 1, y > 0` has two parts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import sympy as sp
from sympy.core.relational import Equality, Relational
from sympy.logic.boolalg import And, Boolean, Not, Or

from nabla.errors import Span, UserError
from nabla.read.formula import Text, limits, read_formula
from nabla.read.formula.build import build_condition, symbol
from nabla.read.formula.names import spelling

HINT = "As in x > 0, or 0 < x < 1, or x in [0, 1], or x < 0 or x > 1."
MOST_PARTS = 24

_AND = re.compile(r"\band\b|&&|&|∧|\\(?:land|wedge|quad)(?![a-zA-Z])|\bund\b")
_OR = re.compile(r"\bor\b|(?<=[^\s|])\s+\|\|\s+(?=[^\s|])|∨|\\(?:lor|vee)(?![a-zA-Z])|\boder\b")
# What the formulas' grammar knows by other signs, or not at all.
_OTHERWISE = re.compile(r"\b(?:und|oder)\b|\s\|\|\s|∨")
_COMMA = re.compile(r"[,;\n]")
_IS_IN = re.compile(r"\s*(?:([^\W\d_]\w*)\s*(?:\bin\b|∈|\\in(?![a-zA-Z])))?\s*")
_UNION = re.compile(r"\s*(?:∪|\\cup(?![a-zA-Z])|\bU\b)\s*")
_INTERVAL = re.compile(
    r"(?:\\left\s*)?(?P<open>[\[\]()])(?P<low>[^,;\[\]]*)[,;](?P<high>[^,;\[\]]*?)(?:\\right\s*)?(?P<close>[\[\]()])"
)
_REALS = re.compile(r"(?:ℝ|\\mathbb\{?\s*R\s*\}?|\bR\b|\breals?(?:\s+numbers)?\b)\s*(?P<half>\^?\s*\{?[+-]\}?|[⁺⁻])?")
_WITHOUT = re.compile(r"\s*(?:\\setminus(?![a-zA-Z])|\\backslash(?![a-zA-Z])|\\(?![a-zA-Z])|∖|-|\bwithout\b)\s*")
_NUMBERS = re.compile(r"(?:\\left\s*)?\\?\{(?P<numbers>[^{}]*?)(?:\\right\s*)?\\?\}")
_NAME = re.compile(r"\s*([^\W\d_]\w*)\s*")
_SIGN = re.compile(
    r"\s*([^\W\d_]\w*)\s+(?:is\s+)?(positive|negative|real|nonzero|non-zero|nonnegative|non-negative)\s*"
)
_SIGNS = {"positive": sp.Gt, "negative": sp.Lt, "nonnegative": sp.Ge, "nonzero": sp.Ne}
_BOTH = re.compile(r"(.*(?:≠|!=|\\neq?(?![a-zA-Z])))\s*(?:±|\\pm(?![a-zA-Z])|\+\s*/?\s*-)(.*)", re.DOTALL)
_NEVER = re.compile(r"(?!)")
_RANGE = re.compile(r"\s*([^\W\d_]\w*)\s*(?:=|:|\bin\b|∈|\bfrom\b)(.+?)(?:\bto\b|\.\.\.?|…)(.+)", re.DOTALL)
_NOT_IN = re.compile(rf"\s*([^\W\d_]\w*)\s*(?:∉|\\notin(?![a-zA-Z])|\bnot\s*in\b)\s*{_NUMBERS.pattern}\s*")
_IN_SOMETHING = re.compile(r"[∈∉]|\\(?:not)?in(?![a-zA-Z])|\b(?:not)?in\b")
_EVERYWHERE = re.compile(r"\s*(?:everywhere|all(?:\s+(?:real\s+)?(?:numbers|x))?)\s*", re.IGNORECASE)


def read_domain(text: str, *, known: Collection[str] = ()) -> tuple[Boolean, ...]:
    """Read conditions on variables, all of which hold; an interval gives two, parts with `or` give one.

    Args:
        text: the conditions. An empty text sets none.
        known: names of variables that other fields mention; a set without a name is that of the only one.

    Raises:
        UserError: "syntax" for what is no condition, "value" for one that cannot hold or that is an equation,
            "too-long" for too many.
    """
    if not text.strip() or _EVERYWHERE.fullmatch(text):
        return ()
    limits.check_length(text)
    found = _Domain(text, known).read()
    if found and sp.And(*found) is sp.false:
        hint = "If one of them is enough, put or between them: x < 0 or x > 1."
        raise UserError("value", "No number fulfils these conditions.", hint=hint, span=Span(0, len(text)))
    return tuple(condition for condition in found if condition is not sp.true)


class _Domain:
    def __init__(self, text: str, known: Collection[str]) -> None:
        self.text = text
        self.known = known
        self.last = ""  # the variable of the last set
        self.sets = list(self.memberships())

    def memberships(self) -> Iterator[tuple[int, int]]:
        """Where it says `x in` a set; what stands inside is not separated by its commas."""
        at = 0
        while at < len(self.text):
            begun = _IS_IN.match(self.text, at)
            end = self.set_end(begun.end()) if begun and (begun[1] or self.begins(at)) else None
            if begun and end is not None:
                yield begun.start(), end
                at = end
            else:
                word = re.compile(r"\w+|.", re.DOTALL).match(self.text, at)
                at = word.end() if word else at + 1

    def begins(self, at: int) -> bool:
        """Whether a part of the text begins here, where a set may stand without the name of its variable."""
        before = self.text[:at].rstrip()
        return not before or before[-1] in ",;\n∨" or bool(re.search(r"\b(?:or|oder)$|\\lor$", before))

    def set_end(self, at: int) -> int | None:
        """Where a set that begins here ends; None where none begins."""
        while match := _REALS.match(self.text, at) or _INTERVAL.match(self.text, at):
            at = match.end()
            without = _WITHOUT.match(self.text, at)
            numbers = _NUMBERS.match(self.text, without.end()) if without else None
            at = numbers.end() if numbers else at
            union = _UNION.match(self.text, at)
            if not union:
                return at if re.match(r"\s*(?:$|[,;\n)&|∧∨\\]|(?:and|or|und|oder)\b)", self.text[at:]) else None
            at = union.end()
        return None

    def read(self) -> list[Boolean]:
        found: list[Boolean] = []
        waiting: list[str] = []  # the names of `x, y > 0` before its last one
        pieces = self.split(_COMMA, 0, len(self.text))
        if len(pieces) > MOST_PARTS:
            message = f"At most {MOST_PARTS} conditions are taken together."
            raise UserError("too-long", message, hint=HINT, span=Span(pieces[MOST_PARTS][0], len(self.text)))
        for place, (start, end) in enumerate(pieces):
            name = _NAME.fullmatch(self.text, start, end)
            if name and place + 1 < len(pieces) and name[1] not in ("and", "or"):
                waiting.append(name[1])
                continue
            conditions = self.either(start, end, found[-1] if found else None)
            found += conditions
            for other in waiting:
                found += [_renamed(condition, other, Span(start, end)) for condition in conditions]
            waiting.clear()
        return found

    def split(self, separator: re.Pattern[str], start: int, end: int) -> list[tuple[int, int]]:
        """The stretches between separators outside of brackets and of sets."""
        parts: list[tuple[int, int]] = []
        depth, begin, at = 0, start, start
        while at < end:
            inside = next((b for a, b in self.sets if a <= at < b), None)
            match = separator.match(self.text, at, end) if depth <= 0 and inside is None else None
            if inside is not None:
                at = inside
            elif match:
                parts.append((begin, at))
                begin = at = match.end()
            else:
                depth += (self.text[at] in "([{") - (self.text[at] in ")]}")
                at += 1
        return [(a, b) for a, b in [*parts, (begin, end)] if self.text[a:b].strip()]

    def either(self, start: int, end: int, before: Boolean | None) -> list[Boolean]:
        """Parts with `or` between them; `before` is what stands before the comma."""
        apart = any(start <= a < end for a, _ in self.sets) or _OTHERWISE.search(self.text, start, end)
        ways = self.split(_OR, start, end) if apart else [(start, end)]
        and_ = _AND if apart else _NEVER
        read = [[c for part in self.split(and_, *way) for c in self.one(*part, before)] for way in ways]
        return read[0] if len(read) == 1 else [sp.Or(*(sp.And(*conditions) for conditions in read))]

    def one(self, start: int, end: int, before: Boolean | None) -> list[Boolean]:
        """One condition: a set, a sign in words, or what the formulas' grammar reads."""
        place = next(((a, b) for a, b in self.sets if start <= a < end), None)
        if place and not self.text[start : place[0]].strip() and not self.text[place[1] : end].strip():
            whole = self.membership(*place)
            return list(whole.args) if isinstance(whole, And) else [whole]
        if match := _SIGN.fullmatch(self.text, start, end):
            word = match[2].replace("-", "")
            return [_SIGNS[word](symbol(spelling(match[1])), 0)] if word in _SIGNS else []
        if match := _NOT_IN.fullmatch(self.text, start, end):
            return self.left_out(match, symbol(spelling(match[1])))
        if match := _RANGE.fullmatch(self.text, start, end):
            variable = symbol(spelling(match[1]))
            return [variable >= self.end(match[2], match.start(2)), variable <= self.end(match[3], match.start(3))]
        if match := _IN_SOMETHING.search(self.text, start, end):
            raise UserError(
                "syntax", "This is not a set that can be read here.", hint=HINT, span=Span(match.start(), end)
            )
        if both := _BOTH.fullmatch(self.text, start, end):
            signs = (both[1] + self.text[both.start(2) : end], f"{both[1]} -({self.text[both.start(2) : end]})")
            return [condition for typed in signs for condition in self.formula(typed, start, end)]
        return self.formula(self.text[start:end], start, end, before)

    def formula(self, typed: str, start: int, end: int, before: Boolean | None = None) -> list[Boolean]:
        try:
            whole = Text(" " * start + typed, self.known)
            node = whole.tree(whole.tokens, start, start + len(typed))
            if isinstance(before, sp.Ne) and before.lhs.is_Symbol and not re.search(r"[<>=≤≥≠]|\\[lgn]", typed):
                return [sp.Ne(before.lhs, whole.reading(node, start, end).expr)]  # x != 0, 1
            condition = build_condition(node)
        except UserError as error:
            if error.span and error.span.end > end:
                error.span = Span(min(error.span.start, end), end)
            raise
        return _conditions(condition, Span(start, end))

    def membership(self, start: int, end: int) -> Boolean:
        begun = _IS_IN.match(self.text, start)
        assert begun is not None
        self.last = begun[1] or self.last or (next(iter(self.known)) if len(set(self.known)) == 1 else "")
        if not self.last:
            message = "It is not said which variable lies in this set."
            raise UserError("syntax", message, hint="Write x in (0, 1).", span=Span(start, end))
        variable = symbol(spelling(self.last))
        at = begun.end()
        ways: list[Boolean] = []
        while match := _REALS.match(self.text, at) or _INTERVAL.match(self.text, at):
            way = self.half(match, variable) if match.re is _REALS else self.interval(match, variable)
            at = match.end()
            without = _WITHOUT.match(self.text, at)
            numbers = _NUMBERS.match(self.text, without.end()) if without else None
            if numbers:
                way += self.left_out(numbers, variable)
                at = numbers.end()
            ways.append(sp.And(*way))
            union = _UNION.match(self.text, at)
            at = union.end() if union else end
        return sp.Or(*ways)

    def half(self, match: re.Match[str], variable: sp.Symbol) -> list[Boolean]:
        """The real numbers, or those of one sign."""
        half = match["half"] or ""
        if not half:
            return []
        return [variable > 0 if re.search(r"[+⁺]", half) else variable < 0]

    def interval(self, match: re.Match[str], variable: sp.Symbol) -> list[Boolean]:
        conditions: list[Boolean] = []
        for side in ("low", "high"):
            end = self.end(match[side], match.start(side))
            if end in (sp.oo, -sp.oo):
                continue
            closed = match["open"] == "[" if side == "low" else match["close"] == "]"
            relations = (sp.Ge if closed else sp.Gt, sp.Le if closed else sp.Lt)
            conditions.append(relations[side == "high"](variable, end))
        return conditions

    def left_out(self, match: re.Match[str], variable: sp.Symbol) -> list[Boolean]:
        at = match.start("numbers")
        found = []
        for text in match["numbers"].split(","):
            both = re.fullmatch(r"\s*(?:±|\\pm|\+/?-)(.*)", text, re.DOTALL)
            value = self.end(both[1] if both else text, at + (both.start(1) if both else 0))
            found += [sp.Ne(variable, value), sp.Ne(variable, -value)] if both else [sp.Ne(variable, value)]
            at += len(text) + 1
        return found

    def end(self, text: str, start: int) -> sp.Expr:
        """An end of an interval, possibly infinite."""
        bare = text.strip()
        if bare.lstrip("+-−").lstrip() in ("∞", "oo", "inf", "infinity", r"\infty"):
            return -sp.oo if bare[0] in "-−" else sp.oo
        try:
            return read_formula(text, known=self.known).expr
        except UserError as error:
            if error.span:
                error.span = Span(error.span.start + start, error.span.end + start)
            raise


def _renamed(condition: Boolean, name: str, span: Span) -> Boolean:
    """The same said of another variable; only what is said of one can be."""
    if len(condition.free_symbols) != 1:
        raise UserError("syntax", f"What is said of {name} is not clear.", hint=HINT, span=span)
    (variable,) = condition.free_symbols
    return condition.subs(variable, symbol(spelling(name)))


def _conditions(condition: sp.Basic, span: Span) -> list[Boolean]:
    parts = condition.args if isinstance(condition, And) else (condition,)
    for part in parts:
        _check(part, span)
    return list(parts)


def _check(part: sp.Basic, span: Span) -> None:
    if isinstance(part, (And, Or, Not)):
        for inner in part.args:
            _check(inner, span)
        return
    if isinstance(part, Equality):
        message = "A domain needs an inequality; a value belongs to the point."
        raise UserError("value", message, hint=HINT, span=span)
    if not isinstance(part, Relational) and part not in (sp.true, sp.false):
        raise UserError("syntax", "This is not a condition on a variable.", hint=HINT, span=span)
