"""Where SciPy's leastsq ends from starts near and far: run with SciPy to make fit_minpack.json."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

STORED = Path(__file__).with_suffix(".json")
_Curve = Callable[[np.ndarray, np.ndarray], np.ndarray]

_RNG = np.random.default_rng(3)
_T = np.arange(40) * 0.25
_NOISE = 0.1 * _RNG.normal(size=40)


def _wave(x: np.ndarray, p: np.ndarray) -> np.ndarray:
    return p[0] * np.sin(p[1] * x + p[2]) + p[3]


def _decay(x: np.ndarray, p: np.ndarray) -> np.ndarray:
    return p[0] * np.exp(-p[1] * x) + p[2]


def _peak(x: np.ndarray, p: np.ndarray) -> np.ndarray:
    return p[0] * np.exp(-((x - p[1]) ** 2) / (2 * p[2] ** 2))


# a curve, x, y, a start
CASES: dict[str, tuple[_Curve, np.ndarray, np.ndarray, list[float]]] = {}
for _w in (1.0, 2.0, 3.0, 4.0, 5.0, 6.5):
    CASES[f"wave from {_w}"] = (_wave, _T, 3 * np.sin(4.2 * _T + 0.5) + 7 + _NOISE, [3.0, _w, 0.0, 7.0])
for _k in (0.05, 1.0, 3.0):
    CASES[f"decay from {_k}"] = (_decay, _T, 6 * np.exp(-0.35 * _T) + 1.5 + _NOISE, [1.0, _k, 0.0])
for _m in (1.0, 3.0, 4.5):
    CASES[f"peak from {_m}"] = (_peak, _T, 5 * np.exp(-((_T - 6) ** 2) / 2) + _NOISE, [1.0, _m, 1.0])


def main() -> None:
    """Store the sum of squares at each end."""
    from scipy.optimize import leastsq

    ends = {}
    for name, (curve, x, y, start) in CASES.items():
        p = leastsq(lambda p, curve=curve, x=x, y=y: curve(x, p) - y, start)[0]
        ends[name] = float(np.sum((curve(x, p) - y) ** 2))
    STORED.write_text(json.dumps(ends, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
