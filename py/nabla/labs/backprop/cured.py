"""The program with the one line changed that the answer blames, run again: what it prints then."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from nabla.answer.document import Code, Document, Heading, Source
from nabla.errors import UserError
from nabla.labs.backprop.run import Outcome, run
from nabla.labs.backprop.units import of_losses
from nabla.labs.backprop.why import added_up, asked_grads, is_training
from nabla.program.source import called
from nabla.tensor.arrays import Plain
from nabla.tensor.replay import ancestors

TRIED = 6  # changes
SHORT = 90  # characters of a print that the sentence tells
_ACTIVATIONS = ("sigmoid", "softmax", "log_softmax")


@dataclass(frozen=True)
class Cure:
    """A program that differs in one line, that line, and its run."""

    line: int
    code: str
    outcome: Outcome

    @property
    def printed(self) -> str:
        """What it prints, a line each."""
        return "\n".join(entry["text"] for entry in self.outcome.printed)


def cure(outcome: Outcome, twice: bool) -> Cure | None:
    """The first change of one line with which the program runs to its end without what is blamed; None where none of
    the first few does.

    Args:
        outcome: of the program as it is.
        twice: whether its loss was found to take a sigmoid or a softmax of what one gave.
    """
    text = outcome.program.text
    for node, written in islice(_changes(outcome, twice), TRIED):
        code = _replaced(text, node, written)
        try:
            again = run(code)
        except UserError:
            continue
        if again.raised is None and not (twice and _takes_twice(again)) and not _adds_up(again):
            return Cure(node.lineno, code, again)
    return None


def _takes_twice(outcome: Outcome) -> bool:
    """Whether a loss takes a sigmoid or a softmax of what one gave."""
    return any(item["kind"] == "softmax-twice" for item in of_losses(outcome))


def _adds_up(outcome: Outcome) -> bool:
    """Whether the passes of a loop add up their gradients; of a training that is told elsewhere."""
    return outcome.dialect == "torch" and not is_training(outcome) and any(added_up(outcome))


def show(document: Document, found: Cure) -> str:
    """Add the changed program and its output; returns what the sentence that answers says of it."""
    document.values["cured"] = {"line": found.line, "code": found.code, "printed": found.printed.splitlines()}
    line = found.code.splitlines()[found.line - 1].strip()
    sources = [Source("Python", "python", found.code)]
    if found.printed:
        sources.append(Source("Output", "text", found.printed))
    document.add(Heading(f"With line {found.line} changed"), Code(sources, "The program that runs to its end"))
    told = f"once line {found.line} reads `{line}`" if len(line) <= SHORT else f"with line {found.line} changed"
    prints = found.printed.replace("\n", ", ")
    return f"{told}, it prints `{prints}`" if 0 < len(prints) <= SHORT and "`" not in prints + line else ""


def _changes(outcome: Outcome, twice: bool) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """What could be changed: a part of the program, and what stands in its place then."""
    nodes = list(ast.walk(outcome.program.tree))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    if outcome.raised is not None:
        yield from _for_message(outcome, calls, [node for node in nodes if isinstance(node, ast.AugAssign)])
    elif twice:
        yield from ((call, ast.unparse(call.args[0])) for call in calls if called(call) in _ACTIVATIONS and call.args)
    else:
        yield from _retained(outcome, [node for node in nodes if isinstance(node, ast.Assign)])
        yield from _cleared(outcome, [node for node in nodes if isinstance(node, ast.Expr)])


def _for_message(
    outcome: Outcome, calls: list[ast.Call], updates: list[ast.AugAssign]
) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    message, line = (outcome.raised.message, outcome.raised.line) if outcome.raised else ("", 0)
    if "does not require grad" in message:
        lines = {held.line for held in outcome.kept.values() if held.kind == "gradient"}
        yield from ((call, _with(call, "create_graph=True")) for call in calls if call.lineno in lines and _goes(call))
        for call in calls:
            if isinstance(call.func, ast.Attribute) and call.func.attr in ("item", "detach"):
                yield call, ast.unparse(call.func.value)
    if "second time" in message and "two passes lead there" in outcome.blame:
        yield from ((call, _with(call, "retain_graph=True")) for call in calls if called(call) == "backward")
    if "leaf Variable" in message:
        yield from ((node, f"with torch.no_grad(): {ast.unparse(node)}") for node in updates if node.lineno == line)
    if "modified by an inplace" in message and outcome.failed is not None:
        lines = {vertex.overwritten for vertex in ancestors(outcome.failed)}
        for node in updates:
            if node.lineno in lines:
                whole = ast.BinOp(ast.parse(ast.unparse(node.target), mode="eval").body, node.op, node.value)
                yield node, f"{ast.unparse(node.target)} = {ast.unparse(whole)}"


def _retained(outcome: Outcome, made: list[ast.Assign]) -> Iterator[tuple[ast.stmt, str]]:
    """The gradient of what is computed, kept: `h.retain_grad()` behind the line that makes h."""
    for name in asked_grads(outcome.program.tree) if outcome.dialect == "torch" else ():
        tensor = outcome.tensors.get(name)
        if tensor is None or isinstance(tensor, Plain) or tensor.is_leaf or tensor.retains or not tensor.requires_grad:
            continue
        for node in made:
            if node.lineno == tensor.vertex.line and ast.unparse(node.targets[0]) == name:
                yield node, f"{ast.unparse(node)}; {name}.retain_grad()"


def _cleared(outcome: Outcome, statements: list[ast.Expr]) -> Iterator[tuple[ast.stmt, str]]:
    """Each pass of a loop from zero: `w.grad = None` in front of it."""
    if not _adds_up(outcome):
        return
    leaves = [name for name, t in outcome.tensors.items() if not isinstance(t, Plain) and len(t.history) > 1]
    for node in statements:
        if isinstance(node.value, ast.Call) and called(node.value) == "backward":
            yield node, f"{' = '.join(f'{name}.grad' for name in leaves)} = None; {ast.unparse(node)}"


def _goes(call: ast.Call) -> bool:
    return called(call) in ("grad", "backward") and not any(word.arg == "create_graph" for word in call.keywords)


def _with(call: ast.Call, keyword: str) -> str:
    return f"{ast.unparse(call)[:-1]}{', ' if call.args or call.keywords else ''}{keyword})"


def _replaced(text: str, node: ast.expr | ast.stmt, written: str) -> str:
    """A program with other text for one of its parts; columns count bytes, as those of `ast` do."""
    lines = text.encode().splitlines(keepends=True)
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    before = b"".join(lines[:first]) + lines[first][: node.col_offset]
    return (before + written.encode() + lines[last][node.end_col_offset :] + b"".join(lines[last + 1 :])).decode()
