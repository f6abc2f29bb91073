"""A sum of sinusoids as LaTeX, as Python's notation and as programs: NumPy, SciPy, MATLAB, Desmos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, floor, log10, sin

import numpy as np

from nabla.answer.document import Source
from nabla.sinusoid.forms import ModelTerm
from nabla.sinusoid.times import Floats
from nabla.write.notation import decimals

MORE = 8  # digits at most beyond those that the standard errors allow
DIGITS = 10  # of a number that has no error to round it by


def rounded(value: float, se: float, more: int = 0) -> float:
    """The value to two figures of its standard error and `more` beyond, or to ten digits where that is more."""
    if value == 0 or value != value:
        return value
    digits = DIGITS - 1 + more - floor(log10(abs(value)))
    if se > 0 and se < float("inf"):
        digits = min(digits, 1 + more - floor(log10(se)))
    # Python's floats have no more than 308 places behind the point.
    return round(value, digits) if abs(digits) < 308 else value


def with_error(value: float, se: float) -> str:
    """`12.346 ± 0.021` in LaTeX, the error to two figures."""
    if se == 0:
        return rf"{decimals(value)} \text{{ (fixed)}}"
    if not 0 < se < float("inf"):
        return decimals(value, 6)
    places = 1 - floor(log10(se))
    if places >= -1 and abs(value) < 1e7 and places <= 9:
        shown = max(places, 0)
        return rf"{value:.{shown}f} \pm {se:.{shown}f}"
    return rf"{decimals(rounded(value, se), 15)} \pm {decimals(float(f'{se:.1e}'), 2)}"


@dataclass(frozen=True, slots=True)
class CurveFormula:
    """y as a polynomial in x (coefficients from the constant on) and terms."""

    terms: Sequence[ModelTerm]
    polynomial: Sequence[float]

    def rounded(self, se: Sequence[float], reach: float = 1.0, more: int = 0) -> CurveFormula:
        """Every number to two figures of its standard error, `se` of the polynomial, and `more` beyond.

        `reach` is how far the data are from x = 0, in lengths of the record: phases there hang on frequencies.
        """
        terms = [
            ModelTerm(
                term.fn,
                rounded(term.amplitude, term.se_amplitude, more),
                rounded(term.frequency, term.se_frequency / reach, more),
                rounded(term.phase, max(term.se_amplitude / (abs(term.amplitude) or 1.0), 1e-9), more),
            )
            for term in self.terms
        ]
        return CurveFormula(
            terms, [rounded(value, error, more) for value, error in zip(self.polynomial, se, strict=True)]
        )

    def at(self, x: Floats) -> Floats:
        """Its values."""
        y = np.polynomial.polynomial.polyval(x, self.polynomial or [0.0])
        for term in self.terms:
            wave = np.cos if term.fn == "cos" else np.sin
            y = y + term.amplitude * wave(2 * np.pi * term.frequency * x + term.phase)
        return np.asarray(y, dtype=np.float64)

    def tex(self, x: str = "x") -> str:
        """The right side in LaTeX, `x` being the axis' name there."""
        kept = [(i, value) for i, value in enumerate(self.polynomial) if value]
        parts = [_signed(value, decimals(abs(value)) + _power_tex(i, x)) for i, value in kept]
        for term in self.terms:
            frequency = "" if term.frequency == 1 else rf"\cdot {decimals(term.frequency, 15)}\,"
            phase = f" {'-' if term.phase < 0 else '+'} {decimals(abs(term.phase), 15)}" if term.phase else ""
            size = "" if abs(term.amplitude) == 1 else decimals(abs(term.amplitude), 15) + r"\,"
            wave = rf"{size}\{term.fn}\left(2\pi {frequency}{x}{phase}\right)"
            parts.append(_signed(term.amplitude, wave))
        return _joined(parts)

    def text(self, power: str = "**", prefix: str = "") -> str:
        """The right side in Python's notation, in full precision; `prefix` stands before functions and pi."""
        kept = [(i, value) for i, value in enumerate(self.polynomial) if value]
        parts = [
            _signed(value, _plain(abs(value)) + ("*x" if i else "") + (f"{power}{i}" if i > 1 else ""))
            for i, value in kept
        ]
        for term in self.terms:
            phase = f" {'-' if term.phase < 0 else '+'} {_plain(abs(term.phase))}" if term.phase else ""
            size = "" if abs(term.amplitude) == 1 else f"{_plain(abs(term.amplitude))}*"
            angle = f"2*{prefix}pi*{_plain(term.frequency)}*x{phase}"
            parts.append(_signed(term.amplitude, f"{size}{prefix}{term.fn}({angle})"))
        return _joined(parts)


def shown(formula: CurveFormula, se: Sequence[float], reach: float, x: Floats, off: float) -> CurveFormula:
    """The formula with as few digits as its standard errors allow and as its values need.

    Errors of terms that nearly cancel are far larger than that of their sum: rounded each to its own, they would make
    another curve.

    Args:
        formula: in full precision.
        se: the standard errors of its polynomial.
        reach: see `Formula.rounded`.
        x: where its values count.
        off: by how much they may change.
    """
    right = formula.at(x)
    for more in range(MORE):
        found = formula.rounded(se, reach, more)
        if all(term.amplitude for term in found.terms) and np.abs(found.at(x) - right).max() <= off:
            return found
    return formula


def _signed(value: float, text: str) -> tuple[str, str]:
    return ("-" if value < 0 else "+"), text


def _joined(parts: Sequence[tuple[str, str]]) -> str:
    if not parts:
        return "0"
    first = ("-" if parts[0][0] == "-" else "") + parts[0][1]
    return " ".join([first, *(f"{sign} {text}" for sign, text in parts[1:])])


def _power_tex(i: int, x: str) -> str:
    return rf"\,{x}^{{{i}}}" if i > 1 else rf"\,{x}" if i else ""


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def programs(formula: CurveFormula, free: CurveFormula) -> list[Source]:
    """Programs that evaluate the formula, and one that repeats the fit from `free`, a cosine a tone, as its start."""
    lines = ["import numpy as np", "", "", "def y(x):", f"    return {formula.text(prefix='np.')}", "", ""]
    numpy = "\n".join([*lines, "print(y(np.linspace(0, 1, 5)))"]) + "\n"
    matlab = f"y = @(x) {formula.text(power='.^')};\ndisp(y(linspace(0, 1, 5)))\n"
    desmos = f"y={formula.tex()}".replace(r"\,", "") + "\n"
    return [
        Source("NumPy", "python", numpy),
        Source("SciPy", "python", _scipy(free)),
        Source("MATLAB", "matlab", matlab),
        Source("Desmos", "latex", desmos),
    ]


def _scipy(free: CurveFormula) -> str:
    """A program that fits the same model with `curve_fit`, starting at the answer."""
    order = len(free.polynomial)
    k = len(free.terms)
    start = [*free.polynomial]
    for term in free.terms:
        # A cosine and a sine, not a phase with bounds: that is what lets the fit succeed.
        start += _cos_sin(term)
    trend = " + ".join(["p[0]", "p[1] * x", "p[2] * x**2"][:order]) or "0 * x"
    lines = [
        "import numpy as np",
        "from scipy.optimize import curve_fit",
        "",
        'x, y = np.loadtxt("data.csv", delimiter=",", unpack=True)',
        "",
        "",
        "def model(x, *p):",
        f"    total = {trend}",
        f"    for a, b, f in np.reshape(p[{order}:], ({k}, 3)):",
        "        total = total + a * np.cos(2 * np.pi * f * x) + b * np.sin(2 * np.pi * f * x)",
        "    return total",
        "",
        "",
        f"start = [{', '.join(_plain_signed(v) for v in start)}]",
        "best, covariance = curve_fit(model, x, y, p0=start)",
        "for value, error in zip(best, np.sqrt(np.diag(covariance))):",
        '    print(f"{value:.10g} +- {error:.2g}")',
    ]
    return "\n".join(lines) + "\n"


def _cos_sin(term: ModelTerm) -> list[float]:
    return [term.amplitude * cos(term.phase), -term.amplitude * sin(term.phase), term.frequency]


def _plain_signed(value: float) -> str:
    return ("-" if value < 0 else "") + _plain(abs(value))
