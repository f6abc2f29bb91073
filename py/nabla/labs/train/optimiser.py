"""What a training lacks beside its gradient, seen in its first steps: states of an optimiser spoiled, steps too few."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from nabla.labs.train.findings import TrainingFinding
from nabla.labs.train.judge import PassJudgement
from nabla.labs.train.probe import FollowedSteps, StepProbe, dependencies
from nabla.labs.train.suspects import owners
from nabla.program.made import LoopTurn, TracedValue, is_float
from nabla.program.replay import DRAWS, Replay, Untraced
from nabla.program.source import Program

STEPS = 4
MORE = 10
MOST = 20_000  # steps that are computed again


def spoiled_states(program: Program, seed: int) -> list[TrainingFinding]:
    """Running means whose weight changes from step to step: what corrects them was stored in their place."""
    probe = StepProbe(program, seed, STEPS)
    turns = probe.first.turns
    if len(turns) < 3:
        return []
    owner = owners(probe)
    found = []
    for name in _states(probe, turns[0]):
        shares = [_share(turn, name) for turn in turns]
        if any(share is None for share in shares):
            continue
        known = [float(share) for share in shares if share is not None]
        if max(known) > 1 + 1e-9 and known[0] / known[-1] > 1 + 1e-6:
            end = turns[0].end[name]
            statement = owner.get(end.place)
            text = (
                f"`{name}` is a running mean, and this line puts its corrected value in its place, so the next step "
                f"starts from that: of the old value it keeps {known[0]:.3g}, {known[1]:.3g}, {known[2]:.3g} times, "
                f"where one number below 1 is meant. Give the corrected value a name of its own, `{_hat(name)}`, and "
                "use that in the step"
            )
            found.append(TrainingFinding("state-overwritten", statement.lineno if statement else end.line, text))
    return found


def _hat(name: str) -> str:
    return f"{name.rpartition('.')[2].partition('[')[0]}_hat"


def _states(probe: StepProbe, turn: LoopTurn) -> list[str]:
    """Arrays that are kept from step to step and go into the steps, but are no weights."""
    shapes = {np.shape(turn.start[name].value) for name in probe.updated}
    ends = [turn.end[name] for name in probe.updated if isinstance(turn.end.get(name), TracedValue)]
    hangs = dependencies(probe.first.trace, turn)
    names = []
    for name, old in turn.start.items():
        new = turn.end.get(name)
        if name in probe.updated or not isinstance(old, TracedValue) or not isinstance(new, TracedValue) or new is old:
            continue
        kept = is_float(old.value) and np.shape(old.value) in shapes and old in hangs.get(new, ())
        if kept and any(old in hangs.get(end, ()) for end in ends):
            names.append(name)
    return names


def _share(turn: LoopTurn, name: str) -> float | None:
    """How much of its old value a state keeps in a turn, where that is one number."""
    old, new = turn.start.get(name), turn.end.get(name)
    if not isinstance(old, TracedValue) or not isinstance(new, TracedValue):
        return None
    try:
        replay = Replay([new], [old], turn.first)
        size = max(1.0, float(np.max(np.abs(old.value), initial=0.0)))
        moved, same = (np.asarray(replay({old: old.value + h})[0], dtype=np.float64) for h in (size, 0.0))
    except (Untraced, ArithmeticError, ValueError, TypeError):
        return None
    change = (moved - same) / size
    if not np.size(change) or not np.isfinite(change).all():
        return None
    return float(np.mean(change)) if np.ptp(change) <= 1e-9 * max(1.0, float(np.abs(change).max())) else None


def too_few(probe: StepProbe, judgement: PassJudgement, steps: int) -> list[TrainingFinding]:
    """Whether many more steps like the first would bring the loss much lower, where every step is the same."""
    loop, loss = probe.loop, judgement.loss
    turn, trace = probe.first.turns[0], probe.first.trace
    if judgement.kind not in ("right", "scaled") or judgement.adaptive or loss is None or loop is None or steps < 2:
        return []
    inside = trace.nodes[turn.first : turn.stop]
    if any(node.op in DRAWS for node in inside) or _is_nested(probe.program.tree, loop) or steps * MORE > MOST:
        return []
    found = _repeated(probe, judgement, probe.first, steps)
    if found is None:
        return []
    start, now, later = found
    if not (np.isfinite(later) and later < 0.8 * now and now > 0.005 * start):
        return []
    text = (
        f"There are too few steps: after {steps:,} the loss is {now:.4g} and still falls; after {MORE * steps:,} it is "
        f"{later:.4g}. More steps, or a larger rate, is all it needs"
    )
    return [TrainingFinding("too-few-steps", loop.lineno, text)]


def _is_nested(tree: ast.Module, loop: ast.AST) -> bool:
    """Whether the loop stands inside another."""
    return any(
        isinstance(node, (ast.For, ast.While)) and node is not loop and any(part is loop for part in ast.walk(node))
        for node in ast.walk(tree)
    )


def _repeated(
    probe: StepProbe, judgement: PassJudgement, followed: FollowedSteps, steps: int
) -> tuple[float, float, float] | None:
    """The loss at the start, after so many steps, and after ten times as many: the first step taken again and again."""
    turn = followed.turns[0]
    before = [turn.start[name] for name in probe.updated]
    after = [turn.end[name] for name in probe.updated]
    loss = judgement.loss
    assert loss is not None
    nodes = [node for node in (_same(followed, part) for part in loss.nodes) if node is not None]
    if len(nodes) != len(loss.nodes) or not all(isinstance(node, TracedValue) for node in (*before, *after)):
        return None
    try:
        step, measure = Replay(after, before, turn.first), Replay(nodes, before, turn.first)
        values: dict[TracedValue, Any] = {node: node.value for node in before}
        reached = [float(loss.value(*measure(values)))]
        for count in range(1, MORE * steps + 1):
            values = dict(zip(before, step(values), strict=True))
            if count in (steps, MORE * steps):
                reached.append(float(loss.value(*measure(values))))
    except (Untraced, ArithmeticError, ValueError, IndexError, TypeError):
        return None
    return reached[0], reached[1], reached[2]


def _same(followed: FollowedSteps, node: TracedValue) -> TracedValue | None:
    """The node of the same number in another trace of the same program."""
    nodes = followed.trace.nodes
    found = nodes[node.order] if node.order < len(nodes) else None
    return found if found is not None and (found.op, found.place) == (node.op, node.place) else None
