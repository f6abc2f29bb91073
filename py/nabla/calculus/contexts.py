"""mpmath's contexts, of doubles and of many digits, and which of its functions SymPy's classes are."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from mpmath.ctx_fp import FPContext
from mpmath.ctx_mp import MPContext

DIGITS = 70


@cache
def precise(digits: int = DIGITS) -> MPContext:
    """An mpmath context of our own, so that no other code's precision is touched."""
    context = MPContext()
    context.dps = digits
    return context


# Functions with long series, in mpmath's names: as doubles they come from more digits.
LONG = (
    "besselj bessely besseli besselk lambertw ellipk ellipe ellipf polylog legendre chebyt chebyu hermite laguerre "
    "gegenbauer jacobi expint zeta"
).split()


def _machine() -> FPContext:
    """Floats, with the functions that mpmath lacks for them, or computes for them badly."""
    context = FPContext()
    context.asinh, context.acosh, context.atanh = math.asinh, math.acosh, math.atanh
    for name in LONG:
        setattr(context, name, _rounded(getattr(precise(20), name)))
    return context


def _rounded(function: Callable[..., Any]) -> Callable[..., Any]:
    def value(*args: float) -> float | complex:
        found = function(*args)
        return complex(found) if found.imag else float(found.real)

    return value


MACHINE = _machine()
# Arguments beyond these take too long, or have no value of usual size.
LIMITS = dict.fromkeys(LONG, 1e3) | {
    "exp": 1e9,
    "sinh": 1e9,
    "cosh": 1e9,
    "gamma": 1e15,
    "factorial": 1e15,
}
# Further to the left polygamma takes too long: it is worked out from the right in steps of 1.
LOWEST = {"psi": -1e3}


def takes_too_long(name: str, values: Sequence[Any]) -> bool:
    """Whether mpmath's function of that name would take too long: exp(1e9) has about 400 million digits."""
    limit, lowest = LIMITS.get(name, 1e30), LOWEST.get(name, -math.inf)
    return any(abs(value) > limit or value < lowest for value in values)


# SymPy's class -> mpmath's function, where argument order and conventions agree
NAMES: dict[str, str] = {
    name: name
    for name in (
        "exp sin cos tan sec csc cot asin acos atan acot asec acsc sinh cosh tanh sech csch coth asinh acosh atanh "
        "asech acsch acoth sinc erf erfc erfi gamma loggamma factorial besselj bessely besseli besselk atan2 zeta beta "
        "li airyai airybi fresnels fresnelc polylog legendre hermite gegenbauer jacobi expint "
        "erfinv binomial"
    ).split()
} | {
    "log": "ln",
    "LambertW": "lambertw",
    "polygamma": "psi",
    "Ei": "ei",
    "Shi": "shi",
    "Chi": "chi",
    "elliptic_k": "ellipk",
    "elliptic_e": "ellipe",
    "elliptic_f": "ellipf",
    "assoc_laguerre": "laguerre",
    "chebyshevt": "chebyt",
    "chebyshevu": "chebyu",
    "Si": "si",
    "Ci": "ci",
}

CONSTANTS = {"Exp1": "e", "Pi": "pi", "EulerGamma": "euler", "GoldenRatio": "phi", "Catalan": "catalan"}
