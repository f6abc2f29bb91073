"""The form of a result: what terms share is put in front of, or behind, their sum."""

from __future__ import annotations

from math import prod

from nabla.calculus.matrices.nodes import M, ShapeError, add, eye, number, times

MOST = 64  # terms, about, into which a number is multiplied out


def tidy(node: M) -> M:
    """Terms that end, or begin, in the same factor put together: Ax + Aᵀx as (A + Aᵀ)x."""
    if node.op != "sum" or node.scalar:
        return expanded(node)
    for last in (True, False):
        groups: dict[M, list[M]] = {}
        for term in node.args:
            args = term.args if term.op == "product" else (term,)
            groups.setdefault(args[-1 if last else 0] if not args[-1 if last else 0].scalar else term, []).append(term)
        shared = [
            key
            for key, terms in groups.items()
            if len(terms) > 1 and key.op != "eye" and all(t.op == "product" or t == key for t in terms)
        ]
        if shared and not any(group[0].scalar for group in groups.values()):
            return add(*(_grouped(key, terms, last) if key in shared else add(*terms) for key, terms in groups.items()))
    return node


def expanded(node: M) -> M:
    """A number with its products multiplied out where that is shorter: -y (1 - p) - p (y - 1) is p - y."""
    if node.op != "sum" or not node.scalar:
        return node
    if sum(prod(len(factor.args) or 1 for factor in term.args) for term in node.args) > MOST:
        return node
    whole = add(*(part for term in node.args for part in _multiplied(term)))
    return min(node, whole, key=lambda form: sum(1 for _ in form.walk()))


def _multiplied(term: M) -> list[M]:
    parts = [number(1)]
    for factor in term.args if term.op == "product" else (term,):
        parts = [times(part, one) for part in parts for one in (factor.args if factor.op == "sum" else (factor,))]
    return parts


def _grouped(shared: M, terms: list[M], last: bool) -> M:
    rests = []
    split = [term.args if term.op == "product" else (term,) for term in terms]
    factors = [args[:-1] if last else args[1:] for args in split]
    if all(part.scalar for rest in factors for part in rest):
        return times(expanded(add(*(times(*rest) for rest in factors))), shared)
    for rest in factors:
        size = shared.shape[0] if last else shared.shape[1]
        inner = [part for part in rest if not part.scalar]
        rests.append(times(*rest, *([] if inner else [eye(size)])))
    whole = add(*rests)
    try:
        return times(tidy(whole), shared) if last else times(shared, tidy(whole))
    except ShapeError:
        return add(*terms)
