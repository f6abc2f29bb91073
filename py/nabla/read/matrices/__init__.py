"""Formulas of vectors and matrices as wholes: `xᵀAx`, `\\|Ax - b\\|^2`, `tr(AXB)`, `log det X`, `A @ x`.

Text becomes a small tree of operations; what each letter stands for, a number, a vector or a matrix, is not decided
here. Products side by side, `@` and `*` are products of matrices; in NumPy's notation, which `@` and `.T` tell, `*` is
that of the entries, as `∘` and `⊙` are anywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from nabla.errors import Span, UserError
from nabla.read.matrices.tokens import MatrixToken, MatrixTokens

LONGEST = 400
DEEPEST = 40


@dataclass(frozen=True, slots=True)
class MatrixNode:
    """An operation: `op` is number, name, ones, sum, negative, product, entries (a product of entries), kron, over,
    power, transpose, inverse, norm, bars, frac or the name of a function; `text` is a name or an exponent.
    """

    op: str
    args: tuple[MatrixNode, ...] = ()
    text: str = ""
    value: Fraction = Fraction(0)
    span: Span = field(default=Span(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class MatrixReading:
    """A formula that was read: its tree, its names in order, and those that were set in bold."""

    text: str
    tree: MatrixNode
    names: tuple[str, ...]
    bold: frozenset[str]


def read_matrices(text: str, *, known: Collection[str] = ()) -> MatrixReading:
    """Read one formula of vectors and matrices; of `f(x) = ...` what stands on the right.

    Raises:
        UserError: with the place, for what cannot be read.
    """
    if len(text) > LONGEST:
        raise UserError("too-long", "This is too long for a formula of matrices.", span=Span(LONGEST, len(text)))
    tokens = MatrixTokens(text, frozenset(known)).found
    equals = [place for place, token in enumerate(tokens) if token.text == "=" and token.kind == "op"]
    if equals:
        tokens = tokens[equals[-1] + 1 :]
    parser = _MatrixParser(tokens, MatrixTokens(text, frozenset(known)).code)
    tree = parser.sum()
    if parser.here.kind != "end":
        raise parser.refuse()
    bold = frozenset(token.text for token in tokens if token.kind == "name" and token.bold)
    return MatrixReading(text, tree, tuple(dict.fromkeys(names_of(tree))), bold)


def names_of(node: MatrixNode) -> Iterator[str]:
    """The names of a formula, in order, as often as they occur."""
    if node.op == "name":
        yield node.text
    for arg in node.args:
        yield from names_of(arg)


SIGNS = frozenset(["trace", "det", "softmax", "logsumexp", "diag", "norm"])


def has_matrices(text: str, wrt: str = "") -> bool:
    """Whether signs that only vectors and matrices have stand in a formula: a transpose, a norm, a trace, ...

    A power T is none where T is a letter of the formula, or that by which is differentiated.
    """
    try:
        tokens = MatrixTokens(text).found
    except UserError:
        return False
    letters = {token.text for token in tokens if token.kind == "name"} | {wrt.strip()}
    for place, token in enumerate(tokens):
        if token.kind == "both" or (token.kind == "function" and token.text in SIGNS):
            return True
        if token.kind == "op" and token.text in ("‖", "⊗", "⊙", "@") and text[token.start : token.start + 1] != "∘":
            return True
        if token.kind == "index" and any(letter.endswith(f"_{token.text}") for letter in letters):
            return True  # a sum over an index that letters have
        if token.kind == "transpose" and "'" not in token.text and "′" not in token.text and "prime" not in token.text:
            return tokens[place - 1].kind != "number" and "T" not in letters
    return False


def _squared(node: MatrixNode) -> MatrixNode:
    """What is summed over all entries: w^2 is the square of each."""
    if node.op == "power" and node.text == "2":
        return replace(node, op="entries", args=(node.args[0], node.args[0]), text="")
    return replace(node, args=tuple(map(_squared, node.args))) if node.op in ("sum", "negative", "product") else node


class _MatrixParser:
    """Sums of products of entries of Kronecker products of products."""

    def __init__(self, tokens: list[MatrixToken], code: bool) -> None:
        self.tokens, self.code, self.at, self.depth = tokens, code, 0, 0

    @property
    def here(self) -> MatrixToken:
        return self.tokens[self.at]

    def refuse(self) -> UserError:
        here = self.here
        if here.kind == "end":
            return UserError("syntax", "The formula ends too early.", span=Span(here.start, here.end))
        return UserError("syntax", f"{here.text} cannot stand here.", span=Span(here.start, here.end))

    def takes(self, *signs: str) -> bool:
        if self.here.kind == "op" and self.here.text in signs:
            self.at += 1
            return True
        return False

    def expect(self, sign: str) -> None:
        if not self.takes(sign):
            raise self.refuse()

    def node(self, op: str, args: tuple[MatrixNode, ...], start: int, text: str = "") -> MatrixNode:
        return MatrixNode(op, args, text, span=Span(start, self.tokens[self.at - 1].end))

    def sum(self) -> MatrixNode:
        self.depth += 1
        if self.depth > DEEPEST:
            raise UserError("too-deep", "This is nested too deeply.", span=Span(self.here.start, self.here.end))
        start = self.here.start
        terms = []
        sign = self.takes("-")
        if not sign:
            self.takes("+")
        while True:
            term = self.entries()
            terms.append(self.node("negative", (term,), start) if sign else term)
            if self.takes("-"):
                sign = True
            elif self.takes("+"):
                sign = False
            else:
                break
        self.depth -= 1
        return terms[0] if len(terms) == 1 else self.node("sum", tuple(terms), start)

    def entries(self) -> MatrixNode:
        start, found = self.here.start, [self.kron()]
        while self.takes("⊙"):
            found.append(self.kron())
        return found[0] if len(found) == 1 else self.node("entries", tuple(found), start)

    def kron(self) -> MatrixNode:
        start, found = self.here.start, [self.product()]
        while self.takes("⊗"):
            found.append(self.product())
        return found[0] if len(found) == 1 else self.node("kron", tuple(found), start)

    def product(self) -> MatrixNode:
        start = self.here.start
        found = self.factor()
        while True:
            if self.code and self.takes("*"):
                found = self.node("entries", (found, self.factor()), start)
            elif self.takes("@", "*") or self.begins():
                found = self.node("product", (found, self.factor()), start)
            elif self.takes("/"):
                found = self.node("over", (found, self.factor()), start)
            else:
                return found

    def begins(self) -> bool:
        """Whether an operand begins here. A bar may as well close one; then it does not."""
        if self.here.kind in ("name", "number", "function", "ones"):
            return True
        if self.here.kind != "op":
            return False
        if self.here.text in ("(", "⟨", "frac", "√", "{"):
            return True
        return self.here.text in ("‖", "|") and self.here.text not in self.open

    @property
    def open(self) -> list[str]:
        """The bars that are open here."""
        found: list[str] = []
        for token in self.tokens[: self.at]:
            if token.kind == "op" and token.text in ("‖", "|"):
                if token.text in found:
                    found.remove(token.text)
                else:
                    found.append(token.text)
        return found

    def factor(self) -> MatrixNode:
        start = self.here.start
        if self.takes("-"):
            return self.node("negative", (self.factor(),), start)
        if self.here.kind == "function":
            return self.function()
        found = self.atom()
        while self.here.kind in ("transpose", "inverse", "both", "power", "index") or self.raised(found):
            token = self.here
            self.at += 1
            if token.text == "^":
                found = self.raise_to(found, start)
            elif token.kind == "both":
                found = self.node("transpose", (self.node("inverse", (found,), start),), start)
            elif token.kind == "power":
                found = self.node("power", (found,), start, token.text)
            elif token.kind == "index" and found.op == "power":  # ‖A‖²_F
                found = replace(found, args=(replace(found.args[0], text=token.text),))
            elif token.kind == "index":
                found = replace(found, text=token.text)
            else:
                found = self.node(token.kind, (found,), start)
        return found

    def raised(self, found: MatrixNode) -> bool:
        """Whether a caret stands here: of e, as in e^{z}, or in front of a bracket."""
        return self.here.kind == "op" and self.here.text == "^"

    def raise_to(self, base: MatrixNode, start: int) -> MatrixNode:
        inner = self.braced() if self.here.text == "{" else self.atom()
        if base.op == "name" and base.text == "e":
            return self.node("exp", (inner,), start)
        raise UserError("syntax", "This power cannot be read here.", span=Span(start, self.tokens[self.at - 1].end))

    def braced(self) -> MatrixNode:
        self.expect("{")
        found = self.sum()
        self.expect("}")
        return found

    def function(self) -> MatrixNode:
        token = self.here
        self.at += 1
        index = ""
        while self.here.kind == "index":
            index = self.here.text
            self.at += 1
        power = self.here.text if self.here.kind == "power" else ""
        self.at += bool(power)
        if index and token.text == "sum":
            found = self.node(token.text, (self.product(),), token.start)
        elif self.takes("("):
            args = [self.sum()]
            while self.takes(","):
                if self.here.kind == "name" and self.tokens[self.at + 1].text == "=":  # axis=0
                    raise self.refuse()
                args.append(self.sum())
            self.expect(")")
            found = self.node(token.text, tuple(args), token.start)
        elif self.here.text == "{":
            found = self.node(token.text, (self.braced(),), token.start)
        else:
            found = self.node(token.text, (self.product(),), token.start)
        if index and token.text == "sum":
            found = replace(found, text=index)
        elif token.text == "sum":
            found = replace(found, args=tuple(map(_squared, found.args)))
        return self.node("power", (found,), token.start, power) if power else self.behind(found, token.start)

    def behind(self, found: MatrixNode, start: int) -> MatrixNode:
        while self.here.kind in ("transpose", "inverse", "power"):
            token = self.here
            self.at += 1
            found = self.node(token.kind, (found,), start, token.text if token.kind == "power" else "")
        return found

    def atom(self) -> MatrixNode:
        token = self.here
        self.at += 1
        if token.kind == "number":
            return MatrixNode("number", value=Fraction(token.text), span=Span(token.start, token.end))
        if token.kind == "ones":
            return MatrixNode("ones", span=Span(token.start, token.end))
        if token.kind == "name":
            if token.text == "sigma" and self.here.text == "(" and self.here.kind == "op":
                self.at += 1
                inner = self.sum()
                self.expect(")")
                return self.node("sigmoid", (inner,), token.start)
            return MatrixNode("name", text=token.text, span=Span(token.start, token.end))
        if token.kind == "op" and token.text in ("(", "{"):
            found = self.sum()
            self.expect(")" if token.text == "(" else "}")
            return found
        if token.kind == "op" and token.text in ("‖", "|"):
            found = self.sum()
            self.expect(token.text)
            return self.node("norm" if token.text == "‖" else "bars", (found,), token.start)
        if token.kind == "op" and token.text == "⟨":
            left = self.sum()
            self.expect(",")
            right = self.sum()
            self.expect("⟩")
            return self.node("inner", (left, right), token.start)
        if token.kind == "op" and token.text == "frac":
            return self.node("over", (self.part(), self.part()), token.start)
        if token.kind == "op" and token.text == "√":
            return self.node("sqrt", (self.part(),), token.start)
        self.at -= 1
        raise self.refuse()

    def part(self) -> MatrixNode:
        """A part of a fraction: in braces, or one sign; of the number in \\frac12 one digit each."""
        if self.here.text == "{":
            return self.braced()
        token = self.here
        if token.kind == "number" and len(token.text) > 1:
            first, rest = token.text[0], token.text[1:]
            middle = token.start + 1
            self.tokens[self.at : self.at + 1] = [
                MatrixToken("number", first, token.start, middle),
                MatrixToken("number", rest, middle, token.end),
            ]
        return self.atom()
