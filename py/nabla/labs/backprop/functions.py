"""Pairs of functions that a program of NumPy writes, one the derivative of the other: the second beside the tape of
the first, at points of our own.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from nabla.answer.document import Document, Heading, quoted
from nabla.lab import Inputs
from nabla.labs.backprop.claim import ClaimVerdict, GradientClaim, judge
from nabla.labs.backprop.flow import short
from nabla.labs.backprop.hand import kind_of
from nabla.labs.backprop.run import Outcome, value_of
from nabla.labs.backprop.verdict import in_short, say, values_of
from nabla.program.modules import tape
from nabla.program.run import Session
from nabla.tensor.arrays import Plain
from nabla.tensor.differences import compare, slope
from nabla.tensor.sweep import reachable
from nabla.tensor.tape import STATE, Tensor, new_run

# What people call the derivative of f, with the argument that it is by: df, f_prime, grad_f, df_dx, f_x.
_NAMES = (
    r"d_?(?P<of>\w+?)(?:_?d(?P<by>\w+))?", r"(?P<of>\w+?)_?(?:prime|deriv|derivative|grad|gradient|der|jac|jacobian)",
    r"(?:grad|gradient|deriv|derivative|der|jac|jacobian|nabla)_?(?:of_)?(?P<of>\w+)", r"(?P<of>\w+?)_(?P<by>\w)",
)  # fmt: skip
_BARE = frozenset("grad gradient jac jacobian derivative deriv df fprime f_prime".split())  # of the only other function
PAIRS = 4
POINTS = 3
SIZES = (2, 3, 4, 5)  # of a vector that is tried where a single number is refused


@dataclass(frozen=True)
class DerivativePair:
    """Two functions of a program, with the place of the argument that is differentiated by."""

    function: str
    derivative: str
    arguments: tuple[str, ...]
    place: int
    line: int

    @property
    def argument(self) -> str:
        """The argument that is differentiated by."""
        return self.arguments[self.place]


@dataclass(frozen=True)
class JudgedPair:
    """A pair, the verdict on its second function, and the point at which that was found."""

    pair: DerivativePair
    verdict: ClaimVerdict
    at: list[Any]


def tell(document: Document, inputs: Inputs, outcome: Outcome) -> list[str]:
    """Judge each pair, and add what is found to the document.

    Returns:
        What the sentence that answers says of them.
    """
    pairs = list(pairs_in(outcome.program.tree))[:PAIRS] if outcome.dialect == "numpy" else []
    judged = [found for pair in pairs if (found := _judged(outcome, pair)) is not None]
    if judged:
        _add(document, inputs, judged)
    return [_sentence(one) for one in judged]


def _sentence(judged: JudgedPair) -> str:
    pair, verdict = judged.pair, judged.verdict
    of = f"the derivative of `{quoted(pair.function)}` by `{quoted(pair.argument)}`"
    if verdict.verdict == "right":
        return f"`{quoted(pair.derivative)}` is right: it is {of}{', ' + verdict.place if verdict.place else ''}"
    if verdict.found:
        return in_short(verdict, f"`{quoted(pair.derivative)}`")
    if verdict.place:
        return f"`{quoted(pair.derivative)}` is {verdict.place} of `{quoted(pair.function)}`"
    at = ", ".join(f"{quoted(name)} = {short(x)}" for name, x in zip(pair.arguments, judged.at, strict=True))
    right, yours = short(verdict.right), short(verdict.claim.value)
    return f"`{quoted(pair.derivative)}` is not {of}: at {at} that is {right}, and yours is {yours}"


def pairs_in(tree: ast.Module) -> Iterator[DerivativePair]:
    """The pairs of a program's functions, by their names."""
    defined = {name: (node, line) for name, node, line in _functions(tree)}
    for name, (node, line) in defined.items():
        names = [arg.arg for arg in node.args]
        for of, by in _meant(name, defined):
            theirs = [arg.arg for arg in defined[of][0].args]
            if names and len(names) == len(theirs) and (not by or by in names):
                place = names.index(by) if by else 0
                yield DerivativePair(of, name, tuple(names), place, line)
                break


def _meant(name: str, defined: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for pattern in _NAMES:
        match = re.fullmatch(pattern, name)
        if match and match["of"] in defined and match["of"] != name:
            yield match["of"], match.groupdict().get("by") or ""
    others = [other for other in defined if other != name]
    if name.lower() in _BARE and len(others) == 1:
        yield others[0], ""


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.arguments, int]]:
    """The functions at the top of a program, `f = lambda x: …` among them."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node.args, node.lineno
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value.args, node.lineno


def _judged(outcome: Outcome, pair: DerivativePair) -> JudgedPair | None:
    """The verdict at several points: that of the first where it is wrong, with the mistakes that fit at all of them;
    None where the functions cannot be called so.
    """
    with new_run():
        STATE.follows = True
        session = Session(outcome.program, tape.supply("numpy"))
        STATE.where = session.guard.line
        names = session.run().names
        if session.guard.gap is not None or not callable(names.get(pair.function)):
            return None
        vector = next((v for n in _sizes(names) if (v := _over_points(session, names, pair, (n,)))), None)
        if vector is not None and vector.verdict.verdict == "wrong" and vector.verdict.place:
            return vector  # of a single number it may be right by chance
        return _over_points(session, names, pair, ()) or vector


def _over_points(
    session: Session, names: Mapping[str, Any], pair: DerivativePair, shape: tuple[int, ...]
) -> JudgedPair | None:
    """The verdict at several points of a shape; None where it is none at one of them."""
    judged: list[JudgedPair] = []
    for number in range(POINTS):
        random = np.random.default_rng(number)
        point = [random.uniform(0.3, 1.7, shape if i == pair.place else ()) for i in range(len(pair.arguments))]
        verdict = _at(session, names, pair, point)
        if verdict is None:
            return None
        judged.append(JudgedPair(pair, verdict, point))
    wrong = [one for one in judged if one.verdict.verdict != "right"]
    if not wrong:
        return judged[0]
    fitting = [{variant.id for variant in one.verdict.found} for one in wrong]
    found = [variant for variant in wrong[0].verdict.found if all(variant.id in ids for ids in fitting)]
    return replace(wrong[0], verdict=replace(wrong[0].verdict, found=found))


def _sizes(names: Mapping[str, Any]) -> list[int]:
    """Lengths that a vector may have: those of the program's own arrays first."""
    arrays = [value for value in names.values() if isinstance(value, Tensor) and value.ndim]
    return list(dict.fromkeys([*(n for array in arrays for n in array.shape if n <= 100), *SIZES]))


def _at(session: Session, names: Mapping[str, Any], pair: DerivativePair, point: list[Any]) -> ClaimVerdict | None:
    """The verdict at a point; None where one of the two is no number there, or has another shape."""
    shape = np.shape(point[pair.place])
    value = partial(_value, session, names[pair.function], pair.place, point)
    given = _value(session, names[pair.derivative], pair.place, point, point[pair.place])
    leaf = Plain.of(point[pair.place], True)
    leaf.vertex.name = pair.argument
    result = _called(session, names[pair.function], pair.place, point, leaf)
    y = value(point[pair.place])
    if given is None or y is None or result is None:
        return None
    claim = GradientClaim(pair.derivative, "", pair.argument, given, 0.0)
    if y.ndim == 1 and shape:
        return _by_jacobian(claim, value, point[pair.place], y)
    if y.size != 1 or given.shape != shape:
        return None
    root = result.vertex if isinstance(result, Tensor) else None
    if root is None or leaf.vertex not in reachable(root):
        return _by_differences(claim, value, point[pair.place])
    verdict = judge(claim, root, np.ones_like(root.array), {pair.argument: leaf.vertex}, {}, {}, pair.argument)
    of_output = _value(session, names[pair.derivative], pair.place, point, y.reshape(()))
    right = np.asarray(verdict.right, np.float64)
    if verdict.verdict == "wrong" and not shape and of_output is not None and np.allclose(of_output, right):
        return replace(verdict, verdict="right", place=f"as a function of what `{quoted(pair.function)}` gives")
    return verdict


def _by_jacobian(claim: GradientClaim, value: Any, x: Any, y: Any) -> ClaimVerdict | None:
    """The verdict on the derivative of a vector by a vector, by differences."""
    columns = []
    for i in range(x.size):
        unit = np.eye(x.size)[i]
        slopes = [slope(lambda t, k=k, unit=unit: float(value(x + t * unit)[k]), 1.0, 1.0).value for k in range(y.size)]  # type: ignore[misc]
        if None in slopes:
            return None
        columns.append(slopes)
    jacobian = np.array(columns, np.float64).T
    for truth, place in ((jacobian, ""), (jacobian.T, "as the transposed Jacobian")):
        if truth.shape == claim.value.shape and np.allclose(claim.value, truth, rtol=1e-5, atol=1e-7):
            return ClaimVerdict(claim, "right", claim.below, truth, [], {}, [], place)
    diagonal = jacobian.shape[0] == jacobian.shape[1] and np.shape(claim.value) == x.shape
    if diagonal and np.allclose(claim.value, np.diag(jacobian), rtol=1e-5, atol=1e-7):
        only = np.allclose(jacobian, np.diag(np.diag(jacobian)), atol=1e-7)
        return ClaimVerdict(claim, "right" if only else "wrong", claim.below, jacobian, [], {}, [],
                            "" if only else "only the diagonal of the Jacobian")  # fmt: skip
    return ClaimVerdict(claim, "wrong", claim.below, np.round(jacobian, 9), [], {}, [])


def _by_differences(claim: GradientClaim, value: Any, point: Any) -> ClaimVerdict | None:
    """The verdict by differences, of a function that leaves the tape."""
    truth = np.zeros_like(point)
    right = True
    for place in np.ndindex(point.shape):
        unit = np.zeros_like(point)
        unit[place] = 1.0
        measured = slope(lambda t, unit=unit: float(value(point + t * unit)), 1.0, 1.0)  # type: ignore[misc]
        if measured.value is None:
            return None
        truth[place] = measured.value
        right = right and compare(float(claim.value[place]), measured, 1.0).verdict == "passed"
    return ClaimVerdict(claim, "right" if right else "wrong", claim.below, np.round(truth, 9), [], {}, [])


def _called(session: Session, function: Any, place: int, point: list[Any], x: Any) -> Any:
    """A function of the program at a point, with `x` for its argument at `place`; None where it raises."""
    args = [x if i == place else Plain.of(each, False) for i, each in enumerate(point)]
    done, result = session.call(function, *args)
    return None if done.raised is not None or done.gap is not None else result


def _value(session: Session, function: Any, place: int, point: list[Any], x: Any) -> Any:
    """The same as an array of numbers."""
    result = _called(session, function, place, point, Plain.of(x, False))
    array = None if result is None else np.asarray(value_of(result))
    return array.astype(np.float64) if array is not None and array.dtype.kind in "if" else None


def _add(document: Document, inputs: Inputs, judged: list[JudgedPair]) -> None:
    values = document.values
    by_hand = {one.pair.derivative: values_of(one.verdict) for one in judged}
    values["by_hand"] = {**values.get("by_hand", {}), **by_hand}
    findings = [
        {"kind": kind_of(one.verdict), "line": one.pair.line, "component": one.pair.derivative}
        for one in judged if one.verdict.verdict == "wrong"
    ]  # fmt: skip
    values["gradient_check"] = {"verdict": "wrong" if findings else "right", "findings": findings}
    if findings:
        values["findings"] = [*values.get("findings", ()), *findings]
    document.title = "The derivatives that the program writes by hand"
    document.add(Heading("Your own derivatives", role="claim"))
    for one in judged:
        pair, verdict = one.pair, one.verdict
        verdict.claim.text = (
            f"{quoted(pair.derivative)}, as the derivative of {quoted(pair.function)} by {quoted(pair.argument)},"
        )
        say(document, inputs, verdict)
