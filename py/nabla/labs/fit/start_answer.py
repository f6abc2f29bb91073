"""What a program that fits a model does: what it computes, where its start leads, and the program with a better one."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from math import pi

import numpy as np
import sympy as sp

from nabla.answer.check import Verdict
from nabla.answer.document import Block, Check, Code, Document, Note, Prose, Source
from nabla.labs.fit.asked_quantities import FittedModel
from nabla.labs.fit.fitting_call import FitProgram
from nabla.labs.fit.missing_constant import complaint
from nabla.labs.fit.model import Model, curve_of, ranges
from nabla.program import source
from nabla.read.data import Data
from nabla.sinusoid.curve import CurveFit, fit_curve, weighed
from nabla.sinusoid.gauss_newton import gauss_newton
from nabla.sinusoid.minpack import lmdif
from nabla.sinusoid.times import Floats, classify
from nabla.write.notation import decimals, tex

ROUNDED = 1e-8**2  # of the sum of the squared values: the steps end there with four digits of a start
WORSE = 1e-3  # of the least sum of squares: an end with more is another one
CLOSE = 0.3  # of a parameter, within which a start is near it
ALIKE = 0.15  # of a frequency, within which two are taken for the same
LITTLE, MOSTLY = 0.3, 0.95  # of the variance, left by a model of swapped data, and explained by the other way round
SHORT = 2000  # samples that are tried the other way round
STARTED = frozenset(
    "curve_fit leastsq least_squares nls nlsLM nlxb fit lsqcurvefit lsqnonlin nlinfit fminsearch fminunc".split()
)
# The errors of nls, and what they mean.
NLS = {
    "singular": "stops with `singular gradient`: there two parameters change the curve in the same way, or one hardly "
    "changes it",
    "step factor": "stops with `step factor 0.000488281 reduced below 'minFactor' of 0.000976562`: no part of the step "
    "lowers the sum of squares",
    "no value": "stops with `Missing value or an infinity produced`: the model has no value there",
    "too many steps": "stops with `number of iterations exceeded maximum of 50`",
}
TOLD = {
    "curve_fit": "`curve_fit` minimises the sum of squares by steps downhill from `p0`, by default from all ones.",
    "leastsq": "`leastsq` takes the residuals of a guess and minimises their sum of squares by steps downhill from it.",
    "least_squares": "`least_squares` minimises half the sum of squares by steps downhill from its guess.",
    "OLS": "`OLS` solves the linear least-squares problem for the columns it is given; it adds no constant by itself.",
    "WLS": "`WLS` solves it with each squared residual times its weight, which is 1/error².",
    "lstsq": "`lstsq` solves the linear least-squares problem for the columns of its matrix.",
    "polyfit": "`polyfit` solves the linear least-squares problem; it returns the highest power first.",
    "nls": "`nls` takes steps downhill from `start`; where two parameters change the curve in the same way, or one not "
    "at all, it stops with a singular gradient.",
    "lm": "`lm` solves the linear least-squares problem; of a sine and a cosine of one frequency with coefficients "
    "$b_1$ and $b_2$ the amplitude is $\\sqrt{b_1^2 + b_2^2}$.",
    "lsqcurvefit": "`lsqcurvefit` minimises the sum of squares by steps downhill from `p0`.",
    "lsqnonlin": "`lsqnonlin` minimises the sum of squares of what its function returns by steps downhill.",
    "fminsearch": "`fminsearch` walks downhill with a simplex, here on a sum of squares; a least-squares solver needs "
    "fewer steps and ends nearer.",
    "nlinfit": "`nlinfit` minimises the sum of squares by steps downhill from its start.",
    "fit": "`fit` minimises the sum of squares by steps downhill from its start values.",
}


def start_of(document: Document, program: FitProgram, fitted: FittedModel, wider: FittedModel | None) -> list[Block]:
    """What the program computes, where its own start ends beside the best fit, and what its model misses, as `wider`
    tells, which has a constant.
    """
    model, found, data = fitted.model, fitted.found, fitted.data
    told = TOLD.get(program.call.name)
    blocks: list[Block] = [Prose(told)] if told else []
    findings = [
        *_degrees(model),
        *_order(program),
        *([("missing-intercept", complaint(fitted, wider, program.call.name))] if wider else []),
        *_variances(program),
        *_unpacked(program),
        *_divided(program),
        *_alike(program, data),
    ]
    findings = _swapped(model, found, data) or findings
    for kind, text in findings:
        _found(document, kind, program.call.line)
        blocks.append(Note(text, tone="warning"))
    curve = curve_of(model)
    if any(kind in ("missing-intercept", "argument-order", "columns-swapped") for kind, _ in findings):
        return blocks  # where a wrong model starts from does not matter
    if curve.nonlinear and not program.guessed and (program.start or program.call.name in STARTED):
        blocks += _started(document, program, model, found, data)
    return blocks


def _found(document: Document, kind: str, line: int) -> None:
    document.values.setdefault("findings", []).append({"kind": kind, "line": line})


def _started(document: Document, program: FitProgram, model: Model, found: CurveFit, data: Data) -> list[Block]:
    curve = curve_of(model)
    start = np.array(program.start or [1.0] * len(model.names))
    if start.size != len(model.names):
        return []
    y = data.y
    if data.error is not None:
        curve, y = weighed(curve, 1 / data.error), y / data.error
    steps = gauss_newton(curve, data.x, y, start) if program.call.name == "nls" else None
    reached = (steps.rss, steps.parameters) if steps else lmdif(curve, data.x, y, start)
    most = found.rss * (1 + WORSE) + ROUNDED * float(y @ y)
    failure = NLS.get(steps.how, "") if steps else ""
    listed = ", ".join(f"${tex(p)} = {decimals(float(v), 6)}$" for p, v in zip(model.parameters, start, strict=True))
    line = program.call.line
    if program.start:
        whose = f"The start of line {line}, {listed},"
    else:
        whose = f"Line {line} gives no start, and `{program.call.name}` begins at {listed}, which"
    if not failure and reached is not None and reached[0] <= most:
        return [Note(f"{whose} leads to the best fit.", tone="tip")]
    kind, why = _exchanged(program, model, start, found.parameters) or _frequency(model, start, found.parameters, data)
    _found(document, kind, line)
    left = float(np.sqrt(found.rss / data.x.size))
    if failure:
        where = failure
    elif reached is None:
        where = "is one at which the model has no finite value or no slope, so that no step can be taken"
    else:
        ended = ", ".join(
            f"${tex(p)} = {decimals(float(v), 4)}$" for p, v in zip(model.parameters, reached[1], strict=True)
        )
        rms = decimals(float(np.sqrt(reached[0] / data.x.size)), 3)
        where = f"ends at {ended}, where a residual of ${rms}$ (rms) is left instead of ${decimals(left, 3)}$"
    better = [float(f"{v:.4g}") for v in found.parameters]
    shown = ", ".join(decimals(v, 4) for v in better)
    text = f"{whose} {where}.{why} Start near the answer: {_written(program, model, better)}."
    blocks: list[Block] = [Note(text, tone="warning")]
    if changed := _changed(program, better):
        blocks.append(Code([Source("Changed", "python", changed)], title="Your program with that start"))
    again = lmdif(curve, data.x, y, np.array(better))
    arrives = again is not None and again[0] <= most
    method = "the steps of MINPACK from there, compared by the sum of squares"
    verdict: Verdict = "passed" if arrives else "failed"
    document.add(Check(f"From ({shown}) the steps end at the best fit", method, verdict, test="optimum"))
    return blocks


def _written(program: FitProgram, model: Model, better: Sequence[float]) -> str:
    """The start as the program would write it."""
    named = ", ".join(f"{name}={v:.4g}" for name, v in zip(model.names, better, strict=True))
    listed = ", ".join(f"{v:.4g}" for v in better)
    if program.call.name in ("nls", "nlsLM"):
        return f"`start = list({named})`"
    if program.call.name == "fit" and not program.foreign:
        return f"`{named}`"
    return {"fit": f"`'StartPoint', [{listed}]`", "curve_fit": f"`p0=[{listed}]`"}.get(
        program.call.name, f"`[{listed}]`"
    )


def _slopes(model: Model) -> list[sp.Expr]:
    """What multiplies the axis in each wave, where that does not change along it."""
    slopes = [sp.diff(wave.args[0], model.axis) for wave in model.expr.atoms(sp.sin, sp.cos) if wave.has(model.axis)]
    return [slope for slope in slopes if not slope.has(model.axis)]


def _frequency(model: Model, start: Floats, best: Floats, data: Data) -> tuple[str, str]:
    """What a start does with the frequency of a wave: outside of the main lobe it cannot find it."""
    length = float(data.x[-1] - data.x[0])
    for slope in _slopes(model):
        ends = [slope.subs(dict(zip(model.parameters, map(float, p), strict=True))) for p in (start, best)]
        if not all(end.is_number for end in ends):
            continue
        first, last = (abs(float(end)) for end in ends)
        cycles = first / (2 * pi) * length, last / (2 * pi) * length
        if not slope.has(sp.pi) and abs(first * 2 * pi - last) < ALIKE * last:
            return "two-pi", (
                f" ${decimals(first, 4)}$ is the frequency in cycles per unit of x, the model takes radians: "
                f"$\\omega = 2\\pi f = 2\\pi \\cdot {decimals(first, 4)} = {decimals(2 * pi * first, 4)}$."
            )
        if slope.has(sp.pi) and abs(first - 2 * pi * last) < ALIKE * first:
            return "two-pi", (
                f" ${decimals(first / 2 / pi, 4)}$ is in radians per unit of x, the model has the $2\\pi$ itself: "
                f"$f = \\omega / 2\\pi = {decimals(last / 2 / pi, 4)}$."
            )
        if abs(cycles[0] - cycles[1]) > 1:
            return "frequency-start", (
                f" The frequency decides: the start has {cycles[0]:.3g} cycles in the record, the data have "
                f"{cycles[1]:.4g}, and from more than about one cycle away the steps find a side minimum."
            )
    return "local-minimum", ""


def _exchanged(program: FitProgram, model: Model, start: Floats, best: Floats) -> tuple[str, str] | None:
    """Two numbers of a start that are near the best fit in each other's place alone."""
    if not program.start:
        return None

    def near(place: int, value: float) -> bool:
        return bool(abs(value - best[place]) <= CLOSE * abs(best[place]))

    for i, j in combinations(range(start.size), 2):
        if near(i, start[j]) and near(j, start[i]) and not near(i, start[i]) and not near(j, start[j]):
            first, second = (f"${tex(model.parameters[k])}$" for k in (i, j))
            text = (
                f" In each other's place the two would be near: ${decimals(float(start[j]), 4)}$ for {first} and "
                f"${decimals(float(start[i]), 4)}$ for {second}. The start follows the order of the function's "
                "arguments."
            )
            return "start-order", text
    return None


def _degrees(model: Model) -> list[tuple[str, str]]:
    """A wave whose argument counts in degrees: sines take radians."""
    for slope in _slopes(model):
        if any(abs(abs(float(number)) - 360) < 1e-9 for number in slope.atoms(sp.Number)):
            return [
                (
                    "degrees",
                    "The model turns by 360 a cycle, which is in degrees; `sin` and `cos` take radians. The numbers "
                    "below belong to the model as written; with $2\\pi$ for 360 its frequency is one in cycles.",
                )
            ]
    return []


def _order(program: FitProgram) -> list[tuple[str, str]]:
    """A function that does not take its axis first, where the caller passes it."""
    if not program.given_axis:
        return []
    return [
        (
            "argument-order",
            f"`{program.call.name}` passes the axis as the first argument, which is `{program.given_axis}` here; the "
            f"function has its axis elsewhere. Put it first: `{program.form.partition(' = ')[0]}`, as the fit below "
            "does.",
        )
    ]


def _alike(program: FitProgram, data: Data) -> list[tuple[str, str]]:
    """Powers of an axis far from 0."""
    if not program.shifted:
        return []
    text = (
        f"`{data.x_name}` lies far from 0, so that its powers are nearly the same up to a factor, and rounding "
        f"decides on their coefficients: subtract {data.x[0]:.6g} from it first, as the fit below does."
    )
    return [("ill-conditioned", text)]


def _variances(program: FitProgram) -> list[tuple[str, str]]:
    """Variances that are taken for standard errors."""
    taken = re.search(r"\bdiag(?:onal)?\(\s*\w*cov\w*\s*\)", program.code)
    if not taken or re.search(r"sqrt|\*\*\s*0?\.5", program.code):
        return []
    text = (
        f"`{taken[0]}` are variances; the standard errors are their square roots, `np.sqrt({taken[0]})`, and stand "
        "behind the values above."
    )
    return [("missing-root", text)]


_CONSTANTS = re.compile(r"(?:y_?)?intercept\w*|offset|const\w*|bias|y0|b0|beta_?0|a0|c0|q", re.IGNORECASE)
_SLOPES = re.compile(r"slope\w*|gradient|steigung|m|b1|beta_?1|a1|c1", re.IGNORECASE)


def _unpacked(program: FitProgram) -> list[tuple[str, str]]:
    """The two coefficients of a line taken apart in the other order than that in which they come."""
    if program.call.name != "polyfit" or program.foreign:
        return []
    for node in ast.walk(ast.parse(source.read(program.code).text)):
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if not (isinstance(node, ast.Assign) and isinstance(target, ast.Tuple) and len(target.elts) == 2):
            continue
        if "polyfit(" not in ast.unparse(node.value):
            continue
        first, second = (ast.unparse(item) for item in target.elts)
        constant, slope = (second, first) if program.low_first else (first, second)
        if (_CONSTANTS.fullmatch(constant) and not _CONSTANTS.fullmatch(slope)) or (
            _SLOPES.fullmatch(slope) and not _SLOPES.fullmatch(constant)
        ):
            order = "the constant first" if program.low_first else "the highest power first"
            text = (
                f"`polyfit` returns {order}: line {node.lineno} calls the slope `{constant}` and the intercept "
                f"`{slope}`. Write `{second}, {first} = ...`."
            )
            return [("coefficient-order", text)]
    return []


def _divided(program: FitProgram) -> list[tuple[str, str]]:
    """A width that multiplies where it was meant to divide: exp(-x**2/2*s**2)."""
    if program.foreign:
        return []
    for node in ast.walk(ast.parse(source.read(program.code).text)):
        if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and isinstance(node.left, ast.BinOp)):
            continue
        half = isinstance(node.left.op, ast.Div) and isinstance(node.left.right, ast.Constant)
        squared = isinstance(node.right, ast.BinOp) and isinstance(node.right.op, ast.Pow)
        if half and squared and isinstance(node.right, ast.BinOp) and isinstance(node.right.left, ast.Name):
            by, width = ast.unparse(node.left.right), ast.unparse(node.right)
            text = (
                f"`/{by}*{width}` in line {node.lineno} divides by {by} alone and multiplies by `{width}`: "
                f"`{node.right.left.id}` below is the inverse of a width. Write `/({by}*{width})`."
            )
            return [("precedence", text)]
    return []


def _swapped(model: Model, found: CurveFit, data: Data) -> list[tuple[str, str]]:
    """The data the wrong way round: the curve explains x by y, and not y by x, or they are called so."""
    if data.x_name == "y" and data.y_name in ("x", "t"):
        text = f"The call explains `{data.y_name}` by `y`: the column along the axis comes first. Swap the two."
        return [("columns-swapped", text)]
    around = float(np.sum((data.y - data.y.mean()) ** 2))
    if float(found.residual @ found.residual) < LITTLE * around or data.x.size > SHORT:
        return []
    order = np.argsort(data.y, kind="stable")
    x, y = data.y[order], data.x[order]
    if np.ptp(x) == 0:
        return []
    turned, curve = replace(data, x=x, y=y), curve_of(model)
    try:
        other = fit_curve(curve, x, y, ranges(model, curve, turned, classify(x)))
    except ValueError:
        return []
    if other.rss > (1 - MOSTLY) * float(np.sum((y - y.mean()) ** 2)):
        return []
    text = (
        f"The call explains `{data.y_name}` by `{data.x_name}`. The other way round the "
        f"model fits, with {_listed(model, other.parameters)}: swap the two."
    )
    return [("columns-swapped", text)]


def _listed(model: Model, values: Floats) -> str:
    return ", ".join(f"${tex(p)} = {decimals(float(v), 4)}$" for p, v in zip(model.parameters, values, strict=True))


def _changed(program: FitProgram, best: Sequence[float]) -> str:
    """The program of Python with another start in its call; "" for others, whose line is shown alone."""
    name = program.call.name
    if program.foreign or name not in ("curve_fit", "leastsq", "least_squares"):
        return ""
    start = ast.parse("[" + ", ".join(f"{v:.4g}" for v in best) + "]", mode="eval").body
    text = source.read(program.code).text  # with its indentation mended, where that was lost
    lines = text.split("\n")
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.lineno == program.call.line and _names(node.func) == name:
            place = 3 if name == "curve_fit" else 1
            if len(node.args) > place:
                node.args[place] = start
            else:
                word = "p0" if name == "curve_fit" else "x0"
                node.keywords = [*(k for k in node.keywords if k.arg != word), ast.keyword(word, start)]
    at = next(n for n in tree.body if n.lineno <= program.call.line <= (n.end_lineno or 0))
    return "\n".join([*lines[: at.lineno - 1], ast.unparse(at), *lines[at.end_lineno or 0 :]])


def _names(function: ast.expr) -> str:
    """The last name of a called function."""
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )
