"""The answer of sinusoids: their formula in the form asked for, values, plots, checks, programs."""

from __future__ import annotations

import re

from nabla.answer.document import Code, Document, Heading, Math, Note, Prose, quoted
from nabla.lab import Inputs
from nabla.labs.fit import blocks
from nabla.labs.fit.asked_quantities import read_asked, warn_of_missing
from nabla.labs.fit.checks import SAMPLED, checks
from nabla.labs.fit.claims import judge, length_of, of_tones
from nabla.labs.fit.contest import Contest, contest_table
from nabla.labs.fit.cycles import ahead, folded, window
from nabla.labs.fit.damped import offer
from nabla.labs.fit.downloads import downloads
from nabla.labs.fit.harmonics import harmonics
from nabla.labs.fit.moving import moves
from nabla.labs.fit.names import ColumnNames, names_of
from nabla.labs.fit.panels import panel
from nabla.labs.fit.plots import plots
from nabla.labs.fit.programs import CurveFormula, programs, shown, with_error
from nabla.labs.fit.question import FitQuestion
from nabla.labs.fit.season import read_parts, season_of, season_told
from nabla.labs.fit.sentence import conclude, headline
from nabla.labs.fit.series import LEAST, at_frequency, beside
from nabla.labs.fit.sinusoid_quantities import told_of_sinusoids
from nabla.labs.fit.spectrum_answer import printed_bin, seeks, spectrum_of
from nabla.labs.fit.weighted import with_weights
from nabla.read.data import Data
from nabla.read.fields.template import Template
from nabla.sinusoid.fit import TRENDS, Fit
from nabla.sinusoid.forms import CONSISTENT, ModelForm, Refusal, amplitude_phase, sin_cos, template, whole_numbers
from nabla.write.notation import percent

# By how much the formula as shown may differ from the fit: a part of its residual, or of the data where there is none.
ROUNDED, EXACT = 0.1, 1e-9
MOST_SAID = 4  # terms of a formula in a sentence; the formula itself stands below it


def answer_sinusoids(
    inputs: Inputs, document: Document, question: FitQuestion, found: Fit, held: Contest | None, perhaps: bool
) -> None:
    """Add the fitted sinusoids to the document, what competed with them, and whether `perhaps` they die away."""
    data = question.data
    document.progress("Drawing", 0.8)
    count = len(found.tones)
    what = "No sinusoid" if not count else "1 sinusoid" if count == 1 else f"{count} sinusoids"
    document.title = f"{what} in {data.x.size:,} samples"
    form, refusal = _form(found, question)
    group = harmonics(found.tones)
    polynomial, se = blocks.polynomial(found, form.trend)
    formula = CurveFormula(form.terms, polynomial)
    trend, trend_se = blocks.polynomial(found, found.coefficients)
    free = CurveFormula(amplitude_phase(found).terms, trend)
    _values(document, found, form, formula, polynomial)
    if group:
        told = {"frequency": group.frequency, "se": group.se, "harmonics": list(group.multiples)}
        document.values["fundamental"] = told
    document.add(blocks.summary(found, data))
    reach = 1 + 4 * abs(question.times.centre) / question.times.length
    x = question.times.x[:: max(1, question.times.n // SAMPLED)]
    off = max(ROUNDED * found.rms, EXACT * found.unit)
    brief = shown(formula, se, reach, x, off)
    short = brief if (free, list(trend_se)) == (formula, list(se)) else shown(free, trend_se, reach, x, off)
    spectrum = spectrum_of(document, question.program, found, data) if question.program else []
    claimed = judge(document, inputs["claim"], of_tones(found.tones, document.values["offset"], data))
    movement, spectrogram = moves(document, found, data)
    unsought = "mean-left" if question.program and not seeks(question.program) else ""
    lead = headline(document, last=unsought) + (claimed or movement)
    if question.program and not lead:
        lead = printed_bin(question.program, found, data)
    lags, others = beside(document, found, data)
    season = season_of(data, read_parts(inputs["season"])) if inputs["season"] or not found.tones else None
    seasonal, parts = season_told(document, season, data) if season else ("", [])
    weight, table = with_weights(document, found, data)
    answered = told_of_sinusoids(inputs.read("asked", read_asked), found, formula, data, group)
    document.values |= {"quantities": answered.values} if answered.values else {}
    warn_of_missing(document, answered)
    lags = " ".join(filter(None, [_at_named_period(inputs["claim"], found, data), weight, lags, *answered.sentences]))
    names = names_of(data)
    equation = f"{names.y_tex} = {brief.tex(names.x_tex)}"
    explained = blocks.explained(found)
    if seasonal and not found.tones:
        explained = "Without the period given, no sinusoid stands out"
    said = f"{lead}{seasonal}{explained}{blocks.period(found, data, group)}"
    short_enough = len(form.terms) <= MOST_SAID
    said += "" if short_enough else blocks.listed(found)
    conclude(document, said, equation if short_enough else "", names.since, lags)
    document.add(Math(equation, text=f"y = {formula.text()}", role="result"))
    _about_form(document, found, question, form, refusal, short, names)
    if found.tones:
        document.add(blocks.tones(found, data, group))
    document.add(*parts, *table, *others, *spectrogram)
    document.add(*spectrum)
    document.add(*plots(found, formula, data), *folded(found, data, group), *window(found, data), *ahead(found, data))
    document.add(*(contest_table(held) if held else ()))
    document.add(Heading("Checks", role="checks"), *checks(found, form, brief))
    for code, message in blocks.cautions(found, data, question.task.count is None):
        document.warn(code, message)
    document.add(*blocks.notes(found, question.task, data))
    if perhaps:
        document.add(offer())
    chosen = inputs.choice("panel")
    document.add(*panel(chosen, found, data), *blocks.offers(found, chosen))
    if found.tones:
        sources = programs(formula, free)
        document.add(Code([*sources, *downloads(found)], title="The same as a program"))
    document.add(Heading("What was read", role="reading"), *blocks.understood(data, question.times))


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
    document: Document,
    found: Fit,
    question: FitQuestion,
    form: ModelForm,
    refusal: Refusal | None,
    free: CurveFormula,
    names: ColumnNames,
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
            Math(f"{names.y_tex} = {free.tex(names.x_tex)}", text=f"y = {free.text()}"),
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


def _at_named_period(claim: str, found: Fit, data: Data) -> str:
    """What a sinusoid of the period that a question names explains, where no sinusoid is found at all."""
    named = re.search(r"\bperiod = ([\d.]+)\s*(\w*)", claim)
    if found.tones or named is None or data.y.size < LEAST:
        return ""
    period = float(named[1]) * length_of(named[2], data)
    amplitude, se, chance = at_frequency(data.x, data.y, 1 / period, found.trend)
    return (
        f"With the period of {named[1]} {named[2]} given, the amplitude is ${with_error(amplitude, se)}$: noise alone "
        f"gives as much in {percent(chance)} % of records."
    )
