"""Backward methods that a program brings itself: each beside differences of its own forward."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from nabla.answer.document import Document, Note, quoted
from nabla.labs.backprop.claim import GradientClaim, fits, is_element
from nabla.labs.backprop.flow import Flow, short
from nabla.tensor.differences import compare, slope
from nabla.tensor.entry import ProgramStep
from nabla.tensor.operation import is_own
from nabla.tensor.replay import along, shadow, wide
from nabla.tensor.tape import Array, Vertex, new_run

JUDGED = 6  # functions
ELEMENTS = 12  # of an argument that are varied


def tell(document: Document, flow: Flow, tree: ast.Module) -> list[str]:
    """Add what is wrong with the backward of functions of the program's own.

    Returns:
        The same as parts of the sentence that answers.
    """
    said: list[str] = []
    judged: set[str] = set()
    for vertex in flow.order:
        if not is_own(vertex) or vertex not in flow.adjoints or vertex.op is None or len(judged) >= JUDGED:
            continue
        if vertex.op.name in judged:
            continue
        judged.add(vertex.op.name)
        wrong = _wrong(vertex, np.asarray(flow.adjoints[vertex], np.float64))
        if wrong is not None:
            place, ours, truth, kind = wrong
            name, line = _rule(vertex, place, tree)
            text = f"{name} (line {line}) gives {short(ours)}, but its forward has the derivative {short(truth)}"
            cause = "differences of its forward give the second" + ("" if np.any(truth) else _THROUGH)
            found = {"kind": kind, "line": line, "text": text, "cause": cause, "cure": ""}
            document.values.setdefault("findings", []).append(found)
            document.add(Note(f"{text[:1].upper()}{text[1:]}: {cause}.", "warning"))
            said.append(text)
    return said


def _rule(vertex: Vertex, i: int, tree: ast.Module) -> tuple[str, int]:
    """The function of the program that gives the adjoint of argument `i`, as it is called, and the line of its last
    `return`.
    """
    assert isinstance(vertex.op, ProgramStep)
    rule = vertex.op.rule(i)
    name = getattr(rule, "__qualname__", "").rpartition("<locals>.")[2]
    first = rule.__code__.co_firstlineno if hasattr(rule, "__code__") else vertex.line
    lines = [
        part.lineno
        for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
        and first in (node.lineno, *(each.lineno for each in node.decorator_list))
        for part in ast.walk(node) if isinstance(part, ast.Return)
    ]  # fmt: skip
    called = f"`{quoted(name)}`" if name.replace(".", "").isidentifier() else f"the rule of `{quoted(vertex.op.name)}`"
    return called, max(lines, default=first)


_THROUGH = "; a straight-through estimator does that on purpose"


def _wrong(vertex: Vertex, g: Array) -> tuple[int, Array, Array, str] | None:
    """The first argument whose adjoint differs, that adjoint, the true one, and the kind of mistake."""
    assert vertex.op is not None
    arrays = [
        np.asarray(arg.array, np.float64) if isinstance(arg, Vertex) and arg.array.dtype.kind == "f"
        else arg.array if isinstance(arg, Vertex) else arg
        for arg in vertex.args
    ]  # fmt: skip
    for i, arg in enumerate(vertex.args):
        if not (isinstance(arg, Vertex) and arg.needs) or arg.array.size > ELEMENTS:
            continue
        y = np.asarray(vertex.op.forward(*arrays, **vertex.params))
        given = vertex.op.vjp(i, g.reshape(y.shape), y, arrays, vertex.params)
        ours = np.zeros_like(arrays[i]) if given is None else np.asarray(given, np.float64)
        truth = np.zeros_like(ours)
        differs = False
        for place in np.ndindex(ours.shape):
            measured = slope(partial(_moved, vertex, arrays, i, place, g), 1.0, 1.0)
            truth[place] = np.nan if measured.value is None else measured.value
            scale = max(abs(float(ours[place])), abs(measured.value or 0.0), 1e-3)
            differs = differs or compare(float(ours[place]), measured, scale).verdict == "failed"
        if differs:
            return i, ours, np.round(truth, 6), _kind(ours, truth)
    return None


def fits_forward(claim: GradientClaim, flow: Flow, leaf: Vertex, seed: Array) -> bool:
    """Whether a claim is the derivative of the forward pass, where a function's own backward gives another."""
    if leaf.array.size > ELEMENTS or not any(is_own(vertex) for vertex in flow.order):
        return False
    with new_run():
        tape = shadow(flow.root)
        value, base = along(tape, tape.copies[leaf], wide(seed)), wide(leaf.array)
        truth = np.full(base.shape, np.nan)
        for place in np.ndindex(base.shape):
            unit = np.zeros_like(base)
            unit[place] = 1.0
            measured = slope(partial(_along, value, base, unit), 1.0, 1.0)
            truth[place] = np.nan if measured.value is None else measured.value
    near = replace(claim, tolerance=max(claim.tolerance, 1e-5))
    return fits(near, truth) or is_element(near, truth)


def _along(value: Callable[[Array], float], base: Array, unit: Array, t: float) -> float:
    return value(base + t * unit)


def _moved(vertex: Vertex, arrays: list[Any], i: int, place: tuple[int, ...], g: Array, t: float) -> float:
    """The result times its adjoint with one element moved."""
    assert vertex.op is not None
    moved = np.array(arrays[i])
    moved[place] += t
    y = np.asarray(vertex.op.forward(*arrays[:i], moved, *arrays[i + 1 :], **vertex.params))
    return float((y * g.reshape(y.shape)).sum())


def _kind(ours: Array, truth: Array) -> str:
    """The kind of a finding, where one factor lies between what is given and what is right."""
    if np.allclose(ours, -truth, rtol=1e-5):
        return "sign"
    ratios = (truth / np.where(ours == 0, np.nan, ours)).ravel()
    return "missing-factor" if np.allclose(ratios, ratios[0], rtol=1e-5) else "unnamed"
