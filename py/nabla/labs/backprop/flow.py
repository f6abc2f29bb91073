"""The tape behind one result, with names for its vertices: what the picture and the derivation are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.tensor.notation import array_tex, bar_of, factor_tex, name_tex
from nabla.tensor.replay import ancestors
from nabla.tensor.tape import Vertex


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
        r"""`\frac{\partial loss}{\partial vertex}`; of several numbers, with the adjoint they were given before it."""
        derivative = rf"\frac{{\partial {self.loss}}}{{\partial {self.names[vertex]}}}"
        return derivative if self.root.array.size == 1 else rf"{bar_of(self.loss)}^\top {derivative}"

    def users(self) -> dict[Vertex, list[tuple[Vertex, int]]]:
        """For every vertex those computed from it, with the place of the argument."""
        found: dict[Vertex, list[tuple[Vertex, int]]] = {}
        for at in self.order:
            for i, of in enumerate(at.args):
                if isinstance(of, Vertex):
                    found.setdefault(of, []).append((at, i))
        return found


def flow_of(root: Vertex, adjoints: Mapping[Vertex, Any]) -> Flow:
    """The tape behind `root`. Vertices without a name are numbered; a name that was given again, as in a loop, gets
    its number in brackets above.
    """
    order = ancestors(root)
    given: dict[str, list[Vertex]] = {}
    for vertex in order:
        if vertex.name:
            given.setdefault(vertex.name, []).append(vertex)
    # What a loop starts from has the number 0, what its first turn gives 1.
    seen = {name: -1 if len(of) > 1 and not of[0].turns and of[1].turns else 0 for name, of in given.items()}
    names: dict[Vertex, str] = {}
    count = 0
    for vertex in order:
        if vertex.name:
            seen[vertex.name] += 1
            tex = name_tex(vertex.name)
            several = len(given[vertex.name]) > 1 and vertex is not root  # the result is the last of its name
            names[vertex] = rf"{{{tex}^{{({seen[vertex.name]})}}}}" if several else tex
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
    return f"{flow.names[vertex]} = {vertex.op.written(args_tex(flow, vertex), vertex.params)}"


def short(array: Any) -> str:
    """A value in a line: a number, a small array, or a shape and a range."""
    array = np.asarray(array)
    if array.size == 1:
        return f"{array.item():.5g}"
    if not array.size:
        return "empty"
    if array.size <= 6:
        return "[" + ", ".join(short(row) for row in array) + "]"
    return f"{' × '.join(map(str, array.shape))}, {spread(array)}"


def spread(array: Any) -> str:
    """The least and the largest of an array's numbers, and how many are none."""
    array = np.asarray(array)
    numbers = array[~np.isnan(array)] if array.dtype.kind == "f" else array
    missing = f"{array.size - numbers.size} nan" if numbers.size < array.size else ""
    if not numbers.size:
        return missing
    return f"{float(np.min(numbers)):.3g} to {float(np.max(numbers)):.3g}" + (f" and {missing}" if missing else "")


def gradient_tex(flow: Flow, vertex: Vertex, g: Any) -> str:
    """`∂loss/∂w = value`."""
    return f"{flow.partial(vertex)} = {array_tex(np.asarray(g))}"
