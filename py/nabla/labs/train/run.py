"""Programs of networks between the reader and the mathematics: read, split, analysed, and their failures told."""

from __future__ import annotations

import ast
from typing import NoReturn

from nabla.errors import UserError
from nabla.network.analysis import Analysis, analysed
from nabla.network.machine import Problem, Raised, Texts
from nabla.network.model import Loss
from nabla.network.script import split
from nabla.network.training import COST, ENDLESS, Trainer, estimate
from nabla.program.walker.evaluate import binary
from nabla.program.walker.formats import format_method, formatted
from nabla.program.walker.syntax import Program, read, refuse

TEXTS = Texts(formatted, format_method, binary)


def told(program: Program, problem: Problem) -> UserError:
    """A problem as the error at its line."""
    node = problem.node
    message = problem.message[:1].upper() + problem.message[1:]
    if isinstance(node, ast.AST) and hasattr(node, "lineno"):
        return refuse(program, node, problem.message, problem.hint, problem.code)
    if isinstance(node, int) and node:
        span = program.line(node)
        return UserError(problem.code, f"Line {node}: {problem.message}", hint=problem.hint, span=span)
    return UserError(problem.code, message, hint=problem.hint, span=None)


def failed(program: Program, raised: Raised) -> NoReturn:
    """A program that raises before anything can be said of it.

    Raises:
        UserError: always, at the line.
    """
    code = "too-big" if raised.kind == "MemoryError" else "value"
    message = f"Line {raised.line} raises {raised.kind}: {raised.message.strip()}"
    hint = raised.hint or "It stops before its first step."
    raise UserError(code, message, hint=hint, span=program.line(raised.line))


def analyse(text: str, seed: int, loss: Loss | None = None, forced: int | None = None) -> tuple[Program, Analysis]:
    """The program and its analysis.

    Raises:
        UserError: what cannot be read or is no network, at its line.
    """
    program = read(text)
    try:
        return program, analysed(split(program.tree), TEXTS, seed, loss, forced)
    except Problem as problem:
        raise told(program, problem) from None
    except Raised as raised:
        failed(program, raised)


def trains(found: Analysis, forced: int | None) -> bool:
    """Whether all of the program, not only its first step, is read for its training, and no longer than it may be."""
    if found.step.raised is not None or found.network.y is None:
        return True
    try:
        total = Trainer(found, TEXTS, 1, forced).training.total
    except Problem:
        return False
    except Raised:
        return True
    return total == ENDLESS or estimate(found, total) <= COST
