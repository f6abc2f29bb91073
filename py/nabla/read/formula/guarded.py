"""Numbers, powers and functions made so that none grows too large: each is judged before it is built.

Numbers are exact: `0.5` is the rational 1/2 and `1e-3` is 1/1000, so that derivatives come out in readable numbers.
"""

from __future__ import annotations

import math
from typing import Any

import sympy as sp
from sympy.functions.elementary.hyperbolic import InverseHyperbolicFunction
from sympy.functions.elementary.trigonometric import InverseTrigonometricFunction

from nabla.errors import Span, UserError
from nabla.read.formula import limits
from nabla.read.formula.functions import COMPLEX, DEGREES, FUNCTIONS

_ROOTS = {"sqrt": 2, "cbrt": 3, "fourth_root": 4}
_POWERS = {"square": 2, "reciprocal": -1}
_GROWING = frozenset("exp sinh cosh tanh coth sech csch sigmoid softplus silu expm1".split())
_HYPERBOLIC = frozenset("sinh cosh tanh coth sech csch".split())
_GAUSSIAN = frozenset("erfc erfi gelu airyai airybi airyaiprime airybiprime Ei Shi Chi".split())
_FACTORIALS = frozenset(["factorial", "gamma"])
_SERIES = _FACTORIALS | frozenset(
    "loggamma digamma besselj bessely besseli besselk zeta beta polygamma trigamma uppergamma lowergamma".split()
)


class Guarded:
    """Makes the parts of one formula; all its exact numbers share one allowance of digits."""

    def __init__(self) -> None:
        self.bits = 0

    def spend(self, bits: Any, span: Span) -> None:
        """Account for an exact number of so many bits."""
        self.bits += int(min(bits, 10 * limits.BITS))
        if self.bits > limits.BITS:
            raise limits.too_big("This number", span)

    def number(self, text: str, span: Span) -> Any:
        """The number that is typed `text`."""
        digits, _, exponent = text.lower().partition("e")
        whole, _, fraction = digits.partition(".")
        if len((whole + fraction).strip("0")) > limits.DIGITS:
            hint = f"Numbers have at most {limits.DIGITS} digits."
            raise UserError("too-big", "This number has too many digits.", hint=hint, span=span)
        if len(digits) > limits.EXPONENT_10 or abs(int(exponent[:9] or 0)) > limits.EXPONENT_10:
            raise limits.too_big("This number", span)
        power = int(exponent or 0) - len(fraction)
        mantissa = int(whole + fraction)
        self.spend(mantissa.bit_length() + 3.4 * abs(power), span)
        return sp.Rational(mantissa * 10 ** max(power, 0), 10 ** max(-power, 0))

    def power(self, base: Any, exponent: Any, span: Span) -> Any:
        """`base**exponent`, unless it would be too large, divides by zero or is not real."""
        if base.is_zero and exponent.is_negative:
            raise UserError("undefined", "This divides by zero.", span=span)
        if base is sp.E:
            self.check_exponential(exponent, span)
        else:
            whole = abs(exponent.as_coeff_Add()[0])
            if whole > limits.EXPONENT:
                raise limits.too_big("This exponent", span, f"Exponents go up to {limits.EXPONENT:,}.")
            self.spend(self.size(base) * whole, span)
        # SymPy makes (99^x)^(n/x) a power of 99, which is a constant, when it can.
        inner, outer = (base.base, base.exp * exponent) if base.is_Pow else (base, exponent)
        if inner.is_number and outer.is_number and not inner.is_zero:
            self.check_magnitude(outer * sp.log(abs(inner)).evalf(15), span)
        if exponent.is_Rational and base.is_number and self.size(base) * exponent.q > limits.RADICAL:
            base = base.evalf(30)  # 12^1.23456789 as a radical in lowest terms is astronomical
        result = sp.Pow(base, exponent)
        combined = result.as_base_exp()[1] if result.is_Pow else sp.S.One
        if combined.is_Rational and abs(combined) > limits.EXPONENT:  # (x^999)^999
            raise limits.too_big("This exponent", span, f"Exponents go up to {limits.EXPONENT:,}.")
        return self.real(result, span)

    def size(self, base: Any) -> float:
        """The bits of the numbers in a base, those that its power multiplies."""
        numbers = base.atoms(sp.Rational) if base.is_number else {base.as_coeff_Mul()[0]} & base.atoms(sp.Rational)
        return sum(math.log2(max(abs(n.p), n.q)) for n in numbers)

    def root(self, value: Any, degree: Any, span: Span) -> Any:
        """The root; an odd one of what may be negative is the real one, sign(x) |x|^(1/3)."""
        if degree.is_zero:
            raise UserError("undefined", "There is no zeroth root.", span=span)
        exponent = self.power(degree, -sp.S.One, span)
        if degree.is_Integer and degree.is_odd and not value.is_nonnegative:
            return sp.sign(value) * self.power(sp.Abs(value), exponent, span)
        return self.power(value, exponent, span)

    def function(self, name: str, values: list[Any], span: Span) -> Any:
        """A known function of its arguments."""
        first = values[0]
        if name in COMPLEX:
            message = "Conjugates, real and imaginary parts are of complex numbers; the letters here are real."
            raise UserError("not-covered", message, hint="Ask whether the function is analytic.", span=span)
        if name in _ROOTS:
            return self.root(first, sp.Integer(_ROOTS[name]), span)
        if name in _POWERS:
            return self.power(first, sp.Integer(_POWERS[name]), span)
        if name == "root":
            return self.root(first, values[1], span)
        if name == "pow":
            return self.power(first, values[1], span)
        if name == "exp2":
            return self.power(sp.Integer(2), first, span)
        if name in ("floor", "ceil") and first.is_number:
            return self.rounded(name, first, span)
        if isinstance(first, (InverseTrigonometricFunction, InverseHyperbolicFunction)):
            values = [self.rounded_inverse(first), *values[1:]]
        if name in _GROWING:
            self.check_exponential(first, span)
        if name in _GAUSSIAN and first.is_number:
            self.check_magnitude(first**2, span)  # 1/erfc(n) is about e to the power n^2
        if name in _HYPERBOLIC:
            self.check_denominators(first, span)
        if name in _SERIES:
            self.check_series(name, values, span)
        if name in DEGREES and first.is_number:
            self.check_degree(first, span)
        return self.real(FUNCTIONS[name].build(*values), span)

    def check_series(self, name: str, values: list[Any], span: Span) -> None:
        """Refuse constants that functions with long expansions would take too long for."""
        for value in values:
            size = abs(value.evalf(15)) if value.is_number else sp.S.Zero
            if size > limits.FACTORIAL:
                raise limits.too_big("This argument", span, f"It may be at most {limits.FACTORIAL:,}.")
            if name in _FACTORIALS:
                self.spend(10 * size, span)

    def check_degree(self, degree: Any, span: Span) -> None:
        """Refuse what is no degree of a polynomial: SymPy would round it, and writes out what is very long."""
        if not degree.is_Integer or degree < 0:
            raise UserError("arguments", "The degree of a polynomial must be a whole number.", span=span)
        if degree > limits.DEGREE:
            raise limits.too_big("This degree", span, f"It may be at most {limits.DEGREE}.")

    def check_denominators(self, value: Any, span: Span) -> None:
        """Refuse powers of many digits under a hyperbolic function: SymPy looks for i pi there by dense polynomials."""
        exponents = [power.exp for power in value.atoms(sp.Pow) if not power.base.is_number and power.exp.is_Rational]
        if any(exponent.q * abs(exponent.p) > limits.DENSE for exponent in exponents):
            hint = "Under hyperbolic functions exponents have at most three decimal places."
            raise UserError("too-big", "This exponent has too many digits here.", hint=hint, span=span)

    def rounded_inverse(self, angle: Any) -> Any:
        """An inverse function of a number of many digits, that number as a decimal one.

        sin(atan(n)) becomes n/sqrt(1 + n^2), of which SymPy would take out square factors.
        """
        long = [n for n in angle.args if n.is_Rational and self.size(n) > limits.SQUARED]
        return angle.subs({n: n.evalf(30) for n in long}) if long else angle

    def rounded(self, name: str, value: Any, span: Span) -> Any:
        """The floor or ceiling of a constant, by its value: SymPy would try to prove that it is no integer."""
        close = value if value.is_Rational else value.evalf(60)
        if not close.is_Rational:
            above = close - sp.floor(close) if abs(close) < limits.ROUNDED else sp.S.Zero
            if min(above, 1 - above) < sp.Rational(1, 10**25):
                raise UserError("undefined", "It cannot be told between which integers this lies.", span=span)
        return FUNCTIONS[name].build(close)

    def check_exponential(self, exponent: Any, span: Span) -> None:
        """Refuse e to a power that is huge, or that SymPy turns into a huge power of another number."""
        for term in sp.Add.make_args(exponent):
            if term.is_number:
                self.check_magnitude(term, span)
                if term.has(sp.log):
                    self.spend(2 * abs(term.evalf(15)), span)
            elif term.has(sp.log) and abs(term.as_coeff_Mul()[0]) > limits.EXPONENT:  # e^(n log x) becomes x^n
                raise limits.too_big("This exponent", span, f"Exponents go up to {limits.EXPONENT:,}.")

    def check_magnitude(self, size: Any, span: Span) -> None:
        """Refuse e to the power `size`, a constant, where that is too large to be evaluated."""
        if abs(size.evalf(15)) > limits.MAGNITUDE:
            raise limits.too_big("This power", span)

    def real(self, value: Any, span: Span) -> Any:
        """`value`, unless it is a constant that is not a real number; SymPy's rules, or else its value, decide."""
        if not value.is_number:
            return value
        if value.is_infinite or value.has(sp.zoo, sp.nan, sp.oo):
            raise UserError("undefined", "This has no finite value.", span=span)
        known: bool | None = False if value.has(sp.I) else value.is_extended_real
        if known is False or (known is None and value.evalf(15).is_extended_real is False):
            hint = "Roots and logarithms of negative numbers are not real; a cube root is cbrt(x)."
            raise UserError("undefined", "This is not a real number.", hint=hint, span=span)
        return value
