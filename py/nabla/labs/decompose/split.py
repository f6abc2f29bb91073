"""A field by formulas in its parts: sampled on a box, answered for each boundary, with pictures, programs and proof."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import sympy as sp

from nabla.answer.document import Block, Code, Document, Heading, Math, Note
from nabla.errors import Span, UserError
from nabla.helmholtz.answer import BOUNDARIES, Decomposition, Samples, answer, differences, known, with_component
from nabla.helmholtz.exact import Exact
from nabla.helmholtz.exact import decompose as in_formulas
from nabla.helmholtz.grid import Box, Floats, at_point, curl, divergence, norm
from nabla.labs.decompose import blocks
from nabla.labs.decompose.inspect import Finding, blocks_of, inspected, one_component, ranges, readable, repaired
from nabla.labs.decompose.nature import Nature
from nabla.labs.decompose.plots import pictures as pictures_of
from nabla.labs.decompose.plots import sources, unlike
from nabla.labs.decompose.programs import formulas, programs, table
from nabla.labs.decompose.question import RADIUS, DecomposeQuestion
from nabla.labs.decompose.sentence import conclude, conclude_suspected
from nabla.labs.decompose.telling import told
from nabla.labs.decompose.verified import checks
from nabla.read.formula import Reading
from nabla.write.notation import tex

LEGIBLE = 60  # operations of a field whose divergence and curl are shown beside its parts


def from_formula(
    question: DecomposeQuestion, document: Document, chosen: str, program: Sequence[Block], nature: Nature
) -> None:
    """Decompose a field given by formulas, unless they are not real on the box."""
    names = question.names
    document.title = f"Helmholtz decomposition of $V({', '.join(tex(s) for s in question.symbols)})$"
    reading = understood(document, question.readings, question.values_of)
    findings = inspected(question)
    tables, extra = ranges(question, findings)
    findings += extra
    document.values["findings"] = [_finding(question, each) for each in findings]
    beside = [*blocks_of(question, findings, tables), *program]
    if any(each.edits for each in findings):
        document.warn("suspected", "The formula likely is not the one that was meant; see what speaks for it.")
    if any(each.code == "negative-base" and each.edits for each in findings):
        document.warn("not-real", "As typed, V is not real on the box, so there is nothing to decompose.")
        document.values["answers"] = {}
        conclude_suspected(document, sum(bool(each.edits) for each in findings))
        document.add(reading, *beside, readable(question, findings))
        return
    field = question.samples(question.box)
    _real(question, field)
    sized(field, "V")
    exact = in_formulas(question.components, question.symbols)
    small = sum(sp.count_ops(f) for f in nature.given.F) <= LEGIBLE
    if small:
        nature.fill(document)
    answers = _answers(document, chosen, question, field, exact, any(each.code == "pole" for each in findings))
    at = question.at or [tuple((a + b) / 2 for a, b in zip(question.box.low, question.box.high, strict=True))]
    at = [point for point in at if np.isfinite(_at(question, point)).all()]
    typed, typed_answers = _with_across(question, field, answers)
    what = "Real and finite at all cells of the box, read as typed."
    if any(each.code == "pole" for each in findings):
        what = "Finite at the cells of the box, but not between them; read as typed."
        message = (
            "V divides by zero on the box: the parts are those of its samples, and what lies at the pole is in none."
            if exact is None or not exact.unique
            else "V divides by zero on the box: it is answered for open space, its charges and vortices by formulas."
        )
        document.warn("pole", message)
    if exact is None or chosen != "compare":
        warn(document, typed_answers)
    document.add(reading, *(told(nature) if small else []))
    show_answers(document, chosen, typed_answers, typed, at, names, what, beside, one_component(question), exact)
    if exact is not None:
        _show_exact(document, exact, names)
    show_pictures(document, answers, field, names)
    _checks(document, answers, field, question, exact)
    document.add(*(checks(nature) if small else []))
    box = (field.box.low, field.box.high, field.box.n)
    sources = programs(question.components, question.symbols, box, [each.boundary for each in answers])
    if exact is not None:
        sources.append(formulas(exact.S, exact.H, exact.harmonic, names))
    parts = {each.boundary: each.fields() for each in typed_answers}
    sources.append(table(typed.box.mesh(), names, typed.V, parts))
    document.add(Code(sources, title="The same as a program"))


def _answers(
    document: Document, chosen: str, question: DecomposeQuestion, field: Samples, exact: Exact | None, pole: bool
) -> list[Decomposition]:
    """The answers, in open space by formulas where these decay; of a field that is singular on the box only those."""
    mesh = field.box.mesh()
    in_space = None
    if exact is not None and exact.unique and chosen in ("compare", "open"):
        S, H = (np.stack([question.sampled(f, mesh) for f in part]) for part in (exact.S, exact.H))
        if np.isfinite(S).all() and np.isfinite(H).all():
            in_space = known(field, S, H, blocks.SEEN)
    if in_space is not None and (pole or chosen == "open"):
        return [in_space]
    found = answered(document, chosen, field, lambda: question.samples(question.box.coarser()))
    return [in_space if in_space is not None and each.boundary == "open" else each for each in found]


def _at(question: DecomposeQuestion, point: Sequence[float]) -> Floats:
    """The field at a point of the box, which may lie between the cells."""
    mesh = [np.array([c]) for c in point]
    return np.concatenate([question.sampled(f, mesh) for f in question.components])


def understood(
    document: Document, readings: Sequence[Reading], values: Mapping[sp.Symbol, sp.Expr], given: str = "field"
) -> Math:
    """The field as it was read; other readings of it are added as notes."""
    for remark in (remark for reading in readings for remark in reading.remarks):
        change = {"V": remark.alternative} if remark.alternative else {}
        document.add(Note(remark.message, inputs=change, action="Read it the other way" if change else ""))
    if values.get(RADIUS, sp.S.Zero).free_symbols:
        document.add(Note("The letter $r$ is read as the distance from the origin; a value for it changes that."))
    shown = r",\; ".join(reading.tex for reading in readings)
    text = "; ".join(sp.sstr(reading.expr) for reading in readings)
    left = {"field": "V", "stream": r"\psi"}.get(given.replace("minus-gradient", "field"), "f")
    whole = rf"\left({shown}\right)" if given in ("field", "minus-gradient") else shown
    if given == "form":
        left, whole = (
            r"\omega",
            " + ".join(rf"\left({r.tex}\right) d{q}" for r, q in zip(readings, "xyz", strict=False)),
        )
    return Math(f"{left} = {whole}", text, "What was understood", role="reading")


def _with_across(
    question: DecomposeQuestion, field: Samples, answers: list[Decomposition]
) -> tuple[Samples, list[Decomposition]]:
    """Field and answers with the component across the plane, when a field in space was decomposed in a plane."""
    if question.across is None:
        return field, answers
    place = next(i for i in range(3) if i not in question.places)
    across = question.sampled(question.across, field.box.mesh())
    whole = replace(field, V=np.insert(field.V, place, across, axis=0))
    return whole, [with_component(each, place, across) for each in answers]


def _show_exact(document: Document, exact: Exact, names: list[str]) -> None:
    """The parts in formulas, as blocks and as values."""
    parts = {"S": exact.S, "H": exact.H, "harmonic": exact.harmonic}
    document.values["exact"] = {name: [sp.sstr(f) for f in part] for name, part in parts.items()}
    document.values["exact"] |= {"unique": exact.unique, "ways": list(exact.ways)}
    document.add(Heading("In formulas"), *blocks.known_parts(exact, names))


def warn(document: Document, answers: list[Decomposition]) -> None:
    """Warnings stand above all blocks: known before the first one, they do not push it down while the page grows."""
    for code, message in blocks.cautions(answers):
        document.warn(code, message)


def show_answers(
    document: Document,
    chosen: str,
    answers: list[Decomposition],
    field: Samples,
    at: list[tuple[float, ...]],
    names: list[str],
    what: str,
    beside: Sequence[Block],
    true: Sequence[Block] = (),
    exact: Exact | None = None,
) -> None:
    """Values, the six lines, blocks `beside` them, those `true` of all answers, and the answers side by side."""
    _values(document, answers, field, at)
    conclude(document, answers, exact)
    document.add(blocks.six_lines(answers, field.V, field.box, names, what), *beside)
    if any(isinstance(each, Heading) for each in beside):
        document.add(Heading("Side by side"))
    document.add(*true)
    if exact is not None and chosen == "compare":  # the formula is the answer: they are about the numbers alone
        document.add(*(Note(message, tone="warning") for _, message in blocks.cautions(answers)))
    document.add(blocks.overview(answers, field.V), *blocks.apart(answers, field.V), *blocks.other_boundaries(chosen))
    if at:
        document.add(blocks.samples(answers, field.V, field.box, at, names))


def _finding(question: DecomposeQuestion, found: Finding) -> dict[str, object]:
    text = repaired(question.text, [found]) if found.edits else ""
    return {"kind": found.code, "code": found.code, "message": found.message, "repaired": text}


def sized(field: Samples, name: str) -> None:
    """Refuse values whose squares floating point cannot hold.

    Raises:
        UserError: "too-big".
    """
    top = float(np.nanmax(np.abs(field.V)))
    if top and not 1e-100 < top < 1e100:
        message = f"V reaches {top:.2g}: its squares are beyond what numbers hold here."
        raise UserError("too-big", message, hint="Choose another unit.", span=Span(0, 0), field=name)


def _real(question: DecomposeQuestion, field: Samples) -> None:
    """Pass when all samples are finite.

    Raises:
        UserError: "undefined", with the share of the box and the first place without a value.
    """
    bad = ~np.isfinite(field.V).all(axis=0)
    for faces in field.faces or []:
        if not bad.any() and not np.isfinite(faces).all():
            raise UserError("undefined", "V has no finite value on a face between cells.", hint=_SHIFT, field="V")
    if not bad.any():
        return
    component = int(np.argmax([(~np.isfinite(each)).sum() for each in field.V]))
    first = np.argwhere(~np.isfinite(field.V[component]))[0]
    point = [float(field.box.centres(i)[j]) for i, j in enumerate(first)]
    where = ", ".join(f"{n} = {c:.4g}" for n, c in zip(question.names, point, strict=True))
    share = float(bad.mean())
    place = question.places[component] + 1
    message = f"Component {place} of V has no real finite value on {100 * share:.3g} % of the box, first at {where}."
    reading = question.readings[question.places[component]]
    raise UserError("undefined", message, hint=_SHIFT, span=_place(question, reading.text), field="V")


def _place(question: DecomposeQuestion, text: str) -> Span:
    start = max(question.text.find(text), 0)
    return Span(start, start + len(text))


_SHIFT = "Choose a box on which V is real and finite."


def answered(document: Document, chosen: str, field: Samples, coarse: Callable[[], Samples]) -> list[Decomposition]:
    """The answers of the boundaries that were chosen."""
    wanted = BOUNDARIES if chosen == "compare" else (chosen,)
    less: list[Samples] = []

    def halved() -> Samples:
        if not less:
            less.append(coarse())
        return less[0]

    found = []
    for i, boundary in enumerate(wanted):
        document.progress(f"{blocks.QUESTIONS[boundary][0]} ...", i / len(wanted))
        found.append(answer(boundary, field, halved))
    return found


def _values(document: Document, answers: list[Decomposition], field: Samples, at: list[tuple[float, ...]]) -> None:
    whole = norm(field.V) or 1.0
    told = {}
    for each in answers:
        fields = each.fields()
        norms = {"V": norm(field.V)} | {name: norm(part) for name, part in fields.items()}
        told[each.boundary] = {
            "norms": norms,
            "relative": {name: norms[name] / whole for name in fields},
            "residuals": {"div_S": each.parts.div_S, "curl_H": each.parts.curl_H, "sum": each.sum}
            | {"independent": {"div_S": each.div_S, "curl_H": each.curl_H}},
            "orthogonality": each.product,
            "error_estimate": each.change,
            "samples": [
                {"at": list(point), "V": _listed(field.V, field.box, point)}
                | {name: _listed(part, field.box, point) for name, part in fields.items()}
                for point in at
            ],
        }
    document.values["answers"] = told
    apart = differences(answers, field.V)
    document.values["differences"] = {f"{a}-{b}": value for (a, b), value in apart.items()}
    document.values["n"] = list(field.box.n)


def _listed(field: Floats, box: Box, point: tuple[float, ...]) -> list[float]:
    return [float(v) for v in at_point(field, box, point)]


def show_pictures(document: Document, answers: list[Decomposition], field: Samples, names: list[str]) -> None:
    """The field and its parts, and what differs between the boundaries."""
    document.add(Heading("Pictures"), *pictures_of(answers, field.V, field.box, names))
    document.add(*unlike(answers, field.box, names), *sources(*_slopes(field), field.box, names))


def _slopes(field: Samples) -> tuple[Floats, Floats]:
    if field.divergence is not None and field.vorticity is not None:
        return field.divergence, field.vorticity
    return divergence(field.V, field.box), curl(field.V, field.box)


def _checks(
    document: Document, answers: list[Decomposition], field: Samples, question: DecomposeQuestion, exact: Exact | None
) -> None:
    document.add(Heading("Checked", role="checks"))
    for each in answers:
        document.add(*blocks.checks(each))
    if exact is not None:
        mesh = field.box.mesh()
        S, H = (np.stack([question.sampled(f, mesh) for f in part]) for part in (exact.S, exact.H))
        if np.isfinite(S).all() and np.isfinite(H).all():
            document.add(*blocks.known_checks(answers, (S, H), exact.unique, field.V, field.box))
