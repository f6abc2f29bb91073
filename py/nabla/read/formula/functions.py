"""The functions the reader knows: their names here and elsewhere, how many arguments they take, what builds them."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp

Build = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class KnownFunction:
    """A function: what builds it from SymPy expressions, its fewest and most arguments, its LaTeX.

    `meaning` says in words what the name stands for where that is not the same for everyone.
    """

    build: Build
    low: int = 1
    high: int | None = 1
    tex: str = ""
    meaning: str = ""


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + sp.exp(-x))


def _heaviside(x: Any, at_zero: Any = sp.S.Half) -> Any:
    return sp.Heaviside(x, at_zero)


PLAIN = "sin cos tan cot sec csc sinh cosh tanh coth sech csch".split()
_INVERSE = "asin acos atan acot asec acsc asinh acosh atanh acoth asech acsch".split()
_TEX = {
    "sech": r"\operatorname{sech}", "csch": r"\operatorname{csch}",
    "asin": r"\arcsin", "acos": r"\arccos", "atan": r"\arctan",
}  # fmt: skip


def _inverse_tex(name: str) -> str:
    return rf"\operatorname{{{'ar' if name.endswith('h') else 'arc'}{name[1:]}}}"


FUNCTIONS: dict[str, KnownFunction] = {
    **{name: KnownFunction(getattr(sp, name), tex=_TEX.get(name, "\\" + name)) for name in PLAIN},
    **{name: KnownFunction(getattr(sp, name), tex=_TEX.get(name, _inverse_tex(name))) for name in _INVERSE},
    "exp": KnownFunction(sp.exp, tex=r"\exp"),
    "ln": KnownFunction(sp.log, tex=r"\ln"),
    "log": KnownFunction(sp.log, 1, 2, r"\ln"),
    "log2": KnownFunction(lambda x: sp.log(x, 2), tex=r"\log_{2}"),
    "log10": KnownFunction(lambda x: sp.log(x, 10), tex=r"\log_{10}"),
    "lg": KnownFunction(lambda x: sp.log(x) / sp.log(10), tex=r"\log_{10}", meaning="the logarithm to base 10"),
    "log1p": KnownFunction(lambda x: sp.log(1 + x)),
    "expm1": KnownFunction(lambda x: sp.exp(x) - 1),
    "abs": KnownFunction(sp.Abs),
    "sign": KnownFunction(sp.sign, tex=r"\operatorname{sgn}"),
    "min": KnownFunction(sp.Min, high=None, tex=r"\min"),
    "max": KnownFunction(sp.Max, high=None, tex=r"\max"),
    "floor": KnownFunction(sp.floor),
    "ceil": KnownFunction(sp.ceiling),
    "heaviside": KnownFunction(_heaviside, 1, 2, meaning="the unit step, 1/2 at 0"),
    "erf": KnownFunction(sp.erf),
    "erfc": KnownFunction(sp.erfc),
    "factorial": KnownFunction(sp.factorial),
    "gamma": KnownFunction(sp.gamma, tex=r"\Gamma", meaning="the gamma function"),
    "loggamma": KnownFunction(sp.loggamma),
    "digamma": KnownFunction(sp.digamma),
    "atan2": KnownFunction(sp.atan2, 2, 2),
    "hypot": KnownFunction(lambda x, y: sp.sqrt(x**2 + y**2), 2, 2),
    "sigmoid": KnownFunction(_sigmoid, meaning="1/(1 + e^(-x))"),
    "softplus": KnownFunction(lambda x: sp.log(1 + sp.exp(x)), meaning="ln(1 + e^x)"),
    "relu": KnownFunction(lambda x: sp.Max(0, x), meaning="max(0, x)"),
    "silu": KnownFunction(lambda x: x * _sigmoid(x), meaning="x/(1 + e^(-x))"),
    "gelu": KnownFunction(lambda x: x * sp.erfc(-x / sp.sqrt(2)) / 2, meaning="x (1 + erf(x/sqrt(2)))/2"),
    "logit": KnownFunction(lambda x: sp.log(x / (1 - x)), meaning="ln(x/(1 - x))"),
    "clip": KnownFunction(lambda x, low, high: sp.Min(sp.Max(x, low), high), 3, 3, meaning="min(max(x, low), high)"),
    "sinc": KnownFunction(sp.sinc, meaning="sin(x)/x"),
    "normalized_sinc": KnownFunction(lambda x: sp.sinc(sp.pi * x), meaning="sin(pi x)/(pi x)"),
    "lambertw": KnownFunction(sp.LambertW, meaning="the Lambert W function"),
    "erfi": KnownFunction(sp.erfi),
    "erfinv": KnownFunction(sp.erfinv),
    "Si": KnownFunction(sp.Si, meaning="the sine integral"),
    "Ci": KnownFunction(sp.Ci, meaning="the cosine integral"),
    "Shi": KnownFunction(sp.Shi, meaning="the hyperbolic sine integral"),
    "Chi": KnownFunction(sp.Chi, meaning="the hyperbolic cosine integral"),
    "Ei": KnownFunction(sp.Ei, meaning="the exponential integral"),
    "li": KnownFunction(sp.li, meaning="the logarithmic integral"),
    "expint": KnownFunction(sp.expint, 2, 2, r"\mathrm{E}", meaning="the generalized exponential integral"),
    "fresnels": KnownFunction(sp.fresnels, tex="S", meaning="the Fresnel integral with sin(pi t^2/2)"),
    "fresnelc": KnownFunction(sp.fresnelc, tex="C", meaning="the Fresnel integral with cos(pi t^2/2)"),
    "airyai": KnownFunction(sp.airyai, tex=r"\operatorname{Ai}", meaning="the Airy function Ai"),
    "airybi": KnownFunction(sp.airybi, tex=r"\operatorname{Bi}", meaning="the Airy function Bi"),
    "airyaiprime": KnownFunction(sp.airyaiprime, tex=r"\operatorname{Ai}'"),
    "airybiprime": KnownFunction(sp.airybiprime, tex=r"\operatorname{Bi}'"),
    "besselj": KnownFunction(sp.besselj, 2, 2),
    "bessely": KnownFunction(sp.bessely, 2, 2),
    "besseli": KnownFunction(sp.besseli, 2, 2),
    "besselk": KnownFunction(sp.besselk, 2, 2),
    "elliptic_k": KnownFunction(
        sp.elliptic_k, tex="K", meaning="the complete elliptic integral K(m), of the parameter m"
    ),
    "elliptic_e": KnownFunction(sp.elliptic_e, 1, 2, "E", meaning="the elliptic integral E, of the parameter m"),
    "elliptic_f": KnownFunction(sp.elliptic_f, 2, 2, "F", meaning="the elliptic integral F(z | m), of the parameter m"),
    "zeta": KnownFunction(sp.zeta, tex=r"\zeta", meaning="the Riemann zeta function"),
    "polylog": KnownFunction(sp.polylog, 2, 2, meaning="the polylogarithm of order s at z"),
    "beta": KnownFunction(sp.beta, 2, 2, r"\mathrm{B}", meaning="the beta function"),
    "polygamma": KnownFunction(sp.polygamma, 2, 2),
    "trigamma": KnownFunction(lambda x: sp.polygamma(1, x)),
    "uppergamma": KnownFunction(sp.uppergamma, 2, 2, r"\Gamma", meaning="the upper incomplete gamma function"),
    "lowergamma": KnownFunction(sp.lowergamma, 2, 2, r"\gamma", meaning="the lower incomplete gamma function"),
    "legendre": KnownFunction(sp.legendre, 2, 2, "P", meaning="the Legendre polynomial of degree n at x"),
    "chebyshevt": KnownFunction(sp.chebyshevt, 2, 2, "T", meaning="the Chebyshev polynomial T of degree n at x"),
    "chebyshevu": KnownFunction(sp.chebyshevu, 2, 2, "U", meaning="the Chebyshev polynomial U of degree n at x"),
    "hermite": KnownFunction(
        sp.hermite, 2, 2, "H", meaning="the Hermite polynomial of degree n at x, the physicists' one"
    ),
    "laguerre": KnownFunction(sp.laguerre, 2, 2, "L", meaning="the Laguerre polynomial of degree n at x"),
    "assoc_laguerre": KnownFunction(sp.assoc_laguerre, 3, 3, "L", meaning="the Laguerre polynomial of n and a at x"),
    "gegenbauer": KnownFunction(sp.gegenbauer, 3, 3, "C", meaning="the Gegenbauer polynomial of n and a at x"),
    "jacobi": KnownFunction(sp.jacobi, 4, 4, "P", meaning="the Jacobi polynomial of n, a and b at x"),
}
# Polynomials whose first argument is a degree: they are written out, so it stays moderate.
DEGREES = frozenset("legendre chebyshevt chebyshevu hermite laguerre assoc_laguerre gegenbauer jacobi".split())
# Powers, cases and the like by the name of a function: build.py makes them out of guarded parts.
SPECIAL: dict[str, tuple[int, int | None]] = {
    "sqrt": (1, 1), "cbrt": (1, 1), "fourth_root": (1, 1), "root": (2, 2), "pow": (2, 2), "square": (1, 1),
    "exp2": (1, 1), "reciprocal": (1, 1), "piecewise": (1, None), "where": (3, 3),
}  # fmt: skip
# Functions of complex numbers, which `nabla.read.complex` builds: of real ones they say nothing.
COMPLEX: dict[str, tuple[int, int | None]] = dict.fromkeys(("conjugate", "re", "im"), (1, 1))
# Names that are functions only before a bracket, or only before a bracket, a power or a space: else variables.
_BEFORE_BRACKET = frozenset("gamma zeta li ei si ci shi chi re im".split())
# Letters that are functions only of several arguments: beta(1 - x) is a product.
_OF_SEVERAL = frozenset(["beta"])
_BEFORE_ARGUMENT = frozenset("sh ch th tg lg".split())

ALIASES = {
    "tg": "tan", "ctg": "cot", "cotg": "cot", "cotan": "cot", "cosec": "csc", "sh": "sinh", "ch": "cosh", "th": "tanh",
    "cth": "coth", "cosech": "csch", "arctg": "atan", "arcctg": "acot", "arcctan": "acot", "arccosec": "acsc",
    "arsh": "asinh", "arch": "acosh", "arth": "atanh", "arctan2": "atan2", "sgn": "sign", "signum": "sign",
    "absolute": "abs", "fabs": "abs", "maximum": "max", "fmax": "max", "minimum": "min", "fmin": "min",
    "ceiling": "ceil", "lgamma": "loggamma", "gammaln": "loggamma", "psi0": "digamma", "expit": "sigmoid",
    "logistic": "sigmoid", "swish": "silu", "clamp": "clip", "power": "pow", "nthroot": "root", "real_root": "root",
    "jv": "besselj", "yv": "bessely", "iv": "besseli", "kv": "besselk", "expi": "Ei", "gammainc_upper": "uppergamma",
    "ellipk": "elliptic_k", "ellipe": "elliptic_e", "elliptick": "elliptic_k", "elliptice": "elliptic_e",
    "ellipticf": "elliptic_f", "ellipkinc": "elliptic_f", "legendrep": "legendre", "eval_legendre": "legendre",
    "eval_chebyt": "chebyshevt", "eval_chebyu": "chebyshevu", "eval_hermite": "hermite", "hermiteh": "hermite",
    "eval_laguerre": "laguerre", "laguerrel": "laguerre", "eval_genlaguerre": "assoc_laguerre",
    "eval_gegenbauer": "gegenbauer", "gegenbauerc": "gegenbauer", "eval_jacobi": "jacobi", "jacobip": "jacobi",
    "sinintegral": "Si", "cosintegral": "Ci", "logintegral": "li", "productlog": "lambertw",
    "fact": "factorial", "conj": "conjugate", "sine": "sin", "cosine": "cos", "tangent": "tan", "arcsine": "asin",
}  # fmt: skip
for _name in PLAIN + _INVERSE:
    if _name.startswith("a"):
        ALIASES["arc" + _name[1:]] = _name
        if _name.endswith("h"):
            ALIASES["ar" + _name[1:]] = _name

NAMES = frozenset(FUNCTIONS) - {"normalized_sinc"} | frozenset(SPECIAL) | frozenset(COMPLEX) | frozenset(ALIASES)
# Libraries whose sinc has a factor pi, and whose log is the natural one for certain.
_NORMALIZED = frozenset("np numpy jnp torch scipy special tf".split())


def function_of(word: str, *, module: str = "") -> str | None:
    """The function that a word names, by the name it has here; a capital letter at its beginning does no harm."""
    lower = word if word in NAMES or word[1:] in NAMES else word.lower()  # Acos(wt) is A cos(wt)
    name = ALIASES.get(lower, lower)
    if name == "sinc" and module in _NORMALIZED:
        return "normalized_sinc"
    if name == "log" and module:
        return "ln"
    return name if lower in NAMES else None


def applies(word: str, before_bracket: bool, before_argument: bool, several: bool = False) -> bool:
    """Whether a word that names a function is one at its place; a few are variables unless an argument follows.

    `several`: the bracket holds several arguments.
    """
    if word.lower() in _OF_SEVERAL:
        return before_bracket and several
    if word.lower() in _BEFORE_BRACKET:
        return before_bracket
    return before_bracket or before_argument or word.lower() not in _BEFORE_ARGUMENT


def arity(function: str) -> tuple[int, int | None]:
    """The fewest and the most arguments of a function (None: any number)."""
    if bounds := SPECIAL.get(function) or COMPLEX.get(function):
        return bounds
    return FUNCTIONS[function].low, FUNCTIONS[function].high


def similar(word: str) -> str:
    """The known function with a name much like `word`, or nothing."""
    if not 2 < len(word) < 20:
        return ""
    return next(iter(difflib.get_close_matches(word.lower(), sorted(NAMES), n=1, cutoff=0.76)), "")
