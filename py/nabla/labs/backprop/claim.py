"""A claimed gradient: what it says, whether it is right, and which mistakes give it."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

import numpy as np

from nabla.errors import Span, UserError
from nabla.program.constant import constant
from nabla.program.source import read
from nabla.tensor.mistakes import GradientQuestion, Variant, ignoring_detach, variants
from nabla.tensor.mistakes.composites import composites
from nabla.tensor.mistakes.names import ORDER
from nabla.tensor.mistakes.pairs import pairs
from nabla.tensor.replay import ancestors, shadow
from nabla.tensor.sweep import reachable
from nabla.tensor.tape import Array, Vertex, new_run

_RATIO = re.compile(
    r"(?:d|∂|\\partial)\s*(?P<top>[A-Za-z_]\w*)?\s*/\s*(?:d|∂|\\partial)\s*(?P<below>[A-Za-z_][\w.]*)\Z"
)
_GRAD = re.compile(r"(?:grad(?:ient)?\s*(?:of|\()?\s*)?(?P<below>[A-Za-z_][\w.]*?)(?:\.grad)?\s*\)?\Z")
FALLBACK = frozenset({"sign", "twice", "half", "accumulation-imagined"})  # told only when nothing else fits
SMALL = 8  # inputs that are varied to tell ties apart
TRIES = 5000
TRIES_FOR_PAIRS = 300
SEVERAL = 12  # elements of a gradient, one of which may be claimed
PAIRS = 4  # pairs of mistakes that are told


@dataclass
class GradientClaim:
    """`d top / d below = value`, or `printed below = values`.

    `top` is empty when only the gradient is named, `below` when only a number is
    given.
    """

    text: str
    top: str
    below: str
    value: Array
    tolerance: float
    printed: bool = False  # of values that the program prints, and no gradient


def read_claims(text: str) -> list[GradientClaim]:
    """Claims as people write them: `w.grad = 8`, `do/dx = 9/8`, `dL/dw: [1, 2]`, several separated by `;`.

    Raises:
        UserError: a claim without a number, or one that is no number.
    """
    found = []
    start = 0
    for part in text.split(";"):
        span = Span(start, start + len(part))
        start += len(part) + 1
        if part.strip():
            found.append(_claim(part.strip(), span))
    return found


def _claim(text: str, span: Span) -> GradientClaim:
    left, _, right = text.rpartition("=") if "=" in text else text.rpartition(":") if ":" in text else ("", "", text)
    left, right = left.strip(" ="), right.strip()
    top = below = ""
    if found := re.match(r"printed\s+([A-Za-z_][\w.]*)\Z", left):
        return GradientClaim(
            f"{found[1]} = {right}", "", found[1], _value(right, span), _tolerance(right), printed=True
        )
    if left:
        match = _RATIO.match(left) or _GRAD.match(left)
        if not match:
            hint = "For example w.grad = 8 or dloss/dw = 8."
            raise UserError("syntax", f"I cannot read {left[:60]} as a gradient.", hint=hint, span=span)
        top, below = match.groupdict().get("top") or "", match["below"]
    value = _value(right, span)
    return GradientClaim(text, top, below, value, _tolerance(right))


def _value(text: str, span: Span) -> Array:
    """The number or nested list of a claim; arithmetic is worked out, `tensor(...)` taken off."""
    match = re.match(r"(?:torch\.|np\.|numpy\.|jnp\.)?(?:tensor|array|Array)\s*\((.*)\)\s*\Z", text, re.S)
    inner = re.sub(r",\s*(?:dtype|requires_grad|grad_fn)\s*=.*\Z", "", match[1]) if match else text
    bad = UserError(
        "value",
        f"The claim needs a number or a list of numbers, not {text[:60]}.",
        hint="For example w.grad = 8.",
        span=span,
    )
    try:
        program = read(inner.strip())
        node = program.tree.body[0]
        if len(program.tree.body) != 1 or not isinstance(node, ast.Expr):
            raise bad
        array = np.asarray(constant(node.value), np.float64)
    except (UserError, ArithmeticError, ValueError):
        raise bad from None
    if array.size > 10_000:
        raise bad
    return array


def _tolerance(text: str) -> float:
    """Half a unit of the last digit that was typed, when there are at least three of them, two behind the point."""
    typed = [(len(digits), len((whole + digits).lstrip("0"))) for whole, digits in re.findall(r"(\d*)\.(\d+)", text)]
    places = min((behind for behind, _ in typed), default=0)
    few = places < 2 or (places == 2 and min(digits for _, digits in typed) < 3)
    return 0.0 if few else 0.51 * 10.0**-places


@dataclass
class ClaimVerdict:
    """The verdict on a claim.

    Attributes:
        verdict: right, wrong or undecided.
        right: the right value.
        found: the mistakes that give the claimed value.
        ask_at: values of the inputs at which the mistakes give different numbers.
        there: what each gives there: the right value first, then by mistake.
        place: where or how it is right, in words, when not as a whole in the last pass.
    """

    claim: GradientClaim
    verdict: str
    name: str
    right: Array | None
    found: list[Variant]
    ask_at: dict[str, Any]
    there: list[Array]
    place: str = ""


def fits(claim: GradientClaim, value: Array) -> bool:
    """Whether a value is the claimed one, to the digits that were typed; one number stands for an array full of it."""
    value, claimed = np.asarray(value, np.float64), claim.value
    if claimed.shape != value.shape and claimed.size != 1:
        if claimed.squeeze().shape != value.squeeze().shape:
            return False
        claimed = claimed.reshape(value.shape)  # a batch of one is often left out
    scale = max(float(np.abs(claimed).max(initial=0.0)), 1e-12)
    return bool(np.all(np.abs(value - claimed) <= max(claim.tolerance, 2e-6 * scale)))


def is_element(claim: GradientClaim, value: Any) -> bool:
    """Whether a claim of a single number, of no tensor by name, is one of several numbers."""
    value = np.asarray(value, np.float64)
    if claim.value.size != 1 or claim.below or value.size < 2 or not np.isfinite(value).all():
        return False
    wanted = float(claim.value.reshape(()))
    return bool(np.any(np.abs(value - wanted) <= max(claim.tolerance, 2e-6 * abs(wanted))))


def judge(
    claim: GradientClaim,
    root: Vertex,
    seed: Array,
    targets: Mapping[str, Vertex],
    earlier: Mapping[str, list[Array]],
    given: Mapping[str, Any],
    of: str = "",
) -> ClaimVerdict:
    """Compare a claim with the gradient, and look for the mistakes that give it.

    Args:
        claim: what is claimed.
        root: what was differentiated.
        seed: its adjoint.
        targets: the vertices of the tape by name.
        earlier: what each backward pass added, by name.
        given: what `.grad` holds, by name.
        of: whose gradient a claim without a name is taken for.
    """
    if claim.top and claim.top in targets and targets[claim.top] is not root:
        root = targets[claim.top]
        seed, earlier, given = np.ones_like(root.array), {}, {}
    inside = set(reachable(root))
    leaves = [name for name, vertex in targets.items() if vertex in inside and vertex.op is None]
    below = claim.below
    if below not in targets:  # bias of lin.bias, where there is one
        ending = [target for target in targets if target.endswith(f".{below}")]
        below = ending[0] if below and len(ending) == 1 else below
    name = below or of or (leaves[0] if len(leaves) == 1 else "")
    if name not in targets:
        known = ", ".join(targets)
        message = f"The program has no tensor called {name}." if name else "Say whose gradient is meant."
        raise UserError("unknown-name", message, hint=f"There is {known}." if known else "", field="claim")
    target = targets[name]
    undecided = ClaimVerdict(claim, "undecided", name, None, [], {}, [])
    if target not in inside:
        return undecided
    with new_run():
        tape = shadow(root)
        question = GradientQuestion(tape, np.asarray(seed, np.float64), tape.copies[target])
        right = question.gradient()
        accumulated = earlier.get(name, [])
        held = given.get(name)
        right_value = np.asarray(held, np.float64) if held is not None else right
        if fits(claim, right_value):
            return ClaimVerdict(claim, "right", name, right_value, [], {}, [])
        if is_element(claim, right_value):
            return ClaimVerdict(claim, "right", name, right_value, [], {}, [], "as one of its elements")
        if not np.isfinite(right_value).all():
            return ClaimVerdict(claim, "wrong", name, right_value, [], {}, [])  # no mistake explains what is no number
        single = _single(question, accumulated)
        found = [v for v in single if fits(claim, v.gives)] or _of_element(claim, right_value, single)
        open_variant = ignoring_detach(question, root, shadow(root, through_detach=True))
        if open_variant and fits(claim, open_variant.gives):
            found.append(open_variant)
        found = _told(found) or _two([v for v in pairs(question) if fits(claim, v.gives)])
        ask_at, there = _apart(root, seed, target, found, accumulated) if len(found) > 1 else ({}, [])
    return ClaimVerdict(claim, "wrong", name, right_value, found, ask_at, there)


def as_formula(verdict: ClaimVerdict, root: Vertex, seed: Array, target: Vertex, made: Vertex) -> ClaimVerdict:
    """A wrong value's verdict with those of its mistakes alone that give it also where the inputs are others.

    Args:
        verdict: on the value of `made`.
        root: what was differentiated.
        seed: its adjoint.
        target: by what.
        made: the value as the program computes it, from leaves that `root` is computed from too.
    """
    leaves = [v for v in ancestors(root) if v.op is None and v.array.dtype.kind == "f"]
    random = np.random.default_rng(0)
    with new_run():
        given = {leaf: leaf.array * random.uniform(0.9, 1.1, leaf.array.shape) for leaf in leaves}
        value = shadow(made, given).root.array
        tape = shadow(root, given)
        question = GradientQuestion(tape, np.asarray(seed, np.float64), tape.copies[target])
        again = [*_single(question, []), *(pairs(question) if verdict.found and verdict.found[0].also else ())]
        there = {variant: _same_place(again, variant) for variant in verdict.found}
    found = [variant for variant, gives in there.items() if gives is not None and _alike(gives, value)]
    return replace(verdict, found=found or verdict.found)


def _of_element(claim: GradientClaim, right: Array, listed: list[Variant]) -> list[Variant]:
    """The mistakes that give the claimed number as an element, where they are two at most."""
    if right.size > SEVERAL:
        return []
    found = [v for v in listed if np.shape(v.gives) == right.shape and is_element(claim, v.gives)]
    return found if len({v.id for v in found}) <= 2 else []


def _told(found: list[Variant]) -> list[Variant]:
    """The matches in order of the rules, each once; general ones only when no particular one fits."""
    single: dict[tuple[str, Vertex | None], Variant] = {}
    for variant in sorted(found, key=lambda v: ORDER[v.id]):
        single.setdefault((variant.id, variant.at), variant)
    listed = list(single.values())
    ids = {v.id for v in listed}
    if "grad-as-local" in ids:
        listed = [v for v in listed if v.id != "mean-twice"]
    particular = [v for v in listed if v.id not in FALLBACK]
    if particular:
        return particular
    # A sign may have been lost in several places: then only that it was is told.
    several = {name for name in ids if sum(v.id == name for v in listed) > 1}
    return [v for v in listed if v.id not in several or v.at is None or v.rule == "A13"]


def _single(question: GradientQuestion, earlier: list[Array]) -> list[Variant]:
    """Every single mistake that can have been made, with what it gives."""
    found = list(variants(question, earlier))
    for variant in composites(question):
        if not any(v.id == variant.id and _alike(v.gives, variant.gives) for v in found):
            found.append(variant)
    return found


def _alike(a: Array, b: Array) -> bool:
    return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-9)


def _two(found: list[Variant]) -> list[Variant]:
    """The most usual of the pairs that give the claim, each once; two that differ only in where are told once."""
    listed: dict[str, Variant] = {}
    for variant in sorted(found, key=lambda v: ORDER[v.id] + ORDER[v.also.id if v.also else v.id]):
        listed.setdefault(variant.name, variant)
    return list(listed.values())[:PAIRS]


def _apart(
    root: Vertex, seed: Array, target: Vertex, found: list[Variant], earlier: list[Array]
) -> tuple[dict[str, Any], list[Array]]:
    """Small whole numbers for the inputs at which the mistakes found, the right value and the result all differ."""
    leaves = [v for v in ancestors(root) if v.op is None and v.name and v.array.dtype.kind in "fi"]
    size = sum(v.array.size for v in leaves)
    if not size or size > SMALL or len(earlier) > 1:
        return {}, []
    count = 0
    for values in _candidates(size):
        count += 1
        if count > (TRIES_FOR_PAIRS if found[0].also else TRIES):
            break
        given, start = {}, 0
        for leaf in leaves:
            given[leaf] = np.asarray(values[start : start + leaf.array.size], np.float64).reshape(leaf.array.shape)
            start += leaf.array.size
        tape = shadow(root, given)
        question = GradientQuestion(tape, np.asarray(seed, np.float64), tape.copies[target])
        again = [*_single(question, []), *(pairs(question) if found[0].also else ())]
        gives = [_same_place(again, variant) for variant in found]
        numbers = [question.gradient(), *gives, tape.root.array.reshape(())]
        if any(n is None for n in gives) or not _all_differ(numbers):
            continue
        return {leaf.name: given[leaf].tolist() for leaf in leaves}, [np.asarray(n) for n in numbers]
    return {}, []


def _candidates(size: int) -> Any:
    yield from permutations(range(1, size + 1))
    random = np.random.default_rng(0)
    for _ in range(200):
        yield tuple(int(v) for v in random.integers(1, 2 * size + 3, size))


def _same_place(again: list[Variant], variant: Variant) -> Array | None:
    """What the same mistake at the same place gives on another tape."""
    for other in again:
        if other.name == variant.name and _rank(other.at) == _rank(variant.at) and _rank(other.of) == _rank(variant.of):
            return other.gives
    return None


def _rank(vertex: Vertex | None) -> tuple[str, int, str] | None:
    return None if vertex is None else (vertex.name, vertex.line, vertex.op.name if vertex.op else "")


def _all_differ(numbers: list[Any]) -> bool:
    """No two are equal, a single number compared with every element of an array."""
    for i, a in enumerate(numbers):
        for b in numbers[i + 1 :]:
            if (np.shape(a) == np.shape(b) or 1 in (np.size(a), np.size(b))) and np.allclose(a, b, rtol=1e-6):
                return False
    return True
