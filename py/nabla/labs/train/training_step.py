"""The first step of a training as layered answers read it: arrays in the order of their making, from the trace."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nabla.errors import UserError
from nabla.labs.train.body import body_of, statements
from nabla.labs.train.probe import FollowedSteps, StepProbe
from nabla.program.errors import Raised
from nabla.program.made import LoopTurn, TracedValue
from nabla.program.source import Program, refuse

# Names of functions, methods and operators that are the same operation.
SAME = {
    "matmul": "dot", "imatmul": "dot", "truediv": "div", "divide": "div", "true_divide": "div", "subtract": "sub",
    "add": "add", "multiply": "mul", "negative": "neg", "asarray": "array", "power": "pow", "isub": "sub",
    "iadd": "add", "imul": "mul", "itruediv": "div", "ipow": "pow",
}  # fmt: skip
ELEMENTWISE = frozenset("add sub mul div pow maximum minimum neg exp log tanh square abs sqrt sign where".split())


@dataclass(eq=False)
class StepValue:
    """A value of the step: the operation, its operands (nodes or plain values), its line and the names it was given.

    Operands inside lists and indices stand behind the others. `traced` is the value of the trace that it is.
    """

    op: str
    args: tuple[Any, ...]
    value: Any
    line: int
    order: int
    keywords: dict[str, Any] = field(default_factory=dict)
    names: list[tuple[int, str]] = field(default_factory=list)
    traced: TracedValue | None = None

    @property
    def parents(self) -> list[StepValue]:
        """The operands that are values of the step themselves."""
        return [arg for arg in self.args if isinstance(arg, StepValue)]

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape, () for a number."""
        return tuple(np.shape(self.value))


@dataclass
class TrainingStep:
    """One step of training.

    Attributes:
        nodes: every array of the step, in the order of their making; those before it are "leaf" nodes.
        before, after: the program's arrays by name.
        seen: what each expression of the step gave, a node or a plain value.
        changed: the names whose arrays the step replaced or changed; `ends` what they are then.
        raised: how the step ended, if not well; `failed` is the operation at fault and its operands.
    """

    nodes: list[StepValue]
    before: dict[str, Any]
    after: dict[str, Any] = field(default_factory=dict)
    seen: dict[ast.AST, Any] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    ends: dict[str, StepValue] = field(default_factory=dict)
    raised: Raised | None = None
    failed: tuple[str, tuple[Any, ...]] | None = None

    def leaf(self, name: str) -> StepValue | None:
        """The array of that name at the start of the step."""
        return next((n for n in self.nodes if n.op == "leaf" and n.names and n.names[0][1] == name), None)


class FirstStep:
    """The first step of a program that trains, which can be taken from any weights.

    Attributes:
        program: as read.
        step: the loop whose turns are the steps; `loop` the outermost around it in which its weights are kept.
        body: the statements of the step, those of methods that it calls among them; `before` those outside the loops.
        roots: what the program's own lines call an object, `self` where the loop would have to write `net`.

    Raises:
        UserError: nothing is trained, or the loop never turns.
    """

    def __init__(self, probe: StepProbe) -> None:
        program = self.program = probe.program
        self.probe = probe
        if probe.loop is None or not probe.first.turns:
            raise nothing_trained(program)
        self.turn = probe.first.turns[0]
        outer = self._outer()
        node = probe.nodes[outer.loop]
        assert isinstance(node, (ast.For, ast.While))
        self.step, self.loop = probe.loop, node
        self.body = body_of(program.tree, self.step.body)
        self.before = statements(program.tree, self.loop)
        self.roots = _roots(self.turn)
        self.outer = outer

    def said(self, path: str) -> str:
        """A path in the words of the program's own lines, `self.w` for `net.w`."""
        return _rooted(path, self.roots)

    def written(self, name: str) -> str:
        """The path that leads to what the program's lines call so, where the loop stands."""
        return _rooted(name, {said: path for path, said in self.roots.items()})

    def outside(self, name: str) -> str:
        """The same where the outer loop stands."""
        path, made = self.written(name), self.made(name)
        if self.outer.start.get(path) is made:
            return path
        return next((p for p, value in self.outer.start.items() if value is made), path)

    def _outer(self) -> LoopTurn:
        """The turn of the outermost loop at whose begin there are the weights already."""
        wanted = {id(self.turn.start[name]) for name in self.probe.updated}
        around = [turn for turn in self.probe.first.trace.open if turn.first <= self.turn.first]
        for turn in around:
            if wanted and wanted <= {id(value) for value in turn.start.values()}:
                return turn
        return self.turn

    @property
    def lines(self) -> set[int]:
        """The lines of the step's statements."""
        return {line for node in self.body for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}

    def made(self, name: str) -> TracedValue | None:
        """The value under a name when the step begins."""
        value = self.turn.start.get(self.written(name))
        return value if isinstance(value, TracedValue) else None

    def updates(self, name: str) -> list[ast.Assign | ast.AugAssign]:
        """The statements of the step that give a weight its new value."""
        return updates(self.body, name) or self._last(name)

    def _last(self, name: str) -> list[ast.Assign | ast.AugAssign]:
        """The statement that made a value what it is at the end: of many objects all share it."""
        new, old = self.turn.end.get(self.written(name)), self.made(name)
        if not isinstance(new, TracedValue) or new is old:
            return []
        owners = [node for node in ast.walk(self.program.tree) if isinstance(node, (ast.Assign, ast.AugAssign))
                  and any(getattr(part, "place", -1) == new.place for part in ast.walk(node))]  # fmt: skip
        return owners[:1]

    def total(self) -> int | None:
        """How many turns the outer loop has; None where it does not say."""
        if isinstance(self.loop, ast.While):
            return None
        values = self.probe.first.trace.seen.get(self.loop.iter.place)  # type: ignore[attr-defined]
        held: Any = values.value if isinstance(values, TracedValue) else values
        return len(held) if hasattr(held, "__len__") else None

    def take(self, weights: Mapping[str, Any] | None = None) -> TrainingStep:
        """The step from its start, with other weights where some are given."""
        if not weights:
            return _StepReader(self, self.probe.first, self.turn).step()
        followed = self.probe.again({self.written(name): value for name, value in weights.items()})
        if not followed.turns:
            raise nothing_trained(self.program)
        return _StepReader(self, followed, followed.turns[0]).step()


def nothing_trained(program: Program) -> UserError:
    """The error for a program without a loop that trains."""
    kind = next((node for node in program.tree.body if isinstance(node, ast.ClassDef)), None)
    if kind is not None:
        hint = "Paste the lines below it too: those that make the network and train it."
        return refuse(program, kind, "the class is here, but no loop that trains an object of it.", hint, "value")
    hint = "Paste the whole program: X, y, the weights, and the loop that trains them."
    return UserError("value", "There is no loop that trains a network: none multiplies matrices.", hint=hint)


def updates(body: list[ast.stmt], name: str) -> list[ast.Assign | ast.AugAssign]:
    """The statements that give a weight its new value."""
    found: list[ast.Assign | ast.AugAssign] = []
    for node in ast.walk(ast.Module(body, [])):
        if isinstance(node, (ast.Assign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(ast.unparse(part) == name for target in targets for part in _leaves(target)):
                found.append(node)
    return found


def _leaves(target: ast.expr) -> list[ast.expr]:
    return [part for item in target.elts for part in _leaves(item)] if isinstance(target, ast.Tuple) else [target]


def _roots(turn: LoopTurn) -> dict[str, str]:
    """What the lines that change something call the object that holds it, where they mean only one by that name."""
    roots: dict[str, set[str]] = {}
    for path, new in turn.end.items():
        old, tail = turn.start.get(path), _tail(path)
        if tail and isinstance(new, TracedValue) and isinstance(old, TracedValue) and new is not old:
            for _, text in new.names:
                if text != path and text.endswith(tail):
                    roots.setdefault(text.removesuffix(tail), set()).add(path.removesuffix(tail))
    return {min(paths): text for text, paths in roots.items() if len(paths) == 1}


def _rooted(path: str, roots: Mapping[str, str]) -> str:
    """A path with its root exchanged."""
    for root, other in roots.items():
        if path.startswith((f"{root}.", f"{root}[")):
            return other + path.removeprefix(root)
    return path


def _tail(path: str) -> str:
    """The path behind its first name."""
    ends = [path.find(sign) for sign in ".[" if sign in path]
    return path[min(ends) :] if ends else ""


class _StepReader:
    """Reads one turn of a trace as a step."""

    def __init__(self, first: FirstStep, followed: FollowedSteps, turn: LoopTurn) -> None:
        self.first, self.followed, self.turn = first, followed, turn
        self.nodes: list[StepValue] = []
        self.known: dict[TracedValue, StepValue] = {}

    def step(self) -> TrainingStep:
        """The step."""
        turn, trace = self.turn, self.followed.trace
        say = self.first.said
        before: dict[str, Any] = {}
        for path, value in turn.start.items():
            plain = isinstance(value, TracedValue) and type(value.value) is float
            if isinstance(value, TracedValue) and not (plain and turn.end.get(path) is value):
                name = say(path)
                self._add(value, "leaf", (), 0, [(0, name)])
                before[name] = value.value
        for made in trace.nodes[turn.first : turn.stop]:
            if made not in self.known and made.op != "number":
                args = [self._operand(operand) for operand in made.operands]
                inner = [self._node(part) for part in _nested((*made.operands, *made.named.values()))]
                op = SAME.get(made.op, made.op)
                node = self._add(made, op, (*args, *inner), made.line, list(made.names))
                node.keywords = {key: self._operand(value) for key, value in made.named.items()}
        after, ends, changed = {}, {}, []
        for path, value in turn.end.items():
            name = say(path)
            if isinstance(value, TracedValue):
                after[name] = value.value
                if name in before and value is not turn.start.get(path):
                    changed.append(name)
                    ends[name] = self._node(value)
        tree = self.first.probe.nodes
        seen = {tree[place]: self._operand(value) for place, value in trace.seen.items()}
        failed = trace.failed if self.followed.raised is not None else None
        told = None if failed is None else (SAME.get(failed[0], failed[0]), tuple(map(self._operand, failed[1])))
        return TrainingStep(self.nodes, before, after, seen, changed, ends, self.followed.raised, told)

    def _add(
        self, made: TracedValue, op: str, args: tuple[Any, ...], line: int, names: list[tuple[int, str]]
    ) -> StepValue:
        node = StepValue(op, args, made.value, line, len(self.nodes), names=names, traced=made)
        self.known[made] = node
        self.nodes.append(node)
        return node

    def _node(self, made: TracedValue) -> Any:
        """The node of a value of the trace; numbers from before the step are only themselves, unless it moves them."""
        before = made.order < self.turn.first and type(made.value) is float
        if made not in self.known and (made.op == "number" or before):
            return made.value
        return self.known.get(made) or self._add(made, "leaf", (), 0, [])

    def _operand(self, operand: Any) -> Any:
        return self._node(operand) if isinstance(operand, TracedValue) else operand


def _nested(operands: tuple[Any, ...]) -> Iterator[TracedValue]:
    """The values inside the lists and tuples among some operands."""
    for operand in operands:
        if isinstance(operand, (list, tuple)):
            yield from (item for item in operand if isinstance(item, TracedValue))
            yield from _nested(tuple(item for item in operand if isinstance(item, (list, tuple))))


def fitting(failed: tuple[str, tuple[Any, ...]] | None) -> str:
    """What would fit where an operation of two arrays failed."""
    parents = [arg for arg in failed[1] if isinstance(arg, StepValue)] if failed else []
    if failed is None or len(parents) != 2 or not all(parent.shape for parent in parents):
        return ""
    left, right = (" × ".join(map(str, parent.shape)) for parent in parents)
    if failed[0] == "dot":
        columns, rows = parents[0].shape[-1], parents[1].shape[0]
        fits = f"the right one needs {columns} rows, or the left one {rows} columns"
        return f"{left} times {right}: {fits}."
    return f"{left} and {right}: element by element, sizes must be equal or 1."
