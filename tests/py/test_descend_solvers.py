"""Ends of SciPy's solvers judged, and derivatives that were given to them. Only where SciPy is installed."""

import numpy as np
import pytest

import nabla
from nabla.answer.codes import FINDINGS
from nabla.answer.document import Plot
from nabla.answer.marks import Contour, Line, Path
from nabla.labs.descend import calls
from nabla.program.modules import scipy

pytestmark = pytest.mark.skipif(not scipy.is_here(), reason="SciPy is an extra: pip install nabla[scipy]")
HEAD = "import numpy as np\nfrom scipy.optimize import *\n"
BOX = "bounds=[(0, 2), (0, 3)]"
# The call, where it ends (None where that is not the point), the verdict and the finding.
ENDS: list[tuple[str, object, str, str]] = [
    ("minimize(lambda v: (v[0] - 1)**2 + (v[1] + 2)**2, [3, 3])", [1, -2], "minimum", ""),
    ("minimize(rosen, [-1.2, 1], method='Nelder-Mead', options={'maxiter': 20})", None,
     "not-stationary", "stopped-early"),
    ("minimize(rosen, [-1.2, 1], method='BFGS', jac=rosen_der)", [1, 1], "minimum", ""),
    ("minimize(lambda v: v[0]**2 - v[1]**2, [1, 0], method='BFGS')", [0, 0], "saddle", "not-a-minimum"),
    (f"minimize(lambda v: (v[0] + 1)**2 + (v[1] - 1)**2, [1, 1], method='L-BFGS-B', {BOX})", [0, 1], "at-bounds", ""),
    ("minimize(lambda v: np.sin(3*v[0]) + 0.1*(v[0] - 2)**2, [3.5])", None, "local-minimum", "local-minimum"),
    ("minimize(lambda v: v[0]**2 + v[1]**2, (1, 2), method='SLSQP', constraints={'type': 'eq', 'fun': lambda v: "
     "v[0] + v[1] - 2})", [1, 1], "minimum", ""),
    ("minimize(lambda v: -v[0]*v[1], (1, 1), method='SLSQP', bounds=[(0, None)]*2, constraints=({'type': "
     "'ineq', 'fun': "
     "lambda v: 10 - v[0] - 2*v[1]},))", [5, 2.5], "minimum", ""),
    ("minimize(lambda v: v[0]**2 + v[1]**2, (1, 2), method='trust-constr', "
     "constraints=LinearConstraint([[1, 1]], 2, 2))",
     [1, 1], "minimum", ""),
    ("minimize(lambda v: v[0] + v[1], (3, 3), method='SLSQP', constraints=[{'type': 'ineq', 'fun': lambda "
     "v: 1 - v[0]**2 - "
     "v[1]**2}, {'type': 'ineq', 'fun': lambda v: v[0] - 4}])", None, "infeasible", "not-a-minimum"),
    ("minimize_scalar(lambda x: (x - 2)**2)", 2, "minimum", ""),
    ("minimize_scalar(lambda x: np.sin(3*x) + 0.1*(x - 2)**2, bounds=(-4, 8))", None, "local-minimum",
     "local-minimum"),
    ("fsolve(lambda p: [p[0]**2 + p[1]**2 - 1, p[1] - p[0]], [1, 1])", [0.5**0.5] * 2, "root", ""),
    ("fsolve(lambda p: [p[0]**2 + p[1]**2 - 1, p[1] - p[0] - 3], [1, 1])", None, "not-a-root", "not-a-root"),
    ("root(lambda x: x**2 + 1, 1.0)", None, "not-a-root", "not-a-root"),
    ("brentq(lambda x: x**3 - 8, 0, 5)", 2, "root", ""),
    ("newton(lambda x: x**2 - 2, 1.0)", 2**0.5, "root", ""),
    ("least_squares(lambda p: np.array([p[0] - 1, 10*(p[1] - p[0]**2)]), [2, 2])", [1, 1], "minimum", ""),
    ("least_squares(lambda p: np.exp(p) - 2, [5.0], max_nfev=2)", None, "not-stationary", "not-a-minimum"),
    ("fmin(lambda x: (x[0] - 1)**2, [0.0], disp=False)", [1], "minimum", ""),
    ("fmin_bfgs(rosen, [2.0, 2.0], disp=False)", [1, 1], "minimum", ""),
    ("differential_evolution(rosen, [(0, 2), (0, 2)], seed=1, tol=1e-8)", [1, 1], "minimum", ""),
]  # fmt: skip


@pytest.mark.parametrize(("code", "x", "verdict", "finding"), ENDS, ids=[code[:60] for code, *_ in ENDS])
def test_ends_are_judged(code: str, x: object, verdict: str, finding: str) -> None:
    own = calls.run(HEAD + code)
    assert own is not None and own.run.gap is None and own.run.raised is None
    (call,), (end,) = own.calls, own.ends
    assert x is None or np.allclose(call.x, np.asarray(x), atol=2e-3)
    assert (end.verdict, end.finding) == (verdict, finding), end.text
    assert not end.finding or end.finding in FINDINGS


# What is special about a place, at every size of the variables and of the values: what was asked, verdict, finding.
SPECIAL: list[tuple[str, str, str]] = [
    ("minimize(lambda v: abs(v[0] - 1) + 2*abs(v[1] + 0.5) + 0.1*v[0]**2, [3, 2], method='BFGS')", "minimum",
     "non-smooth"),
    ("minimize(lambda p: (p[0]*1e-6 - 2)**2 + (p[1]*1e4 - 3)**2, [1e6, 1e-4])", "not-stationary", "not-a-minimum"),
    ("minimize(lambda p: 1e-9*((p[0] - 2)**2 + (p[1] - 3)**2), [0, 0])", "not-stationary", "not-a-minimum"),
    ("minimize(lambda v: -np.exp(-(v[0] - 3)**2 - (v[1] - 3)**2), [20, -15])", "flat", "flat"),
    ("minimize(lambda v: round((v[0] - 2)**2 + (v[1] + 1)**2, 3), [5.0, 5.0], method='L-BFGS-B')", "flat", "flat"),
    ("minimize(lambda v: -v[0]*v[1], [1, 1], method='SLSQP', bounds=[(0, None)]*2, constraints={'type': 'ineq', "
     "'fun': lambda v: v[0] + v[1] - 10})", "unbounded", "sign"),
    ("minimize(lambda v: v[0]**2 + 0.01*np.random.randn(), [3.0])", "noisy", "noisy"),
    ("minimize(lambda v: -v[0]**3, [1.0], method='Nelder-Mead')", "unbounded", "unbounded"),
    ("minimize(lambda x: -(0.05*x[0]**0.64 + 0.4*x[1]**0.36), [2500.0, 2500.0], method='SLSQP', constraints=[{'type': "
     "'eq', 'fun': lambda x: x[0] + x[1] - 5000}])", "not-stationary", "not-a-minimum"),
    ("minimize(lambda v: (v[0]**2 - 1)**2 + 0.2*v[0] + v[1]**2, [1, 1], method='SLSQP', constraints={'type': 'ineq', "
     "'fun': lambda v: 4 - v[0]**2 - v[1]**2})", "local-minimum", "local-minimum"),
    ("fsolve(lambda p: [np.exp(-p[0]/8) - p[1], 1.67 - 1.67*(1 - np.exp(-p[0]/8))**8 - p[0]*np.exp(-p[0]/8)], "
     "[10, 0.2])",
     "not-a-root", "not-a-root"),
    ("bisect(lambda x: 1/(x - 2), 0, 5)", "not-a-root", "not-a-root"),
    ("fsolve(lambda x: (x - 1)**2, 3.0)", "root", ""),
    ("least_squares(lambda p: np.array([p[0] - 1, p[0] - 1.1, p[0] - 9.0]), [0.0], loss='soft_l1')", "minimum", ""),
    ("linprog([-1, 4], A_ub=[[-3, 1], [1, 2]], b_ub=[6, 4], bounds=[(None, None), (-3, None)])", "optimal", ""),
    ("linprog([-20, -30], A_ub=[[1, 2], [3, 1], [1, 0]], b_ub=[100, 90, -10])", "infeasible", "infeasible"),
    ("linprog([-1, -1], A_ub=[[1, -1]], b_ub=[2])", "unbounded", "unbounded"),
    ("milp(-np.array([10, 13, 7, 8]), constraints=LinearConstraint([5, 6, 3, 4], ub=10), integrality=np.ones(4), "
     "bounds=Bounds(0, 1))", "optimal", ""),
    ("linear_sum_assignment([[4, 1, 3], [2, 0, 5], [3, 2, 2]])", "optimal", ""),
]  # fmt: skip


@pytest.mark.parametrize(("code", "verdict", "finding"), SPECIAL, ids=[code[:60] for code, *_ in SPECIAL])
def test_what_is_special_about_a_place_is_found(code: str, verdict: str, finding: str) -> None:
    own = calls.run(HEAD + code)
    assert own is not None and own.run.gap is None and own.run.raised is None
    (end,) = own.ends
    assert (end.verdict, end.finding) == (verdict, finding), end.text
    assert not end.finding or end.finding in FINDINGS


def test_verdicts_do_not_hang_on_units() -> None:
    """The same search in other units of the variables and of the function ends in the same verdict."""
    for unit in (1e-5, 1.0, 1e5):
        for size in (1e-6, 1.0, 1e8):
            f = f"lambda v: {size}*((v[0]/{unit} - 1)**2 + 10*(v[1] - v[0]/{unit})**2)"
            far = f"minimize({f}, [{2 * unit}, 3], method='Nelder-Mead', options={{'maxiter': 12}})"
            near = f"minimize({f}, [{2 * unit}, 3], method='Nelder-Mead', options={{'xatol': 1e-12, 'fatol': 1e-30}})"
            found = [calls.run(HEAD + code) for code in (far, near)]
            assert [own.ends[0].verdict for own in found if own is not None] == ["not-stationary", "minimum"], (
                unit,
                size,
            )


def test_rows_that_contradict_each_other_are_named() -> None:
    own = calls.run(
        HEAD + "linprog([1, 1], A_ub=[[1, 1], [-1, -1], [1, 0]], b_ub=[1, -3, 9], A_eq=[[1, -1]], b_eq=[0])"
    )
    assert own is not None and own.ends[0].text.startswith("Row 1 of `A_ub` and row 2 of `A_ub` cannot hold together")


def test_constraints_that_cannot_hold_are_told_from_a_start_that_is_far() -> None:
    equation = "constraints={'type': 'eq', 'fun': lambda v: v[0] - 3}"
    own = calls.run(HEAD + f"minimize(lambda v: v[0]**2, [0.5], method='SLSQP', bounds=[(0, 1)], {equation})")
    assert (
        own is not None and own.ends[0].verdict == "infeasible" and "cannot hold within the bounds" in own.ends[0].text
    )


def test_names_of_scipy_that_are_not_imported_are_taken_for_its_own() -> None:
    own = calls.run("res = minimize(rosen, np.array([1.2, 1.0]))\nprint(res.success)")
    assert own is not None and own.calls[0].function == "minimize" and own.ends[0].verdict == "minimum"
    assert any("not imported" in note for note in own.run.evidence.notes)


FUNCTION = "def f(u):\n    x, y = u\n    return x**2*y + np.exp(y) + 3*x\n"
MODEL = "t = np.linspace(0, 2, 9)\nd = 2*np.exp(-t)\ndef r(p):\n    a, k = p\n    return a*np.exp(-k*t) - d\n"
GIVEN: list[tuple[str, str, list[tuple[str, object]]]] = [
    ("right", FUNCTION + "def g(u):\n    x, y = u\n    return np.array([2*x*y + 3, x**2 + np.exp(y)])\n"
     "minimize(f, [1, 1], jac=g, options={'maxiter': 2})", []),
    ("wrong", FUNCTION + "def g(u):\n    x, y = u\n    return np.array([2*x*y + 3, -x**2 - np.exp(y)])\n"
     "minimize(f, [1, 1], jac=g, options={'maxiter': 2})", [("sign", "y")]),
    ("wrong", FUNCTION + "def g(u):\n    x, y = u\n    return np.array([2*x*y, x**2 + np.exp(y)])\n"
     "minimize(f, [1, 1], jac=g, options={'maxiter': 2})", [("differs", "x")]),
    ("right", MODEL + "def J(p):\n    a, k = p\n    e = np.exp(-k*t)\n    return np.column_stack([e, -a*t*e])\n"
     "least_squares(r, [1, 1], jac=J)", []),
    ("wrong", MODEL + "def J(p):\n    a, k = p\n    e = np.exp(-k*t)\n    return np.column_stack([e, a*t*e])\n"
     "least_squares(r, [1, 1], jac=J)", [("sign", "k")]),
    ("wrong", MODEL + "def J(p):\n    a, k = p\n    e = np.exp(-k*t)\n    return np.array([e, -a*t*e])\n"
     "try:\n    least_squares(r, [1, 1], jac=J)\nexcept ValueError:\n    pass", [("transposed", None)]),
    ("right", MODEL + "def J(p):\n    a, k = p\n    e = np.exp(-k*t)\n    return np.array([e, -a*t*e])\n"
     "leastsq(r, [1, 1], Dfun=J, col_deriv=True)", []),
    ("wrong", "fsolve(lambda p: [p[0]**2 - p[1], p[1] - 2], [1, 1], fprime=lambda p: [[2*p[0], 1], [0, 1]])",
     [("differs", "p[1]")]),
    ("wrong", "def F(v):\n    x, y = v\n    return [x**2 + y**2 - 4, np.exp(x) + y - 1]\n"
     "root(F, [1, -1.5], jac=lambda v: np.array([[2*v[0], np.exp(v[0])], [2*v[1], 1]]))", [("transposed", None)]),
    ("wrong", "try:\n    minimize(lambda x: (x[0] - 1)**2 + x[1]**2, [0, 0], jac=True)\nexcept Exception:\n    pass",
     [("scalar-returned", None)]),
    ("wrong", "try:\n    minimize(lambda x: x@x, [1.0, 2.0], jac=lambda x: (x@x, 2*x))\nexcept Exception:\n    pass",
     [("wrong-shape", None)]),
    ("wrong", "minimize(rosen, [-1.2, 1], jac=lambda x: np.array([-400*x[0]*(x[1] - x[0]**2), 200*(x[1] - x[0]**2)]))",
     [("differs", "x[0]")]),
    ("wrong", "newton(lambda x: x**3 - 5, 2.0, fprime=lambda x: x**2, maxiter=500)", [("missing-factor", "x")]),
]  # fmt: skip


@pytest.mark.parametrize(("verdict", "code", "wanted"), GIVEN)
def test_derivatives_that_are_given_are_compared(verdict: str, code: str, wanted: list[tuple[str, object]]) -> None:
    own = calls.run(HEAD + code)
    assert own is not None and own.run.gap is None
    assert own.given is not None and own.given.verdict == verdict, own.given
    assert [(f["kind"], f.get("component")) for f in own.given.findings] == wanted


def test_an_answer_under_constraints_is_about_the_call() -> None:
    document = nabla.descend(HEAD + ENDS[6][0])
    assert document.values["calls"][0]["verdict"] == "minimum" and "multipliers" in document.answer.text
    assert "runs" not in document.values


def test_a_root_elsewhere_is_told() -> None:
    own = calls.run(HEAD + "fsolve(lambda x: x**3 - 3*x + 4, 1.0)")
    assert own is not None
    (end,) = own.ends
    assert end.verdict == "not-a-root" and end.better is not None
    assert abs(end.better[0] ** 3 - 3 * end.better[0] + 4) < 1e-6


def test_the_way_of_a_call_is_drawn_with_its_constraints_and_bounds() -> None:
    disc = "constraints={'type': 'ineq', 'fun': lambda v: 1 - v[0]**2 - v[1]**2}"
    asked = f"(lambda v: (v[0] - 2)**2 + (v[1] - 1)**2, [0.2, 0.2], method='SLSQP', bounds=[(0, 0.8), (0, 2)], {disc})"
    document = nabla.descend(f"{HEAD}minimize{asked}")
    (plot,) = [block for block in document.blocks if isinstance(block, Plot)]
    level, border = [mark for mark in plot.marks if isinstance(mark, Contour)]
    assert level.label == "f" and border.levels == [0.0]
    i, j = len(border.y) // 2, len(border.x) // 3
    assert border.z[i, j] == pytest.approx(1 - border.x[j] ** 2 - border.y[i] ** 2, rel=1e-4)
    bounds = [mark for mark in plot.marks if isinstance(mark, Line) and mark.label == "bound"]
    assert {float(mark.x[0]) for mark in bounds if mark.x[0] == mark.x[1]} == {0.0, 0.8}
    (way,) = [mark for mark in plot.marks if isinstance(mark, Path)]
    assert (way.x[0], way.y[0]) == (0.2, 0.2) and (way.x[-1], way.y[-1]) == pytest.approx((0.8, 0.6), abs=1e-4)


def _said(code: str) -> str:
    document = nabla.ask(f"What is wrong?\n{HEAD}{code}")
    assert document.answer is not None
    return document.answer.text


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("print(minimize(lambda x: -x[0]*(10 - x[0]), 0, bounds=[(0, 4)]).x)",
         "upper bound 4: the function would fall on"),
        ("t = np.arange(6.)\nprint(least_squares(lambda p: p[0]*np.exp(-p[1]*t) - 5*np.exp(-0.5*t), [1, 1], "
         "bounds=([0, 0], [4, 1])).x)", "upper bound 4: the sum of squares would fall on"),
        ("print(newton(lambda x: x**2 + 1, 1.0))", "There seems to be none in real numbers"),
        ("print(brentq(lambda x: np.exp(x) - 3*x**2, 0, 5))",
         "it changes its sign 2 times, in (0.9, 0.9125), (3.725, 3.7375)"),
        ("print(minimize(lambda w: np.float32(w[0])**2, [1.0], method='SLSQP').x)", "it rounds, as numbers of 32 bits"),
        ("P = np.array([[7, 5, 11], [5, 4, 1], [9, 3, 2]])\nprint(linear_sum_assignment(P))",
         "For the largest sum, 24, give"),
        ("rows = LinearConstraint([[6, 4], [1, 2]], -np.inf, [24, 6])\n"
         "print(milp([-5, -4], constraints=rows, bounds=Bounds(0, np.inf)).x)",
         "then it ends at (4, 0), where the cost is -20"),
    ],
)  # fmt: skip
def test_what_is_behind_an_end_is_told(code: str, told: str) -> None:
    assert told in _said(code).replace("-0)", "0)")


def test_no_gradient_is_said_to_vanish_at_a_bound() -> None:
    said = _said(
        "f = lambda v: 20 + v @ v - 10*np.cos(2*np.pi*v).sum()\nprint(minimize(f, [3., 3.], bounds=[(1, 5)]*2).x)"
    )
    assert "vanishes" not in said or "along the others" in said or "surroundings" in said
