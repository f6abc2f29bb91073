"""The tape as a picture and as a derivation: nodes with their formulas, values and adjoints, and where each comes
from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.document import Edge, Graph, Node, Step, Steps, quoted
from nabla.tensor.notation import LOCAL, array_tex, factor_tex, forward_tex, name_tex, product_of
from nabla.tensor.replay import ancestors
from nabla.tensor.tape import Vertex

NODES = 60  # more are folded
EXPLAINED = 40  # vertices whose adjoint is derived


@dataclass
class Flow:
    """A tape behind one root: its vertices in order, their names in LaTeX, their adjoints."""

    root: Vertex
    order: list[Vertex]
    names: dict[Vertex, str]
    adjoints: Mapping[Vertex, Any]

    @property
    def loss(self) -> str:
        """The root in LaTeX."""
        return self.names[self.root]

    def partial(self, vertex: Vertex) -> str:
        r"""`\frac{\partial loss}{\partial vertex}`."""
        return rf"\frac{{\partial {self.loss}}}{{\partial {self.names[vertex]}}}"

    def users(self) -> dict[Vertex, list[tuple[Vertex, int]]]:
        """For every vertex those computed from it, with the place of the argument."""
        found: dict[Vertex, list[tuple[Vertex, int]]] = {}
        for at in self.order:
            for i, of in enumerate(at.args):
                if isinstance(of, Vertex):
                    found.setdefault(of, []).append((at, i))
        return found


def flow_of(root: Vertex, adjoints: Mapping[Vertex, Any]) -> Flow:
    """The tape behind `root`, its unnamed vertices numbered."""
    order = ancestors(root)
    names: dict[Vertex, str] = {}
    count = 0
    for vertex in order:
        if vertex.name:
            names[vertex] = name_tex(vertex.name)
        elif vertex is root:
            names[vertex] = "L"
        elif vertex.op is None and vertex.array.size == 1 and not vertex.needs:
            names[vertex] = factor_tex(vertex.array.item())
        else:
            count += 1
            names[vertex] = f"v_{{{count}}}"
    return Flow(root, order, names, adjoints)


def args_tex(flow: Flow, vertex: Vertex) -> list[str]:
    """The arguments of a vertex in LaTeX."""
    return [_arg_tex(flow, arg) for arg in vertex.args]


def _arg_tex(flow: Flow, arg: Any) -> str:
    if isinstance(arg, Vertex):
        return flow.names[arg]
    if isinstance(arg, np.ndarray) and arg.size > 1:
        return r"\mathrm{const}"
    return factor_tex(np.asarray(arg).item())


def formula(flow: Flow, vertex: Vertex) -> str:
    """`name = operation of its arguments`."""
    if vertex.op is None:
        return flow.names[vertex]
    return f"{flow.names[vertex]} = {forward_tex(vertex.op.name, args_tex(flow, vertex), vertex.params)}"


def short(array: Any) -> str:
    """A value for a node: a number, a small array, or a shape and a range."""
    array = np.asarray(array)
    if array.size == 1:
        return f"{array.item():.5g}"
    if array.size <= 6:
        return "[" + ", ".join(short(row) for row in array) + "]"
    return f"{' × '.join(map(str, array.shape))}, {float(array.min()):.3g} to {float(array.max()):.3g}"


# The picture
# ---------------------------------------------------------------------------------------------------------------


def graph(flow: Flow) -> Graph:
    """The picture; what a layer, a loss or a loop did many times is one node when there are too many."""
    shown = [
        vertex for vertex in flow.order if vertex.op is not None or vertex.needs or vertex.name or vertex.array.size > 1
    ]
    group: dict[Vertex, Any] = {vertex: vertex for vertex in shown}
    folded = ""
    if len(shown) > NODES:
        group = {v: (v.within, v.line) if v.within else v for v in shown}
        folded = "layers and losses"
    if len(set(group.values())) > NODES:
        group = {v: (v.within or (v.op.name if v.op else "leaf"), v.line, v.name) for v in shown}
        folded = "what the program did again and again on one line"
    members: dict[Any, list[Vertex]] = {}
    for vertex in shown:
        members.setdefault(group[vertex], []).append(vertex)
    if len(members) > NODES:
        members = dict(list(members.items())[-NODES:])
        folded += f", and only the last {NODES} nodes are shown"
    ids = {key: f"n{i}" for i, key in enumerate(members)}
    nodes = [_node(flow, ids[key], vertices) for key, vertices in members.items()]
    links: dict[tuple[str, str], None] = {}
    for at in shown:
        for of in at.parents:
            if of in group and group[of] != group[at] and group[of] in ids and group[at] in ids:
                links[ids[group[of]], ids[group[at]]] = None
    edges = [Edge(source, target) for source, target in links]
    last = _plain_name(flow.root)
    summary = (
        f"The computation of {last} from left to right: {len(flow.order)} steps, each with its value and its adjoint."
    )
    if folded:
        summary += f" Folded into one node each: {folded}."
    return Graph(nodes, edges, summary, "Forward values and adjoints")


def _plain_name(vertex: Vertex) -> str:
    return quoted(vertex.name) if vertex.name else "the result"


def _node(flow: Flow, node_id: str, vertices: list[Vertex]) -> Node:
    vertex = vertices[-1]
    if len(vertices) > 1:
        where = vertex.within or (f"line {vertex.line}" if vertex.line else "")
        return Node(
            node_id, formula(flow, vertex), quoted(where), [f"folded: {len(vertices)} steps"], vertex.within or "fold"
        )
    value = f"value {short(vertex.array)}"
    g = flow.adjoints.get(vertex)
    detail = [value] + ([f"adjoint {short(g)}"] if g is not None else [])
    if g is None and not vertex.needs:
        detail.append("constant")
    shape = f"{' × '.join(map(str, vertex.array.shape))}" if vertex.array.ndim else ""
    kind = (
        "leaf"
        if vertex.op is None and vertex.needs
        else "constant"
        if not vertex.needs
        else "result"
        if vertex is flow.root
        else "step"
    )
    return Node(node_id, formula(flow, vertex), shape, detail, kind)


# The derivation
# --------------------------------------------------------------------------------------------------------------


def explanation(flow: Flow) -> Steps:
    """For every vertex, from the root back: the sum over its children of upstream times local, in three stages."""
    users = flow.users()
    asked = [v for v in reversed(flow.order) if v in flow.adjoints and v.needs]
    steps = [_root_step(flow)]
    steps += [_step(flow, v, users.get(v, [])) for v in asked if v is not flow.root][: EXPLAINED - 1]
    return Steps(steps, "Backward, one node at a time")


def _root_step(flow: Flow) -> Step:
    value = array_tex(np.asarray(flow.adjoints[flow.root]))
    tex = rf"\frac{{\partial {flow.loss}}}{{\partial {flow.loss}}} = {value}"
    return Step(
        f"Start at ${flow.loss}$", tex, "The result changes with itself one to one: the backward pass starts with this."
    )


def _step(flow: Flow, of: Vertex, uses: list[tuple[Vertex, int]]) -> Step:
    """The adjoint of one vertex."""
    uses = [(at, i) for at, i in uses if at in flow.adjoints]
    parts = [_contribution(flow, at, i, of) for at, i in uses]
    name = flow.names[of]
    result = array_tex(np.asarray(flow.adjoints[of]))
    stages = [flow.partial(of), " + ".join(part.chain for part in parts)]
    for stage in ([part.local for part in parts], [part.numbers for part in parts]):
        if all(stage):
            stages.append(" + ".join(stage))
    tex = " = ".join([*stages, result])
    why = " ".join(dict.fromkeys(part.why for part in parts if part.why))
    if len(parts) > 1:
        why = f"${name}$ is used {len(parts)} times, so {len(parts)} contributions are added. " + why
    where = [rf"\bar{{{flow.names[at]}}} = {flow.partial(at)}" for at, _ in uses if any(p.index for p in parts)]
    where += [part.index for part in parts if part.index]
    detail: Any = "expert" if of.name else "normal"
    return Step(f"Adjoint of ${name}$", tex, why.strip(), list(dict.fromkeys(where)), detail)


@dataclass
class _Part:
    """One contribution in its three stages, and why it looks as it does."""

    chain: str
    local: str = ""
    numbers: str = ""
    index: str = ""
    why: str = ""


def _contribution(flow: Flow, at: Vertex, i: int, of: Vertex) -> _Part:
    assert at.op is not None
    names = args_tex(flow, at)
    y = flow.names[at]
    chain = rf"{flow.partial(at)} \, \frac{{\partial {y}}}{{\partial {flow.names[of]}}}"
    upstream = np.asarray(flow.adjoints[at])
    local = LOCAL.get(at.op.name)
    if local and i < len(local):
        symbol = local[i](names, y, at.params)
        summed = of.array.shape != at.array.shape
        dot = r"\odot" if at.array.ndim else r"\cdot"
        head = rf"\bar{{{y}}}" if upstream.ndim else factor_tex(upstream.item())
        stage = rf"{head} {dot} {symbol}"
        why = ""
        if summed:
            stage = rf"\textstyle\sum_{{\text{{copies}}}} {stage}"
            why = f"${flow.names[of]}$ was broadcast, so its adjoint is the sum over the copies."
        index = rf"\bar{{{y}}} = {flow.partial(at)}" if upstream.ndim else ""
        return _Part(chain, stage, _numbers(flow, at, i, upstream), index, why)
    shapes = [arg.array.shape if isinstance(arg, Vertex) else np.shape(arg) for arg in at.args]
    product = product_of(at.op.name, i, names, y, shapes, at.params)
    if product is None:
        return _Part(chain)
    matrix, index, why = product
    return _Part(chain, matrix, "", rf"\left({flow.partial(of)}\right)_{{\ldots}} = {index}" if index else "", why)


def _numbers(flow: Flow, at: Vertex, i: int, upstream: Any) -> str:
    """Upstream times local in numbers, when both are single numbers."""
    assert at.op is not None
    if upstream.ndim or any(isinstance(arg, Vertex) and arg.array.ndim for arg in at.args):
        return ""
    args = [arg.array if isinstance(arg, Vertex) else arg for arg in at.args]
    local = at.op.vjp(i, np.ones_like(upstream), at.array, args, at.params)
    return rf"{factor_tex(upstream.item())} \cdot {factor_tex(np.asarray(local).item())}"


def gradient_tex(flow: Flow, vertex: Vertex, g: Any) -> str:
    """`∂loss/∂w = value`."""
    return f"{flow.partial(vertex)} = {array_tex(np.asarray(g))}"
