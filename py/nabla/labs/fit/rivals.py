"""Several forms that a text asks about: each fitted, and which describes the data best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nabla.answer.document import Document
from nabla.labs.fit.contest import CLEARLY
from nabla.labs.fit.model import curve_of, ranges, read_model
from nabla.read.data import Data
from nabla.read.fields.named_forms import named_form
from nabla.sinusoid.curve import bic, fit_curve
from nabla.sinusoid.times import Times
from nabla.write.notation import decimals, tex


@dataclass(frozen=True, slots=True)
class Rival:
    """A form that was asked about: what it is called in a sentence, its formula, the criterion of its fit."""

    name: str
    formula: str
    criterion: float


def compared(document: Document, forms: Sequence[str], data: Data, times: Times) -> tuple[str, str]:
    """Fit each form; the formula of the best, and the sentence that compares them."""
    found: list[Rival] = []
    for form in forms:
        formula = named_form(form) or form
        model = read_model(formula, "x" if named_form(form) else data.x_name)
        curve = curve_of(model)
        weights = None if data.error is None else 1 / data.error
        made = fit_curve(curve, data.x, data.y, ranges(model, curve, data, times), weights=weights)
        name = _called(form) if named_form(form) else f"${tex(model.expr)}$"
        found.append(Rival(name, formula, bic(made.rss, data.x.size, len(model.names))))
    found.sort(key=lambda rival: rival.criterion)
    document.values["compared"] = [{"form": r.formula, "bic": r.criterion - found[0].criterion} for r in found]
    best, *others = found
    apart = [f"{other.name} by ${decimals(other.criterion - best.criterion, 3)}$" for other in others]
    listed = " and ".join([", ".join(apart[:-1]), apart[-1]] if len(apart) > 1 else apart)
    name = best.name[0].upper() + best.name[1:]
    near = others[0].criterion - best.criterion < CLEARLY
    doubt = " A difference below 6 decides little." if near else ""
    text = f"{name} describes the data best; its Bayesian criterion is below that of {listed}.{doubt} "
    return best.formula, text


def _called(form: str) -> str:
    """A named form in a sentence: the line, the sum of two exponentials."""
    count, _, name = form.partition(" ")
    return (
        f"the sum of {count} {name}s"
        if count in ("two", "three", "double", "triple")
        else f"the {form}{' law' * (form == 'Michaelis-Menten')}"
    )
