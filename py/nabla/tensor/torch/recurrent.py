"""Layers with a memory: `nn.RNN`, `nn.LSTM`, `nn.GRU` and their cells."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations.shapes import index
from nabla.tensor.torch import functions as f
from nabla.tensor.torch.layers import GENERATOR, Layer, dropout, initialised, linear
from nabla.tensor.torch.tensor import TorchTensor

_GATES = {"tanh": 1, "relu": 1, "lstm": 4, "gru": 3}
Memory = tuple[Any, ...]


def _stepped(kind: str, x: Any, memory: Memory, weights: tuple[Any, ...]) -> Memory:
    """One step: the next memory, of which the first part is the result."""
    w_in, w_back, b_in, b_back = weights
    given, back = linear(x, w_in, b_in), linear(memory[0], w_back, b_back)
    if kind in ("tanh", "relu"):
        return (e.tanh(given + back) if kind == "tanh" else e.relu(given + back),)
    if kind == "lstm":
        i, forget, g, o = f.chunk(given + back, 4, -1)
        cell = e.sigmoid(forget) * memory[1] + e.sigmoid(i) * e.tanh(g)
        return e.sigmoid(o) * e.tanh(cell), cell
    (r1, z1, n1), (r2, z2, n2) = f.chunk(given, 3, -1), f.chunk(back, 3, -1)
    new = e.tanh(n1 + e.sigmoid(r1 + r2) * n2)
    return (new + e.sigmoid(z1 + z2) * (memory[0] - new),)


class _Weights(Layer):
    """What layers with a memory share: weights drawn as PyTorch draws them."""

    kind = "tanh"
    hidden_size: int

    def draw(self, ending: str, inputs: int, bias: bool) -> None:
        """The weights of one layer and direction."""
        rows = _GATES[self.kind] * self.hidden_size
        bound = 1 / math.sqrt(self.hidden_size) if self.hidden_size else 0.0
        shapes: dict[str, tuple[int, ...]] = {"weight_ih": (rows, inputs), "weight_hh": (rows, self.hidden_size)}
        shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)} if bias else {}
        for name, shape in shapes.items():
            self.set(name + ending, initialised(GENERATOR.uniform(shape, -bound, bound)))

    def weights(self, ending: str) -> tuple[Any, ...]:
        """The weights of one layer and direction."""
        return tuple(self.parts.get(name + ending) for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))

    def start(self, x: Any, *shape: int) -> Memory:
        """A memory of zeros."""
        parts = 2 if self.kind == "lstm" else 1
        return tuple(TorchTensor.of(np.zeros(shape, x.dtype)) for _ in range(parts))


class _Cell(_Weights):
    def __init__(self, input_size: int, hidden_size: int, bias: bool = True, nonlinearity: str = "tanh") -> None:
        super().__init__()
        self.input_size, self.hidden_size = input_size, hidden_size
        self.kind = nonlinearity if type(self).kind == "tanh" else type(self).kind
        self.draw("", input_size, bias)

    def forward(self, x: Any, hx: Any = None) -> Any:
        """The memory after one step; of an LSTM both parts."""
        start = self.start(x, *x.shape[:-1], self.hidden_size) if hx is None else hx
        after = _stepped(self.kind, x, start if isinstance(start, tuple) else (start,), self.weights(""))
        return after if self.kind == "lstm" else after[0]

    def describe(self) -> str:
        """As PyTorch prints it."""
        return f"{self.input_size}, {self.hidden_size}"


class RNNCell(_Cell):
    """`nn.RNNCell`."""


class LSTMCell(_Cell):
    """`nn.LSTMCell`."""

    kind = "lstm"


class GRUCell(_Cell):
    """`nn.GRUCell`."""

    kind = "gru"


class RNN(_Weights):
    """`nn.RNN`.

    Shapes: x (L, N, inputs), with `batch_first` (N, L, inputs), or (L, inputs).
    """

    def __init__(
        self, input_size: int, hidden_size: int, num_layers: int = 1, nonlinearity: str = "tanh", bias: bool = True,
        batch_first: bool = False, dropout: float = 0.0, bidirectional: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.batch_first, self.dropout, self.bidirectional = batch_first, dropout, bidirectional
        self.kind = nonlinearity if type(self).kind == "tanh" else type(self).kind
        self.endings = [
            (f"_l{n}{way}", n) for n in range(num_layers) for way in (("", "_reverse") if bidirectional else ("",))
        ]
        for ending, n in self.endings:
            self.draw(ending, input_size if not n else hidden_size * (2 if bidirectional else 1), bias)

    def forward(self, x: Any, hx: Any = None) -> Any:
        """The results of all steps, and the memories at the end."""
        single = x.ndim == 2
        data = f.unsqueeze(x, 0 if self.batch_first else 1) if single else x
        steps = f.unbind(data, 1 if self.batch_first else 0)
        given = hx if isinstance(hx, tuple) else () if hx is None else (hx,)
        given = tuple(f.unsqueeze(part, 1) for part in given) if single else given
        ends: list[Memory] = []
        for n in range(self.num_layers):
            ways = []
            for k, (ending, _) in enumerate(item for item in self.endings if item[1] == n):
                start = tuple(index(part, place=len(ends)) for part in given)
                memory = start or self.start(data, data.shape[0 if self.batch_first else 1], self.hidden_size)
                found, memory = self._run(steps[::-1] if k else steps, memory, ending)
                ways.append(found[::-1] if k else found)
                ends.append(memory)
            steps = [f.cat(parts, -1) for parts in zip(*ways, strict=True)] if len(ways) > 1 else ways[0]
            if self.dropout and self.training and n + 1 < self.num_layers:
                steps = f.unbind(dropout(f.stack(steps, 0), self.dropout, True), 0)
        result = f.stack(steps, 1 if self.batch_first else 0)
        last = tuple(f.stack(parts, 0) for parts in zip(*ends, strict=True))
        if single:
            result = f.squeeze(result, 0 if self.batch_first else 1)
            last = tuple(f.squeeze(part, 1) for part in last)
        return result, last if self.kind == "lstm" else last[0]

    def _run(self, steps: list[Any], memory: Memory, ending: str) -> tuple[list[Any], Memory]:
        weights, found = self.weights(ending), []
        for x in steps:
            memory = _stepped(self.kind, x, memory, weights)
            found.append(memory[0])
        return found, memory

    def describe(self) -> str:
        """As PyTorch prints it."""
        told = [f"{self.input_size}, {self.hidden_size}"]
        told += [f"num_layers={self.num_layers}"] if self.num_layers != 1 else []
        told += ["bias=False"] if "bias_ih_l0" not in self.parts else []
        told += [f"{name}={value}" for name in ("batch_first", "dropout", "bidirectional")
                 if (value := getattr(self, name))]  # fmt: skip
        return ", ".join(told)


class LSTM(RNN):
    """`nn.LSTM`."""

    kind = "lstm"

    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1, bias: bool = True,
                 batch_first: bool = False, dropout: float = 0.0, bidirectional: bool = False) -> None:  # fmt: skip
        super().__init__(input_size, hidden_size, num_layers, "tanh", bias, batch_first, dropout, bidirectional)


class GRU(LSTM):
    """`nn.GRU`."""

    kind = "gru"


RECURRENT: dict[str, Any] = {kind.__name__: kind for kind in (RNN, LSTM, GRU, RNNCell, LSTMCell, GRUCell)}
