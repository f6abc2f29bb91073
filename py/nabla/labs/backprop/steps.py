"""The backward pass as a derivation: for every node the sum over its children of upstream times local, in symbols, with
what is known put in, and in numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.answer.document import Step, Steps
from nabla.labs.backprop.flow import Flow, args_tex, formula
from nabla.tensor.entry import Names
from nabla.tensor.notation import array_tex, bar_of, factor_tex
from nabla.tensor.operation import given
from nabla.tensor.tape import Vertex

EXPLAINED = 40  # vertices whose adjoint is derived
WRITTEN = 9  # elements of an array that is written into a formula


def explanation(flow: Flow, shown: Mapping[Vertex, str]) -> Steps:
    """For the vertices of `shown`, from the root back: where the adjoint of each comes from, in three stages; each
    step is about a node of the graph, whose id `shown` has.
    """
    users = flow.users()
    asked = [v for v in reversed(flow.order) if v in flow.adjoints and v.needs and v is not flow.root and v in shown]
    steps = [_root_step(flow)]
    steps += [_step(flow, v, users.get(v, [])) for v in asked[: EXPLAINED - 1]]
    for step, vertex in zip(steps, [flow.root, *asked], strict=False):
        step.node, step.line = shown.get(vertex, ""), vertex.line or 0
    left = sum(v in flow.adjoints and v.needs for v in flow.order) - len(steps)
    title = "Backward, one node at a time"
    return Steps(steps, title + (f"; {left:,} more come about in the same way" if left > 0 else ""))


def _root_step(flow: Flow) -> Step:
    value = array_tex(np.asarray(flow.adjoints[flow.root]))
    tex = rf"\frac{{\partial {flow.loss}}}{{\partial {flow.loss}}} = {value}"
    why = "The result changes with itself one to one: the backward pass starts with this."
    if flow.root.array.size > 1:
        tex = rf"{bar_of(flow.loss)} = {value}"
        why = "The backward pass starts with the adjoint that it was given for the result."
    return Step(f"Start at ${flow.loss}$", tex, why)


def _step(flow: Flow, of: Vertex, uses: list[tuple[Vertex, int]]) -> Step:
    """The adjoint of one vertex."""
    uses = [(at, i) for at, i in uses if at in flow.adjoints]
    parts = [_contribution(flow, at, i, of) for at, i in uses]
    name = flow.names[of]
    result = array_tex(np.asarray(flow.adjoints[of]))
    stages = [flow.partial(of), _sum([part.chain for part in parts])]
    for stage in ([part.local for part in parts], [part.numbers for part in parts]):
        text = _sum(stage)
        if all(stage) and text not in (stages[-1], result):
            stages.append(text)
    tex = " = ".join([*stages, result])
    whys = list(dict.fromkeys(part.why for part in parts if part.why))[:2]
    if len(parts) > 1:
        whys.insert(0, f"${name}$ is used {_times(len(parts))}, and what comes back along each of these ways is added.")
    uses, parts = _ends(uses), _ends(parts)
    where = [formula(flow, at) for at, _ in uses]
    where += [rf"{bar_of(flow.names[at])} = {flow.partial(at)}" for at, _ in uses if any(p.bars for p in parts)]
    where += [part.index for part in parts if part.index]
    detail: Any = "expert" if of.name else "normal"
    return Step(f"Adjoint of ${name}$", tex, " ".join(whys), list(dict.fromkeys(where)), detail)


def _ends(items: list[Any]) -> list[Any]:
    """All of them, or the first two and the last when there are many."""
    return items if len(items) <= 4 else [*items[:2], items[-1]]


def _sum(terms: list[str]) -> str:
    """The terms added up, with dots for those in the middle when there are many."""
    shown = _ends(terms)
    return " + ".join(shown if len(shown) == len(terms) else [*shown[:2], r"\cdots", shown[-1]])


def _times(n: int) -> str:
    return {2: "twice", 3: "three times"}.get(n, f"{n} times")


@dataclass
class _Part:
    """One contribution in its three stages, and why it looks as it does.

    `index` is the same element by element, `bars` whether the stages write adjoints as names with a bar.
    """

    chain: str
    local: str = ""
    numbers: str = ""
    index: str = ""
    why: str = ""
    bars: bool = False


def _contribution(flow: Flow, at: Vertex, i: int, of: Vertex) -> _Part:
    assert at.op is not None
    names, y = args_tex(flow, at), flow.names[at]
    upstream = np.asarray(flow.adjoints[at])
    part = _Part(rf"{flow.partial(at)} \, \frac{{\partial {y}}}{{\partial {flow.names[of]}}}")
    part.bars = bool(upstream.ndim or of.array.ndim)
    symbol = at.op.slope(i, names, y)
    if symbol is not None:
        _elementwise(flow, part, at, i, of, symbol)
        return part
    shapes = [arg.array.shape if isinstance(arg, Vertex) else np.shape(arg) for arg in at.args]
    product = at.op.back(i, Names(names, y, bar_of(y), shapes, at.params)) if at.op.back else None
    if product is not None:
        part.local, part.why = product.form, product.why
        if product.index:
            part.index = rf"{bar_of(flow.names[of])}_{{{_subscript(of)}}} = {product.index}"
    part.numbers = _applied(flow, at, i)
    return part


def _subscript(of: Vertex) -> str:
    return "ijkl"[: of.array.ndim] or r"\,"


def _elementwise(flow: Flow, part: _Part, at: Vertex, i: int, of: Vertex, symbol: str) -> None:
    """Upstream times local, element by element; summed over copies when the argument was broadcast."""
    upstream, y = np.asarray(flow.adjoints[at]), flow.names[at]
    name = flow.names[of]
    summed = of.array.shape != at.array.shape
    if not upstream.ndim:
        part.local = rf"{factor_tex(upstream.item())} \cdot {symbol}"
        part.numbers = rf"{factor_tex(upstream.item())} \cdot {factor_tex(_slopes(at, i).item())}"
        return
    part.local = bar_of(y) if symbol == "1" else rf"{bar_of(y)} \odot {symbol}"
    slopes = _slopes(at, i)
    small = _small(upstream) and _small(slopes)
    if small:
        part.numbers = array_tex(upstream) if symbol == "1" else rf"{array_tex(upstream)} \odot {array_tex(slopes)}"
    if not summed:
        return
    axes, letters = _copied(of.array.shape, at.array.shape)
    sign = rf"\textstyle\sum_{{{letters}}} "
    part.local = sign + (part.local if symbol == "1" else rf"\left({part.local}\right)")
    part.numbers = part.numbers and sign + (part.numbers if symbol == "1" else rf"\left({part.numbers}\right)")
    n = int(np.prod([at.array.shape[axis] for axis in axes], dtype=np.int64))
    part.why = (
        f"${name}$ was broadcast: {n} elements of ${y}$ use the same element of it, and what they send back is added"
        + (" (with a batch, one for every sample)." if 0 in axes and of.array.ndim else ".")
    )


def _copied(shape: tuple[int, ...], full: tuple[int, ...]) -> tuple[list[int], str]:
    """The axes of `full` along which an array of `shape` was copied, and their letters."""
    lead = len(full) - len(shape)
    axes = [d for d, n in enumerate(full) if d < lead or (shape[d - lead] == 1 and n != 1)]
    return axes, ",".join("ijklmn"[d] for d in axes if d < 6)


def _slopes(at: Vertex, i: int) -> Any:
    """The local derivative for every element of the result."""
    assert at.op is not None
    args = given(at)
    if np.shape(args[i]) != at.array.shape:
        args[i] = np.broadcast_to(args[i], at.array.shape)
    return np.asarray(at.op.vjp(i, np.ones_like(at.array), at.array, args, at.params))


def _applied(flow: Flow, at: Vertex, i: int) -> str:
    """What comes back to argument `i`, in numbers; of a matrix product its factors in numbers."""
    assert at.op is not None
    upstream = np.asarray(flow.adjoints[at])
    args = given(at)
    if at.op.name == "matmul" and args[0].ndim == args[1].ndim == 2 and _small(upstream) and _small(args[1 - i]):
        other = array_tex(args[1 - i].T)
        return f"{other} {array_tex(upstream)}" if i else f"{array_tex(upstream)} {other}"
    part = np.asarray(at.op.vjp(i, upstream, at.array, args, at.params))
    return array_tex(part) if _small(part) else ""


def _small(array: Any) -> bool:
    return bool(array.size <= WRITTEN and array.ndim <= 2 and max(array.shape, default=1) <= 4)
