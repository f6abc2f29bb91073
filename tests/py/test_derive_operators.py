"""Laplacian, divergence and curl of formulas, and identities that they must fulfil."""

import pytest
import sympy as sp

import nabla
from nabla.errors import UserError

X, Y, Z = sp.symbols("x y z", real=True)


def answer(f: str, what: str, **more: str) -> object:
    document = nabla.run("derive", {"f": f, "what": what, **more})
    assert document.answer
    verdicts = [check.verdict for check in document.checks]
    assert "failed" not in verdicts
    assert verdicts.count("passed") >= len(verdicts) - 1
    return document.values[what]


def read(text: object) -> sp.Expr:
    return sp.sympify(str(text), locals={"x": X, "y": Y, "z": Z})


@pytest.mark.parametrize(
    ("f", "what", "truth"),
    [
        ("x^2 y + y z^3", "laplacian", "6*y*z + 2*y"),
        ("1/sqrt(x^2 + y^2 + z^2)", "laplacian", "0"),
        ("e^(a x) sin(a y)", "laplacian", "0"),
        ("x^2 y; y z; z x", "divergence", "2*x*y + x + z"),
        ("x; y", "divergence", "2"),
        ("-y; x", "curl", "2"),
    ],
)
def test_operators(f: str, what: str, truth: str) -> None:
    assert sp.simplify(read(answer(f, what)) - read(truth)) == 0


def test_curl_in_space() -> None:
    assert answer("y; -x; z^2", "curl") == ["0", "0", "-2"]
    assert answer("y z; z x; x y", "curl") == ["0", "0", "0"]


def test_the_divergence_of_a_curl_and_of_a_gradient() -> None:
    field = "x^2 y z; y^3 sin(z); x z^2"
    assert read(answer("; ".join(map(str, answer(field, "curl"))), "divergence")) == 0  # type: ignore[call-overload]
    gradient = nabla.run("derive", {"f": "x^3 y + y^2 z", "what": "gradient"}).values["derivative"]
    assert read(answer("; ".join(gradient), "divergence")) == read(answer("x^3 y + y^2 z", "laplacian"))


def test_what_does_not_fit_is_refused() -> None:
    for f, what in (("x^2", "divergence"), ("x; y", "laplacian"), ("x; y; z; x y", "curl")):
        with pytest.raises(UserError):
            nabla.run("derive", {"f": f, "what": what})


def test_asked_in_words() -> None:
    document = nabla.ask("find the laplacian of φ = x^2 y + y z^3")
    assert read(document.values["laplacian"]) == read("6*y*z + 2*y")
    assert not document.warnings
