"""Two programs of one question, before and after, by hand and by a library: where their computations part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.answer.document import Document, Heading, Note, quoted
from nabla.labs.backprop.flow import Flow, flow_of, short
from nabla.labs.backprop.run import Outcome, root_of, run
from nabla.tensor.sweep import sweep
from nabla.tensor.tape import new_run

AGREES = 1e-4  # relative: one program may compute in 32 bits


@dataclass(frozen=True)
class _Named:
    """A value with a name: in which line it came about, as the how many-th, and its numbers."""

    line: int
    order: int
    value: Any


@dataclass(frozen=True)
class _Computed:
    """What one of the two programs computes."""

    text: str
    values: Mapping[str, _Named]
    gradients: Mapping[str, Any]
    adjoints: Mapping[str, Any]
    raised: str


def tell(document: Document, other: str, outcome: Outcome, flow: Flow | None, grads: Mapping[str, Any]) -> list[str]:
    """Compare the program with the `other` and add where they part.

    Returns:
        What the sentence that answers says of it.
    """
    second = run(other)
    here, there = _computed(outcome, flow, grads), _computed(second, _tape(second), {})
    parted = _ends(here, there) or _forward(here, there) or _backward(here, there)
    shared = [name for name in here.gradients if name in there.gradients]
    differ = [name for name in shared if not _alike(here.gradients[name], there.gradients[name])]
    document.values["compared"] = {
        "same": not parted and not differ, "name": parted[0] if parted else None,
        "lines": list(parted[1]) if parted else [],
        "gradients": {name: np.asarray(there.gradients[name]).tolist() for name in shared},
    }  # fmt: skip
    said = [
        f"the gradient by `{quoted(name)}` is {short(here.gradients[name])}, and {short(there.gradients[name])} in the "
        f"other program" for name in differ[:2]
    ]  # fmt: skip
    if parted:
        said.append(parted[2])
    elif not differ and (shared or here.values.keys() & there.values.keys()):
        said.append("the two programs compute the same numbers")
    if said:
        document.add(Heading("Beside the other program", role="claim"))
        document.add(*[Note(f"{text[0].upper()}{text[1:]}.") for text in said])
    return said


def _tape(outcome: Outcome) -> Flow | None:
    """The tape of a program that ends well, with its adjoints."""
    root = root_of(outcome)
    if root is None or outcome.raised is not None:
        return None
    if outcome.passes:
        return flow_of(root, outcome.passes[-1].adjoints)
    with new_run():
        return flow_of(root, sweep(root, np.ones_like(root.array)))


def _computed(outcome: Outcome, flow: Flow | None, grads: Mapping[str, Any]) -> _Computed:
    found: dict[str, _Named] = {}
    vertices = [(vertex.name, vertex) for vertex in flow.order if vertex.name] if flow else []
    for name, vertex in [*vertices, *((name, tensor.vertex) for name, tensor in outcome.tensors.items())]:
        found[name] = _Named(vertex.line, vertex.order, np.asarray(vertex.array))
    adjoints = {v.name: np.asarray(g) for v, g in flow.adjoints.items() if v.name} if flow else {}
    gradients = {name: g for name, g in grads.items() if g is not None}
    if flow and not gradients:
        gradients = {v.name: np.asarray(g) for v, g in flow.adjoints.items() if v.name and v.op is None}
    raised = outcome.raised
    why = outcome.blame or (raised.message.partition(". ")[0].partition("\n")[0] if raised else "")
    ended = f"{quoted(raised.kind)} in line {raised.line}: {quoted(why.rstrip('. '))}" if raised else ""
    return _Computed(outcome.program.text, found, gradients, adjoints, ended)


def _alike(a: Any, b: Any) -> bool:
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if a.shape != b.shape:
        return a.size == b.size and np.allclose(a.ravel(), b.ravel(), AGREES, 1e-6, equal_nan=True)
    return bool(np.allclose(a, b, AGREES, 1e-6, equal_nan=True))


def _ends(here: _Computed, there: _Computed) -> tuple[str, tuple[int, ...], str] | None:
    """One of them raises, and the other does not."""
    if bool(here.raised) == bool(there.raised):
        return None
    one, other = ("this program", "the other") if here.raised else ("the other program", "this one")
    return "", (), f"{other} ends well, {one} raises a {here.raised or there.raised}"


def _forward(here: _Computed, there: _Computed) -> tuple[str, tuple[int, ...], str] | None:
    """The first value of the same name that is another, in the order of this program."""
    for name, mine in sorted(here.values.items(), key=lambda item: item[1].order):
        yours = there.values.get(name)
        if yours is None or mine.value.dtype.kind not in "biuf" or yours.value.dtype.kind not in "biuf":
            continue
        if not _alike(mine.value, yours.value):
            lines = mine.line, yours.line
            text = (
                f"they part at `{quoted(name)}`: {_line(here, lines[0])} gives {short(mine.value)}, and "
                f"{_line(there, lines[1])} of the other gives {short(yours.value)}"
            )
            return name, lines, text
    return None


def _backward(here: _Computed, there: _Computed) -> tuple[str, tuple[int, ...], str] | None:
    """Forward all is the same: the first adjoint that is another, from the result back."""
    shared = [name for name in here.adjoints if name in there.adjoints and name in here.values and name in there.values]
    for name in sorted(shared, key=lambda name: -here.values[name].order):
        if not _alike(here.adjoints[name], there.adjoints[name]):
            text = (
                f"forward they compute the same; on the way back they part at `{quoted(name)}`, whose adjoint is "
                f"{short(here.adjoints[name])}, and {short(there.adjoints[name])} in the other"
            )
            return name, (here.values[name].line, there.values[name].line), text
    return None


def _line(computed: _Computed, line: int) -> str:
    lines = computed.text.splitlines()
    written = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    written = written.replace("`", "'")
    return f"line {line}, `{written}`," if 0 < len(written) <= 80 else f"line {line}"
