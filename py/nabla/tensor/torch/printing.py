"""Tensors as PyTorch prints them: four digits, one width for all, powers of ten when magnitudes are far apart.

The rules are PyTorch's (`torch/_tensor_str.py`, version 2.13), with its default options and a line of 80 characters.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nabla.tensor.tape import Array

SCIENTIFIC, DECIMAL = "{:.4e}", "{:.4f}"
THRESHOLD, EDGE, LINE = 1000, 3, 80
NAMES = {"float32": "torch.float32", "float64": "torch.float64", "float16": "torch.float16", "int64": "torch.int64",
         "int32": "torch.int32", "int16": "torch.int16", "int8": "torch.int8", "uint8": "torch.uint8",
         "bool": "torch.bool"}  # fmt: skip


def _formatter(array: Array) -> Callable[[Any], str]:
    """How each element is written, padded to the width of the longest."""
    if array.dtype.kind == "b":
        words = [str(bool(v)) for v in array.ravel()]
        width = max(map(len, words), default=0)
        return lambda v: str(bool(v)).rjust(width)
    if array.dtype.kind != "f":
        width = max((len(str(v)) for v in array.ravel().tolist()), default=0)
        return lambda v: str(v).rjust(width)
    values = array.ravel().astype(np.float64)
    finite = np.abs(values[np.isfinite(values) & (values != 0)])
    if not finite.size:
        return lambda v: _special(v, "{:.0f}.")
    low, high = float(finite.min()), float(finite.max())
    whole = bool(np.all(np.isfinite(values) | True) and np.all(finite == np.ceil(finite)))
    if whole:
        spec = SCIENTIFIC if high / low > 1000.0 or high > 1.0e8 else "{:.0f}."
    else:
        scientific = high / low > 1000.0 or high > 1.0e8 or low < 1.0e-4
        spec = SCIENTIFIC if scientific else DECIMAL
    width = max(len(_special(v, spec)) for v in values[np.isfinite(values) & (values != 0)])
    return lambda v: _special(v, spec).rjust(width)


def _special(value: float, spec: str) -> str:
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return spec.format(value)


def _vector(array: Array, indent: int, summarise: bool, write: Callable[[Any], str]) -> str:
    width = len(write(array.ravel().tolist()[0])) + 2 if array.size else 2
    per_line = max(1, math.floor((LINE - indent) / width))
    items = array.tolist()
    if summarise and len(items) > 2 * EDGE:
        words = [*map(write, items[:EDGE]), " ...", *map(write, items[-EDGE:])]
    else:
        words = [write(v) for v in items]
    lines = [words[i : i + per_line] for i in range(0, len(words), per_line)]
    return "[" + (",\n" + " " * (indent + 1)).join(", ".join(line) for line in lines) + "]"


def _body(array: Array, indent: int, summarise: bool, write: Callable[[Any], str]) -> str:
    if array.ndim == 0:
        return write(array.item())
    if array.ndim == 1:
        return _vector(array, indent, summarise, write)
    if summarise and len(array) > 2 * EDGE:
        parts = [_body(a, indent + 1, True, write) for a in array[:EDGE]] + ["..."]
        parts += [_body(a, indent + 1, True, write) for a in array[-EDGE:]]
    else:
        parts = [_body(a, indent + 1, summarise, write) for a in array]
    return "[" + ("," + "\n" * (array.ndim - 1) + " " * (indent + 1)).join(parts) + "]"


def _edges(array: Array) -> Array:
    """The elements that a summary shows."""
    for axis, n in enumerate(array.shape):
        if n > 2 * EDGE:
            array = np.take(array, [*range(EDGE), *range(n - EDGE, n)], axis)
    return array


def tensor_text(array: Array, *, requires_grad: bool = False, grad_fn: str = "", indent: int = 7) -> str:
    """What `print` shows of a tensor.

    Args:
        array: its elements.
        requires_grad: said of a leaf.
        grad_fn: the name of the step that made it, said instead.
        indent: characters before the body on the first line: 7 for `tensor(`.
    """
    suffixes: list[str] = []
    default = array.dtype in (np.float32, np.int64, np.bool_)
    if array.size == 0:
        if array.ndim != 1:
            suffixes.append(f"size={tuple(array.shape)}")
        if array.dtype != np.float32:
            suffixes.append(f"dtype={NAMES[array.dtype.name]}")
        body = "[]"
    else:
        summarise = array.size > THRESHOLD
        body = _body(array, indent, summarise, _formatter(_edges(array) if summarise else array))
        if not default:
            suffixes.append(f"dtype={NAMES[array.dtype.name]}")
    if grad_fn:
        suffixes.append(f"grad_fn=<{grad_fn}>")
    elif requires_grad:
        suffixes.append("requires_grad=True")
    text = " " * 0 + "tensor(" + body
    column = len(text) - text.rfind("\n") + 1  # PyTorch counts two more than there are
    for suffix in suffixes:
        if column + len(suffix) + 2 > LINE:
            text += ",\n" + " " * indent + suffix
            column = indent + len(suffix)
        else:
            text += ", " + suffix
            column += len(suffix) + 2
    return text + ")"
