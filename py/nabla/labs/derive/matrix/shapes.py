"""What the letters of a formula with matrices are: as declared, and where nothing is, the likeliest that fits.

A formula is tried with each letter as a number, a column or a matrix, the usual meanings first: capitals are matrices,
small letters columns, Greek letters and those that count (i, k, n, t) numbers. The first that fits is taken, and told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, product

from nabla.calculus.matrices.nodes import SCALAR, M, Shape, Size, kron, symbol
from nabla.errors import Span, UserError
from nabla.read.matrices import MatrixNode, MatrixReading
from nabla.read.matrices.shapes import Declared

KINDS = ("number", "vector", "matrix")
COUNTING = frozenset("i j k l n m p q t d N K T".split())
STATISTICS = frozenset("theta beta mu xi phi psi omega".split())
MOST_TRIED = 3000
# An unlikely use costs as much as an unlikely meaning of a letter.
TRANSPOSED_NUMBER = 0.6
NO_NUMBER = 1.2
LETTERS = "nmpqrstuvkl"
ELEMENTWISE = frozenset("exp log sin cos tanh sqrt abs sigmoid relu softplus".split())


class Misfit(Exception):
    """Shapes that do not fit, with the place and the sentence that says so."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.span = span


@dataclass
class Meaning:
    """Kinds and sizes of letters that fit a formula. Sizes that are open begin with ?; `same` joins equal ones."""

    shapes: dict[str, Shape]
    symmetric: frozenset[str]
    same: dict[Size, Size] = field(default_factory=dict)
    cost: float = 0.0
    fresh: int = 0
    unnamed: dict[Span, Size] = field(default_factory=dict)

    def size(self) -> Size:
        """A new open size."""
        self.fresh += 1
        return f"?{self.fresh}"

    def size_at(self, node: MatrixNode) -> Size:
        """The size of an identity, or of a vector of ones, that stands at a place of the formula."""
        if node.span not in self.unnamed:
            self.unnamed[node.span] = self.size()
        return self.find(self.unnamed[node.span])

    def find(self, size: Size) -> Size:
        """The size that stands for all that are equal to this one."""
        while size in self.same:
            size = self.same[size]
        return size

    def shape(self, shape: Shape) -> Shape:
        """A shape with the sizes that are known."""
        return self.find(shape[0]), self.find(shape[1])

    def join(self, a: Size, b: Size) -> bool:
        """Take two sizes to be equal, if they can be."""
        a, b = self.find(a), self.find(b)
        if a == b:
            return True
        for old, new in ((a, b), (b, a)):
            if isinstance(old, str) and old.startswith("?") and new != 1:
                self.same[old] = new
                return True
        return False

    def settle(self) -> None:
        """Give letters to the sizes that are still open."""
        taken = {size for shape in self.shapes.values() for size in self.shape(shape)}
        free = iter([letter for letter in LETTERS if letter not in taken and letter not in self.shapes])
        for name, shape in self.shapes.items():
            for size in shape:
                size = self.find(size)
                if isinstance(size, str) and size.startswith("?"):
                    self.same[size] = next(free)
            self.shapes[name] = self.shape(shape)
        for size in self.unnamed.values():
            if str(self.find(size)).startswith("?"):
                self.same[self.find(size)] = next(free)


def meaning_of(readings: list[MatrixReading], declarations: Mapping[str, Declared], number: bool = True) -> Meaning:
    """The likeliest kinds and sizes of the letters with which all readings fit; `number` favours values that are one.

    Raises:
        UserError: "value" where none fit; the message names the first product or sum that does not.
    """
    names = list(dict.fromkeys(name for reading in readings for name in reading.names))
    bold = frozenset().union(*(reading.bold for reading in readings))
    names = [name for name in names if not (name == "I" and name not in declarations)]
    best: Meaning | None = None
    first: Misfit | None = None
    for cost, kinds in islice(_assignments(names, bold, declarations), MOST_TRIED):
        if best is not None and best.cost <= cost:
            break
        meaning = _meaning(dict(zip(names, kinds, strict=True)), declarations)
        try:
            shapes = [fitted(reading.tree, meaning) for reading in readings]
        except Misfit as misfit:
            first = first or misfit
            continue
        meaning.cost += cost + NO_NUMBER * (number and meaning.shape(shapes[0]) != SCALAR)
        if best is None or meaning.cost < best.cost:
            best = meaning
    if best is None:
        assert first is not None
        raise UserError("value", f"The shapes do not fit: {first}.", hint="Tell them, as in A: 2 x 3.", span=first.span)
    best.settle()
    return best


def _assignments(
    names: list[str], bold: frozenset[str], declarations: Mapping[str, Declared]
) -> Iterator[tuple[float, tuple[str, ...]]]:
    """Kinds for all letters, the likelier ones first."""
    choices = [_costs(name, name in bold, declarations.get(name)) for name in names]
    ways = product(*(costs.items() for costs in choices))
    several = sorted(
        ((sum(cost for _, cost in way), tuple(kind for kind, _ in way)) for way in islice(ways, 20_000)),
        key=lambda item: item[0],
    )
    yield from several


def _costs(name: str, bold: bool, declared: Declared | None) -> dict[str, float]:
    if declared:
        return {declared.kind: 0.0}
    base = name.partition("_")[0]
    if bold:
        return {"matrix": 0.0, "vector": 0.5} if base[:1].isupper() else {"vector": 0.0, "number": 2.0}
    if (len(base) == 1 and base.isupper()) or base in (
        "Sigma",
        "Lambda",
        "Omega",
        "Phi",
        "Psi",
        "Theta",
        "Gamma",
        "Delta",
    ):
        return {"matrix": 0.0 if base not in COUNTING else 0.4, "number": 3.0, "vector": 4.0}
    if base in COUNTING:
        return {"number": 0.0, "vector": 1.5, "matrix": 5.0}
    if base in STATISTICS:
        return {"vector": 0.0, "number": 0.5, "matrix": 5.0}
    if len(base) > 1:
        return {"number": 0.0, "vector": 1.0, "matrix": 5.0}
    return {"vector": 0.0, "number": 1.0, "matrix": 5.0}


def _meaning(kinds: Mapping[str, str], declarations: Mapping[str, Declared]) -> Meaning:
    meaning = Meaning({}, frozenset(name for name, told in declarations.items() if told.symmetric))
    for name, kind in kinds.items():
        told = declarations.get(name, Declared(kind))
        rows: Size = _size(told.rows) if told.rows else 1 if kind == "number" else meaning.size()
        columns: Size = _size(told.columns) if told.columns else 1 if kind != "matrix" else meaning.size()
        meaning.shapes[name] = (rows, columns)
        if told.symmetric or told.square:
            meaning.join(rows, columns)
    return meaning


def _size(text: str) -> Size:
    return int(text) if text.isdigit() else text


def fitted(node: MatrixNode, meaning: Meaning) -> Shape:
    """The shape of a part; sizes are joined on the way.

    Raises:
        Misfit: where shapes do not fit.
        UserError: "not-covered" for an operation that is not.
    """
    shapes = [fitted(arg, meaning) for arg in node.args]
    return meaning.shape(_FITS.get(node.op, _fit_elementwise)(node, shapes, meaning))


def _text(shape: Shape) -> str:
    if shape == SCALAR:
        return "a number"
    sizes = ["?" if isinstance(size, str) and size.startswith("?") else str(size) for size in shape]
    return f"{sizes[0]} × {sizes[1]}"


def _fit_name(node: MatrixNode, _: list[Shape], meaning: Meaning) -> Shape:
    if node.text not in meaning.shapes:  # I
        size = meaning.size_at(node)
        return size, size
    return meaning.shapes[node.text]


def _fit_number(_: MatrixNode, __: list[Shape], ___: Meaning) -> Shape:
    return SCALAR


def _fit_ones(node: MatrixNode, _: list[Shape], meaning: Meaning) -> Shape:
    return meaning.size_at(node), 1


def _fit_sum(node: MatrixNode, shapes: list[Shape], meaning: Meaning) -> Shape:
    if len(shapes) == 1:
        return SCALAR
    literal = [arg.op == "number" for arg in node.args]
    shape = next((s for s, number in zip(shapes, literal, strict=True) if not number), SCALAR)
    for other, number in zip(shapes, literal, strict=True):
        if not (number and shape != SCALAR):
            _same(shape, other, node, meaning, "cannot be added")
    return shape


def _same(a: Shape, b: Shape, node: MatrixNode, meaning: Meaning, what: str) -> None:
    if not (meaning.join(a[0], b[0]) and meaning.join(a[1], b[1])):
        raise Misfit(f"{_text(meaning.shape(a))} and {_text(meaning.shape(b))} {what}", node.span)


def _fit_product(node: MatrixNode, shapes: list[Shape], meaning: Meaning) -> Shape:
    a, b = meaning.shape(shapes[0]), meaning.shape(shapes[1])
    if SCALAR in (a, b):
        return b if a == SCALAR else a
    if not meaning.join(a[1], b[0]):
        message = f"{_text(a)} times {_text(b)}: {a[1]} columns meet {b[0]} rows"
        raise Misfit(message, node.span)
    return a[0], b[1]


def _fit_entries(node: MatrixNode, shapes: list[Shape], meaning: Meaning) -> Shape:
    whole = [shape for shape in map(meaning.shape, shapes) if shape != SCALAR] or [SCALAR]
    for other in whole[1:]:
        _same(whole[0], other, node, meaning, "cannot be multiplied entry by entry")
    return whole[0]


def _fit_over(node: MatrixNode, shapes: list[Shape], meaning: Meaning) -> Shape:
    top, bottom = map(meaning.shape, shapes)
    if bottom != SCALAR:
        if top == SCALAR:
            raise Misfit("a number cannot be divided by what is no number", node.span)
        _same(top, bottom, node, meaning, "cannot be divided")
        meaning.cost += TRANSPOSED_NUMBER
    return top


def _fit_kron(node: MatrixNode, shapes: list[Shape], meaning: Meaning) -> Shape:
    whole = kron(*(symbol(str(place), meaning.shape(shape)) for place, shape in enumerate(shapes)))
    return whole.shape


def _fit_transpose(_: MatrixNode, shapes: list[Shape], meaning: Meaning) -> Shape:
    rows, columns = meaning.shape(shapes[0])
    meaning.cost += TRANSPOSED_NUMBER * ((rows, columns) == SCALAR)
    return columns, rows


def _square(node: MatrixNode, shape: Shape, meaning: Meaning, what: str) -> Shape:
    if not meaning.join(*shape):
        raise Misfit(f"{what} needs a square matrix, not {_text(meaning.shape(shape))}", node.span)
    return meaning.shape(shape)


def _fit_inverse(node: MatrixNode, shapes: list[Shape], meaning: Meaning) -> Shape:
    return _square(node, shapes[0], meaning, "an inverse")


def _fit_power(node: MatrixNode, shapes: list[Shape], meaning: Meaning) -> Shape:
    if meaning.shape(shapes[0]) == SCALAR:
        return SCALAR
    if not node.text.lstrip("-").isdigit():
        raise Misfit(f"the power {node.text} of what is no number", node.span)
    return _square(node, shapes[0], meaning, "a power")


def _fit_number_of_square(node: MatrixNode, shapes: list[Shape], meaning: Meaning) -> Shape:
    if node.args[0].op == "kron":  # square where its factors are
        for factor in node.args[0].args:
            _square(factor, fitted(factor, meaning), meaning, "this")
        return SCALAR
    _square(node, shapes[0], meaning, "this")
    return SCALAR


def _fit_norm(node: MatrixNode, shapes: list[Shape], meaning: Meaning) -> Shape:
    if meaning.shape(shapes[0]) == SCALAR:
        meaning.cost += TRANSPOSED_NUMBER
    return SCALAR


def _fit_bars(node: MatrixNode, shapes: list[Shape], meaning: Meaning) -> Shape:
    if 1 not in meaning.shape(shapes[0]):
        _square(node, shapes[0], meaning, "a determinant")
    return SCALAR


def _fit_inner(node: MatrixNode, shapes: list[Shape], meaning: Meaning) -> Shape:
    _same(shapes[0], shapes[1], node, meaning, "have no inner product")
    return SCALAR


def _fit_diag(_: MatrixNode, shapes: list[Shape], meaning: Meaning) -> Shape:
    rows, columns = meaning.shape(shapes[0])
    return (rows, rows) if columns == 1 else (rows, 1)


def _fit_column(node: MatrixNode, shapes: list[Shape], meaning: Meaning) -> Shape:
    shape = meaning.shape(shapes[0])
    if shape[1] != 1 or shape == SCALAR:
        raise Misfit(f"{node.op} needs a column, not {_text(shape)}", node.span)
    return shape if node.op == "softmax" else SCALAR


def _fit_outer(_: MatrixNode, shapes: list[Shape], meaning: Meaning) -> Shape:
    return meaning.shape(shapes[0])[0], meaning.shape(shapes[1])[0]


def _fit_elementwise(node: MatrixNode, shapes: list[Shape], meaning: Meaning) -> Shape:
    if node.op not in ELEMENTWISE or len(shapes) != 1:
        raise UserError("not-covered", f"{node.op} is not covered in formulas with matrices.", span=node.span)
    return shapes[0]


def _first(_: MatrixNode, shapes: list[Shape], __: Meaning) -> Shape:
    return shapes[0]


_FITS = {
    "name": _fit_name, "number": _fit_number, "ones": _fit_ones, "sum": _fit_sum, "negative": _first,
    "product": _fit_product, "entries": _fit_entries, "over": _fit_over, "kron": _fit_kron,
    "transpose": _fit_transpose, "inverse": _fit_inverse, "power": _fit_power, "trace": _fit_number_of_square,
    "det": _fit_number_of_square, "norm": _fit_norm, "bars": _fit_bars, "inner": _fit_inner, "diag": _fit_diag,
    "softmax": _fit_column, "logsumexp": _fit_column, "outer": _fit_outer,
}  # fmt: skip


def letters(meaning: Meaning) -> dict[str, M]:
    """The letters with their shapes."""
    return {name: symbol(name, shape, name in meaning.symmetric) for name, shape in meaning.shapes.items()}
