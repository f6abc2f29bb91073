"""Programs with right and wrong gradients, and the kind of mistake of each wrong one."""

from __future__ import annotations

# Name, function of x, y, the two components of its gradient, and a start.
PLANE = {
    "valley": ("(1-x)**2 + 2*(y-x**2)**2", "-2*(1-x) - 8*x*(y-x**2)", "4*(y-x**2)", "[3.0, 2.0]"),
    "rosenbrock": ("100*(y-x**2)**2 + (1-x)**2", "-400*x*(y-x**2) - 2*(1-x)", "200*(y-x**2)", "[-1.2, 1.0]"),
    "himmelblau": (
        "(x**2+y-11)**2 + (x+y**2-7)**2",
        "4*x*(x**2+y-11) + 2*(x+y**2-7)",
        "2*(x**2+y-11) + 4*y*(x+y**2-7)",
        "[0.5, 0.25]",
    ),
    "wave": ("np.sin(x*y) + x**2", "y*np.cos(x*y) + 2*x", "x*np.cos(x*y)", "[0.7, 1.3]"),
    "bell": (
        "np.exp(-(x**2+y**2)/2) + x*y",
        "-x*np.exp(-(x**2+y**2)/2) + y",
        "-y*np.exp(-(x**2+y**2)/2) + x",
        "[0.4, -0.6]",
    ),
    "logarithm": ("np.log(1+x**2+3*y**2)", "2*x/(1+x**2+3*y**2)", "6*y/(1+x**2+3*y**2)", "[1.5, 0.5]"),
    "booth": ("(x+2*y-7)**2 + (2*x+y-5)**2", "2*(x+2*y-7) + 4*(2*x+y-5)", "4*(x+2*y-7) + 2*(2*x+y-5)", "[-8.0, 7.0]"),
}
HEAD = "import numpy as np\n\ndef f(params):\n    x, y = params\n    return {f}\n\nx0 = {start}\n\n"


def program(name: str, body: str) -> str:
    """The program of a function of `PLANE` with `body` as the lines of its gradient's function."""
    f, _, _, start = PLANE[name]
    lines = "\n".join("    " + line for line in body.splitlines())
    return HEAD.format(f=f, start=start) + f"def jacobian(params):\n    x, y = params\n{lines}\n"


def returned(name: str, dx: str = "", dy: str = "") -> str:
    """The program whose gradient returns the components given, the right ones where none is."""
    _, right_x, right_y, _ = PLANE[name]
    return program(name, f"return np.array([{dx or right_x}, {dy or right_y}])")


def _structural() -> list[tuple[str, str]]:
    made = []
    for name, (_, dx, dy, start) in PLANE.items():
        at = {"x": float(start.strip("[]").split(",")[0]), "y": float(start.strip("[]").split(",")[1])}
        if name in ("valley", "rosenbrock", "himmelblau", "wave", "bell"):
            made += [
                ("swapped", program(name, f"return np.array([{dy}, {dx}])")),
                ("transposed", program(name, f"return np.array([[{dx}], [{dy}]])")),
                ("wrong-shape", program(name, f"return np.array([{dx}, {dy}, 0.0])")),
                ("zero-d", program(name, f"der = np.zeros_like(x)\nder[0] = {dx}\nder[1] = {dy}\nreturn der")),
                ("scalar-returned", program(name, f"return {dx} + {dy}")),
                ("in-place", program(name, f"params[0] = params[0] - 1\nreturn np.array([{dx}, {dy}])")),
                (
                    "integer-array",
                    program(name, f"der = np.zeros(2, dtype=int)\nder[0] = {dx}\nder[1] = {dy}\nreturn der"),
                ),
            ]
        if name in ("valley", "rosenbrock", "himmelblau", "logarithm"):
            caret = program(name, f"return np.array([{dx}, {dy}])".replace("**", "^"))
            made.append(("caret-for-power", caret))
        if name in ("valley", "rosenbrock", "booth", "himmelblau"):
            fixed = program(name, f"x, y = {at['x']}, {at['y']}\nreturn np.array([{dx}, {dy}])")
            made.append(("right-only-at-start", fixed))
    made += [
        ("transposed", program("valley", "return np.array([[-2*(1-x) - 8*x*(y-x**2), 4*(y-x**2)]])")),
        ("wrong-shape", program("booth", "return np.array([[10, 8], [8, 10]])")),
        ("wrong-shape", program("wave", "y*np.cos(x*y) + 2*x")),
        ("integer-array", program("booth", "der = np.zeros_like([0, 0])\nder[0] = 2*(x+2*y-7) + 4*(2*x+y-5)\n"
                                       "der[1] = 4*(x+2*y-7) + 2*(2*x+y-5)\nreturn der")),
    ]  # fmt: skip
    return made


def _values() -> list[tuple[str, str]]:
    return [
        ("sign", returned("valley", "-2*(1-x) + 8*x*(y-x**2)")),
        ("sign", returned("valley", "2*(1-x) - 8*x*(y-x**2)")),
        ("sign", returned("valley", "2*(1-x) + 8*x*(y-x**2)", "-4*(y-x**2)")),
        ("sign", returned("rosenbrock", "400*x*(y-x**2) - 2*(1-x)")),
        ("sign", returned("himmelblau", "", "2*(x**2+y-11) - 4*y*(x+y**2-7)")),
        ("sign", returned("wave", "-y*np.cos(x*y) + 2*x")),
        ("sign", returned("bell", "x*np.exp(-(x**2+y**2)/2) + y")),
        ("missing-factor", returned("valley", "", "2*(y-x**2)")),
        ("missing-factor", returned("valley", "-(1-x) - 8*x*(y-x**2)")),
        ("missing-factor", returned("rosenbrock", "-200*x*(y-x**2) - 2*(1-x)")),
        ("missing-factor", returned("logarithm", "x/(1+x**2+3*y**2)")),
        ("missing-factor", returned("booth", "2*(x+2*y-7) + 2*(2*x+y-5)")),
        ("missing-factor", returned("wave", "y*np.cos(x*y) + x")),
        ("chain-rule", returned("valley", "-2*(1-x) + 4*(y-x**2)")),
        ("chain-rule", returned("rosenbrock", "200*(y-x**2) - 2*(1-x)")),
        ("chain-rule", returned("wave", "np.cos(x*y) + 2*x")),
        ("chain-rule", returned("wave", "", "np.cos(x*y)")),
        ("chain-rule", returned("bell", "np.exp(-(x**2+y**2)/2) + y")),
        ("chain-rule", returned("logarithm", "1/(1+x**2+3*y**2)")),
        ("chain-rule", returned("himmelblau", "2*(x**2+y-11) + 2*(x+y**2-7)")),
        ("other-function", returned("valley", "2*x + np.cos(y)", "-x*np.sin(y)")),
        ("other-function", returned("booth", "np.cos(x)*y", "np.sin(x)")),
        ("other-function", returned("wave", "np.exp(x) + y**3", "3*x*y**2 + 1/(1+y**2)")),
        ("other-function", returned("bell", "4*x**3*y", "x**4 + np.cos(y)")),
        ("missing-term", returned("valley", "-8*x*(y-x**2)")),
        ("missing-term", returned("wave", "y*np.cos(x*y)")),
    ]


REGRESSION = """
import numpy as np
X = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 4.0]])
y = np.array([3.0, 4.0, 8.0])
def cost(w):
    return np.mean((X.dot(w) - y)**2)
def cost_grad(w):
    return 2 * X.dot(X.dot(w) - y) / len(y)
w0 = np.zeros(2)
"""
WRONG = [("transposed", REGRESSION), *_structural(), *_values()]

# The mathematics of published ones. Ackley: the root of r^2 / 2 in f, r itself in its derivative (scipy, stored version
# 1c6a4c5 of its benchmarks' test functions). McCormick: the derivative of another function; Dixon-Price: a factor 2
# lost in both components (benfred/fmin, src/visualizations/functions.js at 0deb951).
ACKLEY = """
import numpy as np
def f(params):
    x, y = params
    r = np.sqrt(0.5*(x**2 + y**2))
    return -20*np.exp(-0.2*r) - np.exp(0.5*(np.cos(2*np.pi*x) + np.cos(2*np.pi*y))) + np.e + 20
def jacobian(params):
    x, y = params
    r = np.sqrt(x**2 + y**2)
    waves = np.exp(0.5*(np.cos(2*np.pi*x) + np.cos(2*np.pi*y)))
    dx = 2*np.exp(-0.2*r)*x/r*np.sqrt(2)*np.sqrt(2) + np.pi*waves*np.sin(2*np.pi*x)
    dy = 2*np.exp(-0.2*r)*y/r*np.sqrt(2)*np.sqrt(2) + np.pi*waves*np.sin(2*np.pi*y)
    return np.array([dx, dy])
x0 = [2.0, 2.0]
"""
MCCORMICK = """
import numpy as np
def f(p):
    x, y = p
    return np.sin(x+y) + (x-y)**2 - 1.5*x + 2.5*y + 1
def fprime(p):
    x, y = p
    return [np.sin(y) + y*np.cos(x) + 2*x, np.sin(x) + x*np.cos(y) + 2*y]
x0 = [1.0, 2.0]
"""
DIXON_PRICE = """
import numpy as np
def f(p):
    x, y = p
    return (x-1)**2 + 2*(2*y - x)**2
def fprime(p):
    x, y = p
    return [2*(x-1) - 2*(2*y - x), 4*(2*y - x)]
x0 = [1.0, 2.0]
"""
PUBLISHED = [ACKLEY, MCCORMICK, DIXON_PRICE]


def _right() -> list[str]:
    made = []
    for name, (f, dx, dy, start) in PLANE.items():
        made += [
            returned(name),
            program(name, f"return [{dx}, {dy}]"),
            program(name, f"return ({dx}, {dy})"),
            program(name, f"der = np.zeros_like(params)\nder[0] = {dx}\nder[1] = {dy}\nreturn der"),
            f"import numpy as np\nf = lambda p: {_indexed(f)}\njac = lambda p: np.array([{_indexed(dx)}, "
            f"{_indexed(dy)}])\nx0 = {start}\n",
        ]
    made += [
        # by loops
        "import numpy as np\ndef f(x):\n    total = 0\n    for i in range(len(x) - 1):\n        total += "
        "100*(x[i+1] - x[i]**2)**2 + (1 - x[i])**2\n    return total\ndef jac(x):\n    g = [0.0]*len(x)\n"
        "    for i in range(len(x) - 1):\n        g[i] += -400*x[i]*(x[i+1] - x[i]**2) - 2*(1 - x[i])\n"
        "        g[i+1] += 200*(x[i+1] - x[i]**2)\n    return np.array(g)\nx0 = [1.3, 0.7, 0.8, 1.9]\n",
        # by slices, as in SciPy's tutorial
        "import numpy as np\ndef f(x):\n    return sum(100.0*(x[1:]-x[:-1]**2.0)**2.0 + (1-x[:-1])**2.0)\n"
        "def der(x):\n    m = x[1:-1]\n    d = np.zeros_like(x)\n    d[1:-1] = 200*(m-x[:-2]**2) - 400*(x[2:]-m**2)*m"
        " - 2*(1-m)\n    d[0] = -400*x[0]*(x[1]-x[0]**2) - 2*(1-x[0])\n    d[-1] = 200*(x[-1]-x[-2]**2)\n"
        "    return d\nx0 = np.array([1.3, 0.7, 0.8, 1.9, 1.2])\n",
        # by matrices
        "import numpy as np\nA = np.array([[3.0, 1.0], [1.0, 2.0]])\nb = np.array([1.0, -1.0])\n"
        "def f(x):\n    return 0.5*x @ A @ x - b @ x\ndef grad(x):\n    return A @ x - b\nx0 = np.zeros(2)\n",
        # value and gradient together
        "import numpy as np\nfrom scipy.optimize import minimize\ndef f(p):\n    x, y = p\n"
        "    return (x-1)**2 + x*y**2, np.array([2*(x-1) + y**2, 2*x*y])\n"
        "res = minimize(f, [2.0, 1.0], jac=True)\nprint(res.x)\n",
        # constants handed over
        "import numpy as np\nfrom scipy.optimize import minimize\ndef f(p, a, b):\n    x, y = p\n"
        "    return (a-x)**2 + b*(y-x**2)**2\ndef g(p, a, b):\n    x, y = p\n"
        "    return np.array([-2*(a-x) - 4*b*x*(y-x**2), 2*b*(y-x**2)])\n"
        "res = minimize(f, [2.0, 1.0], args=(1.0, 5.0), jac=g, method='BFGS')\n",
        # with a condition on the numbers
        "import numpy as np\ndef f(p):\n    return np.sum(np.where(p > 0, p**2, 3*p**2))\ndef jac(p):\n"
        "    return np.array([2*v if v > 0 else 6*v for v in p])\nx0 = [1.0, -2.0]\n",
    ]
    return made


def _indexed(text: str) -> str:
    import re

    return re.sub(r"\by\b", "p[1]", re.sub(r"\bx\b(?!\()", "p[0]", text.replace("exp", "EXP"))).replace("EXP", "exp")


RIGHT = _right()
