r"""Letters that are a vector for each value of an index, `\sum_i (y_i - w^T x_i)^2`: the rows of a matrix.

That x_i is a vector, and not an entry of x, tells a transpose, of x_i itself, of a sum that holds it, or in front of
it, and a norm. It becomes `X_{ia}`, and `w^T x_i` the sum over a of `w_a X_{ia}`, which the reader of indices takes
for `X w`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nabla.read.matrices import MatrixNode, names_of

DUMMIES = "abcdfghqrsuvwz"
REST = "z"  # the index of a vector that is left at the end


@dataclass
class _Rows:
    """The letters that are rows, with the names of their matrices, and the dummy indices that are still free."""

    names: Mapping[str, str]
    dummies: Iterator[str] = field(default_factory=lambda: iter(DUMMIES[:-1]))

    def holds(self, node: MatrixNode) -> bool:
        """Whether a letter that is a row stands in a part."""
        return any(self.is_row(name) for name in names_of(node))

    def is_row(self, name: str) -> bool:
        base, _, index = name.partition("_")
        return base in self.names and len(index) == 1 and index.isalpha()


def row_letters(tree: MatrixNode) -> dict[str, str]:
    """The letters that are rows, each with the capital that its matrix is called, its own where that is taken."""
    summed = {node.text for node in _walk(tree) if node.op == "sum" and node.text}
    taken = {name.partition("_")[0] for name in names_of(tree)}
    found: dict[str, str] = {}
    for node in _walk(tree):
        if node.op in ("norm", "inner"):
            node = replace(node, op="transpose")  # a norm is that of a vector
        factors = list(_chain(node)) if node.op == "product" else [node]
        for place, factor in enumerate(factors):
            if factor.op != "transpose":
                continue
            for part in (*factor.args, *factors[place + 1 :]):
                for name in names_of(part):
                    base, _, index = name.partition("_")
                    if index in summed and len(index) == 1 and base != "delta":
                        found[base] = base.upper() if len(base) == 1 and base.upper() not in taken else base
    return found


def with_rows(tree: MatrixNode, names: Mapping[str, str]) -> MatrixNode:
    """The formula with its row letters as entries of matrices; a vector that is left has the index z."""
    rows = _Rows(names)
    return _scalar(tree, rows) if names and rows.holds(tree) else tree


def _walk(node: MatrixNode) -> Iterator[MatrixNode]:
    yield node
    for arg in node.args:
        yield from _walk(arg)


def _chain(node: MatrixNode) -> Iterator[MatrixNode]:
    if node.op == "product":
        for arg in node.args:
            yield from _chain(arg)
    else:
        yield node


def _indexed(node: MatrixNode, index: str) -> MatrixNode:
    """An entry of a part that has no index itself."""
    if node.op == "name" and "_" not in node.text:
        return replace(node, text=f"{node.text}_{index}")
    return MatrixNode("indexed", (node,), index, span=node.span)


def _multiplied(factors: Sequence[MatrixNode]) -> MatrixNode:
    whole = factors[0]
    for factor in factors[1:]:
        whole = MatrixNode("product", (whole, factor), span=whole.span)
    return whole


def _summed(node: MatrixNode, index: str) -> MatrixNode:
    return MatrixNode("sum", (node,), index, span=node.span)


def _scalar(node: MatrixNode, rows: _Rows) -> MatrixNode:
    """A part that is a number for each value of the index."""
    if not rows.holds(node):
        return node
    if node.op == "power" and node.text == "2" and node.args[0].op in ("norm", "bars"):
        return _square(node.args[0].args[0], rows)
    if node.op == "norm":
        return MatrixNode("sqrt", (_square(node.args[0], rows),), span=node.span)
    if node.op == "inner":
        return _bilinear(node.args[0], [], node.args[1], rows)
    if node.op == "product":
        return _of_chain(list(_chain(node)), rows)
    if node.op == "name":
        return _entry(node, REST, rows)
    return replace(node, args=tuple(_scalar(arg, rows) for arg in node.args))


def _square(vector: MatrixNode, rows: _Rows) -> MatrixNode:
    index = next(rows.dummies)
    entry = _entry(vector, index, rows)
    return _summed(_multiplied([entry, entry]), index)


def _of_chain(factors: list[MatrixNode], rows: _Rows) -> MatrixNode:
    """Factors side by side: from each transpose to the next vector they are one number."""
    found: list[MatrixNode] = []
    while factors:
        first = factors.pop(0)
        if first.op != "transpose" or not factors:
            found.append(_scalar(first, rows))
            continue
        between = []
        while len(factors) > 1 and _is_matrix(factors[0]):
            between.append(factors.pop(0))
        found.append(_bilinear(first.args[0], between, factors.pop(0), rows))
    return _multiplied(found)


def _is_matrix(node: MatrixNode) -> bool:
    capital = node.op == "name" and (node.text[:1].isupper() and "_" not in node.text)
    return capital or node.op == "inverse" or (node.op == "transpose" and _is_matrix(node.args[0]))


def _bilinear(left: MatrixNode, between: Sequence[MatrixNode], right: MatrixNode, rows: _Rows) -> MatrixNode:
    """u^T A v as a sum over indices."""
    indices = [next(rows.dummies)]
    factors = [_entry(left, indices[0], rows)]
    for matrix in between:
        indices.append(next(rows.dummies))
        factors.append(_indexed(matrix, indices[-2] + indices[-1]))
    factors.append(_entry(right, indices[-1], rows))
    whole = _multiplied(factors)
    for index in reversed(indices):
        whole = _summed(whole, index)
    return whole


def _entry(node: MatrixNode, index: str, rows: _Rows) -> MatrixNode:
    """The entry of a vector."""
    if node.op == "name" and rows.is_row(node.text):
        base, _, own = node.text.partition("_")
        return replace(node, text=f"{rows.names[base]}_{own}{index}")
    if not rows.holds(node):
        return _indexed(node, index)
    if node.op in ("sum", "negative") and not node.text:
        return replace(node, args=tuple(_entry(arg, index, rows) for arg in node.args))
    if node.op == "product":
        *before, last = _chain(node)
        matrices = [factor for factor in before if _is_matrix(factor)]
        numbers = [_scalar(factor, rows) for factor in before if not _is_matrix(factor)]
        if not matrices:
            return _multiplied([*numbers, _entry(last, index, rows)])
        inner = next(rows.dummies)
        rest = _entry(_multiplied([*matrices[1:], last]), inner, rows)
        return _summed(_multiplied([*numbers, _indexed(matrices[0], index + inner), rest]), inner)
    return MatrixNode("indexed", (node,), index, span=node.span)
