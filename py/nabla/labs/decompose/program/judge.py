"""A program on fields judged by running it on fields whose answer is known, and its fault found by mending it.

A fault is named when the program with one change, of one kind, gives the right results on two further fields, and the
program as it is does not. What was not compared is called so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice

from nabla.labs.decompose.program.edits import edits
from nabla.labs.decompose.program.harness import FieldCall, calling
from nabla.labs.decompose.program.mending import Mending
from nabla.labs.decompose.program.own_grid import OwnGridRemark, own_grid_remark
from nabla.labs.decompose.program.probes import probe, results, tried, with_probe
from nabla.labs.decompose.program.reading import FieldProgram, Output, read_program
from nabla.program.run import Run, run

MOST = 220  # changed programs that are run
MOST_PAIRS = 60
FURTHER = 6  # that are run for another order of axes or indices that mends it
ORDERS = {"axis-order", "index-order"}
TOGETHER = ("axis-order", "spacing", "index-order", "two-pi", "wave-number", "missing-axis")


@dataclass
class ProgramVerdict:
    """Whether the results of a program are what their names say.

    `right` is None where nothing could be compared; `on` tells the arrays that a function alone was called on.
    `mending` are the changes that make it right, `others` changes of other kinds that do so too.
    """

    run: Run
    found: FieldProgram | None = None
    right: bool | None = None
    outputs: dict[Output, bool | None] = field(default_factory=dict)
    mending: tuple[Mending, ...] = ()
    others: tuple[Mending, ...] = ()
    on: str = ""

    @property
    def remark(self) -> OwnGridRemark | None:
        """What spoils the results of a right program on the field of its own."""
        return own_grid_remark(self.found) if self.found is not None else None


def judged(code: str) -> ProgramVerdict:
    """Run a program, and judge what it computes.

    Raises:
        UserError: what cannot be read.
    """
    done = run(code)
    found = None if done.gap is not None else read_program(done.program.tree, done)
    if found is not None or done.gap is not None:
        return _compared(ProgramVerdict(done, found))
    tried_out = [_compared(each) for call in calling(done.program.tree) if (each := _called(done, call)) is not None]
    right = (each for each in tried_out if each.right)
    mended = (each for each in tried_out if each.mending)
    return next(right, None) or next(mended, None) or next(iter(tried_out), ProgramVerdict(done))


def _called(before: Run, call: FieldCall) -> ProgramVerdict | None:
    """A program that only defines functions, with a call below it."""
    done = run(f"{before.program.text}\n{call.lines}\n")
    found = None if done.gap is not None else read_program(done.program.tree, done)
    if found is None:
        return None
    found.lines = done.program.text.count("\n") - call.lines.count("\n") - 1
    return ProgramVerdict(done, found, on=call.on)


def _compared(verdict: ProgramVerdict) -> ProgramVerdict:
    """The verdict on a run whose fields and results are known."""
    found = verdict.found
    if found is None:
        return verdict
    first = _outcome(found, (), 1)
    found.outputs = [output for output, fine in first.items() if fine is not None]
    # Partial derivatives count where nothing is made of them; names in between may be loose, but what is right stays.
    final = [output for output in found.outputs if output.what != "partial"] or found.outputs
    verdict.outputs = {output: first[output] for output in final}
    if not final:
        return verdict
    verdict.right = _is_mended(found, (), final)
    if not verdict.right:
        kept = {output for output, fine in first.items() if fine}
        _mend(found, verdict, {*final, *kept})
    return verdict


def _outcome(found: FieldProgram, changes: Sequence[Mending], seed: int) -> dict[Output, bool | None]:
    """What the results are on a known field, after some changes to the program."""
    laplacian = any(output.what == "laplacian" for output in found.outputs)
    given = probe(found, seed)
    done = tried(found, with_probe(found, given, laplacian, {edit.node: edit.new for edit in changes}))
    if done.gap is not None:
        return dict.fromkeys(found.outputs)
    return results(found, done, given.spectral)


def _is_mended(found: FieldProgram, changes: Sequence[Mending], wanted: Collection[Output]) -> bool:
    outcomes = (_outcome(found, changes, seed) for seed in (1, 2))
    return all(all(outcome[output] for output in wanted) for outcome in outcomes)


def _mend(found: FieldProgram, verdict: ProgramVerdict, wanted: Collection[Output]) -> None:
    made = [edit for edit in edits(found) if edit.line <= found.lines]
    fine = any(verdict.outputs.values()) and len(found.letters) == 3  # components of a curl: the others tell what it is
    if found.guessed and not fine:  # a shear may be meant, or another sign
        made = [edit for edit in made if edit.kind not in ("sign", "component", *ORDERS)]
    mending = next((each for each in islice(_groups(found, made), MOST) if _is_mended(found, each, wanted)), ())
    verdict.mending = tuple(mending)
    if mending and mending[0].kind in ORDERS:
        rest = [edit for edit in made if edit.kind in ORDERS - {mending[0].kind}]
        further = islice(_groups(found, rest), FURTHER)
        verdict.others = tuple(next((each for each in further if _is_mended(found, each, wanted)), ()))


def _groups(found: FieldProgram, made: Sequence[Mending]) -> Iterator[tuple[Mending, ...]]:
    """Changes in the order in which they are tried: one alone, all of one way in a line or everywhere, two ways."""
    ways: dict[tuple[str, str], list[Mending]] = {}
    for edit in made:
        ways.setdefault((edit.kind, edit.way), []).append(edit)
    for kind in dict.fromkeys(edit.kind for edit in made):
        yield from ((edit,) for edit in made if edit.kind == kind)
        for (of, _), group in ways.items():
            if of == kind and kind in TOGETHER and len(group) > 1:
                lines = [[edit for edit in group if edit.line == line] for line in {edit.line: None for edit in group}]
                yield from (tuple(one) for one in lines if 1 < len(one) < len(group))
                yield tuple(group)
    shared = [group for (kind, _), group in ways.items() if kind in TOGETHER]
    pairs = (
        (*a, *b) for a, b in combinations(shared, 2) if not {edit.node for edit in a} & {edit.node for edit in b}
    )  # fmt: skip
    yield from islice(pairs, MOST_PAIRS)
