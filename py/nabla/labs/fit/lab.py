"""fit: the sinusoids in a column of data, with their number, their errors and the formula that says it shortest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

import numpy as np

from nabla.answer.document import Code, Document, Heading, Math, Note, Prose, quoted
from nabla.errors import Span, UserError
from nabla.lab import Field, Inputs, lab
from nabla.labs.fit import blocks, proof
from nabla.labs.fit.checks import SAMPLED, checks
from nabla.labs.fit.damped import answer_damped, offer
from nabla.labs.fit.model import read_model
from nabla.labs.fit.model_answer import answer_model
from nabla.labs.fit.panels import PANELS, panel
from nabla.labs.fit.plots import plots
from nabla.labs.fit.program import FitProgram, read_program
from nabla.labs.fit.program_answer import spectrum_of
from nabla.labs.fit.programs import CurveFormula, programs, shown
from nabla.labs.fit.sentence import conclude, conclude_constant
from nabla.read.data import Data, read_data
from nabla.read.fields.template import Template, is_template, read_template
from nabla.sinusoid.damped import SAMPLES, asked
from nabla.sinusoid.fit import TRENDS, Fit, Task, Trend, fit
from nabla.sinusoid.forms import CONSISTENT, ModelForm, Refusal, amplitude_phase, sin_cos, template, whole_numbers
from nabla.sinusoid.times import Times, classify

MOST_TONES = 20
FORMS = ("auto", "amplitude-phase", "sin-cos", "integers")
MOST_BINS = 4e6  # cycles in the record that are searched at most
# By how much the formula as shown may differ from the fit: a part of its residual, or of the data where there is none.
ROUNDED, EXACT = 0.1, 1e-9
CONSTANT = 1e-13  # of the values: a smaller range is rounding


@dataclass(frozen=True, slots=True)
class FitQuestion:
    """What was asked: data and times, what to fit, the form of the answer."""

    data: Data
    times: Times
    task: Task
    form: str
    template: Template | None
    model: str = ""
    program: FitProgram | None = None


@lab(
    "fit",
    title="Fit",
    summary="Find the sinusoids in your data: how many, where, how sure.",
    fields=[
        Field(
            "data",
            "data",
            "Data",
            placeholder="x = [0, 0.01, ...]\ny = [4, 1.24, ...]",
            help="Two columns or lists; or one column and a sample rate.",
        ),
        Field(
            "code",
            "code",
            "Program",
            help="One that fits or transforms the data, and has them or takes them from above.",
        ),
        Field("tones", "text", "Sinusoids", default="auto", help="auto counts them; or a number up to 20."),
        Field(
            "trend",
            "choice",
            "Trend",
            default="auto",
            choices=("auto", "none", "constant", "linear", "quadratic"),
            help="What the sinusoids stand on; auto takes the simplest that is enough.",
            advanced=True,
        ),
        Field(
            "form",
            "text",
            "Form",
            default="auto",
            placeholder="A sin(2πLx) + B cos(2πMx)",
            help="auto, amplitude-phase, sin-cos, integers, or any formula in x: names are found, numbers are kept.",
        ),
        Field(
            "robust",
            "choice",
            "Outliers",
            default="auto",
            choices=("auto", "on", "off"),
            help="on holds outliers back; auto does when there are many.",
            advanced=True,
        ),
        Field(
            "fmax",
            "text",
            "Highest frequency",
            placeholder="half the sampling rate",
            help="In cycles per unit of x; matters for uneven times.",
            advanced=True,
        ),
        Field(
            "panel",
            "choice",
            "Also show",
            default="none",
            choices=PANELS,
            help="proof: records like yours, simulated; descent: why gradient descent fails on them.",
            advanced=True,
        ),
        Field(
            "damped",
            "choice",
            "Decay",
            default="off",
            choices=("off", "on"),
            help="on fits sinusoids that die away.",
            advanced=True,
        ),
        Field("columns", "text", "Columns", placeholder="1, 2", help="x and y, by number or name.", advanced=True),
        Field(
            "rate",
            "text",
            "Sample rate",
            placeholder="100 Hz",
            help="For data without x; every 20 ms too.",
            advanced=True,
        ),
    ],
    example={"data": blocks.EXAMPLE},
    seconds=60.0,
    proof=proof.programs,
)
def answer(inputs: Inputs, document: Document) -> None:
    """Answer `inputs` into `document`."""
    document.progress("Reading the data", 0.0)
    question = _question(inputs)
    data, y = question.data, question.data.y
    top = float(np.abs(y).max())
    document.title = f"{data.x.size:,} samples"
    document.values["read"] = {"x": data.x_name, "y": data.y_name, "rows": data.x.size, "step": data.step}
    document.add(blocks.as_read(data, question.times))
    if float((y / (top or 1)).max() - (y / (top or 1)).min()) <= CONSTANT:
        _constant(document, data)
        return
    if question.model:
        answer_model(document, data, question.times, question.model, question.program)
        return
    if inputs.choice("damped") == "on":
        answer_damped(document, data, question.times, question.task)
        return
    document.progress(f"Looking for sinusoids in {data.x.size:,} samples", 0.5)
    found = fit(question.times, y, question.task)
    document.progress("Drawing", 0.8)
    count = len(found.tones)
    what = "No sinusoid" if not count else "1 sinusoid" if count == 1 else f"{count} sinusoids"
    document.title = f"{what} in {data.x.size:,} samples"
    form, refusal = _form(found, question)
    polynomial, se = blocks.polynomial(found, form.trend)
    formula = CurveFormula(form.terms, polynomial)
    trend, trend_se = blocks.polynomial(found, found.coefficients)
    free = CurveFormula(amplitude_phase(found).terms, trend)
    _values(document, found, form, formula, polynomial)
    document.add(blocks.summary(found, data))
    reach = 1 + 4 * abs(question.times.centre) / question.times.length
    x = question.times.x[:: max(1, question.times.n // SAMPLED)]
    off = max(ROUNDED * found.rms, EXACT * found.unit)
    brief = shown(formula, se, reach, x, off)
    conclude(document, blocks.explained(found), brief.tex())
    document.add(Math(f"y = {brief.tex()}", text=f"y = {formula.text()}", role="result"))
    _about_form(document, found, question, form, refusal, shown(free, trend_se, reach, x, off))
    if found.tones:
        document.add(blocks.tones(found, data))
    if question.program:
        document.add(*spectrum_of(document, question.program, found, data))
    document.add(*plots(found, formula, data))
    document.add(Heading("Checks", role="checks"), *checks(found, form, brief))
    for code, message in blocks.cautions(found, data, question.task.count is None):
        document.warn(code, message)
    document.add(*blocks.notes(found, question.task, data))
    if question.times.n <= SAMPLES and asked(found):
        document.add(offer())
    chosen = inputs.choice("panel")
    document.add(*panel(chosen, found, data), *blocks.offers(found, chosen))
    if found.tones:
        sources = programs(formula, free)
        document.add(Code([*sources, *blocks.table_of_residuals(found)], title="The same as a program"))
    document.add(Heading("What was read", role="reading"), *blocks.understood(data, question.times))


def _question(inputs: Inputs) -> FitQuestion:
    program = inputs.read("code", read_program) if inputs["code"].strip() else None
    data = _data(inputs, program)
    times = classify(data.x)
    text = inputs["form"].strip() or "auto"
    if program and program.fits and text == "auto":
        return FitQuestion(data, times, Task(), "auto", None, program.form, program)
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
        return inputs.read("data", read_data, columns=inputs["columns"], rate=inputs["rate"])
    rate = inputs["rate"]
    if program and program.x is None and program.sampling and not rate.strip():
        rate = f"dt = {program.sampling.step!r} {program.sampling.unit}"
    return inputs.read("code", lambda _: read_data(own, rate=rate))


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


def _form(found: Fit, question: FitQuestion) -> tuple[ModelForm, Refusal | None]:
    """The form asked for, and why it has no whole numbers where they were asked for or near."""
    if question.template is not None and len(found.tones) == len(question.template.tones):
        return _templated(found, question.template), None
    if question.form == "sin-cos":
        return sin_cos(found), None
    if question.form in ("auto", "integers"):
        whole = whole_numbers(found, asked=question.form == "integers")
        if isinstance(whole, ModelForm):
            return whole, None
        return amplitude_phase(found), whole
    return amplitude_phase(found), None


def _templated(found: Fit, wanted: Template) -> ModelForm:
    """The form of a template; with whole numbers where the data demand them and the terms are those of the template."""
    order = sorted(range(len(wanted.tones)), key=lambda i: wanted.tones[i].frequency is None)
    kinds = [wanted.tones[i].kind for i in order]
    fixed = sum(tone.frequency is not None for tone in wanted.tones)
    form = template(found, kinds, fixed)
    if "both" in kinds:
        return form
    terms = [form.terms[order.index(i)] for i in range(len(order))]
    whole = whole_numbers(found, asked=False)
    if isinstance(whole, ModelForm) and len(whole.terms) == len(terms):
        near = {(term.fn, term.frequency): term for term in whole.terms}
        places = [(term.fn, float(round(term.frequency))) for term in terms]
        if set(places) == set(near):
            return ModelForm([near[place] for place in places], whole.trend, whole.agreement, whole.whole)
    return ModelForm(terms, form.trend, form.agreement)


def _values(document: Document, found: Fit, form: ModelForm, formula: CurveFormula, polynomial: list[float]) -> None:
    keys = ("frequency", "amplitude", "phase", "se_frequency", "se_amplitude", "se_phase", "false_alarm")
    tones = sorted(found.tones, key=lambda tone: tone.frequency)
    document.values.update(
        tones=[{key: getattr(tone, key) for key in keys} for tone in tones],
        offset=polynomial[0] if polynomial else 0.0,
        trend={"degree": TRENDS[found.trend], "coefficients": polynomial},
        residual_rms=found.rms,
        form=[
            {"fn": term.fn, "amplitude": term.amplitude, "frequency": term.frequency}
            | ({"phase": term.phase} if term.phase else {})
            for term in form.terms
        ],
        formula=formula.text(),
        n=found.times.n,
        sampling=found.times.kind,
        noise=found.sigma,
        noise_model={"kind": "red" if found.ar1 else "white", "ar1": found.ar1},
        robust=found.weights is not None,
    )


def _about_form(
    document: Document, found: Fit, question: FitQuestion, form: ModelForm, refusal: Refusal | None, free: CurveFormula
) -> None:
    """What the form leaves to say: the same curve with phases, or why there are no whole numbers."""
    if any(form.whole):
        document.add(Prose("The data demand these whole numbers." if form.whole[1] else blocks.HALF_WHOLE))
    if any(term.fn == "sin" for term in form.terms) and question.form != "sin-cos":
        document.add(
            Prose(
                "Fitted with free phases it reads as below. Signs and phases can be traded for one another, "
                r"$-\sin u = \sin(u + \pi) = \cos(u + \pi/2)$: it is the same curve, within its errors."
            ),
            Math(f"y = {free.tex()}", text=f"y = {free.text()}"),
        )
    if refusal is not None and (question.form == "integers" or refusal.code in blocks.TOLD_UNASKED):
        document.add(Prose(blocks.why_not_whole(refusal)))
    if question.template is not None:
        missing = len(question.template.tones) - len(found.tones)
        if missing > 0:
            message = f"The form has {missing} more sinusoids than the data hold; it is answered with phases instead."
            document.warn("template-misfit", message)
        elif form.agreement < CONSISTENT:
            message = f"The data do not have the form {quoted(question.form)}: phases or an offset are needed."
            document.warn("template-misfit", message)
            document.add(
                Note(
                    "Without that form the fit is better.",
                    tone="tip",
                    inputs={"form": "auto"},
                    action="Fit with phases",
                )
            )


def _constant(document: Document, data: Data) -> None:
    value = float(data.y[0])
    document.values.update(
        tones=[], offset=value, trend={"degree": "constant", "coefficients": [value]}, residual_rms=0.0, form=[]
    )
    document.values.update(formula=CurveFormula([], [value]).text(), n=data.x.size)
    document.warn("constant", f"All values are {value:.6g}: there is nothing to fit.")
    conclude_constant(document, value)
    document.add(Math(f"y = {CurveFormula([], [value]).tex()}", text=f"y = {value!r}", role="result"))
    document.add(Heading("What was read", role="reading"), *blocks.understood(data, classify(data.x)))
