"""Calls of scipy.optimize with what the real SciPy answers; `python tests/truth/scipy_calls.py` writes them as JSON.

Each is a whole program; its last line binds `result`. Run by plain CPython, without anything of Nabla.
"""

import contextlib
import io
import json
import sys
import warnings
from pathlib import Path
from typing import Any

HEAD = """import numpy as np
from scipy.optimize import *
def bowl(x):
    return (x[0] - 1)**2 + 3*(x[1] + 2)**2 + 0.5*x[0]*x[1]
def bowl_der(x):
    return np.array([2*(x[0] - 1) + 0.5*x[1], 6*(x[1] + 2) + 0.5*x[0]])
def bowl_hess(x):
    return np.array([[2, 0.5], [0.5, 6.0]])
def humps(x):
    return np.sin(3*x) + 0.1*(x - 2)**2
def circle(p):
    x, y = p
    return [x**2 + y**2 - 4, np.exp(x) + y - 1]
def circle_jac(p):
    x, y = p
    return np.array([[2*x, 2*y], [np.exp(x), 1]])
t = np.array([0., 1, 2, 3, 4, 5])
d = np.array([4.1, 2.9, 2.2, 1.6, 1.15, 0.9])
def decay(p):
    return p[0]*np.exp(-t/p[1]) - d
def decay_jac(p):
    e = np.exp(-t/p[1])
    return np.column_stack([e, p[0]*e*t/p[1]**2])
line = {'type': 'eq', 'fun': lambda x: x[0] + x[1] - 1}
disc = {'type': 'ineq', 'fun': lambda x: 2 - x[0]**2 - x[1]**2}
box = [(0, 2), (-1, 3)]
"""
PLAIN = ["Nelder-Mead", "Powell", "CG", "BFGS", "L-BFGS-B", "TNC", "COBYLA", "SLSQP", "trust-constr", None]
SLOPES = ["CG", "BFGS", "Newton-CG", "L-BFGS-B", "TNC", "SLSQP", "trust-constr"]
CURVED = ["Newton-CG", "dogleg", "trust-ncg", "trust-exact", "trust-krylov", "trust-constr"]
CALLS: list[str] = [
    *(f"minimize(rosen, [-1.2, 1.0], method={method!r})" for method in PLAIN),
    *(f"minimize(bowl, (3, 3), method={method!r}, jac=bowl_der)" for method in SLOPES),
    *(f"minimize(rosen, [-1.2, 1.0], method={method!r}, jac=rosen_der, hess=rosen_hess)" for method in CURVED),
    *(f"minimize(bowl, [1.5, 0.5], method={method!r}, bounds=box)"
      for method in ("Nelder-Mead", "Powell", "L-BFGS-B", "TNC", "SLSQP", "trust-constr", "COBYLA")),
    *(f"minimize(bowl, [0.5, 0.5], method={method!r}, constraints=[{c}])"
      for method in ("SLSQP", "trust-constr") for c in ("line", "disc", "line, disc")),
    "minimize(bowl, [0.5, 0.5], method='COBYLA', constraints=[disc])",
    "minimize(bowl, [0.5, 0.5], method='trust-constr', constraints=LinearConstraint([[1, 1]], 1, 1))",
    *(f"minimize(bowl, [0.5, 0.5], method={method!r}, constraints=NonlinearConstraint(lambda x: x[0]**2 + x[1]**2, "
      "-np.inf, 2))" for method in ("trust-constr", "SLSQP")),
    "minimize(bowl, [0.5, 0.5], bounds=Bounds([0, -1], [2, 3]))",
    # Options.
    "minimize(rosen, [-1.2, 1.0], method='Nelder-Mead', options={'maxiter': 20})",
    "minimize(rosen, [-1.2, 1.0], method='Nelder-Mead', options={'xatol': 1e-8, 'fatol': 1e-8})",
    "minimize(rosen, [-1.2, 1.0], method='Nelder-Mead', options={'adaptive': True, 'maxfev': 60})",
    "minimize(rosen, [-1.2, 1.0], method='Nelder-Mead', options={'initial_simplex': [[0, 0], [1, 0], [0, 1]]})",
    "minimize(rosen, [-1.2, 1.0], method='Powell', options={'maxiter': 2})",
    "minimize(rosen, [-1.2, 1.0], method='BFGS', jac=rosen_der, options={'gtol': 1e-2})",
    "minimize(rosen, [-1.2, 1.0], method='BFGS', options={'maxiter': 5})",
    "minimize(rosen, [-1.2, 1.0], method='CG', jac=rosen_der, options={'maxiter': 4, 'norm': 2})",
    "minimize(rosen, [-1.2, 1.0], method='L-BFGS-B', options={'maxcor': 3, 'ftol': 1e-3})",
    "minimize(rosen, [-1.2, 1.0], method='L-BFGS-B', options={'maxfun': 10})",
    "minimize(rosen, [-1.2, 1.0], method='TNC', options={'maxfun': 15})",
    "minimize(rosen, [-1.2, 1.0], method='SLSQP', options={'ftol': 1e-12})",
    "minimize(rosen, [-1.2, 1.0], method='SLSQP', options={'maxiter': 3})",
    "minimize(rosen, [-1.2, 1.0], method='trust-constr', jac=rosen_der, hess=BFGS(), options={'maxiter': 10})",
    "minimize(rosen, [-1.2, 1.0], method='trust-constr', jac='2-point', hess=SR1())",
    "minimize(rosen, [-1.2, 1.0], method='BFGS', jac='3-point')",
    "minimize(rosen, [-1.2, 1.0], method='COBYLA', options={'rhobeg': 0.5, 'maxiter': 50})",
    "minimize(rosen, [-1.2, 1.0], tol=1e-2)",
    "minimize(lambda x: (bowl(x), bowl_der(x)), [0, 0], jac=True, method='BFGS')",
    "minimize(lambda x, a, b: (x[0] - a)**2 + b*x[1]**2, [1, 1], args=(3.0, 2.0))",
    "minimize(lambda x, a: (x[0] - a)**2, [1.0], args=3.0)",
    "minimize(rosen, [-1.2, 1.0], method='Newton-CG', jac=rosen_der, hessp=rosen_hess_prod)",
    "minimize(rosen, [1.3, 0.7, 0.8, 1.9, 1.2], method='Nelder-Mead', tol=1e-6)",
    "minimize(rosen, [1.3, 0.7, 0.8, 1.9, 1.2], method='BFGS', jac=rosen_der, callback=lambda x: None)",
    "minimize(lambda x: np.abs(x).sum(), [1.0, 2.0], method='BFGS')",
    "minimize(lambda x: np.nan, [1.0, 2.0], method='BFGS')",
    # What it raises.
    "minimize(lambda x, y: x + y, [1.0, 2.0])",
    "minimize(lambda x: x, [1.0, 2.0])",
    "minimize(lambda x: None, [1.0, 2.0])",
    "minimize(rosen, [[1.0, 2.0], [3.0, 4.0]])",
    "minimize(rosen, [-1.2, 1.0], method='Newton-CG')",
    "minimize(rosen, [-1.2, 1.0], method='dogleg', jac=rosen_der)",
    "minimize(rosen, [-1.2, 1.0], method='newton')",
    "minimize(rosen, [-1.2, 1.0], bounds=[(0, 1)])",
    "minimize(rosen, [-1.2, 1.0], bounds=[(1, 0), (0, 1)])",
    "minimize(bowl, [0, 0], jac=lambda x: np.sum(bowl_der(x)), method='BFGS')",
    "minimize(bowl, [0, 0], jac=lambda x: bowl_der(x)[:1], method='L-BFGS-B')",
    "minimize(bowl, [0, 0], jac=True)",
    "minimize(rosen, [-1.2, 1.0], args=(1.0, 2.0))",
    # One variable.
    "minimize_scalar(humps)", "minimize_scalar(humps, bracket=(0, 1))", "minimize_scalar(humps, bracket=(1, 1.5, 2.5))",
    "minimize_scalar(humps, bounds=(-4, 8), method='bounded')", "minimize_scalar(humps, method='golden')",
    "minimize_scalar(humps, bounds=(-4, 8), options={'maxiter': 3})", "minimize_scalar(humps, tol=1e-2)",
    "minimize_scalar(humps, method='bounded')", "fminbound(humps, -4, 8)", "brent(humps)",
    "golden(humps, brack=(0, 1))",
    "brent(humps, brack=(-1, 0, 1))",
    # Roots.
    "brentq(lambda x: x**3 - 8, 0, 5)", "brenth(lambda x: x**3 - 8, 0, 5)",
    "bisect(lambda x: x**3 - 8, 0, 5, xtol=1e-3)",
    "ridder(lambda x: x**3 - 8, 0, 5)", "toms748(lambda x: x**3 - 8, 0, 5)", "brentq(lambda x: x**2 + 1, 0, 5)",
    "newton(lambda x: x**3 - 8, 3.0)", "newton(lambda x: x**3 - 8, 3.0, fprime=lambda x: 3*x**2)",
    "newton(lambda x: x**2 + 1, 3.0)", "newton(lambda x: x**3 - x + 1, 0)", "fixed_point(lambda x: np.cos(x), 0.5)",
    "root_scalar(lambda x: x**3 - 8, bracket=[0, 5], method='brentq')",
    "root_scalar(lambda x: x**3 - 8, x0=3.0, fprime=lambda x: 3*x**2, method='newton')",
    "root_scalar(lambda x: x**3 - 8, x0=3.0, x1=4.0, method='secant')", "fsolve(circle, [1, -1.5])",
    "fsolve(circle, [1, -1.5], fprime=circle_jac)", "fsolve(circle, [1, -1.5], xtol=1e-2)",
    "fsolve(lambda p: [p[0]**2 + p[1]**2 - 1, p[1] - p[0] - 3], [0.5, 0.5])", "fsolve(lambda p: p[0], [1, 2])",
    *(f"root(circle, [1, -1.5], method={method!r})" for method in ("hybr", "lm", "broyden1", "anderson", "df-sane")),
    "root(circle, [1, -1.5], jac=circle_jac)", "root(lambda x: x**2 + 1, 1.0)",
    # Least squares.
    *(f"least_squares(decay, [3.0, 2.0], method={method!r})" for method in ("trf", "dogbox", "lm")),
    *(f"least_squares(decay, [3.0, 2.0], loss={loss!r}, f_scale=0.1)"
      for loss in ("soft_l1", "huber", "cauchy", "arctan")),
    "least_squares(decay, [3.0, 2.0], jac=decay_jac)", "least_squares(decay, [3.0, 2.0], bounds=([0, 0], [4, 3]))",
    "least_squares(decay, [3.0, 2.0], max_nfev=2)", "least_squares(decay, [5.0, 2.0], bounds=([0, 0], [4, 3]))",
    "least_squares(decay, [3.0, 2.0], jac='3-point', x_scale='jac', ftol=1e-12)", "leastsq(decay, [3.0, 2.0])",
    "leastsq(decay, [3.0, 2.0], full_output=True)", "leastsq(lambda p: p[0], [1, 2])",
    "curve_fit(lambda x, a, k: a*np.exp(-x/k), t, d, p0=[3, 2])", "nnls(np.eye(2), np.array([1.0, -1.0]))",
    "lsq_linear(np.array([[1, 1], [1, 2], [1, 3.0]]), np.array([1, 2, 2.0]), bounds=(0, 0.6))",
    # Linear programs and assignments.
    "linprog([-1, 4], A_ub=[[-3, 1], [1, 2]], b_ub=[6, 4], bounds=[(None, None), (-3, None)])",
    "linprog([1, 2], A_ub=[[-1, -1]], b_ub=[3])", "linprog([-1, -1], A_ub=[[1, -1]], b_ub=[2])",
    "linprog([1, 1], A_ub=[[1, 1]], b_ub=[-1])", "linprog([1, 2, 3], A_eq=[[1, 1, 1]], b_eq=[1], method='highs-ds')",
    "linprog([1, 2], A_ub=[[1, 1, 1]], b_ub=[3])",
    "milp(-np.array([10, 13, 7, 8]), constraints=LinearConstraint([5, 6, 3, 4], ub=10), integrality=np.ones(4), "
    "bounds=Bounds(0, 1))",
    "linear_sum_assignment([[4, 1, 3], [2, 0, 5], [3, 2, 2]])",
    "linear_sum_assignment([[4, 1], [2, 0]], maximize=True)",
    # Global.
    "basinhopping(lambda x: humps(x[0]), [0.0], niter=10, seed=1)",
    "differential_evolution(lambda x: humps(x[0]), [(-4, 8)], seed=1)",
    "differential_evolution(bowl, [(-4, 4), (-4, 4)], seed=3, maxiter=5, polish=False)",
    "dual_annealing(lambda x: humps(x[0]), [(-4, 8)], seed=1, maxiter=50)", "shgo(lambda x: humps(x[0]), [(-4, 8)])",
    "brute(bowl, (slice(-4, 4, 0.5), slice(-4, 4, 0.5)), finish=None)",
    # The old ones, and derivatives.
    "fmin(rosen, [-1.2, 1.0], disp=False)", "fmin(rosen, [-1.2, 1.0], full_output=True, disp=False)",
    "fmin_bfgs(rosen, [-1.2, 1.0], fprime=rosen_der, disp=False)", "fmin_cg(rosen, [-1.2, 1.0], disp=False)",
    "fmin_ncg(rosen, [-1.2, 1.0], rosen_der, disp=False)", "fmin_powell(rosen, [-1.2, 1.0], disp=False)",
    "fmin_l_bfgs_b(rosen, [-1.2, 1.0], approx_grad=True)", "fmin_tnc(rosen, [-1.2, 1.0], fprime=rosen_der, messages=0)",
    "fmin_slsqp(bowl, [0.5, 0.5], eqcons=[lambda x: x[0] + x[1] - 1], disp=False)",
    "fmin_cobyla(bowl, [0.5, 0.5], [lambda x: 2 - x[0]**2 - x[1]**2])",
    "check_grad(bowl, bowl_der, np.array([1.0, 2.0]))",
    "check_grad(bowl, lambda x: 2*bowl_der(x), np.array([1.0, 2.0]))",
    "approx_fprime(np.array([1.0, 2.0]), bowl, 1e-6)",
    "line_search(bowl, bowl_der, np.array([3.0, 3.0]), np.array([-1.0, -1.0]))",
]  # fmt: skip


def plain(value: Any) -> Any:
    """A result as JSON: its place, value, success and message where it has them, else its numbers."""
    import numpy as np

    if hasattr(value, "x") or hasattr(value, "root"):
        names = ("x", "root", "fun", "success", "converged", "message", "flag", "nfev", "nit", "function_calls")
        return {name: plain(getattr(value, name)) for name in names if hasattr(value, name)}
    if isinstance(value, dict):
        return {name: plain(value[name]) for name in ("nfev", "task", "warnflag", "fvec") if name in value}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (str, bool)):
        return value
    array = np.asarray(value)
    return array.tolist() if array.dtype.kind in "biuf" else str(value)


def answered(call: str) -> dict[str, Any]:
    """What plain CPython with SciPy does with a program."""
    names: dict[str, Any] = {}
    quiet = contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO())
    with quiet[0], quiet[1], warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(HEAD + f"result = {call}\n", names)
        except Exception as error:
            return {"raises": {"type": type(error).__name__, "message": str(error)}}
    return {"result": plain(names["result"])}


def main() -> None:
    """Write the table."""
    import scipy

    table = {"scipy": scipy.__version__, "calls": {call: answered(call) for call in CALLS}}
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    print(len(CALLS), file=sys.stderr)


if __name__ == "__main__":
    main()
