"""LaTeX as people paste it."""

import pytest
import sympy as sp

from nabla.read.formula import function, read_formula, symbol

x, y, z, w, n, a, b, c, r, t = (symbol(name) for name in "x y z w n a b c r t".split())
alpha, theta, sigma, mu = (symbol(name) for name in "alpha theta sigma mu".split())
half = sp.Rational(1, 2)

TABLE = [
    (r"x^2", x**2),
    (r"$x^2$", x**2),
    (r"$$ x^2 $$", x**2),
    (r"\(x^2\)", x**2),
    (r"\[ x^2 \]", x**2),
    (r"\displaystyle x^{2}", x**2),
    (r"\begin{equation} x^2 + \alpha \end{equation}", x**2 + alpha),
    (r"\frac{1}{2}x^2", x**2 / 2),
    (r"\frac12 x", x / 2),
    (r"\frac x y", x / y),
    (r"\dfrac{x+1}{x-1}", (x + 1) / (x - 1)),
    (r"\tfrac{a}{b} c", a * c / b),
    (r"\frac{\frac{a}{b}}{c}", a / (b * c)),
    (r"-\frac{x^2}{2\sigma^2}", -(x**2) / (2 * sigma**2)),
    (r"\left(\frac{a}{b}\right)^{n}", (a / b) ** n),
    (r"\sqrt{x}", sp.sqrt(x)),
    (r"\sqrt x", sp.sqrt(x)),
    (r"\sqrt2 x", sp.sqrt(2) * x),
    (r"\sqrt{x^2+1}", sp.sqrt(x**2 + 1)),
    (r"\sqrt[3]{x}", sp.sign(x) * sp.Abs(x) ** sp.Rational(1, 3)),
    (r"\sqrt[n]{x+1}", (x + 1) ** (1 / n)),
    (r"\left( x+1 \right)^2", (x + 1) ** 2),
    (r"\bigl( x+1 \bigr)^2", (x + 1) ** 2),
    (r"\left[ (x+1)(x+2) \right]^2", ((x + 1) * (x + 2)) ** 2),
    (r"\left\{ x+1 \right\} y", (x + 1) * y),
    (r"\left| x \right|", sp.Abs(x)),
    (r"\left|\left|x\right| - 1\right|", sp.Abs(sp.Abs(x) - 1)),
    (r"\lvert x-1\rvert \cdot 2", 2 * sp.Abs(x - 1)),
    (r"\ln|x|", sp.log(sp.Abs(x))),
    (r"\ln\left|x\right|", sp.log(sp.Abs(x))),
    (r"\lfloor x \rfloor + \lceil y \rceil", sp.floor(x) + sp.ceiling(y)),
    (r"\left\lfloor x \right\rfloor", sp.floor(x)),
    (r"x \cdot y \times z", x * y * z),
    (r"d \cdot 2", symbol("d") * 2),
    (r"x \div y", x / y),
    (r"x\,y\;z\quad w", x * y * z * w),
    (r"xy\cdot z", x * y * z),
    (r"2\pi r", 2 * sp.pi * r),
    (r"\pi r^2", sp.pi * r**2),
    (r"e^{-x}\cdot 1", sp.exp(-x)),
    (r"\mathrm{e}^{-x^2/2}", sp.exp(-(x**2) / 2)),
    (r"e^\frac{x}{2}", sp.exp(x / 2)),
    (r"\exp(-x)", sp.exp(-x)),
    (r"\exp\left(-\frac{(x-\mu)^2}{2\sigma^2}\right)", sp.exp(-((x - mu) ** 2) / (2 * sigma**2))),
    (r"\sin x \cos x", sp.sin(x) * sp.cos(x)),
    (r"\sin^{2} x", sp.sin(x) ** 2),
    (r"\sin^2 x + \cos^2(x)", sp.sin(x) ** 2 + sp.cos(x) ** 2),
    (r"\sin 2x", sp.sin(2 * x)),
    (r"\sin x^2", sp.sin(x**2)),
    (r"\sin(x)^2", sp.sin(x) ** 2),
    (r"\sin{\left(x \right)}", sp.sin(x)),
    (r"\sin \theta x", sp.sin(theta * x)),
    (r"\frac{\sin x}{x}", sp.sin(x) / x),
    (r"\tan^{-1} x", sp.atan(x)),
    (r"\arctan x", sp.atan(x)),
    (r"\operatorname{arcsin} x", sp.asin(x)),
    (r"\operatorname{arcsin}(x)", sp.asin(x)),
    (r"\operatorname{sech} x", sp.sech(x)),
    (r"\mathrm{sin}(x)", sp.sin(x)),
    (r"\operatorname{atan_{2}}{\left(y,x \right)}", sp.atan2(y, x)),
    (r"\operatorname{sgn}(x) \cdot x", sp.sign(x) * x),
    (r"sin(x) + \cos(x)", sp.sin(x) + sp.cos(x)),
    (r"\log_{2} x", sp.log(x) / sp.log(2)),
    (r"\log_2(x)", sp.log(x) / sp.log(2)),
    (r"\log_{10}\left(x\right)", sp.log(x) / sp.log(10)),
    (r"\log_b x", sp.log(x) / sp.log(b)),
    (r"\ln^2 x", sp.log(x) ** 2),
    (r"\max(x, 0) + \min\left(x, y\right)", sp.Max(x, 0) + sp.Min(x, y)),
    (r"\Gamma(x)", sp.gamma(x)),
    (r"x! \cdot 2", 2 * sp.factorial(x)),
    (r"\alpha x + \beta", alpha * x + symbol("beta")),
    (r"\varepsilon \cdot \lambda", symbol("varepsilon") * symbol("lambda")),
    (r"x_{1}^2 + x_2 \cdot 1", symbol("x_1") ** 2 + symbol("x_2")),
    (r"x_1^2 x_2 \alpha", symbol("x_1") ** 2 * symbol("x_2") * alpha),
    (r"\alpha x^2_1", alpha * symbol("x_1") ** 2),
    (r"w_{ij} \cdot x_j", symbol("w_ij") * symbol("x_j")),
    (r"\lambda_{\text{max}} x", symbol("lambda_max") * x),
    (r"\theta_0 + \theta_1 x", symbol("theta_0") + symbol("theta_1") * x),
    (r"\hat y - y", symbol("y_hat") - y),
    (r"(\hat{y}_1 - y_1)^2", (symbol("y_hat_1") - symbol("y_1")) ** 2),
    (r"\bar{x}^2", symbol("x_bar") ** 2),
    (r"\mathbf{w} \mathbf{x} + b", w * x + b),
    (r"\boldsymbol{\theta} x", theta * x),
    (r"\mathrm{loss}^2 \cdot 1", symbol("loss") ** 2),
    (r"\text{loss}^2", symbol("loss") ** 2),
    (r"x^{10} \cdot 1", x**10),
    (r"x^23 \cdot 1", 3 * x**2),
    (r"x^{2y}", x ** (2 * y)),
    (r"x^{y^z}", x ** (y**z)),
    (r"2^{-x}", 2 ** (-x)),
    (r"f\left(x\right)", function("f")(x)),
    (r"f'(x) \cdot x", sp.Derivative(function("f")(x), x) * x),
    (r"f^{\prime\prime}(x)", sp.Derivative(function("f")(x), (x, 2))),
    (r"\begin{cases} x & x>0 \\ -x & \text{otherwise} \end{cases}", sp.Piecewise((x, x > 0), (-x, True))),
    (
        r"\begin{cases} x^2, & \text{if } x \ge 0, \\ -x & \text{if } x < 0. \end{cases}",
        sp.Piecewise((x**2, x >= 0), (-x, True)),
    ),
    (r"\begin{cases} x & \text{for}\: x > 0 \\0 & \text{otherwise} \end{cases}", sp.Piecewise((x, x > 0), (0, True))),
    (
        r"\begin{cases} 1 & 0 < x \leq 1 \\ 2 & \text{else} \end{cases}",
        sp.Piecewise((1, (x > 0) & (x <= 1)), (2, True)),
    ),
    (r"f(x) = \frac{1}{x}", 1 / x),
    (r"\theta*x1", theta * symbol("x1")),
    (r"\left.x\right. + 1", x + 1),
    (r"{x^2 + 1 \over x + 1}", (x**2 + 1) / (x + 1)),
    (r"x + {1 \over {x+1}^2}", x + 1 / (x + 1) ** 2),
    (r"\left(x+1 \over x\right)^2", ((x + 1) / x) ** 2),
    (r"\sqrt{x \over (y+1)(y-1)}", sp.sqrt(x / ((y + 1) * (y - 1)))),
    (r"e^{-x \over 2}", sp.exp(-x / 2)),
    (r"f(x) = 2 - x \over x", (2 - x) / x),
    (r"{x \over y \over 2}", None),
    (r"{x \over }", None),
    (r"x ~+~ \infty^0 \cdot 0", None),
]


def test_the_table_is_long_enough() -> None:
    assert len(TABLE) >= 60


@pytest.mark.parametrize(("text", "meaning"), [row for row in TABLE if row[1] is not None], ids=lambda v: str(v)[:50])
def test_meaning(text: str, meaning: sp.Expr) -> None:
    reading = read_formula(text)
    assert reading.expr == meaning, f"{text} is read as {reading.expr}"
    assert read_formula(reading.tex, known=reading.names).expr == meaning, reading.tex


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (r"\sin x^2", ["argument"]),
        (r"\sin x/2 \cdot 1", ["argument"]),
        (r"\frac{\sin x}{x}", []),
        (r"\tan^{-1} x", ["inverse"]),
        (r"e^x \cdot 1", ["euler"]),
        (r"\mathrm{e}^x", []),
        (r"\log x", ["log"]),
        (r"1/2x \cdot y", ["division"]),
        (r"\frac12 x", []),
        (r"f(x) \cdot 2", ["function"]),
        (r"\alpha(x+1)", ["product"]),
    ],
)
def test_remarks(text: str, codes: list[str]) -> None:
    reading = read_formula(text)
    assert [remark.code for remark in reading.remarks] == codes
    for remark in reading.remarks:
        if remark.alternative:
            assert read_formula(remark.alternative).tex != reading.tex


def test_known_names_are_words_in_latex_too() -> None:
    assert read_formula(r"\alpha lr", known=["lr"]).expr == alpha * symbol("lr")
    assert read_formula(r"\alpha lr").expr == alpha * symbol("l") * r
    assert read_formula(r"x_1 \alpha", known=["x1"]).expr == symbol("x1") * alpha


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        (r"x^(\sqrt{y})", x ** sp.sqrt(y)),
        (r"\sqrt{x}^(-1)", 1 / sp.sqrt(x)),
        (r"x^(\min\left(y, 2\right))", x ** sp.Min(y, 2)),
        (r"\sqrt{x} y^(2) x", sp.sqrt(x) * y**2 * x),
    ],
)
def test_an_exponent_in_round_brackets_is_all_of_them(text: str, meaning: sp.Expr) -> None:
    assert read_formula(text).expr == meaning
