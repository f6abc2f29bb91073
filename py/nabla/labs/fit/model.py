"""A formula with names as a model of data: which name is the axis, how its parameters enter, where they may lie."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sympy as sp
from sympy.core.parameters import distribute

from nabla.errors import Span, UserError
from nabla.labs.fit.freed import freed
from nabla.optimise.compiled import Compiled
from nabla.read.data import Data
from nabla.read.formula import read_formula
from nabla.sinusoid.curve import Curve
from nabla.sinusoid.spectrum import Trials
from nabla.sinusoid.times import Floats, Times

MOST = 12  # parameters
EDGE = 0.1  # of the rows at most may lie where a slope has no value, as that of x^b at 0; they do not guide
PEAKS = 12  # of the spectrum, where a frequency may lie
_HEAD = re.compile(r"\s*([^\W\d]\w*)\s*(?:\(([^()=]*)\))?\s*=(?!=)\s*")
_CONSTANTS = ("pi", "e", "np", "math")
_AXES, _RARER = ("x", "t", "time", "n"), ("theta", "d", "s", "r", "T")


@dataclass(frozen=True, slots=True)
class Model:
    """y = expr, a SymPy expression in `axis` and `parameters`, in the order in which they are written.

    `given` are the numbers that the asker has for them, where the formula was typed with numbers.
    """

    text: str
    expr: sp.Expr
    axis: sp.Symbol
    parameters: tuple[sp.Symbol, ...]
    given: tuple[float, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parameters."""
        return tuple(str(p) for p in self.parameters)


def read_model(text: str, axis: str = "") -> Model:
    """Read `a*exp(-b*x) + c`, `y = ...` or `f(x, a, b) = ...`; names but the axis' are found, numbers stay.

    Args:
        text: the formula; the first argument of its head, where it has one, is the axis.
        axis: the name of the data's axis, taken where the formula has it.

    Raises:
        UserError: as the reader of formulas, and "value" when the axis is not in the formula or nothing is to be found.
    """
    head = _HEAD.match(text)
    body = text[head.end() :] if head else text
    arguments = [name.strip() for name in (head[2] or "").split(",") if name.strip()] if head else []
    # With products written out, a word is one name; without, the reader takes it apart: 2πLx.
    words = re.findall(r"(?<![\w.])[^\W\d]\w*(?!\w|\.\w|\()", body)
    if "*" not in body:  # but f_c beside f is a name of its own, f/fc
        words = [
            word
            for word in words
            if word[1:] not in ("", "x", "t", axis) and (word[0] in words or re.fullmatch(r"[A-Z][a-z]", word))
        ]
    expr = read_formula(body, known=[*arguments, *(word for word in words if word not in _CONSTANTS)]).expr
    symbols = {str(symbol): symbol for symbol in expr.free_symbols}
    named = next((name for name in (*arguments[:1], axis, *_AXES, *_RARER, *_short(axis)) if name in symbols), None)
    if named is None and len(symbols) == 1:
        named = next(iter(symbols))  # a formula with numbers
    if named is None:
        message = "The formula has no x: the name of the axis is not in it."
        raise UserError(
            "value", message, hint="Write the model in x, such as a*exp(-b*x) + c.", span=Span(0, len(text))
        )
    found = [name for name in symbols if name != named]
    if not found:
        form, names, numbers = freed(expr, symbols[named])
        if names:
            return Model(body.strip(), form, symbols[named], names, numbers)
    order = arguments[1:] if set(found) <= set(arguments) else sorted(found, key=lambda name: _place(body, name))
    parameters = tuple(symbols[name] for name in order if name in found)
    if not 0 < len(parameters) <= MOST:
        message = "There is nothing to find in the formula." if not parameters else f"At most {MOST} names are found."
        raise UserError("value", message, hint="Names stand for what is found, numbers stay.", span=Span(0, len(text)))
    return Model(body.strip(), expr, symbols[named], parameters)


def _short(axis: str) -> tuple[str, ...]:
    """How a formula may call a column: d for diameter, S for substrate."""
    return (axis[0], axis[0].lower(), axis[0].upper()) if axis.isidentifier() and len(axis) > 1 else ()


def _place(body: str, name: str) -> int:
    match = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", body)
    return match.start() if match else len(body)


def curve_of(model: Model) -> Curve:
    """The model as functions of arrays, with its linear parameters told apart."""
    arguments = (model.axis, *model.parameters)
    gradient = [sp.diff(model.expr, p) for p in model.parameters]
    formula, slopes = Compiled([model.expr], arguments), Compiled(gradient, arguments)

    def evaluated(compiled: Compiled, x: Floats, p: Floats) -> list[Floats]:
        made = (np.asarray(value, dtype=float) for value in compiled.arrays([x, *map(np.float64, p)]))
        return [np.asarray(np.broadcast_to(value, x.shape), dtype=np.float64) for value in made]

    def jacobian(x: Floats, p: Floats) -> Floats:
        table = np.column_stack(evaluated(slopes, x, p))
        edge = ~np.isfinite(table).all(axis=1)
        if np.count_nonzero(edge) <= EDGE * x.size:
            table[edge] = 0.0
        return table

    return Curve(model.names, lambda x, p: evaluated(formula, x, p)[0], jacobian, _linear(model, gradient))


def with_values(model: Model, values: Sequence[sp.Expr]) -> sp.Expr:
    """The formula with numbers for its parameters, x - 1950 and the like kept together."""
    with distribute(False):
        return model.expr.subs(dict(zip(model.parameters, values, strict=True)))


def _linear(model: Model, gradient: Sequence[sp.Expr]) -> tuple[int, ...]:
    """Places of parameters in which the model is linear, all of them together."""
    chosen: list[int] = []
    for i, part in enumerate(gradient):
        others = [model.parameters[k] for k in (*chosen, i)]
        if not any(part.has(other) for other in others):
            chosen.append(i)
    return tuple(chosen)


def ranges(model: Model, curve: Curve, data: Data, times: Times) -> list[Floats]:
    """Where each nonlinear parameter may lie, from how it enters and from the data."""
    return [_range(model, model.parameters[i], data, times) for i in curve.nonlinear]


def _range(model: Model, p: sp.Symbol, data: Data, times: Times) -> Floats:
    x, expr = model.axis, model.expr
    length = float(data.x[-1] - data.x[0])
    if sp.simplify(sp.diff(expr, x) + sp.diff(expr, p)) == 0:
        return np.linspace(data.x[0], data.x[-1], 15)
    for wave in expr.atoms(sp.sin, sp.cos, sp.tan):
        if wave.has(p) and wave.has(x):
            slope = sp.diff(wave.args[0], x)
            if not slope.has(p):
                return np.linspace(-np.pi, np.pi, 6, endpoint=False)
            if not slope.has(x):
                return _solved(slope, p, 2 * np.pi * _frequencies(data, times))
    for grown in (*expr.atoms(sp.exp), *expr.atoms(sp.tanh)):
        if grown.has(p) and grown.has(x):
            slope = sp.diff(grown.args[0], x)
            if slope.has(p) and not slope.has(x):
                rates = np.geomspace(0.1, 60, 16) / length
                return _solved(slope, p, np.concatenate([-rates[::-1], rates]))
            if slope.has(p) and sp.diff(grown.args[0], p, 2) == 0:  # exp(-E/(R*x))
                exponents = np.geomspace(0.1, 100, 24)
                middle = grown.args[0].subs(x, float(data.x[data.x.size // 2]))
                return _solved(middle, p, np.concatenate([-exponents[::-1], exponents]))
    if any(power.exp.has(p) and power.base.has(x) for power in expr.atoms(sp.Pow)):
        return np.array([-3, -2, -1.5, -1, -0.5, 0.3, 0.5, 1, 1.5, 2, 3])
    wide = np.geomspace(0.02, 3, 10) * length
    heights = np.array([1.0, 0.3, 3.0]) * max(float(np.abs(data.y).max()), 1e-12)
    return np.concatenate([wide, 1 / wide, heights, np.linspace(data.x[0], data.x[-1], 5), [1.0, -1.0]])


def _solved(slope: sp.Expr, p: sp.Symbol, targets: Floats) -> Floats:
    """The values of p for which `slope` takes the target values, other names in it taken for 1."""
    wanted = sp.Dummy("s")
    others = dict.fromkeys(slope.free_symbols - {p}, 1)
    try:
        solutions = sp.solve(sp.Eq(slope.subs(others), wanted), p)
    except NotImplementedError:
        solutions = []
    if not solutions:
        return targets
    value: Floats = np.asarray(Compiled(solutions[:1], [wanted]).arrays([targets])[0], dtype=np.float64)
    finite: Floats = value[np.isfinite(value)]
    return finite


def _frequencies(data: Data, times: Times) -> Floats:
    """Frequencies at the peaks of the data's spectrum, and slower ones, in cycles per unit of x."""
    trials = Trials(times, times.limit if times.place is None else times.nyquist, 4)
    n = data.y.size
    gain = trials.gain(data.y - data.y.mean(), np.full((n, 1), n**-0.5))
    peaks = np.flatnonzero((gain[1:-1] >= gain[:-2]) & (gain[1:-1] >= gain[2:])) + 1
    best = peaks[np.argsort(-gain[peaks])][:PEAKS]
    found: Floats = np.concatenate([trials.g[best], [0.25, 0.5, 0.75, 1.0]]) / times.length
    return found
