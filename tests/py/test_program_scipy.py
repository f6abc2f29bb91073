"""Programs with the real SciPy: what its solvers do is taken down. Only where SciPy is installed."""

import sys

import numpy as np
import pytest

import nabla
from nabla.labs.descend import calls
from nabla.page import library
from nabla.program.errors import Gap
from nabla.program.modules import scipy
from nabla.program.run import Session
from nabla.program.source import read

HEAD = "import numpy as np\nfrom scipy.optimize import *\n"
here = pytest.mark.skipif(not scipy.is_here(), reason="SciPy is an extra: pip install nabla[scipy]")


def own(code: str) -> calls.Own:
    done = calls.run(HEAD + code)
    assert done is not None
    return done


@here
@pytest.mark.parametrize(
    ("code", "function", "x", "success"),
    [
        ("minimize(lambda v: (v[0]-1)**2 + v[1]**2, [3, 2], method='BFGS')", "minimize", [1, 0], True),
        ("minimize(lambda v: v[0]**2+v[1]**2, (1, 1), method='SLSQP', constraints={'type': 'eq', 'fun': "
         "lambda v: v[0]+v[1]-2})", "minimize", [1, 1], True),
        ("minimize(rosen, [-1.2, 1], method='Nelder-Mead', options={'maxiter': 5})", "minimize", None, False),
        ("minimize_scalar(lambda x: (x-2)**2)", "minimize_scalar", 2, True),
        ("fsolve(lambda x: x**2 - 4, 3)", "fsolve", [2], True),
        ("fsolve(lambda x: x**2 + 4, 3)", "fsolve", None, False),
        ("brentq(lambda x: x**3 - 8, 0, 5)", "brentq", 2, True),
        ("curve_fit(lambda x, a, b: a*x + b, [0, 1, 2], [1, 3, 5])", "curve_fit", [2, 1], True),
        ("least_squares(lambda p: p - 3, [0.0])", "least_squares", [3], True),
        ("root(lambda p: [p[0] - 1, p[1] + p[0]], [0, 0])", "root", [1, -1], True),
        ("linprog([1, 1], A_ub=[[-1, 0], [0, -1]], b_ub=[-1, -2])", "linprog", [1, 2], True),
        ("fmin(lambda x: (x[0]-1)**2, [0], disp=False)", "fmin", [1], None),
    ],
)  # fmt: skip
def test_calls_are_taken_down(code: str, function: str, x: object, success: bool | None) -> None:
    done = own(code)
    assert done.run.gap is None and done.run.raised is None
    (call,) = done.calls
    assert call.function == function and call.line == 3
    assert x is None or np.allclose(call.x, x, atol=1e-3)
    assert success is None or call.success is success


@here
def test_a_function_of_two_parameters_raises_as_scipy_does() -> None:
    document = nabla.descend(HEAD + "def cost(p, q):\n    return (p-4)**2 + q**2\nminimize(cost, [1, 1])")
    assert document.values["raises"]["type"] == "TypeError" and document.values["raises"]["line"] == 5
    assert document.values["calls"][0]["raises"]["message"].endswith("missing 1 required positional argument: 'q'")
    assert "unpack" in document.answer.text and "raises" in document.title


@here
def test_options_are_heeded_and_prints_kept() -> None:
    code = (
        HEAD + "r = minimize(rosen, [-1.2, 1], method='Nelder-Mead', options={'maxiter': 7})\nprint(r.nit, r.success)"
    )
    document = nabla.descend(code)
    assert document.values["printed"][0]["text"] == "7 False"
    assert document.values["calls"][0]["success"] is False


@here
@pytest.mark.parametrize("code", ["scipy._lib", "scipy.optimize._minimize", "scipy.optimize.minimize.__globals__",
                                  "scipy.io.loadmat('x')", "scipy.LowLevelCallable"])  # fmt: skip
def test_scipy_leads_nowhere_else(code: str) -> None:
    done = calls.run(f"import scipy, scipy.optimize\nprint('reached', {code})")
    assert done is None or (isinstance(done.run.gap, Gap) and not done.run.evidence.printed)


def test_without_scipy_the_gap_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scipy, "is_here", lambda: False)
    session = Session(read(HEAD + "minimize(rosen, [1, 2])"))
    session.guard.supply |= scipy.supply([], session.guard)
    gap = session.run().gap
    assert gap is not None and "not installed" in gap.what and gap.line == 2
    assert calls.run(HEAD + "minimize(rosen, [1, 2])") is None


def test_where_scipy_comes_later_the_call_is_given_up_whatever_the_program_catches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "meta_path", [])
    monkeypatch.setattr(sys, "modules", {name: at for name, at in sys.modules.items() if not name.startswith("scipy")})
    missed: list[str] = []
    library.watch("scipy", ["scipy"], missed.append)
    code = "try:\n    import scipy.optimize as so\n    so.minimize\nexcept BaseException:\n    print('caught')"
    with pytest.raises(library.LibraryNeeded):
        calls.run(code)
    assert missed == ["scipy"]
    library.has_come("scipy")
    assert sys.meta_path == []
