"""fit with a formula of one's own: its parameters with errors, how sure the form is, and what else would do."""

from __future__ import annotations

from math import hypot, pi
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from nabla.answer.document import (
    Check,
    Code,
    Document,
    Heading,
    Math,
    Note,
    Table,
)
from nabla.errors import UserError
from nabla.lab import Inputs
from nabla.labs.fit.asked_quantities import LENGTHS, FittedModel, read_asked, warn_of_missing
from nabla.labs.fit.blocks import understood
from nabla.labs.fit.checks import OPTIMUM
from nabla.labs.fit.claims import judge, of_model
from nabla.labs.fit.contest import CLEARLY, Contest, contest, contest_table, floor_of, of_curve, of_sinusoids, unit_of
from nabla.labs.fit.fitting_call import FitProgram
from nabla.labs.fit.missing_constant import MISSED, repaired, with_constant
from nabla.labs.fit.model import Model, curve_of, read_model, with_values
from nabla.labs.fit.model_blocks import (
    is_loose,
    model_plots,
    model_programs,
    parameter_table,
    shown_error,
    tied,
    weights_told,
    with_numbers,
)
from nabla.labs.fit.names import names_of
from nabla.labs.fit.own_numbers import judge_numbers
from nabla.labs.fit.plain_forms import decaying, fitted_to, rising, without_constant
from nabla.labs.fit.quantities import told_of_model
from nabla.labs.fit.question import FitQuestion
from nabla.labs.fit.rates import rate_of, told
from nabla.labs.fit.sentence import headline
from nabla.labs.fit.start_answer import start_of
from nabla.labs.fit.unidentified import TURN, in_degrees, redundant, with_held
from nabla.read.data import Data, chosen_rows
from nabla.sinusoid.curve import Curve, CurveFit, bic
from nabla.sinusoid.errors import WHITE
from nabla.sinusoid.fit import EXACT, Task, fit
from nabla.sinusoid.robust import far, odd_one, spikes
from nabla.sinusoid.times import Times, classify
from nabla.write.notation import decimals, decimals_kept, tex
from nabla.write.sentence import sentence

MOST_SAMPLES = 20_000
FEW = 7  # samples up to which forms are not compared


def answer_model(
    inputs: Inputs,
    document: Document,
    data: Data,
    question: FitQuestion,
    text: str,
    held: Contest | None = None,
    lead: str = "",
) -> None:
    """Fit the formula `text` to the data, into the document; `held` is the contest that it has won, `lead` what its
    sentence begins with.

    Raises:
        UserError: when the formula has no axis or nothing to find, or more than there are samples.
    """
    model = read_model(text, "x" if held is not None or question.ours else data.x_name)  # ours are in x
    n = data.x.size
    if n > MOST_SAMPLES:
        raise UserError("too-big", f"A formula is fitted to at most {MOST_SAMPLES:,} samples; these are {n:,}.")
    if len(model.names) > n:
        message = f"The formula has {len(model.names)} parameters and the data {n} rows: more rows are needed."
        raise UserError("value", message, field="form")
    if len(model.names) == n:
        message = f"{n} parameters and {n} points: the curve goes through all of them, and nothing is left to judge by."
        document.warn("no-freedom", f"{message} There are no errors, and no telling whether the form is right.")
    document.progress(f"Fitting {len(model.names)} parameters", 0.3)
    curve = curve_of(model)
    times, program = question.times, question.program
    if question.task.robust is not False:
        data = _without(document, data, spikes(data.y))
        times = times if data.x.size == n else classify(data.x)
    found = fitted_to(model, curve, data, times)
    model, curve, found = _in_degrees(document, question, model, curve, found, data)
    typed = model
    model, curve, found = _without_spare(document, question, model, curve, found, data)
    floor = floor_of(data) * unit_of(data) ** 2 if data.error is None else 0.0
    if question.task.robust is not False and found.rss > floor:
        away = far(found.residual)
        if data.error is None and not away.any():
            away = odd_one(found.residual, curve.jacobian(data.x, found.parameters))
        clean = _without(document, data, away)
        if clean is not data:
            data, times = clean, classify(clean.x)
            found = fitted_to(model, curve, data, times)
    ours = held is not None or question.ours
    if question.ours and "k" in model.names:
        model, curve, found = decaying(model, curve, found)
    if ours and model.names == ("L", "k", "m", "c") and found.parameters[1] < 0:
        found = rising(found)
    if question.ours:
        model, curve, found = without_constant(model, curve, found, data, times)
    document.title = f"{', '.join(model.names)} from {n:,} samples"
    _values(document, model, found, data)
    parameters = parameter_table(model, found)
    result = with_numbers(model, found)
    listed = ", ".join(
        f"${tex(p)} = {shown_error(float(v), float(s))}$"
        for p, v, s in zip(model.parameters, found.parameters, found.se, strict=True)
    )
    names = [f"model.parameters.{name}" for name in model.names]
    fitted = FittedModel(model, curve, found, data)
    wider = with_constant(fitted, times) if program else None
    started = start_of(document, program, fitted, wider) if program else []
    accused = headline(document)
    lead = accused + (_claimed(inputs, document, typed, wider or fitted) or lead)
    called = names_of(data, model.names)
    axis = {model.axis: sp.Symbol(called.x)} if ours and model.axis.name == "x" else {}
    with decimals_kept("." in text):
        shown = tex(model.expr.xreplace(axis))
    since = f"{called.since}," if axis and called.since else ""
    weighed = f", weighted by `{data.error_name}`," if data.error is not None else ""
    more = repaired(document, wider) if wider else _undetermined(fitted)
    apart = _held_back(question.data, data)
    text = f"{lead}{apart}The best fit of ${shown}${weighed or since} has {listed}.{more}"
    if rate := rate_of(model, found):
        document.values["model"] |= {"rate": rate.rate, "half_life": rate.half_life}
        text = f"{text} {told(rate, data)}"
    text = f"{text} {_asked(inputs, document, fitted, bool(rate))}".strip()
    document.answer = sentence(text, document.values, names)
    document.add(
        Math(f"{called.y_tex} = {shown}"),
        Math(
            f"{called.y_tex} = {tex(result.xreplace(axis))}",
            text=f"y = {document.values['model']['formula']}",
            role="result",
        ),
        parameters,
        *started,
        *tied(model, found),
        *model_plots(model, curve, found, data),
        *weights_told(document, found, data),
        *(contest_table(held) if held else _compared(document, model, found, data, times) if n > FEW else ()),
        Heading("Checks", role="checks"),
        *_checks(found, data, floor),
        Code(model_programs(model, found, data), title="The same as a program"),
        Heading("What was read", role="reading"),
        *understood(data, times),
    )


def _claimed(inputs: Inputs, document: Document, typed: Model, fitted: FittedModel) -> str:
    """The asker's numbers judged: those of the formula as it was typed, or of quantities by their names."""
    numbers = judge_numbers(document, typed, fitted.found, fitted.data) if typed.given else ""
    return numbers + judge(document, inputs["claim"], of_model(fitted))


def _asked(inputs: Inputs, document: Document, fitted: FittedModel, rated: bool) -> str:
    """What else was asked, in sentences; what this curve does not tell is warned of."""
    asked = inputs.read("asked", read_asked)
    answered = told_of_model(asked, fitted, LENGTHS if rated else frozenset())
    document.values |= {"quantities": answered.values} if answered.values or (rated and asked.names) else {}
    warn_of_missing(document, answered)
    return " ".join(answered.sentences)


def _in_degrees(
    document: Document, question: FitQuestion, model: Model, curve: Curve, found: CurveFit, data: Data
) -> tuple[Model, Curve, CurveFit]:
    """The model with its angles in degrees, where the data are."""
    program = question.program
    turned = in_degrees(model) if np.ptp(data.x) > TURN else None
    if turned:
        other_curve = curve_of(turned)
        other = fitted_to(turned, other_curve, data, question.times)
        n, m = data.x.size, len(model.names)
        if bic(other.rss, n, m) < bic(found.rss, n, m) - MISSED:
            model, curve, found = turned, other_curve, other
            text = (
                f"The angles are in degrees, and sines take radians: with ${tex(model.axis)}$ as it stands no wave of "
                rf"the data is met. The fit is that of ${tex(model.axis)} \cdot \pi/180$, in a program "
                f"`np.radians({model.axis})`."
            )
            _found(document, "degrees", program, text)
    return model, curve, found


def _without_spare(
    document: Document, question: FitQuestion, model: Model, curve: Curve, found: CurveFit, data: Data
) -> tuple[Model, Curve, CurveFit]:
    """The model without a parameter that does what others do; of numbers that were typed nothing is said of it."""
    program = question.program
    start = program.start if program and program.start and len(program.start) == len(model.names) else None
    spare = redundant(model, found, data.x, start)
    if spare and not model.given:
        names = [f"${tex(p)}$" for p in model.parameters if str(p) in spare.group]
        listed = " and ".join([", ".join(names[:-1]), names[-1]])
        text = (
            f"{listed} cannot be told apart: a change of one is "
            f"undone by a change of the others, and no data can settle them. The fit holds {spare.held} at "
            f"{spare.value:.6g}; leave it out of the model."
        )
        _found(document, "redundant-parameter", program, text)
    if spare:
        model = with_held(model, spare)
        curve = curve_of(model)
        found = fitted_to(model, curve, data, question.times)
    return model, curve, found


def _found(document: Document, kind: str, program: FitProgram | None, text: str) -> None:
    """Note what is wrong with the model, in the program's line where there is a program."""
    line = program.call.line if program else 0
    document.values.setdefault("findings", []).append({"kind": kind, "line": line})
    document.add(Note(text, tone="warning"))


def _without(document: Document, data: Data, away: NDArray[np.bool_]) -> Data:
    """The data without the outliers at `away`, of which the document warns."""
    count = int(np.count_nonzero(away))
    if not count:
        return data
    first = int(np.argmax(away))
    where = f"the first at {data.x_name} = {data.x[first]:.6g}: {data.y[first]:.6g}"
    many = "value lies" if count == 1 else "values lie"
    message = f"{count} {many} far from all others, {where}. The fit is the one without."
    document.warn("outliers", message)
    return chosen_rows(data, ~away)


def _held_back(all_data: Data, kept: Data) -> str:
    """The outliers that were held back, in a sentence."""
    count = all_data.x.size - kept.x.size
    if not count:
        return ""
    there = set(zip(kept.x.tolist(), kept.y.tolist(), strict=True))
    pairs = zip(all_data.x.tolist(), all_data.y.tolist(), strict=True)
    x, y = next((pair for pair in pairs if pair not in there), (0.0, 0.0))
    many = "One value lies" if count == 1 else f"{count} values lie"
    first = "" if count == 1 else "the first "
    return f"{many} far from all others, {first}${decimals(y, 6)}$ at ${names_of(kept).x_tex} = {decimals(x, 6)}$. "


def _values(document: Document, model: Model, found: CurveFit, data: Data) -> None:
    parameters = dict(zip(model.names, map(float, found.parameters), strict=True))
    exact = model.expr.subs({p: sp.Float(parameters[str(p)], 17) for p in model.parameters})
    formula = str(with_values(model, [sp.Float(float(v), 15) for v in found.parameters]))
    document.values.update(
        model={
            "formula": formula,
            "parameters": parameters,
            "se": dict(zip(model.names, map(float, found.se), strict=True)),
            "correlation": found.correlation.tolist(),
        },
        tones=_tones(exact, model.axis),
        residual_rms=float(np.sqrt(found.residual @ found.residual / data.x.size)),
        noise=found.sigma,
        offset=_offset(exact, model.axis),
        n=data.x.size,
        form=[],
        formula=formula,
    )


def _offset(expr: sp.Expr, axis: sp.Symbol) -> float:
    """What a formula with numbers adds that does not change with x."""
    constant = sp.expand(expr).as_independent(axis, as_Add=True)[0]
    return float(constant) if constant.is_number else 0.0


def _tones(expr: sp.Expr, axis: sp.Symbol) -> list[dict[str, Any]]:
    """The sinusoids in a formula with numbers for its parameters; sine and cosine of one frequency are one."""
    found: dict[float, complex] = {}
    decays: dict[float, float] = {}
    waves = {wave: sp.Dummy() for wave in expr.atoms(sp.sin, sp.cos) if wave.has(axis)}
    plain = expr.xreplace(waves)
    for wave, name in waves.items():
        slope, start = sp.diff(wave.args[0], axis), wave.args[0].subs(axis, 0)
        factor = sp.diff(plain, name)
        if factor.has(*waves.values()) or not slope.is_number or not start.is_number:
            continue
        decay = sp.simplify(-sp.diff(factor, axis) / factor)
        if decay.has(axis):
            continue
        size = complex(factor.subs(axis, 0)) * np.exp(1j * float(start)) * (1 if wave.func is sp.cos else -1j)
        frequency = float(slope) / (2 * pi)
        size = size if frequency >= 0 else size.conjugate()
        key = next((f for f in found if abs(f - abs(frequency)) < 1e-9 * f), abs(frequency))
        found[key] = found.get(key, 0) + size
        decays[key] = float(decay)
    return [
        {"frequency": f, "amplitude": hypot(z.real, z.imag), "phase": float(np.angle(z))}
        | ({"decay": decays[f]} if decays[f] else {})
        for f, z in sorted(found.items())
    ]


def _undetermined(fitted: FittedModel) -> str:
    """A sentence about the parameters whose errors are many times as large as they are, and change the curve by more
    than it changes itself; a place or a constant that is 0 is none of them.
    """
    found, data = fitted.found, fitted.data
    slopes = np.abs(fitted.curve.jacobian(data.x, found.parameters)).max(axis=0)
    loose = [
        f"${tex(p)}$"
        for p, v, s, slope in zip(fitted.model.parameters, found.parameters, found.se, slopes, strict=True)
        if is_loose(float(v), float(s)) and s * slope > np.ptp(data.y)
    ]
    if not loose:
        return ""
    return f" The data do not determine {' and '.join(loose)}: many other values fit them as well."


def _compared(document: Document, model: Model, found: CurveFit, data: Data, times: Times) -> list[Heading | Table]:
    """The formula beside others, by criteria that weigh fit against the number of parameters."""
    sinusoids = fit(times, data.y, Task())
    own = of_curve(found, data)
    rivals = [own, *([of_sinusoids(sinusoids, data)] if sinusoids.tones else [])]
    held = contest(data, rivals)
    if own.bic - held.best.bic > CLEARLY and data.error is None:
        constant = any(sp.diff(model.expr, p) == 1 for p in model.parameters)
        offset = " with a constant added" if held.best.formula.endswith(" + c") and not constant else ""
        message = f"These data are described better by {held.best.name}{offset} than by the formula asked for."
        document.warn("model-misfit", message)
    return contest_table(held)


def _checks(found: CurveFit, data: Data, floor: float) -> list[Check]:
    square = float(found.residual @ found.residual)
    lag = float(found.residual[1:] @ found.residual[:-1]) / square * np.sqrt(found.residual.size) if square > 0 else 0.0
    exact = square <= max(floor, EXACT * float(data.y @ data.y))
    return [
        Check(
            "No other values near these fit better",
            "one more Gauss-Newton step, in standard errors",
            "passed" if exact or found.remaining <= OPTIMUM else "failed",
            found.remaining,
            OPTIMUM,
            test="optimum",
        ),
        Check(
            "No other start leads to a better fit",
            f"{found.starts} of the best starts refined, of which {found.agreeing} end here",
            "passed" if found.agreeing > 1 or found.starts == 1 else "unchecked",
            test="optimum",
        ),
        Check(
            "What is left is white noise",
            "correlation of neighbours, in standard deviations",
            "passed" if exact or abs(lag) <= WHITE else "failed",
            abs(lag),
            WHITE,
            test="noise",
        ),
    ]
