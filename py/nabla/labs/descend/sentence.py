"""descend: the sentence that answers: what is wrong with the gradient, and the lowest minimum that was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nabla.answer.document import Document, quoted
from nabla.labs.descend.blocks import place
from nabla.labs.descend.check import Verified
from nabla.optimise.jacobian import KINDS
from nabla.optimise.methods import MethodRun
from nabla.optimise.verdict import VERDICTS, Judgement
from nabla.write.sentence import sentence

SHOWN = 6  # coordinates of a point
NOTHING = 1e-12


def conclude(
    document: Document, found: Mapping[str, Verified], runs: Sequence[MethodRun], judged: Sequence[Judgement],
    best: int | None,
) -> None:  # fmt: skip
    """Set the document's sentence.

    Args:
        document: the answer, its values filled in.
        found: the checks of the gradient (`jac`) and Hessian (`hess`) that were pasted.
        runs: what the methods did.
        judged: the verdict on each run.
        best: the run with the lowest minimum, else with the lowest value.
    """
    said = [_about("Hessian" if name == "hess" else "gradient", each) for name, each in found.items()]
    names: list[str] = []
    if best is None:
        said.append("no method came to a finite value")
    elif judged[best].verdict != "minimum":
        end = VERDICTS[judged[best].verdict].partition(":")[0]
        said.append(f"no method came to a minimum; {runs[best].method.title}: {end}")
    else:
        f, x = judged[best].f, runs[best].x[:SHOWN]
        names = [f"runs.{best}.f", *(f"runs.{best}.x.{i}" for i in range(len(x)))]
        shown = f"{f:.6g}" if abs(f) > NOTHING else "0 to 12 digits"
        said.append(f"the lowest minimum found is at {place(x)}, where f = {shown}, by {runs[best].method.title}")
    text = "; ".join(said)
    document.answer = sentence(f"{text[:1].upper()}{text[1:]}.", document.values, names)


def _about(what: str, found: Verified) -> str:
    if found.verdict == "right":
        return f"your {what} is right"
    if found.verdict == "undecided":
        return f"whether your {what} is right could not be decided"
    if found.raises:
        return f"your {what} raises {quoted(found.raises.rstrip('. '))}"
    kinds = dict.fromkeys(KINDS[finding.kind] for finding in found.findings)
    return f"your {what} is wrong: {', and '.join(kinds)}"
