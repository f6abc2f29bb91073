"""What the checks of an answer mean, in words: the three verdicts, and the kinds of tests by how their method reads."""

from __future__ import annotations

import re
from dataclasses import dataclass

VERDICTS = {
    "passed": "The test was run on this very answer, and what was measured stayed below the bound.",
    "failed": "The test was run and found a difference. The answer is shown all the same, and should not be relied on.",
    "unchecked": "No test could be run here, so nothing is claimed.",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of test: its name, a regular expression that its method fits, and what it shows."""

    name: str
    pattern: str
    meaning: str


KINDS: tuple[Kind, ...] = (
    Kind(
        "Without a verdict",
        r"do not settle|V makes a step",
        "The values around the place do not come to rest as the step shrinks, as at a corner or a jump: there is no "
        "slope "
        "to compare with.",
    ),
    Kind(
        "Both sides at points",
        r"^both (?:sides|evaluated|computed|at the)|^run at|^evaluated at|^the curve solved",
        "Both sides are worked out at random points with many digits; derivatives in them become difference quotients. "
        "Formulas that differ agree there only by a very rare chance.",
    ),
    Kind(
        "By algebra",
        r"^both are the same expression|simplifies to",
        "SymPy, a program for algebra, reduces the difference to 0: this holds everywhere, not only at points.",
    ),
    Kind(
        "Difference quotients",
        r"central differences|relative to the largest component",
        "The function itself is evaluated a little to the left and to the right, and the slope between compared with "
        "the "
        "gradient. No rule of differentiation takes part in it.",
    ),
    Kind(
        "The order of the error",
        r"\border\b.*(?:falls|f\(x)|falls with order|Taylor",
        "How fast the error of the straight line falls as the step is halved: only with the right gradient it falls "
        "with "
        "the square of the step.",
    ),
    Kind(
        "Another precision",
        r"same pass in",
        "The whole computation is done again with more or fewer digits: what differs is rounding, and must be small.",
    ),
    Kind(
        "Beside the program",
        r"its output beside",
        "The program is run as it was pasted, and each of its outputs compared with that of the explanation.",
    ),
    Kind(
        "Is it noise?",
        r"correlation of neighbours|pure noise|F test",
        "What the fit leaves over should look like noise: neighbours without a pattern, and no further sinusoid that "
        "chance "
        "would not give.",
    ),
    Kind(
        "Is it the best fit?",
        r"Gauss-Newton step|residual, recomputed|difference of the formula",
        "One more step of the search would not move it, and the formula as it is printed fits as well as the numbers "
        "behind it.",
    ),
    Kind(
        "Around the place",
        r"points around it",
        "The function is evaluated at points around the place: a minimum has none that is lower.",
    ),
    Kind(
        "Parts of a field",
        r"flow through the faces|differences of the sixth order|Fourier series|mean of S|change of S and H"
        r"|alone it proves nothing|root mean square",
        "The parts are differentiated anew, by other means than those that made them: divergence and curl must "
        "vanish, and "
        "the parts add up to the field.",
    ),
)


def kind_of(method: str) -> Kind | None:
    """The kind of a check with this method."""
    return next((kind for kind in KINDS if re.search(kind.pattern, method)), None)
