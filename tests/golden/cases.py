"""The questions whose whole answers are kept as golden documents, by name: lab and inputs."""

from nabla.labs.fit_blocks import EXAMPLE
from tests.golden import programs

# Two cycles, of 3.2 and 1.2 days, in noise, at times when somebody happened to look.
UNEVEN = """days,level
0.04,3.38
0.91,2.93
2.57,1.26
2.73,0.95
2.82,1.26
3.07,1.16
3.41,3.14
4.39,2.45
4.79,2.37
5.90,1.11
6.22,2.14
6.56,2.36
7.10,3.85
8.26,1.63
8.53,0.85
8.76,0.52
8.95,0.18
9.42,2.02
11.23,0.99
11.74,0.87
11.82,0.88
11.99,1.25
12.86,2.40
12.92,2.59
14.14,2.28
14.37,2.20
15.50,1.01
16.85,3.94
17.46,1.54
17.60,1.46
18.39,0.21
18.90,0.74
19.46,3.20
19.73,3.17
20.48,3.42
20.89,1.27
21.21,0.33
21.66,1.29
22.04,0.77
22.25,1.03
22.76,3.60
23.20,3.53
24.04,2.94
24.60,0.38
25.49,1.60
26.13,3.01
26.75,3.46
27.94,0.27
28.69,2.06
29.20,3.26
"""

# A gradient whose array is made like one number.
NEWTON_CG = """import numpy as np
from scipy.optimize import minimize

def valley(point):
    u, v = point
    return (1 - u) ** 2 + 2 * (v - u ** 2) ** 2

def slope(point):
    u, v = point
    g = np.zeros_like(u)
    g[0] = 8 * u ** 3 - 8 * u * v + 2 * u - 2
    g[1] = 4 * (v - u ** 2)
    return g

best = minimize(valley, [3, 2], jac=slope, method="Newton-CG")
"""
# A field of a power of a negative base, with three slips, and without them.
_SHARED = (
    "171.05e-18*((x**4+2*x**2*z**2+z**4)*{}-x**3*z-x*z**3)*(-3.17e6*x**4-6.36e6*x**2*z**2-3.19e6*z**4"
    "+x**4*z+2*x**2*z**3+z**5)*(z-44.33e3)/(((-2e3)/({}576.30e3+13*z))**2.69*(x**2+z**2)**{}*z+1e-15)"
)
SLIPS = _SHARED.format("arctan(z*x)", "", "7/2")
REPAIRED = _SHARED.format("arctan2(z,x)", "-", "(7/2)")

CASES: dict[str, tuple[str, dict[str, str]]] = {
    "chain-rule-at-a-point": ("derive", {"f": "(w*x-y)^2", "wrt": "w", "at": "w=3,x=2,y=2"}),
    "why-16-and-not-8": ("derive", {"f": "(w*x-y)^2", "wrt": "w", "at": "w=3,x=2,y=2", "claim": "8"}),
    "product-and-chain": ("derive", {"f": "2x sin(x^2)", "wrt": "x", "at": "x=pi/2", "detail": "novice"}),
    "quotient": ("derive", {"f": "(2x+1)/(x^2+1)", "at": "x=1"}),
    "mixed-partial": ("derive", {"f": "x^2*y^3", "wrt": "x,y", "at": "x=2,y=1"}),
    "second-derivative": ("derive", {"f": "exp(-x^2/2)", "wrt": "x,x"}),
    "function-to-a-function": ("derive", {"f": "x^x", "at": "x=2"}),
    "corner": ("derive", {"f": "|x-1| + x", "at": "x=1"}),
    "pole": ("derive", {"f": "1/x", "at": "x=0"}),
    "exercise": ("derive", {"practice": "chain 2 seed 1"}),
    "exercise-answered": ("derive", {"practice": "chain 2 seed 1", "claim": "1/sin(x)"}),
    "absent-variable": ("derive", {"f": "x^2", "wrt": "z"}),
    "gradient": ("derive", {"f": "x^2*y + sin z", "what": "gradient", "at": "x=1,y=2,z=0"}),
    "jacobian": ("derive", {"f": "r cos(phi); r sin(phi)", "what": "jacobian", "wrt": "r,phi", "at": "r=2,phi=pi/6"}),
    "hessian": ("derive", {"f": "(1-x)^2 + 100(y-x^2)^2", "what": "hessian", "at": "x=1,y=1"}),
    "direction": ("derive", {"f": "x^2*y", "direction": "3, 4", "at": "x=1,y=1"}),
    "along-a-path": ("derive", {"f": "x^2*y", "path": "x=cos t, y=sin t"}),
    "circle": ("derive", {"f": "x^2+y^2=25", "at": "x=3,y=4", "claim": "dy/dx = -2x"}),
    "curve": ("derive", {"f": "x=t^2; y=t^3", "at": "t=2"}),
    "stated-domain": ("derive", {"f": "|x| ln(x)", "wrt": "x", "domain": "x > 0"}),
    "lines-of-work": (
        "derive",
        {"f": "(w*x-y)^2", "wrt": "w", "at": "w=3,x=2,y=2", "claim": "dw = 2(w*x-y)*x; = 2(6-2)*2; = 8"},
    ),
    "transposed": ("derive", {"f": "x*y; x+y^2", "what": "jacobian", "claim": "[[y, 1], [x, 2y]]"}),
    "three-sinusoids": ("fit", {"data": EXAMPLE}),
    "uneven-cycles": ("fit", {"data": UNEVEN}),
    "program-why-16": ("backprop", {"code": programs.WHY_16, "claim": "w.grad = 8"}),
    "program-why-9-halves": ("backprop", {"code": programs.WHY_9_HALVES, "claim": "do/dx = 9/8"}),
    "program-adam": ("backprop", {"code": programs.ADAM}),
    "program-no-gradient": ("backprop", {"code": programs.NO_GRADIENT, "claim": "a.grad = [21, 39]"}),
    "program-in-place": ("backprop", {"code": programs.IN_PLACE}),
    "program-loop": ("backprop", {"code": programs.SUMMED_LOOP}),
    "program-jax": ("backprop", {"code": programs.JAX}),
    "program-numpy": ("backprop", {"code": programs.NUMPY}),
    "network-eleven-lines": ("train", {"code": programs.ELEVEN}),
    "network-line-asked-about": ("train", {"code": programs.ELEVEN_ASKED}),
    "network-two-relu-layers": ("train", {"code": programs.RELU_TWO}),
    "network-set-up": (
        "train",
        {"X": "0,0; 0,1; 1,0; 1,1", "y": "0; 1; 1; 0", "hidden": "3", "activation": "tanh", "bias": "on", "steps": "8"},
    ),
    "race-in-a-valley": (
        "descend",
        {"f": "(1-x)^2 + 2(y-x^2)^2", "start": "x=3, y=2", "methods": "newton-cg, bfgs, gradient-descent, nelder-mead"},
    ),
    "gradient-of-one-number": ("descend", {"f": NEWTON_CG, "methods": "newton-cg"}),
    "newton-at-a-saddle": ("descend", {"f": "beale", "methods": "newton, trust-region"}),
    "rate-too-large": (
        "descend",
        {"f": "(1-x)^2 + 2(y-x^2)^2", "start": "3, 2", "rate": "0.05", "methods": "gradient-descent"},
    ),
    "taylor-green-as-a-period": (
        "decompose",
        {"V": "sin(x)*cos(y); -cos(x)*sin(y)", "domain": "0..2pi", "n": "16", "boundary": "periodic"},
    ),
    "rotation-and-source": (
        "decompose",
        {"V": "-y + x/2; x + y/2", "domain": "x=-1..1, y=-1..1", "at": "0.5, 0.25", "n": "10"},
    ),
    "a-field-with-slips": ("decompose", {"V": f"{SLIPS}; 0; 0", "domain": "x=100..20100, z=100..20100"}),
    "the-repaired-field": (
        "decompose",
        {"V": f"{REPAIRED}; 0; 0", "domain": "x=100..20100, z=100..20100", "n": "22", "boundary": "wall"},
    ),
    "gradient-in-space": ("decompose", {"V": "2x*y + z; x^2; x", "domain": "-1..1", "n": "8", "boundary": "wall"}),
}
