"""descend: the gradient or Hessian that was pasted, beside the exact one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp

from nabla.answer.document import Block, Cell, Check, Code, Column, Document, Heading, Note, Source, Table, quoted
from nabla.errors import UserError
from nabla.labs.descend.blocks import place
from nabla.labs.descend.check import Verified, check_program
from nabla.labs.descend.program import read_program
from nabla.labs.descend.read import DescendQuestion
from nabla.optimise.first_order import Settings
from nabla.optimise.jacobian import KINDS, JacobianFinding, taylor_orders
from nabla.optimise.methods import METHODS, Method, named, run
from nabla.optimise.problem import Floats, Problem
from nabla.write.notation import tex

ORDER = 1.5  # between 1, a wrong gradient, and 2, a right one


def show(document: Document, question: DescendQuestion, name: str, found: Verified) -> None:
    """Everything that is to be said about a check, into the document."""
    what = "Hessian" if name == "hess" else "gradient"
    document.add(Heading(f"Your {what}", role="claim"))
    document.add(*_verdict(what, found))
    if found.findings and found.verdict == "wrong":
        document.add(_table(question, found, name))
    document.add(*[Note(quoted_code(line), tone="warning") for line in found.lines])
    if name == "jac":
        document.add(*_taylor(question, found), *_consequence(question, found))
    elif found.verdict == "right":
        document.add(_agreement(what, found))
    if found.corrected and found.verdict == "wrong":
        document.add(Code([Source("Corrected", "python", found.corrected)], title="Ready to paste"))
        document.add(_mended(question, found, name == "hess"))


def quoted_code(line: str) -> str:
    """Prose whose marks of code stay and whose others are taken away."""
    return "`".join(quoted(part) if i % 2 == 0 else part for i, part in enumerate(line.split("`")))


def values(question: DescendQuestion, found: Verified, name: str) -> dict[str, Any]:
    """The check as the document's `values` hold it."""
    return {
        "verdict": found.verdict,
        "findings": [
            {
                "component": component(question, finding),
                "kind": finding.kind,
                "expected": expected(question, finding, name),
                "got": _got_text(question, found, finding),
            }
            for finding in found.findings
        ],
        "raises": found.raises,
        "corrected": found.corrected or None,
    }


def component(question: DescendQuestion, finding: JacobianFinding) -> str | None:
    """The variable, or the two of a Hessian, that a finding is about; None when it is about the whole."""
    if not finding.place:
        return None
    return ",".join(question.problem.variables[i].name for i in finding.place)


def _exact(question: DescendQuestion, finding: JacobianFinding, name: str) -> sp.Expr | None:
    if not finding.place:
        return None
    if name == "hess":
        return question.hessian[finding.place[0]][finding.place[1]]
    return question.gradient[finding.place[0]]


def _flat(question: DescendQuestion, finding: JacobianFinding) -> int:
    return finding.place[0] if len(finding.place) == 1 else finding.place[0] * question.problem.n + finding.place[1]


def expected(question: DescendQuestion, finding: JacobianFinding, name: str) -> str | None:
    """The exact derivative that a finding is about; None when it is about the whole."""
    exact = _exact(question, finding, name)
    return None if exact is None else str(sp.sstr(exact))


def _got_text(question: DescendQuestion, found: Verified, finding: JacobianFinding) -> str | float | None:
    if not finding.place:
        return found.raises
    at = _flat(question, finding)
    if found.formulas is not None:
        return str(sp.sstr(found.formulas[at]))
    return float(found.got[at]) if found.got is not None else None


def _verdict(what: str, found: Verified) -> list[Block]:
    if found.verdict == "right":
        return [Note(f"Your {what} is right, at the start and at other points around it.", tone="tip")]
    if found.verdict == "undecided":
        return [Note(f"Whether your {what} is right could not be decided.", tone="warning")]
    if found.raises:
        return [Note(f"Your {what} raises {quoted(found.raises)}", tone="warning")]
    kinds = list(dict.fromkeys(KINDS[f.kind] for f in found.findings))
    return [Note(f"Your {what} is wrong: {'; '.join(kinds)}.", tone="warning")]


def _table(question: DescendQuestion, found: Verified, name: str) -> Table:
    rows: list[list[Cell]] = []
    for finding in found.findings[:12]:
        exact = _exact(question, finding, name)
        got: Cell = ""
        if finding.place and found.formulas is not None:
            got = f"${tex(found.formulas[_flat(question, finding)])}$"
        elif finding.place and found.got is not None:
            got = f"{found.got[_flat(question, finding)]:.6g} at the start"
        right = f"${tex(exact)}$" if exact is not None else ""
        rows.append([component(question, finding) or "all", _sentence(finding), right, got])
    return Table([Column("Component"), Column("What is wrong"), Column("It is"), Column("Yours")], rows)


def _sentence(finding: JacobianFinding) -> str:
    words = KINDS[finding.kind]
    if finding.kind == "missing-factor" and finding.factor is not None and finding.part is not None:
        if finding.factor.is_number:
            return f"yours is ${tex(finding.factor)}$ times what it should be, in ${tex(finding.part)}$"
        return f"the factor ${tex(finding.factor)}$ is missing in ${tex(finding.part)}$"
    if finding.kind == "chain-rule" and finding.part is not None:
        return f"{words}, in ${tex(finding.part)}$"
    if finding.kind in ("sign", "missing-term") and finding.part is not None:
        return f"{words}: ${tex(finding.part)}$"
    if finding.kind == "swapped" and finding.part is not None:
        return f"{words}: yours is ${tex(finding.part)}$, another component"
    return words


def _agreement(what: str, found: Verified) -> Check:
    if found.verdict == "right":
        return Check(
            f"Your {what} is the exact one",
            f"component by component at {_count(found)} points",
            "passed",
            test="points",
        )
    return Check(f"Your {what} against the exact one", "it gives nothing to compare with", "unchecked", test="points")


def _count(found: Verified) -> int:
    return 0 if found.points is None else len(found.points)


def _mended(question: DescendQuestion, found: Verified, second: bool) -> Check:
    """The corrected function run and compared: what is handed out is tested too."""
    claim = "The corrected function agrees with the exact one"
    method = f"run at {_count(found)} points, component by component"
    try:
        pasted = read_program(found.corrected)
    except UserError:
        return Check(claim, method, "unchecked", test="points")
    pasted.names = [v.name for v in question.problem.variables]
    if second:
        pasted.hess = pasted.hess or pasted.jac or pasted.fun
    else:
        pasted.jac = pasted.jac or pasted.fun or pasted.hess
    if question.pasted is not None:
        pasted.separate, pasted.call = question.pasted.separate, question.pasted.call
    again = check_program(question.problem, question.start, pasted, second)
    return Check(claim, method, "passed" if again.verdict == "right" else "failed", test="points")


def _taylor(question: DescendQuestion, found: Verified) -> list[Block]:
    """The judge that needs no tolerance: the order of the remainder of the Taylor series."""
    if found.got is None or not np.isfinite(found.got).all():
        return []
    problem, start = question.problem, question.start
    rng = np.random.default_rng(3)
    direction = rng.normal(size=problem.n)
    direction /= float(np.linalg.norm(direction))
    points = found.points if found.points is not None else np.array([start])
    worst: list[tuple[float, float]] = []
    at = start
    for p in points:
        g = found.values(p) if found.values is not None else found.got
        orders = taylor_orders(problem, p, np.asarray(g), direction)
        if orders and (not worst or orders[-1][1] < worst[-1][1]):
            worst, at = orders, p
        if found.values is None:
            break
    if not worst:
        return [Check("The remainder of the Taylor series falls with the square of the step", "it is too small to be "
                      "seen here", "unchecked", test="order")]  # fmt: skip
    square = worst[-1][1] > ORDER
    method = f"order of f(x + h d) - f(x) - h g.d at {place(at[:6])}: 2 for a right gradient, 1 for a wrong one"
    listed = Table(
        [Column("h", align="right"), Column("order", align="right")],
        [[float(f"{h:.2g}"), float(f"{o:.2f}")] for h, o in worst], "Order of the remainder with your gradient",
    )  # fmt: skip
    claim = (
        "The remainder falls with the square of the step: your gradient is right"
        if found.verdict == "right"
        else "The remainder falls with the step, not with its square: your gradient is wrong"
    )
    if found.verdict == "wrong" and square:  # right values in a wrong shape, say
        return [listed]
    return [listed, Check(claim, method, "passed" if square == (found.verdict == "right") else "failed", test="order")]


class _Theirs(Problem):
    """The problem with the gradient as pasted."""

    wrong: Callable[[Floats], Floats]

    def gradient(self, x: Floats) -> Floats:
        """The gradient as pasted."""
        return np.asarray(self.wrong(x), dtype=float)


def _consequence(question: DescendQuestion, found: Verified) -> list[Block]:
    """What SciPy does with the wrong gradient."""
    if found.verdict != "wrong":
        return []
    method = _method(question)
    title = method.title
    if found.raises:
        text = f"SciPy asks for the gradient once before the first step of {title}: the error ends the run there."
        text += " Nelder-Mead never asks for it, and without jac= BFGS makes its own by differences: they run."
        return [Note(text)]
    if found.values is None or any(f.kind in ("wrong-shape", "scalar-returned") for f in found.findings):
        return []
    problem = question.problem
    theirs = _Theirs(problem.expr, problem.variables, problem.data, problem.mean)
    theirs.wrong = found.values
    theirs.__dict__.update({k: v for k, v in vars(problem).items() if k not in ("gradient",)})
    done = run(theirs, method, question.start, Settings(steps=2000, tolerance=1e-5))
    there = float(np.abs(problem.gradient(done.x)).max())
    where = place(done.x[:6], 5)
    if done.iterations == 0:
        text = (
            f"With it {title} does not take a step: along what it takes for the way down the function does not fall. "
            "SciPy calls that: Desired error not necessarily achieved due to precision loss."
        )
    elif there > 1e-3 * (1 + float(np.abs(problem.gradient(question.start)).max())):
        text = f"With it {title} ends at {where}, where the true gradient is still {there:.2g}."
    else:
        text = (
            f"With it {title} ends at {where} after {done.iterations} steps, near a stationary point all the same: "
            "an end that looks right does not prove the gradient."
        )
    return [Note(text)]


def _method(question: DescendQuestion) -> Method:
    call = question.pasted.call if question.pasted is not None else None
    chosen = named(call.method) if call is not None and call.method else None
    return chosen if chosen is not None and chosen.order else METHODS["bfgs"]
