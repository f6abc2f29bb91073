"""What each word of a formula is: variable, constant, function, unknown function, or several of them in a row.

Where a word can be read in several ways: names that other fields mention are names; known functions are functions;
`xy`, `wx` and `nRT` are products, `loss` and `learning_rate` names; `sinx` is sin(x). What was decided is remarked,
with the other reading.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from nabla.errors import Span, UserError
from nabla.read.formula import functions, names
from nabla.read.formula.refused import ONLY_FUNCTION, SENTENCE, pointed, unknown
from nabla.read.formula.remarks import Remarks
from nabla.read.formula.tokens import Kind, Token

_GREEK = "|".join(sorted(names.WHOLE, key=len, reverse=True))
_UNIT = re.compile(rf"(?:{_GREEK}|[A-Za-z])[0-9]*(?:_[A-Za-z0-9]+)*")
_PIECE = re.compile(r"[A-Za-z]+[0-9]*(?:_(?:[0-9]+|[A-Za-z][A-Za-z0-9]*))*|[0-9]+")
_LETTER = re.compile(rf"pi(?=[a-z]$)|(?:{_GREEK})(?=[A-Za-z]$)|[A-Za-z][0-9]*")
_LOGARITHM = re.compile(r"(log)_([0-9]+|[A-Za-z])(\w*)", re.IGNORECASE)
_LOG_OF_BASE = re.compile(r"(log)([3-9]|1[1-9])()", re.IGNORECASE)
_GLUEABLE = "arcsin|arccos|arctan|sqrt|sinh|cosh|tanh|coth|sech|csch|asin|acos|atan|sin|cos|tan|cot|sec|csc|log|exp|ln"
_ARGUMENT = r"(?:[0-9]*(?:theta|omega|alpha|beta|phi|pi[a-z]?|[A-Za-z][0-9]*)|[0-9]+$)"
_GLUED = re.compile(rf"([A-Za-z]{{0,2}}?)((?:(?:{_GLUEABLE}){_ARGUMENT})*)({_GLUEABLE})?")
_ALONE = ("ln", "log", "exp", "sqrt")
_GLUED_PIECE = re.compile(rf"{_GLUEABLE}|theta|omega|alpha|beta|phi|pi|[A-Za-z][0-9]*|[0-9]+")


def resolve(text: str, tokens: Sequence[Token], known: Collection[str], remarks: Remarks) -> list[Token]:
    """The tokens with every word resolved to names, constants, functions and operators.

    Args:
        text: the whole text, for the other readings.
        tokens: its tokens.
        known: names of variables that other fields mention.
        remarks: collects what was decided.

    Raises:
        UserError: "unknown-function", "forbidden" or "syntax" for a word that cannot stand in a formula.
    """
    return _Words(text, tokens, known, remarks).resolve()


def _letters(run: str) -> list[str]:
    """The variables in a run of letters of LaTeX; digits and an index belong to the last one."""
    letters = re.match("[A-Za-z]*", run)
    base = letters[0] if letters else ""
    return [*base[:-1], base[-1:] + run[len(base) :]]


class _Words:
    def __init__(self, text: str, tokens: Sequence[Token], known: Collection[str], remarks: Remarks) -> None:
        self.text = text
        self.tokens = [*tokens, Token("end", "", len(text), len(text))]
        self.given = frozenset(names.spelling(name) for name in known)
        self.known = {names.key(name): name for name in self.given}
        self.remarks = remarks
        self.out: list[Token] = []
        self.at = 0
        self.python = "**" in text or any(
            token.text in names.MODULES and after.is_op(".") for token, after in itertools.pairwise(self.tokens)
        )
        self.singles = self.alone() | self.given

    def alone(self) -> set[str]:
        """The letters that stand alone somewhere, neither applied to a bracket nor part of a word."""
        found: set[str] = set()
        for index, token in enumerate(self.tokens[:-1]):
            name = token.text[-1:] if token.kind == "letters" else token.text
            applied = self.tokens[index + 1].is_op("'") or self.applied_to(name, index + 1) is not None
            if token.kind == "letters" and functions.function_of(token.text) is None:
                pieces = _letters(token.text)
                found.update(pieces[:-1] if applied else pieces)
            elif token.kind in ("word", "whole") and _UNIT.fullmatch(token.text) and not applied:
                euler = token.text == "E" and self.tokens[index + 1].is_op("^") and self.numeric(index + 1) is None
                found.update([] if euler else [token.text])
        return found

    def bracket(self, index: int) -> int | None:
        """Where a bracket opens at `index`, if one does, LaTeX's invisible braces around it left aside."""
        if self.tokens[index].is_op("{") and self.tokens[index + 1].is_op("("):
            return index + 1
        return index if self.tokens[index].is_op("(") else None

    def has_comma(self, opening: int) -> bool:
        """Whether the bracket that opens at a token holds several arguments."""
        depth = 0
        for token in self.tokens[opening:]:
            depth += token.is_op("(", "{") - token.is_op(")", "}")
            if depth <= 0:
                return False
            if depth == 1 and token.is_op(","):
                return True
        return False

    def applied_to(self, name: str, index: int) -> int | None:
        """Where the bracket opens that a name before `index` is applied to; the names of functions may have a power."""
        behind = self.numeric(index) if name in names.FUNCTION_LETTERS else None
        return self.bracket(index if behind is None else behind)

    def numeric(self, index: int) -> int | None:
        """What stands behind a power whose exponent is a number, if one is at `index`."""
        power = [*self.tokens[index : index + 4], self.tokens[-1], self.tokens[-1]]
        if power[0].is_op("^") and power[1].kind == "number":
            return index + 2
        if power[0].is_op("^") and power[1].is_op("{") and power[2].kind == "number" and power[3].is_op("}"):
            return index + 4
        return None

    def resolve(self) -> list[Token]:
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token.kind == "letters":
                self.letters(token)
            elif token.kind in ("word", "whole"):
                self.word(token)
            elif token.is_op("."):
                raise pointed(token)
            else:
                self.out.append(token)
        return self.out

    # What comes out.

    def put(self, token: Token, kind: Kind, text: str) -> None:
        self.out.append(replace(token, kind=kind, text=text))

    def pieces(self, token: Token, texts: Sequence[str]) -> None:
        """The word taken apart; each piece is resolved, the last one with regard to what follows the word."""
        start = token.start
        for number, text in enumerate(texts, 1):
            last = number == len(texts)
            end = token.end if last else min(start + len(text) * (text not in "()"), token.end)
            piece = Token("whole", text, start, end, token.spaced and number == 1)
            if names.key(text) in self.known:
                self.unit(piece, last=last)
            elif text.isdigit():
                self.put(piece, "number", text)
            elif text in "()":
                self.put(piece, "op", text)
            elif re.fullmatch(_GLUEABLE, text):
                self.put(piece, "function", functions.function_of(text) or text)
            elif text == "pi":
                self.put(piece, "constant", "pi")
            else:
                self.unit(piece, last=last)
            start = end

    # What a word is.

    def letters(self, token: Token) -> None:
        """A run of letters inside LaTeX: a known name, a function without its backslash, or a product."""
        whole = len(token.text) > 1 and functions.function_of(token.text)
        if whole or names.key(token.text) in self.known or token.text == "pi":
            self.word(replace(token, kind="whole"))
        else:
            self.pieces(token, _letters(token.text))

    def word(self, token: Token) -> None:
        word = token.text
        if word in names.MODULES and self.tokens[self.at].is_op("."):
            self.qualified(token)
            return
        if self.tokens[self.at].is_op(".") and self.tokens[self.at + 1].kind == "op":
            raise pointed(self.tokens[self.at])
        if self.tokens[self.at].is_op("."):
            message = "Attributes cannot be read here: no name in a formula has parts behind a point."
            raise UserError("forbidden", message, span=Span(token.start, self.tokens[self.at + 1].end))
        slash = self.numeric(self.at) or self.at
        sign = re.fullmatch("d[A-Za-z]?", word) and "d" not in self.given
        if sign and self.tokens[slash].is_op("/") and re.match("d[a-zA-Z]", self.tokens[slash + 1].text):
            span = Span(token.start, self.tokens[slash + 1].end)
            raise UserError("syntax", "A derivative sign cannot stand in the formula.", hint=ONLY_FUNCTION, span=span)
        if word == "d" and self.quotient(self.at):
            raise UserError(
                "syntax", "A derivative sign cannot stand in the formula.", hint=ONLY_FUNCTION, span=token.span
            )
        if names.key(word) in self.known:
            self.unit(token)
        elif token.kind == "word" and word in names.OPERATOR_WORDS:
            self.put(token, "op", names.OPERATOR_WORDS[word])
        elif token.kind == "word" and word == "mod":
            raise UserError("syntax", "Remainders, mod, cannot be read here.", span=token.span)
        elif token.kind == "word" and word.lower() in SENTENCE:
            message = f"{word} is a word of a sentence; a formula is needed here."
            hint = "Type only the function; the variable and the point have fields of their own."
            raise UserError("syntax", message, hint=hint, span=token.span)
        elif token.kind == "word" and word in names.STATEMENTS:
            raise UserError("forbidden", f"{word} belongs to a program; a formula is needed here.", span=token.span)
        elif word in names.CONSTANTS:
            self.put(token, "constant", names.CONSTANTS[word])
        elif not self.function(token):
            self.variable(token)

    def quotient(self, index: int) -> bool:
        """Whether (...)/dx stands there."""
        depth = 0
        for place, token in enumerate(self.tokens[index:-2], index):
            depth += token.is_op("(") - token.is_op(")")
            if depth <= 0:
                return (
                    token.is_op(")")
                    and self.tokens[place + 1].is_op("/")
                    and bool(re.fullmatch("d[a-zA-Z]", self.tokens[place + 2].text))
                )
        return False

    def qualified(self, token: Token) -> None:
        """A function or constant behind the name of a module: `np.sin`, `torch.nn.functional.relu`."""
        module = token.text
        while self.tokens[self.at].is_op("."):
            last = self.tokens[self.at + 1]
            self.at += 2
            if last.kind not in ("word", "whole", "letters"):
                raise UserError("syntax", f"A name must follow {module}.", span=self.tokens[self.at - 2].span)
            if last.text not in names.MODULES:
                break
            module = last.text
        whole = Token("whole", last.text, token.start, last.end, token.spaced)
        function = functions.function_of(last.text, module=module)
        if last.text in names.MODULE_CONSTANTS:
            self.put(whole, "constant", names.MODULE_CONSTANTS[last.text])
        elif function:
            self.put(whole, "function", function)
        else:
            raise unknown(last)
        if self.tokens[self.at].is_op("."):
            raise UserError("forbidden", "Attributes cannot be read here.", span=self.tokens[self.at + 1].span)

    def function(self, token: Token) -> bool:
        """Put a known function, also `log_2` with its base; say whether it was one."""
        after = self.tokens[self.at]
        argument = after.is_op("^") or (after.spaced and after.kind in ("word", "letters", "whole", "number"))
        applied = argument or self.bracket(self.at) is not None
        if match := _LOGARITHM.fullmatch(token.text) or (applied and _LOG_OF_BASE.fullmatch(token.text)):
            _, base, rest = match.groups()
            self.put(replace(token, end=token.start + 3), "function", "log")
            self.put(token, "op", "_")
            at = min(token.start + 4, token.end - 1) if "_" in token.text else token.start + 3
            inner = replace(token, text=base, start=at, end=min(at + len(base), token.end), spaced=False)
            if base.isdigit():
                self.put(inner, "number", base)
            else:
                self.unit(inner, last=False)
            if rest:
                self.pieces(Token("whole", rest, inner.end, token.end), [rest])
            return True
        if token.text == "arc" and (whole := functions.function_of("arc" + after.text)):  # arc sin x
            self.at += 1
            self.put(replace(token, end=after.end), "function", whole)
            return True
        function = functions.function_of(token.text)
        opening = self.bracket(self.at)
        several = opening is not None and self.has_comma(opening)
        if not function or not functions.applies(token.text, opening is not None, argument, several):
            return False
        self.put(token, "function", function)
        arc = re.fullmatch(r"a(?:sin|cos|tan)h?", token.text)
        if arc and "a" in self.singles:
            message = f"{token.text} is read as the inverse function, not as a times {token.text[1:]}."
            self.remarks.add("split", message, token.span, (token.start, token.start + 1, "a*"))
        return True

    def variable(self, token: Token) -> None:
        """A word that is no known function: one name, or several in a row."""
        word = token.text
        pieces = _PIECE.findall(word)
        if word == "x10" and self.tokens[self.at].is_op("^") and not token.spaced and self.out[-1:]:
            message = "x10 is read as the name of a variable, not as times 10."
            self.remarks.add("spelling", message, token.span, (token.start, token.end, "*10"))
        if _UNIT.fullmatch(word) and (len(pieces) == 1 or self.python or not word.isascii()):
            self.unit(token)
        elif token.kind == "whole" or (self.python and not self.factors(word)):
            self.named(token, remark=False)
        elif not self.glued(token):
            if len(pieces) > 1:
                self.split(token, pieces)
            elif "_" in word:
                self.named(token, remark=False)
            elif factors := self.factors(word):
                self.product(token, factors)
            else:
                self.named(token, remark=not self.python)

    def glued(self, token: Token) -> bool:
        """`sinx`, `xsinx`, `xcos(x)`: functions and their arguments written without a gap."""
        match = _GLUED.fullmatch(token.text)
        after = self.tokens[self.at]
        greek = after.kind == "word" and not after.spaced and not self.text[after.start].isascii()  # rcosθ
        if not match or not (match[2] or match[3]) or (match[3] and not (greek or after.is_op("(", "^"))):
            return False
        lead = match[1]
        last = token.text[-1]
        if after.is_op("(") and not match[3] and last not in self.singles | {"x"}:
            return False  # cost(x), but sinx(1 + x)
        if any(letter not in self.singles | set("xyrtuv") and lead != letter.upper() for letter in lead):
            return False
        if not lead and token.text in names.WORDS and last not in self.singles:
            return False
        pieces = [*lead, *_GLUED_PIECE.findall(token.text[len(lead) :])]
        if last.isdigit() and len(pieces) > 1 and pieces[-2] in _ALONE:
            pieces[-1:] = ["(", pieces[-1], ")"]  # ln2 x is (ln 2) x, cos2 x is cos(2 x)
        message = f"{token.text} is read as {' '.join(pieces)}."
        word = functions.function_of(token.text.lower()) if match[3] else rf"\mathrm{{{token.text}}}"
        edits = [(token.start, token.end, word)] if word else []
        self.remarks.add("split", message, token.span, *edits)
        self.pieces(token, pieces)
        return True

    def factors(self, word: str) -> list[str]:
        """The letters of a word that is read as their product, or nothing when it is one name."""
        pieces = _LETTER.findall(word)
        if "".join(pieces) != word or word in names.SHORT_WORDS:
            return []
        singles = self.singles | ({"e"} if self.tokens[self.at].is_op("^") else set())
        met = sum(piece in singles for piece in pieces)
        if met == len(pieces):
            return pieces
        if self.python:
            return []
        vowels = any(piece[0] in "aeiouAEIOU" and piece not in singles for piece in pieces)
        short = len(pieces) == 2 or (len(pieces) == 3 and (met >= 2 or not vowels))
        return pieces if short else []

    def product(self, token: Token, pieces: list[str]) -> None:
        if self.bracket(self.at) is not None and not all(p in self.singles for p in pieces[:-1]):
            raise unknown(token)
        self.split(token, pieces)

    def split(self, token: Token, pieces: list[str]) -> None:
        message = f"{token.text} is read as the product {' '.join(pieces)}."
        self.remarks.add("split", message, token.span, (token.start, token.end, rf"\mathrm{{{token.text}}}"))
        self.pieces(token, pieces)

    def named(self, token: Token, *, remark: bool) -> None:
        """A word of several letters as one name."""
        word = token.text
        if word.startswith("int_") and self.tokens[self.at].is_op("^"):
            message = "An integral can be read only where the formula is the integral."
            raise UserError("syntax", message, span=token.span)
        if self.bracket(self.at) is not None:
            raise unknown(token)
        like = functions.similar(word) if remark else ""
        if like and self.tokens[self.at].kind in ("word", "number"):
            message = f"{word} is read as a variable; the function may be {like}."
            self.remarks.add("spelling", message, token.span, (token.start, token.end, like))
        elif remark and len(word) <= 4 and word.isalpha():
            message = f"{word} is read as one name."
            self.remarks.add("word", message, token.span, (token.start, token.end, f"({'*'.join(word)})"), once=True)
        self.unit(token)

    def unit(self, token: Token, *, last: bool = True) -> None:
        """A single name: Euler's number, an unknown function of what is in the bracket behind it, or a variable."""
        name = self.known.setdefault(names.key(token.text), token.text) if token.text != "e" else "e"
        after = self.tokens[self.at]
        if token.text == "e" and "e" not in self.known:
            self.remarks.add("euler", "e is read as Euler's number, 2.718...", token.span, once=True)
            self.put(token, "constant", "e")
        elif token.text == "E" and "E" not in self.singles and last and after.is_op("^"):
            self.remarks.add("euler", "E is read as Euler's number, 2.718..., in a power.", token.span, once=True)
            self.put(token, "constant", "e")
        elif last and (after.is_op("'") or self.applied_to(name, self.at) is not None):
            self.applied(token, name)
        else:
            if name in ("i", "I") and name not in self.given:
                message = f"{name} is read as a variable: everything here is real."
                self.remarks.add("variable", message, token.span, once=True)
            self.put(token, "name", name)

    def applied(self, token: Token, name: str) -> None:
        """A name before a bracket or a prime: an unknown function, or a factor."""
        opens = self.applied_to(name, self.at)
        inside = self.tokens[opens + 1 : opens + 3] if opens is not None else []
        lone = len(inside) == 2 and inside[0].kind in ("word", "letters", "whole") and inside[1].is_op(")")
        lone = lone and bool(_UNIT.fullmatch(inside[0].text)) and inside[0].text not in (token.text, "pi", "e")
        primed = self.tokens[self.at].is_op("'")
        several = opens is not None and self.has_comma(opens)
        if name == "sigma" and opens is not None and not (primed or several or name in self.singles):
            edits = [(self.tokens[opens].start, self.tokens[opens].start, "*")]
            message = "sigma before the bracket is read as a function, the sigmoid."
            self.remarks.add("function", message, token.span, *edits, once=True)
            self.put(token, "function", "sigmoid")
            return
        if primed or (name not in self.singles and (name in names.FUNCTION_LETTERS or lone)):
            times = self.tokens[opens].start if opens is not None else 0
            edits = [] if primed or opens is None or several else [(times, times, "*")]
            self.remarks.add("function", f"{name} is read as an unknown function.", token.span, *edits, once=True)
            self.put(token, "abstract", name)
        else:
            message = f"{name} before the bracket is read as a factor, not as a function."
            self.remarks.add("product", message, token.span, once=True)
            self.put(token, "name", name)
