"""What the checks of an answer mean, in words: the three verdicts, and the kinds of tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["passed", "failed", "unchecked"]
Test = Literal[
    "points", "algebra", "differences", "order", "precision", "program", "noise", "optimum", "surroundings", "parts",
    "simulation", "account",
]  # fmt: skip

VERDICTS: dict[Verdict, str] = {
    "passed": "The test was run on this very answer, and what was measured stayed below the bound.",
    "failed": "The test was run and found a difference. The answer is shown all the same, and should not be relied on.",
    "unchecked": "No test could be run here, so nothing is claimed.",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """A kind of test in words: its name, and what it shows."""

    name: str
    meaning: str


TESTS: dict[Test, Explanation] = {
    "points": Explanation(
        "Both sides at points",
        "Both sides are worked out at random points with many digits; derivatives in them become difference quotients. "
        "Formulas that differ agree there only by a very rare chance.",
    ),
    "algebra": Explanation(
        "By algebra",
        "SymPy, a program for algebra, reduces the difference to 0: this holds everywhere, not only at points.",
    ),
    "differences": Explanation(
        "Difference quotients",
        "The function itself is evaluated a little to the left and to the right, and the slope between compared with "
        "the gradient. No rule of differentiation takes part in it. At a corner or a jump the slopes do not settle as "
        "the step shrinks, and there is nothing to compare with.",
    ),
    "order": Explanation(
        "The order of the error",
        "How fast the error of the straight line falls as the step is halved: only with the right gradient it falls "
        "with the square of the step.",
    ),
    "precision": Explanation(
        "Another precision",
        "The whole computation is done again with more or fewer digits: what differs is rounding, and must be small.",
    ),
    "program": Explanation(
        "Beside the program",
        "The program is run as it was pasted, and each of its outputs compared with that of the explanation.",
    ),
    "noise": Explanation(
        "Is it noise?",
        "What the fit leaves over should look like noise: neighbours without a pattern, and no further sinusoid that "
        "chance would not give.",
    ),
    "optimum": Explanation(
        "Is it the best fit?",
        "One more step of the search would not move it, and the formula as it is printed fits as well as the numbers "
        "behind it.",
    ),
    "surroundings": Explanation(
        "Around the place",
        "The function is evaluated at points around the place: a minimum has none that is lower.",
    ),
    "parts": Explanation(
        "Parts of a field",
        "The parts are differentiated anew, by other means than those that made them: divergence and curl must "
        "vanish, and the parts add up to the field.",
    ),
    "simulation": Explanation(
        "By simulation",
        "Records whose truth is known are made at random and fitted again; the errors are those that were promised.",
    ),
    "account": Explanation(
        "The account of the question",
        "Every formula of a pasted text has a part in the answer, or is named as not used. What is not used could have "
        "changed the answer, so an answer with something unread is not called proven.",
    ),
}
