"""The gradients that JAX and HIPS autograd take at each place of corners_arrays.txt, into corners_arrays.json.

`python tests/truth/corners_arrays.py`. Needs jax and autograd in the Python that runs it; the tests need neither.
"""

from __future__ import annotations

import importlib.metadata
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import autograd
import autograd.numpy
import jax
import jax.numpy
import numpy

HERE = Path(__file__).parent


def taken(grad: Callable[..., Any], module: Any, y: str, x: str) -> list[str] | str:
    """The gradient of the sum of `y` as text, or the name of the exception."""

    def loss(value: Any) -> Any:
        return module.sum(eval(y, {"np": module, "jax": jax, "x": value}))

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [str(float(g)) for g in numpy.asarray(grad(loss)(module.array(eval(x))))]
    except (AttributeError, NotImplementedError, TypeError, KeyError) as error:
        return type(error).__name__


def main() -> None:
    """Write the table."""
    found: dict[str, Any] = {name: importlib.metadata.version(name) for name in ("jax", "autograd")}
    found["corners"] = {}
    for line in (HERE / "corners_arrays.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, y, x, *_ = (part.strip() for part in line.split("|"))
        found["corners"][name] = {
            "jax": taken(jax.grad, jax.numpy, y, x),
            "autograd": taken(autograd.grad, autograd.numpy, y, x),
        }
    (HERE / "corners_arrays.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
