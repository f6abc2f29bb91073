"""The optimiser of a descent by hand, by its states: which it is, and what is wrong with them."""

from __future__ import annotations

import ast
import itertools
import math

import numpy as np

from nabla.labs.descend.hand.found import HandDescent, tail
from nabla.labs.descend.hand.lines import given
from nabla.labs.descend.hand.verdict import Fault
from nabla.optimise import implied


def faults(found: HandDescent) -> list[Fault]:
    """States of an optimiser that are overwritten by what is made of them, and means of squares without the square."""
    made = []
    for buffer in found.buffers:
        written = [q for q in found.states[0].quantities if q.what == tail(buffer)]
        if len(written) != 2 or written[0].value.shape != written[1].value.shape:
            continue
        a, b = written[0].value.ravel(), written[1].value.ravel()
        ratio = float(a @ b) / float(a @ a) if float(a @ a) > 0 else 1.0
        if abs(ratio - 1) > 1e-6 and np.allclose(b, ratio * a, rtol=1e-9):
            text = (
                f"Line {written[1].line} writes the corrected mean back into `{tail(buffer)}`, so the "
                f"running mean of the "
                "next step begins from it, and the correction is applied again and again. Give it a name of its own, "
                f"as `{tail(buffer)}_hat`."
            )
            made.append(Fault("state-overwritten", written[1].line, text))
    return made + _squares(found) + _one_array(found)


def _one_array(found: HandDescent) -> list[Fault]:
    """Two names of one array into which the loop puts numbers under both of them."""
    tree = found.program.tree
    loops = [n for n in ast.walk(tree) if isinstance(n, ast.For | ast.While) and n.lineno == found.loop.line]
    stored: dict[str, int] = {}
    for node in (part for loop in loops for part in ast.walk(loop)):
        if not isinstance(node, (ast.Assign, ast.AugAssign)):
            continue
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            base = target.value if isinstance(target, ast.Subscript) else target
            if isinstance(base, ast.Name) and (isinstance(node, ast.AugAssign) or base is not target):
                stored[base.id] = node.lineno
    names = found.run.names
    for a, b in itertools.combinations(sorted(stored, key=lambda name: stored[name]), 2):
        if isinstance(names.get(a), np.ndarray) and names.get(a) is names.get(b):
            text = (
                f"`{a}` and `{b}` are two names of one array: what line {stored[a]} puts into one is in the other too. "
                f"Make two, `{a}, {b} = np.zeros(...), np.zeros(...)`."
            )
            return [Fault("state-overwritten", stored[b], text)]
    return []


def kind_of_optimiser(found: HandDescent) -> str:
    """What an optimiser with such states is called; empty where it has none, or is none of the usual ones."""
    shares = {round(share, 6) for share in found.kept.values()}
    steps = np.array([state.step for state in found.states[:2]])
    if not found.buffers or not steps.size or not np.abs(steps).max() > 0:
        return ""
    if not implied.is_adaptive(steps):
        return "momentum" if len(found.buffers) == len(found.parameters) and all(0 < s < 1 for s in shares) else ""
    if len(found.buffers) == 2 * len(found.parameters):
        return "Adam"
    return "AdaGrad" if shares == {1.0} else "RMSProp" if all(0 < s < 1 for s in shares) else ""


def uncorrected(found: HandDescent, rate: float) -> list[Fault]:
    """Means of Adam that begin at 0 and are not corrected: the first step tells."""
    shares = sorted({round(share, 6) for share in found.kept.values()})
    if kind_of_optimiser(found) != "Adam" or len(shares) != 2 or not 0 < shares[0] < shares[1] < 1:
        return []
    first = float(np.abs(found.states[0].step).max()) / rate
    wanted = (1 - shares[0]) / math.sqrt(1 - shares[1])
    if abs(first - wanted) > 0.02 * wanted or abs(wanted - 1) < 0.05:
        return []
    text = (
        f"The means begin at 0 and are used as they are: the first step is {first:.3g} times the rate, and should be "
        f"once the rate. Adam divides them by what they still lack, `m_hat = m/(1 - {shares[0]:g}**t)` and "
        f"`v_hat = v/(1 - {shares[1]:g}**t)`, with t counted from 1."
    )
    return [Fault("bias-correction", min(found.lines.values(), default=0), text)]


def _squares(found: HandDescent) -> list[Fault]:
    """Means under a root that are means of the gradient, not of its square: they have its signs."""
    calls = [n for n in ast.walk(found.program.tree) if isinstance(n, ast.Call) and "sqrt" in ast.unparse(n.func)]
    rooted = {tail(ast.unparse(part)) for call in calls for item in call.args for part in ast.walk(item)
              if isinstance(part, (ast.Name, ast.Attribute))}  # fmt: skip
    through = {v for v in rooted for value in given(found.program.tree, {v}) for v in _names(value)}
    for buffer in found.buffers:
        ends = [state.ends[buffer].ravel() for state in found.states[:2] if buffer in state.ends]
        if tail(buffer) not in rooted | through or len(ends) < 2 or np.all(np.concatenate(ends) >= 0):
            continue
        written = [q.line for q in found.states[0].quantities if q.what == tail(buffer)]
        text = f"`{tail(buffer)}` is a mean of the gradient; what stands under the root has to be a mean of its square."
        return [Fault("missing-square", written[0] if written else 0, text)]
    return []


def _names(node: ast.expr) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
