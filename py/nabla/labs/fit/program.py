"""A program that fits or transforms data, read for what it fits: its data, its model, its start.

The program runs up to the call that matters, behind the guard; the call itself is ours to make, from a start of ours.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nabla.labs.fit.builtin_models import ASTROPY, LMFIT, polynomial, renamed, rising
from nabla.labs.fit.call_data import array_of, name_of, take_data
from nabla.labs.fit.evaluate import values_before, whole_run
from nabla.labs.fit.fitting_call import Elsewhere, FitProgram, FittingCall
from nabla.labs.fit.foreign import translated
from nabla.labs.fit.functions import ProgramFunctions, residual_form
from nabla.labs.fit.linear_calls import formula_of, least_squares_of, matrix_of, regression_of
from nabla.labs.fit.windows import without_window
from nabla.program import source
from nabla.program.source import Program
from nabla.read.data.rate import sampling_of
from nabla.sinusoid.times import Floats

SPECTRA = frozenset({"fft", "rfft", "periodogram", "welch", "lombscargle", "LombScargle"})
UNEVEN = frozenset({"lombscargle", "LombScargle"})  # which take the times, and then the values
RATED = frozenset({"periodogram", "welch"})  # whose second argument is the sampling rate
MOST_DEGREE = 9
_AMPLITUDES = ("amp", "amplitude", "Amp", "freq", "f", "w", "omega", "p", "params")
_NOTHING = ast.Constant(None)
# The arguments of each call by their names, in the order in which they may be given without.
SIGNATURES = {
    "curve_fit": ("f", "xdata", "ydata", "p0", "sigma"),
    "polyfit": ("x", "y", "deg"),
    "linregress": ("x", "y"),
    "leastsq": ("func", "x0", "args"),
    "least_squares": ("fun", "x0"),
    "fft": ("a",),
    "rfft": ("a",),
    "periodogram": ("x", "fs"),
    "welch": ("x", "fs"),
    "lombscargle": ("x", "y", "freqs"),
    "LombScargle": ("t", "y", "dy"),
    "fit": ("data", "params"),
}


def read_program(code: str) -> FitProgram | None:
    """The program's fit or transform, in Python, R or MATLAB; None when it has neither.

    Raises:
        UserError: when the program cannot be read.
    """
    foreign = translated(code)
    program = source.read(foreign.code if foreign else code)
    calls = _calls(program.tree)
    # A transform beside a fit gives it its start.
    for name in sorted((call.name for call in calls), key=lambda name: name not in _FITS):
        if name in READERS:
            call = next(c for c in calls if c.name == name)
            found = READERS[name](program, calls, call)
            if found and foreign:
                found.code, found.foreign = code, True
                found.call = FittingCall(foreign.call, foreign.line, call.args, call.named)
                found.missing = found.missing and Elsewhere(0, "")
            if found:
                return found
    return None


_FITS = ("curve_fit", "leastsq", "least_squares")


def _calls(tree: ast.AST) -> list[FittingCall]:
    """All calls by a plain or dotted name, in order."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            named = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
            args = list(node.args)
            for expected in SIGNATURES.get(name, ())[len(args) :]:
                if expected not in named:
                    break
                args.append(named.pop(expected))
            found.append(FittingCall(name, node.lineno, args, named))
    return sorted(found, key=lambda call: call.line)


def _curve_fit(program: Program, calls: list[FittingCall], call: FittingCall) -> FitProgram | None:
    if len(call.args) < 3:
        return None
    given = call.args[3] if len(call.args) > 3 else call.named.get("p0", _NOTHING)
    sigma = call.args[4] if len(call.args) > 4 else call.named.get("sigma", _NOTHING)
    ran = values_before(program, call.line, [*call.args[1:3], given, sigma])
    p0 = array_of(ran.values[2])
    form = _functions(program, ran.names).form(call.args[0], None if p0 is None else p0.size)
    if not form:
        return None
    found = FitProgram(program.source, call, calls=calls, names=ran.names, form=form, start=_listed(p0))
    take_data(found, program, ran, call.args[1], call.args[2])
    error = array_of(ran.values[3])
    if error is not None and found.y is not None and error.size == found.y.size and np.all(error > 0):
        found.error = error
    _axis_first(found)
    return found


def _axis_first(found: FitProgram) -> None:
    """The axis put first where the function has it elsewhere: the name of the data's axis, or t, x or time."""
    head, _, body = found.form.partition(" = ")
    arguments = _arguments(head)
    axes = [name for name in (found.x_name, "t", "x", "time") if name in arguments]
    if not axes or arguments[0] in (found.x_name, "t", "x", "time") or arguments[0] not in ("a", "A", *_AMPLITUDES):
        return
    others = [name for name in arguments if name != axes[0]]
    found.given_axis = arguments[0]
    found.form = f"f({', '.join([axes[0], *others])}) = {body}"
    found.start = None


def _polyfit(program: Program, calls: list[FittingCall], call: FittingCall) -> FitProgram | None:
    if len(call.args) < 3 and "deg" not in call.named:
        return None
    degree = call.args[2] if len(call.args) > 2 else call.named["deg"]
    ran = values_before(program, call.line, [*call.args[:2], degree])
    if not isinstance(ran.values[2], int | np.integer) or not 0 < ran.values[2] <= MOST_DEGREE:
        return None
    degree_found = int(ran.values[2])
    low_first = bool(_LOW_FIRST.search(program.text))
    form = rising(degree_found) if low_first else polynomial(degree_found)
    found = FitProgram(program.source, call, calls=calls, names=ran.names, form=form, low_first=low_first)
    take_data(found, program, ran, call.args[0], call.args[1])
    if found.x is not None and _alike(found.x, degree_found):
        found.form = found.form.replace("*x", f"*(x - {float(np.min(found.x)):.12g})")
        found.shifted = True
    return found


# numpy.polynomial's polyfit returns the constant first, np.polyfit the highest power.
_LOW_FIRST = re.compile(r"\bpolynomial(?:\.polynomial)?(?:\.polyfit| import[^\n]*\bpolyfit)|\b(?:P|poly|pol)\.polyfit")


def _alike(x: Floats, degree: int) -> bool:
    """Whether the powers of x are of lower rank in floating point, of which polyfit warns."""
    table = np.vander(x, degree + 1)
    values = np.linalg.svd(table / np.sqrt((table * table).sum(axis=0)), compute_uv=False)
    return bool(values[-1] < x.size * np.finfo(float).eps * values[0])


def _linregress(program: Program, calls: list[FittingCall], call: FittingCall) -> FitProgram | None:
    """scipy.stats.linregress(x, y): a line."""
    if len(call.args) < 2:
        return None
    ran = values_before(program, call.line, call.args[:2])
    form = "f(x, slope, intercept) = slope*x + intercept"
    found = FitProgram(program.source, call, calls=calls, names=ran.names, form=form)
    take_data(found, program, ran, call.args[0], call.args[1])
    return found


def _leastsq(program: Program, calls: list[FittingCall], call: FittingCall) -> FitProgram | None:
    if len(call.args) < 2:
        return None
    given = call.named.get("args", call.args[2] if len(call.args) > 2 else None)
    arguments = given.elts if isinstance(given, ast.Tuple) else []
    listed = [node.id for node in arguments if isinstance(node, ast.Name)]
    functions = _functions(program, {})
    used = {
        n.id
        for node in (functions.find(call.args[0]), *arguments)
        if node
        for n in ast.walk(node)
        if isinstance(n, ast.Name)
    }
    own = {node.name for node in ast.walk(program.tree) if isinstance(node, ast.FunctionDef)}
    known = _stored(program.tree)
    bound = sorted((used & known) | (used - own - known - _MATHEMATICS - _taken(functions, call.args[0])))
    ran = values_before(program, call.line, [ast.Name(n, ast.Load()) for n in bound])
    arrays = {n: array for n, v in zip(bound, ran.values, strict=True) if (array := array_of(v)) is not None}
    unknown = {n for n, v in zip(bound, ran.values, strict=True) if v is None}
    read = residual_form(_functions(program, ran.names), call.args[0], listed, set(arrays) | unknown)
    if read is None:
        return None
    start = values_before(program, call.line, [call.args[1]]).values[0]
    found = FitProgram(program.source, call, calls=calls, names=ran.names, form=read[0], start=_listed(array_of(start)))
    x, y = (ast.Name(name, ast.Load()) for name in read[1:])
    ran.values = [arrays.get(read[1]), arrays.get(read[2])]
    take_data(found, program, ran, x, y)
    return found


_MATHEMATICS = frozenset("np numpy math sin cos tan exp log log10 sqrt abs pi power square sum mean norm array".split())


def _taken(functions: ProgramFunctions, function: ast.expr) -> set[str]:
    """The names that a function takes or binds itself."""
    node = functions.find(function)
    if node is None:
        return set()
    stored = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return stored | {argument.arg for argument in node.args.args}


def _model_fit(program: Program, calls: list[FittingCall], call: FittingCall) -> FitProgram | None:
    """lmfit: Model(function) or a sum of its own models, and model.fit(y, parameters, x=x)."""
    made = [c for c in calls if c.name in LMFIT]
    own = next((c for c in calls if c.name == "Model" and c.args), None)
    if not call.args or not (made or own):
        return None
    numbers = [c for c in calls if c.name in ("make_params", "fit")]
    starts = {k: v for c in numbers for k, v in c.named.items()}
    ran = values_before(program, call.line, [call.args[0], *starts.values()])
    known = dict(zip(starts, ran.values[1:], strict=True))
    form = _functions(program, ran.names).form(own.args[0]) if own else _sum_of(made, LMFIT)
    arguments = _arguments(form)
    if not form:
        return None
    found = FitProgram(program.source, call, calls=calls, names=ran.names, form=form)
    x = call.named.get(arguments[0], _NOTHING)
    ran.values[:1] = [known.get(arguments[0]), ran.values[0]]
    take_data(found, program, ran, x, call.args[0])
    given = [known.get(name) for name in arguments[1:]]
    found.guessed = any(c.name == "guess" for c in calls)
    if all(isinstance(v, int | float) for v in given):
        found.start = [float(v) for v in given if isinstance(v, int | float)]
    return found


def _astropy(program: Program, calls: list[FittingCall], call: FittingCall) -> FitProgram | None:
    """astropy: a sum of its models, and fitter(model, x, y)."""
    made = [c for c in calls if c.name in ASTROPY]
    fitters = {
        node.targets[0].id
        for node in ast.walk(program.tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and "Fitter(" in ast.unparse(node.value)
    }
    fitted = next((c for c in calls if c.name in fitters and len(c.args) >= 3), None)
    if fitted is None:
        return None
    given = [node for c in made for name in ASTROPY[c.name][1] if (node := c.named.get(name)) is not None]
    ran = values_before(program, fitted.line, [*fitted.args[1:3], *given])
    found = FitProgram(program.source, fitted, calls=calls, names=ran.names, form=_sum_of(made, ASTROPY))
    take_data(found, program, ran, fitted.args[1], fitted.args[2])
    numbers = [float(v) for v in ran.values[2:] if isinstance(v, int | float)]
    found.start = numbers if len(numbers) == len(_arguments(found.form)) - 1 else None
    return found


def _transform(program: Program, calls: list[FittingCall], call: FittingCall) -> FitProgram | None:
    if not call.args:
        return None
    if call.name in UNEVEN and len(call.args) < 2:
        return None
    at = 1 if call.name in UNEVEN else 0
    steps = [c for c in calls if c.name in ("fftfreq", "rfftfreq")]
    spacing = [c.args[1] if len(c.args) > 1 else c.named.get("d", _NOTHING) for c in steps]
    rates = call.args[1] if len(call.args) > 1 and call.name in RATED else call.named.get("fs", _NOTHING)
    times = call.args[0] if at else _NOTHING
    signal, window = without_window(program, call.args[at], call.line)
    ran = values_before(program, call.line, [signal, rates, times, *spacing])
    found = FitProgram(program.source, call, calls=calls, names=ran.names, window=window)
    found.y, found.y_name = array_of(ran.values[0]), name_of(signal, "y")
    found.rate = float(ran.values[1]) if isinstance(ran.values[1], int | float) else None
    # A step that is given and cannot be computed here is not one that is left out.
    found.spacings = [
        (c.line, float(v) if isinstance(v, int | float) else None)
        for c, step, v in zip(steps, spacing, ran.values[3:], strict=True)
        if step is _NOTHING or isinstance(v, int | float)
    ]
    found.whole = whole_run(program)
    if at:
        found.x, found.x_name = array_of(ran.values[2]), name_of(times, "t")
    else:
        _take_times(found, program)
    return found


READERS: dict[str, Callable[[Program, list[FittingCall], FittingCall], FitProgram | None]] = {
    "curve_fit": _curve_fit,
    "polyfit": _polyfit,
    "linregress": _linregress,
    "leastsq": _leastsq,
    "least_squares": _leastsq,
    "fit": _model_fit,
    "OLS": least_squares_of,
    "WLS": least_squares_of,
    "ols": formula_of,
    "LinearRegression": regression_of,
    "lstsq": matrix_of,
    **dict.fromkeys(ASTROPY, _astropy),
    **dict.fromkeys(SPECTRA, _transform),
}


def _functions(program: Program, names: dict[str, Any]) -> ProgramFunctions:
    """The functions of a program with the numbers that it has bound."""
    numbers = {k: v for k, v in names.items() if isinstance(v, int | float) and not isinstance(v, bool)}
    plain = {k: float(v) for k, v in numbers.items() if v not in (np.pi, np.e)}
    return ProgramFunctions(program.tree, plain)


def _stored(tree: ast.Module) -> set[str]:
    """The names that statements of the program bind outside of functions."""
    outside = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef)]
    found = [n for node in outside for n in ast.walk(node) if isinstance(n, ast.Name)]
    return {n.id for n in found if isinstance(n.ctx, ast.Store)}


def _listed(array: Floats | None) -> list[float] | None:
    return None if array is None else [float(v) for v in array]


def _arguments(form: str) -> list[str]:
    return [name.strip() for name in form[form.find("(") + 1 : form.find(")")].split(",")]


def _sum_of(made: Sequence[FittingCall], table: dict[str, tuple[str, tuple[str, ...]]]) -> str:
    """A sum of built-in models with a head; those of astropy are numbered, those of lmfit have prefixes."""
    terms, names = [], []
    for i, call in enumerate(made):
        formula, own = table[call.name]
        prefix = call.named.get("prefix")
        before = prefix.value if isinstance(prefix, ast.Constant) and isinstance(prefix.value, str) else ""
        term, listed = renamed(formula, own, before, f"_{i}" if table is ASTROPY and len(made) > 1 else "")
        terms.append(term)
        names += listed
    return f"f(x, {', '.join(names)}) = {' + '.join(terms)}"


def _take_times(found: FitProgram, program: Program) -> None:
    """When the samples were taken: an even, ascending array of their number, or a rate or step by name."""
    if found.y is None:
        return
    is_axis: Callable[[Floats], bool] = lambda a: bool(np.all(np.diff(a) > 0))  # noqa: E731
    for name, value in found.names.items():
        array = array_of(value) if isinstance(value, np.ndarray | list | tuple) else None
        if array is not None and array.size == found.y.size and array is not found.y and is_axis(array):
            found.x, found.x_name = array, name
            return
    written = {
        node.targets[0].id: node.value.value
        for node in program.tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    scalars = {
        name: float(v)
        for name, v in {**written, **found.names}.items()
        if isinstance(v, int | float) and not isinstance(v, bool)
    }
    found.sampling = next((s for name, value in scalars.items() if (s := sampling_of(name, value))), None)
