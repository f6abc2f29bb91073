"""A table of derivatives to be explained: every rule, every function, and nestings that are not kind.

Chosen from the usual tables and exercise sheets. An entry is a function in Python syntax; it is differentiated with
respect to x, or to the variable after `@`. Nothing here says what the derivative is: SymPy, difference quotients and
the rule tree must agree on it.
"""

import sympy as sp

GROUPS: dict[str, str] = {
    "constants and the variable": """
        7; pi; a; x; -x; a*x; x/3; x + a; E**2; sqrt(2); y*z; sin(a); 0*x + 5
    """,
    "powers": """
        x**2; x**3; x**7; x**100; 1/x; 1/x**2; 1/x**3; sqrt(x); x**Rational(1, 3); x**Rational(2, 3); x**Rational(5, 2)
        1/sqrt(x); x**Rational(-3, 4); x**pi; x**sqrt(2); x**a; x**(-a); x**(a + 1); x**E; 3*x**5; 7*x**4; -2/x**5
        5*sqrt(x); 2/sqrt(x); x**2/2; 4/(3*x**3); x**2*sqrt(x); x/sqrt(x)
    """,
    "polynomials": """
        x**2 + 3*x + 7; 5*x**4 - 3*x**2 + 2*x - 8; x**3 - x; a*x**2 + b*x + c; 1 - x**3; x**5/5 - x**3/3 + x
        x**10 + x**9 + x**8 + x**7 + x**6 + x**5 + x**4 + x**3 + x**2 + x + 1; (x + 1)*(x - 1); x*(x - 1)*(x - 2)
        (x**2 + 3*x)*(x**3 - 2); (x + 3)**2; x**2*y**3; x**2*y**3 @ y; 3*x*y + x**2 - 2*y**3; (w*x - y)**2 @ w
        w*x - y @ w; x*y*z @ z; (x + y)**3 @ y; 2*x + 3/x; x + 1/x; x**2 - 1/x**2; sqrt(x) + 1/sqrt(x)
    """,
    "products": """
        x**2*sin(x); x*exp(x); x*log(x); x**2*exp(x); x**3*log(x); sin(x)*cos(x); exp(x)*sin(x); exp(x)*cos(x)
        x*sin(x)*exp(x); x**2*sin(x)*cos(x); sqrt(x)*log(x); x*atan(x); x**2*asin(x); (x**2 + 1)*exp(x); x*2**x
        sin(x)*log(x); (x + 1)*sin(x); x*sinh(x); x**2*exp(-x); x*exp(-x); x**2*exp(-x)*sin(x); x*exp(-x**2)
        exp(-a*x)*sin(b*x); exp(-x)*cos(2*x); x*sqrt(1 - x**2); x*sqrt(x + 1); (2*x + 1)**3*(x - 4)**2
        (x + 3)**20*(x - 1)**15; x*log(x)*sin(x)*exp(x); a*x*sin(b*x); x**n*exp(x); x**n*log(x); sqrt(x)*exp(x)
        x**3*(x**2 + 1)**5; sin(x)*sin(2*x)*sin(3*x)
    """,
    "quotients": """
        (2*x + 1)/(x**2 + 1); x/(x + 1); (x - 1)/(x + 1); x**2/(x - 3); sin(x)/x; log(x)/x; exp(x)/x; x/exp(x)
        sin(x)/x**2; sin(x)/(1 + cos(x)); cos(x)/(1 - sin(x)); x/sqrt(x**2 + 1); sqrt(x)/(1 + x); exp(x)/(1 + exp(x))
        (a*x + b)/(c*x + d); x/(x**2 + a**2); (x**2 + 1)/(x**3 + x + 2); log(x)/x**2; (1 - x)/(1 + x)**2; x**3/sin(x)
        (exp(x) - exp(-x))/(exp(x) + exp(-x)); x/log(x); tan(x)/x; (1 + sin(x))/(1 + cos(x)); sqrt(x + 1)/sqrt(x - 1)
        x*sin(x)/(1 + x**2); exp(-x)/x; (x + 1)*(x + 2)/(x + 3); 1/(x*(x + 1)); 1/((x + 1)*(x + 2)*(x + 3))
        1/(x*log(x))
    """,
    "chains": """
        (1 - x**3)**4; (2*x + 1)**10; sin(2*x); cos(3*x); sin(x**2); sin(x)**2; cos(x)**3; exp(2*x); exp(x**2); exp(-x)
        exp(-x**2/2); exp(sin(x)); log(2*x); log(x**2 + 1); log(sin(x)); log(log(x)); sqrt(1 - x**2); sqrt(x**2 + 4)
        sqrt(2*x + 3); 1/(x**2 + 1); 1/(1 + exp(-x)); 1/sqrt(1 - x**2); (x**2 + 1)**Rational(3, 2); (a*x + b)**n
        sin(cos(x)); tan(x**2); sin(exp(x**2)); exp(exp(x)); sqrt(sqrt(x) + 1); sqrt(x + sqrt(x + sqrt(x)))
        sin(sin(sin(x))); log(log(log(x))); exp(-1/x); sin(1/x); (1 - exp(x))**5; (x + 1/x)**3; sin(2*x)**3
        cos(x**2)**2; log(x + sqrt(x**2 + 1)); log(tan(x/2)); exp(-(x - m)**2/(2*s**2)); 1/(1 + exp(-k*(x - a)))
        log(1 + exp(x)); sqrt(a**2 - x**2); x*sqrt(a**2 - x**2) + a**2*asin(x/a); atan(sqrt(x)); log((1 + x)/(1 - x))
        sin(x)**2 + cos(x)**2; sin(sqrt(1 + x**2)); cos(log(x)); exp(x*log(x)); (sin(x) + cos(x))**2; log(cos(x))
        tan(3*x)**2; (x**3 - 1)**100; sin(a*x + b); cos(w*t + p) @ t; exp(-t/c)*sin(w*t) @ t; sqrt(x**2 + y**2)
        sqrt(x**2 + y**2) @ y; sin(x*y) @ y; log(x/y) @ y; exp(x*y*z) @ z; (1 + (1 + x**2)**3)**4
        cos(cos(cos(cos(x))))
    """,
    "exponentials and logarithms": """
        exp(x); 2**x; 5**x; 10**x; a**x; pi**x; 2**(x**2); 3**sin(x); 2**(-x); exp(6*x); a**(b*x); Rational(1, 2)**x
        log(x); log(x)/log(2); log(x)/log(10); log(x)/log(a); log(a*x); log(x)**2; log(x**2); log(sqrt(x)); log(1/x)
        log(x)/log(x + 1); exp(x)*log(x); exp(2*x)/(1 + exp(x)); 2**x*3**x; x*2**(-x); log(exp(x) + 1); exp(sqrt(x))
        log(1 + x**2)/log(2); exp(-a*x**2); 2**(2**x); exp(3)*x; log(3)*x**2
    """,
    "base and exponent": """
        x**x; x**sin(x); sin(x)**x; sin(x)**cos(x); (1 + 1/x)**x; x**(1/x); x**log(x); log(x)**x; x**(x**2); x**(x**x)
        (x**x)**x; cos(x)**sin(x); (x**2 + 1)**x; x**sqrt(x); a**x*x**a; (a*x)**x; x**(a*x); (1 + x)**(1/x); exp(x)**x
    """,
    "trigonometric": """
        sin(x); cos(x); tan(x); cot(x); sec(x); csc(x); tan(2*x); cot(x**2); sec(3*x); csc(x/2); sec(x)**2; tan(x)**3
        sec(x)*tan(x); csc(x)*cot(x); x*tan(x); log(sec(x) + tan(x)); sqrt(tan(x)); cot(cot(x)); tan(x) - x; sinc(x)
        sinc(2*x); sin(x)/cos(x); cos(x)/sin(x); 1/cos(x); 1/sin(x); exp(tan(x)); sec(sqrt(x)); tan(sin(x))
        x*sec(x)**2; csc(x)**2 - cot(x)**2; sin(pi*x); cos(x)**2 - sin(x)**2; 2*sin(x)*cos(x); x**2*cos(1/x)
    """,
    "inverse trigonometric": """
        asin(x); acos(x); atan(x); acot(x); asec(x); acsc(x); asin(3*x**2/10); acos(2*x); atan(1/x); atan(x/a)
        asin(x/a); atan(x)**2; asec(x**2); acsc(2*x); acot(sqrt(x)); x*asin(x) + sqrt(1 - x**2); asin(sqrt(x))
        acos(1/x); atan((1 + x)/(1 - x)); asin((1 - x**2)/(1 + x**2)); exp(atan(x)); log(atan(x)); sin(asin(x)/2)
        atan(exp(x)); atan(tan(x)/2); acos(x)*asin(x); 1/asin(x); atan(sinh(x)); asin(cos(x))
    """,
    "hyperbolic": """
        sinh(x); cosh(x); tanh(x); coth(x); sech(x); csch(x); sinh(2*x); cosh(x**2); tanh(x)**2; log(cosh(x))
        cosh(x)/sinh(x); cosh(x)**2 - sinh(x)**2; x*cosh(x) - sinh(x); exp(sinh(x)); sech(3*x); csch(x)*coth(x)
        atan(tanh(x)); tanh(w*x + b); sqrt(cosh(x)); coth(1/x); sinh(log(x)); tanh(a*x)/a; sech(x)**2; asinh(x)
        acosh(x); atanh(x); acoth(x); asech(x); acsch(x); asinh(x/a); acosh(2*x); atanh(sin(x)); acoth(x**2)
        asech(sqrt(x)); acsch(x**2); x*asinh(x) - sqrt(x**2 + 1); acosh(sqrt(x)); atanh(1/x); asinh(tan(x))
        atanh(x)**2
    """,
    "absolute value, sign and steps": """
        Abs(x); Abs(x - 2); x*Abs(x); Abs(x)**3; log(Abs(x)); Abs(sin(x)); sqrt(Abs(x)); exp(-Abs(x)); Abs(x**2 - 4)
        sign(x); x*sign(x); sign(sin(x)); Heaviside(x); x*Heaviside(x - 1); floor(x); x*floor(x); ceiling(2*x); frac(x)
        x - floor(x); Mod(x, 2); sin(x)*Heaviside(x); Abs(x)/x; Abs(Abs(x) - 1); log(Abs(sin(x))); sqrt(x**2)
        Abs(x)**a
    """,
    "pieces, largest and smallest": """
        Max(0, x); Min(x, 1); Max(x, x**2); Min(sin(x), cos(x)); Max(x, 1 - x, 0); x*Max(0, x); Max(0, x)**2
        Piecewise((x**2, x > 0), (-x, True)); Piecewise((sin(x)/x, Ne(x, 0)), (1, True)); exp(-Max(0, x))
        Max(x, y) @ y; Piecewise((0, x < 0), (x, x < 1), (1, True))
        Piecewise((x**2/2, Abs(x) <= 1), (Abs(x) - Rational(1, 2), True)); Piecewise((log(x), x > 0), (x, True))
        Max(a*x, x); Min(Max(x, -1), 1); Piecewise((exp(x), x < 0), (x + 1, True)); sqrt(Max(x, 1))
        Piecewise((x**3, (x > -1) & (x < 1)), (x, True)); log(Max(1, x**2))
    """,
    "special functions": """
        erf(x); erfc(x); erfi(x); erf(x/sqrt(2)); x*(1 + erf(x/sqrt(2)))/2; erf(x)/x; exp(x**2)*erfc(x); erf(x)**2
        gamma(x); loggamma(x); digamma(x); polygamma(1, x); gamma(x + 1); x*gamma(x); 1/gamma(x); gamma(x**2)
        factorial(x); log(gamma(x)); polygamma(2, x**2); beta(x, 2); LambertW(x); LambertW(x*exp(x)); exp(LambertW(x))
        LambertW(x, -1); LambertW(x)**2; besselj(0, x); besselj(1, x); besselj(n, x); bessely(0, x); besseli(1, x)
        besselk(0, x); x*besselj(1, x); besselj(2, x**2); besselk(1, sqrt(x)); atan2(y, x); atan2(y, x) @ y
        atan2(x**2, x); atan2(x, 1 + x); Si(x); Ci(x); Ei(x); li(x); fresnels(x); fresnelc(x); airyai(x); airybi(x)
        uppergamma(2, x); lowergamma(a, x); expint(1, x); Si(x**2); Ei(-x); elliptic_k(x); legendre(3, x)
        chebyshevt(4, x); hermite(3, x)
    """,
    "functions left open": """
        f(x); f(2*x); f(x**2); f(g(x)); f(x)*g(x); f(x)/g(x); f(x)**2; f(x) + g(x); exp(f(x)); f(exp(x)); 1/f(x)
        sqrt(f(x)); f(x)**g(x); x*f(x); f(f(x)); f(x, y); f(x, x**2); f(g(x), h(x)); f(sin(x))*cos(x); log(f(x))
        sin(f(x)*g(x)); f(g(h(x))); f(x - c*t) + g(x + c*t) @ t; Derivative(f(x), x); x*Derivative(f(x), x)
        Derivative(f(x), x)**2; f(a*x)/a; f(y)*x
    """,
}


def entries() -> list[tuple[str, str, str]]:
    """(group, function, variable) of every entry."""
    found = []
    for group, text in GROUPS.items():
        for entry in (part.strip() for line in text.splitlines() for part in line.split(";")):
            if entry:
                function, _, variable = entry.partition("@")
                found.append((group, function.strip(), variable.strip() or "x"))
    return found


NAMES: dict[str, object] = {
    **vars(sp),
    **{name: sp.Symbol(name, real=True) for name in "a b c d k m n p s t w x y z".split()},
    **{name: sp.Function(name) for name in "fgh"},
}


def expression(text: str) -> sp.Expr:
    """The SymPy expression that Python makes of `text`."""
    return sp.sympify(eval(text, dict(NAMES)))
