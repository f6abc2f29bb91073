"""A program run on the tape: its dialect, its names, what it printed, how it ended, and its backward passes."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from nabla.program.walker import limits
from nabla.program.walker.formats import measured
from nabla.program.walker.run import Interpreter
from nabla.program.walker.syntax import Program, read
from nabla.program.walker.values import Instance, Module, Namespace, Raised, Unknown
from nabla.tensor.arrays import Plain, dialects, followed
from nabla.tensor.arrays import names as numpy_names
from nabla.tensor.tape import STATE, Pass, Tensor, Turn, Vertex, fresh
from nabla.tensor.torch import names as torch_names
from nabla.tensor.torch.layers import GENERATOR, Layer
from nabla.tensor.torch.optim import Optimizer

_LOSS = re.compile(r"(?:.*_)?(?:loss|cost|mse|error|err|objective|l|j|e)(?:_?\d+|_val|_value)?", re.I)
# The packages that decide how a program is meant, the first that it imports.
DIALECTS = {"torch": "torch", "jax": "jax", "autograd": "autograd"}


@dataclass
class Outcome:
    """The result of a run.

    Attributes:
        program: as read.
        dialect: "torch", "jax", "autograd" or "numpy".
        tensors: every tensor with a name at the end, parameters of layers as `model.weight`.
        printed: line, text and value of each print.
        raised: how the program itself ended, if not well.
        passes: the first and the last backward pass.
        backwards: how many there were.
        steps: how many vertices were made.
        blame: what led to what was raised, in words, where that is known.
        failed: the root of a backward pass that raised: a value had been changed in place, or it is no single number.
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
    return "torch" if used & {"torch", "nn", "F"} else "jax" if "jnp" in used else "numpy"


def run(text: str) -> Outcome:
    """Read and run a program.

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
    with fresh():
        GENERATOR.seed(0)
        numpy_names.RANDOM.seed(0)
        STATE.follows = outcome.dialect == "numpy"
        interpreter = Interpreter(program, _namespace(outcome))
        try:
            interpreter.run()
        except Raised as raised:
            outcome.raised, outcome.blame, outcome.failed = raised, STATE.blame, STATE.failed
        for name, value in interpreter.scope.names.items():
            outcome.tensors.update(_tensors(name, value))
        outcome.passes, outcome.backwards, outcome.steps = list(STATE.passes), STATE.backwards, STATE.made
    return outcome


def _tensors(name: str, value: Any) -> dict[str, Tensor]:
    if isinstance(value, Tensor):
        return {name: value}
    layer = value.base if isinstance(value, Instance) else value
    if isinstance(layer, Layer):
        return {f"{name}.{inner}": p for inner, p in layer.named_parameters()}
    return {}


def _module(name: str, table: dict[str, Any]) -> Module:
    return Module(
        name,
        {key: _module(f"{name}.{key}", value) if isinstance(value, dict) else value for key, value in table.items()},
    )


def _namespace(outcome: Outcome) -> Namespace:
    numpy = dialects.modules(outcome.dialect)
    modules = {name: _module(name, table) for name, table in {**torch_names.MODULES, **numpy}.items()}
    names = {**_builtins(outcome)}
    usual = {
        "torch": "torch",
        "nn": "torch.nn",
        "F": "torch.nn.functional",
        "optim": "torch.optim",
        "np": "numpy",
        "math": "math",
    }
    usual |= {"jnp": "jax.numpy", "jax": "jax"} if outcome.dialect == "jax" else {}
    names |= {short: modules[long] for short, long in usual.items()}  # people leave the imports out
    return Namespace(
        modules, names, _attribute, _set_attribute,
        bound=_named, literal=followed if outcome.dialect == "numpy" else lambda value: value, at=_at, turn=_turn,
    )  # fmt: skip


def _at(line: int) -> None:
    STATE.line = line


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
    elif isinstance(value, (Layer, Instance)) and name != "self":
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


def _attribute(value: Any, name: str) -> Any:
    if isinstance(value, Instance):
        return _attribute(value.base, name)
    try:
        if isinstance(value, Plain):
            return numpy_names.attribute(value, name)
        if isinstance(value, Tensor):
            return torch_names.attribute(value, name)
        if isinstance(value, Layer):
            return _of_layer(value, name)
        if isinstance(value, Optimizer):
            method = torch_names.OPTIMIZER_METHODS[name]
            return lambda *args, **named: method(value, *args, **named)
        return torch_names.OTHERS[type(value)][name](value)
    except KeyError:
        kind = type(value).__name__
        if isinstance(value, (Tensor, Layer, Optimizer)):
            known = (
                [*torch_names.METHODS, *torch_names.PROPERTIES]
                if isinstance(value, Tensor)
                else [*torch_names.LAYER_METHODS]
            )
            raise Unknown(f".{name}", known) from None
        raise AttributeError(f"'{kind}' object has no attribute '{name}'") from None


def _of_layer(layer: Layer, name: str) -> Any:
    if name in layer.parts:
        part = layer.parts[name]
        return part.owner if isinstance(part, Layer) and part.owner is not None else part
    if name in torch_names.LAYER_PROPERTIES:
        return torch_names.LAYER_PROPERTIES[name](layer)
    method = torch_names.LAYER_METHODS[name]
    return lambda *args, **named: method(layer, *args, **named)


def _set_attribute(value: Any, name: str, new: Any) -> None:
    if isinstance(value, Instance):
        if value.base is not None:
            value.base.set(name, new)
        return
    if isinstance(value, Layer):
        value.set(name, new)
        return
    try:
        torch_names.set_attribute(value, name, new)
    except KeyError:
        raise AttributeError(f"the attribute '{name}' cannot be set here") from None


# Python's own functions
# ------------------------------------------------------------------------------------------------


def _some(values: Iterable[Any]) -> list[Any]:
    """The items as a list.

    Raises:
        MemoryError: there are too many.
    """
    if isinstance(values, range) and len(values) > limits.ITEMS:
        raise MemoryError("a list of more than 100,000 items")
    if not hasattr(values, "__iter__"):
        raise TypeError(f"'{type(values).__name__}' object is not iterable")
    return list(values)


def _sum(values: Any, start: Any = 0) -> Any:
    for value in _some(values):
        start = start + value
    return start


def _int(value: Any = 0) -> int:
    if isinstance(value, str) and len(value) > 400:
        raise ValueError("the number is too long")
    return int(value)


def _power(a: Any, b: Any) -> Any:
    if isinstance(a, int) and isinstance(b, int) and a.bit_length() * abs(b) > limits.BITS:
        raise OverflowError("the power is too large")
    return a**b


def _builtins(outcome: Outcome) -> dict[str, Any]:
    def show(*values: Any, sep: str = " ", end: str = "\n", **_: Any) -> None:
        text = sep.join(str(measured(value)) for value in values)
        if len(outcome.printed) >= 1000:
            raise MemoryError("more than 1,000 prints")
        outcome.printed.append({"line": STATE.line, "text": text, "value": _shown(values)})

    return {
        "print": show, "range": range, "len": len, "abs": abs, "round": round, "float": float, "int": _int,
        "bool": bool,
        "str": lambda value="": str(measured(value)), "repr": lambda value: repr(measured(value)), "sum": _sum,
        "pow": _power,
        "list": lambda values=(): _some(values), "tuple": lambda values=(): tuple(_some(values)),
        "set": lambda values=(): set(_some(values)),
        "dict": lambda *given, **named: dict(*given, **named), "enumerate": lambda values, start=0: enumerate(values,
        start),
        "zip": lambda *several: list(zip(*map(_some, several), strict=False)),
        "sorted": lambda values, key=None, reverse=False: sorted(_some(values), key=key, reverse=reverse),
        "reversed": lambda values: list(reversed(_some(values))), "map": lambda f,
        *several: [f(*items) for items in zip(*map(_some, several), strict=False)],
        "filter": lambda f, values: [value for value in _some(values) if f(value)], "min": _of_all(min),
        "max": _of_all(max),
        "any": lambda values: any(_some(values)), "all": lambda values: all(_some(values)), "xrange": range,
        "object": object,
    }  # fmt: skip


def _of_all(function: Any) -> Any:
    return lambda *values, **how: function(*(values if len(values) > 1 else [_some(values[0])]), **how)


def _shown(values: tuple[Any, ...]) -> Any:
    """What was printed as data: the number or nested list of one value, a list of several."""
    plain = [value_of(value) for value in values]
    return plain[0] if len(plain) == 1 else plain


def value_of(value: Any) -> Any:
    """A value as what a document can hold."""
    if isinstance(value, Tensor):
        return value.array.tolist()
    if isinstance(value, (list, tuple)):
        return [value_of(item) for item in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value if not isinstance(value, int) or abs(value) < 2**63 else str(value)
    if isinstance(value, float):
        return value if not math.isnan(value) else None
    return str(value)


def root_of(outcome: Outcome) -> Vertex | None:
    """The vertex that is differentiated: the last pass's, or the last single number that was computed."""
    if outcome.passes:
        return outcome.passes[-1].root
    if outcome.failed is not None:
        return outcome.failed
    single = {
        name: tensor.vertex
        for name, tensor in outcome.tensors.items()
        if tensor.vertex.needs and tensor.vertex.op is not None and tensor.vertex.array.size == 1
    }
    # Programs that go back by hand compute single numbers after their loss.
    losses = [vertex for name, vertex in single.items() if _LOSS.fullmatch(name)]
    return max(losses or single.values(), key=lambda vertex: vertex.order, default=None)
