"""Hostile and enormous inputs: refused with a sentence, quickly, and nothing executed."""

import contextlib
import sys

import pytest
import sympy as sp

from nabla.errors import UserError
from nabla.read.fields.assignments import read_assignments, read_variables
from nabla.read.formula import limits, read_formula, read_formulas, symbol
from nabla.work import WorkExceeded, limited
from tests.bench import read_fuzz

CALLS = 3_000_000  # function calls outside the reader's own limit: far more than it makes, far fewer than a hang
EXPLOITS = [
    "__import__('os').system('id')",
    "__import__('os')",
    "().__class__.__base__.__subclasses__()",
    "().__class__",
    "x.__class__",
    "x.__class__.__mod__.__globals__['__builtins__']",
    "{'__builtins__': {}}",
    "__import__('js').fetch('https://example.org')",
    "js.caches",
    "pyodide_js._api",
    "JsProxy.constructor.constructor('return 1')()",
    "x.constructor.constructor(1)()",
    "eval('1')",
    "eval(x)",
    "exec(x)",
    "open(x)",
    "getattr(x, y)",
    "globals()",
    "lambda x: x",
    "lambda: 1",
    '"abc"',
    "'abc'",
    "f'{x}'",
    'f"{x}"',
    "b'x'",
    "`id`",
    "x[0]",
    "[1, 2]",
    "[x for x in y]",
    "{x: 1}",
    "(x := 3)",
    "x := 3",
    "x; import os",
    "import os",
    "from os import system",
    "x if x else __import__('os')",
    "print(x)",
    "del x",
    "x @ y",
    "*x",
    "**x",
    "sin(*x)",
    "sin(x=1)",
    "...",
    "x.real",
    "1 .__class__",
    "1..__class__",
    "np.__class__",
    "np.sin.__class__",
    "np.linalg.inv(x)",
    "sp.sympify(x)",
    "sp.S(x)",
    "math.__loader__",
    r"\input{/etc/passwd}",
    r"\write18{id}",
    r"\def\x{1}",
    r"\href{javascript:1}{x}",
    r"\operatorname{__import__}(x)",
    r"\mathrm{x.__class__}",
]


@pytest.mark.parametrize("text", EXPLOITS)
def test_exploits_are_refused_and_nothing_runs(text: str) -> None:
    outcome = read_fuzz.Outcome()
    with read_fuzz.watched(outcome):
        for reader in (read_formula, read_formulas, read_assignments, read_variables):
            if reader is read_formula:
                with pytest.raises(UserError) as caught:
                    reader(text)
                assert caught.value.span is not None
            else:
                with contextlib.suppress(UserError):
                    reader(text)
    assert outcome.executed == []


def test_the_watch_sees_what_is_executed() -> None:
    outcome = read_fuzz.Outcome()
    with read_fuzz.watched(outcome):
        eval("1")
    assert outcome.executed


def refused(text: str) -> UserError:
    """The error for `text`, which must come and not hang."""
    with limited(CALLS), pytest.raises(UserError) as caught:
        read_formula(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("(" * 10_000 + "x" + ")" * 10_000, "too-long"),
        ("(" * 1900 + "x" + ")" * 1900, "too-deep"),
        ("{" * 1900 + "x" + "}" * 1900, "too-deep"),
        ("|" * 3000, "too-deep"),
        ("-" * 3900 + "x", "too-deep"),
        ("x^" * 1900 + "x", "too-deep"),
        ("sin " * 900 + "x", "too-deep"),
        ("sin^" * 900 + "x", "syntax"),
        ("sin(" * 500 + "x" + ")" * 500, "too-deep"),
        ("√" * 3900 + "x", "too-deep"),
        ("not " * 900 + "x", "too-deep"),
        ("x if x > 0 else " * 200 + "x", "too-deep"),
        ("f" + "'" * 3000 + "(x)", "too-deep"),
        (r"\frac{1}", "syntax"),
        (r"\sqrt{" * 400 + "x" + "}" * 400, "too-deep"),
        (r"\frac" * 700, "too-deep"),
        (r"\hat" * 900 + "x", "too-deep"),
        (r"\begin{cases}" * 250, "too-deep"),
        (r"x^" * 1000 + r"\alpha", "too-deep"),
        ("+".join(["x"] * 1900), "too-long"),
        ("x" * 4001, "too-long"),
        ("9" * 3999, "too-big"),
        ("9**9**9**9", "too-big"),
        ("1" + "0" * 3000 + "!", "too-big"),
        ("9" * 59 + "^" + "9" * 4, "too-big"),
        ("*".join(["9^999"] * 100), "too-big"),
        ("exp(" * 30 + "9" + ")" * 30, "too-big"),
        ("exp(sech(lambertw(0.5/y)^99))", "timeout"),
        ("ceil(1 + erf(-50))", "undefined"),
        ("exp(log(9t)*9^9)", "too-big"),
        ("cosh(x^1.23456789 - x)", "too-big"),
        ("(99^x)^(12345678901234567890/x)", "too-big"),
        ("sqrt(sinc(0.5/erfc(12345678901234567890)))", "too-big"),
        ("tanh(0.001^(y*(12345678901234567890y - z^sin(2))))", "timeout"),
        ("cosh((pow(x, 3 + 12345678901234567890^(-2))) - x)", "too-big"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_limits(text: str, code: str) -> None:
    error = refused(text)
    assert error.code == code
    assert error.span is not None
    assert 0 <= error.span.start <= error.span.end <= len(text)


def test_what_is_within_the_limits_is_read() -> None:
    x = symbol("x")
    assert read_formula("(" * 50 + "x" + ")" * 50).expr == x
    assert read_formula("2^1000").expr == 2**1000
    assert read_formula("2^10000").expr == 2**10000
    assert read_formula("200!").expr == sp.factorial(200)
    assert read_formula("x^1000").expr == x**1000
    assert read_formula("1e300*x").expr == 10**300 * x
    assert read_formula("+".join(["x"] * 700)).expr == 700 * x
    assert read_formula("exp(700)").expr == sp.exp(700)
    assert read_formula("sin(" * 40 + "x" + ")" * 40).names == ("x",)
    assert len(str(read_formula("9^3000").expr)) < 4300


def test_a_long_formula_is_read_with_a_bounded_number_of_calls() -> None:
    text = "+".join(f"{k}x^{k}*sin({k}x)" for k in range(1, 150))
    assert 2000 < len(text) < limits.LENGTH
    with limited(CALLS):
        assert read_formula(text).names == ("x",)


def test_the_limit_of_these_tests_stops_what_hangs() -> None:
    with pytest.raises(WorkExceeded), limited(1000):
        sum(len(str(k)) for k in range(10_000))


def test_bounded_work_leaves_a_profiler_as_it_was() -> None:
    seen = []

    def profiler(frame: object, event: str, argument: object) -> None:
        seen.append(event)

    sys.setprofile(profiler)
    try:
        with pytest.raises(UserError, match="too long"):
            read_formula("exp(sech(lambertw(0.5/y)^99))")
        assert sys.getprofile() is profiler
    finally:
        sys.setprofile(None)


def test_powers_with_long_decimals_are_numbers() -> None:
    value = read_formula("12^1.23456789").expr
    assert abs(float(value) - 12**1.23456789) < 1e-12
    assert read_formula("4^0.5").expr == 2


def test_square_roots_of_long_numbers_behind_inverse_functions_are_numbers() -> None:
    """SymPy would factor 1 + 12345678901234567890^198."""
    assert abs(float(read_formula("sin(atan(12345678901234567890^99))").expr) - 1) < 1e-15
    assert str(read_formula("sin(atan(2))").expr) == "2*sqrt(5)/5"


def test_fuzz() -> None:
    outcome = read_fuzz.fuzz(read_fuzz.inputs(300, seed=7))
    assert outcome.failed == []
    assert outcome.slow == []
    assert outcome.executed == []
    assert outcome.read > 45
