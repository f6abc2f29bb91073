"""The formula of a fit, and assertions of what it leaves of the data."""

from __future__ import annotations

from typing import Any

from nabla.answer import document as d
from nabla.answer.marks import Dots
from nabla.write.proof import alone


def programs(document: d.Document, block: d.Code) -> list[str]:
    """The formula leaves the residual that it should, and linear least squares finds the same amplitudes."""
    model = alone(block, "NumPy").get("NumPy")
    data = _samples(document)
    if not model or data is None:
        return [model] if model else []
    x, measured = data
    values = document.values
    lines = [
        "# The data, and what the formula leaves of them",
        f"x = np.array({x})",
        f"measured = np.array({measured})",
        "residual = measured - y(x)",
        "spread = np.sqrt(np.mean((measured - measured.mean()) ** 2))",
        "rms = np.sqrt(np.mean(residual**2))",
        f"assert abs(rms - {values['residual_rms']!r}) < 0.1 * {values['residual_rms']!r} + 1e-6 * spread",
    ]
    tones: list[dict[str, Any]] = values.get("tones", [])
    if tones and not values.get("robust") and all("decay" not in tone for tone in tones):
        degree = {"none": -1, "constant": 0, "linear": 1, "quadratic": 2}.get(values["trend"]["degree"], 0)
        lines += [
            "",
            "# At these frequencies least squares is linear: the amplitudes anew",
            f"frequencies = np.array({[tone['frequency'] for tone in tones]})",
            f"amplitudes = np.array({[tone['amplitude'] for tone in tones]})",
            f"errors = np.array({[tone['se_amplitude'] for tone in tones]})",
            "angles = 2 * np.pi * frequencies * x[:, None]",
            f"trend = (x[:, None] - x.mean()) ** np.arange({degree + 1})",
            "columns = np.hstack([np.cos(angles), np.sin(angles), trend])",
            "best = np.linalg.lstsq(columns, measured, rcond=None)[0]",
            "refitted = np.hypot(*best[: 2 * len(frequencies)].reshape(2, -1))",
            "assert np.all(np.abs(refitted - amplitudes) <= 0.1 * errors + 1e-6 * amplitudes)",
            "print(refitted)",
        ]
    return [model, "\n".join(lines) + "\n"]


def _samples(document: d.Document) -> tuple[list[float], list[float]] | None:
    """The samples as they are drawn; None where a plot cannot show all of them."""
    count = document.values.get("n")
    for block in document.blocks:
        for mark in block.marks if isinstance(block, d.Plot) else ():
            if isinstance(mark, Dots) and len(mark.x) == count:
                return mark.x.tolist(), mark.y.tolist()
    return None
