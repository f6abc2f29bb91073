"""The words, tables and checks of a decomposition."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import sympy as sp

from nabla.answer.check import Verdict
from nabla.answer.document import Block, Cell, Check, Column, Math, Note, Prose, Table
from nabla.helmholtz.answer import FORMULAS, REPEATS, Decomposition, differences
from nabla.helmholtz.exact import Exact
from nabla.helmholtz.grid import Box, Floats, at_point, norm
from nabla.helmholtz.periodic import edge_mismatch
from nabla.write.notation import decimals, tex

ROUNDING = 1e-12
NIL = 1e-13  # what is shown as zero, next to 1
ALMOST = 1e-9  # of |V|^2: what the modes that alternate along two axes leave of S . H
SEEN = 0.05  # of the derivatives of V: what differences may see of div S and curl H
SAME = 0.02  # of |V|: the change from half as many cells
STRAIGHT = 5e-3  # of |V|^2: the mean of S . H
KNOWN = 0.01  # of |V|: the distance from parts known in formulas
SHORT = 400  # characters of LaTeX of a formula that is shown

QUESTIONS = {
    "periodic": ("Periodic", "V is one period of a field that repeats for ever: the air on a whole globe, a crystal."),
    "wall": ("Walls", "S does not cross the walls, S · n = 0: the flow in a closed tank, or around land."),
    "open": ("Open", "V is a window on free space; what its sources outside make is the rest: wind on a map section."),
}


def percent(share: float) -> str:
    """A share as a percentage in LaTeX, three digits."""
    share = share if share > NIL else 0.0
    return rf"{decimals(100 * share, 3)}\,\%"


def size(value: float, digits: int = 3) -> str:
    """A number of the order of 1 in prose."""
    return f"${decimals(value if abs(value) > NIL else 0.0, digits)}$"


def residual(value: float) -> str:
    """What is left of a zero, in prose; below the bound of rounding its digits mean nothing."""
    return f"${decimals(value, 2)}$" if value > ROUNDING else r"below $10^{-12}$"


def six_lines(answers: Sequence[Decomposition], V: Floats, box: Box, names: Sequence[str], reading: str) -> Table:
    """The table that every answer begins with: what holds for it, in six lines."""
    ranges = ", ".join(f"${n}$ from {a:.6g} to {b:.6g}" for n, a, b in zip(names, box.low, box.high, strict=True))
    cells = " × ".join(map(str, box.n))
    apart = differences(list(answers), V)
    unlike = "; ".join(
        f"$S$ {QUESTIONS[a][0].lower()} and {QUESTIONS[b][0].lower()} differ by ${percent(value)}$ of $|V|$"
        for (a, b), value in apart.items()
    )
    chosen = ", ".join(QUESTIONS[each.boundary][0].lower() for each in answers)
    parts = "; ".join(f"{QUESTIONS[a.boundary][0].lower()}: {_parts(a, V, names)}" for a in answers)
    left = "; ".join(_residuals(a) for a in answers)
    rows: list[list[Cell]] = [
        ["Where", f"{ranges}; {cells} cells. The box is part of the question: on another one the parts differ."],
        ["What", reading],
        [
            "Boundary",
            f"{chosen}. {unlike or 'Other conditions give other parts; compare them.'}",
        ],
        ["Parts", parts],
        ["Proof", left],
        ["Units", f"As typed: ${', '.join(names)}$ in one unit of length, $S$ and $H$ in the unit of $V$."],
    ]
    return Table([Column(""), Column("")], rows, "The six lines that an honest answer needs.")


def _parts(answer: Decomposition, V: Floats, names: Sequence[str]) -> str:
    whole = norm(V) or 1.0
    fields = answer.fields()
    S, H, rest = (norm(fields[name]) / whole for name in ("S", "H", "harmonic"))
    last = norm(answer.parts.S[-1:]) / (norm(answer.parts.S) or 1.0)
    turned = f" (along ${names[-1]}$: ${percent(last)}$ of it)" if S > ROUNDING else ""
    return f"$|S| = {percent(S)}$ of $|V|${turned}, $|H| = {percent(H)}$, rest ${percent(rest)}$"


def _residuals(answer: Decomposition) -> str:
    change = "" if answer.change is None else f", ${percent(answer.change)}$ of change from half as many cells"
    return (
        f"{QUESTIONS[answer.boundary][0].lower()}: div $S$ {residual(answer.parts.div_S)} and curl $H$ "
        f"{residual(answer.parts.curl_H)} in its own operators, {residual(answer.div_S)} and "
        f"{residual(answer.curl_H)} by independent ones{change}"
    )


def overview(answers: Sequence[Decomposition], V: Floats) -> Table:
    """The answers side by side."""
    columns = [
        Column("Boundary"),
        Column("Its question"),
        Column("|S| / |V|", "", "right"),
        Column("|H| / |V|", "", "right"),
        Column("rest / |V|", "", "right"),
        Column("Change from n/2", "", "right"),
    ]
    whole = norm(V) or 1.0
    rows: list[list[Cell]] = []
    for answer in answers:
        name, question = QUESTIONS[answer.boundary]
        sizes = [size(norm(each) / whole, 4) for each in answer.fields().values()]
        change = "" if answer.change is None else size(answer.change, 2)
        rows.append([name, question, *sizes, change])
    return Table(columns, rows, "|.| is the root mean square over the box. S + H + rest = V in each row.")


def apart(answers: Sequence[Decomposition], V: Floats) -> list[Block]:
    """How far the answers are from one another."""
    if len(answers) < 2:
        return []
    rows: list[list[Cell]] = [
        [f"{QUESTIONS[a][0]} and {QUESTIONS[b][0].lower()}", f"${percent(value)}$"]
        for (a, b), value in differences(list(answers), V).items()
    ]
    columns = [Column("Answers"), Column("|S − S'| / |V|", "", "right")]
    return [Table(columns, rows, "None of them is wrong: each answers its own question.")]


def samples(
    answers: Sequence[Decomposition], V: Floats, box: Box, at: Sequence[tuple[float, ...]], names: list[str]
) -> Table:
    """V and its parts at the points asked for."""
    columns = [Column("At"), Column("Boundary"), *(Column(c, "", "right") for c in ("V", "S", "H", "rest"))]
    rows: list[list[Cell]] = []
    least = NIL * float(np.nanmax(np.abs(V)))
    for point in at:
        told = ", ".join(f"{n} = {c:.8g}" for n, c in zip(names, point, strict=True))
        for answer in answers:
            fields = [V, *answer.fields().values()]
            values = [
                ", ".join(decimals(0.0 if abs(v) <= least else float(v), 6) for v in at_point(each, box, point))
                for each in fields
            ]
            rows.append([told, QUESTIONS[answer.boundary][0], *(rf"$\left({each}\right)$" for each in values)])
    return Table(columns, rows, "Interpolated from the nearest cells by polynomials of the fifth degree.")


def _check(claim: str, method: str, figure: float, bound: float) -> Check:
    verdict: Verdict = "passed" if figure <= bound else "failed"
    return Check(claim, method, verdict, figure, bound, test="parts")


def checks(answer: Decomposition) -> list[Check]:
    """The proof of one answer."""
    name = QUESTIONS[answer.boundary][0]
    made = [_check(f"{name}: S + H + rest = V", "largest difference; alone it proves nothing", answer.sum, ROUNDING)]
    if answer.boundary != "open":
        made += [
            _check(f"{name}: div S = 0", answer.parts.method, answer.parts.div_S, ROUNDING),
            _check(f"{name}: curl H = 0", answer.parts.method, answer.parts.curl_H, ROUNDING),
        ]
    other = "differences of the sixth order, away from the walls; root mean squares, over the derivatives of V"
    steps = answer.boundary == "periodic" and answer.parts.extra["edge_mismatch"] > REPEATS
    unresolved = answer.seen != answer.seen
    holes = bool(np.isnan(answer.parts.S).any())
    if steps or unresolved or holes:
        method = "V makes a step from wall to wall, and differences of its parts would see the step"
        if holes:
            method = "at the corners of holes S bends sharply, however small the cells, and differences would see that"
        elif unresolved and answer.parts.method != FORMULAS:
            method = "that operator takes more cells than there are"
        elif unresolved:
            method = "V changes faster than the cells show, and differences would see that; the formulas were tested"
        made.append(Check(f"{name}: no div S, no curl H for another operator", method, "unchecked", test="parts"))
    else:
        made.append(_check(f"{name}: no div S, no curl H for another operator", other, answer.seen, SEEN))
    if answer.boundary != "open":
        cells = min(answer.parts.S.shape[1:])  # the mean over cells has an error of the order of 1 / n^2
        shared = answer.parts.extra.get("shared", 0.0)
        bound = ALMOST + 2 * shared if answer.boundary == "periodic" else max(STRAIGHT, (16 if holes else 1) / cells**2)
        made.append(
            _check(f"{name}: S and H are orthogonal", "the mean of S · H, over |V|²", abs(answer.product), bound)
        )
    if answer.change is not None:
        claim, told = (
            f"{name}: half as many cells give the same",
            "change of S and H over |V|, the estimate of their error",
        )
        if steps and answer.change > SAME:
            told = "V makes a step from wall to wall, and beside it the parts change with the cells, however many"
            made.append(Check(claim, told, "unchecked", answer.change, SAME, test="parts"))
        else:
            made.append(_check(claim, told, answer.change, SAME))
    return made


def known_parts(found: Exact, names: Sequence[str]) -> list[Block]:
    """The parts in formulas."""
    told = {
        "is": "V as a whole has no divergence, or no curl, or is a sum of such fields.",
        "harmonic": "What has neither divergence nor curl is harmonic.",
        "direct": "A component that does not depend on its own coordinate has no divergence; one that depends on "
        "nothing else has no curl.",
        "singular": "Where $V$ is not defined stand charges and vortices: the field of a charge has no curl and is H, "
        "that of a vortex no divergence and is S.",
        "poisson": r"$H = \nabla u$ with $\Delta u = \nabla \cdot V$, solved term by term, and $S = V - H$.",
    }
    blocks: list[Block] = [Prose(" ".join(told[way] for way in found.ways))]
    for label, field in (("S", found.S), ("H", found.H), ("h", found.harmonic)):
        if label == "h" and not any(field):
            continue
        left = f"{label}({', '.join(names)})"
        inside = [tex(f) for f in field]
        text = f"{label} = ({', '.join(sp.sstr(f) for f in field)})"
        if sum(map(len, inside)) <= SHORT:
            row = r",\; ".join(inside)
            blocks.append(Math(rf"{left} = \left({row}\right)", text, role="result"))
        else:
            blocks += [Math(rf"{label}_{{{n}}} = {f}", text) for n, f in zip(names, inside, strict=True)]
    unique = (
        "They decay, and no other parts on the whole space do."
        if found.unique
        else "They are one pair of many: any gradient of a harmonic function can be moved from one to the other, and "
        "a boundary condition decides."
    )
    blocks.append(Prose(unique))
    return blocks


def known_checks(
    answers: Sequence[Decomposition], exact: tuple[Floats, Floats], unique: bool, V: Floats, box: Box
) -> list[Check]:
    """Numerical parts against the formulas, where both answer the same question; `exact` are S and H sampled."""
    whole = norm(V) or 1.0
    made: list[Check] = []
    faded = float(np.abs(V).max()) and max(_edge(V, axis) for axis in range(1, V.ndim)) / float(np.abs(V).max()) < 1e-8
    repeats = max(edge_mismatch(each, box) if norm(each) else 0.0 for each in (V, *exact)) < 1e-6
    for answer in answers:
        alike = (answer.boundary == "open" and unique and faded) or (
            answer.boundary == "periodic" and repeats and not unique
        )
        if alike:
            space = tuple(range(1, V.ndim))
            S, H = (each - each.mean(axis=space, keepdims=True) if not unique else each for each in exact)
            far = max(norm(answer.parts.S - S), norm(answer.parts.H - H)) / whole
            claim = f"{QUESTIONS[answer.boundary][0]}: the numbers agree with the formulas"
            made.append(_check(claim, "S and H against the exact parts, over |V|", far, KNOWN))
    return made


def _edge(V: Floats, axis: int) -> float:
    return float(np.abs(np.take(V, (0, -1), axis=axis)).max())


def cautions(answers: Sequence[Decomposition]) -> list[tuple[str, str]]:
    """What to beware of: code and sentence."""
    told = []
    for answer in answers:
        mismatch = answer.parts.extra.get("edge_mismatch", 0.0)
        if mismatch > REPEATS:
            text = (
                f"Periodic: from one wall to the opposite one V jumps by ${percent(mismatch)}$ of its largest value. "
                "The periodic answer is that of the field with these jumps, and may converge to something else than "
                "you ask for."
            )
            told.append(("not-periodic", text))
        if answer.change is not None and answer.change > SAME:
            text = (
                f"{QUESTIONS[answer.boundary][0]}: half as many cells change the parts by ${percent(answer.change)}$ "
                "of $|V|$; take more cells, or a smaller box."
            )
            told.append(("not-converged", text))
    return told


def other_boundaries(chosen: str) -> list[Note]:
    """One click to the other answers."""
    if chosen == "compare":
        return []
    text = "Other conditions at the boundary give other parts."
    return [Note(text, tone="tip", inputs={"boundary": "compare"}, action="Compare them")]
