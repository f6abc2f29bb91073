"""The steps that a program takes, held against the gradient of its loss at random weights.

The gradient is known by its products with a few directions, each a central difference of the forward pass that the
trace holds: nothing of the program's own backward pass goes into it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nabla.labs.train.directions import CLOSE, FLAT, directions_of, factor_of, is_plain, products, slope_along
from nabla.labs.train.losses import Descended, losses
from nabla.labs.train.probe import FollowedSteps, StepProbe
from nabla.labs.train.rates import rates_of
from nabla.program.made import LoopTurn, TracedValue, is_float, made_of
from nabla.program.replay import Replay, Untraced
from nabla.program.run import Session
from nabla.program.trace import Trace

DIRECTIONS = 6
FEW = 3  # where a step goes through more than so many elements
LARGE = 200_000
TURNS = 4  # of the first are looked at
_BOUNDS = frozenset("sqrt clip maximum minimum norm".split())
_LENGTHS = _BOUNDS | {"pow", "power", "sign", "square"}


@dataclass
class JudgedStep:
    """One step from some weights: the trace, and for each weight its node before and after.

    Attributes:
        directions: by weight, one direction a row.
        steps: by weight, what the step took from it.
        rates: by weight, what its update multiplies by.
        slopes: by weight, the derivatives of `loss` along the directions; nan where they do not settle.
    """

    session: Session
    trace: Trace
    turn: LoopTurn
    before: dict[str, TracedValue]
    after: dict[str, TracedValue]
    directions: dict[str, Any]
    steps: dict[str, Any]
    rates: dict[str, float] = field(default_factory=dict)
    loss: Descended | None = None
    slopes: dict[str, Any] = field(default_factory=dict)

    def share(self, name: str, factor: float) -> float:
        """A factor beside the rate of that weight's update: layers may have rates of their own."""
        return factor / (self.rates.get(name) or 1.0)


@dataclass
class PassJudgement:
    """What the steps are.

    Attributes:
        kind: "right", "scaled", "wrong" or "undecided".
        loss: the loss that they were held against.
        factors: by weight, how many times the gradient the step is; nan where it is none.
        wrong: the weights whose steps are no multiple of the gradient, and those that are one by another factor.
        adaptive: the weights of which only the gradient was found, not the length of the step.
        decay: the share of itself that each weight loses beside the gradient.
        rate: what the updates multiply by, where they all do by one number.
        samples: how many times too long the steps are, where a mean was forgotten.
        states: the steps that were judged.
    """

    kind: str
    loss: Descended | None
    factors: dict[str, float] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    uneven: dict[str, float] = field(default_factory=dict)
    adaptive: list[str] = field(default_factory=list)
    decay: float = 0.0
    rate: float | None = None
    samples: float | None = None
    states: list[JudgedStep] = field(default_factory=list)


def judge(probe: StepProbe, seeds: tuple[int, ...] = (1, 2)) -> PassJudgement:
    """The steps of a program at random weights, of the loss that they fit best."""
    if not probe.updated or not probe.first.turns:
        return PassJudgement("undecided", None)
    at = _telling(probe)
    states = [state for seed in seeds if (state := taken(probe, seed, at)) is not None]
    if not states:
        return PassJudgement("undecided", None)
    tried = [_at(states[0], i) for i in range(len(_losses(states[0])))]
    verdicts = [verdict for verdict in tried if verdict is not None]
    if not verdicts:
        return PassJudgement("undecided", None)
    verdicts = _sworn(verdicts)
    best = min(range(len(verdicts)), key=lambda i: (*_rank(verdicts[i]), -i if _is_own(verdicts[i]) else i))
    first = verdicts[best]
    for state in states[1:]:
        second = _at(state, first.index)
        if second is None or (second.kind == "wrong") != (first.kind == "wrong"):
            return PassJudgement("undecided", first.loss)
        if second.wrong != first.wrong:
            first.wrong = sorted(set(first.wrong) | set(second.wrong))
        first.states += second.states
        _steady(first, second)
    _measured(first)
    return first


def _measured(found: PassJudgement) -> None:
    """The rate, and whether the step is longer than the gradient of the program's own loss, times the samples."""
    state = found.states[0]
    rates = {state.rates.get(name, 1.0) for name in found.factors}
    if not found.factors:
        return
    found.rate = rates.pop() if len(rates) == 1 else None
    if found.kind != "right" or found.loss is None or found.loss.kind != "own":
        return
    ratio = max(state.share(name, factor) for name, factor in found.factors.items())
    sizes = {n for node in made_of(found.loss.nodes, state.turn.first) for n in np.shape(node.value) if n > 2}
    if any(min(abs(ratio / n - 1), abs(2 * ratio / n - 1)) < 1e-5 for n in sizes):
        found.kind, found.samples = "scaled", ratio


def _steady(first: PassJudgement, second: PassJudgement) -> None:
    """The factor of a step is the same at both states, as the rate is, unless the step takes its length from it."""
    both = {name: (f, second.factors[name]) for name, f in first.factors.items() if name in second.factors}
    moved = [name for name, (f, g) in both.items() if abs(f / g - 1) > 1e-3]
    state = first.states[0]
    if first.kind == second.kind == "right":
        moved = [name for name in moved if np.size(state.before[name].value) == 1]
    if first.kind != second.kind or first.adaptive or not moved or any(_has_length(state, name) for name in moved):
        return
    first.wrong = sorted({*first.wrong, *moved})
    first.kind = "wrong"
    left = {name: state.share(name, factor) for name, factor in first.factors.items() if name not in first.wrong}
    usual = next(iter(left.values()), 1.0)
    first.uneven = {name: share / usual for name, share in left.items() if abs(share / usual - 1) > 1e-4}


def _has_length(state: JudgedStep, name: str) -> bool:
    """Whether a norm or a bound goes into a step."""
    return any(node.op in _BOUNDS for node in made_of([state.after[name]], state.turn.first))


def _losses(state: JudgedStep) -> list[Descended]:
    return losses(state.trace, state.turn, list(state.before.values()))


def _rank(verdict: PassJudgement) -> tuple[int, ...]:
    order = {"right": 0, "scaled": 1, "wrong": 2}[verdict.kind]
    return order, len(verdict.wrong), len(verdict.uneven), 0 if _is_own(verdict) else 1, _last_is_wrong(verdict)


def _sworn(verdicts: list[_Indexed]) -> list[_Indexed]:
    """Without implied squares where the program computes a cross-entropy, and with its own loss where weights are
    punished in it: then it is that which it means to descend.

    The other way round is common and no mistake: the squares are printed, and the entropy's gradient is taken.
    """
    punished = [v for v in verdicts if _is_own(v) and v.loss and v.loss.has_penalty(v.states[0].before.values())]
    if punished:
        return punished  # what the penalty adds to the gradient is no decay of the weights
    entropy = any(_is_own(verdict) and verdict.loss is not None and verdict.loss.is_entropy for verdict in verdicts)
    return [v for v in verdicts if not (entropy and v.loss is not None and v.loss.kind == "squares")] or verdicts


def _is_own(verdict: PassJudgement) -> bool:
    return verdict.loss is not None and verdict.loss.kind == "own"


def _last_is_wrong(verdict: PassJudgement) -> bool:
    """Whether the weights that enter last, those nearest to the loss, are among the wrong ones."""
    state = verdict.states[0]
    inside = state.trace.nodes[state.turn.first : state.turn.stop]
    entered = {}
    for name, before in state.before.items():
        entered[name] = next((node.order for node in inside if before in node.parents), 0)
    return bool(entered) and max(entered, key=lambda name: entered[name]) in verdict.wrong


@dataclass
class _Indexed(PassJudgement):
    index: int = 0


def _at(state: JudgedStep, index: int) -> _Indexed | None:
    """The verdict at one state for the loss of that number."""
    known = _losses(state)
    if index >= len(known):
        return None
    loss = known[index]
    held = JudgedStep(**{**vars(state), "loss": loss, "slopes": {}})
    held.slopes = slopes(held, loss)
    if not any(np.isfinite(slope).any() and np.abs(slope[np.isfinite(slope)]).max(initial=0) > FLAT
               for slope in held.slopes.values()):  # fmt: skip
        return None
    return _verdict(held, index)


def _telling(probe: StepProbe) -> int:
    """The turn among the first that changes most weights: a sample of zeros changes few.

    Where anything else is carried from step to step, as the velocity of momentum is, that is the first.
    """
    first = probe.first.turns[0]
    inside = probe.first.trace.nodes[first.first : first.stop]
    used = {parent for node in inside for parent in node.parents}
    for name, old in first.start.items():
        new = first.end.get(name)
        carried = isinstance(old, TracedValue) and isinstance(new, TracedValue) and new is not old
        if carried and name not in probe.updated and is_float(old.value) and old in used:
            return 0
    followed = probe.again(scattered(_start(probe), 1), TURNS)
    changed = [sum(_moves(turn, name) for name in probe.updated) for turn in followed.turns]
    return changed.index(max(changed)) if changed else 0


def _moves(turn: LoopTurn, name: str) -> bool:
    old, new = (getattr(names.get(name), "value", None) for names in (turn.start, turn.end))
    return old is not None and new is not None and not np.array_equal(old, new)


def _start(probe: StepProbe) -> dict[str, Any]:
    start = probe.first.turns[0].start
    return {name: start[name].value for name in probe.updated}


def taken(probe: StepProbe, seed: int, at: int = 0) -> JudgedStep | None:
    """One step, `at` turns behind random weights; None where the program does not complete it."""
    followed = probe.again(scattered(_start(probe), seed), at + 1)
    return state_of(probe, followed, seed) if len(followed.turns) > at else None


def state_of(probe: StepProbe, followed: FollowedSteps, seed: int) -> JudgedStep | None:
    """The step that was followed, with directions for its weights."""
    turn = followed.turns[-1]
    before = {name: turn.start[name] for name in probe.updated if isinstance(turn.start.get(name), TracedValue)}
    after = {name: turn.end[name] for name in before if isinstance(turn.end.get(name), TracedValue)}
    if not after or any(np.shape(after[name].value) != np.shape(before[name].value) for name in after):
        return None
    if not all(np.isfinite(node.value).all() for node in after.values()):
        return None
    inside = followed.trace.nodes[turn.first : turn.stop]
    count = DIRECTIONS if sum(np.size(node.value) for node in inside) < LARGE else FEW
    directions = {name: directions_of(np.shape(node.value), seed, count) for name, node in before.items()}
    steps = {name: np.asarray(before[name].value - after[name].value, dtype=np.float64) for name in after}
    rates = rates_of(probe, followed.trace, before, after)
    return JudgedStep(followed.session, followed.trace, turn, before, after, directions, steps, rates)


def scattered(start: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Random weights of the sizes of those that a program starts from."""
    random = np.random.RandomState(100 + seed)
    made = {}
    for name, value in start.items():
        array = np.asarray(value, dtype=np.float64)
        size = float(np.sqrt(np.mean(array**2))) if array.size else 0.0
        spread = (
            min(max(size, 0.05), 2.0) if size > 1e-6 else 0.4 / np.sqrt(max(array.shape[0] if array.ndim > 1 else 1, 1))
        )
        made[name] = 0.5 * array + spread * random.standard_normal(array.shape)
    return made


def slopes(state: JudgedStep, loss: Descended) -> dict[str, Any]:
    """The derivatives of a loss along the directions of every weight."""
    found: dict[str, Any] = {}
    for name, node in state.before.items():
        try:
            replay = Replay(list(loss.nodes), [node], state.turn.first)
        except Untraced:
            found[name] = np.full(len(state.directions[name]), np.nan)
            continue
        found[name] = np.array([slope_along(replay, loss, node, along) for along in state.directions[name]])
    return found


def _verdict(state: JudgedStep, index: int) -> _Indexed:
    verdict = _Indexed("right", state.loss, states=[state], index=index)
    punished = state.loss is not None and state.loss.kind == "own" and state.loss.has_penalty(state.before.values())
    for name in state.after:
        exact = state.slopes[name]
        if not np.isfinite(exact).any() or np.abs(exact[np.isfinite(exact)]).max() < FLAT:
            continue
        given = products(state.directions[name], state.steps[name])
        factor = factor_of(given, exact)
        if factor is None and not punished:
            factor = _decayed(state, name, given, exact, verdict)
        if factor is None and _within(state, name, exact):
            verdict.adaptive.append(name)
            if float(given @ np.nan_to_num(exact)) < 0:
                verdict.uneven[name] = -1.0
            continue
        if factor is None:
            verdict.wrong.append(name)
        else:
            verdict.factors[name] = factor
    _even(verdict)
    verdict.kind = "wrong" if verdict.wrong or verdict.uneven else "right"
    return verdict


def _even(verdict: PassJudgement) -> None:
    """Weights whose factor is not that of most; of single numbers nothing but the factor can be tested."""
    sizes = {name: np.size(node.value) for name, node in verdict.states[0].before.items()}
    single = [name for name in verdict.factors if sizes[name] == 1]
    shares = {name: verdict.states[0].share(name, factor) for name, factor in verdict.factors.items()}
    if _most_alike(verdict.factors.values()) > _most_alike(shares.values()):
        shares = dict(verdict.factors)  # what the updates multiply by is no rate, a sample say
        verdict.states[0].rates = {}
    known = sorted(share for name, share in shares.items() if sizes[name] > 1)
    if not known and verdict.wrong:
        verdict.wrong += single
        for name in single:
            del verdict.factors[name], shares[name]
    known = known or sorted(shares.values())
    if not known:
        return
    usual = max(known, key=lambda f: (sum(abs(f / g - 1) < 1e-4 for g in known), f > 0, is_plain(f), -abs(f)))
    for name, share in shares.items():
        if abs(share / usual - 1) > 1e-4:
            verdict.uneven[name] = share / usual
    if usual < 0:
        verdict.uneven |= {name: -1.0 for name in verdict.factors if name not in verdict.uneven}


def _most_alike(values: Collection[float]) -> int:
    """How many of some numbers are the same."""
    return max((sum(abs(f / g - 1) < 1e-4 for g in values) for f in values), default=0)


def _decayed(state: JudgedStep, name: str, given: Any, exact: Any, verdict: PassJudgement) -> float | None:
    """The factor where a step is the gradient and a share of the weight itself."""
    own = products(state.directions[name], state.before[name].value)
    kept = np.isfinite(exact)
    parts = np.stack([exact[kept], own[kept]], axis=1)
    if len(parts) < 3:
        return None
    factors, *_ = np.linalg.lstsq(parts, given[kept], rcond=None)
    rest = float(np.abs(parts @ factors - given[kept]).max())
    if rest > CLOSE * float(np.abs(given[kept]).max()) or factors[1] * factors[0] <= 0:
        return None
    verdict.decay = abs(float(factors[1]))
    return float(factors[0])


def _within(state: JudgedStep, name: str, exact: Any) -> bool:
    """Whether the gradient went into a step that changes its lengths element by element: Adam, RMSProp, clipping."""
    size = np.size(state.before[name].value)
    stack, seen = [state.after[name]], set[TracedValue]()
    while stack:
        node = stack.pop()
        if node not in seen and node.order >= state.turn.first and np.size(node.value) == size:
            seen.add(node)
            stack += node.parents
    seen.discard(state.after[name])
    if not any(node.op in _LENGTHS for node in seen):
        return False
    return any(factor_of(products(state.directions[name], node.value), exact) for node in seen)
