"""Whether the rate of a training is too large or too small: the same program is run with others."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np

from nabla.labs.backprop import functional
from nabla.labs.backprop.run import Outcome, run
from nabla.labs.backprop.units import FEW, FLAT, TrainingNote, named, note
from nabla.tensor.passes import Pass
from nabla.tensor.replay import ancestors
from nabla.tensor.torch.optim import TUNING

SPENT = 1e-3  # of the first rate: steps of it are nothing
MORE, STEPS = 10, 30_000  # times the epochs, and how many steps that may be in all
LARGE = 30.0  # numbers, beside those of size 1 that networks start with
RISES = 1.2
GROWN = 100  # times, which tells as much in a few passes
FASTER, SLOWER = (30.0, 1e3, 3e4, 1e6), (0.3, 0.1, 0.01, 1e-3, 1e-5, 1e-7)  # times the rate, tried in this order


def of_rate(outcome: Outcome, died: bool = False) -> Iterator[TrainingNote]:
    """A rate that is too large (also where units died on the way) or too small, or steps that go uphill, told by the
    same program with other rates.
    """
    ends, tried = ends_of(outcome), RatedProgram(outcome)
    if ends is None or not tried.rate:
        return
    first, last = ends
    if outcome.backwards < FEW and last <= GROWN * abs(first):
        return
    if died or not last <= RISES * abs(first) + 1e-9:
        begun = _losses(outcome)[0]
        yield from _too_large(outcome, tried, begun, last)
    elif outcome.dialect in functional.DIALECTS and last > 1e-3 * first and (found := list(_hopping(tried, last))):
        yield from found
    elif abs(last - first) < FLAT * abs(first):
        for k in FASTER:
            again = tried.ends(k)
            if again is not None and again[1] < 0.7 * first:
                text = (
                    f"The rate {tried.rate:g} is too small: in {outcome.backwards:,} steps the loss goes from "
                    f"{first:.4g} to {last:.4g} only; with {tried.rate * k:.3g} it comes to {again[1]:.4g}."
                )
                scale = list(_scales(outcome.passes[0]))
                yield from scale
                cure = f"Take `lr={tried.rate * k:.3g}`, or many more steps."
                yield note(
                    "rate-too-small", tried.line, text, cure if not scale else "Scale first, then choose the rate."
                )
                return


def _hopping(tried: RatedProgram, last: float) -> Iterator[TrainingNote]:
    """Steps that come no nearer: a smaller rate ends lower in as many."""
    for k in SLOWER[:3]:
        again = tried.ends(k)
        if again is not None and again[1] < 0.5 * last:
            text = (
                f"The rate {tried.rate:g} is too large: the loss ends at {last:.4g} and comes no nearer, since the "
                "steps hop "
                f"over the minimum; with {tried.rate * k:.3g} it comes to {again[1]:.4g} in as many."
            )
            yield note(
                "rate-too-large", tried.line, text, f"Take {tried.rate * k:.3g}, or a rate that falls with the steps."
            )
            return


def of_schedule(outcome: Outcome) -> Iterator[TrainingNote]:
    """A schedule that has brought the rate to nothing before the loss was small, told by the program without it."""
    ends, losses = ends_of(outcome), _losses(outcome)
    group: dict[str, Any] = next((opt.param_groups[0] for what, _, opt in outcome.events if what == "optimizer"), {})
    begun, rate = float(group.get("initial_lr", 0.0)), float(group.get("lr", 0.0))
    if ends is None or len(losses) < 2 * FEW or not 0 <= rate < SPENT * begun or not ends[1] > 0.01 * ends[0]:
        return
    if abs(losses[3 * len(losses) // 4] - losses[-1]) > FLAT * abs(losses[-1]):
        return
    TUNING.held = True
    try:
        again = ends_of(run(outcome.program.text))
    finally:
        TUNING.held = False
    if again is None or not again[1] < 0.5 * ends[1]:
        return
    called = [n for n in ast.walk(outcome.program.tree) if isinstance(n, ast.Call) and _tail(n.func).endswith("LR")]
    line = called[0].lineno if called else 0
    text = (
        f"The schedule of line {line} brings the rate from {begun:g} down to {rate:.2g}: long before the end "
        f"the steps are nothing, and the loss stays at {ends[1]:.4g}. With the rate held it comes to {again[1]:.4g}."
    )
    yield note(
        "rate-too-small", line, text, "Let it fall later, or less: a larger `step_size`, or `gamma` nearer to 1."
    )


def _tail(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def of_epochs(outcome: Outcome) -> Iterator[TrainingNote]:
    """Passes of Keras over its data that are too few, told by the same program with ten times as many."""
    ends = ends_of(outcome)
    if outcome.dialect != "keras" or ends is None or outcome.backwards * MORE > STEPS or not ends[1] > 0.3 * ends[0]:
        return
    TUNING.passes = MORE
    try:
        again = ends_of(run(outcome.program.text))
    finally:
        TUNING.passes = 1
    if again is not None and again[1] < 0.7 * ends[1]:
        line = next(line for what, line, _ in outcome.events if what == "backward")
        text = (
            f"Line {line} trains for too few epochs: in {outcome.backwards:,} steps the loss comes from {ends[0]:.4g} "
            f"to {ends[1]:.4g}, in {MORE} times as many to {again[1]:.4g}."
        )
        yield note("too-few-steps", line, text, f"Take {MORE} times as many epochs, or a larger rate.")


def _too_large(outcome: Outcome, tried: RatedProgram, first: float, last: float) -> Iterator[TrainingNote]:
    moves = _moves(outcome)
    tiny = [tried.ends(k) for k in SLOWER[3:5]] if moves and tried.numbers else []
    if tiny and all(again is not None and again[1] > again[0] >= 0 for again in tiny):
        text = f"The steps of line {moves[0][0]} go along the gradient: the loss rises, however small the rate is."
        yield note("sign", moves[0][0], text, f"Subtract it: `{_SUBTRACTED.get(outcome.dialect, _SUBTRACTED['jax'])}`.")
        return
    for k in SLOWER:
        again = tried.ends(k)
        if again is not None and again[1] < again[0] and not again[1] >= 0.9 * last:
            text = (
                f"The rate {tried.rate:g} is too large: the loss goes from {first:.4g} to {last:.4g}; with "
                f"{tried.rate * k:.3g} it comes to {again[1]:.4g}."
            )
            yield note("rate-too-large", tried.line, text, f"Take `lr={tried.rate * k:.3g}`.")
            yield from _scales(outcome.passes[0])
            return


def _scales(first: Pass) -> Iterator[TrainingNote]:
    """Inputs and targets much larger than what the first weights are made for."""
    for vertex in ancestors(first.root):
        data = [p for p in vertex.parents if not p.needs and p.array.size > 1]
        if named(vertex) == "matmul" and vertex.needs and data and _size(data[0].array) > LARGE:
            text = f"The inputs of line {vertex.line} go from {data[0].array.min():.4g} to {data[0].array.max():.4g}."
            cure = "Take off their mean, and divide them by their standard deviation: then ordinary rates do."
            yield note("unscaled-features", vertex.line, text, cure)
            return
        if (
            named(vertex) == "sub"
            and vertex.needs
            and data
            and _size(data[-1].array) > LARGE * max(_size(vertex.parents[0].array), 1)
        ):
            target = data[-1].array
            text = (
                f"The targets of line {vertex.line} go from {target.min():.4g} to {target.max():.4g}, and the outputs "
                "begin near 0: steps of an ordinary length take very long to come there."
            )
            yield note(
                "target-scale", vertex.line, text, "Divide the targets by their size, and multiply the outputs back."
            )
            return


def _size(array: Any) -> float:
    return float(np.sqrt(np.mean(np.square(np.asarray(array, np.float64)))))


def ends_of(outcome: Outcome) -> tuple[float, float] | None:
    """The loss in the first passes and in the last ones; None where it is not known, or where there are several."""
    losses = _losses(outcome)
    several = len({line for what, line, _ in outcome.events if what == "backward"}) > 1
    if several or not losses or not outcome.passes or outcome.passes[-1].root.array.size != 1 or None in losses:
        return None
    last = float(outcome.passes[-1].root.array.item())
    if len(losses) < FEW:
        return float(losses[0]), last
    recent = losses[-4:] if outcome.backwards == len(losses) and np.isfinite(last) else [last]
    return float(np.median(losses[:4])), float(np.median(recent))


def _losses(outcome: Outcome) -> list[Any]:
    """The losses of the passes; where gradients are taken as functions, of those that are remembered."""
    if outcome.dialect in functional.DIALECTS:
        kept = outcome.passes if len({done.line for done in outcome.passes}) == 1 else []
        return [done.root.array.item() if done.root.array.size == 1 else None for done in kept]
    return [detail for what, _, detail in outcome.events if what == "backward"]


_SUBTRACTED = {"torch": "w -= rate * w.grad", "jax": "w = w - rate * g"}


class RatedProgram:
    """The rate of a program: that of its optimiser, or the number that its own steps multiply by; 0 for unknown."""

    def __init__(self, outcome: Outcome) -> None:
        self.text, self.line, self.rate = outcome.program.text, 0, 0.0
        self.numbers: list[ast.Constant] = []
        made = [(line, opt) for what, line, opt in outcome.events if what == "optimizer"]
        if made:
            group = made[0][1].param_groups[0]
            self.line, self.rate = made[0][0], float(group.get("initial_lr", group["lr"]))
            return
        numbers = _numbers(outcome)
        if numbers and len({number.value for number in numbers}) == 1:
            self.numbers = numbers
            self.line, self.rate = numbers[0].lineno, float(numbers[0].value)  # type: ignore[arg-type]

    def ends(self, factor: float) -> tuple[float, float] | None:
        """The first and the last loss with the rate multiplied; None where it does not come to its end."""
        if self.numbers:
            lines = self.text.split("\n")
            for number in sorted(self.numbers, key=lambda n: -n.col_offset):
                raw = lines[number.lineno - 1].encode()
                new = f"{self.rate * factor:.6g}".encode()
                lines[number.lineno - 1] = (raw[: number.col_offset] + new + raw[number.end_col_offset :]).decode()
            again = run("\n".join(lines))
        else:
            TUNING.rate = factor
            try:
                again = run(self.text)
            finally:
                TUNING.rate = 1.0
        found = None if again.raised is not None else ends_of(again)
        return found if found is not None and np.isfinite(found[1]) else None


def _numbers(outcome: Outcome) -> list[ast.Constant]:
    """The numbers of the lines in which a program moves its weights, and of the names there."""
    moves = _moves(outcome)
    moved = {name for _, name, _ in moves}
    names = {part.id for _, _, value in moves for part in ast.walk(value) if isinstance(part, ast.Name)} - moved
    given = [node.value for node in ast.walk(outcome.program.tree) if isinstance(node, ast.Assign)
             and any(isinstance(t, ast.Name) and t.id in names for t in node.targets)]  # fmt: skip
    inside = [part for _, _, value in moves for part in _outside_calls(value, outcome)]
    found = [part for part in [*given, *inside] if isinstance(part, ast.Constant) and type(part.value) in (int, float)]
    return list({(n.lineno, n.col_offset): n for n in found}.values())


def _outside_calls(node: ast.AST, outcome: Outcome) -> Iterator[ast.AST]:
    """The parts of an expression; where gradients are taken as functions, not those inside of their calls."""
    if isinstance(node, ast.Call) and outcome.dialect in functional.DIALECTS:
        return
    yield node
    for part in ast.iter_child_nodes(node):
        yield from _outside_calls(part, outcome)


def _moves(outcome: Outcome) -> list[tuple[int, str, ast.expr]]:
    """The statements in which a gradient is used: their lines, what they move, and by what."""
    tree = outcome.program.tree
    if outcome.dialect in functional.DIALECTS:
        return [(move.line, move.name, move.value) for move in functional.moves_of(tree)]
    stored = [node for node in ast.walk(tree) if isinstance(node, (ast.AugAssign, ast.Assign))]
    return [
        (node.lineno, ast.unparse(node.target if isinstance(node, ast.AugAssign) else node.targets[0]), node.value)
        for node in stored
        if any(getattr(part, "attr", "") == "grad" for part in ast.walk(node.value))
    ]
