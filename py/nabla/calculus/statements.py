"""The rules of differentiation by id: their names, what they say in words, and as formulas in LaTeX."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RuleStatement:
    """A rule by name, in words and as a formula in LaTeX."""

    name: str
    words: str
    tex: str


RULES: dict[str, RuleStatement] = {
    "constant": RuleStatement("Constant", "What does not depend on the variable does not change with it.", "c' = 0"),
    "variable": RuleStatement(
        "Variable", "The variable changes exactly as fast as itself.", r"\frac{\mathrm{d}}{\mathrm{d}x} x = 1"
    ),
    "sum": RuleStatement("Sum rule", "A sum is differentiated term by term.", "(f + g)' = f' + g'"),
    "constant-factor": RuleStatement("Constant factor", "A constant factor stays as it is.", r"(c\,f)' = c\,f'"),
    "product": RuleStatement(
        "Product rule",
        "Each factor is differentiated in turn while the others stay, and all is added.",
        "(f g)' = f' g + f g'",
    ),
    "quotient": RuleStatement(
        "Quotient rule",
        "Bottom times derivative of the top, minus top times derivative of the bottom, all over the bottom squared.",
        r"\left(\frac{f}{g}\right)' = \frac{f' g - f g'}{g^2}",
    ),
    "power": RuleStatement(
        "Power rule", "The exponent comes down as a factor, and is one less above.", r"(u^n)' = n\,u^{n-1}"
    ),
    "real-root": RuleStatement(
        "Odd root",
        "An odd root has the sign of what stands under it; its slope is that of the power of the absolute value.",
        r"(\sqrt[n]{u})' = \frac{1}{n}\,\left|u\right|^{\frac{1}{n} - 1}",
    ),
    "exponential": RuleStatement(
        "Exponential rule",
        "An exponential function is its own derivative, times the natural logarithm of its base.",
        r"(a^u)' = a^u \ln a",
    ),
    "logarithm": RuleStatement(
        "Logarithm", "The natural logarithm has the derivative one over its argument.", r"(\ln u)' = \frac{1}{u}"
    ),
    "chain": RuleStatement(
        "Chain rule",
        "The derivative of the outer function, taken at the inner one, times the derivative of the inner function.",
        "f(g)' = f'(g) g'",
    ),
    "several": RuleStatement(
        "Chain rule for several arguments",
        "Each argument contributes the outer derivative with respect to it, times its own derivative.",
        r"f(g, h)' = \partial_1 f\,g' + \partial_2 f\,h'",
    ),
    "implicit": RuleStatement(
        "Implicit differentiation",
        "Both sides are differentiated, with y as a function of the variable, and solved for its derivative.",
        r"F(x, y) = 0,\quad \frac{\mathrm{d} y}{\mathrm{d} x} = -\frac{\partial_x F}{\partial_y F}",
    ),
    "parametric": RuleStatement(
        "Parametric differentiation",
        "The speed of the one is divided by the speed of the other.",
        r"\frac{\mathrm{d} y}{\mathrm{d} x} = \frac{y'(t)}{x'(t)}",
    ),
    "general-power": RuleStatement(
        "Base and exponent both vary",
        "Base and exponent both depend on the variable, so the power is written with e first.",
        r"f^g = e^{g \ln f},\quad (f^g)' = f^g\,(g \ln f)'",
    ),
    "trigonometric": RuleStatement(
        "Trigonometric function", "From the table of derivatives.", r"\sin' = \cos,\ \cos' = -\sin"
    ),
    "inverse-trigonometric": RuleStatement(
        "Inverse trigonometric function", "From the table of derivatives.", r"\arctan' u = \frac{1}{1 + u^2}"
    ),
    "hyperbolic": RuleStatement(
        "Hyperbolic function", "From the table of derivatives.", r"\sinh' = \cosh,\ \cosh' = \sinh"
    ),
    "inverse-hyperbolic": RuleStatement(
        "Inverse hyperbolic function",
        "From the table of derivatives.",
        r"\operatorname{arsinh}' u = \frac{1}{\sqrt{u^2 + 1}}",
    ),
    "special": RuleStatement(
        "Special function", "From the table of derivatives.", r"\operatorname{erf}' u = \frac{2}{\sqrt{\pi}} e^{-u^2}"
    ),
    "abs": RuleStatement(
        "Absolute value", "The slope is 1 on the right of 0 and -1 on the left.", r"|u|' = \operatorname{sign} u"
    ),
    "step": RuleStatement("Steps", "Between its jumps the function runs straight.", r"\operatorname{sign}' u = 0"),
    "piecewise": RuleStatement("Piecewise function", "Each piece is differentiated where it holds.", "f' = f_i'"),
    "minmax": RuleStatement(
        "Largest and smallest",
        "The derivative is that of the one which is largest or smallest there.",
        r"\max(f, g)' = f' \text{ where } f > g",
    ),
    "abstract": RuleStatement("Function left open", "Its derivative gets a prime, or a name.", "f(x)' = f'(x)"),
    "table": RuleStatement("Table", "From SymPy's table of derivatives.", "f' = f'"),
    "unknown": RuleStatement(
        "No rule", "No rule is known for this function: its derivative stays as it is.", "f' = f'"
    ),
}
