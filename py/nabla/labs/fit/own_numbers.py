"""The asker's numbers in a formula, judged by the best fit of its form."""

from __future__ import annotations

import numpy as np
import sympy as sp

from nabla.answer.document import Document, Note
from nabla.labs.fit.model import Model, curve_of
from nabla.read.data import Data
from nabla.sinusoid.chance import f_test
from nabla.sinusoid.curve import CurveFit
from nabla.write.notation import decimals, tex

LEVEL = 0.01  # of the F test of the asker's numbers against the best ones
HARDLY = 0.1  # more of a residual, and
LITTLE = 0.02  # of the spread of the values: a residual that numbers of few digits leave


def judge_numbers(document: Document, model: Model, found: CurveFit, data: Data) -> str:
    """Judge the numbers of `model`, as it was typed, into the document; the sentence that leads.

    `found` is the best fit of its form, which may have fewer parameters: some of the numbers may do the same.
    """
    n, m = data.x.size, found.parameters.size
    numbers = np.array(model.given)
    left = data.y - curve_of(model).value(data.x, numbers)
    own, best = float(left @ left), float(found.residual @ found.residual)
    chance = f_test((own - best) / m / (best / (n - m)), m, n - m) if own > best > 0 and n > m else 1.0
    sizes = [float(np.sqrt(square / n)) for square in (own, best)]
    right = chance > LEVEL or sizes[0] <= max((1 + HARDLY) * sizes[1], LITTLE * float(data.y.std()))
    text = tex(model.expr.subs(dict(zip(model.parameters, map(sp.Float, numbers), strict=True))))
    verdict = "right" if right else "wrong"
    judged = {"text": str(model.expr), "verdict": verdict, "mistakes": [], "whose": "asker"}
    document.values.update(claims=[judged], claim={"verdict": verdict, "mistakes": []})
    residuals = (
        f"it leaves a residual of ${decimals(sizes[0], 3)}$ (rms), the best of its form ${decimals(sizes[1], 3)}$"
    )
    if right and chance > LEVEL:
        said = f"Your curve is right within the noise: {residuals}."
    elif right:
        said = f"Your curve describes the data well: {residuals}."
    else:
        said = f"Your curve can be improved: {residuals}."
    document.add(Note(f"{said} Yours is ${text}$.", tone="tip" if right else "warning"))
    return f"{said} "
