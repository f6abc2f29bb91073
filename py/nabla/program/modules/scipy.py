"""`scipy`: the real one where it is installed, by exact names; calls of its solvers are taken down."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import inspect
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nabla.program.errors import Gap
from nabla.program.guard import Guard
from nabla.program.modules.plain import real
from nabla.program.objects import Supply

POINTS = 500  # at which a function was evaluated that are kept
_MINIMISERS = (
    "minimize minimize_scalar basinhopping differential_evolution dual_annealing shgo brute fmin fmin_bfgs fmin_cg "
    "fmin_cobyla fmin_l_bfgs_b fmin_ncg fmin_powell fmin_slsqp fmin_tnc fminbound brent golden"
).split()
_SOLVERS = (
    "root root_scalar fsolve brentq brenth bisect newton ridder toms748 fixed_point least_squares leastsq "
    "curve_fit nnls lsq_linear linprog milp linear_sum_assignment"
).split()
_OTHERS = (
    "approx_fprime check_grad rosen rosen_der rosen_hess rosen_hess_prod Bounds LinearConstraint NonlinearConstraint "
    "BFGS SR1 OptimizeResult OptimizeWarning line_search show_options bracket"
).split()
_TABLES = {
    "special": (
        "erf erfc erfinv gamma gammaln digamma polygamma beta betaln expit logit logsumexp softmax log_softmax xlogy "
        "comb factorial jv yv iv kv airy zeta legendre lambertw sinc entr rel_entr kl_div binom"
    ),
    "linalg": (
        "inv solve det norm cholesky cho_factor cho_solve eig eigh eigvals eigvalsh svd svdvals qr lu lu_factor "
        "lu_solve lstsq pinv expm logm sqrtm block_diag toeplitz hilbert circulant null_space orth solve_triangular"
    ),
    "integrate": "quad dblquad tplquad trapezoid simpson cumulative_trapezoid solve_ivp odeint romb fixed_quad",
    "interpolate": "interp1d CubicSpline UnivariateSpline griddata make_interp_spline PchipInterpolator",
    "spatial.distance": "cdist pdist squareform euclidean cosine",
    "constants": "pi c h k g G e N_A R",
}
RESULT = frozenset(
    "x fun success message nfev njev nhev nit status jac hess hess_inv grad cost optimality active_mask maxcv constr "
    "lowest_optimization_result xl funl root converged flag iterations function_calls slack con residual ineqlin eqlin "
    "lower upper marginals constr_violation execution_time tr_radius v cg_niter cg_stop_cond method barrier_parameter "
    "population population_energies minimization_failures get keys values items".split()
)
_UNSIGNED = {"linear_sum_assignment": ("cost_matrix", "maximize")}  # arguments of functions in C
_DICTIONARY = frozenset("get keys values items".split())


@dataclass
class SolverCall:
    """One call of a solver, and how it ended.

    Attributes:
        function: its name in `scipy.optimize`.
        method: as given, or as SciPy reports it.
        arguments: what was given, by SciPy's names.
        x, fun, success, message: as SciPy gives them; None where it gives none.
        raises: type and message of what it raised.
        points: where the function was evaluated, the first `POINTS`.
        warned: what it warned of.
        result: as the solver gave it.
    """

    function: str
    line: int
    method: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    x: Any = None
    fun: Any = None
    success: bool | None = None
    message: str = ""
    raises: dict[str, str] | None = None
    points: list[Any] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)
    result: Any = None


@dataclass
class SolverStandIn:
    """A call of `minimize`, or of a function like it, that was only taken down."""

    fun: Any
    start: Any
    method: str = ""
    jac: Any = None
    hess: Any = None
    bounds: Any = None
    args: tuple[Any, ...] = ()
    line: int = 0
    constrained: bool = False


class _Unsolved(dict[str, Any]):
    """What a solver that was only taken down gives: its start, and nothing else."""


def standing_in(calls: list[SolverStandIn], guard: Guard) -> Supply:
    """`scipy` whose minimisers take down what they are asked for and give the start back; installed or not."""

    def minimize(fun: Any, x0: Any, args: Any = (), method: Any = None, jac: Any = None, hess: Any = None,
                 hessp: Any = None, bounds: Any = None, constraints: Any = (), **_: Any) -> Any:  # fmt: skip
        given = args if isinstance(args, tuple) else (args,)
        constrained = not isinstance(constraints, (tuple, list)) or len(constraints) > 0
        name = method if isinstance(method, str) else ""
        calls.append(SolverStandIn(fun, x0, name, jac, hess, bounds, given, guard.line(), constrained))
        start = np.atleast_1d(np.array(x0, dtype=float))
        return _Unsolved(x=start, fun=0.0, success=True, message="", nit=0, nfev=0, njev=0, status=0, jac=start)

    def older(name: str) -> Callable[..., Any]:
        def call(f: Any, x0: Any, fprime: Any = None, fhess: Any = None, args: Any = (), **_: Any) -> Any:
            return minimize(f, x0, args, name, fprime, fhess)["x"]

        return call

    def check_grad(f: Any, g: Any, x0: Any, *args: Any, **_: Any) -> float:
        minimize(f, x0, args, "", g)
        return 0.0

    table: dict[str, Any] = {
        "minimize": minimize, "check_grad": check_grad, "fmin_ncg": older("Newton-CG"), "fmin_bfgs": older("BFGS"),
        "fmin_cg": older("CG"), "fmin_l_bfgs_b": older("L-BFGS-B"), "Bounds": _bounds,
        "fmin": lambda f, x0, args=(), **_: minimize(f, x0, args, "Nelder-Mead")["x"],
        "approx_fprime": lambda x, *_: np.zeros(np.size(x)), "rosen": _rosen, "rosen_der": _rosen_der,
        "rosen_hess": _rosen_hess,
    }  # fmt: skip

    def of_result(value: Any, name: str) -> Any:
        return getattr(value, name) if name in _DICTIONARY else value.get(name, 0)

    modules: dict[str, Callable[[], Any]] = {
        "scipy": lambda: {"optimize": guard.module("scipy.optimize")},
        "scipy.optimize": lambda: table,
    }
    modules |= {f"scipy.{name}": functools.partial(_table, name) for name in _TABLES}
    usual = {name: f"scipy.optimize:{name}" for name in table}
    return Supply(modules=modules, readers={_Unsolved: of_result}, usual={**usual, "optimize": "scipy.optimize"})


def _bounds(lb: Any = -np.inf, ub: Any = np.inf, **_: Any) -> Any:
    return list(zip(*np.broadcast_arrays(lb, ub), strict=True))


def _rosen(x: Any) -> Any:
    """The sum of 100 (x[i+1] - x[i]^2)^2 + (1 - x[i])^2."""
    x = np.asanyarray(x)
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def _rosen_der(x: Any) -> Any:
    """Its gradient."""
    x = np.asanyarray(x)
    slope = np.zeros_like(x)
    slope[:-1] += -400 * x[:-1] * (x[1:] - x[:-1] ** 2) - 2 * (1 - x[:-1])
    slope[1:] += 200 * (x[1:] - x[:-1] ** 2)
    return slope


def _rosen_hess(x: Any) -> Any:
    """Its Hessian."""
    x = np.asanyarray(x)
    rows = np.zeros((x.size, x.size), dtype=x.dtype)
    for i in range(x.size - 1):
        rows[i, i] += 1200 * x[i] ** 2 - 400 * x[i + 1] + 2
        rows[i + 1, i + 1] += 200
        rows[i, i + 1] = rows[i + 1, i] = -400 * x[i]
    return rows


def is_here() -> bool:
    """Whether SciPy is installed."""
    return importlib.util.find_spec("scipy") is not None


def supply(calls: list[SolverCall], guard: Guard) -> Supply:
    """SciPy for one run; its solvers' calls are added to `calls`."""
    modules: dict[str, Callable[[], Any]] = {
        "scipy": lambda: {"__version__": _real("scipy").__version__},
        "scipy.optimize": lambda: _optimize(calls, guard),
        "scipy.spatial": lambda: {"distance": _table("spatial.distance")},
    }
    modules |= {f"scipy.{name}": functools.partial(_table, name) for name in _TABLES}
    usual = {name: f"scipy.optimize:{name}" for name in (*_MINIMISERS, *_SOLVERS, *_OTHERS)}
    return Supply(modules=modules, usual={**usual, "optimize": "scipy.optimize", "opt": "scipy.optimize"})


def _real(name: str) -> Any:
    if not is_here():
        raise Gap("SciPy, which is not installed here (pip install scipy)")
    return importlib.import_module(name)


def _table(name: str) -> Mapping[str, Any]:
    return real(_real(f"scipy.{name}"), _TABLES[name].split())


def _of_result(value: Any, name: str) -> Any:
    """The fields of a result, which is a dictionary with attributes."""
    if name in value and name in RESULT:
        return value[name]
    if name in RESULT - _DICTIONARY:
        raise AttributeError(name)  # as SciPy has it
    if name in _DICTIONARY:
        return getattr(value, name)
    raise KeyError(name)


def _optimize(calls: list[SolverCall], guard: Guard) -> Mapping[str, Any]:
    optimize = _real("scipy.optimize")
    guard.supply.readers[optimize.OptimizeResult] = _of_result
    guard.supply.types[optimize.Bounds] = frozenset({"lb", "ub", "keep_feasible"})
    table = real(optimize, _OTHERS)
    for name in (*_MINIMISERS, *_SOLVERS):
        if hasattr(optimize, name):
            table[name] = _recorded(name, getattr(optimize, name), calls, guard.line)
    return table


def _recorded(name: str, solver: Any, calls: list[SolverCall], line: Callable[[], int]) -> Callable[..., Any]:
    @functools.wraps(solver)
    def call(*args: Any, **named: Any) -> Any:
        given = _given(solver, args, named)
        method = given.get("method")
        taken = SolverCall(name, line(), method if isinstance(method, str) else "", given)
        calls.append(taken)
        if args and callable(args[0]) and name != "curve_fit":
            args = (_watched(args[0], taken.points), *args[1:])
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            try:
                result = solver(*args, **named)
            except Exception as error:
                taken.raises = {"type": type(error).__name__, "message": str(error)}
                raise
            finally:
                taken.warned = list(dict.fromkeys(" ".join(str(w.message).split()) for w in warned))
        _note(taken, result, bool(named.get("full_output")))
        return result

    return call


def _given(solver: Any, args: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
    """The arguments by SciPy's names, as far as those are known and taken."""
    try:
        return dict(inspect.signature(solver).bind_partial(*args, **named).arguments)
    except (TypeError, ValueError):  # what SciPy refuses itself; a function in C without a signature
        return {**dict(zip(_UNSIGNED.get(solver.__name__, ()), args, strict=False)), **named}


def _watched(function: Any, points: list[Any]) -> Any:
    @functools.wraps(function, updated=())
    def evaluated(*args: Any, **named: Any) -> Any:
        if len(points) < POINTS and args:
            points.append(np.array(args[0], copy=True))
        return function(*args, **named)

    return evaluated


def _note(taken: SolverCall, result: Any, full: bool) -> None:
    """What a solver gave, in the same terms whatever its shape."""
    taken.result = result
    if hasattr(result, "x") or hasattr(result, "root"):
        taken.x = result.x if hasattr(result, "x") else result.root
        taken.fun = getattr(result, "fun", None)
        success = getattr(result, "success", getattr(result, "converged", None))
        taken.success = None if success is None else bool(success)
        message = getattr(result, "message", getattr(result, "flag", ""))
        taken.message = "; ".join(map(str, message)) if isinstance(message, list) else str(message)
    elif taken.function == "curve_fit":
        taken.x, taken.success = result[0], bool(np.all(np.isfinite(result[1])))
        taken.message = "; ".join(taken.warned)
    elif taken.function == "linear_sum_assignment":
        taken.x, taken.success = result[1], True
    elif isinstance(result, tuple):
        taken.x = result[0]
        taken.message = next((item for item in result if isinstance(item, str)), "; ".join(taken.warned))
    else:
        taken.x, taken.message = result, "; ".join(taken.warned)
        taken.success = not taken.warned
    if full and taken.function in ("fsolve", "leastsq") and isinstance(result, tuple):
        taken.success = result[-2] in (1, 2, 3, 4)
