"""The slip behind a wrong step: statements changed in every way known here, until the steps are the gradient.

A change is tried on the trace of one step, with everything behind it computed again; the program with the change is
then run and judged from other weights. A finding without a change that holds has its line at most.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.errors import UserError
from nabla.labs.train.directions import factor_of, products
from nabla.labs.train.judge import JudgedStep, PassJudgement, judge
from nabla.labs.train.mutations import Swap, changes, with_part
from nabla.labs.train.probe import StepProbe
from nabla.labs.train.slips import kind_of
from nabla.labs.train.suspects import Simple, Slices, Suspect, wrong_names
from nabla.labs.train.trials import RepairSearch, known_at, own_functions, plain, seen_in, tries
from nabla.program.made import TracedValue
from nabla.program.replay import Replay, Untraced
from nabla.program.source import read

TRIED = 2_500
WORK = 4e8  # elements that all tries together may go through, and as many for an operation as 10,000 elements take
RERUN = 60  # changes of statements that run more than once in a step


@dataclass
class Repair:
    """A slip: its kind, its line, the weights whose steps it spoils, the line as it should be, the program with it."""

    kind: str
    line: int | None
    weights: list[str]
    fixed: str = ""
    text: str = ""


def repairs(probe: StepProbe, judgement: PassJudgement) -> list[Repair]:
    """The slips of a program whose steps are wrong."""
    if judgement.kind != "wrong" or not judgement.states:
        return []
    state = judgement.states[0]
    slices = Slices(probe, state)
    search = RepairSearch(probe, state, judgement, slices)
    wrong = wrong_names(judgement)
    if set(wrong) == {n for n, r in judgement.uneven.items() if abs(r + 1) < 1e-6} and len(wrong) == len(state.after):
        return [_all_signs(search, wrong)]
    if turned := _other_sign(search, wrong):
        return [turned]
    if early := _updated_early(search, wrong):
        return [early]
    best = _best(search, wrong)
    if best is not None and set(best.weights) >= set(wrong):
        return [best]
    if whole := _rerun(search, wrong):
        return [whole]
    if best is not None and (several := _followed_up(probe, best, wrong)):
        return several
    if early_too := _early_and_more(search, wrong):
        return early_too
    blamed = slices.first_wrong(slices.suspects(wrong))
    return [Repair("unnamed", blamed.line if blamed else None, wrong)]


def _followed_up(probe: StepProbe, first: Repair, wrong: list[str]) -> list[Repair]:
    """The slip found, and those that are left in the program with its change; [] where those are not all found."""
    try:
        again = StepProbe(read(first.text), probe.seed) if first.text else None
    except UserError:
        return []
    left = judge(again) if again is not None else None
    if again is None or left is None or left.kind != "wrong" or len(wrong_names(left)) >= len(wrong):
        return []
    others = repairs(again, left)
    return [first, *others] if all(item.kind != "unnamed" for item in others) else []


def _all_signs(search: RepairSearch, wrong: list[str]) -> Repair:
    """All steps go up the gradient: at the first update if that adds, else where the sign is made."""
    owner, after = search.slices.owner, search.state.after
    updates = [statement for name in wrong if (statement := owner.get(after[name].place)) is not None]
    first = min(updates, key=lambda statement: statement.lineno, default=None)
    if first is not None and _sign_of(first) is ast.Add:
        return Repair("sign", first.lineno, wrong, _flipped(first))
    loss = search.state.loss
    errors = loss.nodes if loss is not None and loss.kind == "squares" else ()
    for suspect in [*search.slices.statements(errors).values(), *search.slices.suspects(wrong)]:
        value = suspect.statement.value
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Sub):  # also where it runs for each sample
            turned: dict[TracedValue, Any] = {
                n: -n.value for n in suspect.made if n.place == getattr(value, "place", -1)
            }
            if turned and len(search.fixed_by(turned, wrong)) == len(wrong):
                other = Swap("sign", ast.BinOp(value.right, ast.Sub(), value.left), 1.5)
                return _repair(search.probe, suspect.statement, other, "sign", wrong)
        for change, given in tries(search, suspect):
            if change.kind == "sign" and change.cost < 1.6 and len(search.fixed_by(given, wrong)) == len(wrong):
                return _repair(search.probe, suspect.statement, change, "sign", wrong)
    adaptive = set(wrong) <= set(search.judgement.adaptive)  # whose steps cannot be tried with another sign
    for suspect in search.slices.statements(errors).values() if adaptive and _sign_of(first) is not ast.Add else ():
        for part in ast.walk(suspect.statement):
            if isinstance(part, ast.BinOp) and getattr(part, "place", -1) == suspect.made[0].place:
                left = search.state.trace.seen.get(getattr(part.left, "place", -1))
                if left not in search.slices.forward and suspect.statement.value is not None:
                    swapped = with_part(suspect.statement.value, part, ast.BinOp(part.right, ast.Sub(), part.left))
                    return _repair(search.probe, suspect.statement, Swap("sign", swapped, 1.5), "sign", wrong)
    text = _flipped(first) if first is not None and _sign_of(first) is ast.Sub else ""
    return Repair("sign", first.lineno if first is not None else None, wrong, text)


def _other_sign(search: RepairSearch, wrong: list[str]) -> Repair | None:
    """Some steps go up: their updates add where those of the others subtract, or the other way."""
    ratios = search.judgement.uneven
    if not all(name in ratios and abs(ratios[name] + 1) < 1e-6 for name in wrong):
        return None
    owner, after = search.slices.owner, search.state.after
    signs = {name: _sign_of(owner.get(node.place)) for name, node in after.items()}
    bad, good = {signs[n] for n in wrong}, {signs[n] for n in after if n not in wrong}
    if len(bad) != 1 or len(good) != 1 or bad == good or None in bad | good:
        return None
    statements = [owner[after[name].place] for name in wrong]
    first = min(statements, key=lambda statement: statement.lineno)
    return Repair("sign", first.lineno, wrong, _flipped(first))


def _sign_of(statement: ast.stmt | None) -> type[ast.operator] | None:
    """Whether an update adds or subtracts."""
    if isinstance(statement, ast.AugAssign):
        return type(statement.op)
    if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.BinOp):
        return type(statement.value.op)
    return None


def _flipped(statement: ast.stmt) -> str:
    """An update with the other sign."""
    if isinstance(statement, ast.AugAssign):
        op = ast.Sub() if isinstance(statement.op, ast.Add) else ast.Add()
        return ast.unparse(ast.AugAssign(statement.target, op, statement.value))
    assert isinstance(statement, ast.Assign) and isinstance(statement.value, ast.BinOp)
    value = statement.value
    op = ast.Sub() if isinstance(value.op, ast.Add) else ast.Add()
    return ast.unparse(ast.Assign(statement.targets, ast.BinOp(value.left, op, value.right), lineno=statement.lineno))


def _updated_early(search: RepairSearch, wrong: list[str]) -> Repair | None:
    """Weights that were updated before their old value had been used."""
    state = search.state
    for name, new in _used_late(search, wrong):
        others = [other for other in wrong if other != name]
        held = state.before[name].value
        shielded = _without(state, new, held, [state.after[other] for other in others])
        if shielded is None:
            continue
        fine = True
        for other, end in zip(others, shielded, strict=True):
            step = np.asarray(state.before[other].value - end, dtype=np.float64)
            fine &= factor_of(products(state.directions[other], step), state.slopes[other]) is not None
        if fine and others:
            statement = search.slices.owner.get(new.place)
            return Repair("update-before-use", statement.lineno if statement else new.line, others)
    return None


def _used_late(search: RepairSearch, wrong: list[str]) -> Iterator[tuple[str, TracedValue]]:
    """Weights whose new values go into the steps of wrong ones."""
    state = search.state
    for name, new in state.after.items():
        users = [n for n in state.trace.nodes[new.order : state.turn.stop] if new in n.parents]
        if any(n in search.slices.slices[other] for other in wrong for n in users):
            yield name, new


def _early_and_more(search: RepairSearch, wrong: list[str]) -> list[Repair]:
    """Weights that were updated before their old value had been used, and one slip more in what uses them."""
    for name, new in _used_late(search, wrong):
        others = [other for other in wrong if other != name]
        search.given, search.tried = {new: search.state.before[name].value}, 0
        best = _best(search, others) if others else None
        search.given = {}
        if best is not None and set(best.weights) >= set(others):
            statement = search.slices.owner.get(new.place)
            early = Repair("update-before-use", statement.lineno if statement else new.line, others)
            return [early, best]
    return []


def _without(state: JudgedStep, new: TracedValue, old: Any, wanted: list[TracedValue]) -> list[Any] | None:
    """Values with the old weight wherever the new one was used."""
    try:
        return Replay(wanted, [new], state.turn.first)({new: old})
    except (Untraced, ArithmeticError, ValueError, TypeError):
        return None


def _best(search: RepairSearch, wrong: list[str]) -> Repair | None:
    """The change that mends most weights, the smallest of those."""
    best: tuple[tuple[float, ...], Suspect, Swap, list[str]] | None = None
    inside = search.state.trace.nodes[search.state.turn.first : search.state.turn.stop]
    most = max(40, min(TRIED, int(WORK / (sum(np.size(node.value) for node in inside) + 3_000 * len(inside) + 1))))
    clears = bool(search.judgement.wrong)  # a factor too many leaves a derivative one
    listed = [(clears and search.slices.is_derivative(s), s) for s in search.slices.suspects(wrong)]
    for at, (fine, suspect) in enumerate(sorted(listed, key=lambda pair: pair[0])):
        cleared = 0.7 if fine else 0.0
        for change, given in tries(search, suspect):
            if search.tried > most:
                break
            fixed = search.fixed_by(given, wrong)
            rank = (-len(fixed), change.cost + 0.15 * at + cleared)
            if fixed and (best is None or rank < best[0]):
                best = (rank, suspect, change, fixed)
        if best is not None and len(best[3]) == len(wrong) and best[0][1] <= 1.3 + 0.15 * at:
            break
    if best is None:
        return None
    _, suspect, change, fixed = best
    kind = kind_of(search, suspect, change)
    return _placed(search, suspect, change, kind, fixed)


def _placed(search: RepairSearch, suspect: Suspect, change: Swap, kind: str, fixed: list[str]) -> Repair:
    """The change as a repair; a factor left out belongs where a right derivative gets another name."""
    statement = suspect.statement
    if kind in ("missing-derivative", "missing-factor") and (later := _renamed(search, suspect)) is not None:
        statement = later
        slope = ast.unparse(change.expression)[len(ast.unparse(suspect.statement.value or change.expression)) :]
        assert isinstance(later, ast.Assign)
        change = Swap(kind, ast.parse(f"{ast.unparse(later.value)}{slope}", mode="eval").body, change.cost)
    return _repair(search.probe, statement, change, kind, fixed)


def _renamed(search: RepairSearch, suspect: Suspect) -> ast.Assign | None:
    """The statement that gives a right derivative another name: where the slope was left out."""
    names = {text for node in suspect.made for _, text in node.names}
    lines = {line for node in suspect.made for line, _ in node.names} - {suspect.line}
    for node in ast.walk(search.probe.program.tree):
        if isinstance(node, ast.Assign) and node.lineno in lines and ast.unparse(node.value) in names:
            return node if search.slices.is_derivative(suspect) else None
    return None


def _repair(probe: StepProbe, statement: Simple, change: Swap, kind: str, fixed: list[str]) -> Repair:
    made = _with_change(statement, change)
    text = probe.program.text.split("\n")
    new = ast.unparse(made)
    if statement.lineno == statement.end_lineno and ";" not in text[statement.lineno - 1]:
        old = text[statement.lineno - 1]
        head = old[: len(old) - len(old.lstrip())]
        text[statement.lineno - 1] = head + new
        return Repair(kind, statement.lineno, fixed, new, "\n".join(text))
    return Repair(kind, statement.lineno, fixed, new)


def _with_change(statement: Simple, change: Swap) -> ast.stmt:
    if isinstance(statement, ast.Assign):
        return ast.Assign(statement.targets, change.expression, lineno=statement.lineno)
    if isinstance(statement, ast.AugAssign):
        return ast.AugAssign(statement.target, statement.op, change.expression)
    return ast.Return(change.expression)


# Changes that need the program itself ------------------------------------------------------------------------------


def _rerun(search: RepairSearch, wrong: list[str]) -> Repair | None:
    """Statements that run more than once in a step: the program with each change, run and judged."""
    inside = search.state.turn.stop - search.state.turn.first
    left = max(6, min(RERUN, 4_000 // max(inside, 1)))
    suspects = search.slices.suspects(wrong)
    for suspect in sorted(suspects, key=search.slices.is_derivative):
        value = suspect.statement.value
        if value is None or sum(n.place == getattr(value, "place", -1) for n in suspect.made) == 1:
            continue
        seen = seen_in(search)
        known = {n: plain(v) for n, v in known_at(search, suspect.statement).items()}
        for change in changes(value, seen(value), known, seen, own_functions(search.probe))[: left // 2 + 1]:
            left -= 1
            if left < 0:
                return None
            repair = _placed(search, suspect, change, change.kind, wrong)
            try:
                again = judge(StepProbe(read(repair.text), search.probe.seed)) if repair.text else None
            except UserError:
                continue
            if again is not None and again.kind == "right" and set(wrong) <= {*again.factors, *again.adaptive}:
                return repair
    return None
