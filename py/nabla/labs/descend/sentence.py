"""descend: the sentence that answers: what is wrong with the gradient, and the lowest minimum that was found."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from nabla.answer.document import Document, quoted
from nabla.labs.descend.blocks import place
from nabla.labs.descend.check import Verified
from nabla.labs.descend.claim import component, expected
from nabla.labs.descend.read import DescendQuestion
from nabla.optimise.jacobian import KINDS, JacobianFinding
from nabla.optimise.methods import MethodRun
from nabla.optimise.verdict import VERDICTS, Judgement
from nabla.write.sentence import sentence

COMPARED = 3  # methods whose steps are told
SHOWN = 6  # coordinates of a point
WRITTEN = 60  # characters of a derivative
NOTHING = 1e-12


def conclude(
    document: Document, question: DescendQuestion, found: Mapping[str, Verified], runs: Sequence[MethodRun],
    judged: Sequence[Judgement], best: int | None, *, raced: bool = True,
) -> None:  # fmt: skip
    """Set the document's sentence.

    Args:
        document: the answer, its values filled in.
        question: what was asked, with the exact derivatives.
        found: the checks of the gradient (`jac`) and Hessian (`hess`) that were pasted.
        runs: what the methods did.
        judged: the verdict on each run.
        best: the run with the lowest minimum, else with the lowest value.
        raced: whether a minimum was looked for, or a gradient only checked.
    """
    said = [_about(question, name, each) for name, each in found.items()]
    names: list[str] = []
    if not raced and found:
        pass
    elif best is None:
        said.append("no method came to a finite value")
    elif judged[best].verdict != "minimum":
        end = VERDICTS[judged[best].verdict].partition(":")[0]
        said.append(f"no method came to a minimum; {runs[best].method.title}: {end}")
    else:
        f, x = judged[best].f, runs[best].x[:SHOWN]
        names = [f"runs.{best}.f", *(f"runs.{best}.x.{i}" for i in range(len(x)))]
        shown = f"{f:.6g}" if abs(f) > NOTHING else "0 to 12 digits"
        said.append(f"the lowest minimum found is at {place(x)}, where f = {shown}, by {runs[best].method.title}")
    if 1 < len(runs) <= COMPARED and best is not None:
        said.append("; ".join(f"{r.method.title} {_took(r, j)}" for r, j in zip(runs, judged, strict=True)))
    text = "; ".join(said)
    document.answer = sentence(f"{text[:1].upper()}{text[1:]}.", document.values, names)


def _took(done: MethodRun, judged: Judgement) -> str:
    """The steps of a method, and whether they led to a minimum."""
    steps = f"takes {done.iterations:,} step{'s' if done.iterations != 1 else ''}"
    if judged.verdict == "minimum":
        cost = {"values of f": done.f_evaluations, "gradients": done.g_evaluations, "Hessians": done.h_evaluations}
        return f"{steps} ({', '.join(f'{count:,} {what}' for what, count in cost.items() if count)})"
    return f"{steps} and ends elsewhere: {VERDICTS[judged.verdict].partition(':')[0]}"


def _about(question: DescendQuestion, name: str, found: Verified) -> str:
    what = "Hessian" if name == "hess" else "gradient"
    if found.verdict == "right":
        return f"your {what} is right"
    if found.verdict == "undecided":
        return f"whether your {what} is right could not be decided"
    if found.raises:
        return f"your {what} raises {quoted(found.raises.rstrip('. '))}"
    kinds: dict[str, list[JacobianFinding]] = {}
    for finding in found.findings:
        kinds.setdefault(KINDS[finding.kind], []).append(finding)
    listed = ", and ".join(f"{kind}{_places(question, each, name)}" for kind, each in kinds.items())
    return f"your {what} is wrong: {listed}"


def _places(question: DescendQuestion, findings: Sequence[JacobianFinding], name: str) -> str:
    """The derivatives that findings of one kind are about; of a single one what it is, too."""
    second = "²" if name == "hess" else ""
    places = [part for f in findings if (part := component(question, f))]
    if not places or len(places) > SHOWN:
        return ""
    listed = ", ".join(
        f"∂{second}f/∂" + "∂".join(_own(question, each) for each in place.split(",")) for place in places
    )
    exact = _own(question, expected(question, findings[0], name) or "")
    return f" in {listed}" + (f", which is `{exact}`" if len(places) == 1 and 0 < len(exact) <= WRITTEN else "")


def _own(question: DescendQuestion, text: str) -> str:
    """A formula of x1, x2, ... in the program's own terms, x[0], x[1], ..., where it unpacks nothing."""
    pasted = question.pasted
    if pasted is None or pasted.separate or pasted.fun is None or len(pasted.fun.parameters) != 1:
        return text
    if pasted.names != [f"x{i + 1}" for i in range(len(pasted.names))]:
        return text
    name = pasted.fun.parameters[0]
    return re.sub(r"\bx(\d+)\b", lambda match: f"{name}[{int(match[1]) - 1}]", text)
