"""A program trained: its compiled loop run to the end, with what is worth keeping written down on the way."""

from __future__ import annotations

import ast
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from nabla.network.analysis import Analysis
from nabla.network.compiled import BREAK, Compiler
from nabla.network.functions import modules
from nabla.network.machine import Machine, Problem, Raised, Texts, arrays_of
from nabla.network.model import Array, Layers, cosine, gradients
from nabla.network.recognise import Network
from nabla.network.script import PRINTED, builtins

FRAMES = 40  # moments whose weights are kept
KEPT = 20_000  # weights that are kept at each
CHUNK = 400  # steps between two looks at the clock, at most
OFTEN = 0.1  # seconds between two reports
WALL = 45.0  # seconds a training may take
COST = 25.0  # seconds that a training may be expected to take on a plain machine
ENDLESS = 200_000  # steps of a loop that does not say how many


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
        printed: step (-1 after the loop) and text.
        mismatch: the largest difference, at any moment, of the network as recognised to the program's own output.
    """

    total: int
    moments: list[Moment] = field(default_factory=list)
    done: int = 0
    ended: str = ""
    raised: Raised | None = None
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


class Trainer:
    """A program compiled for speed and run up to its loop."""

    def __init__(self, found: Analysis, texts: Texts, seed: int, forced: int | None = None) -> None:
        self.found = found
        self.machine = Machine(texts, seed, forced=forced)
        self.training = Training(0)
        self.step = 0
        known = builtins(self.machine, self._print)
        self.compiler = Compiler(self.machine, modules(self.machine), known)
        script = found.script
        self.machine.names["__name__"] = "__main__"
        before = self.compiler.block(script.before)
        with np.errstate(all="ignore"):
            before(self.machine.names)
        loop = script.loop
        names = self.machine.names
        self.body = self.compiler.block(loop.body)
        self.after = self.compiler.block(script.after)
        if isinstance(loop, ast.For):
            values = self.compiler.value(loop.iter)(names)
            self.items: Iterator[Any] = iter(values)
            self.store = self.compiler.store(loop.target)
            total = len(values) if hasattr(values, "__len__") else ENDLESS
        else:
            test = self.compiler.value(loop.test)
            self.items = iter(lambda: bool(test(names)), False)
            self.store = lambda f, value: None
            total = ENDLESS
        self.training.total = total
        self.training.network = self._whole()

    def _print(self, text: str) -> None:
        if len(self.training.printed) < PRINTED:
            self.training.printed.append((self.step, text[:2000]))

    def _whole(self) -> Network:
        """The network on all samples, where its step takes some of them."""
        found, names = self.found, self.machine.names
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

    def layers(self) -> Layers:
        """The network with the weights of now."""
        network = self.training.network
        assert network is not None
        return network.layers(dict(arrays_of(self.machine.names)))

    def run(self, report: Callable[[Training], None] = lambda training: None, wall: float = WALL) -> Training:
        """Train, `wall` seconds at most; `report` is called about ten times a second with what there is.

        Raises:
            Problem: the training would take too long.
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
            Problem: the training would take too long.
        """
        training, found = self.training, self.found
        if training.total != ENDLESS and (seconds := estimate(found, training.total)) > COST:
            hint = f"About {max(1, int(training.total * COST / seconds)):,} steps are taken here."
            units = max((weight.shape[1] for weight in found.layers.weights[:-1]), default=0)
            many = f"{training.total:,} steps with " + (
                f"{units:,} hidden units" if units > 500 else "arrays this large"
            )
            message = f"{many} would take {seconds:,.0f} seconds on a fast machine, and several times that here."
            raise Problem("too-big", message, hint, found.script.loop)
        marks = schedule(min(training.total, ENDLESS))
        shown = set(frames(marks))
        keep = sum(weight.size for weight in self.layers().weights) <= KEPT
        spent = told = 0.0
        chunk = CHUNK
        for mark, following in zip(marks, [*marks[1:], marks[-1]], strict=True):
            begun = time.monotonic()
            known = self._moment(mark, keep and mark in shown)
            spent += time.monotonic() - begun
            if not known:
                break
            while self.step < following and not training.ended:
                begun, count = time.monotonic(), min(following - self.step, 1 if self.step == mark else chunk)
                self._advance(count, mark)
                taken = time.monotonic() - begun
                spent += taken
                if count > 1:
                    chunk = max(1, min(CHUNK, int(count * OFTEN / max(taken, 1e-6))))
                if spent - told > OFTEN:
                    told = spent
                    yield
                if spent > wall:
                    training.ended = training.ended or "time"
            if training.ended:
                self._moment(self.step, keep)
                break
        self._finish()

    # Overflow is no news. This is not said around a whole training, which hands over between its steps.
    @np.errstate(all="ignore")
    def _moment(self, step: int, keep: bool) -> bool:
        """Write down where the training is; whether it can go on."""
        training, network = self.training, self.training.network
        assert network is not None
        if training.moments and training.moments[-1].step == step:
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
            now = dict(arrays_of(self.machine.names))
            moment.arrays = {name: np.array(now[name], dtype=np.float64) for name in network.names}
        training.moments.append(moment)
        training.outputs = output
        return True

    @np.errstate(all="ignore")
    def _advance(self, count: int, mark: int) -> None:
        """So many steps more; the first after a moment is compared with the gradient there."""
        names, body, store, items, training = self.machine.names, self.body, self.store, self.items, self.training
        whole = training.network is self.found.network or self.found.network.samples == training.X.shape[0]
        first = whole and self.step == mark and self.found.verdict is not None
        before = self.layers() if first else None
        if before is not None:
            before = Layers(before.activations, [w.copy() for w in before.weights],
                            [None if b is None else b.copy() for b in before.biases])  # fmt: skip
        try:
            for _ in range(count):
                self.machine.spent = 0
                item = next(items, _END)
                if item is _END:
                    training.ended = "" if self.step == training.total or training.total == ENDLESS else "break"
                    training.ended = training.ended or "done"
                    return
                store(names, item)
                signal = body(names)
                self.step += 1
                if signal == BREAK:
                    training.ended = "break"
                    return
        except Raised as error:
            training.ended, training.raised = "raised", error
        if before is not None and self.step == mark + 1:
            loss = self.found.verdict.loss if self.found.verdict else "squares"
            truth, _, _ = gradients(before, training.X, training.y, loss)
            self._compare()
            after = self.layers().weights
            training.moments[-1].cosine = cosine([a - b for a, b in zip(before.weights, after, strict=True)], truth)

    def _compare(self) -> None:
        """The output that the step just made beside that of the network as recognised, at the same weights."""
        training, network = self.training, self.found.network
        named = self.found.step.nodes[network.places[-1].a].names
        own = self.machine.names.get(named[0][1]) if named else None
        if not isinstance(own, np.ndarray) or own.size != training.outputs.size:
            return
        scale = max(1.0, float(np.abs(training.outputs).max(initial=0.0)))
        off = float(np.abs(network.rows(own) - training.outputs).max(initial=0.0)) / scale
        training.mismatch = max(training.mismatch or 0.0, off)

    @np.errstate(all="ignore")
    def _finish(self) -> None:
        training = self.training
        training.done = self.step
        if training.ended == "done":
            training.ended = ""
        if training.total == ENDLESS and not training.ended:
            training.ended = "endless" if training.done >= ENDLESS else ""
            training.total = training.done
        if training.ended in ("", "break"):
            self.step = -1
            try:
                self.after(self.machine.names)
            except Raised as error:
                training.raised = error


_END = object()
