"""Minima one step at a time, in the textbook form of each method, with the slips that are made.

J. Nocedal, S. J. Wright, Numerical Optimization (2006), chapters 3 and 5, unless a method names its own source.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

import numpy as np

from nabla.optimise.by_hand.kinds import ByHand, ByHandTask, Iterate, NoStep, Step, StepSlip, solved
from nabla.optimise.problem import Floats

GOLDEN = (math.sqrt(5) - 1) / 2
LEVEL = 1e-12  # of the slope at the start of a line, at which a point on it is its lowest


def _whole_gradient(task: ByHandTask, s: Iterate) -> Iterate:
    """The gradient subtracted as it is."""
    return s.then(s.x - task.g(s.x))


def _descent(task: ByHandTask, s: Iterate) -> Iterate:
    g = task.g(s.x)
    return s.then(s.x - task.rate * g, gradient=g)


def _ascent(task: ByHandTask, s: Iterate) -> Iterate:
    g = task.g(s.x)
    return s.then(s.x + task.rate * g, gradient=g)


def _in_turn(task: ByHandTask, s: Iterate) -> Iterate:
    """Each component with the gradient at what the components before it have become."""
    x = s.x.copy()
    for i in range(len(x)):
        x[i] -= task.rate * task.g(x)[i]
    return s.then(x)


def _only_change(task: ByHandTask, s: Iterate) -> Iterate:
    return s.then(-task.rate * task.g(s.x))


def _by_value(task: ByHandTask, s: Iterate) -> Iterate:
    return s.then(s.x - task.rate * task.f(s.x))


def _newton(task: ByHandTask, s: Iterate) -> Iterate:
    g, h = task.g(s.x), task.h(s.x)
    what = "the second derivative is 0" if len(s.x) == 1 else "the Hessian is singular"
    return s.then(s.x - solved(h, g, what), gradient=g, hessian=h.ravel())


def _newton_uphill(task: ByHandTask, s: Iterate) -> Iterate:
    return s.then(2 * s.x - _newton(task, s).x)


def _newton_diagonal(task: ByHandTask, s: Iterate) -> Iterate:
    return s.then(s.x - task.g(s.x) / np.diag(task.h(s.x)))


def lowest_along(task: ByHandTask, x: Floats, p: Floats) -> float:
    """The first t > 0 at which f(x + t p) has slope 0, for a p that leads down.

    Raises:
        NoStep: the function falls on and on along p.
    """

    def slope(t: float) -> float:
        return float(task.g(x + t * p) @ p)

    first_slope = slope(0.0)
    if first_slope == 0:
        raise NoStep("the gradient is 0")
    bend = float(p @ task.h(x) @ p)
    t = -first_slope / bend if bend > 0 else 1.0 / (1.0 + float(np.abs(p).max()))
    if abs(slope(t)) <= LEVEL * abs(first_slope):
        return t  # a quadratic
    low, high = 0.0, t / 64
    while slope(high) < 0:
        low, high = high, 1.25 * high
        if high > 1e6 * t:
            raise NoStep("the function falls without end along the direction")
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return (low + high) / 2


def _steepest(task: ByHandTask, s: Iterate) -> Iterate:
    g = task.g(s.x)
    t = lowest_along(task, s.x, -g)
    return s.then(s.x - t * g, gradient=g, t=t)


def _conjugate(task: ByHandTask, s: Iterate) -> Iterate:
    """Fletcher and Reeves (1964) with exact steps; on a quadratic the method of Hestenes and Stiefel (1952)."""
    g = task.g(s.x)
    p = -g
    if s.memory:
        before, last = s.memory
        p = -g + float(g @ g) / float(before @ before) * last
    t = lowest_along(task, s.x, p)
    return s.then(s.x + t * p, g, p, gradient=g, direction=p, t=t)


def _velocity(s: Iterate) -> Floats:
    return s.memory[0] if s.memory else np.zeros(len(s.x))


def _momentum(task: ByHandTask, s: Iterate) -> Iterate:
    g = task.g(s.x)
    v = task.momentum * _velocity(s) - task.rate * g
    return s.then(s.x + v, v, gradient=g, velocity=v)


def _mean_momentum(task: ByHandTask, s: Iterate) -> Iterate:
    v = task.momentum * _velocity(s) + (1 - task.momentum) * task.g(s.x)
    return s.then(s.x - task.rate * v, v)


def _old_velocity(task: ByHandTask, s: Iterate) -> Iterate:
    v = task.momentum * _velocity(s) - task.rate * task.g(s.x)
    return s.then(s.x + _velocity(s), v)


def _braking(task: ByHandTask, s: Iterate) -> Iterate:
    v = -task.momentum * _velocity(s) - task.rate * task.g(s.x)
    return s.then(s.x + v, v)


def _nesterov(task: ByHandTask, s: Iterate) -> Iterate:
    ahead = s.x + task.momentum * _velocity(s)
    g = task.g(ahead)
    v = task.momentum * _velocity(s) - task.rate * g
    return s.then(s.x + v, v, ahead=ahead, gradient=g, velocity=v)


def _adam(task: ByHandTask, s: Iterate) -> Iterate:
    """D. P. Kingma, J. L. Ba (2015), algorithm 1."""
    return _moments(task, s, correct=True)


def _moments(task: ByHandTask, s: Iterate, *, correct: bool, sign: float = -1.0) -> Iterate:
    g, k = task.g(s.x), s.k + 1
    m, v = s.memory or (np.zeros(len(s.x)), np.zeros(len(s.x)))
    m, v = task.momentum * m + (1 - task.momentum) * g, task.beta2 * v + (1 - task.beta2) * g**2
    a, b = (m / (1 - task.momentum**k), v / (1 - task.beta2**k)) if correct else (m, v)
    x = s.x + sign * task.rate * a / (np.sqrt(b) + task.epsilon)
    return s.then(x, m, v, gradient=g, mean=a, square=b, raw_mean=m, raw_square=v)


def _squares(kept: float | None = None, total: bool = False, root: bool = True) -> Step:
    """Steps divided by the root of the mean square of the gradients, of which a step keeps the momentum of the task or
    what is told here, or of their sum.
    """

    def step(task: ByHandTask, s: Iterate) -> Iterate:
        g = task.g(s.x)
        before = s.memory[0] if s.memory else np.zeros(len(s.x))
        share = task.momentum if kept is None else kept
        v = before + g**2 if total else share * before + (1 - share) * g**2
        size = np.sqrt(v) if root else v
        return s.then(s.x - task.rate * g / (size + task.epsilon), v, gradient=g, square=v)

    return step


def _golden(task: ByHandTask, s: Iterate) -> Iterate:
    """J. Kiefer (1953): the interval after a step, parted by the golden ratio."""
    return _parted(task, s, operator.lt)


def _parted(task: ByHandTask, s: Iterate, left: Callable[[float, float], bool]) -> Iterate:
    """The interval parted at two points; `left` tells of the values there whether the left part is kept."""
    a, b = (float(v) for v in s.x)
    c, d = b - GOLDEN * (b - a), a + GOLDEN * (b - a)
    fc, fd = task.f(np.array([c])), task.f(np.array([d]))
    kept = np.array([a, d] if left(fc, fd) else [c, b])
    return s.then(kept, kept, points=np.array([c, d]), f=np.array([fc, fd]))


_NO_MOMENTUM = StepSlip("missing-term", "The momentum is left out: that is a step of plain gradient descent.", _descent)
_UPHILL = StepSlip("sign", "The sign is turned: a step down is minus the rate times the gradient.", _ascent)

MINIMA: dict[str, ByHand] = {
    "newton": ByHand(
        "Newton's method for a minimum",
        r"x_{k+1} = x_k - H(x_k)^{-1}\,\nabla f(x_k)",
        _newton,
        frozenset(["gradient", "hessian"]),
        slips=(
            StepSlip("sign", "The Newton step is added; it has to be subtracted.", _newton_uphill),
            StepSlip(
                "missing-term",
                "Only the diagonal of the Hessian is inverted; its other entries count too.",
                _newton_diagonal,
            ),
            StepSlip(
                "missing-factor",
                "The inverse of the Hessian is missing: that subtracts the bare gradient.",
                _whole_gradient,
            ),
        ),
    ),
    "gradient-descent": ByHand(
        "Gradient descent",
        r"x_{k+1} = x_k - \eta\,\nabla f(x_k)",
        _descent,
        frozenset(["rate", "gradient"]),
        slips=(
            _UPHILL,
            StepSlip(
                "not-simultaneous",
                "The components were changed one after another, each with what the one before "
                "had become; all of them take the gradient at the same point.",
                _in_turn,
            ),
            StepSlip("missing-factor", "The rate is left out: the whole gradient was subtracted.", _whole_gradient),
            StepSlip("missing-term", "That is the change alone; it has to be added to the point.", _only_change),
            StepSlip("missing-derivative", "The function was subtracted where its derivative belongs.", _by_value),
        ),
    ),
    "gradient-ascent": ByHand(
        "Gradient ascent",
        r"x_{k+1} = x_k + \eta\,\nabla f(x_k)",
        _ascent,
        frozenset(["rate", "gradient"]),
        slips=(
            StepSlip("sign", "The sign is turned: a step up is plus the rate times the gradient.", _descent),
            StepSlip(
                "missing-factor",
                "The rate is left out: the whole gradient was added.",
                lambda task, s: s.then(s.x + task.g(s.x)),
            ),
        ),
    ),
    "momentum": ByHand(
        "Gradient descent with momentum",
        r"v_{k+1} = \beta v_k - \eta\,\nabla f(x_k), \qquad x_{k+1} = x_k + v_{k+1}",
        _momentum,
        frozenset(["rate", "momentum", "gradient"]),
        slips=(
            _NO_MOMENTUM,
            _UPHILL,
            StepSlip(
                "update-before-use",
                "The point was moved by the velocity before this step; it moves by the new one.",
                _old_velocity,
            ),
            StepSlip("sign", "The momentum brakes: βv is added to the new velocity, with its own sign.", _braking),
        ),
        others=(
            (
                "with the velocity as a mean, $v_{k+1} = \\beta v_k + (1 - \\beta) \\nabla f(x_k)$ and "
                "$x_{k+1} = x_k - \\eta v_{k+1}$",
                _mean_momentum,
            ),
        ),
    ),
    "nesterov": ByHand(
        "Nesterov's method",
        r"v_{k+1} = \beta v_k - \eta\,\nabla f(x_k + \beta v_k), \qquad x_{k+1} = x_k + v_{k+1}",
        _nesterov,
        frozenset(["rate", "momentum", "gradient"]),
        slips=(
            StepSlip(
                "wrong-variable", "That is the heavy ball: Nesterov takes the gradient ahead, at x + βv.", _momentum
            ),
            _NO_MOMENTUM,
            _UPHILL,
        ),
    ),
    "adam": ByHand(
        "Adam",
        r"m = \beta_1 m + (1 - \beta_1) g, \quad v = \beta_2 v + (1 - \beta_2) g^2, \quad "
        r"x_{k+1} = x_k - \eta\,\frac{m / (1 - \beta_1^{k+1})}{\sqrt{v / (1 - \beta_2^{k+1})} + \epsilon}",
        _adam,
        frozenset(["rate", "momentum", "gradient"]),
        slips=(
            StepSlip(
                "bias-correction",
                "The means are not divided by 1 - β₁ᵏ and 1 - β₂ᵏ: the bias of the first steps is not corrected.",
                lambda task, s: _moments(task, s, correct=False),
            ),
            StepSlip(
                "missing-factor",
                "That is a step of plain gradient descent: Adam divides by the root of the mean square.",
                _descent,
            ),
            StepSlip(
                "sign",
                "The sign is turned: the step is subtracted.",
                lambda task, s: _moments(task, s, correct=True, sign=1.0),
            ),
        ),
    ),
    "rmsprop": ByHand(
        "RMSProp",
        r"v = \beta v + (1 - \beta) g^2, \qquad x_{k+1} = x_k - \eta\,\frac{g}{\sqrt{v} + \epsilon}",
        _squares(),
        frozenset(["rate", "momentum", "gradient"]),
        slips=(
            StepSlip(
                "missing-root",
                "The root of the mean square is missing.",
                _squares(root=False),
            ),
        ),
        others=(("with 0.99 of the mean kept, as in PyTorch", _squares(kept=0.99)),),
    ),
    "adagrad": ByHand(
        "AdaGrad",
        r"G = G + g^2, \qquad x_{k+1} = x_k - \eta\,\frac{g}{\sqrt{G} + \epsilon}",
        _squares(total=True),
        frozenset(["rate", "gradient"]),
        slips=(
            StepSlip("missing-root", "The root of the sum of squares is missing.", _squares(total=True, root=False)),
            StepSlip(
                "state-overwritten",
                "The square of the last gradient alone was taken; the squares are summed.",
                _squares(kept=0.0),
            ),
        ),
    ),
    "steepest-descent": ByHand(
        "Steepest descent with exact line search",
        r"x_{k+1} = x_k - t_k \nabla f(x_k), \qquad t_k = \arg\min_{t > 0} f(x_k - t\,\nabla f(x_k))",
        _steepest,
        frozenset(["gradient", "line"]),
        slips=(
            StepSlip(
                "missing-factor",
                "The whole gradient was subtracted: t = 1 is not the lowest point on the line.",
                _whole_gradient,
            ),
        ),
    ),
    "conjugate-gradient": ByHand(
        "Conjugate gradients",
        r"p_k = -\nabla f(x_k) + \frac{|\nabla f(x_k)|^2}{|\nabla f(x_{k-1})|^2}\,p_{k-1}, \qquad "
        r"x_{k+1} = x_k + t_k p_k",
        _conjugate,
        frozenset(["gradient", "line"]),
        slips=(
            StepSlip(
                "missing-term", "That is steepest descent: the part of the direction before is left out.", _steepest
            ),
        ),
    ),
    "golden-section": ByHand(
        "Golden-section search",
        r"c = b - \varphi (b - a), \quad d = a + \varphi (b - a), \quad \varphi = \frac{\sqrt{5} - 1}{2}",
        _golden,
        frozenset(["interval"]),
        slips=(
            StepSlip(
                "sign",
                "The wrong part was kept: it is the one around the lower of the two values.",
                lambda task, s: _parted(task, s, operator.ge),
            ),
        ),
    ),
}
