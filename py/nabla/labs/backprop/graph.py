"""The tape as a picture: nodes with formulas, values and adjoints, folded by layers, losses and the turns of loops."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nabla.answer.document import Edge, Graph, Group, Node, quoted
from nabla.labs.backprop.flow import Flow, formula, short
from nabla.tensor.notation import array_tex, shape_tex
from nabla.tensor.tape import Vertex

MOST = 150  # nodes that are sent; what lies between is summed up
OPEN = 25  # nodes up to which nothing is folded to begin with
WRITTEN = 9  # elements of an array that is written into a node

Key = tuple[Any, ...]


@dataclass
class Picture:
    """A graph, and the vertices that have a node of their own in it, with its id."""

    graph: Graph
    shown: dict[Vertex, str] = field(default_factory=dict)


def picture(flow: Flow) -> Picture:
    """The picture of a tape. When it has too many nodes, the turns of a loop between the first two and the last
    become one node, then the steps of a layer or a loss, then what one line did again and again.
    """
    drawn = [v for v in flow.order if v.op is not None or v.needs or v.name or v.array.size > 1]
    keys, told = _keys(drawn)
    members: dict[Key, list[Vertex]] = {}
    for vertex in drawn:
        members.setdefault(keys[vertex], []).append(vertex)
    if len(members) > MOST:
        members = dict(list(members.items())[-MOST:])
        told.append(f"of what came before the last {MOST} nodes nothing is drawn")
    ids = {key: f"n{i}" for i, key in enumerate(members)}
    paths = _paths(drawn, members)
    groups, inside = _groups(flow, paths, members, len(members) > OPEN)
    nodes = [_node(flow, ids[key], vertices, inside[key]) for key, vertices in members.items()]
    links: dict[tuple[str, str], None] = {}
    for at in drawn:
        for of in at.parents:
            if keys.get(of, keys[at]) != keys[at] and keys[of] in ids and keys[at] in ids:
                links[ids[keys[of]], ids[keys[at]]] = None
    edges = [Edge(source, target) for source, target in links]
    graph = Graph(nodes, edges, _summary(flow, told), "Forward values and adjoints", groups, list(ids.values()))
    return Picture(graph, {v: ids[v,] for v in drawn if keys[v] == (v,) and (v,) in members})


def _summary(flow: Flow, told: list[str]) -> str:
    last = f"`{quoted(flow.root.name)}`" if flow.root.name else "the result"
    steps = sum(v.op is not None for v in flow.order)
    text = f"How {last} is computed, from left to right in {steps:,} step{'s' if steps > 1 else ''}; each node has its "
    text += "value and, once the backward pass has come by, its adjoint."
    turns = {v.turns for v in flow.order if v.op is not None}
    if len(turns) == 1 and (turn := next(iter(turns))):
        text += f" This is turn {turn[-1].number + 1:,} of the loop in line {turn[-1].line}."
    return (
        text
        + "".join(f" Because there are so many, {item}." for item in told[:1])
        + "".join(f" Also, {item}." for item in told[1:])
    )


# Too many nodes
# ---------------------------------------------------------------------------------------------------------------


def _keys(drawn: list[Vertex]) -> tuple[dict[Vertex, Key], list[str]]:
    """For every vertex the node it is drawn in, and what was summed up to have at most `MOST` nodes."""
    keys: dict[Vertex, Key] = {v: (v,) for v in drawn}
    told: list[str] = []
    while len(set(keys.values())) > MOST and (middle := _middle(drawn, keys)):
        for vertex in middle[1]:
            keys[vertex] = ("turns", middle[0])
        told.append("the turns of a loop between the second and the last are one node")
    if len(set(keys.values())) > MOST:
        keys = {v: ("unit", v.unit) if v.unit and key == (v,) else key for v, key in keys.items()}
        told.append("each layer and each loss is one node")
    if len(set(keys.values())) > MOST:
        keys = {
            v: ("line", v.line, v.op is None) if key[0] is v or key[0] == "unit" else key for v, key in keys.items()
        }
        told.append("what one line of the program did is one node")
    return keys, list(dict.fromkeys(told))


def _middle(drawn: list[Vertex], keys: dict[Vertex, Key]) -> tuple[int, list[Vertex]] | None:
    """The loop with the most nodes between its second and its last turn, and those nodes."""
    turns: dict[int, list[int]] = {}
    inside: dict[int, list[tuple[int, Vertex]]] = {}
    for vertex in drawn:
        for turn in vertex.turns:
            inside.setdefault(turn.loop, []).append((turn.number, vertex))
            turns.setdefault(turn.loop, []).append(turn.number)
    best: tuple[int, list[Vertex]] | None = None
    for loop, pairs in inside.items():
        first, last = min(turns[loop]), max(turns[loop])
        middle = [v for count, v in pairs if first + 1 < count < last and keys[v] == (v,)]
        if middle and (best is None or len(middle) > len(best[1])):
            best = loop, middle
    return best


# Groups
# ---------------------------------------------------------------------------------------------------------------


def _paths(drawn: list[Vertex], members: dict[Key, list[Vertex]]) -> dict[Key, list[Key]]:
    """For every node the groups it lies in, the outermost first: loops, their turns, layers and losses."""
    owners = _owners(drawn)
    paths: dict[Key, list[Key]] = {}
    for key, vertices in members.items():
        vertex = owners.get(vertices[-1], vertices[-1])
        if vertex.op is None:
            paths[key] = []
            continue
        path: list[Key] = []
        for turn in vertex.turns:
            path.append(("loop", turn.loop, turn.line))
            if key == ("turns", turn.loop):
                break
            path.append(("turn", turn.loop, turn.line, turn.number))
        else:
            if vertex.unit and key[0] is vertices[-1]:
                path.append(("unit", vertex.unit))
        paths[key] = path if key[0] != "line" else []
    return paths


def _owners(drawn: list[Vertex]) -> dict[Vertex, Vertex]:
    """Leaves that one layer alone uses: they fold with it. Other leaves stand outside of every group."""
    users: dict[Vertex, list[Vertex]] = {}
    for at in drawn:
        for of in at.parents:
            if of.op is None:
                users.setdefault(of, []).append(at)
    return {of: by[0] for of, by in users.items() if by[0].unit and len({at.unit for at in by}) == 1}


def _groups(
    flow: Flow, paths: dict[Key, list[Key]], members: dict[Key, list[Vertex]], folded: bool
) -> tuple[list[Group], dict[Key, str]]:
    """The groups worth folding, and for every node the id of the innermost it lies in.

    A group of one node is none, and so is one that holds everything that is computed.
    """
    count: Counter[Key] = Counter(group for path in paths.values() for group in path)
    steps: Counter[Key] = Counter(
        group for key, path in paths.items() for group in path if any(v.op and v.needs for v in members[key])
    )
    every = sum(any(v.op and v.needs for v in vertices) for vertices in members.values())
    ids: dict[Key, str] = {}
    groups: list[Group] = []
    inside: dict[Key, str] = {}
    for key, path in paths.items():
        parent = ""
        for group in path:
            if count[group] < 2 or steps[group] >= every:
                continue
            if group not in ids:
                ids[group] = f"g{len(ids)}"
                groups.append(Group(ids[group], _label(flow, group, not parent), parent, folded))
            parent = ids[group]
        inside[key] = parent
    return groups, inside


def _label(flow: Flow, group: Key, alone: bool) -> str:
    if group[0] == "loop":
        turns = 1 + max(turn.number for v in flow.order for turn in v.turns if turn.loop == group[1])
        return f"loop in line {group[2]}, {turns:,} turn{'s' if turns > 1 else ''}"
    if group[0] == "turn":
        return f"turn {group[3] + 1:,}" + (f" of the loop in line {group[2]}" if alone else "")
    unit = [v for v in flow.order if v.unit == group[1]]
    weights = [arg.name for v in unit for arg in v.parents if arg.op is None and "." in arg.name]
    layer = f" {quoted(weights[0].rpartition('.')[0])}" if weights else ""
    return f"`{quoted(unit[-1].within)}`{layer}"


# Nodes
# ---------------------------------------------------------------------------------------------------------------


def _node(flow: Flow, node_id: str, vertices: list[Vertex], group: str) -> Node:
    vertex = vertices[-1]
    if len(vertices) > 1:
        return _several(flow, node_id, vertices, group)
    g = flow.adjoints.get(vertex)
    shape = " × ".join(map(str, vertex.array.shape))
    if vertex.op is None and not vertex.needs:
        shape = f"{shape}, constant" if shape else "constant"
    elif vertex.op is None:
        shape = f"{shape}, leaf" if shape else "leaf"
    detail = [] if _small(vertex.array) else [f"value {short(vertex.array)}"]
    if g is not None and not _small(np.asarray(g)):
        detail.append(f"adjoint {short(g)}")
    adjoint = "" if g is None else _written(np.asarray(g))
    return Node(node_id, formula(flow, vertex), shape, detail, group, _written(vertex.array), adjoint)


def _several(flow: Flow, node_id: str, vertices: list[Vertex], group: str) -> Node:
    """One node for several vertices: what happens in it, and how often."""
    first, last = vertices[0], vertices[-1]
    counts = [turn.number for v in vertices for turn in v.turns[:1]]
    if counts and min(counts) < max(counts):
        label = f"turns {min(counts) + 1:,} to {max(counts) + 1:,}"
    elif last.unit and first.unit == last.unit:
        label = f"`{quoted(last.within)}`"
    else:
        label = f"line {last.line}" if last.line else ""
    return Node(node_id, rf"\cdots \quad {flow.names[last]}", label, [f"{len(vertices):,} steps in one node"], group)


def _small(array: Any) -> bool:
    return bool(0 < array.size <= WRITTEN and array.ndim <= 2 and max(array.shape, default=1) <= 4)


def _written(array: Any) -> str:
    """A number or a small array in LaTeX; of anything larger its shape."""
    return array_tex(array) if _small(array) else shape_tex(array.shape)
