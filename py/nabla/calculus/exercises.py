"""Exercises in differentiation: a function for a rule and a level, the same for the same seed, with a tidy answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

import sympy as sp

from nabla.calculus.points import sample_points
from nabla.calculus.rules import Derivation, differentiate, simplified

x = sp.Symbol("x", real=True)
LEVELS = (1, 2, 3)
# A derivative with more operations than this, before it is simplified, is too long to find and to type.
LONGEST: Mapping[int, int] = {1: 9, 2: 18, 3: 34}
MOST_TRIED = 400
FEWEST_POINTS = 3


@dataclass(frozen=True)
class Exercise:
    """A function of x to differentiate, and its rule tree."""

    rule: str
    level: int
    seed: int
    f: sp.Expr
    derivation: Derivation

    @property
    def answer(self) -> sp.Expr:
        """The derivative, simplified."""
        return simplified(self.derivation.result)


def exercise(rule: str, level: int, seed: int) -> Exercise:
    """The exercise of that rule (one of `RULES`), level and seed: always the same.

    Each has its rule somewhere in its derivation, values at points, and an answer that is neither constant (beyond the
    first level) nor long.

    Raises:
        KeyError: there is no such rule or level.
    """
    makers = [_MAKERS[rule][step] for step in LEVELS if step == level]
    if not makers:
        raise KeyError(level)
    random = Random(f"{rule} {level} {seed}")  # noqa: S311 - for variety, not for secrets
    for _ in range(MOST_TRIED):
        f = makers[0](random)
        derivation = differentiate(f, x)
        if _is_fair(rule, level, f, derivation):
            return Exercise(rule, level, seed, f, derivation)
    raise RuntimeError(f"no exercise was found for {rule} {level} {seed}")


def _is_fair(rule: str, level: int, f: sp.Expr, derivation: Derivation) -> bool:
    """Whether the exercise may be set. Decided by SymPy's derivative, not by how ours is simplified.

    So a better simplification changes no exercise that a link has named.
    """
    slope = sp.diff(f, x)
    slope = sp.cancel(slope) if slope.is_rational_function(x) else slope
    if slope.is_number or (level > 1 and slope == f) or sp.count_ops(slope) > LONGEST[level]:
        return False
    needed = RULES[rule]
    if needed and not any(node.rule in needed for node in derivation.walk()):
        return False
    return len(sample_points([f, slope], [x], count=FEWEST_POINTS)) >= FEWEST_POINTS


Maker = Callable[[Random], sp.Expr]


def _number(random: Random, low: int = 2, high: int = 6) -> sp.Integer:
    return sp.Integer(random.randint(low, high))


def _signed(random: Random, high: int = 6) -> sp.Integer:
    return sp.Integer(random.choice([value for value in range(-high, high + 1) if value]))


def _line(random: Random) -> sp.Expr:
    return _number(random, 2, 5) * x + _signed(random, 5)


def _quadratic(random: Random) -> sp.Expr:
    return x**2 + random.choice([sp.S.Zero, _signed(random, 4) * x]) + _signed(random, 5)


def _term(random: Random) -> sp.Expr:
    return random.choice([x ** _number(random, 2, 6), 1 / x ** _number(random, 1, 4), sp.sqrt(x), x ** _half(random)])


def _half(random: Random) -> sp.Rational:
    return sp.Rational(random.choice([3, 5]), 2)


def _plain(random: Random) -> Callable[[sp.Expr], sp.Expr]:
    """A function that everybody knows."""
    chosen: Callable[[sp.Expr], sp.Expr] = random.choice([sp.sin, sp.cos, sp.exp, sp.log])
    return chosen


def _outer(random: Random) -> Callable[[sp.Expr], sp.Expr]:
    power = _number(random, 2, 5)
    outers: list[Callable[[sp.Expr], sp.Expr]] = [sp.sin, sp.cos, sp.exp, sp.log, sp.sqrt, lambda u: u**power]
    return random.choice(outers)


def _arc(random: Random) -> Callable[[sp.Expr], sp.Expr]:
    chosen: Callable[[sp.Expr], sp.Expr] = random.choice([sp.atan, sp.asin, sp.acos, sp.atan])
    return chosen


def _wave(random: Random) -> Callable[[sp.Expr], sp.Expr]:
    chosen: Callable[[sp.Expr], sp.Expr] = random.choice([sp.sin, sp.cos, sp.tan])
    return chosen


def _power_2(random: Random) -> sp.Expr:
    return _signed(random) * _term(random) + _signed(random) * _term(random)


def _power_3(random: Random) -> sp.Expr:
    return _power_2(random) + _signed(random) * x ** sp.Rational(random.choice([1, 2, 4]), 3) + _signed(random)


def _product_2(random: Random) -> sp.Expr:
    return random.choice(
        [_line(random) * _plain(random)(x), sp.sqrt(x) * _plain(random)(x), _quadratic(random) * sp.exp(x)]
    )


def _product_3(random: Random) -> sp.Expr:
    inner = _number(random, 2, 4) * x
    return x ** _number(random, 1, 3) * random.choice([sp.exp(-x) * _wave(random)(x), _plain(random)(inner)])


def _quotient_1(random: Random) -> sp.Expr:
    bottom = x + _signed(random, 5)
    return random.choice([_number(random, 1, 5) * x, _line(random)]) / bottom


def _quotient_2(random: Random) -> sp.Expr:
    bottom = x**2 + _number(random, 1, 5)
    return random.choice(
        [_line(random) / bottom, x**2 / (x + _signed(random, 4)), _plain(random)(x) / x ** _number(random, 1, 3)]
    )


def _quotient_3(random: Random) -> sp.Expr:
    top = random.choice([_line(random), sp.sin(x), sp.exp(x)])
    bottom = random.choice([_quadratic(random), 1 + sp.cos(x), sp.exp(x) + _number(random, 1, 4)])
    return top / bottom


def _chain_1(random: Random) -> sp.Expr:
    inner = random.choice([_number(random, 2, 6) * x, _line(random)])
    return _outer(random)(inner)


def _chain_2(random: Random) -> sp.Expr:
    inner = random.choice([x**2 + _signed(random, 5), x ** _number(random, 2, 4), sp.sin(x), _quadratic(random), 1 / x])
    return _outer(random)(inner)


def _chain_3(random: Random) -> sp.Expr:
    middle = random.choice([sp.sin, sp.cos, sp.exp, sp.sqrt, lambda u: u**2])
    return _outer(random)(
        middle(random.choice([_line(random), x**2 + _number(random, 1, 4), _number(random, 2, 4) * x]))
    )


def _exponential_1(random: Random) -> sp.Expr:
    return random.choice([_number(random) * sp.exp(_signed(random) * x), _number(random, 2, 9) ** x])


def _exponential_2(random: Random) -> sp.Expr:
    base = _number(random, 2, 5)
    return random.choice(
        [sp.exp(_signed(random, 3) * x**2), base ** (_number(random, 2, 4) * x), sp.exp(_quadratic(random))]
    )


def _exponential_3(random: Random) -> sp.Expr:
    return random.choice(
        [
            _line(random) * sp.exp(_signed(random, 3) * x),
            x**2 * sp.exp(-(x**2)),
            sp.exp(_wave(random)(_number(random, 2, 4) * x)),
        ]
    )


def _logarithm_1(random: Random) -> sp.Expr:
    return random.choice(
        [_number(random) * sp.log(x) + _number(random) * x, sp.log(_line(random)), _signed(random) * sp.log(x)]
    )


def _logarithm_2(random: Random) -> sp.Expr:
    inside = _number(random, 1, 4) * x**2 + _number(random, 1, 6)
    products = [_signed(random, 4) * x ** _number(random, 1, 4) * sp.log(x), sp.log(x) ** _number(random, 2, 4)]
    return random.choice([sp.log(inside), *products])


def _logarithm_3(random: Random) -> sp.Expr:
    return random.choice(
        [
            sp.log(_wave(random)(_number(random, 1, 3) * x)),
            sp.log(_line(random)) / x,
            sp.log(x + sp.sqrt(x**2 + _number(random, 1, 9))),
        ]
    )


def _trigonometric_1(random: Random) -> sp.Expr:
    return random.choice([_signed(random) * sp.sin(x) + _signed(random) * sp.cos(x), _number(random) * sp.tan(x)])


def _trigonometric_2(random: Random) -> sp.Expr:
    return random.choice(
        [_wave(random)(_line(random)), _wave(random)(x) ** _number(random, 2, 3), sp.sin(x) * sp.cos(x)]
    )


def _trigonometric_3(random: Random) -> sp.Expr:
    return random.choice(
        [
            x**2 * _wave(random)(_number(random, 2, 4) * x),
            _wave(random)(x**2 + _signed(random)) ** 2,
            sp.sin(x) / (2 + sp.cos(x)),
        ]
    )


def _inverse_1(random: Random) -> sp.Expr:
    return _number(random) * _arc(random)(x) + random.choice([sp.S.Zero, _signed(random) * x])


def _inverse_2(random: Random) -> sp.Expr:
    return _arc(random)(random.choice([_number(random, 2, 5) * x, x / _number(random, 2, 5), x**2]))


def _inverse_3(random: Random) -> sp.Expr:
    number, arc = _number(random, 1, 5), _arc(random)
    return random.choice([number * x * arc(x), sp.atan(sp.sqrt(number * x)), arc(number * x) ** 2, sp.atan(number / x)])


# Rule -> the rules of the tree one of which an exercise must use.
RULES: Mapping[str, frozenset[str]] = {
    "power": frozenset({"power"}),
    "product": frozenset({"product"}),
    "quotient": frozenset({"quotient"}),
    "chain": frozenset({"chain"}),
    "exponential": frozenset({"exponential"}),
    "logarithm": frozenset({"logarithm"}),
    "trigonometric": frozenset({"trigonometric"}),
    "inverse": frozenset({"inverse-trigonometric"}),
    "mixed": frozenset(),
}

_MAKERS: dict[str, dict[int, Maker]] = {
    "power": {1: lambda random: _signed(random) * _term(random), 2: _power_2, 3: _power_3},
    "product": {1: lambda random: x ** _number(random, 1, 4) * _plain(random)(x), 2: _product_2, 3: _product_3},
    "quotient": {1: _quotient_1, 2: _quotient_2, 3: _quotient_3},
    "chain": {1: _chain_1, 2: _chain_2, 3: _chain_3},
    "exponential": {1: _exponential_1, 2: _exponential_2, 3: _exponential_3},
    "logarithm": {1: _logarithm_1, 2: _logarithm_2, 3: _logarithm_3},
    "trigonometric": {1: _trigonometric_1, 2: _trigonometric_2, 3: _trigonometric_3},
    "inverse": {1: _inverse_1, 2: _inverse_2, 3: _inverse_3},
}


def _any(level: int) -> Maker:
    def make(random: Random) -> sp.Expr:
        return _MAKERS[random.choice([rule for rule in _MAKERS if rule != "mixed"])][level](random)

    return make


_MAKERS["mixed"] = {level: _any(level) for level in LEVELS}
