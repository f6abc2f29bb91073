"""Steps that follow no gradient: component by component beside the one that most of them follow."""

from __future__ import annotations

import numpy as np

from nabla.labs.descend.hand.found import HandDescent
from nabla.labs.descend.hand.lines import line_of, rates, samples_of
from nabla.labs.descend.hand.losses import Loss
from nabla.labs.descend.hand.verdict import Fault, StepJudgement
from nabla.optimise import implied
from nabla.program.state import Floats
from nabla.program.turns import Change


def different(
    found: HandDescent, own: list[Loss], predicted: list[Loss], steps: Floats, thetas: Floats
) -> StepJudgement:
    """Component by component beside the gradient that most of them follow."""
    named = [loss for loss in own if loss.named]
    pool = named or [loss for loss in predicted if loss.name != "absolute values"] or own
    best: tuple[int, Loss, list[implied.ComponentFactor]] | None = None
    for loss in pool:
        found_parts = implied.parts(steps, loss.gradients)
        c = implied.common(found_parts)
        known = [p.factor for p in found_parts if p.factor is not None]
        right = 0 if c is None else sum(abs(factor - c) <= 5e-3 * abs(c) for factor in known)
        if best is None or right > best[0]:
            best = (right, loss, found_parts)
    crooked = max(implied.asymmetry(state.slope) for state in found.states[:2]) > 1e-3 and not _adaptive_buffers(found)
    if best is None:
        note = "Its steps are no gradient of any function." if crooked and len(found.picked) > 1 else ""
        return StepJudgement("undecided", notes=[note] if note else [])
    right, loss, listed = best
    if not named and not (crooked and right):
        return StepJudgement("undecided", loss if loss.data else None)
    common = implied.common(listed)
    if common is None and not found.buffers:
        common = next((rate for _, rate in rates(found) if _differs_simply(loss, rate, steps, thetas)), None)
    findings = _of_parts(found, loss, listed, common, steps, thetas)
    return StepJudgement("wrong" if findings else "undecided", loss, findings, factor=common)


def _differs_simply(loss: Loss, rate: float, steps: Floats, thetas: Floats) -> bool:
    """Whether steps at a rate differ from the gradient by constants, or by parts that grow with the parameters."""
    rest = steps / rate + loss.gradients
    size = np.abs(rest).max()
    even = np.abs(rest[0] - rest[1]).max() <= 1e-3 * size
    ratios = rest / thetas
    return bool(size > 0 and (even or (np.isfinite(ratios).all() and np.ptp(ratios) <= 1e-3 * np.abs(ratios).max())))


def _adaptive_buffers(found: HandDescent) -> bool:
    return bool(found.buffers) and implied.is_adaptive(np.array([state.step for state in found.states[:2]]))


def _of_parts(
    found: HandDescent,
    loss: Loss,
    listed: list[implied.ComponentFactor],
    common: float | None,
    steps: Floats,
    thetas: Floats,
) -> list[Fault]:
    samples = samples_of(found, loss)
    made: dict[tuple[str, int, str], Fault] = {}
    names = found.names
    summed = {owner for owner in found.parameters if _is_summed(found, owner, loss, steps)}
    for part in listed:
        owner = found.owner(part.place)
        line = line_of(found, owner, part.place)
        if owner in summed:
            text = (
                f"The step of `{owner}` is the same for all its components, the sum of what each of them has to go: "
                "the sum runs over all axes. It has to run over the samples alone, as with `axis=0`."
            )
            made.setdefault(("missing-axis", line, owner), Fault("missing-axis", line, text, owner, mendable=False))
            continue
        if part.factor is not None and common is not None:
            ratio = part.factor / common
            if abs(ratio - 1) <= 5e-3:
                continue
            kind, text = _factor_finding(names[part.place], ratio, samples, loss)
            if kind == "sign":
                line = line_of(found, owner, part.place, loss.gradients[:, part.place])
        else:
            kind, text = _term_finding(part.place, names[part.place], loss, common, steps, thetas)
        if loss.derivatives:
            wanted = loss.derivatives[part.place]
            text += f" The derivative of `{loss.name}` by {names[part.place]} is `{wanted}`."
        key = (kind, line, owner)
        if key not in made:
            made[key] = Fault(kind, line, text, names[part.place])
    return list(made.values())


def _is_summed(found: HandDescent, owner: str, loss: Loss, steps: Floats) -> bool:
    """Whether all components of a parameter take the same step, along the sum of their gradients."""
    places = [i for i in range(steps.shape[1]) if found.owner(i) == owner]
    if len(places) < 2 or len(places) != int(np.prod(found.shapes[found.parameters.index(owner)])):
        return False
    own, wanted = steps[:, places], loss.gradients[:, places].sum(axis=1)
    even = np.ptp(own, axis=1).max() <= 1e-9 * np.abs(own).max() and np.ptp(loss.gradients[:, places], axis=1).min() > 0
    ratios = own[:, 0] / wanted
    return bool(even and np.isfinite(ratios).all() and abs(ratios[0] - ratios[1]) <= 1e-3 * abs(ratios[0]))


def _factor_finding(name: str, ratio: float, samples: int, loss: Loss) -> tuple[str, str]:
    word = implied.named(ratio, samples)
    if ratio < 0:
        more = f" and {abs(ratio):.4g} times as long" if abs(ratio + 1) > 5e-3 else ""
        return "sign", f"The step of {name} goes the wrong way{more}: its sign is turned."
    if "m" in word:
        text = f"The step of {name} is {word} times as long as that of the others (m = {samples} samples)."
        return "missing-mean", text
    shown = word or f"{ratio:.4g}"
    return "missing-factor", f"The step of {name} is {shown} times as long as the gradient asks beside the others."


def _term_finding(
    place: int, name: str, loss: Loss, common: float | None, steps: Floats, thetas: Floats
) -> tuple[str, str]:
    if common is not None:
        rest = steps[:, place] + common * loss.gradients[:, place]
        ratios = rest / thetas[:, place]
        if np.isfinite(ratios).all() and abs(ratios[0] - ratios[1]) <= 3e-2 * np.abs(ratios).max():
            missing = float(ratios.mean()) / common
            if missing > 0:
                text = (
                    f"The step of {name} lacks a part: the loss has a penalty, whose derivative by {name} is "
                    f"{missing:.4g} times {name}."
                )
                return "missing-term", text
            text = f"The step of {name} has a part that grows with {name} itself, unlike the gradient."
            return "regularisation-factor", text
        if np.abs(rest[0] - rest[1]) <= 1e-3 * np.abs(rest).max():
            wanted = f": the derivative of `{loss.name}` by {name} is " if not loss.data else ": it is "
            lacks = -float(rest.mean()) / common
            more = f"{wanted}what it follows {'plus' if lacks < 0 else 'minus'} {abs(lacks):.4g}"
            return "missing-term", f"The step of {name} differs from the gradient by a constant{more}."
    text = f"The step of {name} is not the derivative of the loss by {name}: a factor or a term differs."
    return "missing-term", text


def _apart(changes: list[Change]) -> bool:
    """Whether changes of one array are each of other components of it."""
    places = [frozenset(np.flatnonzero(change.by).tolist()) for change in changes if change.by is not None]
    return sum(map(len, places)) == len(frozenset().union(*places))


def in_turn(found: HandDescent, made: StepJudgement) -> None:
    """Parameters that are updated with others' new values."""
    known = made.verdict in ("right", "scaled") and len(found.states) > 1
    if not known or any(np.isnan(state.free).any() for state in found.states[:2]):
        return  # in an order of its own, as conjugate gradients have it, where no loss is known
    late: set[str] = set()
    for state in found.states[:2]:
        size = np.abs(state.step).max()
        for i in np.flatnonzero(np.abs(state.free - state.step) > 1e-6 * size):
            owner = found.owner(int(i))
            own = [change for change in state.changes if change.path == owner]
            if len({change.line for change in own}) == 1 or _apart(own):
                late.add(owner)
    order = list(dict.fromkeys(change.path for change in found.states[0].changes))
    if not late or not order:
        return
    single = len(order) == 1
    first = order[0]
    line = found.lines[first]
    text = (
        f"The components of `{first}` are changed one after another, and the later ones see the new values "
        f"of the others."
        if single
        else f"`{first}` has its new value already when the step of "
        f"{', '.join(f'`{p}`' for p in order if p in late)} is computed: "
        "all of them have to be computed first, and then assigned."
    )
    made.findings.append(Fault("not-simultaneous", line, text))
    made.verdict = "wrong"
