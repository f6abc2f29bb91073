"""What a right program of Fourier series does to the field of its own: where the field is none that it is right for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nabla.labs.decompose.program.probes import probe, tried, with_probe
from nabla.labs.decompose.program.reading import FieldPart, FieldProgram, Output
from nabla.program.source import called

STEP = 3.0  # times the largest difference of neighbours: a step over the edge that no period has
LARGE = 1e-6  # of the size of a field: what is no rounding


@dataclass(frozen=True)
class OwnGridRemark:
    """Something that spoils the result: its kind, the line, and why."""

    kind: str
    line: int
    why: str


def own_grid_remark(found: FieldProgram) -> OwnGridRemark | None:
    """The first that holds: a field that does not repeat, a period with both ends, waves of two points, a lost mean."""
    if not found.spectral:
        return None
    arrays = list(_arrays(found))
    for remark in (_jumps, _twice, _halves):
        told = remark(found, arrays)
        if told is not None:
            return told
    return _mean_lost(found)


def _arrays(found: FieldProgram) -> Iterator[tuple[FieldPart, NDArray[np.float64]]]:
    """The components with their values on the grid."""
    for part in found.parts:
        value = found.run.names.get(part.name)
        if not isinstance(value, np.ndarray) or value.dtype.kind not in "fi" or value.ndim < len(found.letters):
            continue
        yield part, np.asarray(value[part.place] if value.ndim > len(found.letters) and part.place >= 0 else value)


def _jumps(found: FieldProgram, arrays: list[tuple[FieldPart, NDArray[np.float64]]]) -> OwnGridRemark | None:
    """The largest step over an edge of the grid, where it is larger than any in between."""
    edges = []
    for part, each in arrays:
        for axis in range(each.ndim):
            steps = np.abs(np.diff(each, axis=axis))
            jump = float(np.abs(np.take(each, -1, axis) - np.take(each, 0, axis)).max())
            edges.append((jump, float(steps.max()) if steps.size else 0.0, axis, part))
    if not edges:
        return None
    jump, usual, axis, part = max(edges, key=lambda edge: edge[0])
    if not jump > STEP * usual > 0:
        return None
    why = (
        f"the Fourier transform takes `{part.name}` for one period, and from the last point along axis {axis} of the "
        f"array back to the first it jumps by {jump:.3g}, where neighbours differ by at most {usual:.3g}. Take "
        "differences, or a field that repeats"
    )
    return OwnGridRemark("not-periodic", part.statement.lineno, why)


def _twice(found: FieldProgram, arrays: list[tuple[FieldPart, NDArray[np.float64]]]) -> OwnGridRemark | None:
    """An axis along which all that varies ends with what it began with: the period stands there with both its ends."""
    for axis in range(len(found.letters)):
        ends = [
            (np.ptp(each), np.abs(np.take(each, -1, axis) - np.take(each, 0, axis)).max())
            for _, each in arrays
            if np.ptp(each, axis=axis).max() > LARGE * max(np.ptp(each), 1e-300)
        ]
        if ends and all(gap <= 1e-9 * size for size, gap in ends):
            open_ended = (
                node.lineno
                for node in ast.walk(found.tree)
                if isinstance(node, ast.Call) and called(node) == "linspace"
                and all(word.arg != "endpoint" for word in node.keywords)
            )  # fmt: skip
            line = next(open_ended, arrays[0][0].statement.lineno)
            why = (
                f"along axis {axis} the last point is the first one again: the period has both its ends, where the "
                "transform needs one. Write endpoint=False in linspace"
            )
            return OwnGridRemark("endpoint", line, why)
    return None


def _halves(found: FieldProgram, arrays: list[tuple[FieldPart, NDArray[np.float64]]]) -> OwnGridRemark | None:
    """A field with waves of two points, whose slope a grid does not show."""
    if all(output.what == "laplacian" for output in found.outputs) or _halved(found):
        return None
    for part, each in arrays:
        for axis in range(each.ndim):
            count = each.shape[axis]
            if count % 2 or count < 4:
                continue
            wave = np.take(np.fft.rfft(each, axis=axis), count // 2, axis) / count
            if float(np.abs(wave).max()) > LARGE * float(np.abs(each).max()):
                waves = [n.lineno for n in ast.walk(found.tree) if isinstance(n, ast.Call) and called(n) == "fftfreq"]
                why = (
                    f"`{part.name}` has a wave of two points along axis {axis} (the Nyquist mode), whose slope is not "
                    "to be seen on this grid: with ±n/2 for its wave number the derivative is imaginary or arbitrary "
                    "there. Set that wave number to 0 for first derivatives, or take more points"
                )
                return OwnGridRemark("nyquist", min(waves, default=part.statement.lineno), why)
    return None


def _halved(found: FieldProgram) -> bool:
    """Whether the program sets a wave number in the middle to zero: k[n // 2] = 0."""
    return any(
        isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript)
        and isinstance(node.value, ast.Constant) and node.value.value == 0
        and any(isinstance(part, ast.FloorDiv) for part in ast.walk(node.targets[0].slice))
        for node in ast.walk(found.tree)
    )  # fmt: skip


def _mean_lost(found: FieldProgram) -> OwnGridRemark | None:
    """Two parts of which neither has the mean of the field, so that they do not add up to it."""
    of = {what: {o.place: o for o in found.outputs if o.what == what} for what in "SH"}
    if not of["S"] or set(of["S"]) != set(of["H"]):
        return None
    given = probe(found, 1)
    names = tried(found, with_probe(found, given, False, {})).names
    for place in of["S"]:
        S, H = (np.asarray(names.get(of[what][place].name)) for what in "SH")
        places = range(len(found.letters)) if place is None else (place,)
        for i in places:
            s, h = (S[i], H[i]) if place is None else (S, H)
            truth = [names.get(f"probe_{what}_{i}") for what in ("S", "H", "mean")]
            if any(t is None for t in truth):
                return None
            whole, mean = np.asarray(truth[0]) + np.asarray(truth[1]), np.asarray(truth[2])
            if np.abs(s + h - whole).max() > 0.5 * np.abs(mean).max() > 0:
                return OwnGridRemark("mean-lost", _zeroed(found, of["S"][place]), (
                    "the mean of the field is in neither part, so that they do not add up to the field: add it to one "
                    "of them, or call it a third part, the harmonic one"))  # fmt: skip
    return None


def _zeroed(found: FieldProgram, output: Output) -> int:
    """The line that takes the mode of wave number zero, or the mean, out; else that of the result."""
    last = 0
    for node in ast.walk(found.tree):
        if not isinstance(node, (ast.Assign, ast.AugAssign)):
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if isinstance(target, ast.Subscript) and isinstance(node.value, ast.Constant) and node.value.value == 0:
            return node.lineno
        if any(isinstance(n, ast.Call) and called(n) == "mean" for n in ast.walk(node.value)):
            return node.lineno
        if isinstance(target, ast.Name) and target.id == output.name:
            last = node.lineno
    return last
