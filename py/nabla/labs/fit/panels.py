"""What can be asked for below a fit: proof by simulation, and why gradient descent fails on these data."""

from __future__ import annotations

from math import sqrt

import numpy as np

from nabla.answer.check import Verdict
from nabla.answer.document import Block, Cell, Check, Column, Heading, Plot, Prose, Table
from nabla.answer.marks import Axis, Bars, Dots, Frame, Line, Path, Rule, Timeline
from nabla.errors import UserError
from nabla.labs.fit.blocks import cycles
from nabla.read.data import Data
from nabla.sinusoid.descent import STARTS, STEPS, Descent, descend, loss_along
from nabla.sinusoid.fit import Fit
from nabla.sinusoid.proof import simulate

PANELS = ("none", "proof", "descent")
DESCENT_SAMPLES = 2000
COVERAGE = 0.95


def panel(name: str, found: Fit, data: Data) -> list[Block]:
    """The blocks of the panel of that name."""
    if name == "none" or not found.tones:
        return []
    return _proof(found, data) if name == "proof" else _descent(found, data)


def _proof(found: Fit, data: Data) -> list[Block]:
    proof = simulate(found)
    sets = len(proof.errors)
    unit = cycles(data)
    columns = [Column("Frequency", unit, "right")]
    columns += [Column(f"{name}: error / bound", "", "right") for name in ("Frequency", "Amplitude", "Phase")]
    columns += [Column(f"{name}: covered", "%", "right") for name in ("Frequency", "Amplitude", "Phase")]
    rows: list[list[Cell]] = [
        [float(f), *(round(float(v), 3) for v in rms), *(round(100 * float(v), 1) for v in share)]
        for f, rms, share in zip(proof.frequencies, proof.rms, proof.coverage, strict=True)
    ]
    errors = proof.errors[..., 1].ravel()
    edges = np.linspace(-4, 4, 33)
    counts = np.histogram(errors, edges)[0] / errors.size / (edges[1] - edges[0])
    x = np.linspace(-4, 4, 161)
    plot = Plot(
        [
            Bars((edges[1:] + edges[:-1]) / 2, counts, label="simulated"),
            Line(x, np.exp(-x * x / 2) / sqrt(2 * np.pi), label="the bound's normal distribution", color=1),
        ],
        f"Errors of the amplitudes in {sets} simulated records follow the normal distribution of the bound.",
        Axis("Error / bound"),
        Axis("Density"),
        title="Errors in simulated records",
    )
    free = proof.errors[:, :, 1:].reshape(sets, -1)
    ratio = float(np.sqrt(np.mean(free**2)))
    # Errors of one record are correlated, so its records, not its numbers, are counted.
    allowed = 1 + 3 / sqrt(2 * sets)
    covered = float(proof.covered.mean())
    slack = 3 * sqrt(COVERAGE * (1 - COVERAGE) / sets)
    return [
        Heading("Proof by simulation"),
        Prose(
            f"{sets} records like this one were made, the fitted curve in white noise as strong as the residual, and "
            "fitted again with nothing known but the number of sinusoids. No unbiased method has a smaller error than "
            "the bound (Cramér-Rao)."
        ),
        Table(columns, rows),
        plot,
        Check(
            "The error is that of the bound",
            "root mean square of all errors over the bound",
            *_verdict(ratio, allowed),
            test="simulation",
        ),
        Check(
            "95 % intervals hold the truth",
            "distance of their share from 95 %",
            *_verdict(abs(covered - COVERAGE), slack),
            test="simulation",
        ),
    ]


def _verdict(figure: float, bound: float) -> tuple[Verdict, float, float]:
    return ("passed" if figure <= bound else "failed"), figure, bound


def _descent(found: Fit, data: Data) -> list[Block]:
    if found.times.n > DESCENT_SAMPLES:
        message = f"Descents are shown for up to {DESCENT_SAMPLES:,} samples; these are {found.times.n:,}."
        raise UserError("too-big", message, field="panel")
    result = descend(found)
    unit = cycles(data)
    square = data.y_unit and f"{data.y_unit}²"
    timeline = Timeline("descent", "Step", 0, STEPS, seconds=8)
    rows: list[list[Cell]] = [
        ["Variance of the data", float(np.var(found.y))],
        ["Descents, median", float(np.median(result.losses[-1]))],
        ["Descents, best", float(result.losses[-1].min())],
        ["The best one, rounded to whole numbers", result.rounded],
        ["Fourier start and least squares", result.least],
    ]
    return [
        Heading("Why gradient descent fails here"),
        Prose(
            f"{STARTS} descents (Adam, {STEPS} steps) from random frequencies and coefficients: **{result.arrived} of "
            f"{STARTS}** found every sinusoid. The loss has a minimum about every bin (one cycle more in the record, "
            f"{1 / found.times.length:.3g} {unit}), and a descent stays in the one it starts in. A Fourier transform "
            "looks at all frequencies at once and starts in the right one; from there a few steps are enough."
        ),
        _frequencies_plot(found, result, unit, square, timeline),
        _losses_plot(result, square, timeline),
        _comb_plot(found, unit, square),
        Table([Column("What"), Column("Mean square left", square, "right")], rows),
    ]


def _frequencies_plot(found: Fit, result: Descent, unit: str, square: str, timeline: Timeline) -> Plot:
    """Frequency and mean square of every descent, step by step."""
    k = len(found.tones)
    return Plot(
        [Rule(x=[t.frequency for t in found.tones], label="the fit", color=1), Rule(y=[result.least], color=1)],
        f"Where {STARTS} descents go in {STEPS} steps: {result.arrived} end at the frequencies of the fit.",
        Axis("Frequency", unit, (0.0, float(result.frequencies.max()))),
        Axis("Mean square left", square, (0.0, float(np.quantile(result.losses[0], 0.95)))),
        title="Where the descents go",
        timeline=timeline,
        frames=[
            Frame(step, [Dots(f.ravel(), np.repeat(loss, k), label="descents")], f"step {step:.0f}")
            for step, f, loss in zip(result.steps, result.frequencies, result.losses, strict=True)
        ],
    )


def _losses_plot(result: Descent, square: str, timeline: Timeline) -> Plot:
    """The mean square by steps: of the descents, and of the way that starts from the Fourier transform."""
    taken = result.newton.size - 1
    within = "at once" if not taken else "in 1 step" if taken == 1 else f"in {taken} steps"
    newton = np.arange(float(result.newton.size))
    middle, lowest = np.median(result.losses, axis=1), result.losses.min(axis=1)
    return Plot(
        [
            Line(result.steps, middle, label="descents, median", when=result.steps),
            Line(result.steps, lowest, label="descents, best", color=2, when=result.steps),
            Path(newton, result.newton, label="Fourier start, Gauss-Newton", color=1, when=newton),
        ],
        f"The mean square falls slowly for the descents, and {within} from a Fourier start.",
        Axis("Step"),
        Axis("Mean square left", square, scale="log" if result.newton.min() > 0 else "linear"),
        title="How the mean square falls",
        timeline=timeline,
    )


def _comb_plot(found: Fit, unit: str, square: str) -> Plot:
    """The mean square along the frequency of the strongest sinusoid, with its many minima."""
    f, fixed, best = loss_along(found)
    minima = int(np.count_nonzero((fixed[1:-1] < fixed[:-2]) & (fixed[1:-1] < fixed[2:])))
    return Plot(
        [Line(f, fixed, label="amplitudes fixed"), Line(f, best, label="best amplitudes", color=1)],
        f"The mean square along one frequency has {minima} minima in this window; only one is the answer.",
        Axis("Frequency of the strongest sinusoid", unit),
        Axis("Mean square left", square),
        title="The loss along one frequency",
    )
