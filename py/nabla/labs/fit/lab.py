"""fit: the sinusoids in a column of data, with their number, their errors and the formula that says it shortest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nabla.answer.document import Document, Heading, Math
from nabla.lab import Field, Inputs, lab
from nabla.labs.fit import blocks, proof
from nabla.labs.fit.contest import (
    CLEARLY,
    Contest,
    contest,
    is_open,
    kept,
    none_of_these,
    of_damped,
    of_sinusoids,
)
from nabla.labs.fit.damped import answer_damped
from nabla.labs.fit.harmonics import with_overtones
from nabla.labs.fit.model_answer import answer_model
from nabla.labs.fit.names import names_of
from nabla.labs.fit.panels import PANELS
from nabla.labs.fit.programs import CurveFormula
from nabla.labs.fit.question import FitQuestion, read_question
from nabla.labs.fit.rivals import compared
from nabla.labs.fit.sampling import answer_sampling
from nabla.labs.fit.sentence import conclude_constant
from nabla.labs.fit.sinusoid_answer import answer_sinusoids
from nabla.read.data import Data, chosen_rows
from nabla.sinusoid.damped import SAMPLES, asked, fit_damped
from nabla.sinusoid.faults import faults
from nabla.sinusoid.fit import Fit, fit
from nabla.sinusoid.times import classify

DECAYS = 4.0  # standard errors of a decay that is beyond doubt
CONSTANT = 1e-13  # of the values: a smaller range is rounding


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
            help="auto, amplitude-phase, sin-cos, integers, or a formula in x: names are found, numbers kept.",
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
            default="auto",
            choices=("auto", "off", "on"),
            help="on fits sinusoids that die away; auto does where that describes the data better.",
            advanced=True,
        ),
        Field(
            "models",
            "choice",
            "Models",
            default="auto",
            choices=("auto", "sinusoids"),
            help="auto lets exponentials, peaks, steps and polynomials compete; sinusoids keeps to these.",
            advanced=True,
        ),
        Field(
            "claim",
            "text",
            "Your numbers",
            placeholder="amplitude = 5, period = 12 h",
            help="Amplitude, frequency, period, offset that you have: they are judged.",
            advanced=True,
        ),
        Field(
            "asked",
            "text",
            "Also tell",
            placeholder="R2, half-life, at 12, reach 10",
            help="What else is wanted: R2, slope, half-life, Q, the value at a place, where one is reached.",
            advanced=True,
        ),
        Field(
            "season",
            "text",
            "Season",
            placeholder="4",
            help="Samples after which a pattern repeats: 4 for quarters, 12 for months, 7 for days of a week.",
            advanced=True,
        ),
        Field(
            "sampling",
            "text",
            "Sampling",
            placeholder="alias 60 50",
            help="A question without data: alias 60 50 (hertz), rate 440, highest 1000, resolution 500 1024.",
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
    if sampled := inputs["sampling"].strip():
        answer_sampling(document, sampled)
        return
    document.progress("Reading the data", 0.0)
    question = read_question(inputs)
    data, y = question.data, question.data.y
    top = float(np.abs(y).max())
    document.title = f"{data.x.size:,} samples"
    document.values["read"] = {"x": data.x_name, "y": data.y_name, "rows": data.x.size, "step": data.step}
    document.add(blocks.as_read(data, question.times))
    unusual = faults(y)
    for code, message in blocks.unusual(unusual):
        document.warn(code, message)
    if float((y / (top or 1)).max() - (y / (top or 1)).min()) <= CONSTANT:
        _constant(document, data)
        return
    if question.rivals:
        formula, lead = compared(document, question.rivals, data, question.times)
        answer_model(inputs, document, data, question, formula, lead=lead)
        return
    if question.model:
        answer_model(inputs, document, data, question, question.model)
        return
    if inputs.choice("damped") == "on":
        answer_damped(inputs, document, data, question.times, question.task)
        return
    document.progress(f"Looking for sinusoids in {data.x.size:,} samples", 0.5)
    task = question.task
    if task.robust is None and any(code == "many-zeros" for code, _ in unusual):
        task = replace(task, robust=False)  # what is not 0 is the signal
    found = with_overtones(fit(question.times, y, task), question.times, y, task)
    clean = data if found.weights is None else chosen_rows(data, kept(found))
    held = None if unusual else _contest(inputs, question, found, clean)
    winner = held.winner() if held else None
    if held and (missing := none_of_these(held, winner)):
        document.warn("no-form", missing)
    if winner:
        answer_model(inputs, document, data, question, winner.formula, held)
        document.add(blocks.only_sinusoids())
        return
    perhaps = question.times.n <= SAMPLES and asked(found)
    if perhaps and _decays(inputs, question, found):
        answer_damped(inputs, document, data, question.times, question.task)
        return
    answer_sinusoids(inputs, document, question, found, held, perhaps)


def _contest(inputs: Inputs, question: FitQuestion, found: Fit, clean: Data) -> Contest | None:
    """The forms that these data may have; None where sinusoids were asked for or are beyond doubt."""
    asked_for = question.template or question.program or question.form != "auto" or question.task.count is not None
    if asked_for or inputs.choice("models") != "auto" or inputs.choice("trend") != "auto" or not is_open(found):
        return None
    return contest(clean, [of_sinusoids(found, clean)])


def _decays(inputs: Inputs, question: FitQuestion, found: Fit) -> bool:
    """Whether the sinusoids describe the data clearly better when they die away."""
    if (
        inputs.choice("damped") != "auto"
        or question.template
        or question.form not in ("auto", "amplitude-phase")
        or found.weights is not None
    ):
        return False
    trend = max(found.trend, 1)
    damped = fit_damped(question.times, question.data.y, question.task.count, trend, found.highest)
    steady, dying = of_sinusoids(found, question.data), of_damped(damped, trend, question.data)
    decays = [tone for tone in damped.tones if tone.decay > DECAYS * tone.se_decay]
    return bool(decays) and dying.bic < steady.bic - CLEARLY


def _constant(document: Document, data: Data) -> None:
    value = float(data.y[0])
    document.values.update(
        tones=[], offset=value, trend={"degree": "constant", "coefficients": [value]}, residual_rms=0.0, form=[]
    )
    document.values.update(formula=CurveFormula([], [value]).text(), n=data.x.size)
    document.warn("constant", f"All values are {value:.6g}: there is nothing to fit.")
    conclude_constant(document, value)
    document.add(
        Math(f"{names_of(data).y_tex} = {CurveFormula([], [value]).tex()}", text=f"y = {value!r}", role="result")
    )
    document.add(Heading("What was read", role="reading"), *blocks.understood(data, classify(data.x)))
