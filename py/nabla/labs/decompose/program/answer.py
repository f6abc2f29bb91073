"""The answer about a program: what it computes, what is wrong in which line, and the line that mends it."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from nabla.answer.document import (
    Block,
    Cell,
    Check,
    Code,
    Column,
    Document,
    Heading,
    Note,
    Prose,
    Source,
    Table,
    quoted,
)
from nabla.errors import UserError
from nabla.labs.decompose.program.difference_edits import steps
from nabla.labs.decompose.program.judge import ProgramVerdict, judged
from nabla.labs.decompose.program.mending import Mending, rebuilt
from nabla.labs.decompose.program.naming import LETTERS
from nabla.labs.decompose.program.own_grid import OwnGridRemark
from nabla.labs.decompose.program.reading import FieldProgram, Output
from nabla.labs.decompose.program.remarks import LineRemark, formula, remarks
from nabla.program.run import Run, refusal
from nabla.program.source import Program, called
from nabla.read.fields.matlab import is_matlab
from nabla.write.sentence import sentence

SHOWN = 90  # characters of a line
DEFINES = "Decompose it"  # the field that a function of the program defines
MEANINGS = {
    "divergence": "the divergence of the field",
    "curl": "the curl of the field",
    "laplacian": "the Laplacian",
    "S": "the part without divergence",
    "H": "the part without curl",
    "partial": "the derivative",
}
WHY = {
    "axis-order": "the derivative by the first axis of the array comes first, and that axis is {first} here",
    "spacing": "without its spacing, np.gradient takes steps of 1; here they are {steps}",
    "axes": "the axis is another one: the first axis of the arrays is {first} here",
    "other-spacing": "the spacing is another one; along the axes of the array it is {steps}",
    "undivided": "a difference of neighbours is no derivative: it has to be divided by the spacing, {steps}",
    "index-order": "the order of the indices of meshgrid is another than that of the lines that use it",
    "two-pi": "fftfreq gives cycles in a unit of length; a derivative needs 2π times that",
    "wave-number": "the wave numbers are not those of this grid: fftfreq needs the spacing of the points, {steps}",
    "frequency-order": "the frequencies are shifted, the transform is not",
    "missing-axis": "the transform also runs over the components; it needs the axes of the grid",
    "wrong-power": "a power is wrong",
    "missing-factor": "a factor is missing",
    "extra-factor": "there is a factor too many",
    "sign": "a sign is wrong",
    "real-part": "the imaginary part is taken where the result is the real one",
    "zero-mode": "the mode with wave number zero is divided by zero",
    "endpoint": "the end of the period is the first point again, and stands twice on the grid",
    "component": "another component or derivative is meant",
}


def answer_program(text: str, document: Document) -> list[Block]:
    """Run and judge the program into the values; the blocks that tell it.

    Raises:
        UserError: "not-covered" for a program of MATLAB.
    """
    if is_matlab(text):
        hint = "Write it with NumPy. In MATLAB curl(U, V) and divergence(U, V) take steps of 1: give X and Y first."
        raise UserError("not-covered", "This is a program of MATLAB; programs of Python are run here.", hint=hint)
    verdict = judged(text)
    _ran(document, verdict.run)
    document.values["code"] = []
    if verdict.right:
        return _right(document, verdict)
    if verdict.right is False and verdict.mending:
        return _mended(document, verdict)
    return _read_only(text, document, verdict)


def _ran(document: Document, run: Run) -> None:
    raised = run.raised
    document.values["findings"] = []
    document.values["printed"] = [
        {"line": entry.line, "text": entry.text, "value": _plain(entry.values)} for entry in run.evidence.printed
    ]
    document.values["raises"] = (
        {"type": raised.kind, "message": raised.message, "line": raised.line} if raised is not None else None
    )


def _plain(values: tuple[Any, ...]) -> Any:
    """What was printed as data: one value alone, several as a list, what has no number as its text."""
    listed = [value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value for value in values]
    told = [v if isinstance(v, (bool, int, float, str, list)) else str(v) for v in listed]
    return told[0] if len(told) == 1 else told


def _names(outputs: list[Output]) -> str:
    told = [f"{quoted(output.name)} is {_meaning(output)}" for output in outputs]
    return ", ".join(told[:-1]) + (" and " if told[1:] else "") + told[-1]


def _meaning(output: Output) -> str:
    if output.what == "partial" and output.place is not None:
        of = f" of {quoted(output.of)}" if output.of else ""
        return f"{'minus ' if output.sign < 0 else ''}the derivative{of} by {LETTERS[output.place]}"
    component = f", component {LETTERS[output.place]}" if output.place is not None else ""
    return ("minus " if output.sign < 0 else "") + MEANINGS[output.what] + component


def _right(document: Document, verdict: ProgramVerdict) -> list[Block]:
    outputs = [output for output, fine in verdict.outputs.items() if fine]
    if (remark := verdict.remark) is not None:
        return _spoilt(document, verdict, remark, outputs)
    on = f" It was called on {verdict.on}." if verdict.on else ""
    text = f"Nothing is wrong in what was compared: {_names(outputs)}.{on}"
    if verdict.found is not None and verdict.found.skipped:
        text += f" What {', '.join(map(quoted, verdict.found.skipped))} should be was not compared."
    document.answer = sentence(text, document.values, ())
    document.values["claim"] = {"verdict": "right", "mistakes": [], "ask_at": None}
    return [Heading("Your program"), Prose(text), *_field(verdict), _check(verdict, verdict.run.program.tree)]


def _spoilt(document: Document, verdict: ProgramVerdict, remark: OwnGridRemark, outputs: list[Output]) -> list[Block]:
    """A right program, whose own field is none that it is right for."""
    document.values["findings"] = [{"kind": remark.kind, "line": remark.line, "message": remark.why, "write": ""}]
    document.values["claim"] = {"verdict": "wrong", "mistakes": [], "ask_at": None}
    where = "" if remark.line > verdict.run.program.text.count("\n") + 1 else f"Line {remark.line}: "
    known = "Up to that" if remark.kind == "mean-lost" else "For fields without that"
    text = f"{where}{remark.why}. {known} {_names(outputs)}."
    document.answer = sentence(text[:1].upper() + text[1:], document.values, ())
    return [Heading("Your program"), Prose(text), *_field(verdict), _check(verdict, verdict.run.program.tree)]


def _check(verdict: ProgramVerdict, tree: ast.Module) -> Check:
    how = "run with two other fields in place of its own, whose answers are known"
    return Check("The results of the program are what their names say", how, "passed", test="points")


def _mended(document: Document, verdict: ProgramVerdict) -> list[Block]:
    found = verdict.found
    assert found is not None
    lines = sorted({edit.line for edit in verdict.mending})
    reasons = dict.fromkeys(_reason(edit, found) for edit in verdict.mending)
    changed = {edit.line: _line(verdict.run.program, found, verdict.mending, edit) for edit in verdict.mending}
    document.values["findings"] = [
        {"kind": edit.kind, "line": edit.line, "message": _reason(edit, found), "write": changed[edit.line]}
        for edit in {(edit.kind, edit.line): edit for edit in verdict.mending}.values()
    ]
    document.values["claim"] = {"verdict": "wrong", "mistakes": [], "ask_at": None}
    where = f"Line{'s' if lines[1:] else ''} {' and '.join(map(str, lines))}"
    outputs = [output for output, fine in verdict.outputs.items() if fine is not None]
    write = f" Write {quoted(changed[lines[0]])}." if len(changed[lines[0]]) <= SHOWN else ""
    text = f"{where}: {'; '.join(reasons)}.{write} With that, {_names(outputs)}."
    document.answer = sentence(text, document.values, ())
    source = verdict.run.program.text.split("\n")
    rows: list[list[Cell]] = [[str(n), quoted(source[n - 1].strip()[:SHOWN]), quoted(changed[n])] for n in lines]
    columns = [Column("Line", "", "right"), Column("It says"), Column("Write")]
    blocks: list[Block] = [Heading("Your program"), Prose(text), Table(columns, rows)]
    if verdict.others:
        other = verdict.others[0]
        told = _line(verdict.run.program, found, verdict.others, other)
        blocks.append(Note(f"Another change does it too, line {other.line}: {quoted(told)}."))
    how = "with the change, and two other fields in place of its own, the results are the known ones; without it not"
    check = Check("The change mends the program", how, "passed", test="points")
    return [*blocks, *_field(verdict), check]


def _reason(edit: Mending, found: FieldProgram) -> str:
    spacing = steps(found) or []
    told = " and ".join(f"{h:.6g}" for h in dict.fromkeys(spacing))
    kind = edit.kind
    if isinstance(edit.node, ast.Call) and called(edit.node) == "gradient" and len(edit.node.args) > 1:
        kind = {"spacing": "other-spacing"}.get(kind, kind)
    elif kind == "spacing" and isinstance(edit.node, ast.Name):
        kind = "other-spacing"
    elif kind == "axis-order" and not any(called(part) == "gradient" for part in ast.walk(edit.node)):
        kind = "axes"
    elif edit.way.startswith("over step"):
        kind = "undivided"
    return WHY[kind].format(first=_first(found), steps=told or "others")


def _first(found: FieldProgram) -> str:
    """The coordinate that the first axis of the fields' arrays is."""
    for letter, atom in found.coordinates.items():
        name = next(part.id for part in ast.walk(atom) if isinstance(part, ast.Name))
        value = found.run.names.get(name)
        if not isinstance(value, np.ndarray) or value.ndim != len(found.letters):
            continue
        if float(np.abs(np.diff(value, axis=0)).max()) > 0:
            return letter
    return "another one"


def _line(program: Program, found: FieldProgram, changes: tuple[Mending, ...], edit: Mending) -> str:
    """The statement of a change, as it reads with all changes."""
    holding = [
        node for node in ast.walk(found.tree)
        if isinstance(node, ast.stmt) and not isinstance(node, (ast.FunctionDef, ast.If, ast.For, ast.With))
        and any(part is edit.node for part in ast.walk(node))
    ]  # fmt: skip
    if not holding:
        return ast.unparse(edit.new)
    made = rebuilt(holding[-1], {each.node: each.new for each in changes})
    return (
        ast.unparse(ast.fix_missing_locations(made))
        .replace("(-0-1j)", "-1j")
        .replace("probe_np", "np")
        .replace("3.141592653589793", "np.pi")
    )


def _field(verdict: ProgramVerdict) -> list[Block]:
    """The program's own field, to be split in the lab."""
    found = verdict.found
    if found is None or len(found.parts) < 2 or sorted(part.place for part in found.parts)[0] < 0:
        return []
    changes: dict[ast.AST, ast.AST] = {}
    for part in found.parts:
        for node in ast.walk(part.node):
            for letter, atom in found.coordinates.items():
                if isinstance(node, (ast.Name, ast.Subscript)) and ast.dump(node) == ast.dump(atom):
                    changes[node] = ast.Name(letter, ast.Load())
    ordered = sorted(found.parts, key=lambda part: part.place)
    text = "; ".join(ast.unparse(rebuilt(part.node, changes)) for part in ordered)
    return [Note("The field of the program:", "tip", {"V": text, "code": ""}, "Split it")]


def _read_only(text: str, document: Document, verdict: ProgramVerdict) -> list[Block]:
    """Remarks on the lines, where the program could not be put to the test."""
    found, program = remarks(text)
    document.values["code"] = [{"line": r.line, "code": r.code, "computes": r.computes} for r in found]
    blocks: list[Block] = [Heading("Your code, line by line")]
    gap, raised = verdict.run.gap, verdict.run.raised
    why = ""
    if gap is not None:
        why = refusal(program, gap).message
    elif raised is not None:
        why = f"It stops in line {raised.line} with {raised.kind}: {raised.message}."
    if found:
        blocks.append(_remarked(found, program))
        count = "One place" if len(found) == 1 else f"{len(found)} places"
        said = f"{count} of the program need{'s' if len(found) == 1 else ''} a change"
    elif verdict.right is False and verdict.found is not None and not verdict.found.guessed:
        wrong = [output for output, fine in verdict.outputs.items() if fine is False]
        said = "For another field, " + ", ".join(f"{quoted(o.name)} is not {_meaning(o)}" for o in wrong)
        said += "; which line does it was not found"
        document.warn("not-covered", f"{said}.")
    elif lost := _lost(verdict.run):
        said = f"Line {lost[1]}: {quoted(lost[0])} has values that are no numbers (nan or inf), by a division by zero"
        if _transforms(program):
            said += "; the wave number 0 is divided by too: put 1 in its place, and 0 for the result there"
        document.values["findings"] = [{"kind": "zero-mode", "line": lost[1], "message": said, "write": ""}]
    else:
        said = "What the program computes could not be compared with a known answer"
        document.warn("not-covered", f"{said}. {why}".strip())
    document.answer = sentence(f"{said}{'; its lines were read, not tried' if found else ''}.", document.values, ())
    if why:
        blocks.append(Note(why, "warning" if raised is not None else "info"))
    if not found:
        blocks.append(Prose(f"{said}."))
    field = formula(program)
    if field:
        blocks.append(Note("The code defines this field.", "tip", {"V": field}, DEFINES))
    if verdict.run.evidence.printed:
        shown = "\n".join(entry.text for entry in verdict.run.evidence.printed[:100])
        blocks.append(Code([Source("Output", "text", shown)], "What the program prints"))
    return blocks


def _lost(run: Run) -> tuple[str, int] | None:
    """The first array with values that are no numbers, and the line that assigns it."""
    for statement in run.program.tree.body:
        for target in statement.targets if isinstance(statement, ast.Assign) else ():
            value = run.names.get(target.id) if isinstance(target, ast.Name) else None
            numbers = isinstance(value, np.ndarray) and value.dtype.kind in "fc"
            if isinstance(target, ast.Name) and numbers and not np.isfinite(value).all():  # type: ignore[arg-type]
                return target.id, statement.lineno
    return None


def _transforms(program: Program) -> bool:
    """Whether a program takes Fourier transforms."""
    return any(isinstance(node, ast.Call) and "fft" in called(node) for node in ast.walk(program.tree))


def _remarked(found: list[LineRemark], program: Program) -> Table:
    lines = program.text.split("\n")
    rows: list[list[Cell]] = []
    for each in found:
        line = lines[each.line - 1].strip() if each.line <= len(lines) else ""
        shown = line if len(line) <= SHOWN else line[: SHOWN - 3] + "..."
        rows.append([str(each.line), quoted(shown), each.computes, each.instead])
    columns = [Column("Line", "", "right"), Column("It says"), Column("It computes"), Column("Instead")]
    return Table(columns, rows, "Read, not tried.")
