"""LaTeX on one line of a terminal."""

import pytest

from nabla.write.terminal import readable


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\frac{\partial}{\partial w} \left(w x - y\right)^{2}", "∂/∂w (w x - y)²"),
        (r"\frac{\mathrm{d}}{\mathrm{d} x} \sin{\left(x^{2} \right)} = 2 x", "d/dx sin(x²) = 2 x"),
        (r"\frac{x + 1}{x^{2}}", "(x + 1)/x²"),
        (r"\frac12", "1/2"),
        (r"x^{10} + x^{-3} + e^{x y}", "x¹⁰ + x⁻³ + e^(x y)"),
        (r"\sqrt{x} \cdot \sqrt{x + 1}", "√x · √(x + 1)"),
        (r"x_{1} + x_{i+1} + \hat{y}", "x_1 + x_(i+1) + y\u0302"),
        (r"\left.\frac{\partial f}{\partial w}\right|_{w = 3,\; x = 2}", "∂f/∂w|_(w = 3, x = 2)"),
        (r"\alpha \le \operatorname{sign}(x) \ne \infty", "α ≤ sign(x) ≠ ∞"),
        (r"{X}^{\top}\,\bar{y} = \begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix}", "Xᵀ y\u0304 = [1, 2; 3, 4]"),
        (r"\overline{\mathrm{loss}} \odot x", "loss\u0304 ⊙ x"),
        (r"\begin{cases} 1 & x > 0 \\ 0 & \text{else}\end{cases}", "{ 1, x > 0; 0, else }"),
        (r"\unknowncommand x", "unknowncommand x"),
        (r"{{{unclosed", "unclosed"),
        (r"x^", "x^()"),
        ("", ""),
    ],
)
def test_formulas_read_in_signs(tex: str, text: str) -> None:
    assert readable(tex) == text
