"""The plots of a training: the loss as it falls, and what weights, hidden units and outputs do meanwhile."""

from __future__ import annotations

import numpy as np

from nabla.answer.document import Plot
from nabla.answer.marks import Axis, Dots, Floats, Frame, Line, Mark, Placing, Raster, Rule, Timeline
from nabla.labs.train.training import Moment, Training, frames
from nabla.network.model import Array, Layers

GRID = 24  # places along an axis of the decision boundary
FRAMES = 24  # pictures of a plot
UNITS = 40  # rows and columns of a picture of activations or weights
_POINTS = 300


TURN = Axis("Turn of the loop", scale="log")  # the first is 1: a logarithm has no room for the 0 of no steps taken


def timeline(trainings: list[Training]) -> Timeline:
    """The one control under which all plots of trainings move."""
    end = float(max(training.moments[-1].step for training in trainings))
    return Timeline("training", "Steps taken", 0.0, max(end, 1.0), scale="log")


def _steps(moments: list[Moment]) -> Floats:
    return np.array([moment.step for moment in moments], dtype=np.float64)


def _finite(training: Training) -> list[Moment]:
    return [moment for moment in training.moments if np.isfinite(moment.mae)][:_POINTS]


def loss_plot(named: list[tuple[str, Training]], time: Timeline | None) -> Plot:
    """Half the sum of squared errors of each training, from the same start; still growing without a timeline."""
    marks: list[Mark] = []
    for i, (name, training) in enumerate(named):
        moments = _finite(training)
        steps, y = _steps(moments), np.maximum([moment.sse for moment in moments], 1e-300)
        marks.append(Line(steps + 1, y, label=name, color=i, when=steps if time else None))
    first = named[0][1]
    start, end = first.moments[0].sse, next((m.sse for m in reversed(first.moments) if np.isfinite(m.sse)), 0.0)
    told = f"The loss goes from {start:.3g} to {end:.3g} in {first.moments[-1].step:,} steps."
    return Plot(marks, told, TURN, Axis("½ Σ (y − a)²", scale="log"), "The loss", timeline=time)


def norms_plot(training: Training, time: Timeline | None) -> Plot:
    """The lengths of the true gradients, layer by layer; still growing without a timeline."""
    moments = _finite(training)
    steps = _steps(moments)
    norms = np.maximum(np.array([moment.norms for moment in moments]), 1e-300)
    marks: list[Mark] = [
        Line(steps + 1, norms[:, k], label=f"$W_{k + 1}$", color=k, when=steps if time else None)
        for k in range(norms.shape[1])
    ]
    told = "The length of the gradient by each weight: " + ", ".join(
        f"$W_{k + 1}$ from {norms[0, k]:.2g} to {norms[-1, k]:.2g}" for k in range(norms.shape[1])
    )
    return Plot(marks, told + ".", TURN, Axis("Length of the gradient", scale="log"), "Gradients by layer",
                timeline=time)  # fmt: skip


def cosine_plot(training: Training, time: Timeline) -> Plot | None:
    """How far the steps taken point along the gradient; None where that was not followed."""
    moments = [moment for moment in _finite(training) if np.isfinite(moment.cosine)]
    if len(moments) < 2:
        return None
    steps, y = _steps(moments), np.array([moment.cosine for moment in moments])
    told = f"The cosine between step and gradient lies between {y.min():.3f} and {y.max():.3f}; a right pass has 1."
    own = Line(steps + 1, y, label="the program's steps", when=steps)
    marks: list[Mark] = [own, Rule(y=[1.0], label="a right pass", color=1)]
    low = min(-0.05, float(y.min()) - 0.05)
    return Plot(marks, told, TURN, Axis("Cosine to the gradient", domain=(low, 1.05)),
                "Do the steps follow the gradient?", timeline=time)  # fmt: skip


def _kept(training: Training) -> list[Moment]:
    moments = [moment for moment in training.moments if moment.arrays is not None]
    shown = set(frames([moment.step for moment in moments], FRAMES))
    return [moment for moment in moments if moment.step in shown]


def _layers(training: Training, moment: Moment) -> Layers:
    assert training.network is not None and moment.arrays is not None
    return training.network.layers(moment.arrays)


def _raster(values: Array, diverging: bool, scale: tuple[float, float]) -> Raster:
    part = np.round(values[:UNITS, :UNITS], 4)
    x, y = (np.arange(n, dtype=np.float64) for n in part.shape[::-1])
    return Raster(x, y, part, diverging=diverging, range=scale)


def _scale(values: list[Array]) -> tuple[float, float]:
    """One scale of colours for all moments, so that a colour means the same at each."""
    return round(min(float(v.min()) for v in values), 4), round(max(float(v.max()) for v in values), 4)


def _shown(plot: Plot, moments: list[Moment], rasters: list[Raster], time: Timeline | None) -> Plot:
    """The plot with a surface for each moment, or, still growing, with that of the last."""
    if time is None:
        plot.marks = [rasters[-1], *plot.marks]
        return plot
    plot.timeline = time
    plot.frames = [
        Frame(float(moment.step), [raster], f"step {moment.step:,}")
        for moment, raster in zip(moments, rasters, strict=True)
    ]
    return plot


def pictures(training: Training, time: Timeline | None) -> list[Plot]:
    """Weights, hidden activations and the decision boundary as the training runs; of now without a timeline."""
    moments = _kept(training)
    if training.network is None or len(moments) < (1 if time is None else 2):
        return []
    moments = moments[-1:] if time is None else moments
    made: list[Plot] = []
    layers = [_layers(training, moment) for moment in moments]
    boundary = _boundary(training, moments, layers, time)
    if boundary is not None:
        made.append(boundary)
    for k in range(1, len(layers[0].weights)):
        values = [layer.forward(training.X)[1][k] for layer in layers]
        scale = _scale(values)
        told = f"What the {values[0].shape[1]} units of hidden layer {k} give for each of {values[0].shape[0]} samples."
        plot = Plot([], told, Axis(f"Unit of layer {k}"), Axis("Sample"), f"Hidden layer {k}")
        made.append(_shown(plot, moments, [_raster(v, False, scale) for v in values], time))
    for k in range(len(layers[0].weights)):
        weights = [layer.weights[k] for layer in layers]
        largest = _scale([np.abs(w) for w in weights])[1]
        rows, columns = weights[0].shape
        ends = np.abs(weights[-1]).max()
        told = f"The {rows} × {columns} weights $W_{k + 1}$; the largest is {ends:.3g} in the end."
        x_axis, y_axis = Axis(f"To unit of layer {k + 1}"), Axis(f"From unit of layer {k}" if k else "From input")
        plot = Plot([], told, x_axis, y_axis, f"Weights $W_{k + 1}$")
        made.append(_shown(plot, moments, [_raster(w, True, (-largest, largest)) for w in weights], time))
    return made


def plane(X: Array) -> tuple[int, int] | None:
    """The two inputs that vary, None where there are others: constant ones are a bias in disguise."""
    varying = [k for k in range(X.shape[1]) if np.ptp(X[:, k]) > 0]
    return (varying[0], varying[1]) if len(varying) == 2 else None


def _ranges(X: Array, places: tuple[int, int]) -> list[Floats]:
    ends = [(float(X[:, k].min()), float(X[:, k].max())) for k in places]
    return [np.round(np.linspace(low - 0.25 * (high - low), high + 0.25 * (high - low), GRID), 6) for low, high in ends]


def _boundary(training: Training, moments: list[Moment], layers: list[Layers], time: Timeline | None) -> Plot | None:
    places = plane(training.X)
    if places is None:
        return None
    x, y = _ranges(training.X, places)
    grid = np.repeat(training.X[:1], GRID * GRID, axis=0).astype(np.float64)
    grid[:, places[0]], grid[:, places[1]] = np.tile(x, GRID), np.repeat(y, GRID)
    outputs = [layer.forward(grid)[1][-1] for layer in layers]
    values = [v[:, 0] if v.shape[1] == 1 else v.argmax(axis=1).astype(np.float64) for v in outputs]
    scale = _scale(values)
    rasters = [Raster(x, y, np.round(value.reshape(GRID, GRID), 3), label="output", range=scale) for value in values]
    x_axis, y_axis = (Axis(f"Input {k + 1}") for k in places)
    told = "The output of the network over its two inputs, as it is trained."
    marks = data_dots(training.X, training.y, places)
    return _shown(Plot(marks, told, x_axis, y_axis, "What the network gives"), moments, rasters, time)


def data_dots(X: Array, y: Array, places: tuple[int, int]) -> list[Mark]:
    """The samples in the plane, a colour a class."""
    label = y[:, 0] if y.shape[1] == 1 else y.argmax(axis=1).astype(np.float64)
    values = np.unique(label)
    if values.size > 4:
        return [Dots(X[:, places[0]], X[:, places[1]], label="samples", color=1)]
    made: list[Mark] = []
    for i, value in enumerate(values):
        of = label == value
        made.append(Dots(X[of, places[0]], X[of, places[1]], label=f"y = {value:g}", color=i + 1))
    return made


def placing_plots(X: Array, y: Array) -> list[Plot]:
    """The plane on which a click adds a sample, one for each target; [] where samples are not points of a plane."""
    places = plane(X)
    if places is None or X.shape[1] != 2 or y.shape[1] != 1:
        return []
    low, high = float(y.min()), float(y.max())
    made = []
    for value in (high, low) if high != low else (high,):
        put = Placing("X", f"{{value}}; {{x}}, {{y}} : {value:g}", f"Click to add a sample with y = {value:g}")
        made.append(Plot(data_dots(X, y, places), f"The {X.shape[0]} samples; a click adds one with y = {value:g}.",
                         Axis("Input 1"), Axis("Input 2"), f"Add samples with y = {value:g}", placing=put))  # fmt: skip
    return made
