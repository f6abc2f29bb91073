"""What people ask around a derivative, as whole texts: places, chains, lengths, percentages, pieces, matrices.

The truth is SymPy's own calculus on the same functions, or worked out by hand beside the case.
"""

from __future__ import annotations

import random
from itertools import product

import pytest
import sympy as sp
from sympy.parsing.sympy_parser import convert_xor, implicit_multiplication, parse_expr, standard_transformations

import nabla
from nabla.answer.document import Check, Document

X, Y, T, S, R, N = sp.symbols("x y t s r n", real=True)


def asked(text: str) -> Document:
    document = nabla.ask(text)
    failed = [block for block in document.blocks if isinstance(block, Check) and block.verdict == "failed"]
    assert not failed, failed
    return document


def value(text: str, *names: str) -> sp.Expr:
    """SymPy's own reading of a formula, with products without a sign and ^ as a power."""
    symbols = {name: sp.Symbol(name, real=True) for name in names}
    rules = (*standard_transformations, implicit_multiplication, convert_xor)
    return parse_expr(text.replace("e^x", "exp(x)"), local_dict=symbols, transformations=rules)


# Taylor polynomials.

PLACES = [
    ("around 0, and the error at x = 0.2", 0, 0.2),
    ("about x = 0 and evaluate it at x = 0.2", 0, 0.2),
    ("at x = 1", 1, None),
    ("centered at a = 1; use it to estimate f(1.2)", 1, 1.2),
    ("near 1", 1, None),
]


@pytest.mark.parametrize(("words", "centre", "place"), PLACES)
def test_a_polynomial_is_about_the_centre_that_is_told_and_not_about_the_place(words, centre, place) -> None:
    document = asked(f"Find the third-order Taylor polynomial of f(x) = sqrt(3 + x) {words}")
    truth = sp.sqrt(3 + X).series(X, centre, 4).removeO()
    assert sp.simplify(value(document.values["series"], "x") - truth) == 0
    if place is not None:
        assert document.values["estimate"] == pytest.approx(float(truth.subs(X, place)), rel=1e-12)


@pytest.mark.parametrize(("seed", "degree"), list(product(range(6), (1, 2, 3))))
def test_a_polynomial_of_two_variables_has_the_derivatives_of_the_function(seed: int, degree: int) -> None:
    draw = random.Random(seed)
    a, b = draw.randint(-2, 2), draw.randint(-2, 2)
    f = draw.choice(["exp(x) cos(y)", "x^2 y + sin(x y)", "exp(x y) - x y^2", "sin(x + 2 y) + x^3"])
    document = asked(f"Taylor polynomial of degree {degree} of f(x, y) = {f} at ({a}, {b})")
    expr = value(f, "x", "y")
    polynomial = value(document.values["series"], "x", "y")
    for i, j in product(range(degree + 1), repeat=2):
        if i + j <= degree:
            gap = sp.diff(expr - polynomial, X, i, Y, j) if i or j else expr - polynomial
            assert abs(float(gap.subs({X: a, Y: b}))) < 1e-9


# The chain rule with an open function.


@pytest.mark.parametrize("seed", range(5))
def test_an_open_chain_agrees_with_any_function_that_is_put_in(seed: int) -> None:
    draw = random.Random(seed)
    x, y = draw.choice([("s^2 - t^2", "2 s t"), ("s cos(t)", "s sin(t)"), ("exp(s) t", "s + t"), ("s t^2", "s/t")])
    order = draw.choice([("s",), ("t",), ("s", "s"), ("s", "t")])
    sign = f"∂z/∂{order[0]}" if len(order) == 1 else f"∂²z/∂{order[0]}∂{order[1]}"
    document = asked(f"Let z = f(x, y) with x = {x} and y = {y}. Find {sign} in terms of the derivatives of f.")
    inner = X**3 * Y**2 + sp.sin(2 * X) * sp.exp(Y)
    places = [value(text, "s", "t") for text in (x, y)]
    whole = inner.subs({X: places[0], Y: places[1]}, simultaneous=True)
    marks = {"".join(way): way for n in (1, 2) for way in product("xy", repeat=n)}
    text = document.values["derivative"].replace("{", "").replace("}", "")
    found = value(text, "s", "t", *(f"f_{name}" for name in marks))
    for name, way in marks.items():
        partial = sp.diff(inner, *({"x": X, "y": Y}[letter] for letter in way))
        there = partial.subs({X: places[0], Y: places[1]}, simultaneous=True)
        found = found.subs(sp.Symbol(f"f_{name}", real=True), there)
    truth = sp.diff(whole, *({"s": S, "t": T}[v] for v in order))
    assert abs(float((found - truth).subs({S: 1.3, T: 0.7}))) < 1e-9


EQUATIONS = [
    ("w = f(u,v), u = x + y, v = x - y", "w_x w_y = f_u^2 - f_v^2", True),
    ("z = f(x,y), x=rcosθ, y=rsinθ", "(∂z/∂x)^2+(∂z/∂y)^2 = (∂z/∂r)^2 + (1/r^2)(∂z/∂θ)^2", True),
    ("u = f(x, y), x = e^s cos t, y = e^s sin t", "u_xx + u_yy = e^(-2s) (u_ss + u_tt)", True),
    ("z = f(x - y)", "z_x + z_y = 0", True),
    ("z = f(x - y)", "z_x - z_y = 0", False),
    ("z = f(x,y), x=u+v, y=u-v", "z_u + z_v = z_x", False),
    ("z = f(u), u = x^2 - y^2", "y z_x + x z_y = 0", True),
]


@pytest.mark.parametrize(("told", "equation", "holds"), EQUATIONS)
def test_an_equation_of_an_open_function_is_judged_along_the_path(told: str, equation: str, holds: bool) -> None:
    assert asked(f"Let {told}. Show that {equation}").values["solves"] == [holds]


def test_a_higher_derivative_along_a_path_is_not_the_first() -> None:
    document = asked("z = x^2 y, x = s + t, y = s t. find d^2z/ds^2")
    assert sp.expand(value(document.values["derivative"], "s", "t") - (6 * S * T + 4 * T**2)) == 0


# Answers in the names that the text defines.

NAMED = [
    ("y = u^3, u = x^2 + 1. find dy/dx.", "6x u^2", "right"),
    ("y = u^3, u = x^2 + 1. find dy/dx.", "3 u^2", "wrong"),
    ("y = sin(v), v = x^3. Find dy/dx.", "3 x^2 cos v", "right"),
    ("y = ln w where w = 1 + e^x. Find dy/dx.", "e^x/w", "right"),
    ("f(x) = sqrt(x^2+1), find f'(x)", "x/(x^2+1)^1/2", "right"),
    ("f(x) = sqrt(x^2+1), find f'(x)", "x (x^2+1)^-1/2", "right"),
    ("f(x) = sqrt(x^2+1), find f'(x)", "(x^2+1)^-1/2", "wrong"),
    ("Find the gradient of r^n where r = sqrt(x^2+y^2+z^2)", "n r^{n-2} (x, y, z)", "right"),
    ("Find the gradient of r^n where r = sqrt(x^2+y^2+z^2)", "n r^{n-1} (x, y, z)", "wrong"),
]


@pytest.mark.parametrize(("text", "answer", "verdict"), NAMED)
def test_an_answer_in_names_that_the_text_defines_is_judged_with_them(text: str, answer: str, verdict: str) -> None:
    claims = asked(f"{text} I got {answer}.").values["claims"]
    assert [claim["verdict"] for claim in claims] == [verdict]


# Lengths.

LENGTHS = [
    ("Let r = |x|, x in R^3. Find the Laplacian of r^n", N * (N + 1) * R ** (N - 2)),
    ("compute the Laplacian of 1/r, r = |x|, x ∈ R^3", sp.S.Zero),
    ("f(x) = |x|^4 on R^3. Compute Δf.", 20 * R**2),
    ("Find the Laplacian of ln r, where r^2 = x^2 + y^2", sp.S.Zero),
]


@pytest.mark.parametrize(("text", "truth"), LENGTHS)
def test_a_length_in_space_is_one_of_its_coordinates(text: str, truth: sp.Expr) -> None:
    z = sp.Symbol("z", real=True)
    found = value(asked(text).values["laplacian"], "x", "y", "z", "n")
    at = {X: 0.4, Y: -0.7, z: 1.1, N: 3}
    size = sp.sqrt(X**2 + Y**2 + (z**2 if "R^3" in text else 0))
    assert float((found - truth.subs(R, size)).subs(at)) == pytest.approx(0, abs=1e-9)


def test_the_gradient_of_a_function_of_x_and_y_is_by_these_alone() -> None:
    assert asked("gradient of f(x,y) = a x^2 + b y^2").values["derivative"] == ["2*a*x", "2*b*y"]


# Percentages.

PERCENT = [
    ("The period is T = 2π sqrt(L/g). If there is a 1 % error in L, what is the error in T?", "relative_error", 0.005),
    ("V = 4/3 π r^3. The radius is measured with 2% error; estimate the percentage error.", "relative_error", 0.06),
    ("V = π r^2 h. If r increases by 2% and h decreases by 1 %, find the percentage change in V.",
     "relative_change", 0.03),
    ("g = 4 π^2 L / T^2. L is measured to within 1% and T to within 2%. Find the percentage error in g.",
     "relative_error", 0.05),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name", "truth"), PERCENT)
def test_errors_in_percent_are_carried_on(text: str, name: str, truth: float) -> None:
    assert asked(text).values[name] == pytest.approx(truth, rel=1e-9)


# Pieces and single points.

PIECES = [
    ("f(x) = x|x|. Is f twice differentiable at 0?", None),
    ("f(x) = x^3 if x > 0, 0 otherwise. Is it twice differentiable at x = 0?", 0),
    ("f(x)=x^4 sin(1/x), f(0)=0. is it twice differentiable at 0?", 0),
    ("f(x) = (e^x - 1)/x, f(0) = 1. Find f''(0)", sp.Rational(1, 3)),
    ("f(x,y) = xy(x^2-y^2)/(x^2+y^2), f(0,0)=0. Find f_xy(0,0)", -1),
    ("f(x,y) = xy(x^2-y^2)/(x^2+y^2), f(0,0)=0. Find f_yx(0,0)", 1),
    ("f(x,y) = (x^2 y)/(x^4+y^2) for (x,y) != (0,0) and f(0,0)=0. Compute f_x(0,0)", 0),
]


@pytest.mark.parametrize(("text", "truth"), PIECES)
def test_a_derivative_where_pieces_meet_is_the_limit_of_its_quotient(text: str, truth: sp.Expr | None) -> None:
    found = asked(text).values["value"]
    assert (found is None) if truth is None else found == pytest.approx(float(truth), abs=1e-9)


# Curves and surfaces.

LEVEL = [
    ("Find the points on r = 1 + cos θ where the tangent is horizontal", 2),
    ("Find the points on the curve x = t^2, y = t^3 - 3t where the tangent is horizontal.", 2),
    ("Find all points on x^2 + xy + y^2 = 7 where the tangent line is horizontal.", 2),
    ("At which points does the curve x^2 + 4y^2 = 4 have a vertical tangent?", 2),
    ("r = 1 - sin(theta): where is the tangent horizontal?", 3),
]


@pytest.mark.parametrize(("text", "count"), LEVEL)
def test_level_tangents_of_curves_are_where_the_curve_lies_so(text: str, count: int) -> None:
    assert len(asked(text).values["places"]) == count


def test_the_tangent_of_a_polar_curve_is_one_of_the_plane() -> None:
    tangent = asked("Find the tangent line to r = 1 + cos θ at θ = π/6").values["tangent"]
    truth = -X + sp.Rational(5, 4) + 3 * sp.sqrt(3) / 4  # the slope is -1 there
    assert sp.simplify(value(tangent.partition("=")[2], "x") - truth) == 0


def test_the_tangent_plane_of_a_surface_is_no_line() -> None:
    document = asked("Equation of tangent plane and normal line to x^2+2y^2+3z^2=21 at (4,-1,1)")
    assert document.values["value"] == [8, -4, 6]
    assert document.values["tangent"] == "8*x - 4*y + 6*z = 42"


SLOPES = [
    ("Find the tangent to y = x³ − 3x + 2 which is parallel to the line y = 9x + 1.", ["9*x + 18", "9*x - 14"]),
    ("Find the tangent lines to y = (x-1)/(x+1) that are parallel to x - 2y = 2", ["x/2 + 7/2", "x/2 - 1/2"]),
    ("Find the points on y = x^2 where the tangent is perpendicular to the line x + 2y = 4", ["2*x - 1"]),
]


@pytest.mark.parametrize(("text", "lines"), SLOPES)
def test_tangents_of_a_slope_are_found_with_their_lines(text: str, lines: list[str]) -> None:
    assert asked(text).values["tangents"] == lines


@pytest.mark.parametrize(
    ("f", "low", "high"), [("x^3 - x", 0, 2), ("sqrt(x)", 1, 9), ("e^x", 0, 1), ("x^2-4x+3", 1, 3)]
)
def test_the_mean_value_theorem_gives_a_place_with_the_slope_of_the_chord(f: str, low: int, high: int) -> None:
    places = asked(f"Find c that satisfies the mean value theorem for f(x) = {f} on [{low},{high}]").values["places"]
    expr = value(f, "x")
    chord = (expr.subs(X, high) - expr.subs(X, low)) / (high - low)
    for place in places:
        assert float(sp.diff(expr, X).subs(X, sp.sympify(place["at"]["x"])) - chord) == pytest.approx(0, abs=1e-9)
    assert places


BOXES = [("x^2-2xy+2y", (0, 3), (0, 2)), ("x y - x^2 - y^2", (-1, 2), (0, 1)), ("x^3 - 3x + y^2", (-2, 2), (-1, 1))]


@pytest.mark.parametrize(("f", "x", "y"), BOXES)
def test_extremes_on_a_rectangle_count_its_edges_and_corners(f: str, x: tuple[int, int], y: tuple[int, int]) -> None:
    box = f"{x[0]} <= x <= {x[1]}, {y[0]} <= y <= {y[1]}"
    found = asked(f"Find the absolute maximum and minimum of f(x,y) = {f} on the rectangle {box}").values["absolute"]
    expr = value(f.replace("2xy", "2 x y"), "x", "y")
    fine = [(a / 40, b / 40) for a, b in product(range(41), repeat=2)]
    heights = [float(expr.subs({X: x[0] + a * (x[1] - x[0]), Y: y[0] + b * (y[1] - y[0])})) for a, b in fine[::7]]
    greatest, least = (float(sp.sympify(found[kind]["value"])) for kind in ("maximum", "minimum"))
    assert max(heights) <= greatest + 1e-9
    assert min(heights) >= least - 1e-9
    for kind, best in (("maximum", greatest), ("minimum", least)):
        for at in found[kind]["at"]:
            assert float(expr.subs(dict(zip((X, Y), map(sp.sympify, at), strict=True)))) == pytest.approx(best)


def test_the_sign_of_a_derivative_of_an_equation_names_what_depends_on_what() -> None:
    document = asked("If xyz + x^2 + y^2 z^3 = 0 define z implicitly, find ∂z/∂x")
    z = sp.Symbol("z", real=True)
    truth = -(Y * z + 2 * X) / (X * Y + 3 * Y**2 * z**2)
    assert sp.simplify(value(document.values["derivative"], "x", "y", "z") - truth) == 0


def test_a_jacobian_written_as_a_quotient_is_a_determinant() -> None:
    found = asked("u = x^2 - y^2, v = 2xy. Find ∂(u,v)/∂(x,y)").values["determinant"]
    assert sp.expand(value(found, "x", "y") - 4 * (X**2 + Y**2)) == 0


# Matrices and losses.

MATRICES = [
    ("d||x||_2/dx", "x"),
    ("derivative of the log-sum-exp function LSE(x) = log sum_i exp(x_i)", "softmax"),
    (r"Let $y = W_2 \,\mathrm{relu}(W_1 x)$. What is dy/dx?", "W_2"),
    ("d/dx of x⊙y where ⊙ is the elementwise product", "diag(y)"),
]


@pytest.mark.parametrize(("text", "held"), MATRICES)
def test_formulas_of_vectors_are_read_as_such(text: str, held: str) -> None:
    assert held in asked(text).answer.text


def test_a_loss_of_softmax_is_by_what_the_answer_names() -> None:
    text = r"Let $L = -\sum_i y_i \log p_i$, $p = \mathrm{softmax}(z)$. Show $\partial L/\partial z_j = p_j - y_j$."
    assert [claim["verdict"] for claim in asked(text).values["claims"]] == ["right"]


def test_a_matrix_that_depends_on_a_number_is_no_product() -> None:
    with pytest.raises(nabla.UserError):
        nabla.ask("Derivative of the determinant: d/dt det(A(t))")


# Rates that a text gives with a formula: the truth is dF/dt by hand.

RATES = [
    ("V = a^3, da/dt = 2 cm/s, find dV/dt when a=5", 150),
    ("x^2+y^2=25, dx/dt=3, find dy/dt at (3,4)", -9 / 4),
    ("The radius of a cone increases at 2 cm/s and its height decreases at 3 cm/s. V = π r^2 h/3. Find dV/dt when "
     "r=5, h=12", 55 * 3.141592653589793),
    ("If z^2 = x^2 + y^2, dx/dt = 2, dy/dt = 3, find dz/dt when x = 5 and y = 12.", 46 / 13),
    ("If y = x^3 + 2x and dx/dt = 5, find dy/dt when x = 2.", 70),
    ("P = 8.31 T/V, dT/dt = 0.1, dV/dt = 0.2, T=300, V=100: dP/dt", -0.04155),
]  # fmt: skip


@pytest.mark.parametrize(("text", "truth"), RATES)
def test_a_rate_is_by_time_and_not_by_a_letter_of_the_formula(text: str, truth: float) -> None:
    assert asked(text).values["value"] == pytest.approx(truth, rel=1e-9)


LAGRANGIANS = [
    ("Lagrangian L = 1/2 m x'^2 - 1/2 k x^2. Use the Euler-Lagrange equation.", "m*x_ddot + k*x", "x"),
    (r"A pendulum has $L = \frac{1}{2} m l^2 \dot{\theta}^2 + m g l \cos\theta$. Derive the Euler-Lagrange equation.",
     "m*l**2*theta_ddot + m*g*l*sin(theta)", "theta"),
    ("Find the functional derivative of J[y] = ∫ (y'^2 - y^2) dx", "2*y_ddot + 2*y", "y"),
    ("Extremals of ∫ (x y' + y'^2) dx", "2*y_ddot + 1", "y"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "truth", "coordinate"), LAGRANGIANS)
def test_the_equation_of_euler_and_lagrange_is_written_out(text: str, truth: str, coordinate: str) -> None:
    (found,) = asked(text).values["euler_lagrange"]
    letters = {name: sp.Symbol(name) for name in ("m", "k", "l", "g", coordinate, f"{coordinate}_ddot", "x")}
    assert sp.simplify(sp.sympify(found, letters) - sp.sympify(truth, letters)) == 0


JUDGED = [
    ("derivative of sigmoid in terms of itself: σ'(z)=σ(z)(1-σ(z)). prove", ["right"]),
    ("derivative of x^T A y with respect to A. I say x y^T", ["right"]),
    ("position x(t) = A cos(ω t + φ). Find velocity, acceleration and show a = -ω² x", ["right"]),
    ("kinetic energy T = 1/2 m v^2: dT/dv = mv. Right?", ["right"]),
    ("G = H - TS; (∂G/∂T)_P = -S. Is this right?", ["right"]),
    ("y = e^{kx}. Is y' = ky?", ["right"]),
    ("A = π r^2 and dr/dt = 3. dA/dt at r = 2 is 12π, right?", ["right"]),
    ("The function f(x, y)=x^3 - 12xy + 8y^3 critical pts: (0,0) saddle and (2,1) local min. correct?",
     ["right", "right"]),
    ("The function f(x, y)=x^3 - 12xy + 8y^3 critical pts: (0,0) saddle and (2,1) local max. correct?",
     ["right", "wrong"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "verdicts"), JUDGED)
def test_answers_are_judged_by_what_they_are_of(text: str, verdicts: list[str]) -> None:
    assert [claim["verdict"] for claim in asked(text).values["claims"]] == verdicts


SOLVED = [
    "heat equation u_t = k u_xx; u = e^{-k n^2 t} sin(n x). verify",
    "logistic growth P(t) = K/(1 + A e^{-rt}). Show dP/dt = rP(1 - P/K)",
]


@pytest.mark.parametrize("text", SOLVED)
def test_an_equation_between_derivatives_is_verified_and_not_judged_as_an_answer(text: str) -> None:
    assert asked(text).values["solves"] == [True]


LOST = [("Differentiate: y=x2sin3x", X**2 * sp.sin(3 * X)), ("y = x3lnx, find dy/dx", X**3 * sp.log(X)),
        ("y = (3x2 + 2x)5 find dy/dx", (3 * X**2 + 2 * X) ** 5)]  # fmt: skip


@pytest.mark.parametrize(("text", "f"), LOST)
def test_powers_that_lost_their_place_are_read_as_such(text: str, f: sp.Expr) -> None:
    assert sp.simplify(value(asked(text).values["derivative"], "x") - sp.diff(f, X)) == 0


def test_letters_stay_open_where_the_variable_has_a_value() -> None:
    document = asked("moment generating function M(t) = e^{μ t + σ² t²/2}. find M'(0)")
    assert document.values["value_formula"] == "mu"


def test_a_percentage_of_which_the_letter_is_not_known_is_not_left_out() -> None:
    document = asked("f = 1/(2π√(LC)). Uncertainty in f if L has 2% and C 3% uncertainty")
    assert document.values["relative_error"] == pytest.approx(0.025)


@pytest.mark.parametrize("text", ["loss = -log(softmax(z)[k]). what's dloss/dz?", "d/dt det(A(t))"])
def test_what_is_no_formula_of_whole_matrices_is_refused(text: str) -> None:
    with pytest.raises(nabla.UserError):
        nabla.ask(text)


@pytest.mark.parametrize("name", ["sec", "csc", "cot", "sech", "csch", "coth"])
def test_a_function_of_a_decimal_that_stays_as_it_is_has_its_value(name: str) -> None:
    document = nabla.derive(f"erf({name}(x)/3)", at="x=4.98")
    derivative = sp.lambdify("x", sp.sympify(document.values["derivative"]), "mpmath")
    assert document.values["value"] == pytest.approx(float(derivative(4.98)), rel=1e-9)
    assert all(check.verdict == "passed" for check in document.checks)
