"""Trainings side by side, and the plots that grow with them."""

from __future__ import annotations

from dataclasses import dataclass

from nabla.answer.document import Block, Document, Plot
from nabla.errors import UserError
from nabla.lab import Steps
from nabla.labs.train import plots
from nabla.labs.train.training import Trainer


@dataclass
class Runner:
    """A training that is watched: its name, what trains, and why it came to nothing, where it did."""

    name: str
    trainer: Trainer
    problem: UserError | None = None


class Watch:
    """Runs trainings in turns, a tenth of a second each, and shows them meanwhile.

    The loss is redrawn at each turn, the other plots, which are of the first training, in turns of their own: more
    would keep the page from answering its reader.
    """

    def __init__(self, document: Document, runners: list[Runner]) -> None:
        self.document, self.runners = document, runners
        self.turn = 0
        self.blocks: list[Block] = []

    def run(self, wall: float) -> Steps:
        """Train all of them, in `wall` seconds together at most; True sent in stops them where they are.

        Raises:
            UserError: the first training would take too long.
        """
        going = [(runner, runner.trainer.go(wall / len(self.runners))) for runner in self.runners]
        while going:
            for runner, work in list(going):
                try:
                    next(work)
                except StopIteration:
                    going.remove((runner, work))
                    continue
                except UserError as problem:
                    if runner is self.runners[0]:
                        raise
                    runner.problem = problem
                    going.remove((runner, work))
                    continue
                self._show()
                if (yield):
                    for other, _ in going:
                        other.trainer.stop()

    def _show(self) -> None:
        """What there is, and how far the work is."""
        done = sum(runner.trainer.step for runner in self.runners)
        total = sum(max(runner.trainer.training.total, 1) for runner in self.runners)
        first = self.runners[0].trainer
        self.document.progress(f"Training, step {first.step:,}", min(done / total, 1.0))
        begun = [(r.name, r.trainer.training) for r in self.runners if r.trainer.training.moments]
        if not begun or begun[0][1] is not first.training:
            return
        loss = plots.loss_plot(begun, None)
        others = [plots.norms_plot(first.training, None), *plots.pictures(first.training, None)]
        if not self.blocks:
            self.blocks = [loss, *others]
            self.document.add(*self.blocks)
            return
        self._put(0, loss)
        if len(others) == len(self.blocks) - 1:
            self.turn = (self.turn + 1) % len(others)
            self._put(1 + self.turn, others[self.turn])

    def _put(self, place: int, block: Block) -> None:
        self.document.replace(self.blocks[place], block)
        self.blocks[place] = block

    def end(self, last: list[Plot]) -> None:
        """Put the plots as they are in the end where the growing ones are, and what is new behind them."""
        for place, block in enumerate(last[: len(self.blocks)]):
            self._put(place, block)
        self.document.add(*last[len(self.blocks) :])
        left = self.blocks[len(last) :]
        self.document.blocks = [block for block in self.document.blocks if not any(block is old for old in left)]
