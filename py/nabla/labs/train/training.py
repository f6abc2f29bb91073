"""A program trained: run behind the guard, with what is worth keeping of its loop written down on the way."""

from __future__ import annotations

import ast
import time
import types
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from nabla.labs.train.analysis import Analysis
from nabla.labs.train.recognise import Network
from nabla.network.model import Array, Layers, cosine, gradients
from nabla.program.errors import Gap, Raised, Stopped
from nabla.program.evidence import Observer, Printed
from nabla.program.guard import Guard
from nabla.program.limits import Budget
from nabla.program.pausing import Pause, pausing
from nabla.program.run import Run, Session, refusal
from nabla.program.source import refuse

FRAMES = 40  # moments whose weights are kept
KEPT = 20_000  # weights that are kept at each
OFTEN = 0.1  # seconds between two reports
WALL = 45.0  # seconds a training may take
COST = 25.0  # seconds that a training may be expected to take on a plain machine
ENDLESS = 200_000  # steps of a loop that does not say how many
PRINTED = 2_000  # lines kept
TURNS = 60_000_000  # of all loops; the time ends most before


@dataclass
class Moment:
    """A step: the weights before it, judged on all samples.

    `mae` is mean |y - a|, `sse` 1/2 Σ (y - a)²; `norms` are of the true gradient by layer; `cosine` is that of the step
    taken next and the true gradient.
    """

    step: int
    mae: float
    sse: float
    norms: list[float]
    cosine: float = float("nan")
    arrays: dict[str, Array] | None = None


@dataclass
class Training:
    """The result of a training.

    Attributes:
        total: the steps that the loop has.
        done: the steps that were taken.
        ended: "", or why it ended early: "diverged", "raised", "time", "break", "endless", "stopped".
        raised: what the program raised, in a step or behind the loop; `gap` what is not covered, behind the loop only.
        printed: step (-1 after the loop) and text.
        mismatch: the largest difference, at any moment, of the network as recognised to the program's own output.
    """

    total: int
    moments: list[Moment] = field(default_factory=list)
    done: int = 0
    ended: str = ""
    raised: Raised | None = None
    gap: Gap | None = None
    printed: list[tuple[int, str]] = field(default_factory=list)
    network: Network | None = None
    X: Array = field(default_factory=lambda: np.empty((0, 0)))
    y: Array = field(default_factory=lambda: np.empty((0, 0)))
    outputs: Array = field(default_factory=lambda: np.empty((0, 0)))
    mismatch: float | None = None


def schedule(total: int) -> list[int]:
    """The steps that are written down: 0 to 10, then ever fewer, the round ones and the last among them."""
    kept = {0, total}
    for power in range(10):
        kept |= {d * 10**power for d in range(1, 10)}
    kept |= {round(total * i / 12) for i in range(12)}
    kept |= {int(v) for v in np.geomspace(1, max(total, 1), 120).round()}
    return sorted(step for step in kept if step <= total)


def frames(steps: list[int], count: int = FRAMES) -> list[int]:
    """Of those steps, about so many at even distances of their logarithms, the first and the last among them."""
    if len(steps) <= count:
        return steps
    marks = np.geomspace(1, steps[-1] + 1, count) - 1
    places = np.asarray(steps)
    return sorted({0, steps[-1], *(int(places[np.abs(places - mark).argmin()]) for mark in marks)})


def estimate(found: Analysis, total: int) -> float:
    """Seconds that the training takes, from the sizes of a step's arrays; one nanosecond an element."""
    work = 0.0
    for node in found.step.nodes:
        work += 0.6e-6 + 1e-9 * np.size(node.value)
        if node.op == "dot" and len(node.parents) == 2:
            inner = node.parents[0].shape[-1] if node.parents[0].shape else 1
            work += 0.2e-9 * np.size(node.value) * inner
    return work * total


class Trainer(Observer):
    """A training about to run, from the program's own weights or from others, by name."""

    def __init__(
        self, found: Analysis, seed: int, forced: int | None = None, start: Mapping[str, Array] | None = None
    ) -> None:
        self.found, self.seed, self.forced, self.start = found, seed, forced, dict(start or {})
        self.line = found.first.loop.lineno
        self.trace = f"pausing {self.line}"
        total = found.first.total()
        self.training = training = Training(ENDLESS if total is None else total)
        training.network = self._whole()
        self.step = -1  # the one that is on
        self.closed = False
        self.paths = {name: ast.parse(found.first.outside(name), mode="eval").body for name in training.network.names}
        self.names: Mapping[str, Any] = {}
        self.marks = schedule(min(training.total, ENDLESS))
        self.pictured = set(frames(self.marks))
        self.keep = sum(weight.size for weight in found.layers.weights) <= KEPT
        self.before: Layers | None = None
        self.spent, self.wall, self.begun, self.told = 0.0, WALL, 0.0, 0.0
        self.session = Session(found.first.program, None, Budget(turns=TURNS), self, self._look)
        self.env = self.session.guard.env
        show = self.session.evidence.show

        def shown(entry: Printed) -> None:
            if len(training.printed) < PRINTED:
                training.printed.append((max(self.step, 0) if not self.closed else -1, entry.text[:2000]))
            show(entry)

        self.session.evidence.show = shown  # type: ignore[method-assign]

    # What the run calls ----------------------------------------------------------------------------------------------

    def prepared(self, tree: ast.Module) -> ast.Module:
        """The tree with the loop that asks at each turn."""
        return pausing(tree, self.line)

    def functions(self, guard: Guard) -> dict[str, Callable[..., Any]]:
        """What it calls."""
        guard.seed(self.seed, self.forced)
        return {"@turned": self._turned, "@over": self._over, "@pause": Pause, "@waited": _waited}

    def _look(self, used: int) -> None:
        """Inside a turn that takes long."""
        if self.spent + time.monotonic() - self.begun > self.wall:
            self.training.ended = self.training.ended or "time"
            raise Stopped

    def _turned(self, names: dict[str, Any]) -> bool:
        """A turn of the loop begins; whether to pause."""
        if self.closed:
            return False
        self.names = names
        if self.step < 0:
            for name, value in self.start.items():
                names[name] = value.copy()
        self.step += 1
        if self.before is not None:
            self._point()
        if self.step == ENDLESS and self.training.total == ENDLESS:
            self.training.ended = self.training.ended or "endless"
        now = self.spent + time.monotonic() - self.begun
        if now > self.wall:
            self.training.ended = self.training.ended or "time"
        if self.training.ended:
            raise Stopped
        if self.step == self.marks[0]:
            self._mark()
        if now - self.told > OFTEN:
            self.told = now
            return True
        return False

    def _over(self, names: dict[str, Any]) -> None:
        """The loop is over."""
        if self.closed:
            return
        self.names = names
        self.step += 1
        if self.before is not None:
            self._point()
        training = self.training
        if training.total != ENDLESS and self.step < training.total:
            training.ended = training.ended or "break"
        self._close()

    def _close(self) -> None:
        """The training has come to where it is."""
        if not self.closed:
            self.closed = True
            self._moment(self.keep)
            self.training.done = max(self.step, 0)

    def _mark(self) -> None:
        """A step that is written down, and compared with the gradient once it is taken."""
        self.marks.pop(0)
        if not self._moment(self.keep and self.step in self.pictured):
            raise Stopped
        self.marks = self.marks or [-1]
        training, found = self.training, self.found
        whole = training.network is found.network or found.network.samples == training.X.shape[0]
        if whole and found.verdict is not None:
            layers = self.layers()
            self.before = Layers(layers.activations, [w.copy() for w in layers.weights],
                                 [None if b is None else b.copy() for b in layers.biases])  # fmt: skip

    # Around the run --------------------------------------------------------------------------------------------------

    def _whole(self) -> Network:
        """The network on all samples, where its step takes some of them."""
        found, names = self.found, self.found.step.before
        network, step, training = found.network, found.step, self.training
        node = step.nodes[network.X]
        while node.op in ("getitem", "reshape", "array") and node.parents:
            node = node.parents[0]
        data = names.get(network.data)
        whole = network
        if node.op == "leaf" and isinstance(data, np.ndarray) and data.ndim == 2:
            whole = replace(network, samples=data.shape[1 if network.columns else 0])
            X = whole.rows(data)
        else:
            X = network.x(step)
        training.X = X
        target = names.get(network.target)
        if whole is not network or (isinstance(target, np.ndarray) and np.size(target) % X.shape[0] == 0):
            units = found.layers.weights[-1].shape[1]
            training.y = whole.targets(target, units)
        else:
            training.y = network.t(step)
        return whole

    def _held(self, path: ast.expr) -> Any:
        """What the program holds at a path of names, attributes and keys."""
        if isinstance(path, ast.Name):
            return self.names[path.id] if path.id in self.names else self.env[path.id]
        if isinstance(path, ast.Attribute):
            return vars(self._held(path.value))[path.attr]
        if not (isinstance(path, ast.Subscript) and isinstance(path.slice, ast.Constant)):
            raise KeyError(ast.unparse(path))
        return self._held(path.value)[path.slice.value]

    def _known(self, text: str) -> Any:
        """The same by the text of a target; None where it leads nowhere."""
        try:
            return self._held(ast.parse(text, mode="eval").body)
        except (KeyError, IndexError, AttributeError, TypeError):
            return None

    def _arrays(self) -> dict[str, Any]:
        return {name: self._held(path) for name, path in self.paths.items()}

    def layers(self) -> Layers:
        """The network with the weights of now."""
        network = self.training.network
        assert network is not None
        return network.layers(self._arrays())

    def run(self, report: Callable[[Training], None] = lambda training: None, wall: float = WALL) -> Training:
        """Train, `wall` seconds at most; `report` is called about ten times a second with what there is.

        Raises:
            UserError: the training would take too long, or uses what is not covered.
        """
        for _ in self.go(wall):
            report(self.training)
        return self.training

    def stop(self) -> None:
        """End the training where it is, when it goes on."""
        self.training.ended = self.training.ended or "stopped"

    def go(self, wall: float = WALL) -> Generator[None]:
        """Train, `wall` seconds of work at most, in steps of about a tenth of a second.

        Raises:
            UserError: the training would take too long, or uses what is not covered.
        """
        self._affordable()
        self.wall = wall
        work, done = self.session.parts(), None
        try:
            while done is None:
                self.begun = time.monotonic()
                try:
                    next(work)
                except StopIteration as end:
                    done = end.value
                except Stopped:
                    break
                self.spent += time.monotonic() - self.begun
                if done is None:
                    yield
        finally:
            if done is None:
                self.stop()
            work.close()
        self._end(done)

    def _affordable(self) -> None:
        training, found = self.training, self.found
        if training.total != ENDLESS and (seconds := estimate(found, training.total)) > COST:
            hint = f"About {max(1, int(training.total * COST / seconds)):,} steps are taken here."
            units = max((weight.shape[1] for weight in found.layers.weights[:-1]), default=0)
            many = f"{training.total:,} steps with " + (
                f"{units:,} hidden units" if units > 500 else "arrays this large"
            )
            message = f"{many} would take {seconds:,.0f} seconds on a fast machine, and several times that here."
            raise refuse(found.first.program, found.first.loop, message, hint, "too-big")

    def _end(self, done: Run | None) -> None:
        """How the run ended."""
        training = self.training
        if done is not None and done.gap is not None:
            if not self.closed:
                raise refusal(self.found.first.program, done.gap)
            training.gap = done.gap
        if done is not None and done.raised is not None:
            training.raised = done.raised
            if not self.closed:
                training.ended = training.ended or "raised"
        self._close()
        if training.total == ENDLESS:
            training.total = training.done

    # Overflow is no news.
    @np.errstate(all="ignore")
    def _moment(self, keep: bool) -> bool:
        """Write down where the training is; whether it can go on."""
        training, network, step = self.training, self.training.network, max(self.step, 0)
        assert network is not None
        if (training.moments and training.moments[-1].step == step) or not self.names:
            return True
        layers = self.layers()
        arrays = [*layers.weights, *[b for b in layers.biases if b is not None]]
        if not all(np.isfinite(part).all() for part in arrays):
            training.ended = "diverged"
            training.moments.append(Moment(step, float("nan"), float("nan"), [float("nan")] * len(layers.weights)))
            return False
        output = layers.forward(training.X)[1][-1]
        error = output - training.y
        loss = self.found.verdict.loss if self.found.verdict else "squares"
        truth, _, _ = gradients(layers, training.X, training.y, loss)
        moment = Moment(
            step,
            float(np.mean(np.abs(error))),
            0.5 * float(np.sum(error**2)),
            [float(np.linalg.norm(g)) for g in truth],
        )
        if keep or step == 0:
            moment.arrays = {name: np.array(value, dtype=np.float64) for name, value in self._arrays().items()}
        training.moments.append(moment)
        training.outputs = output
        return True

    @np.errstate(all="ignore")
    def _point(self) -> None:
        """The step just taken beside the gradient where it began."""
        training, before = self.training, self.before
        assert before is not None
        self.before = None
        loss = self.found.verdict.loss if self.found.verdict else "squares"
        truth, _, _ = gradients(before, training.X, training.y, loss)
        self._compare()
        after = self.layers().weights
        training.moments[-1].cosine = cosine([a - b for a, b in zip(before.weights, after, strict=True)], truth)

    def _compare(self) -> None:
        """The output that the step just made beside that of the network as recognised, at the same weights."""
        training, network = self.training, self.found.network
        named = self.found.step.nodes[network.places[-1].a].names
        held = (self._known(self.found.first.written(text)) for _, text in named)
        own = next((value for value in held if isinstance(value, np.ndarray)), None)
        if own is None or own.size != training.outputs.size:
            return
        scale = max(1.0, float(np.abs(training.outputs).max(initial=0.0)))
        off = float(np.abs(network.rows(own) - training.outputs).max(initial=0.0)) / scale
        training.mismatch = max(training.mismatch or 0.0, off)


def _waited(value: Any) -> Any:
    """What can be waited for, whatever a call gave."""
    return value if isinstance(value, types.CoroutineType) else Pause(value, pauses=False)


def trains(found: Analysis) -> bool:
    """Whether the training is no longer than it may be."""
    if found.step.raised is not None or found.network.y is None:
        return True
    total = found.first.total()
    return total is None or estimate(found, total) <= COST
