"""Lines of a descent by hand put right: each fault that is known by its line and its kind, as a change of the text."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nabla.errors import UserError
from nabla.labs.descend.hand.course import Course
from nabla.labs.descend.hand.found import HandDescent, tail
from nabla.labs.descend.hand.lines import given, samples_of
from nabla.labs.descend.hand.verdict import Fault, StepJudgement

TURNS = 30_000  # of a corrected program that is run


@dataclass(frozen=True)
class Fix:
    """A change of the text: of which finding, the lines before and after, and the whole new text."""

    finding: Fault
    before: str
    after: str
    text: str


def fix(found: HandDescent, judged: StepJudgement, went: Course, finding: Fault) -> Fix | None:
    """The text with one finding mended; None where it is not known how."""
    make = _FIXES.get(finding.kind)
    text = found.program.text
    if make is None or not finding.mendable or not 0 < finding.line <= text.count("\n") + 1:
        return None
    try:
        new = make(found, judged, went, finding)
        if new is None or new == text:
            return None
        ast.parse(new)
    except (SyntaxError, UserError, ValueError):
        return None
    old_lines, new_lines = text.split("\n"), new.split("\n")
    changed = [i for i, (a, b) in enumerate(zip(old_lines, new_lines, strict=False)) if a != b]
    first = changed[0] if changed else 0
    before = [old_lines[i].strip() for i in changed if old_lines[i].strip()]
    after = [new_lines[i].strip() for i in changed if new_lines[i].strip()]
    return Fix(finding, "\n".join(before) or old_lines[first].strip(), "\n".join(after), new)


def _replaced(text: str, node: ast.AST, new: str) -> str:
    """The text with what a node spans replaced."""
    lines = text.split("\n")
    first, last = node.lineno - 1, node.end_lineno - 1  # type: ignore[attr-defined]
    start = _column(lines[first], node.col_offset)  # type: ignore[attr-defined]
    end = _column(lines[last], node.end_col_offset)  # type: ignore[attr-defined]
    lines[first : last + 1] = [lines[first][:start] + new + lines[last][end:]] + [""] * (last - first)
    return "\n".join(lines)


def _column(line: str, offset: int) -> int:
    return len(line.encode()[:offset].decode(errors="ignore"))


def _source(text: str, node: ast.AST) -> str:
    return ast.get_source_segment(text, node) or ast.unparse(node)


def _statements(found: HandDescent, line: int) -> list[ast.stmt]:
    return [
        node
        for node in ast.walk(found.program.tree)
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.Return))
        and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]


def _sign(found: HandDescent, judged: StepJudgement, went: Course, finding: Fault) -> str | None:
    text = found.program.text
    updates = set(found.lines.values())
    for node in _statements(found, finding.line):
        if isinstance(node, ast.AugAssign) and isinstance(node.op, (ast.Add, ast.Sub)) and node.lineno in updates:
            head, tail_ = _source(text, node.target), _source(text, node.value)
            return _replaced(text, node, f"{head} {'-' if isinstance(node.op, ast.Add) else '+'}= {tail_}")
        if not isinstance(node, (ast.Assign, ast.Return)) or node.value is None:
            continue
        value = node.value
        if node.lineno in updates and isinstance(value, ast.BinOp) and isinstance(value.op, (ast.Add, ast.Sub)):
            sign = "-" if isinstance(value.op, ast.Add) else "+"
            return _replaced(text, value, f"{_source(text, value.left)} {sign} {_closed(text, value.right)}")
        if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
            return _replaced(text, value, _source(text, value.operand))
        for part in ast.walk(value):
            if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Sub) and "target minus" in finding.text:
                return _replaced(text, part, f"{_source(text, part.right)} - {_closed(text, part.left)}")
        return _replaced(text, value, f"-({_source(text, value)})")
    return None


def _closed(text: str, node: ast.expr) -> str:
    """A term that may be subtracted as it stands, in brackets otherwise."""
    source = _source(text, node)
    return f"({source})" if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)) else source


def _mean(found: HandDescent, judged: StepJudgement, went: Course, finding: Fault) -> str | None:
    if judged.loss is None:
        return None
    count = samples_of(found, judged.loss)
    text = found.program.text
    divisor = _count_name(found, count)
    for node in _statements(found, finding.line):
        if isinstance(node, ast.Assign) and divisor:
            return _replaced(text, node.value, f"({_source(text, node.value)}) / {divisor}")
        if isinstance(node, ast.AugAssign) and divisor:
            value = f"({_source(text, node.value)}) / {divisor}"
            return _replaced(text, node, f"{_source(text, node.target)} {_signs(node)}= {value}")
    return None


def _signs(node: ast.AugAssign) -> str:
    return "-" if isinstance(node.op, ast.Sub) else "+"


def _count_name(found: HandDescent, count: int) -> str:
    names = [
        p for p, v in found.start.items() if isinstance(v, int) and v == count and re.fullmatch(r"[A-Za-z_.]\w*", p)
    ]
    arrays = [p for p, v in found.start.items() if np.ndim(v) and len(v) == count and re.fullmatch(r"[A-Za-z_]\w*", p)]
    return next(iter([*names, *(f"len({p})" for p in arrays)]), "")


def _rate(found: HandDescent, judged: StepJudgement, went: Course, finding: Fault) -> str | None:
    if judged.rate is None or went.best is None or not went.best > 0:
        return None
    rate = judged.rate[1]
    best = float(f"{0.9 * went.best:.1e}")
    updates = set(found.lines.values())
    lines = updates if finding.line in updates else {finding.line}
    nodes = [
        node
        for node in ast.walk(found.program.tree)
        if isinstance(node, ast.Constant)
        and node.lineno in lines
        and node.value == rate
        and type(node.value) in (int, float)
    ]
    if lines == updates and len(nodes) not in (1, len(found.parameters)):  # which of them are the rate is not known
        return None
    text = found.program.text
    for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        text = _replaced(text, node, f"{best:g}")
    return text


def _together(found: HandDescent, judged: StepJudgement, went: Course, finding: Fault) -> str | None:
    order = list(dict.fromkeys(change.path for change in found.states[0].changes))
    nodes = []
    for path in order:
        nodes += [n for n in _statements(found, found.lines[path]) if n not in nodes]
    if len(nodes) < 2 or any(isinstance(n, ast.Return) for n in nodes) or len({n.col_offset for n in nodes}) > 1:
        return None
    text = found.program.text
    targets, values = [], []
    for node in nodes:
        if isinstance(node, ast.AugAssign):
            target = _source(text, node.target)
            targets.append(target)
            values.append(f"{target} {_signs(node)} ({_source(text, node.value)})")
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and not isinstance(node.targets[0], ast.Tuple):
            targets.append(_source(text, node.targets[0]))
            values.append(_source(text, node.value))
        else:
            return None
    lines = [n.lineno for n in nodes]
    between = [
        n
        for n in ast.walk(found.program.tree)
        if isinstance(n, ast.stmt) and min(lines) < n.lineno < max(lines) and n not in nodes
    ]
    last = nodes[-1]
    if any(isinstance(n, (ast.For, ast.While, ast.If)) for n in between):
        return None
    new = _replaced(text, last, f"{', '.join(targets)} = {', '.join(values)}")
    for node in nodes[:-1]:
        new = _replaced(new, node, "pass")
    return new


def _shape(found: HandDescent, judged: StepJudgement, went: Course, finding: Fault) -> str | None:
    text = found.program.text
    quantity = next(
        (
            q
            for q in found.states[0].quantities
            if q.line == finding.line
            and q.shapes is not None
            and min(map(len, q.shapes)) == 1
            and max(map(len, q.shapes)) == 2
        ),
        None,
    )
    if quantity is None or quantity.shapes is None:
        return None
    column = int(quantity.what.partition("@")[2])
    for node in ast.walk(found.program.tree):
        if (
            isinstance(node, ast.BinOp)
            and (node.lineno, node.col_offset) == (finding.line, column)
            and isinstance(node.op, (ast.Add, ast.Sub))
        ):
            flat = node.left if len(quantity.shapes[0]) == 1 else node.right
            source = _source(text, flat)
            simple = isinstance(flat, (ast.Name, ast.Attribute, ast.Call, ast.Subscript))
            return _replaced(text, flat, f"{source if simple else f'({source})'}.reshape(-1, 1)")
    return None


def _own_name(found: HandDescent, judged: StepJudgement, went: Course, finding: Fault) -> str | None:
    """The corrected mean under a name of its own, from there to the end of the turn."""
    text = found.program.text
    for node in _statements(found, finding.line):
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        name = node.targets[0].id
        end = max(
            (n.end_lineno or 0)
            for n in ast.walk(found.program.tree)
            if isinstance(n, (ast.For, ast.While)) and n.lineno == found.loop.line
        )
        lines = text.split("\n")
        lines[node.lineno - 1] = re.sub(rf"\b{name}\b", f"{name}_hat", lines[node.lineno - 1], count=1)
        for i in range(node.end_lineno or node.lineno, end):
            lines[i] = re.sub(rf"(?<![\w.]){name}\b(?!\s*\()", f"{name}_hat", lines[i])
        return "\n".join(lines)
    return None


def _decimals(found: HandDescent, judged: StepJudgement, went: Course, finding: Fault) -> str | None:
    for node in _statements(found, finding.line):
        if isinstance(node, ast.Assign):
            source = _source(found.program.text, node.value)
            simple = isinstance(node.value, (ast.Call, ast.Name, ast.Attribute))
            return _replaced(found.program.text, node.value, f"{source if simple else f'({source})'}.astype(float)")
    return None


def _longer(found: HandDescent, judged: StepJudgement, went: Course, finding: Fault) -> str | None:
    """More turns, where their number is written."""
    inner = sum(loop.turns for loop in found.turns.loops.values()) / found.loop.turns  # of all loops, in one turn
    if went.more is None or (found.loop.turns + went.more) * max(inner, 1.0) > TURNS:
        return None
    wanted = float(f"{1.2 * (found.loop.turns + went.more):.1e}")
    loops = [n for n in ast.walk(found.program.tree) if isinstance(n, ast.For) and n.lineno == found.loop.line]
    inside = [part for loop in loops for part in ast.walk(loop.iter)]
    names = {tail(ast.unparse(part)) for part in inside if isinstance(part, (ast.Name, ast.Attribute))} - {"range"}
    for node in [*inside, *given(found.program.tree, names)]:
        if (
            isinstance(node, ast.Constant)
            and type(node.value) is int
            and node.value
            in (
                found.loop.turns,
                found.loop.turns + 1,
            )
        ):
            return _replaced(found.program.text, node, str(int(wanted)))
    return None


_FIXES: dict[str, Callable[[HandDescent, StepJudgement, Course, Fault], str | None]] = {
    "sign": _sign,
    "missing-mean": _mean,
    "rate-too-large": _rate,
    "rate-too-small": _rate,
    "not-simultaneous": _together,
    "shape-broadcast": _shape,
    "state-overwritten": _own_name,
    "integer-array": _decimals,
    "too-few-steps": _longer,
}
