"""The programs that an answer offers: they run, and they compute what the answer says."""

import contextlib
import io
import keyword

import pytest
import sympy as sp

from nabla.answer.document import Source
from nabla.labs.derive.programs import derivative_code
from nabla.write.dialects import NUMPY, SYMPY, TORCH, identifiers
from nabla.write.printer import Printer, Unsupported

x, y = sp.symbols("x y", real=True)

EXPRESSIONS = [
    (x**2 * y**3, (x, y)),
    (sp.sin(x) ** 2 / sp.sqrt(x), (x,)),
    (sp.exp(-(x**2) / 2), (x, x)),
    (sp.Max(x, y, 1) * sp.Min(x, 3), (x,)),
    (sp.Piecewise((x**2, x > 1), (2 * x - 1, True)), (x,)),
    (sp.Abs(x - 3) + sp.sec(x) + sp.asec(x + 2) + sp.acoth(x + 2) + sp.sinc(x), (x,)),
    (x**y + sp.log(x, 2) + sp.sqrt(2) * x + sp.pi, (x,)),
    (sp.Rational(1, 3) * x ** sp.Rational(-3, 2), (x,)),
    ((-x) ** 3 + 2**-x + 1 / (x + 1) ** 2, (x,)),
    (sp.atan2(y, x) + sp.cosh(x) + sp.asinh(x * y), (y,)),
]
AT = {x: sp.Rational(3, 2), y: sp.Integer(2)}


def output(source: Source) -> list[str]:
    """What the program prints, line by line."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source.text, source.label, "exec"), {})
    return printed.getvalue().split("\n")[:-1]


@pytest.mark.parametrize(("f", "wrt"), EXPRESSIONS, ids=str)
def test_numpy_and_sympy_programs_print_the_derivatives_value(f: sp.Expr, wrt: tuple[sp.Symbol, ...]) -> None:
    derivative = sp.diff(f, *wrt)
    expected = float(derivative.subs(AT).evalf())
    sources = {source.label: source for source in derivative_code(f, derivative, wrt, AT)}
    assert float(output(sources["NumPy"])[-1]) == pytest.approx(expected, rel=1e-12)
    assert float(sp.parse_expr(output(sources["SymPy"])[-1]).evalf()) == pytest.approx(expected, rel=1e-12)


def test_the_torch_program_reads_as_people_write_it() -> None:
    f = (x * y - 2) ** 2
    source = next(s for s in derivative_code(f, sp.diff(f, x), (x,), AT) if s.label == "PyTorch")
    assert source.text == (
        "import torch\n\n"
        "x = torch.tensor(1.5, dtype=torch.float64, requires_grad=True)\n"
        "y = torch.tensor(2.0, dtype=torch.float64)\n"
        "f = (x*y - 2)**2\n"
        "f.backward()\n"
        "print(x.grad)\n"
    )


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (sp.sqrt(2) * x, "math.sqrt(2)*x"),
        (sp.Max(x, 1), "torch.maximum(torch.tensor(1), x)"),
        (sp.log(x) / sp.log(2), "torch.log(x)/math.log(2)"),
        (sp.sec(x), "1/torch.cos(x)"),
        (sp.Piecewise((x, x > 0), (0, True)), "torch.where((x > 0), x, 0)"),
    ],
    ids=str,
)
def test_torch_is_given_no_plain_numbers_where_it_takes_none(expr: sp.Expr, text: str) -> None:
    assert Printer(TORCH, identifiers([x], TORCH)).source(expr) == text


@pytest.mark.parametrize("dialect", [NUMPY, TORCH])
@pytest.mark.parametrize(
    "expr", [sp.polylog(x, x), sp.Function("g")(x), sp.Derivative(sp.Function("g")(x), x), sp.I * x]
)
def test_what_a_library_lacks_is_refused(expr: sp.Expr, dialect: object) -> None:
    with pytest.raises(Unsupported):
        Printer(dialect, {x: "x"}).source(expr)  # type: ignore[arg-type]


def test_what_a_library_lacks_is_said() -> None:
    sources = {s.label: s.text for s in derivative_code(sp.gamma(x), sp.diff(sp.gamma(x), x), (x,), {})}
    lacking = "so this derivative cannot be computed with it alone."
    assert sources["PyTorch"] == f"# PyTorch has no gamma function, {lacking}\n"
    assert sources["C"] == f"// C's math.h has no digamma function, {lacking}\n"
    assert "psi(x)" in sources["MATLAB"]


def test_what_cannot_be_asked_of_a_library_is_left_out() -> None:
    labels = [s.label for s in derivative_code(x**2 + y**2, -x / y, (x,), {}, "formula")]
    assert labels == ["SymPy", "NumPy", "Python math", "C", "Julia", "MATLAB", "LaTeX"]
    fourth = [s.label for s in derivative_code(x**5, 120 * x, (x,) * 4, {})]
    assert "PyTorch" in fourth
    assert "SciPy" not in fourth


@pytest.mark.parametrize("name", ["lambda", "x_1", "β", "np", "df", "y'", "2a"])
def test_every_symbol_gets_a_name_that_python_takes(name: str) -> None:
    symbol = sp.Symbol(name, real=True)
    names = identifiers([symbol, sp.Symbol("x_1_", real=True)], NUMPY)
    assert names[symbol].isidentifier()
    assert not keyword.iskeyword(names[symbol])
    assert len(set(names.values())) == 2
    assert names[symbol] not in NUMPY.reserved


def test_sympys_program_keeps_the_names_as_typed() -> None:
    symbol = sp.Symbol("lambda", real=True)
    source = derivative_code(symbol**2, 2 * symbol, (symbol,), {symbol: sp.Integer(3)})[0]
    assert 'sp.Symbol("lambda", real=True)' in source.text
    assert output(source) == ["2*lambda", "6"]
    assert SYMPY.label == source.label
