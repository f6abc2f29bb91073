"""Formulas in Python's and mathematical notation: what each one means, and what is remarked about it."""

import pytest
import sympy as sp

from nabla.read.formula import function, read_equation, read_formula, read_formulas, symbol
from nabla.read.formula.remarks import REMARKS

x, y, z, w, t, r, n, a, b, c, e, i = (symbol(name) for name in "x y z w t r n a b c e i".split())
f, g, u, v = (function(name) for name in "fguv")
third = sp.Rational(1, 3)

# (text, meaning, codes of the remarks); names after ## are known from other fields.
PLAIN = [
    ("(w*x-y)^2", (w * x - y) ** 2, ""),
    ("x**2 + 3*x - 1", x**2 + 3 * x - 1, ""),
    ("-x^2", -(x**2), ""),
    ("(-x)^2", x**2, ""),
    ("2^-x", 2 ** (-x), ""),
    ("2**3**x", 2 ** (3**x), ""),
    ("x^-1", 1 / x, ""),
    ("2*-x", -2 * x, ""),
    ("a/b/c", a / (b * c), ""),
    ("a-b-c", a - b - c, ""),
    ("a - (b - c)", a - b + c, ""),
    ("+x", x, ""),
    ("--x", x, ""),
    ("0.5x", x / 2, ""),
    ("1e-3*x", x / 1000, ""),
    (".5 + 2.", sp.Rational(5, 2), ""),
    ("0.1 + 0.2", sp.Rational(3, 10), ""),
    ("x!", sp.factorial(x), ""),
    ("5!", sp.Integer(120), ""),
]
IMPLICIT = [
    ("2x", 2 * x, ""),
    ("2x sin x", 2 * x * sp.sin(x), ""),
    ("[(x+1)^2 + 3]^4", ((x + 1) ** 2 + 3) ** 4, ""),
    ("2[x+1] Sin[x]", 2 * (x + 1) * sp.sin(x), ""),
    ("σ(wx + b)", 1 / (1 + sp.exp(-b - w * x)), "definition function split"),
    ("2 sin x cos x", 2 * sp.sin(x) * sp.cos(x), ""),
    ("2sin(x)+3cos(x)", 2 * sp.sin(x) + 3 * sp.cos(x), ""),
    ("x(x-1)", x * (x - 1), "product"),
    ("x(x)", x**2, "product"),
    ("(x+1)(x-1)", (x + 1) * (x - 1), ""),
    ("(x+1)x", (x + 1) * x, ""),
    ("(2)(3)x", 6 * x, ""),
    ("2pi r", 2 * sp.pi * r, ""),
    ("2πr", 2 * sp.pi * r, ""),
    ("pi*r^2", sp.pi * r**2, ""),
    ("x y", x * y, ""),
    ("xy", x * y, "split"),
    ("xy ## xy", symbol("xy"), ""),
    ("wx ## w x", w * x, "split"),
    ("x^2y", x**2 * y, ""),
    ("x^2 + xy + y^2", x**2 + x * y + y**2, "split"),
    ("ax^2+bx+c", a * x**2 + b * x + c, "split split"),
    ("nRT", n * symbol("R") * symbol("T"), "split"),
    ("xe^(-x)", x * sp.exp(-x), "split euler"),
    ("pir^2", sp.pi * r**2, "split"),
    ("omegat", symbol("omega") * t, "split"),
    ("x1y1", symbol("x1") * symbol("y1"), "split"),
    ("x_1y_1", symbol("x_1") * symbol("y_1"), "split"),
    ("loss^2", symbol("loss") ** 2, "word"),
    ("loss**2", symbol("loss") ** 2, ""),
    ("lr*grad**2", symbol("lr") * symbol("grad") ** 2, ""),
    ("learning_rate * g", symbol("learning_rate") * symbol("g"), ""),
    ("velocity*t", symbol("velocity") * t, ""),
    ("|x|y", sp.Abs(x) * y, ""),
    ("2|x|", 2 * sp.Abs(x), ""),
    ("2√x", 2 * sp.sqrt(x), ""),
]
FUNCTIONS = [
    ("sin^2 x", sp.sin(x) ** 2, ""),
    ("sin²(x)", sp.sin(x) ** 2, ""),
    ("sin²x + cos²x", sp.sin(x) ** 2 + sp.cos(x) ** 2, ""),
    ("sin(x)^2", sp.sin(x) ** 2, ""),
    ("sin^-1 x", sp.asin(x), "inverse"),
    ("sin⁻¹(x)", sp.asin(x), "inverse"),
    ("tan^-1(x)", sp.atan(x), "inverse"),
    ("cosh^{-1} x", sp.acosh(x), "inverse"),
    ("sin^-2 x", sp.sin(x) ** -2, ""),
    ("ln^2 x", sp.log(x) ** 2, ""),
    ("sin^n x", sp.sin(x) ** n, ""),
    ("sin x^2", sp.sin(x**2), "argument"),
    ("sin x²", sp.sin(x**2), "argument"),
    ("sin 3x^2", sp.sin(3 * x**2), "argument"),
    ("sin 2x", sp.sin(2 * x), ""),
    ("sin 2πx", sp.sin(2 * sp.pi * x), ""),
    ("sin -x", sp.sin(-x), ""),
    ("sin ωt", sp.sin(symbol("omega") * t), "argument"),
    ("sin omega t", sp.sin(symbol("omega") * t), "argument"),
    ("sin x/2", sp.sin(x) / 2, "argument"),
    ("sin(x)/2", sp.sin(x) / 2, ""),
    ("sin x + 1", sp.sin(x) + 1, ""),
    ("sin cos x", sp.sin(sp.cos(x)), ""),
    ("sin |x|", sp.sin(sp.Abs(x)), ""),
    ("sin (x) cos (x)", sp.sin(x) * sp.cos(x), ""),
    ("x sin x e^x", x * sp.sin(x) * sp.exp(x), "euler"),
    ("exp -x^2", sp.exp(-(x**2)), "argument"),
    ("sqrt x", sp.sqrt(x), ""),
    ("sinx", sp.sin(x), "split"),
    ("sin2x", sp.sin(2 * x), "split"),
    ("xsinx", x * sp.sin(x), "split"),
    ("xsin(x)", x * sp.sin(x), "split"),
    ("sinxcosx", sp.sin(x) * sp.cos(x), "split"),
    ("lnx", sp.log(x), "split"),
    ("cost", symbol("cost"), "word"),
    ("cost ## t", sp.cos(t), "split"),
    ("Acos(wt)", symbol("A") * sp.cos(w * t), "split split"),
    ("asin(x)", sp.asin(x), ""),
    ("asin(x) ## a x", sp.asin(x), "split"),
    ("Sin(x)", sp.sin(x), ""),
    ("LN(x)", sp.log(x), ""),
    ("sec x csc x cot x", 1 / (sp.cos(x) * sp.sin(x) * sp.tan(x)), ""),
    ("cosec x + ctg x + tg x", sp.csc(x) + sp.cot(x) + sp.tan(x), ""),
    ("sh x + ch(x) - th x", sp.sinh(x) + sp.cosh(x) - sp.tanh(x), ""),
    ("arcsin x + asin(x)", 2 * sp.asin(x), ""),
    ("arc tan x", sp.atan(x), ""),
    ("sine(x)", sp.sin(x), ""),
    ("arctan(x)*arctan2(y,x)", sp.atan(x) * sp.atan2(y, x), ""),
    ("arsinh x + arcosh x + artanh x", sp.asinh(x) + sp.acosh(x) + sp.atanh(x), ""),
    ("arcsinh(x)asech(x)", sp.asinh(x) * sp.asech(x), ""),
    ("log x", sp.log(x), "log"),
    ("ln x", sp.log(x), ""),
    ("log(x) + log(y)", sp.log(x) + sp.log(y), "log"),
    ("log10(x)", sp.log(x) / sp.log(10), ""),
    ("log2(x)", sp.log(x) / sp.log(2), ""),
    ("log_2 x", sp.log(x) / sp.log(2), ""),
    ("log_2(8)", sp.Integer(3), ""),
    ("log_e x", sp.log(x), "euler"),
    ("log_e(x) ## e", sp.log(x) / sp.log(e), ""),
    ("log_b(x)", sp.log(x) / sp.log(b), ""),
    ("log_{10} x", sp.log(x) / sp.log(10), ""),
    ("log₂ x", sp.log(x) / sp.log(2), ""),
    ("log_2x", sp.log(x) / sp.log(2), ""),
    ("log_2^3 x", (sp.log(x) / sp.log(2)) ** 3, ""),
    ("log(x, 3)", sp.log(x) / sp.log(3), ""),
    ("lg(x)", sp.log(x) / sp.log(10), "definition"),
    ("exp(-x^2/2)", sp.exp(-(x**2) / 2), ""),
    ("abs(x) + sign(x)", sp.Abs(x) + sp.sign(x), ""),
    ("min(x, y, 3) + max(x, 0)", sp.Min(x, y, 3) + sp.Max(x, 0), ""),
    ("floor(x) + ceil(x)", sp.floor(x) + sp.ceiling(x), ""),
    ("⌊x⌋⌈y⌉", sp.floor(x) * sp.ceiling(y), ""),
    ("heaviside(x)", sp.Heaviside(x), "definition"),
    ("erf(x) - erfc(x)", sp.erf(x) - sp.erfc(x), ""),
    ("gamma(x)", sp.gamma(x), "definition"),
    ("gamma*x", symbol("gamma") * x, ""),
    ("gamma(x) ## gamma", symbol("gamma") * x, "product"),
    ("loggamma(x) + digamma(x)", sp.loggamma(x) + sp.digamma(x), ""),
    ("lambertw(x)", sp.LambertW(x), "definition"),
    ("sigmoid(x)", 1 / (1 + sp.exp(-x)), "definition"),
    ("relu(x)", sp.Max(0, x), "definition"),
    ("softplus(x)", sp.log(1 + sp.exp(x)), "definition"),
    ("sinc(x)", sp.sinc(x), "definition"),
    ("root(x, 4)", x ** sp.Rational(1, 4), ""),
    ("cbrt(x)", sp.sign(x) * sp.Abs(x) ** third, ""),
    ("cbrt(x^2)", sp.Abs(x) ** (2 * third), ""),
    ("x^(1/3)", x**third, "root"),
    ("x^(1/4)", x ** sp.Rational(1, 4), ""),
    ("cbrt(-8)", sp.Integer(-2), ""),
    ("pow(x, y)", x**y, ""),
    ("besselj(0, x)", sp.besselj(0, x), ""),
    ("Abs(x) + Max(x, 1) + Heaviside(x)", sp.Abs(x) + sp.Max(x, 1) + sp.Heaviside(x), "definition"),
]
LIBRARIES = [
    ("np.sin(x)", sp.sin(x), ""),
    ("numpy.arctan(x)", sp.atan(x), ""),
    ("math.exp(x)*math.pi", sp.exp(x) * sp.pi, ""),
    ("math.log(x)", sp.log(x), ""),
    ("np.e**x", sp.exp(x), ""),
    ("torch.sigmoid(x)", 1 / (1 + sp.exp(-x)), "definition"),
    ("F.softplus(x)", sp.log(1 + sp.exp(x)), "definition"),
    ("torch.nn.functional.relu(x)", sp.Max(0, x), "definition"),
    ("sp.sin(x)", sp.sin(x), ""),
    ("np.power(x,2)", x**2, ""),
    ("np.maximum(x, 0)", sp.Max(x, 0), ""),
    ("np.sinc(x)", sp.sinc(sp.pi * x), "definition"),
    ("scipy.special.expit(x)", 1 / (1 + sp.exp(-x)), "definition"),
    ("np.where((x>0) & (x<1), x, 0)", sp.Piecewise((x, (x > 0) & (x < 1)), (0, True)), ""),
    ("sp.Piecewise((x, x>0), (0, True))", sp.Piecewise((x, x > 0), (0, True)), ""),
]
UNICODE = [
    ("x²", x**2, ""),
    ("x⁻¹", 1 / x, ""),
    ("x²³", x**23, ""),
    ("xⁿ", x**n, ""),
    ("√x", sp.sqrt(x), ""),
    ("√(x+1)", sp.sqrt(x + 1), ""),
    ("√2x", sp.sqrt(2) * x, "root"),
    ("√x^2", x, "root"),
    ("√x²", x, "root"),
    ("∛x", sp.sign(x) * sp.Abs(x) ** third, ""),
    ("x·y×z", x * y * z, ""),
    ("x ÷ y", x / y, ""),
    ("x − y", x - y, ""),
    ("½x", x / 2, ""),
    ("β + θ₁ + λ", symbol("beta") + symbol("theta_1") + symbol("lambda"), ""),
    ("x₁² + x_1", symbol("x_1") ** 2 + symbol("x_1"), ""),
    ("ŷ - y", symbol("y_hat") - y, ""),
    ("𝑥² + 𝜋", x**2 + sp.pi, ""),
    ("（x＋1）", x + 1, ""),
    ("x\u00a0+\u200b 1", x + 1, ""),
    ("1⁄2", sp.Rational(1, 2), ""),
]
NAMES = [
    ("x1 + x_1", 2 * symbol("x1"), ""),
    ("x_{12}", symbol("x_12"), ""),
    ("x_1^2 ## x1", symbol("x1") ** 2, ""),
    ("lambda*x", symbol("lambda") * x, ""),
    ("beta*x + zeta", symbol("beta") * x + symbol("zeta"), ""),
    ("S*N*O*Q*C", symbol("S") * symbol("N") * symbol("O") * symbol("Q") * symbol("C"), ""),
    ("i*x", i * x, "variable"),
    ("I*x", symbol("I") * x, "variable"),
    ("i*x ## i", i * x, ""),
    ("e^x", sp.exp(x), "euler"),
    ("e^x + e^-x", sp.exp(x) + sp.exp(-x), "euler"),
    ("e^x ## e", e**x, ""),
    ("E^(2x)", sp.exp(2 * x), "euler"),
    ("E*m", symbol("E") * symbol("m"), ""),
    ("E^2", symbol("E") ** 2, ""),
    ("E^{2} + m", symbol("E") ** 2 + symbol("m"), ""),
    ("is + in", i * symbol("s") + i * n, "split variable split"),
]
CASES = [
    ("x**2 if x > 0 else -x", sp.Piecewise((x**2, x > 0), (-x, True)), ""),
    ("1 if x > 1 else 2 if x > 0 else 3", sp.Piecewise((1, x > 1), (2, x > 0), (3, True)), ""),
    ("piecewise((x, x>0), (0, True))", sp.Piecewise((x, x > 0), (0, True)), ""),
    ("where(x>0, x, 0)", sp.Piecewise((x, x > 0), (0, True)), ""),
    ("x if 0 < x <= 1 else 0", sp.Piecewise((x, (x > 0) & (x <= 1)), (0, True)), ""),
    ("x if x ≥ 0 and x ≠ 1 else 0", sp.Piecewise((x, (x >= 0) & sp.Ne(x, 1)), (0, True)), ""),
    ("x if not x < 0 or x == -1 else 0", sp.Piecewise((x, (x >= 0) | sp.Eq(x, -1)), (0, True)), ""),
    ("2(x if x > 0 else 0)", 2 * sp.Piecewise((x, x > 0), (0, True)), ""),
]
OPEN = [
    ("f(x)", f(x), "function"),
    ("f(g(x))", f(g(x)), "function function"),
    ("u(x)v(x)", u(x) * v(x), "function function"),
    ("f(x)^2", f(x) ** 2, "function"),
    ("f^2(x)", f(x) ** 2, "function"),
    ("f(x, y)", f(x, y), "function"),
    ("f'(x)", sp.Derivative(f(x), x), "function"),
    ("f''(x)", sp.Derivative(f(x), (x, 2)), "function"),
    ("f′(x)", sp.Derivative(f(x), x), "function"),
    ("f'(2x)", sp.Subs(sp.Derivative(f(t), t), t, 2 * x), "function"),
    ("y(x)^2", function("y")(x) ** 2, "function"),
    ("x(t)^2 + y(t)^2", function("x")(t) ** 2 + function("y")(t) ** 2, "function function"),
    ("f(x) ## f", symbol("f") * x, "product"),
    ("f + f(x)", symbol("f") + symbol("f") * x, "product"),
    ("f*x", symbol("f") * x, ""),
    ("y(x-1)", y * (x - 1), "product"),
    ("f(x) = x^2", x**2, "definition-of"),
]
UNCLEAR = [
    ("1/2x", x / 2, "division"),
    ("1/2x+3", x / 2 + 3, "division"),
    ("(1/2)x", x / 2, ""),
    ("1/(2x)", 1 / (2 * x), ""),
    ("1/(x+1)(x+2)", (x + 2) / (x + 1), "division"),
    ("e^2x", sp.exp(2) * x, "euler exponent"),
    ("e^-2x", sp.exp(-2) * x, "euler exponent"),
    ("2^3x", 8 * x, "exponent"),
    ("e^(2x)", sp.exp(2 * x), "euler"),
    ("e²x", sp.exp(2) * x, "euler"),
    ("x^1/2", sp.sqrt(x), "exponent"),
    ("(x^2 + 1)^-1/2", 1 / sp.sqrt(x**2 + 1), "exponent"),
    ("4x^1/2/y", 4 * sp.sqrt(x) / y, "exponent"),
    ("x**1/2", x / 2, ""),
    ("x^1 / 2", x / 2, ""),
    ("x^3/2", x**3 / 2, ""),
    ("x^2/2", x**2 / 2, ""),
    ("x^(1/2)", sp.sqrt(x), ""),
    ("|x|", sp.Abs(x), ""),
    ("||x|-1|", sp.Abs(sp.Abs(x) - 1), ""),
    ("|x||y|", sp.Abs(x) * sp.Abs(y), ""),
    ("|x(x-1)|", sp.Abs(x * (x - 1)), "product"),
    ("sin|x|", sp.sin(sp.Abs(x)), ""),
    ("arcsn x", symbol("arcsn") * x, "spelling"),
    ("2x10^3", 2 * symbol("x10") ** 3, "spelling"),
]
TABLE = PLAIN + IMPLICIT + FUNCTIONS + LIBRARIES + UNICODE + NAMES + CASES + OPEN + UNCLEAR


def asked(line: str) -> tuple[str, list[str]]:
    text, _, known = line.partition(" ## ")
    return text, known.split()


def same(left: sp.Expr, right: sp.Expr) -> bool:
    """Equal, as they stand or after both are written with sines and cosines."""
    return left == right or sp.expand(left.rewrite(sp.cos) - right.rewrite(sp.cos)) == 0


@pytest.mark.parametrize(("line", "meaning", "codes"), TABLE, ids=[row[0] for row in TABLE])
def test_meaning_and_remarks(line: str, meaning: sp.Expr, codes: str) -> None:
    text, known = asked(line)
    reading = read_formula(text, known=known)
    assert same(reading.expr, meaning), f"{text} is read as {reading.expr}"
    assert sorted(remark.code for remark in reading.remarks) == sorted(codes.split())


@pytest.mark.parametrize("line", [row[0] for row in TABLE if row[2]])
def test_the_other_reading_is_another_one(line: str) -> None:
    text, known = asked(line)
    reading = read_formula(text, known=known)
    for remark in reading.remarks:
        assert remark.code in REMARKS
        assert 0 <= remark.span.start < remark.span.end <= len(text)
        if remark.alternative:
            other = read_formula(remark.alternative, known=known)
            assert other.tex != reading.tex, f"{remark.alternative} is read as {text}"
            assert remark.code not in [r.code for r in other.remarks if r.span == remark.span]


@pytest.mark.parametrize("line", [row[0] for row in TABLE])
def test_what_was_understood_reads_back_the_same(line: str) -> None:
    text, known = asked(line)
    reading = read_formula(text, known=known)
    again = read_formula(reading.tex, known=reading.names)
    assert again.expr == reading.expr, reading.tex
    assert again.tex == reading.tex


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("y + x", "y + x"),
        ("(w*x-y)^2", r"\left(w x - y\right)^{2}"),
        ("2x sin x", r"2 x \sin\left(x\right)"),
        ("sin^2 x", r"\sin^{2}\left(x\right)"),
        ("1/2x", r"\frac{1}{2} x"),
        ("log x", r"\ln\left(x\right)"),
        ("0.50*x", "0.50 x"),
        ("2*3", r"2 \cdot 3"),
        ("1e-3", r"1 \cdot 10^{-3}"),
        ("x*-y", r"x \cdot \left(-y\right)"),
        ("f*(x+1)", r"f \cdot \left(x + 1\right)"),
        ("(x^2)^3", r"\left(x^{2}\right)^{3}"),
        ("x_1 y_hat loss_max", r"x_{1} \hat{y} \mathrm{loss\_max}"),
        ("x!^2", r"\left(x!\right)^{2}"),
        ("a-(b-c)", r"a - \left(b - c\right)"),
        ("sqrt(x)/cbrt(y)", r"\frac{\sqrt{x}}{\sqrt[3]{y}}"),
    ],
)
def test_latex_in_the_order_typed(text: str, tex: str) -> None:
    assert read_formula(text).tex == tex


def test_names_come_in_the_order_of_the_text() -> None:
    assert read_formula("z + a*x - z + f(q)").names == ("z", "a", "x", "q")
    assert read_formula("y - y").names == ("y",)


def test_symbols_are_real_and_one_for_each_name() -> None:
    assert symbol("x") is symbol("x")
    assert read_formula("x").expr is symbol("x")
    assert symbol("x").is_real
    assert read_formula("f(x)").expr.is_real


def test_remarks_have_the_place_and_the_whole_text() -> None:
    (remark,) = read_formula("3 + sin x^2 - y").remarks
    assert "3 + sin x^2 - y"[remark.span.start : remark.span.end] == "sin x^2"
    assert remark.alternative == "3 + sin (x)^2 - y"


def test_several_formulas() -> None:
    text = "x^2; sin x^2 ;y"
    readings = read_formulas(text)
    assert [reading.expr for reading in readings] == [x**2, sp.sin(x**2), y]
    assert [reading.text for reading in readings] == ["x^2", "sin x^2", "y"]
    (remark,) = readings[1].remarks
    assert text[remark.span.start : remark.span.end] == "sin x^2"
    assert remark.alternative == "x^2; sin (x)^2 ;y"
    assert [reading.expr for reading in read_formulas("x; y;")] == [x, y]


def test_equations() -> None:
    equation = read_equation("x^2 + y^2 = 25")
    assert equation.left.expr == x**2 + y**2
    assert equation.right.expr == 25
    assert equation.difference.expr == x**2 + y**2 - 25
    assert equation.difference.tex == "x^{2} + y^{2} = 25"
    assert equation.difference.names == ("x", "y")
    assert read_equation("x y - 1").difference.expr == x * y - 1
