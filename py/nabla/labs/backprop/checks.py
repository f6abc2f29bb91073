"""The proof of the gradients of a program: differences of the program itself, and the program's own precision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nabla.answer.check import Verdict
from nabla.answer.document import Check, Prose
from nabla.labs.backprop.flow import Flow, short
from nabla.tensor.differences import AGREES, STEPS, SlopeComparison, compare, slope
from nabla.tensor.operation import convention_of, is_own
from nabla.tensor.passes import Pass
from nabla.tensor.replay import Shadow, along, shadow, wide
from nabla.tensor.rerun import Program, Rerun, matched
from nabla.tensor.sweep import reachable
from nabla.tensor.tape import WATCH, Array, Vertex, new_run

RECOMPUTED = 5_000  # steps of a computation that is checked by computing it again
PROVEN = 8  # leaves whose gradients are checked
EVALUATED = 4_000  # steps times elements of a leaf that are varied on the tape
RUNS = 90  # of the program, for all leaves together
WORK = 30_000  # steps of all these runs, but for one direction, which is always tried
RUNS_OF_A_SLOPE = 7  # when the first step settles
LONG = 10_000  # steps of a run that is not repeated
ELEMENTS = 12  # of a leaf that are varied
SAME = 1e-3  # what float32 and float64 may differ by
NUMBERS = 40_000_000  # computed on the tape, for all leaves together


@dataclass
class _Finding:
    """What one test of one leaf's gradient found; tests of the same `kind` are told together when all passed."""

    kind: str
    leaf: Vertex
    check: Check
    elements: int = 0


@dataclass
class _Way:
    """One way to vary a leaf: the sum of the results as a function of the leaf's array, and what was compared."""

    value: Callable[[Array], float]
    elements: list[int] = field(default_factory=list)
    directions: int = 0


def checks(flow: Flow, seed: Any, program: Program, done: Pass | None = None) -> list[Check | Prose]:
    """Each leaf's gradient against differences of the program, and in its own type.

    Args:
        flow: what was computed, with the adjoints that are shown.
        seed: the adjoint that the backward pass started with.
        program: runs the program again and gives its root.
        done: the pass that gave the adjoints; what was changed without notice before it, and what hooks replaced in
            it, make of it no derivative.
    """
    if done is not None and done.changed:
        at = done.changed[0].overwritten
        method = f"line {at} changed what the pass needs, unnoticed: what it gives is no derivative"
        return [Check(f"the gradients of ${flow.loss}$", method, "unchecked", test="differences")]
    if done is not None and done.hooked:
        method = "a hook of the program replaces an adjoint: what the pass gives is no derivative"
        return [Check(f"the gradients of ${flow.loss}$", method, "unchecked", test="differences")]
    if len(flow.order) > RECOMPUTED:
        method = f"{len(flow.order):,} steps are too many to recompute here"
        return [Check(f"the gradients of ${flow.loss}$", method, "unchecked", test="differences")]
    leaves = sorted((v for v in reachable(flow.root) if v.op is None and v in flow.adjoints), key=lambda v: v.order)
    rerun = Rerun(program)
    twins = matched(leaves, rerun.leaves) if rerun.work < LONG and _same_way(flow.root, rerun.root) else {}
    with new_run():
        before = WATCH.spent
        tape = shadow(flow.root)
        affordable = (
            NUMBERS // (WATCH.spent - before + sum(copy.array.size for copy in tape.copies.values())) // RUNS_OF_A_SLOPE
        )  # slopes on the tape
    if not affordable:
        method = "one run computes too many numbers to be repeated here"
        return [Check(f"the gradients of ${flow.loss}$", method, "unchecked", test="differences")]
    proven = leaves[: min(PROVEN, affordable)]
    runs = min(RUNS, WORK // max(rerun.work, 1)) // max(len(proven), 1)  # for each leaf
    together = bool(twins) and runs < RUNS_OF_A_SLOPE  # one direction through all of them is what is affordable
    with new_run():
        exact = tape.adjoints(np.asarray(seed))
        found: list[_Finding] = []
        for leaf in proven:
            g = np.asarray(exact.get(tape.copies[leaf], np.zeros_like(wide(leaf.array))))
            ways = _ways(tape, leaf, seed, rerun, {} if together else twins, max(1, runs // RUNS_OF_A_SLOPE),
                         affordable // len(proven))  # fmt: skip
            found.append(_compared(flow, tape, leaf, g, ways))
            if leaf.array.dtype == np.float32:
                found.append(_precision(flow, leaf, g))
        joint = [_joint(flow, proven, twins, rerun, seed, exact, tape)] if together else []
    told: list[Check | Prose] = [*_together(flow, found), *joint]
    if len(leaves) > len(proven):
        told.append(Prose(f"The first {len(proven)} of {len(leaves)} leaves were checked."))
    return told


def _same_way(ours: Vertex, again: Vertex | None) -> bool:
    """Whether a run in float64 came to the same result: at a bound, 0.1 say, its comparisons may go the other way."""
    return again is not None and again.array.shape == ours.array.shape and bool(
        np.allclose(again.array, ours.array, rtol=SAME, atol=SAME, equal_nan=True)
    )  # fmt: skip


def _ways(
    tape: Shadow,
    leaf: Vertex,
    seed: Any,
    rerun: Rerun,
    twins: dict[Vertex, Vertex],
    affordable: int,
    on_tape: int,
) -> tuple[_Way | None, _Way | None]:
    """The program run again, and the tape: each element by the program where they are few; else a direction through
    all of them by the program, and elements on the tape; at most `affordable` by the program and `on_tape` there.
    """
    size = leaf.array.size
    weight = wide(np.asarray(seed))
    again: _Way | None = None
    if leaf in twins:
        base = wide(leaf.array)
        again = _Way(lambda x: rerun.value({twins[leaf]: x - base}, weight))
        if size <= affordable:
            again.elements = list(range(size))
            return again, None
        again.directions = 1
    most = max(1, min(ELEMENTS, on_tape, EVALUATED // len(tape.copies)))
    return again, _Way(along(tape, tape.copies[leaf], weight), _places(size, most))


def _joint(
    flow: Flow,
    leaves: list[Vertex],
    twins: dict[Vertex, Vertex],
    rerun: Rerun,
    seed: Any,
    exact: Mapping[Vertex, Any],
    tape: Shadow,
) -> Check:
    """All gradients along one direction through all leaves, by the whole program: a few runs, however long it is."""
    random = np.random.default_rng(0)
    directions = {leaf: random.uniform(0.5, 1.0, leaf.array.shape) * random.choice([-1.0, 1.0], leaf.array.shape)
                  for leaf in leaves}  # fmt: skip
    weight = wide(np.asarray(seed))
    claimed = sum(float((np.asarray(exact.get(tape.copies[leaf], 0.0)) * d).sum()) for leaf, d in directions.items())
    length = sum(
        float(np.abs(np.asarray(exact.get(tape.copies[leaf], 0.0)) * d).sum()) for leaf, d in directions.items()
    )
    scale = max(length, 1e-12)
    size = max(float(np.abs(v.array).max(initial=0.0)) for v in tape.copies.values() if v.array.size)
    measured = slope(
        lambda t: rerun.value({twins[leaf]: t * d for leaf, d in directions.items()}, weight),
        scale, min(size, 1e12), steps=STEPS[1:3],
    )  # fmt: skip
    found = compare(claimed, measured, scale)
    names = ", ".join(f"${flow.names[leaf]}$" for leaf in leaves)
    claim = f"the gradients of ${flow.loss}$ with respect to {names}, along one direction through all of them"
    method = "central differences of the whole program in float64"
    verdict: Verdict = (
        "unchecked" if found.verdict == "unchecked" else "passed" if found.verdict == "passed" else "failed"
    )
    conventions = [v.op.name for v in flow.order if v.op is not None and (convention_of(v) is not None or is_own(v))]
    if verdict == "failed" and conventions:
        verdict, method = "unchecked", f"`{conventions[0]}` decides there by a rule of its own: differences give others"
    return Check(claim, method, verdict, found.figure, found.bound, test="differences")


def _places(size: int, most: int) -> list[int]:
    """All elements, or some spread evenly when there are too many."""
    return list(range(size)) if size <= most else [round(i * (size - 1) / max(most - 1, 1)) for i in range(most)]


def _compared(flow: Flow, tape: Shadow, leaf: Vertex, g: Array, ways: tuple[_Way | None, _Way | None]) -> _Finding:
    """The gradient of one leaf beside the differences."""
    shown = np.asarray(flow.adjoints[leaf], np.float64)
    # The numbers that are added up on the way bound how exact a difference can be.
    size = max(float(np.abs(v.array).max(initial=0.0)) for v in tape.copies.values() if v.needs and v.array.size)
    size = size if np.isfinite(size) else 1.0
    finite = np.abs(g[np.isfinite(g)])
    scale = max(float(finite.max(initial=0.0)), 1e-6 * min(size, 1e6), 1e-12)
    found: list[SlopeComparison] = []
    slopes: list[float | None] = []
    for way in ways:
        for direction in _directions(way, g.shape) if way else ():
            claimed = float((np.where(direction, shown, 0.0) * direction).sum())
            claimed = float((np.where(direction, g, 0.0) * direction).sum()) if np.isfinite(claimed) else claimed
            long = scale * float(np.abs(direction).sum())
            measured = slope(_line(way, leaf, direction), long, size, _span(leaf, direction))  # type: ignore[arg-type]
            slopes.append(measured.value)
            found.append(compare(claimed, measured, long))
    return _told(flow, leaf, ways, found, shown, slopes)


def _directions(way: _Way, shape: tuple[int, ...]) -> list[Array]:
    """The unit vectors of the elements, and directions through all of them."""
    units = [np.zeros(shape) for _ in way.elements]
    for unit, place in zip(units, way.elements, strict=True):
        unit.flat[place] = 1.0
    random = np.random.default_rng(0)
    return [*units, *(random.uniform(0.5, 1.0, shape) * random.choice([-1.0, 1.0], shape)
                      for _ in range(way.directions))]  # fmt: skip


def _line(way: _Way, leaf: Vertex, direction: Array) -> Callable[[float], float]:
    base = wide(leaf.array)
    return lambda t: way.value(base + t * direction)


def _span(leaf: Vertex, direction: Array) -> float:
    """Steps are relative to the numbers that are moved, where those are large."""
    moved = np.abs(leaf.array[direction != 0].astype(np.float64))
    return max(1.0, float(moved.min(initial=np.inf if moved.size else 1.0)))


def _told(
    flow: Flow,
    leaf: Vertex,
    ways: tuple[_Way | None, _Way | None],
    found: list[SlopeComparison],
    shown: Array,
    slopes: list[float | None],
) -> _Finding:
    claim = f"the gradient of ${flow.loss}$ with respect to ${flow.names[leaf]}$"
    verdicts = {item.verdict for item in found}
    decided = [v.op.name for v in flow.order if convention_of(v) is not None and v.op]
    own = [v.op.name for v in flow.order if v.op is not None and is_own(v)]
    units = [n for way in ways if way for n in [True] * len(way.elements) + [False] * way.directions]
    elements = sum(unit and item.verdict != "unchecked" for unit, item in zip(units, found, strict=True))
    method, kind = _method(ways, elements), "differences"
    verdict: Verdict = "failed" if "failed" in verdicts else "passed" if "passed" in verdicts else "unchecked"
    if not np.isfinite(shown).all():
        verdict = "unchecked"
        value = next((s for s in slopes if s is not None), None)
        method = "what is shown is not finite" + (f"; differences of the program give {value:.5g}" if value is not None
                                                  else ", and central differences do not settle")  # fmt: skip
    elif verdict == "failed" and decided:
        verdict, method = "unchecked", f"a convention decides at `{decided[0]}`: differences give other values there"
    elif verdict == "failed" and own:
        value = next((s for s, item in zip(slopes, found, strict=True) if item.verdict == "failed"), None)
        verdict, method = "unchecked", f"`{own[0]}` brings a backward of its own: differences of the program give "
        method += f"{value:.5g} where it gives something else"
    elif verdict == "unchecked":
        method = "central differences do not settle: there is a corner or no finite value"
    elif verdict == "passed" and "unchecked" in verdicts:
        method, kind, elements = method + ", corners left out", "differences beside corners", 0
    figures = [item.figure for item in found if item.figure is not None and item.verdict == verdict]
    bound = max((item.bound for item in found if item.verdict == verdict), default=AGREES)
    if verdict == "unchecked":
        return _Finding(kind, leaf, Check(claim, method, verdict, test="differences"))
    check = Check(claim, method, verdict, max(figures, default=0.0), bound, test="differences")
    return _Finding(kind, leaf, check, elements)


def _method(ways: tuple[_Way | None, _Way | None], elements: int) -> str:
    again, tape = ways
    count = f"{elements} element{'s' if elements > 1 else ''}"
    if again is None:
        return f"central differences in float64 with the branches of this run, {count}"
    if tape is None:
        return f"central differences of the whole program in float64, {count}"
    return f"central differences in float64: {count}, and a direction through all of them by the whole program"


def _together(flow: Flow, found: list[_Finding]) -> list[Check]:
    """The checks, those of one kind as one with the worst figure when all of them passed."""
    told: list[Check] = []
    for kind in dict.fromkeys(item.kind for item in found):
        of_kind = [item for item in found if item.kind == kind]
        checks_of = [item.check for item in of_kind]
        if len(of_kind) == 1 or any(check.verdict != "passed" for check in checks_of):
            told += checks_of
            continue
        worst = max(of_kind, key=lambda item: (item.check.figure or 0.0) / (item.check.bound or 1.0)).check
        names = ", ".join(f"${flow.names[item.leaf]}$" for item in of_kind)
        claim = worst.claim.partition(" with respect to ")[0].replace("the gradient of", "the gradients of")
        ending = ", in float32" if kind == "precision" else ""
        elements = sum(item.elements for item in of_kind)
        methods = {check.method.partition(",")[0] for check in checks_of}
        method = f"{methods.pop()}, {elements} elements" if elements and len(methods) == 1 else worst.method
        claim = f"{claim} with respect to {names}{ending}"
        told.append(Check(claim, method, "passed", worst.figure, worst.bound, test=worst.test))
    return told


def _precision(flow: Flow, leaf: Vertex, exact: Any) -> _Finding:
    """The adjoint in the program's own precision beside the one in float64."""
    g = np.asarray(flow.adjoints[leaf], np.float64)
    claim = f"the gradient of ${flow.loss}$ with respect to ${flow.names[leaf]}$, in float32"
    if not np.isfinite(g).all() or not np.isfinite(exact).all():
        same = bool(np.array_equal(np.isfinite(g), np.isfinite(exact)))
        method = (
            "not finite: nothing to compare" if same else f"only float32 is not finite: float64 gives {short(exact)}"
        )
        return _Finding("precision", leaf, Check(claim, method, "unchecked", test="precision"))
    # Near a minimum the terms of the gradient cancel, and what float32 leaves of them is relative to their size.
    summed = [*(vertex.array for vertex in flow.order), *map(np.asarray, flow.adjoints.values())]
    largest = max(float(np.abs(array).max(initial=0.0)) for array in summed if array.size)
    scale = max(float(np.abs(exact).max(initial=0.0)), 1e-3 * min(largest, 1e6), 1e-12)
    error = float(np.abs(g - exact).max(initial=0.0)) / scale
    verdict: Verdict = "passed" if error < 1e-3 else "failed"
    check = Check(claim, "compared with the same pass in float64", verdict, error, 1e-3, test="precision")
    return _Finding("precision", leaf, check)
