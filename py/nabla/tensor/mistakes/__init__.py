"""What a wrong gradient would be for each mistake people make: the tape swept again with one rule bent at one place.

Every function here works on a tape in float64 (`replay.shadow`) and yields what each mistake gives; comparing with a
claim is left to the caller. The ids and rules, A01 to A21, are those of `nabla.tensor.mistakes.names`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.tensor.entry import Rule
from nabla.tensor.mistakes.names import MISTAKES
from nabla.tensor.operation import corner_of, given
from nabla.tensor.operations.shapes import sum_to
from nabla.tensor.replay import Shadow, ancestors
from nabla.tensor.sweep import reachable, sweep
from nabla.tensor.tape import STATE, Array, Vertex

MOST = 500  # variants tried on one tape, fewer when it is long
WORK = 200_000  # vertices visited for all of them

_PRODUCTS = frozenset({"mul", "matmul", "dot", "inner"})  # of a thing with itself: its square
_OF_SQUARES = frozenset({"coefficient-dropped", "mean-forgotten", "mean-twice", "mean-imagined", "sign"})


@dataclass(frozen=True)
class Variant:
    """One mistake at one place: its id, the vertices it is about, and the gradient it gives."""

    id: str
    at: Vertex | None
    of: Vertex | None
    gives: Array
    also: Variant | None = None  # a second mistake that was made as well

    @property
    def rule(self) -> str:
        """The rule it is a case of; the factors of a mean of squares have one of their own."""
        squares = self.id in _OF_SQUARES and self.at is not None and self.at.within == "mse_loss"
        rule = "A13" if squares else MISTAKES[self.id][0]
        return f"{rule}+{self.also.rule}" if self.also else rule

    @property
    def name(self) -> str:
        """Its id, of two mistakes both."""
        return f"{self.id}-and-{self.also.name}" if self.also else self.id


@dataclass(frozen=True)
class Bend:
    """A mistake in one vector-Jacobian product: argument `i` of `at` gets `rule(adjoint of at)`."""

    id: str
    at: Vertex
    i: int
    rule: Rule

    @property
    def of(self) -> Vertex:
        """The argument."""
        found: Vertex = self.at.args[self.i]
        return found


@dataclass
class GradientQuestion:
    """A tape in float64, what its root is swept with, and the vertex whose gradient is asked for."""

    tape: Shadow
    seed: Array
    target: Vertex

    def __post_init__(self) -> None:
        self.right: dict[Vertex, Any] = sweep(self.tape.root, self.seed)
        order = reachable(self.tape.root)
        below = {self.target}
        for vertex in reversed(order):
            if any(parent in below for parent in vertex.parents):
                below.add(vertex)
        # The vertices between the root and the target, the root first.
        self.path = [vertex for vertex in order if vertex in below]
        self.places = {vertex: place for place, vertex in enumerate(self.path)}

    def gradient(self) -> Any:
        """The right gradient of the target."""
        found = self.right.get(self.target)
        return np.zeros_like(self.target.array) if found is None else np.asarray(found)

    def part(self, at: Vertex, i: int, g: Any) -> Any:
        """The right contribution of `at` to its argument `i`, for an adjoint `g`."""
        assert at.op is not None
        found = at.op.vjp(i, np.asarray(g), at.array, given(at), at.params)
        return np.zeros_like(at.args[i].array) if found is None else found

    def with_change(self, of: Vertex, change: Any) -> Any:
        """The gradient when the adjoint of `of` is changed by so much: sweeps are linear, so the change is swept
        alone.
        """
        adjoints: dict[Vertex, Any] = {of: np.asarray(change)}
        for vertex in self.path[self.places[of] :]:
            g = adjoints.get(vertex)
            if g is None or vertex is self.target:
                continue
            for i, arg in enumerate(vertex.args):
                if isinstance(arg, Vertex) and arg in self.places:
                    part = self.part(vertex, i, g)
                    adjoints[arg] = part if arg not in adjoints else adjoints[arg] + part
        return self.gradient() + adjoints.get(self.target, 0.0)


def variants(question: GradientQuestion, earlier: list[Array] | None = None) -> Iterator[Variant]:
    """Every mistake that can be made on the way from the root to the target, with what it gives.

    Args:
        question: the tape and what is asked of it.
        earlier: what each backward pass added to the gradient, when there were several.
    """
    count = 0
    for maker in (_local, _shared):
        for variant in maker(question):
            yield variant
            count += 1
            if count >= min(MOST, WORK // len(question.path)):
                return
    yield from _whole(question, earlier or [])


def _bent(question: GradientQuestion, at: Vertex, i: int, rule: Rule) -> Any:
    """The gradient when argument `i` of `at` gets `rule(adjoint of at)`."""
    of, g = at.args[i], question.right.get(at)
    if g is None:
        return question.gradient()
    return question.with_change(of, fitted(rule(g), of.array) - question.part(at, i, g))


def bends(question: GradientQuestion) -> Iterator[Bend]:
    """The mistakes that can be made in one local derivative."""
    for at in question.path:
        if at.op is None or at is question.target:
            continue
        for i, of in enumerate(at.args):
            if isinstance(of, Vertex) and of in question.places:
                yield from (Bend(name, at, i, rule) for name, rule in _rules(question, at, i, of))


def fitted(g: Any, like: Array) -> Any:
    """An adjoint in the shape of what it belongs to: summed over broadcast axes, or spread."""
    g = np.asarray(g, np.float64)
    if g.shape == like.shape:
        return g
    if _reaches(like.shape, g.shape):
        return sum_to.forward(g, like.shape)
    return np.broadcast_to(g, like.shape).copy()


def _local(question: GradientQuestion) -> Iterator[Variant]:
    """Mistakes in one local derivative."""
    for bend in bends(question):
        try:
            gives = _bent(question, bend.at, bend.i, bend.rule)
        except (ValueError, RuntimeError):
            continue  # the shapes of this mistake do not fit: nobody can have made it here
        yield Variant(bend.id, bend.at, bend.of, gives)
    for at in question.path:
        if at.op is not None and at is not question.target:
            for i, of in enumerate(at.args):
                if isinstance(of, Vertex) and of in question.places:
                    yield from _broadcast(question, at, i, of)


def _rules(question: GradientQuestion, at: Vertex, i: int, of: Vertex) -> Iterator[tuple[str, Rule]]:
    """The ways to bend the vector-Jacobian product of argument `i` of `at`, as functions of the adjoint."""
    op = at.op
    assert op is not None
    if not op.linear and not op.mixing and _reaches(of.array.shape, at.array.shape):
        yield op.dropped, lambda g: g
    if op.slips:
        yield from op.slips(i, given(at), at.array, at.params)
    yield from _corner_rules(i, at, question)


def _reaches(shape: tuple[int, ...], full: tuple[int, ...]) -> bool:
    """Whether an array of the one shape can be broadcast to the other."""
    return len(shape) <= len(full) and all(n in (1, m) for n, m in zip(shape[::-1], full[::-1], strict=False))


def _corner_rules(i: int, at: Vertex, question: GradientQuestion) -> Iterator[tuple[str, Rule]]:
    """Other elements of the subdifferential, where the input is at the corner."""
    corner = corner_of(at)
    if corner is None or not np.any(corner):
        return
    for value in at.op.corner.slopes:  # type: ignore[union-attr]

        def bent(g: Any, value: float = value) -> Any:
            return np.where(corner, g * value, question.part(at, i, g))

        yield "other-subgradient", bent


def _broadcast(question: GradientQuestion, at: Vertex, i: int, of: Vertex) -> Iterator[Variant]:
    """Mistakes about an argument that was broadcast."""
    assert at.op is not None
    x, y = of.array, at.array
    if not at.op.broadcasts or x.shape == y.shape:
        return
    copies = y.size / x.size
    args = given(at)
    args[i] = np.broadcast_to(x, y.shape)

    def unsummed(g: Any) -> Any:
        return at.op.vjp(i, np.asarray(g), y, args, at.params)  # type: ignore[union-attr]

    yield Variant("averaged", at, of, _bent(question, at, i, lambda g: np.asarray(fitted(unsummed(g), x)) / copies))
    if of is question.target:
        g = question.right.get(at)
        if g is not None:
            yield Variant("not-summed", at, of, np.asarray(unsummed(g)))


def _shared(question: GradientQuestion) -> Iterator[Variant]:
    """Mistakes about vertices that several others use, and about `.grad` of intermediates."""
    right = question.right
    users: dict[Vertex, list[tuple[Vertex, int]]] = {}
    for at in question.path:
        for i, of in enumerate(at.args):
            if isinstance(of, Vertex) and of in question.places and at in right:
                users.setdefault(of, []).append((at, i))
    for of, uses in users.items():
        if len(uses) < 2:
            continue
        parts = [question.part(at, i, right[at]) for at, i in uses]
        twin = len(uses) == 2 and uses[0][0] is uses[1][0]
        for (at, _), part in zip(uses, parts, strict=True):
            gives = question.with_change(of, -part)
            is_power = twin and at.op is not None and at.op.name in _PRODUCTS
            of_one = "coefficient-dropped" if is_power else "operand-dropped"
            yield Variant(of_one if twin else "path-dropped", at, of, gives)
        if len(uses) == 2 and not twin:
            change = parts[0] - parts[1]
            yield Variant("path-doubled", uses[0][0], of, question.with_change(of, change))
            yield Variant("path-doubled", uses[1][0], of, question.with_change(of, -change))
    for of in question.path:
        for at in _named_above(of, users):
            upstream = right.get(at)
            if of is question.tape.root or upstream is None or np.all(np.asarray(upstream) == 1):
                continue
            if np.shape(upstream) in ((), of.array.shape):
                yield Variant("grad-as-local", at, of, question.with_change(of, right[of] * upstream - right[of]))


def _named_above(of: Vertex, users: dict[Vertex, list[tuple[Vertex, int]]]) -> list[Vertex]:
    """The next vertices with a name above a named one: a reader knows no others."""
    if not of.name:
        return []
    found: list[Vertex] = []
    stack = [at for at, _ in users.get(of, [])]
    while stack:
        at = stack.pop()
        if at in found:
            continue
        if at.name:
            found.append(at)
        else:
            stack.extend(up for up, _ in users.get(at, []))
    return found


def _whole(question: GradientQuestion, earlier: list[Array]) -> Iterator[Variant]:
    """Mistakes about the gradient as a whole."""
    right = question.gradient()
    root, target = question.tape.root, question.target
    last = earlier[-1] if earlier else right
    everything = np.sum(earlier, axis=0) if earlier else right
    if len(earlier) > 1:
        yield Variant("accumulation-overlooked", None, target, np.asarray(last))
        yield Variant("accumulation-imagined", None, target, everything)
    else:
        yield Variant("accumulation-imagined", None, target, 2 * everything)
    if everything.ndim == 2 and not np.array_equal(everything, everything.T):
        yield Variant("result-transposed", None, target, everything.T)
    yield Variant("sign", None, target, -everything)
    yield Variant("twice", None, target, 2 * everything)
    yield Variant("half", None, target, everything / 2)
    if root.array.size == 1:
        yield Variant("forward-value", root, target, root.array.reshape(()))


def ignoring_detach(question: GradientQuestion, root: Vertex, open_tape: Shadow) -> Variant | None:
    """The gradient as if nothing had been detached, when something was.

    Args:
        question: the question on the right tape.
        root: the original root.
        open_tape: the tape made with `through_detach`.
    """
    copies = {copy: vertex for vertex, copy in question.tape.copies.items()}
    original = copies.get(question.target)
    if original is None:
        return None
    detached = [v for v in ancestors(root) if v.op is not None and not v.needs and any(p.needs for p in v.parents)]
    if not detached:
        return None

    def through(vertex: Vertex, place: int, g: Any) -> Any:
        return g if vertex.op is not None and vertex.op.name == "detach" else NotImplemented

    made = STATE.made
    found = sweep(open_tape.root, question.seed, distort=through).get(open_tape.copies[original])
    STATE.made = made
    return (
        None
        if found is None
        else Variant("detach-ignored", question.tape.copies[detached[0]], question.target, np.asarray(found))
    )
