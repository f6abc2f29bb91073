"""What was asked of fit: data, times, what to fit, the form of the answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

import numpy as np

from nabla.answer.document import quoted
from nabla.errors import Span, UserError
from nabla.lab import Inputs
from nabla.labs.fit.fitting_call import Elsewhere, FitProgram
from nabla.labs.fit.model import read_model
from nabla.labs.fit.program import read_program
from nabla.read.data import LEAST, Data, read_data
from nabla.read.fields.named_forms import named_form
from nabla.read.fields.template import Template, is_template, read_template
from nabla.sinusoid.fit import TRENDS, Task, Trend
from nabla.sinusoid.shapes import FAR
from nabla.sinusoid.times import Times, classify

MOST_TONES = 20
FORMS = ("auto", "amplitude-phase", "sin-cos", "integers")
NO_CURVES = ("circle", "ellipse", "sphere", "plane", "spline", "surface")
MOST_BINS = 4e6  # cycles in the record that are searched at most


@dataclass(frozen=True, slots=True)
class FitQuestion:
    """What was asked: data and times, what to fit, the form of the answer.

    `rivals` are several forms to compare; `ours` tells that the formula of `model` was chosen here for its name.
    """

    data: Data
    times: Times
    task: Task
    form: str
    template: Template | None
    model: str = ""
    program: FitProgram | None = None
    rivals: tuple[str, ...] = ()
    ours: bool = False


def read_question(inputs: Inputs) -> FitQuestion:
    """The question in `inputs`.

    Raises:
        UserError: when a part of it cannot be read.
    """
    program = inputs.read("code", read_program) if inputs["code"].strip() else None
    data = _data(inputs, program)
    times = classify(data.x)
    text = inputs["form"].strip() or "auto"
    if program and program.fits and text == "auto":
        return FitQuestion(data, times, Task(), "auto", None, program.form, program)
    if other := next((name for name in NO_CURVES if re.search(rf"\b{name}\b", text.lower())), ""):
        message = f"A {other} is no curve with one value at each x, and is not fitted here."
        raise UserError("not-covered", message, hint="Covered are formulas in x, by name or as typed.", field="form")
    forms = tuple(part.strip() for part in text.split(";") if part.strip())
    if len(forms) > 1:
        for form in forms:
            inputs.read("form", lambda _, form=form: _model(named_form(form) or form, data))
        return FitQuestion(data, times, Task(), "auto", None, rivals=forms)
    if formula := named_form(text):
        if abs(float(data.x[0])) > FAR * float(np.ptp(data.x)):  # years: growth counts from the first
            formula = formula.replace("k*x", f"k*(x - {float(data.x[0]):.12g})")
        robust = {"auto": None, "on": True, "off": False}[inputs.choice("robust")]
        return FitQuestion(data, times, Task(robust=robust), "auto", None, formula, ours=True)
    if text not in FORMS and not is_template(text):
        return FitQuestion(data, times, Task(), "auto", None, inputs.read("form", lambda form: _model(form, data)))
    wanted = inputs.read("form", read_template) if text not in FORMS else None
    fixed = () if wanted is None else tuple(t.frequency * times.length for t in wanted.tones if t.frequency is not None)
    count = _tones(inputs, times.n) if wanted is None else len(wanted.tones) - len(fixed)
    if wanted is not None and 3 * len(wanted.tones) + 1 >= times.n:
        raise UserError("value", f"{times.n} points are too few for that form.", field="form")
    trend = cast(Trend, inputs.choice("trend"))
    if wanted is not None and trend == "auto" and wanted.trend:
        trend = TRENDS[wanted.trend]
    robust = {"auto": None, "on": True, "off": False}[inputs.choice("robust")]
    task = Task(count, trend, _highest(inputs, times), fixed, robust, beyond=1)
    return FitQuestion(data, times, task, text, wanted, "", program)


def _data(inputs: Inputs, program: FitProgram | None) -> Data:
    """The data of the program where it has them, else those of the field."""
    own = program.data() if program else ""
    if not own:
        least = _least(inputs, program)
        if program and program.missing and not inputs["data"].strip():
            raise _not_here(program.missing)
        if program and program.columns and not inputs["columns"].strip():
            try:
                return inputs.read("data", read_data, columns=program.columns, rate=inputs["rate"], least=least)
            except UserError as error:
                if error.field != "columns":  # the table is another one than the program reads
                    raise
        return inputs.read("data", read_data, columns=inputs["columns"], rate=inputs["rate"], least=least)
    if program and (same := _same_with_axis(inputs, program)):
        return same
    rate = inputs["rate"]
    if program and program.x is None and program.sampling and not rate.strip():
        rate = f"dt = {program.sampling.step!r} {program.sampling.unit}"
    columns = "1, 2" if program and program.x is not None else ""
    data = inputs.read("code", lambda _: read_data(own, columns, rate, _least(inputs, program)))
    if program and program.error is not None and program.x is not None and data.x.size == program.error.size:
        data.error, data.error_name = program.error[np.argsort(program.x, kind="stable")], "sigma"
    return data


def _same_with_axis(inputs: Inputs, program: FitProgram) -> Data | None:
    """The data of the field, where they are those of a program that does not tell when they were taken."""
    if program.x is not None or program.y is None or program.sampling or not inputs["data"].strip():
        return None
    data = inputs.read("data", read_data, columns=inputs["columns"], rate=inputs["rate"], least=_least(inputs, program))
    return data if data.y.size == program.y.size and np.allclose(data.y, program.y) else None


def _least(inputs: Inputs, program: FitProgram | None) -> int:
    """The rows that are needed: two where a formula is given, which may have only one parameter or two."""
    formula = inputs["form"].strip() not in ("", *FORMS) or bool(program and program.fits)
    return 2 if formula else LEAST


def _not_here(missing: Elsewhere) -> UserError:
    """The error for a program whose data are elsewhere."""
    text = missing.text if len(missing.text) <= 80 else missing.text[:77] + "..."
    where = (
        f"The program takes its data from elsewhere, in line {missing.line}: {text}"
        if missing.line
        else ("The program uses data that are not in it.")
    )
    hint = "Paste the rows of that file, or the lists of numbers, with the program."
    return UserError("needs-file", where, hint=hint, field="data")


def _model(form: str, data: Data) -> str:
    """A formula of one's own, which is read again where it is fitted."""
    read_model(form, data.x_name)
    return form


def _tones(inputs: Inputs, n: int) -> int | None:
    """The number of sinusoids asked for, None to count them."""
    text = inputs["tones"].strip()
    if text in ("auto", ""):
        return None
    most = min(MOST_TONES, (n - 2) // 3)
    whole = re.fullmatch(r"[0-9]{1,9}", text)
    if not whole or int(text) > most:
        hint = f"Write auto, or a number from 0 to {most}."
        message = (
            f"{text} sinusoids cannot be fitted to {n} points." if whole else f"{quoted(text[:40])} is not a number."
        )
        raise UserError("value", message, hint=hint, span=Span(0, len(text)), field="tones")
    return int(text)


def _highest(inputs: Inputs, times: Times) -> float | None:
    """The highest frequency searched, in bins."""
    text = inputs["fmax"].strip()
    if not text:
        return None
    frequency = inputs.number("fmax")
    if not 0 < frequency * times.length <= MOST_BINS:
        message = "The highest frequency must be positive." if frequency <= 0 else "That is too high for these data."
        hint = f"At most {MOST_BINS / times.length:.3g}."
        raise UserError("value", message, hint=hint, span=Span(0, len(text)), field="fmax")
    return max(frequency * times.length, 1.0)
