"""How each language and library spells the functions that SymPy knows: tables, read by `printer`."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sympy as sp


@dataclass(frozen=True)
class Dialect:
    """How a library is imported and how it spells things.

    `functions` maps a SymPy function's name to the library's, `special` to those of a second module, whose
    `special_import` is written only when one is used. A spelling with braces is a template for the arguments, in which
    `prefix` is not added. `where` is a template of (condition, value, otherwise), `maximum` and `minimum` take two
    arguments. `ints` and `quotients` write whole numbers and fractions, `power` joins base and exponent.
    """

    label: str
    language: str
    imports: str
    prefix: str
    functions: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    where: str = ""
    maximum: str = ""
    minimum: str = ""
    special: Mapping[str, str] = field(default_factory=dict)
    special_import: str = ""
    reserved: frozenset[str] = frozenset()
    comment: str = "#"
    ints: str = "{}"
    quotients: str = "{}/{}"
    power: str = "**"
    both: str = " & "
    either: str = " | "
    negation: str = "~"
    unequal: str = "!="
    nan: str = "float('nan')"
    name: str = ""

    @property
    def called(self) -> str:
        """Its name in a sentence."""
        return self.name or self.label


def _same(text: str) -> dict[str, str]:
    return {name: name for name in text.split()}


_SAME = _same("exp log sin cos tan sinh cosh tanh sign floor sqrt")
_ARC = {name: name.replace("a", "arc", 1) for name in "asin acos atan asinh acosh atanh".split()}
_RECIPROCAL = _same("sec csc cot sech csch coth asec acsc acot asech acsch acoth")

SCIPY_SPECIAL: dict[str, str] = {name: f"special.{name}" for name in "erf erfc erfi gamma beta polygamma".split()} | {
    "loggamma": "special.gammaln",
    "digamma": "special.digamma",
    "besselj": "special.jv",
    "bessely": "special.yv",
    "besseli": "special.iv",
    "besselk": "special.kv",
    "LambertW": "special.lambertw({}).real",
    "Si": "special.sici({})[0]",
    "Ci": "special.sici({})[1]",
    "Ei": "special.expi",
    "expint": "special.expn",
    "fresnels": "special.fresnel({})[0]",
    "fresnelc": "special.fresnel({})[1]",
    "airyai": "special.airy({})[0]",
    "airyaiprime": "special.airy({})[1]",
    "airybi": "special.airy({})[2]",
    "airybiprime": "special.airy({})[3]",
    "uppergamma": "special.gammaincc({0}, {1})*special.gamma({0})",
    "lowergamma": "special.gammainc({0}, {1})*special.gamma({0})",
    "elliptic_k": "special.ellipk",
    "elliptic_e": "special.ellipe",
    "elliptic_e2": "special.ellipeinc",
    "elliptic_f": "special.ellipkinc",
    "zeta": "special.zeta",
    "erfinv": "special.erfinv",
    "Shi": "special.shichi({})[0]",
    "Chi": "special.shichi({})[1]",
    "legendre": "special.eval_legendre",
    "chebyshevt": "special.eval_chebyt",
    "chebyshevu": "special.eval_chebyu",
    "hermite": "special.eval_hermite",
    "laguerre": "special.eval_laguerre",
    "assoc_laguerre": "special.eval_genlaguerre",
    "gegenbauer": "special.eval_gegenbauer",
    "jacobi": "special.eval_jacobi",
}

NUMPY = Dialect(
    label="NumPy",
    language="python",
    imports="import numpy as np",
    prefix="np.",
    functions=_SAME
    | _ARC
    | {"Abs": "abs", "ceiling": "ceil", "atan2": "arctan2", "Heaviside": "heaviside", "log1p": "log1p"},
    constants={"Pi": "np.pi", "Exp1": "np.e"},
    where="np.where({}, {}, {})",
    maximum="np.maximum",
    minimum="np.minimum",
    special=SCIPY_SPECIAL,
    special_import="from scipy import special",
    reserved=frozenset({"np", "special", "v", "v0", "jac", "hess", "minimize", "root"}),
)

MATH = Dialect(
    label="Python math",
    language="python",
    imports="import math",
    prefix="math.",
    functions=_same("exp log sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh floor sqrt erf erfc gamma")
    | {"Abs": "abs({})", "ceiling": "ceil", "atan2": "atan2", "loggamma": "lgamma"},
    constants={"Pi": "math.pi", "Exp1": "math.e"},
    where="({1} if {0} else {2})",
    maximum="max",
    minimum="min",
    reserved=frozenset({"math", "abs", "max", "min"}),
    both=" and ",
    either=" or ",
    negation="not ",
    nan="math.nan",
    name="Python's math module",
)

TORCH = Dialect(
    label="PyTorch",
    language="python",
    imports="import torch",
    prefix="torch.",
    functions=_SAME
    | _same("asin acos atan asinh acosh atanh atan2 erf erfc digamma polygamma")
    | {"Abs": "abs", "ceiling": "ceil", "loggamma": "lgamma"},
    constants={"Pi": "torch.pi", "Exp1": "torch.e"},
    where="torch.where({}, {}, {})",
    maximum="torch.maximum",
    minimum="torch.minimum",
    reserved=frozenset({"torch", "v"}),
)

JAX = Dialect(
    label="JAX",
    language="python",
    imports="import jax.numpy as jnp",
    prefix="jnp.",
    functions=_SAME | _ARC | {"Abs": "abs", "ceiling": "ceil", "atan2": "arctan2"},
    constants={"Pi": "jnp.pi", "Exp1": "jnp.e"},
    where="jnp.where({}, {}, {})",
    maximum="jnp.maximum",
    minimum="jnp.minimum",
    special={name: f"special.{name}" for name in "erf erfc gamma digamma polygamma beta".split()}
    | {"loggamma": "special.gammaln", "Ei": "special.expi"},
    special_import="from jax.scipy import special",
    reserved=frozenset({"jax", "jnp", "special", "v"}),
)

SYMPY = Dialect(
    label="SymPy",
    language="python",
    imports="import sympy as sp",
    prefix="sp.",
    functions={},
    reserved=frozenset({"sp"}),
)

C = Dialect(
    label="C",
    language="c",
    imports="#include <math.h>",
    prefix="",
    functions=_same("exp log sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh floor sqrt erf erfc atan2")
    | {"Abs": "fabs", "ceiling": "ceil", "gamma": "tgamma", "loggamma": "lgamma"},
    constants={"Pi": "3.141592653589793", "Exp1": "2.718281828459045"},
    where="({} ? {} : {})",
    maximum="fmax",
    minimum="fmin",
    reserved=frozenset(
        "auto break case char const continue default do double else enum extern float for goto if inline int long "
        "register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while "
        "main printf out exp log sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh floor ceil sqrt erf erfc "
        "atan2 fabs tgamma lgamma gamma fmax fmin pow j0 j1 jn y0 y1 yn NAN".split()
    ),
    comment="//",
    ints="{}.0",
    power="pow",
    both=" && ",
    either=" || ",
    negation="!",
    nan="NAN",
    name="C's math.h",
)

JULIA = Dialect(
    label="Julia",
    language="julia",
    imports="",
    prefix="",
    functions=_same("exp log sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh floor sqrt sign")
    | _RECIPROCAL
    | {"Abs": "abs", "ceiling": "ceil", "atan2": "atan({0}, {1})"},
    constants={"Pi": "pi", "Exp1": "exp(1)"},
    where="({} ? {} : {})",
    maximum="max",
    minimum="min",
    special=_same("erf erfc erfi gamma loggamma digamma polygamma beta besselj bessely besseli besselk airyai airybi")
    | {
        "airyaiprime": "airyaiprime",
        "airybiprime": "airybiprime",
        "Si": "sinint",
        "Ci": "cosint",
        "Ei": "expinti",
        "expint": "expint",
        "elliptic_k": "ellipk",
        "elliptic_e": "ellipe",
        "uppergamma": "gamma({0}, {1})",
        "zeta": "zeta",
    },
    special_import='using SpecialFunctions  # add it once: import Pkg; Pkg.add("SpecialFunctions")',
    reserved=frozenset(
        "baremodule begin break catch const continue do else elseif end export false finally for function global if "
        "import let local macro module quote return struct true try using while pi im Inf NaN exp log gamma beta zeta "
        "abs sign floor ceil max min sqrt".split()
    ),
    power="^",
    both=" && ",
    either=" || ",
    negation="!",
    nan="NaN",
    name="Julia's SpecialFunctions",
)

MATLAB = Dialect(
    label="MATLAB",
    language="matlab",
    imports="",
    prefix="",
    functions=_same(
        "exp log sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh floor sqrt sign erf erfc gamma"
    )
    | _RECIPROCAL
    | _same("besselj bessely besseli besselk beta atan2")
    | {
        "Abs": "abs",
        "ceiling": "ceil",
        "loggamma": "gammaln",
        "digamma": "psi",
        "polygamma": "psi",
        "airyai": "airy(0, {})",
        "airyaiprime": "airy(1, {})",
        "airybi": "airy(2, {})",
        "airybiprime": "airy(3, {})",
        "elliptic_k": "ellipke",
        "uppergamma": "gammainc({1}, {0}, 'upper')*gamma({0})",
        "lowergamma": "gammainc({1}, {0})*gamma({0})",
    },
    constants={"Pi": "pi", "Exp1": "exp(1)"},
    where="where({}, {}, {})",
    maximum="max",
    minimum="min",
    reserved=frozenset(
        "break case catch classdef continue else elseif end for function global if otherwise parfor persistent return "
        "spmd switch try while where pi i j Inf NaN exp log gamma beta psi abs sign floor ceil max min sqrt".split()
    ),
    comment="%",
    nan="NaN",
    unequal="~=",
)


def identifiers(symbols: Iterable[sp.Symbol], dialect: Dialect) -> dict[sp.Symbol, str]:
    """A name for each symbol: its own where that is one in the language, else the nearest that is free."""
    taken: set[str] = set(dialect.reserved) | {"f", "df", "value"}
    names: dict[sp.Symbol, str] = {}
    ascii_only = dialect.language in ("c", "matlab")
    for symbol in symbols:
        letters = (c if c.isalnum() or c == "_" else "_" for c in symbol.name)
        name = "".join(f"u{ord(c):x}" if ascii_only and not c.isascii() else c for c in letters)
        if not name.isidentifier() or (name[0] == "_" and ascii_only):
            name = f"v{name}"
        while (keyword.iskeyword(name) and dialect.language == "python") or name in taken:
            name += "_"
        taken.add(name)
        names[symbol] = name
    return names
