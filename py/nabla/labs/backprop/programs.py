"""Programs that compute the same gradients again and assert them: the program itself, NumPy by hand, JAX."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nabla.answer.document import Source
from nabla.tensor.operation import convention_of
from nabla.tensor.replay import ancestors
from nabla.tensor.sweep import reachable
from nabla.tensor.tape import Array, Vertex

LONGEST = 120  # steps of a tape that is written out
LARGEST = 200  # elements of an array that is written out

_SUMMED = '''def summed(g, shape):
    """An adjoint summed over the axes along which its array of that shape was broadcast."""
    g = np.asarray(g)
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1 and g.shape[i] != 1), keepdims=True)
'''


_AGREES = '''import builtins

import torch

_printed = []


def copied(value):
    """What is printed, as it is now: tensors change in place."""
    if isinstance(value, (list, tuple)):
        return [copied(part) for part in value]
    return value.detach().clone() if isinstance(value, torch.Tensor) else value


def print(*values, **how):
    _printed.append(copied(values))
    builtins.print(*values, **how)


def agrees(value, expected):
    """Compare a tensor, a number, or several of them, with what Nabla found."""
    if isinstance(value, (list, tuple)):
        assert len(value) == len(expected), (value, expected)
        for part, wanted in zip(value, expected):
            agrees(part, wanted)
        return
    value = torch.as_tensor(value).detach().double()
    torch.testing.assert_close(value, torch.tensor(expected).double(), rtol=1e-4, atol=1e-6, equal_nan=True)
'''


@dataclass(frozen=True)
class Shown:
    """The numbers that an answer shows of a program of PyTorch: tensors by name, their `.grad`, and what is printed.

    A gradient of None is shown as None. `printed` holds for every print its values as numbers and lists, or text.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    grads: Mapping[str, Any] = field(default_factory=dict)
    printed: Sequence[Any] = ()


def exports(text: str, shown: Shown | None, root: Vertex, seed: Any, adjoints: Mapping[Vertex, Any]) -> list[Source]:
    """The programs; those that the tape cannot be written in are left out.

    Args:
        text: the program.
        shown: what is shown of it; None when it is no program of PyTorch, or one that raises.
        root: what is differentiated.
        seed: its adjoint.
        adjoints: those of all that it was computed from.
    """
    found: list[Source] = []
    if shown is not None:
        found.append(Source("PyTorch", "python", _asserted(text, shown)))
    order = ancestors(root)
    if len(order) <= LONGEST and all(_can(vertex) for vertex in order):
        script = _Script(root, order, np.asarray(seed), adjoints)
        found.append(Source("NumPy, by hand", "python", script.numpy()))
        found.append(Source("JAX", "python", script.jax()))
    return found


def _asserted(text: str, shown: Shown) -> str:
    """The program, and after it an assertion for every number that the answer shows."""
    found = []
    for name, value in shown.values.items():
        layer, dot, inner = name.partition(".")
        tensor = f'{layer}.get_parameter("{inner}")' if dot else name
        if np.size(value) <= LARGEST:
            found.append(f"agrees({tensor}, {_plain(np.asarray(value, float).tolist())})")
        g = shown.grads.get(name)
        if g is not None and np.size(g) <= LARGEST:
            found.append(f"agrees({tensor}.grad, {_plain(np.asarray(g, float).tolist())})")
        elif g is None and name in shown.grads:
            found.append(f"assert {tensor}.grad is None")
    for i, values in enumerate(shown.printed):
        found += [f"agrees(_printed[{i}]{place}, {_plain(value)})" for place, value in _numbers(values)]
    lines = ["", "# What Nabla found, checked by PyTorch itself.", *found, 'builtins.print("every number agrees")', ""]
    first = re.findall(r"^from __future__ .*\n", text, re.M)
    return "\n".join([*first, _AGREES, "", re.sub(r"^from __future__ .*\n", "", text, flags=re.M).rstrip(), *lines])


def _numbers(values: Sequence[Any]) -> list[tuple[str, Any]]:
    """The values of one print that are numbers, with their places among the arguments."""
    return [(f"[{k}]", value) for k, value in enumerate(values) if _numeric(value)]


def _numeric(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(map(_numeric, value)) and len(_plain(value)) <= 30 * LARGEST
    return isinstance(value, float) or (type(value) is int and abs(value) < 2**53)


def _plain(value: Any) -> str:
    """Numbers to six digits: libraries of mathematics differ in the last ones, and agreement is to four."""
    return re.sub(r"\b(nan|inf)\b", r"torch.\1", repr(_six_digits(value)))


def _six_digits(value: Any) -> Any:
    if isinstance(value, list):
        return [_six_digits(item) for item in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def _can(vertex: Vertex) -> bool:
    """Whether a vertex can be written: a small leaf, or an operation of the table on at most matrices."""
    if vertex.overlay is not None:
        return False  # its numbers are not those that its operation gives
    if vertex.op is None:
        return vertex.array.size <= LARGEST
    if convention_of(vertex) is not None:
        return False  # at corners JAX takes other values than PyTorch, and plain formulas divide by zero
    if vertex.op.name == "pow" and isinstance(vertex.args[1], Vertex) and vertex.args[1].needs:
        base = vertex.args[0].array if isinstance(vertex.args[0], Vertex) else vertex.args[0]
        return bool(np.all(np.asarray(base) > 0))
    return bool(_words(vertex))


def _words(vertex: Vertex) -> tuple[str, ...]:
    """Forward in NumPy's words ({np} is np or jnp), and the contribution to each argument's adjoint: {g} is the adjoint
    of the result {y}, {a} and {b} are the arguments.
    """
    assert vertex.op is not None
    return vertex.op.words([arg.ndim if isinstance(arg, Vertex) else np.ndim(arg) for arg in vertex.args])


def _part(vertex: Vertex, i: int) -> str:
    """The template of the contribution to argument `i`; powers by a number are written out."""
    power = vertex.args[1] if vertex.op is not None and vertex.op.name == "pow" else None
    if i == 0 and isinstance(power, (int, float)):
        left = power - 1
        return f"{{g}} * {power:g}" + (
            " * {a}" if left == 1 else f" * {{a}} ** {left:g}" if left >= 0 else f" * {{a}} ** ({left:g})"
        )
    return _words(vertex)[i + 1]


class _Script:
    """A tape as straight-line code."""

    def __init__(self, root: Vertex, order: list[Vertex], seed: Array, adjoints: Mapping[Vertex, Any]) -> None:
        self.root, self.order, self.seed, self.adjoints = root, order, seed, adjoints
        self.names: dict[Vertex, str] = {}
        taken = {"np", "jnp", "jax", "summed", "loss_of"}
        for i, vertex in enumerate(order):
            name = re.sub(r"\W", "_", vertex.name) or f"v{i}"
            while name in taken or keyword.iskeyword(name):
                name += "_"
            taken.add(name)
            self.names[vertex] = name
        self.leaves = [v for v in order if v.op is None]
        self.asked = [v for v in self.leaves if v.needs and v in adjoints]

    def numpy(self) -> str:
        """Forward and backward, line by line."""
        lines = []
        lines += [f"{self.names[v]} = {_literal(v.array)}" for v in self.leaves]
        lines += [
            "",
            "# Forward",
            *self._forward("np", self.order),
            "",
            "# Backward: d_v is the derivative of the result by v",
        ]
        known = {self.root}
        lines.append(f"d_{self.names[self.root]} = {_literal(self.seed)}")
        for vertex in reachable(self.root):
            if vertex.op is None or vertex not in known:
                continue
            for i, arg in enumerate(vertex.args):
                if not (isinstance(arg, Vertex) and arg.needs) or i + 1 >= len(_words(vertex)):
                    continue
                name = self.names[arg]
                part = _part(vertex, i).format(**self._words(vertex, "np"))
                if arg.array.shape != vertex.array.shape and vertex.op.broadcasts:
                    part = f"summed({part}, {arg.array.shape})"
                lines.append(f"d_{name} = d_{name} + {part}" if arg in known else f"d_{name} = {part}")
                known.add(arg)
        lines += ["", "# What Nabla found"]
        lines += [
            f"np.testing.assert_allclose(d_{self.names[v]}, {_literal(np.asarray(self.adjoints[v]))}, rtol=1e-4, "
            f"atol=1e-6)"
            for v in self.asked
        ]
        head = ["import numpy as np", ""]
        head += ["", _SUMMED, ""] if any("summed(" in line for line in lines) else []
        return "\n".join([*head, *lines, 'print("every gradient agrees")', ""])

    def jax(self) -> str:
        """The forward pass as a function, and its gradient by JAX."""
        names = [self.names[v] for v in self.asked]
        fixed = [v for v in self.leaves if v not in self.asked]
        lines = ["import jax", "import jax.numpy as jnp", "import numpy as np", ""]
        lines += [f"{self.names[v]} = {_literal(v.array).replace('np.', 'jnp.')}" for v in self.leaves]
        lines += ["", "", f"def loss_of({', '.join(names)}):"]
        lines += ["    " + line for line in self._forward("jnp", [v for v in self.order if v not in fixed])]
        lines += [f"    return jnp.sum({_literal(self.seed).replace('np.', 'jnp.')} * {self.names[self.root]})", "", ""]
        lines.append(f"gradients = jax.grad(loss_of, argnums={tuple(range(len(names)))})({', '.join(names)})")
        for i, v in enumerate(self.asked):
            expected = _literal(np.asarray(self.adjoints[v]))
            lines.append(f"np.testing.assert_allclose(gradients[{i}], {expected}, rtol=1e-4, atol=1e-6)")
        return "\n".join([*lines, 'print("every gradient agrees")', ""])

    def _forward(self, module: str, order: list[Vertex]) -> list[str]:
        lines = []
        for vertex in order:
            if vertex.op is None:
                continue
            value = _words(vertex)[0].format(**self._words(vertex, module))
            if vertex.op.name == "detach" and module == "jnp":
                value = f"jax.lax.stop_gradient({self._words(vertex, module)['a']})"
            elif module == "jnp" and not vertex.needs and any(parent.needs for parent in vertex.parents):
                value = f"jax.lax.stop_gradient({value})"  # computed where nothing was recorded
            lines.append(f"{self.names[vertex]} = {value}")
        return lines

    def _words(self, vertex: Vertex, module: str) -> dict[str, Any]:
        """What the templates of one vertex are filled with."""
        args = [self.names[arg] if isinstance(arg, Vertex) else _literal(np.asarray(arg)) for arg in vertex.args]
        shapes = [arg.array.shape if isinstance(arg, Vertex) else np.shape(arg) for arg in vertex.args]
        words: dict[str, Any] = {
            "np": module,
            "y": self.names[vertex],
            "g": f"d_{self.names[vertex]}",
            **dict(zip("ab", args, strict=False)),
        }
        params = vertex.params
        words["a_shape"] = shapes[0]
        words["shape"] = vertex.array.shape
        words["dims"] = params.get("dims")
        words["dim"] = params.get("dim")
        words["keepdim"] = params.get("keepdim", False)
        if vertex.op is not None and vertex.op.name == "permute":
            words["back"] = tuple(int(i) for i in np.argsort(params["dims"]))
        elif "dims" in params:
            kept = tuple(1 if d in params["dims"] else n for d, n in enumerate(shapes[0]))
            words["wide"] = f"np.reshape({words['g']}, {kept})"
            words["count"] = int(np.prod([shapes[0][d] for d in params["dims"]], dtype=np.int64))
        return words


def _literal(array: Array) -> str:
    """An array as Python text; numbers in brackets when they are negative."""
    if array.ndim == 0:
        value = array.item()
        text = repr(float(value)) if array.dtype.kind == "f" else repr(value)
        text = {"nan": "np.nan", "inf": "np.inf", "-inf": "-np.inf"}.get(text, text)
        return f"({text})" if text.startswith("-") else text
    text = repr(array.astype(np.float64).tolist() if array.dtype.kind == "f" else array.tolist())
    text = re.sub(r"\b(nan|inf)\b", r"np.\1", text)
    return f"np.array({text})"
