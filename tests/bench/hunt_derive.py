"""Hunt for wrong derivatives: expressions from a grammar of what the reader knows, through `derive` with a point.

`python build.py bench hunt_derive [COUNT [SEED]]` prints every fault and, last, how many were tried.

Each expression is text, and at the same time a function of mpmath's, made side by side by the grammar; the value that
`derive` gives is compared with mpmath's own difference quotient of 40 digits. Points lie on both sides of corners.
A fault is an exception, a failed check, a value that differs, no value where there is one, or too much time or memory.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import mpmath as mp

import nabla

Real = Callable[[Any], Any]
DIGITS = 40
SECONDS = 10.0
CLOSE = 1e-9
POINTS = ("1.3", "-0.7", "0.25", "2.6", "-3.1", "5.02", "4.98")


class Undefined(ArithmeticError):
    """mpmath has no real value there."""


@dataclass(frozen=True)
class Made:
    """A formula as text and as a function."""

    text: str
    at: Real


@dataclass(frozen=True)
class Fault:
    """What went wrong, and with which inputs."""

    kind: str
    inputs: dict[str, str]
    detail: str = ""


def _real(value: Any) -> Any:
    value = mp.mpmathify(value)
    if mp.im(value) != 0 or not mp.isfinite(value):
        raise Undefined
    return mp.re(value)


def _power(base: Any, exponent: Any) -> Any:
    if base == 0 and exponent <= 0:
        raise Undefined
    if base < 0 and exponent != int(exponent):
        raise Undefined
    if abs(exponent) > 500 or (abs(base) > 1 and exponent * mp.log(abs(base)) > 500):
        raise Undefined
    return base**exponent


def _guarded(function: Real, largest: float = 300) -> Real:
    def value(x: Any) -> Any:
        if abs(x) > largest:
            raise Undefined
        return function(x)

    return value


def _cube_root(x: Any) -> Any:
    return mp.sign(x) * abs(x) ** (mp.mpf(1) / 3)


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


ONE: dict[str, Real] = {
    **{name: getattr(mp, name) for name in "sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh".split()},
    **{name: getattr(mp, name) for name in "sec csc cot sech csch coth exp erf erfc gamma loggamma".split()},
    "ln": mp.ln,
    "sqrt": mp.sqrt,
    "cbrt": _cube_root,
    "abs": abs,
    "sign": mp.sign,
    "floor": mp.floor,
    "relu": lambda x: max(x, mp.mpf(0)),
    "sigmoid": _sigmoid,
    "softplus": lambda x: mp.log(1 + mp.exp(x)),
    "silu": lambda x: x * _sigmoid(x),
    "airyai": mp.airyai,
    "Si": mp.si,
    "fresnels": mp.fresnels,
    "lambertw": mp.lambertw,
    "digamma": mp.digamma,
    "erfi": mp.erfi,
}
ONE = {name: _guarded(function, 30 if name in ("airyai", "erfi", "gamma") else 300) for name, function in ONE.items()}
LATEX = {
    "sin": r"\sin\left({}\right)",
    "sqrt": r"\sqrt{{{}}}",
    "cbrt": r"\sqrt[3]{{{}}}",
    "ln": r"\ln\left({}\right)",
    "abs": r"\left|{}\right|",
}
NUMBERS = ("1", "2", "3", "5", "0.5", "1.25", "7", "1/3", "pi")


class Grammar:
    """Formulas at random, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.latex = self.random.random() < 0.25

    def formula(self, depth: int) -> Made:
        """A formula in x with at most so many levels."""
        if depth == 0 or self.random.random() < 0.08:
            return self.leaf()
        makers: list[tuple[int, Callable[[int], Made]]] = [
            (6, self.arithmetic), (4, self.function), (3, self.power), (2, self.extremum), (1, self.cases)
        ]  # fmt: skip
        if self.latex:
            makers.pop()  # x if x > 0 else 1 is Python's
        (maker,) = self.random.choices([maker for _, maker in makers], [weight for weight, _ in makers])
        return maker(depth - 1)

    def leaf(self) -> Made:
        if self.random.random() < 0.7:
            return Made("x", lambda x: x)
        text = self.random.choice(NUMBERS)
        return Made(f"({text})", lambda x: _constant(text))

    def arithmetic(self, depth: int) -> Made:
        a, b = self.formula(depth), self.formula(depth)
        sign = self.random.choice("++-**/")
        text = f"({a.text}) {sign} ({b.text})"
        return Made(text, lambda x: _combined(sign, a.at(x), b.at(x)))

    def function(self, depth: int) -> Made:
        name, inside = self.random.choice(list(ONE)), self.formula(depth)
        written = LATEX.get(name) if self.latex else None
        text = written.format(inside.text) if written else f"{name}({inside.text})"
        return Made(text, lambda x: _real(ONE[name](_real(inside.at(x)))))

    def power(self, depth: int) -> Made:
        base = self.formula(depth)
        if self.random.random() < 0.2:
            other = self.formula(depth)
            return Made(f"({base.text})^({other.text})", lambda x: _power(_real(base.at(x)), _real(other.at(x))))
        text = self.random.choice(("2", "3", "-1", "1/2", "-2", "1.5", "5"))
        exponent = mp.mpf(1) / 2 if text == "1/2" else mp.mpf(text)
        return Made(f"({base.text})^({text})", lambda x: _power(_real(base.at(x)), exponent))

    def extremum(self, depth: int) -> Made:
        a, b = self.formula(depth), self.formula(depth)
        name = self.random.choice(("max", "min"))
        best = max if name == "max" else min
        text = rf"\{name}\left({a.text}, {b.text}\right)" if self.latex else f"{name}({a.text}, {b.text})"
        return Made(text, lambda x: _untied(best, _real(a.at(x)), _real(b.at(x))))

    def cases(self, depth: int) -> Made:
        a, b = self.formula(depth), self.formula(depth)
        text = self.random.choice(("0", "1", "2", "-1"))
        return Made(f"({a.text} if x > {text} else {b.text})", lambda x: a.at(x) if x > mp.mpf(text) else b.at(x))


def _constant(text: str) -> Any:
    return mp.pi if text == "pi" else mp.mpf(1) / 3 if text == "1/3" else mp.mpf(text)


def _untied(best: Callable[..., Any], a: Any, b: Any) -> Any:
    """The larger or smaller one; where both are the same, nothing is compared."""
    if a == b:
        raise Undefined
    return best(a, b)


def _combined(sign: str, a: Any, b: Any) -> Any:
    if sign == "/":
        if b == 0:
            raise Undefined
        return a / b
    return a + b if sign == "+" else a - b if sign == "-" else a * b


def truth(f: Real, at: str) -> Any:
    """mpmath's slope at the point, from both sides and with two steps; None where there is none, or it is unsure."""
    with mp.workdps(3 * DIGITS):
        x = mp.mpf(at)
        slopes = []
        try:
            for step in (mp.mpf(10) ** -DIGITS, mp.mpf(10) ** -(DIGITS - 10)):
                left, here, right = (_real(f(x + k * step)) for k in (-1, 0, 1))
                slopes += [(right - here) / step, (here - left) / step]
        except (Undefined, ArithmeticError, ValueError, mp.libmp.NoConvergence):
            return None
        size = max(map(abs, slopes))
        if max(slopes) - min(slopes) > mp.mpf(10) ** -20 * max(size, 1) or (not 1e-12 < size < 1e12 and size != 0):
            return None
        return slopes[0]


def tried(seed: int) -> Iterator[Fault]:
    """The faults of one formula at its points."""
    grammar = Grammar(seed)
    made = grammar.formula(grammar.random.randint(1, 4))
    at = grammar.random.choice(POINTS)
    inputs = {"f": made.text, "wrt": "x", "at": f"x={at}"}
    expected = truth(made.at, at)
    began = time.process_time()
    try:
        document = nabla.run("derive", inputs)
    except nabla.UserError as error:
        if error.code not in REFUSALS:
            yield Fault("refused", inputs, error.message)
        return
    except Exception as error:
        yield Fault("crash", inputs, f"{type(error).__name__}: {error}"[:200])
        return
    seconds = time.process_time() - began
    if seconds > SECONDS:
        yield Fault("slow", inputs, f"{seconds:.1f} s")
    for check in document.checks:
        if check.verdict == "failed":
            yield Fault("failed check", inputs, check.claim)
            break
    value = document.values.get("value")
    if expected is not None and value is None and document.values.get("derivative") is not None:
        yield Fault("no value", inputs, f"{float(expected)!r}")
    elif expected is not None and value is not None and not _close(value, expected):
        yield Fault("wrong", inputs, f"{value!r} instead of {float(expected)!r}")


# What may be refused: constants without a value, and numbers that grow too large.
REFUSALS = frozenset({"undefined", "too-big", "timeout", "too-deep", "too-long"})


def _close(value: float, expected: Any) -> bool:
    return bool(abs(value - expected) <= CLOSE * max(abs(expected), 1e-6))


def main(count: int, seed: int) -> None:
    """Try so many formulas, and tell the faults."""
    found: Counter[str] = Counter()
    for number in range(count):
        for fault in tried(seed + number):
            found[fault.kind] += 1
            print(f"{seed + number}: {fault.kind}: {fault.inputs} {fault.detail}", flush=True)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count} tried from {seed}: {dict(found) or 'no fault'}; {megabytes:.0f} MB at most")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=1000)
    parser.add_argument("seed", nargs="?", type=int, default=0)
    asked = parser.parse_args()
    main(asked.count, asked.seed)
