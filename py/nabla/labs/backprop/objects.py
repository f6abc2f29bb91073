"""Classes that differentiate by themselves, as micrograd's `Value`: what their backward gives beside differences.

The program is run again with one stored value moved a little; how far the result of the backward pass moves with it
is the derivative. So the truth shares nothing with the class, nor with the tape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nabla.answer.check import Verdict
from nabla.errors import UserError
from nabla.labs.backprop.value_class import ValueClass, find
from nabla.program.evidence import Observer
from nabla.program.modules import tape
from nabla.program.rewrite import Wishes
from nabla.program.run import Session
from nabla.program.source import Program
from nabla.tensor.arrays import Plain
from nabla.tensor.arrays import names as arrays
from nabla.tensor.differences import Slope, SlopeComparison, compare, slope
from nabla.tensor.tape import Tensor, new_run
from nabla.tensor.torch.layers import GENERATOR

JUDGED = 40  # objects, those with names first
ELEMENTS = 6  # of each
STORES = 20_000  # in one run
WORK = 200_000  # stores in all runs together
TINY = 1e-9  # a derivative that counts as none
EVALUATIONS = 14  # of a slope, at most, as a rule


@dataclass
class Store:
    """One time that an attribute was set."""

    item: Any
    is_value: bool
    line: int
    number: Any


@dataclass
class JudgedValue:
    """One object: what it is called, its gradient, the derivative, and what was stored to the gradient.

    `linear` says whether its gradient follows that of the result: where it does not, a right one is a coincidence.
    """

    item: Any
    name: str
    root: str
    claimed: Any
    right: Any
    verdict: Verdict
    figure: float
    order: int
    since: int
    value: Any
    stores: list[Store] = field(default_factory=list)
    linear: bool = True


class _Stores(Observer):
    """Takes down what is stored; the value of the store number `at` is moved by `change`, gradients begin at `seed`."""

    def __init__(self, found: ValueClass, at: int = -1, change: Any = 0.0, seed: float = 1.0) -> None:
        self.found, self.at, self.change, self.seed = found, at, change, seed
        self.wishes = Wishes(fields=frozenset({found.value, found.grad}))
        self.line: Callable[[], int] = int
        self.stores: list[Store] = []
        self.values: list[Store] = []

    def kept(self, value: Any, attribute: str) -> None:
        """An attribute was set; of runs with a change only the values are taken down."""
        if len(self.stores) >= STORES or not hasattr(value, attribute):
            return
        is_value = attribute == self.found.value
        first = self.at < 0
        if not is_value and not first:
            return
        now = getattr(value, attribute)
        line = 0 if is_value else self.line()
        if is_value and len(self.values) == self.at:
            now = _set(value, attribute, _number(now) + self.change)
        elif self.seed != 1 and line in self.found.seeds and _number(now) is not None:
            now = _set(value, attribute, _number(now) * self.seed)
        store = Store(value, is_value, line, now if type(now) is float else _number(now))
        self.stores.append(store)
        if is_value:
            self.values.append(store)


def _set(item: Any, attribute: str, number: Any) -> Any:
    """Another number for an attribute, of the kind that it has."""
    before = getattr(item, attribute)
    new = Plain.of(number) if isinstance(before, Tensor) else number if np.ndim(number) else float(number)
    setattr(item, attribute, new)
    return new


def _number(value: Any) -> Any:
    """A number or an array of numbers; None for anything else."""
    array = np.asarray(value.array if isinstance(value, Tensor) else value)
    return array.astype(np.float64) if array.dtype.kind in "iuf" else None


def _run(program: Program, dialect: str, stores: _Stores) -> dict[str, Any] | None:
    """The names at the end, which may be that of an error of its own; None where something is not covered."""
    with new_run():
        GENERATOR.seed(0)
        arrays.RANDOM.seed(0)
        # Where no library differentiates, plain numbers do: nothing has to be on a tape.
        session = Session(program, None if dialect == "numpy" else tape.supply(dialect), observer=stores)
        stores.line = session.guard.line
        try:
            done = session.run()
        except UserError:
            return None
        return done.names if done.gap is None else None


def judge(program: Program, dialect: str) -> tuple[ValueClass, list[JudgedValue]] | None:
    """The gradients of the objects of such a class at the end of the program; None where there is none."""
    found = find(program.tree)
    if found is None:
        return None
    first = _Stores(found)
    names = _run(program, dialect, first)
    if names is None or len(first.stores) >= STORES:
        return None
    roots = _roots(first, {id(value) for name, value in names.items() if name in found.results})
    # Values that are stored after a backward pass may depend on it.
    last = roots and not found.handed and not found.begun and roots[0].value == len(first.values) - 1
    again = _Stores(found, seed=2.0 if last else 1.0)
    if not roots or _run(program, dialect, again) is None:
        return None
    same = zip(first.values, again.values, strict=False)
    if len(first.values) != len(again.values) or not all(np.array_equal(a.number, b.number) for a, b in same):
        return None  # it takes other ways at random
    called = {id(value): name for name, value in names.items()}
    items = _chosen(first, called)
    affordable = WORK // (EVALUATIONS * max(len(first.stores), 1))
    judged: list[JudgedValue] = []
    for item in items[: max(3, min(JUDGED, affordable))]:
        one = _judged(program, dialect, first, item, roots, called)
        if one is not None:
            one.linear = not last or _doubled(first, again, item)
            judged.append(one)
    return found, judged


@dataclass(frozen=True)
class ValueRoot:
    """A result whose gradient was set to 1: when, among all stores, and the number of the store of its value."""

    item: Any
    when: int
    value: int


def _doubled(first: _Stores, again: _Stores, item: Any) -> bool:
    """Whether an object's gradient is twice as large when the result's begins at 2."""
    place = next(number for number, store in enumerate(first.values) if store.item is item)
    once, twice = (_number(getattr(each, first.found.grad, None)) for each in (item, again.values[place].item))
    return once is None or (twice is not None and np.allclose(twice, 2 * once, rtol=1e-9, atol=1e-12))


def _roots(first: _Stores, results: set[int]) -> list[ValueRoot]:
    """Whose gradient was set to 1, or whose recursive method was called."""
    found, last = [], {}
    count = -1
    called = first.found.handed | first.found.begun
    for when, store in enumerate(first.stores):
        if store.is_value:
            count += 1
            last[id(store.item)] = count
            continue
        chosen = store.line in called and id(store.item) in results
        if (store.line in first.found.seeds or chosen) and id(store.item) in last:
            found.append(ValueRoot(store.item, when, last[id(store.item)]))
    return found


def _chosen(first: _Stores, called: dict[int, str]) -> list[Any]:
    """The objects to judge: those with names, then the others, the newest first."""
    seen: dict[int, Any] = {}
    for store in first.stores:
        seen.setdefault(id(store.item), store.item)
    known = [item for key, item in seen.items() if key in called]
    return [*known, *(item for key, item in reversed(seen.items()) if key not in called)]


def _judged(
    program: Program, dialect: str, first: _Stores, item: Any, roots: list[ValueRoot], called: dict[int, str]
) -> JudgedValue | None:
    """One object: the sum of the derivatives of the results that went back since its gradient was last zero."""
    found = first.found
    claimed = _number(getattr(item, found.grad, None))
    mine = [(when, store) for when, store in enumerate(first.stores) if store.item is item]
    values = [number for number, store in enumerate(first.values) if store.item is item]
    if claimed is None or not values or claimed.shape != np.shape(first.values[values[0]].number):
        return None
    start = max((when for when, store in mine if not store.is_value and store.line in found.resets), default=-1)
    since = [(max(n for n in values if n <= root.value), root) for root in roots
             if root.when > start and values[0] <= root.value]  # fmt: skip
    since = [(at, root) for at, root in since if not _updated(first, roots, at, root)]
    if not since:
        return None
    right = np.zeros_like(claimed)
    reached: set[str] = set()  # the results that depend on it
    compared: list[SlopeComparison] = []
    for index in list(np.ndindex(claimed.shape))[:ELEMENTS]:
        unit = np.zeros_like(claimed)
        unit[index] = 1.0
        slopes = [slope(_moved(program, dialect, found, at, root, unit), 1.0, 1.0) for at, root in since]
        if any(each.value is None or each.error is None for each in slopes):
            return None
        total = sum(each.value or 0.0 for each in slopes)
        right[index] = total
        reached |= {
            called.get(id(r.item), "") for (_, r), s in zip(since, slopes, strict=True) if abs(s.value or 0) > TINY
        }
        scale = max(abs(total), abs(float(claimed[index])), 1e-3)
        compared.append(compare(float(claimed[index]), Slope(total, max(each.error or 0.0 for each in slopes)), scale))
    words = {each.verdict for each in compared}
    verdict: Verdict = "failed" if "failed" in words else "passed" if words == {"passed"} else "unchecked"
    figures = [each.figure for each in compared if each.figure is not None and each.verdict == verdict]
    stored = [store for when, store in mine if not store.is_value and when > start]
    root = reached.pop() if len(reached) == 1 else ""
    figure = max(figures, default=0.0)
    called_so = called.get(id(item), "")
    value = first.values[values[-1]].number
    return JudgedValue(
        item, called_so, root, claimed, right, verdict, figure, values[-1], since[0][1].when, value, stored
    )


def _updated(first: _Stores, roots: list[ValueRoot], at: int, root: ValueRoot) -> bool:
    """Whether a step of the descent lies between a value and a result: what leads through it is no gradient."""
    whens = [when for when, store in enumerate(first.stores) if store.is_value]
    seen: set[int] = set()
    again: list[int] = []  # when a value was stored to an object that had one
    for when in whens:
        item = id(first.stores[when].item)
        if item in seen:
            again.append(when)
        seen.add(item)
    passes = [other.when for other in roots if whens[at] < other.when < whens[root.value]]
    return any(when < update < whens[root.value] for when in passes for update in again)


def _moved(
    program: Program, dialect: str, found: ValueClass, at: int, root: ValueRoot, unit: Any
) -> Callable[[float], float]:
    """The result as a function of how far one stored value is moved."""

    def value(change: float) -> float:
        stores = _Stores(found, at, change * unit)
        _run(program, dialect, stores)
        return float(np.sum(stores.values[root.value].number)) if root.value < len(stores.values) else np.nan

    return value
