r"""Formulas with indices, `-\sum_i t_i \ln s_i`, as formulas of vectors and matrices: `-sum(t ⊙ log(s))`.

A letter with one index is a vector, one with two a matrix; a sum over an index contracts what has it, `\delta_{ij}`
picks one out of a sum, or is the identity. At most two indices are left free: those of a matrix.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from nabla.errors import Span, UserError
from nabla.read.matrices import MatrixNode, MatrixReading, names_of, read_matrices
from nabla.read.matrices.rows import row_letters, with_rows

_ONE = Fraction(1)
Free = tuple[str, ...]
Part = tuple[MatrixNode, Free]


def has_indices(node: MatrixNode) -> bool:
    """Whether a sum over an index, or a letter with delta's two, stands in a formula."""
    indexed = node.op == "name" and (
        node.text.startswith("delta_") or bool(re.fullmatch(r"[A-Za-z]+_[a-z]{2}", node.text))
    )
    here = (node.op == "sum" and bool(node.text)) or indexed
    return here or any(has_indices(arg) for arg in node.args)


def read_vectors(
    text: str,
    definitions: Mapping[str, MatrixNode],
    known: Collection[str] = (),
    rows: Mapping[str, str] | None = None,
) -> MatrixReading:
    """Read a formula of matrices; where it has indices, or letters that are defined, as one of vectors as wholes.

    Raises:
        UserError: as `read_matrices` and `without_indices`.
    """
    reading = read_matrices(text, known=known)
    if not (definitions or has_indices(reading.tree)):
        return reading
    of_rows = with_rows(reading.tree, row_letters(reading.tree) if rows is None else rows)
    tree = without_indices(of_rows, definitions)
    return replace(reading, tree=tree, names=tuple(dict.fromkeys(names_of(tree))))


def shapes_of(texts: Iterable[str]) -> dict[str, str]:
    """What the letters with indices are: those with one vectors, those with two matrices."""
    found: dict[str, str] = {}
    for text in texts:
        tree = read_matrices(text).tree
        for base, _, index in (name.partition("_") for name in names_of(with_rows(tree, row_letters(tree)))):
            if index.isalpha() and base != "delta":
                found[base] = "matrix" if len(index) == 2 else found.get(base, "vector")
    return found


def read_definitions(text: str) -> dict[str, MatrixNode]:
    """Read `s_i: formula; ...`, vectors that letters stand for, each perhaps by those before it."""
    found: dict[str, MatrixNode] = {}
    for part in text.split(";"):
        name, colon, formula = part.partition(":")
        if colon:
            found[name.strip().lstrip("\\").partition("_")[0]] = read_vectors(formula, dict(found)).tree
    return found


def without_indices(node: MatrixNode, definitions: Mapping[str, MatrixNode]) -> MatrixNode:
    """The same formula for vectors and matrices as wholes, rows by the first free index of the alphabet; `definitions`
    are vectors that letters stand for.

    Raises:
        UserError: "not-covered" for more than two free indices, or a sum that is no product of matrices.
    """
    found, free = _read(node, definitions)
    return _turned(found, free, tuple(sorted(free))) if len(free) == 2 else found


def _refused(node: MatrixNode, what: str) -> UserError:
    return UserError("not-covered", f"{what} cannot be read as vectors and matrices here.", span=node.span)


def _made(op: str, *args: MatrixNode) -> MatrixNode:
    return MatrixNode(op, args, span=args[0].span)


def _turned(node: MatrixNode, free: Free, wanted: Free) -> MatrixNode:
    """A matrix by other rows: transposed where its indices stand in the other order."""
    return node if free == wanted else _made("transpose", node)


def _read(node: MatrixNode, definitions: Mapping[str, MatrixNode]) -> Part:
    """The formula with its vectors and matrices as wholes, and the indices that are free in it."""
    if node.op == "name":
        return _named(node, definitions)
    if node.op == "indexed":  # a part without indices, of which an entry is taken
        return node.args[0], tuple(node.text)
    if node.op == "sum" and node.text:
        return _total(node, definitions)
    if node.op == "product":
        return _multiplied(node, definitions)
    parts = [_read(arg, definitions) for arg in node.args]
    if node.op == "sum" and len(parts) > 1:
        return _together(parts, node)
    free = tuple(dict.fromkeys(index for _, indices in parts for index in indices))
    if any(indices and indices != free for _, indices in parts) or (len(free) == 2 and node.op == "over"):
        raise _refused(node, "Different indices side by side")
    args = tuple(part for part, _ in parts)
    if node.op == "power" and free:
        if node.text != "2":
            raise _refused(node, "This power of a vector")
        return _made("entries", args[0], args[0]), free
    return replace(node, args=args), free


def _total(node: MatrixNode, definitions: Mapping[str, MatrixNode]) -> Part:
    """A sum over an index: of the factors as they stand, else, and where a delta picks, of the terms multiplied out."""
    inner, picks = node.args[0], any(name.startswith("delta_") for name in names_of(node))
    sign = [MatrixNode("negative", (MatrixNode("number", value=_ONE, span=node.span),), span=node.span)]
    factors = [*sign, *_factors(inner.args[0])] if inner.op == "negative" else list(_factors(inner))
    if not picks:
        try:
            return _one_sum(factors, node.text, node, definitions)
        except UserError:
            pass  # multiplied out it may be a product of matrices
    return _together([_one_sum(term, node.text, node, definitions) for term in _terms(inner)], node)


def _named(node: MatrixNode, definitions: Mapping[str, MatrixNode]) -> Part:
    base, _, index = node.text.partition("_")
    if base == "delta" and len(index) == 2:
        return replace(node, text="I"), tuple(index)
    if base in definitions:
        return definitions[base], tuple(index[:1])
    if not index.isalpha() or len(index) > 2:
        if len(index) > 2 and not index.isdigit():
            raise _refused(node, "A letter with more than two indices")
        return node, ()
    whole = replace(node, text=base)
    return (_made("diag", whole), (index[0],)) if len(set(index)) < len(index) else (whole, tuple(index))


def _together(terms: Sequence[Part], whole: MatrixNode) -> Part:
    """The sum of terms that have the same free indices, perhaps in another order."""
    free = max((own for _, own in terms), key=len)
    if len(terms) == 1:
        return terms[0]
    return MatrixNode("sum", tuple(_spread(term, own, free, whole) for term, own in terms), span=whole.span), free


def _spread(term: MatrixNode, own: Free, free: Free, whole: MatrixNode) -> MatrixNode:
    """A term with all indices of a sum: of x_{ia} - m_a the second is the same in each row."""
    if set(own) == set(free):
        return _turned(term, own, free) if len(free) == 2 else term
    if not own:
        return term if term.op == "number" else _like(term, free, whole)
    if len(free) != 2 or len(own) != 1 or own[0] not in free or (term.op == "name" and "_" in term.text):
        raise _refused(whole, "Different indices side by side")
    ones = _ones(whole, 0)
    if own[0] == free[0]:
        return _made("product", term, _made("transpose", ones))
    return _made("product", ones, _made("transpose", term))


def _ones(whole: MatrixNode, place: int) -> MatrixNode:
    """A vector of ones of its own size; the place tells it from others of the same formula."""
    return MatrixNode("ones", span=Span(whole.span.start, whole.span.start - 1 - place))


def _like(number: MatrixNode, free: Free, whole: MatrixNode) -> MatrixNode:
    """A number in each entry of a vector or a matrix."""
    ones = _ones(whole, 1)
    if len(free) == 2:
        ones = _made("product", ones, _made("transpose", _ones(whole, 2)))
    return _made("product", number, ones)


def _factors(node: MatrixNode) -> Iterator[MatrixNode]:
    if node.op == "product":
        for arg in node.args:
            yield from _factors(arg)
    else:
        yield node


def _multiplied(node: MatrixNode, definitions: Mapping[str, MatrixNode]) -> Part:
    """A product as it stands; where a bracket holds terms with different indices, p_i (δ_ij - p_j), multiplied out."""
    terms = list(_terms(node))
    try:
        return _product(_parts(_factors(node), definitions), node)
    except UserError:
        if len(terms) == 1:
            raise
    return _together([_product(_parts(term, definitions), node) for term in terms], node)


def _parts(factors: Iterable[MatrixNode], definitions: Mapping[str, MatrixNode]) -> list[Part]:
    return [_read(factor, definitions) for factor in factors]


def _entries(vectors: Sequence[MatrixNode]) -> MatrixNode:
    return vectors[0] if len(vectors) == 1 else _made("entries", *vectors)


def _product(parts: Sequence[Part], whole: MatrixNode) -> Part:
    """Numbers, vectors and matrices side by side, entry by entry: at most two indices are free in all."""
    free = tuple(dict.fromkeys(index for _, indices in parts for index in indices))
    numbers = [part for part, indices in parts if not indices]
    columns = {index: [part for part, indices in parts if indices == (index,)] for index in free}
    matrices = [(part, indices) for part, indices in parts if len(indices) == 2]
    found: MatrixNode | None = None
    if len(free) == 1:
        found = _entries(columns[free[0]])
    elif len(free) == 2:
        found = _of_two(free, columns, [_turned(part, own, free) for part, own in matrices], whole)
    elif free:
        raise _refused(whole, "A product with three free indices")
    for number in numbers:
        found = number if found is None else MatrixNode("product", (number, found), span=whole.span)
    return found or MatrixNode("number"), free


def _of_two(
    free: Free, columns: Mapping[str, list[MatrixNode]], matrices: Sequence[MatrixNode], whole: MatrixNode
) -> MatrixNode:
    """The matrix of products of vectors by rows and by columns, and of matrices, entry by entry."""
    rows, below = columns[free[0]], columns[free[1]]
    if any(matrix.op == "name" and matrix.text == "I" for matrix in matrices):
        if len(matrices) > 1:
            raise _refused(whole, "A matrix beside a delta")
        return _made("diag", _entries([*rows, *below])) if rows or below else matrices[0]
    if not matrices:
        return _made("product", _entries(rows), _made("transpose", _entries(below)))
    found = _entries(matrices)
    if rows:
        found = _made("product", _made("diag", _entries(rows)), found)
    return _made("product", found, _made("diag", _entries(below))) if below else found


def _terms(node: MatrixNode) -> Iterator[tuple[MatrixNode, ...]]:
    """The terms of a formula multiplied out, each as its factors; a minus sign is a factor -1."""
    if node.op == "sum" and not node.text and len(node.args) > 1:
        for arg in node.args:
            yield from _terms(arg)
    elif node.op == "negative":
        minus = MatrixNode("negative", (MatrixNode("number", value=_ONE, span=node.span),), span=node.span)
        for factors in _terms(node.args[0]):
            yield (minus, *factors)
    elif node.op == "product":
        left, right = node.args
        for a in _terms(left):
            for b in _terms(right):
                yield (*a, *b)
    else:
        yield (node,)


def _one_sum(
    factors: Sequence[MatrixNode], index: str, whole: MatrixNode, definitions: Mapping[str, MatrixNode]
) -> Part:
    r"""\sum_index of one term: delta put in, what has the index contracted, what has it not in front."""
    delta = next((factor for factor in factors if factor.text.startswith("delta_") and index in factor.text[6:]), None)
    if delta is not None:
        other = delta.text[6:].replace(index, "", 1)
        rest = [_renamed(factor, index, other) for factor in factors if factor is not delta]
        return _product(_parts(rest, definitions), whole)
    parts = _parts(factors, definitions)
    inside = [(part, free) for part, free in parts if index in free]
    outside = [(part, free) for part, free in parts if index not in free]
    if not inside:
        raise _refused(whole, "A sum over an index that does not occur")
    return _product([_contracted(inside, index, whole), *outside], whole)


def _contracted(inside: Sequence[Part], index: str, whole: MatrixNode) -> Part:
    """The sum over an index of vectors and at most two matrices that have it."""
    vectors = [part for part, free in inside if len(free) == 1]
    matrices = [(part, free) for part, free in inside if len(free) == 2]
    others = [next(name for name in free if name != index) for _, free in matrices]
    turned = [_turned(part, free, (other, index)) for (part, free), other in zip(matrices, others, strict=True)]
    if not turned:
        return MatrixNode("sum", (_entries(vectors),), span=whole.span), ()
    if len(set(others)) == 1:
        weights = _entries(vectors) if vectors else MatrixNode("ones", span=whole.span)
        return _made("product", _entries(turned), weights), (others[0],)
    if len(turned) > 2:
        raise _refused(whole, "A sum over an index of more than two matrices")
    first = _made("product", turned[0], _made("diag", _entries(vectors))) if vectors else turned[0]
    return _made("product", first, _made("transpose", turned[1])), (others[0], others[1])


def _renamed(node: MatrixNode, old: str, new: str) -> MatrixNode:
    if node.op == "name":
        base, _, index = node.text.partition("_")
        return replace(node, text=f"{base}_{index.replace(old, new)}") if index else node
    return replace(node, args=tuple(_renamed(arg, old, new) for arg in node.args))
