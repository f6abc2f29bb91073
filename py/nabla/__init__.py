"""Nabla: derivatives, backpropagation, fits and descents, explained step by step and checked.

`nabla.run(lab, inputs)` answers a question; `nabla.derive(f="(w*x-y)^2", wrt="w", at="w=3,x=2,y=2")` is the same with
the lab as a function. The `Report` that comes back is a `Document` that prints as text, shows itself in Jupyter and
holds its figures in `values`.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

from nabla import blas as _blas  # noqa: F401  (before NumPy, which reads it once)

# isort: split
import numpy as np

from nabla import labs as _labs  # noqa: F401  (names them; each is imported when it is first asked)
from nabla.answer.document import Document, Listener
from nabla.answer.export import Report
from nabla.errors import UserError
from nabla.lab import LABS, Inputs
from nabla.read.data.binary import archive_of

MOST_LISTED = 2000  # samples that `fit` writes as lists; more are carried in an archive
__version__ = "0.1.0"
__all__ = [
    "Document",
    "Report",
    "UserError",
    "ask",
    "backprop",
    "decompose",
    "derive",
    "descend",
    "fit",
    "run",
    "train",
]


def run(lab: str, inputs: Mapping[str, object], listener: Listener | None = None) -> Report:
    """Answer `inputs` by the lab of that name.

    Args:
        lab: "derive", ...
        inputs: the lab's inputs by name, as text or as Python values; those left out have their defaults.
        listener: called with every block and its place as soon as it is there; see `Document`.

    Raises:
        UserError: when an input cannot be understood, with its field and place.
    """
    work = steps(lab, inputs, listener)
    while True:
        try:
            next(work)
        except StopIteration as end:
            document: Report = end.value
            return document


def steps(
    lab: str, inputs: Mapping[str, object], listener: Listener | None = None
) -> Generator[None, bool | None, Report]:
    """As `run`, in steps where the lab has some: between two of them the work may wait, be asked to come to an end with
    what there is, by sending True, or be given up, by closing.
    """
    if lab not in LABS:
        raise UserError("unknown-lab", f"There is no lab called {lab}.", hint="There is " + ", ".join(LABS) + ".")
    read = Inputs(LABS[lab], inputs)
    document = Report(lab, read.given, listener)
    work = LABS[lab].answer(read, document)
    if work is not None:
        yield from work
    return document


def ask(text: str, listener: Listener | None = None, lab: str = "", changes: Mapping[str, str] | None = None) -> Report:
    """Answer a whole question as people paste it: prose, formulas, programs, data, output.

    Args:
        text: as it was pasted.
        listener: as that of `run`.
        lab: answer it in this lab, whatever it looks like.
        changes: inputs of that lab in the place of those that were read in the text.

    Returns:
        The answer of the lab that fits best. `values["question"]` tells how the text was read, and names what was not.

    Raises:
        UserError: where nothing of the text can be read, or the lab refuses it.
    """
    work = asking(text, listener, lab, changes)
    while True:
        try:
            next(work)
        except StopIteration as end:
            document: Report = end.value
            return document


def asking(
    text: str, listener: Listener | None = None, lab: str = "", changes: Mapping[str, str] | None = None
) -> Generator[None, bool | None, Report]:
    """As `ask`, in steps as those of `steps`."""
    from nabla.asked import answering  # only where a text is asked

    return answering(text, run, lambda name, given: Report(name, given, listener), lab, changes or {})


def backprop(code: str, claim: object = "", **inputs: object) -> Report:
    """Run a program of PyTorch, NumPy or JAX, explain every gradient, and judge a claimed one: `claim="w.grad = 8"`.

    With `other`, another program, it is told where the two part.
    """
    return run("backprop", {"code": code, "claim": claim, **inputs})


def decompose(V: object, **inputs: object) -> Report:
    """Split a field, `decompose("-y + x/2; x + y/2", domain="-1..1")`, into S, H and the rest; see the lab's inputs."""
    return run("decompose", {"V": V, **inputs})


def derive(f: object, wrt: object = "", **inputs: object) -> Report:
    """Differentiate `f` with respect to `wrt`, step by step; see the lab's inputs for the rest."""
    return run("derive", {"f": f, "wrt": wrt, **inputs})


def descend(f: object, start: object = "", **inputs: object) -> Report:
    """Race optimisers on `f` from `start`, and check a gradient, `jac="2*x; 4*y"`; the lab's inputs are the rest."""
    return run("descend", {"f": f, "start": start, **inputs})


def fit(data: str | Sequence[float], y: Sequence[float] | None = None, **inputs: object) -> Report:
    """Find the sinusoids in `data`: a text, or the values x with `y`, or y alone; see the lab's inputs for the rest."""
    if isinstance(data, str):
        return run("fit", {"data": data, **inputs})
    given = {"y": data} if y is None else {"x": data, "y": y}
    arrays = {name: np.asarray(values, dtype=np.float64) for name, values in given.items()}
    if max(array.size for array in arrays.values()) > MOST_LISTED:
        return run("fit", {"data": archive_of(arrays), **inputs})
    lists = [f"{name} = {array.tolist()!r}" for name, array in arrays.items()]
    return run("fit", {"data": "\n".join(lists), **inputs})


def train(code: str = "", X: object = "", y: object = "", **inputs: object) -> Report:
    """Explain, check and run a training loop, or set one up from samples `X`, a row each, and targets `y`.

    `X` and `y` are texts, nested lists or arrays; see the lab's inputs for the rest.
    """
    return run("train", {"code": code, "X": _rows(X), "y": _rows(y), **inputs})


def _rows(values: object) -> object:
    """Nested lists and arrays as the text that the reader of matrices takes."""
    values = values.tolist() if isinstance(values, np.ndarray) else values
    if not isinstance(values, (list, tuple)):
        return values
    rows = [row if isinstance(row, (list, tuple)) else [row] for row in values]
    return "; ".join(", ".join(str(value) for value in row) for row in rows)
