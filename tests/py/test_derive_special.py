"""Special functions: read, differentiated by a rule that is named, and compared with mpmath's difference quotients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp
import pytest
import sympy as sp

import nabla
from nabla.calculus.contexts import _rounded, takes_too_long
from nabla.calculus.rules import differentiate
from nabla.calculus.special import SLOPES
from nabla.calculus.value import value_at
from nabla.errors import UserError
from nabla.read.formula import read_formula

FUNCTIONS: list[tuple[str, str, Callable[[Any], Any]]] = [
    ("airyai(x)", "-2", mp.airyai),
    ("airybi(x)", "0.7", mp.airybi),
    ("airyaiprime(x)", "1.5", lambda x: mp.airyai(x, derivative=1)),
    ("airybiprime(x)", "-1.5", lambda x: mp.airybi(x, derivative=1)),
    ("Si(x^2)", "2", lambda x: mp.si(x**2)),
    ("Ci(x)", "2", mp.ci),
    ("Shi(x)", "-2", mp.shi),
    ("Chi(x)", "2", mp.chi),
    ("Ei(x)", "-2", mp.ei),
    ("li(x)", "3", mp.li),
    ("erfi(x)", "0.5", mp.erfi),
    ("erfc(x)", "0.5", mp.erfc),
    ("erfinv(x)", "0.2", mp.erfinv),
    ("expint(2, x)", "2", lambda x: mp.expint(2, x)),
    ("fresnels(x)", "1.3", mp.fresnels),
    ("fresnelc(x)", "1.3", mp.fresnelc),
    ("besselj(1, 3x)", "2", lambda x: mp.besselj(1, 3 * x)),
    ("bessely(0, x)", "2", lambda x: mp.bessely(0, x)),
    ("besseli(2, x)", "1.2", lambda x: mp.besseli(2, x)),
    ("besselk(1, x)", "1.2", lambda x: mp.besselk(1, x)),
    ("jv(0.5, x)", "1.2", lambda x: mp.besselj(0.5, x)),
    ("elliptic_k(x)", "0.3", mp.ellipk),
    ("ellipe(x^2)", "0.3", lambda x: mp.ellipe(x**2)),
    ("elliptic_e(x, 1/2)", "0.3", lambda x: mp.ellipe(x, 0.5)),
    ("elliptic_e(1/2, x)", "0.3", lambda x: mp.ellipe(0.5, x)),
    ("elliptic_f(x, 1/2)", "0.3", lambda x: mp.ellipf(x, 0.5)),
    ("zeta(x)", "3", mp.zeta),
    ("polylog(2, x)", "0.4", lambda x: mp.polylog(2, x)),
    ("polylog(3, x)", "0.4", lambda x: mp.polylog(3, x)),
    ("beta(x, 2)", "3", lambda x: mp.beta(x, 2)),
    ("gamma(x)", "2.5", mp.gamma),
    ("loggamma(x)", "2.5", mp.loggamma),
    ("digamma(x)", "2.5", mp.digamma),
    ("polygamma(2, x)", "2", lambda x: mp.psi(2, x)),
    ("trigamma(x)", "2", lambda x: mp.psi(1, x)),
    ("x!", "3", mp.factorial),
    ("lambertw(x)", "2", mp.lambertw),
    ("uppergamma(2.5, x)", "2", lambda x: mp.gammainc(2.5, x)),
    ("lowergamma(2.5, x)", "2", lambda x: mp.gammainc(2.5, 0, x)),
    ("legendre(3, x)", "0.3", lambda x: mp.legendre(3, x)),
    ("chebyshevt(7, x)", "0.3", lambda x: mp.chebyt(7, x)),
    ("chebyshevu(5, cos(x))", "0.3", lambda x: mp.chebyu(5, mp.cos(x))),
    ("hermite(4, x)", "0.3", lambda x: mp.hermite(4, x)),
    ("laguerre(5, x)", "0.3", lambda x: mp.laguerre(5, 0, x)),
    ("gegenbauer(5, 3/2, x)", "0.3", lambda x: mp.gegenbauer(5, 1.5, x)),
    ("jacobi(5, 1, 2, x)", "0.3", lambda x: mp.jacobi(5, 1, 2, x)),
]


@pytest.mark.parametrize(("f", "at", "by_mpmath"), FUNCTIONS, ids=[row[0] for row in FUNCTIONS])
def test_the_slope_is_that_of_mpmath(f: str, at: str, by_mpmath: Callable[[Any], Any]) -> None:
    document = nabla.run("derive", {"f": f, "wrt": "x", "at": f"x={at}"})
    with mp.workdps(40):
        expected = float(mp.re(mp.diff(by_mpmath, mp.mpf(at))))
    assert document.values["value"] == pytest.approx(expected, rel=1e-12)
    assert not [check for check in document.checks if check.verdict == "failed"]


DEGREES: list[tuple[str, str, Callable[[Any], Any]]] = [
    ("legendre(n, x)", "0.3", lambda x: mp.legendre(2.5, x)),
    ("chebyshevt(n, x)", "0.3", lambda x: mp.chebyt(2.5, x)),
    ("chebyshevu(n, x)", "0.3", lambda x: mp.chebyu(2.5, x)),
    ("hermite(n, x)", "0.3", lambda x: mp.hermite(2.5, x)),
    ("laguerre(n, x)", "0.3", lambda x: mp.laguerre(2.5, 0, x)),
    ("assoc_laguerre(n, 1/2, x)", "0.3", lambda x: mp.laguerre(2.5, 0.5, x)),
    ("gegenbauer(n, 3/2, x)", "0.3", lambda x: mp.gegenbauer(2.5, 1.5, x)),
    ("jacobi(n, 1, 2, x)", "0.3", lambda x: mp.jacobi(2.5, 1, 2, x)),
]


@pytest.mark.parametrize(("f", "at", "by_mpmath"), DEGREES, ids=[row[0] for row in DEGREES])
def test_rules_of_polynomials_hold_between_the_degrees_too(f: str, at: str, by_mpmath: Callable[[Any], Any]) -> None:
    f_expr = read_formula(f).expr
    n, x = (read_formula(name).expr for name in "nx")
    result = differentiate(f_expr, x).result
    value = value_at(result, {n: sp.Rational(5, 2), x: sp.Rational(at)}, f_expr).number
    with mp.workdps(40):
        expected = float(mp.re(mp.diff(by_mpmath, mp.mpf(at))))
    assert value == pytest.approx(expected, rel=1e-12)


def test_a_degree_that_is_none_is_refused() -> None:
    for f in ("jacobi(5/2, 1, 2, x)", "laguerre(-1, x)", "hermite(41, x)"):
        with pytest.raises(UserError):
            read_formula(f)


def test_the_rule_is_named() -> None:
    assert "Airy's equation" in str(nabla.run("derive", {"f": "airyaiprime(x)", "wrt": "x"}).to_dict())
    assert all(words.endswith(".") for _, words in SLOPES.values())


def test_greek_letters_stay_variables() -> None:
    assert read_formula("beta*(1-beta)").names == ("beta",)
    assert read_formula("beta(1-x)").names == ("beta", "x")
    assert read_formula("2 zeta omega").names == ("zeta", "omega")


def test_a_complex_number_without_imaginary_part_is_a_real_one() -> None:
    assert _rounded(lambda: mp.mpc(2, 0))() == 2.0
    assert _rounded(lambda: mp.mpc(2, 1))() == 2 + 1j


def test_polygamma_far_to_the_left_is_refused_and_not_waited_for() -> None:
    assert takes_too_long("psi", (1, -1e6))
    assert not takes_too_long("psi", (1, 1e6))
    document = nabla.derive("digamma(digamma(x)+3/x-2)", at="x=1.3")
    assert float(document.values["value"]) == pytest.approx(-34.2848385166951800, rel=1e-12)
