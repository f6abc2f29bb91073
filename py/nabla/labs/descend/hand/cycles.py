"""Steps that go to and fro for ever: at the end of a descent its parameters take two states in turn."""

from __future__ import annotations

import numpy as np

from nabla.labs.descend.hand.found import HandDescent
from nabla.labs.descend.hand.optimiser import kind_of_optimiser
from nabla.labs.descend.hand.verdict import Fault

LEAST = 6  # kept states of the second half
SAME = 1e-3  # of the distance of the two states


def to_and_fro(found: HandDescent) -> list[Fault]:
    """The two states of the last half of the turns, and what keeps the steps from becoming shorter."""
    path = found.path
    late = np.array([theta for turn, theta in path if turn > found.loop.turns / 2])
    if len(late) < LEAST or not np.isfinite(late).all():
        return []
    one = late[-1]
    away = np.linalg.norm(late - one, axis=1)
    other = late[int(np.argmax(away))]
    apart = float(away.max())
    if apart <= 1e-9 * (1 + float(np.abs(one).max())):
        return []
    from_other = np.linalg.norm(late - other, axis=1)
    if (
        np.minimum(away, from_other).max() > SAME * apart
        or min((away < from_other).sum(), (away > from_other).sum()) < 2
    ):
        return []
    name = kind_of_optimiser(found)
    why = (
        f"a step of {name} is about as long as the rate, however small the gradient is"
        if name in ("RMSProp", "Adam", "AdaGrad")
        else "the gradient there does not become smaller, as beside a corner, or the rate is at its very bound"
    )
    text = (
        f"At the end the steps go to and fro between {_shown(other)} and {_shown(one)}, and do not become shorter: "
        f"{why}. With a rate that falls, as rate/sqrt(t), they settle between the two."
    )
    return [Fault("cycling", min(found.lines.values(), default=0), text)]


def _shown(theta: np.ndarray) -> str:
    listed = ", ".join(f"{v:.6g}" for v in theta[:4])
    return listed if theta.size == 1 else f"({listed}{', ...' if theta.size > 4 else ''})"
