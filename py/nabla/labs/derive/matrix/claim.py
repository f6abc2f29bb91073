"""The asker's own derivative of a formula with matrices, compared at random matrices, and what it lacks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nabla.answer.document import Document, Heading, Note, Tone, quoted
from nabla.calculus.matrices.nodes import M, ShapeError
from nabla.calculus.matrices.numeric import Array, apart, evaluate
from nabla.errors import UserError
from nabla.labs.derive.matrix.asking import MatrixPoint, MatrixQuestion, derivative_array
from nabla.labs.derive.matrix.build import built
from nabla.labs.derive.matrix.shapes import Meaning, Misfit, fitted
from nabla.read.matrices import MatrixNode, names_of
from nabla.read.matrices.indices import read_vectors, without_indices
from nabla.write.matrices import matrix_tex

CLOSE = 1e-6
TONES: dict[str, Tone] = {"right": "tip", "wrong": "warning", "undecided": "info"}
RULES = {
    "symmetric": ("A17", "It holds for a symmetric {about} alone."),
    "twice": ("A20", "There is a factor {about} too many."),
    "half": ("A20", "A factor {about} is missing."),
    "sign": ("A21", "The sign is reversed."),
    "transpose": ("A07", "A transpose is missing, or is one too many: with {about} it would be right."),
    "shape": ("A07", "It has the shape {about}."),
    "missing": ("A06", "A term is missing: {about}."),
}


def judge_lines(
    claim: str, document: Document, asked: MatrixQuestion, found: M, questions: Sequence[MatrixQuestion] = ()
) -> str:
    """Judge each line of the claim; the last one is the answer. Says it in the document and for the sentence.

    Of several `questions` a line is about those whose derivative has its shape.
    """
    lines = [line.strip() for line in re.split(r";|=", claim) if line.strip()]
    lines = [line for line in lines if asked in _meant(line, questions) or not _meant(line, questions)]
    if not lines:
        return ""
    points = asked.points()
    document.add(Heading("Your answer", role="claim"))
    said = ""
    for line in lines:
        verdict, mistakes, text = _judge(line, asked, found, points)
        document.add(Note(f"{quoted(line)} {text}", tone=TONES[verdict]))
        document.values["claim"] = {"verdict": verdict, "mistakes": mistakes, "ask_at": None}
        said = f"your {quoted(line)} {text.rstrip('.')}"
    return said


def _meant(line: str, questions: Sequence[MatrixQuestion]) -> list[MatrixQuestion]:
    """The letters, of several, by which a number has a derivative of the shape of the line."""
    if len(questions) < 2 or not questions[0].f.scalar:
        return []
    try:
        shape = _read(line, questions[0].letters, questions[0].definitions).shape
    except (UserError, Misfit, ShapeError):
        return []
    return [asked for asked in questions if shape in (asked.x.shape, asked.x.shape[::-1])]


def _judge(
    line: str, asked: MatrixQuestion, found: M, points: Sequence[MatrixPoint]
) -> tuple[str, list[dict[str, Any]], str]:
    try:
        theirs = _read(line, asked.letters, asked.definitions)
    except (UserError, Misfit, ShapeError) as error:
        return "undecided", [], f"could not be compared: {str(error).rstrip('.')}."
    if not points:
        return "undecided", [], "could not be compared: the formula has no value at the matrices that were tried."
    right = [derivative_array(asked, point) for point in points]
    values = [evaluate(theirs, point.values, point.sizes) for point in points]
    if _agree(values, right):
        return "right", [], "is right."
    if asked.layout == "usual" and values[0].shape != right[0].shape and _agree([v.T for v in values], right):
        return "right", [], "is right in the other layout: it is the transpose of what stands here."
    if name := _adding_to_one(theirs, asked, points):
        return "right", [], f"is right where the entries of {name} add to 1, as those of a one-hot target do."
    mistakes = _mistakes(theirs, values, right, asked, found)
    words = " ".join(mistake["says"] for mistake in mistakes)
    return "wrong", mistakes, f"is not right. {words}".strip()


def _read(line: str, known: Mapping[str, M], definitions: Mapping[str, MatrixNode]) -> M:
    lone = {name.lower(): name for name, node in known.items() if len(name) == 1 and 1 not in node.shape}
    reading = read_vectors(line, definitions, known, {low: name for low, name in lone.items() if low not in known})
    if any("_" in name and name.partition("_")[0] in known for name in reading.names):  # t_j is an entry of t
        tree = without_indices(reading.tree, definitions)
        reading = replace(reading, tree=tree, names=tuple(dict.fromkeys(names_of(tree))))
    meaning = Meaning({name: node.shape for name, node in known.items()}, frozenset())
    unknown = [name for name in reading.names if name not in known and name != "I"]
    if unknown:
        raise UserError("unknown-name", f"{unknown[0]} does not occur in the formula")
    fitted(reading.tree, meaning)
    meaning.settle()
    return built(reading.tree, meaning, known)


def _agree(values: Sequence[Array], right: Sequence[Array]) -> bool:
    return all(apart(value, other) < CLOSE for value, other in zip(values, right, strict=True))


def _mistakes(
    theirs: M, values: Sequence[Array], right: Sequence[Array], asked: MatrixQuestion, found: M
) -> list[dict[str, Any]]:
    """The mistakes that give exactly what was claimed."""
    if values[0].shape != right[0].shape:
        shapes = [" × ".join(map(str, shape)) for shape in (theirs.shape, found.shape)]
        return [_mistake("shape", f"{shapes[0]} where {shapes[1]} is needed")]
    ways = [
        _mistake(rule, about)
        for factor, rule, about in ((-1.0, "sign", ""), (2.0, "twice", "2"), (0.5, "half", "2"))
        if _agree(values, [factor * array for array in right])
    ]
    if _agree([value.T for value in values], right):
        ways.append(_mistake("transpose", "its transpose"))
    else:
        ways += [_mistake("symmetric", name) for name in _symmetric(theirs, asked)]
    for term in found.args if found.op == "sum" else ():
        lacking = [evaluate(term, point.values, point.sizes) for point in asked.points()]
        if _agree([value + part for value, part in zip(values, lacking, strict=True)], right):
            ways.append(_mistake("missing", f"${matrix_tex(term)}$"))
    return ways


def _adding_to_one(theirs: M, asked: MatrixQuestion, points: Sequence[MatrixPoint]) -> str:
    """The letter of a vector for whose entries, where they add to 1, the claim is right; none but the variable's."""
    for name, node in asked.letters.items():
        if node.scalar or node.shape[1] != 1 or name == asked.x.name:
            continue
        scaled = [replace(p, values={**p.values, name: p.values[name] / p.values[name].sum()}) for p in points]
        right = [derivative_array(asked, point) for point in scaled]
        if _agree([evaluate(theirs, point.values, point.sizes) for point in scaled], right):
            return name
    return ""


def _mistake(rule: str, about: str) -> dict[str, Any]:
    return {"id": rule, "rule": RULES[rule][0], "gives": "", "where": about, "says": RULES[rule][1].format(about=about)}


def _symmetric(theirs: M, asked: MatrixQuestion) -> list[str]:
    """The square matrices for which, taken to be symmetric, the claim is right."""
    found = []
    for name, node in asked.letters.items():
        if node.shape[0] != node.shape[1] or node.scalar or node.symmetric or name == asked.x.name:
            continue
        points = asked.points(name)
        right = [derivative_array(asked, point) for point in points]
        if points and _agree([evaluate(theirs, point.values, point.sizes) for point in points], right):
            found.append(name)
    return found
