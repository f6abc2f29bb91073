"""LaTeX out, read again, gives the same: for random formulas as text, and for random SymPy expressions."""

import sympy as sp
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nabla.calculus.roots import real_root
from nabla.errors import UserError
from nabla.read.formula import function, read_formula, symbol
from nabla.write.notation import factor, power

NAMES = [
    "x",
    "y",
    "t",
    "a",
    "x_1",
    "x1",
    "alpha",
    "theta",
    "w_ij",
    "y_hat",
    "loss",
    "learning_rate",
    "lambda",
    "e",
    "f",
]
NUMBERS = ["0", "1", "2", "3", "17", "0.5", "2.50", "1e-3", "pi"]
ONE = """sin cos tan cot sec csc asin acos atan sinh cosh tanh asinh acosh atanh exp ln log log2 log10 sqrt cbrt abs
sign floor ceil erf gamma factorial sigmoid relu softplus np.sinc arcsin heaviside loggamma lambertw""".split()
TWO = ["max", "min", "atan2", "root", "log", "pow", "g", "hypot"]


def formulas() -> st.SearchStrategy[str]:
    """Formulas as text, every part in brackets of its own or in none."""

    def grown(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.builds("({}){}({})".format, part, st.sampled_from("+-*/^"), part),
            st.builds("{}{}{}".format, part, st.sampled_from([" + ", " - ", "*", "/", "^", " "]), part),
            st.builds("-{}".format, part),
            st.builds("|{}|".format, part),
            st.builds("({})!".format, part),
            st.builds("{}({})".format, st.sampled_from(ONE), part),
            st.builds("{} {}".format, st.sampled_from(ONE[:6]), part),
            st.builds("{}^{}({})".format, st.sampled_from(ONE[:6]), st.sampled_from(["2", "-1", "n"]), part),
            st.builds("{}({}, {})".format, st.sampled_from(TWO), part, part),
            st.builds("h{}({})".format, st.sampled_from(["", "'", "''"]), part),
            st.builds("({} if {} {} {} else {})".format, part, part, st.sampled_from(["<", "<=", "!="]), part, part),
        )

    return st.recursive(st.sampled_from(NAMES + NUMBERS), grown, max_leaves=8)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(formulas())
@example("(x - y) - (t - a)")
@example("--x^2^-3*-2")
@example("a/(x*y)/(t/2)")
@example("(-x)^2/(-2)")
@example("2*3^2*5!")
@example("exp(e)^e")
def test_what_was_understood_reads_back_the_same(text: str) -> None:
    try:
        reading = read_formula(text, known=["e"])
    except UserError:
        return  # without a value: nothing was understood
    again = read_formula(reading.tex, known=["e", *reading.names])
    assert again.expr == reading.expr, reading.tex
    assert again.tex == reading.tex
    assert set(again.names) == set(reading.names)


def expressions() -> st.SearchStrategy[sp.Expr]:
    """Expressions of SymPy, such as derivatives are made of."""
    names = [symbol(name) for name in NAMES if name not in ("e", "f", "x_1")]  # x1 prints alike
    atoms = st.sampled_from([*names, sp.pi, sp.E, sp.Integer(-1), sp.Integer(2), sp.Rational(2, 3), sp.Integer(10)])
    functions = [getattr(sp, name) for name in "sin cos tan cot sec csc asin acos atan sinh cosh tanh".split()]
    functions += [sp.exp, sp.log, sp.sqrt, sp.Abs, sp.sign, sp.erf, sp.gamma, sp.factorial, sp.floor, sp.ceiling]
    functions += [sp.asinh, sp.acosh, sp.sech, function("g")]

    def grown(part: st.SearchStrategy[sp.Expr]) -> st.SearchStrategy[sp.Expr]:
        return st.one_of(
            st.builds(lambda a, b: a + b, part, part),
            st.builds(lambda a, b: a * b, part, part),
            st.builds(lambda a, b: a / b if b != 0 else a, part, part),
            st.builds(lambda a, n: a**n, part, st.sampled_from([2, 3, -1, sp.S.Half, sp.Rational(-2, 3), names[1]])),
            st.builds(lambda f, a: f(a), st.sampled_from(functions), part),
            st.builds(lambda a, n: sp.Max(a, n) if a.is_Symbol else a, part, st.sampled_from(names)),
            st.builds(lambda a, b: sp.Piecewise((a, names[0] > 0), (b, names[1] <= 2), (a, True)), part, part),
        )

    return st.recursive(atoms, grown, max_leaves=6)


def is_read(latex: str, expr: sp.Expr, *parts: sp.Expr) -> None:
    """Check that the LaTeX is read as `expr`, where that and the parts it is made of are real expressions."""
    roots = [node for node in expr.atoms(sp.Pow) if node.base.is_negative and not node.exp.is_integer]
    if roots or any(part.has(sp.I, sp.zoo, sp.nan, sp.oo) for part in (expr, *parts)):
        return
    try:
        reading = read_formula(latex, known=[str(name) for name in expr.free_symbols])
    except UserError as error:
        if error.code in ("undefined", "too-big"):
            return
        raise
    expected = as_roots(expr)
    assert reading.expr == expected or sp.simplify(reading.expr - expected) == 0, latex


def as_roots(expr: sp.Expr) -> sp.Expr:
    """`expr` with the powers that are printed as roots of odd degree as these, which are real below 0 too."""
    printed_as_root = {
        node: real_root(node.base, node.exp)
        for node in expr.atoms(sp.Pow)
        if node.exp.is_Rational and abs(node.exp.p) == 1 and node.exp.q % 2 and node.exp.q > 1
        if not node.base.is_nonnegative
    }
    return expr.subs(printed_as_root)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(expressions())
def test_the_latex_of_sympy_is_read(expr: sp.Expr) -> None:
    is_read(sp.latex(expr), expr)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(expressions(), expressions())
@example(symbol("x") + 1, symbol("x") - 1)
@example(symbol("x") + 1, -symbol("x"))
def test_factors_that_are_written_side_by_side_are_read_as_their_product(left: sp.Expr, right: sp.Expr) -> None:
    is_read(rf"{factor(left)} \cdot {factor(right)}", left * right, left, right)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(expressions(), st.sampled_from([2, 3, -2]))
@example(symbol("x") + symbol("y"), 2)
@example(-symbol("x"), 2)
@example(sp.exp(symbol("x")), 3)
def test_a_power_whose_exponent_is_given_as_text_is_read(base: sp.Expr, exponent: int) -> None:
    is_read(power(base, str(exponent)), base**exponent, base)
