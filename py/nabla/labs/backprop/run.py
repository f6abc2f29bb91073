"""A program run on the tape: its dialect, its names, what it printed, how it ended, and its backward passes."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nabla.program.errors import Raised
from nabla.program.evidence import Evidence, Observer
from nabla.program.modules import tape
from nabla.program.rewrite import Wishes
from nabla.program.run import Session
from nabla.program.source import Program, names_in, read
from nabla.tensor.arrays import followed
from nabla.tensor.arrays import names as arrays
from nabla.tensor.passes import Derivative, Pass, derivative_in
from nabla.tensor.replay import ancestors
from nabla.tensor.tape import STATE, Tensor, Turn, Vertex, new_run
from nabla.tensor.torch.layers import GENERATOR, Layer

_LOSS = re.compile(r"(?:.*_)?(?:loss|cost|mse|error|err|objective|l|j|e)(?:_?\d+|_val|_value)?", re.I)
# What a program calls the derivative by a name: that is none of its results.
_ADJOINT = re.compile(r"(?:d_?|grad_|d\w+_d)(\w+?)(?:_grad)?")
DERIVATIVES = 200  # that prints show
# The packages that decide how a program is meant, the first that it imports.
DIALECTS = {"torch": "torch", "jax": "jax", "autograd": "autograd", "keras": "keras", "tensorflow": "keras"}


@dataclass(frozen=True)
class ShownDerivative:
    """A derivative that a print shows: which print, counted from 0, its line, what it is, and its numbers then."""

    entry: int
    line: int
    derivative: Derivative
    value: Any


@dataclass
class Outcome:
    """The result of a run.

    Attributes:
        program: as read.
        dialect: "torch", "jax", "autograd" or "numpy".
        tensors: every tensor with a name at the end, parameters of layers as `model.weight`.
        printed: line, text and value of each print.
        raised: how the program itself ended, if not well.
        passes: backward passes, the first ones and the last.
        backwards: how many there were.
        steps: how many vertices were made.
        blame: what led to what was raised, in words, where that is known.
        failed: the root of a backward pass that raised: a value had been changed in place, or it is no single number.
        notes: what was mended or passed over.
        arguments: the values that each print was given, as data.
        events: of a training: backward passes, steps, gradients cleared, with their lines.
        derivatives: those that prints show.
        kept: those that tensors with a name hold at the end.
        derived: the names of tensors that are made of derivatives.
    """

    program: Program
    dialect: str
    tensors: dict[str, Tensor] = field(default_factory=dict)
    printed: list[dict[str, Any]] = field(default_factory=list)
    raised: Raised | None = None
    passes: list[Pass] = field(default_factory=list)
    backwards: int = 0
    steps: int = 0
    unseeded: bool = False
    blame: str = ""
    failed: Vertex | None = None
    notes: list[str] = field(default_factory=list)
    arguments: list[Any] = field(default_factory=list)
    events: list[tuple[str, int, Any]] = field(default_factory=list)
    derivatives: list[ShownDerivative] = field(default_factory=list)
    kept: dict[str, Derivative] = field(default_factory=dict)
    derived: set[str] = field(default_factory=set)


def dialect_of(tree: ast.Module) -> str:
    """The dialect of a program, from its imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        for name in names:
            if name.split(".")[0] in DIALECTS:
                return DIALECTS[name.split(".")[0]]
    used = {
        node.value.id for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    if used & {"torch", "nn", "F"}:
        return "torch"
    read, bound = names_in(tree)
    return "jax" if "jnp" in used else "autograd" if (read - bound) & set(tape.FORGOTTEN) else "numpy"


def run(text: str, numpy: bool = False) -> Outcome:
    """Read and run a program.

    Args:
        text: of the program.
        numpy: whether arrays of NumPy are followed in a program of PyTorch, as they are in one of NumPy alone.

    Raises:
        UserError: what cannot be read, what is not understood, and what does too much.
    """
    program = read(text)
    outcome = Outcome(program, dialect_of(program.tree))
    random = any(
        isinstance(n, ast.Attribute) and n.attr.startswith(("rand", "Linear", "Conv", "Embedding"))
        for n in ast.walk(program.tree)
    )
    seeded = any(isinstance(n, (ast.Attribute, ast.Name)) and getattr(n, "attr", getattr(n, "id", "")) in
                 ("manual_seed", "seed", "default_rng", "PRNGKey", "key") for n in ast.walk(program.tree))  # fmt: skip
    outcome.unseeded = random and not seeded
    with new_run():
        GENERATOR.seed(0)
        arrays.RANDOM.seed(0)
        STATE.follows = numpy or outcome.dialect == "numpy"
        observer = _OnTape(STATE.follows, program.tree)
        session = Session(program, tape.supply(outcome.dialect), observer=observer)
        STATE.where, observer.evidence = session.guard.line, session.evidence
        done = session.run().require()
        if done.raised is not None:
            outcome.raised, outcome.blame, outcome.failed = done.raised, STATE.blame, STATE.failed
        for name, value in done.names.items():
            outcome.tensors.update(_tensors(name, value))
        _name_leaves(outcome.tensors)
        outcome.printed = [
            {"line": entry.line, "text": entry.text, "value": _shown(entry.values)} for entry in done.evidence.printed
        ]
        outcome.arguments = [entry.values for entry in done.evidence.printed]
        outcome.notes = done.evidence.notes
        outcome.events, outcome.derivatives = list(STATE.events), observer.derivatives
        held = {name: derivative_in(tensor) for name, tensor in outcome.tensors.items()}
        outcome.derived = {name for name, tensor in outcome.tensors.items() if _is_derived(tensor.vertex)}
        outcome.kept = {name: derivative for name, derivative in held.items() if derivative is not None}
        outcome.passes, outcome.backwards, outcome.steps = list(STATE.passes), STATE.backwards, STATE.made
    return outcome


def _is_derived(vertex: Vertex) -> bool:
    """Whether a derivative that was computed went into a value."""
    return bool(STATE.derivatives) and any(part in STATE.derivatives for part in ancestors(vertex))


def _tensors(name: str, value: Any) -> dict[str, Tensor]:
    if isinstance(value, Tensor):
        return {name: value}
    if isinstance(value, Layer) and "parts" in vars(value):
        return {f"{name}.{inner}": p for inner, p in value.named_parameters()}
    return {}


class _OnTape(Observer):
    """Names vertices by the names that the program gives, and keeps count of the loops."""

    def __init__(self, literals: bool, tree: ast.Module) -> None:
        self.wishes = Wishes(names=True, literals=literals, turns=True)
        self.evidence = Evidence()
        self.derivatives: list[ShownDerivative] = []
        self._prints = [
            (node.lineno, node.end_lineno or node.lineno)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        ]

    def bound(self, name: str, value: Any) -> None:
        """The first name of a tensor is the name of its vertex."""
        _named(name, value)

    def literal(self, value: Any) -> Any:
        """Numbers of a NumPy program are followed."""
        return followed(value)

    def turn(self, line: int, count: int) -> None:
        """A loop is entered, turns again, or is left."""
        _turn(line, count)

    def shown(self, value: Any) -> Any:
        """What was printed, as it was then."""
        if STATE.spoken and len(self.derivatives) < DERIVATIVES:
            self._derivatives(len(self.evidence.printed), STATE.line)
        STATE.spoken.clear()
        return value_of(value)

    def _derivatives(self, entry: int, line: int) -> None:
        """Take down the derivatives that were written out for a print."""
        lines = {line}.union(*(range(a, b + 1) for a, b in self._prints if a <= line <= b))
        spoken = dict.fromkeys(vertex for at, vertex in STATE.spoken if at in lines)
        for vertex in spoken:
            derivative = derivative_in(vertex)
            if derivative is not None:
                self.derivatives.append(ShownDerivative(entry, line, derivative, np.array(vertex.array)))


def _turn(line: int, count: int) -> None:
    """A loop is entered, turns again, or is left."""
    if count < 0:
        STATE.turns = STATE.turns[:-1]
    elif count == 0:
        STATE.loops += 1
        STATE.turns = (*STATE.turns, Turn(STATE.loops, line, 0))
    else:
        STATE.turns = (*STATE.turns[:-1], Turn(STATE.turns[-1].loop, line, count))


def _named(name: str, value: Any) -> None:
    """A tensor's first name is the name of its vertex.

    In a program of NumPy alone, what was computed from nothing that has a name is given, as W = 2 * rand(3, 4) - 1 is.
    """
    if isinstance(value, Tensor):
        vertex = value.vertex
        if STATE.follows and not vertex.name and vertex.op is not None and _from_nothing(vertex):
            vertex.op, vertex.args = None, ()
            vertex.needs = vertex.needs and STATE.recording
        vertex.name = vertex.name or name
    elif isinstance(value, Layer) and name != "self":
        for full, p in _tensors(name, value).items():
            p.vertex.name = p.vertex.name or full


def _from_nothing(vertex: Vertex) -> bool:
    """Whether nothing with a name went into a value."""
    stack, seen = [vertex], {vertex}
    while stack:
        for parent in stack.pop().parents:
            if parent.name:
                return False
            if parent not in seen:
                seen.add(parent)
                stack.append(parent)
    return True


def _name_leaves(tensors: Mapping[str, Tensor]) -> None:
    """Weights that got their names late, as those of layers do that are added one by one."""
    names = {id(tensor): name for name, tensor in tensors.items()}
    for done in STATE.passes:
        for vertex in done.adjoints:
            if vertex.op is None and not vertex.name and id(vertex.holder) in names:
                vertex.name = names[id(vertex.holder)]


def _shown(values: tuple[Any, ...]) -> Any:
    """What was printed as data: the number or nested list of one value, a list of several."""
    return values[0] if len(values) == 1 else list(values)


def value_of(value: Any) -> Any:
    """A value as what a document can hold."""
    if isinstance(value, Tensor):
        return value.array.tolist()
    if isinstance(value, (list, tuple)):
        return [value_of(item) for item in value]
    if isinstance(value, dict):
        return {str(key): value_of(item) for key, item in value.items()}
    if value is None or isinstance(value, (bool, int, str)):
        return value if not isinstance(value, int) or abs(value) < 2**63 else str(value)
    if isinstance(value, float):
        return value if not math.isnan(value) else None
    return str(value)


def root_of(outcome: Outcome) -> Vertex | None:
    """The vertex that is differentiated: the last pass's, or the last single number that was computed."""
    if outcome.passes:
        return outcome.passes[-1].root
    return outcome.failed if outcome.failed is not None else loss_of(outcome.tensors)


def is_named_loss(tensors: Mapping[str, Tensor]) -> bool:
    """Whether one of the single numbers that were computed is called a loss."""
    return any(_LOSS.fullmatch(name) and t.vertex.op is not None and t.array.size == 1 for name, t in tensors.items())


def loss_of(tensors: Mapping[str, Tensor]) -> Vertex | None:
    """The last single number that was computed, of those that are called a loss where there are any."""
    single = {
        name: tensor.vertex
        for name, tensor in tensors.items()
        if tensor.vertex.needs
        and tensor.vertex.op is not None
        and tensor.vertex.array.size == 1
        and not ((match := _ADJOINT.fullmatch(name)) and match[1] in tensors)
    }
    # Programs that go back by hand compute single numbers after their loss.
    losses = [vertex for name, vertex in single.items() if _LOSS.fullmatch(name)]
    return max(losses or single.values(), key=lambda vertex: vertex.order, default=None)
