"""Runs a program: read, rewritten, compiled and run by CPython behind the guard; what it did is the evidence."""

from __future__ import annotations

import ast
import builtins as python
import contextlib
import dis
import re
import types
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from inspect import CO_COROUTINE
from typing import Any

import numpy as np

from nabla.errors import UserError
from nabla.program import builtins, modules
from nabla.program.errors import RECORDERS, Gap, Raised
from nabla.program.evidence import Evidence, Observer, Paper
from nabla.program.guard import Guard
from nabla.program.instead import instead_of
from nabla.program.limits import Budget
from nabla.program.objects import BASES, TYPES, Supply
from nabla.program.rewrite import Wishes, rewritten
from nabla.program.source import Program, first_use, imported_late, names_in, read

FILE = "program.py"
_NUMBERS = frozenset({"complex", "float", "int", "bool", "numpy.ndarray"})  # types that arrays compute with
_RAISE = dis.opmap["RAISE_VARARGS"]
_SIGNATURE = re.compile(r"(\S+)\(\) (?:got an unexpected|got some positional|takes |got multiple values)")


@dataclass
class Run:
    """The result of a run.

    Attributes:
        program: as read.
        evidence: what it did.
        names: its names at the end.
        raised: how the program itself ended, if not well.
        error: the exception behind `raised`.
        gap: what is not covered here, if the run ended there.
    """

    program: Program
    evidence: Evidence
    names: dict[str, Any] = field(default_factory=dict)
    raised: Raised | None = None
    error: BaseException | None = None
    gap: Gap | None = None

    def require(self) -> Run:
        """Itself, when nothing was missing.

        Raises:
            UserError: the gap, with its line.
        """
        if self.gap is not None:
            raise refusal(self.program, self.gap)
        return self


def refusal(program: Program, gap: Gap) -> UserError:
    """A gap as an error for the asker, at its line."""
    if isinstance(gap.__cause__, UserError):
        return gap.__cause__
    where = f"Line {gap.line}: " if gap.line else ""
    what = gap.what[:200]
    hint = instead_of(what) or ("Near it: " + ", ".join(gap.near) + "." if gap.near else "")
    messages = {
        "not-covered": f"{where}not covered: {what}.",
        "forbidden": f"{where}{what} is not given to programs here.",
        "too-big": f"{where}{what}.",
        "timeout": f"{where}the program was stopped here: {what}.",
        "too-deep": f"{where}{what}.",
        "needs-file": f"{where}{what} is asked for, which is not here.",
    }
    return UserError(gap.code, messages[gap.code], hint=hint, span=program.line(gap.line or 1))


def run(
    code: str | Program,
    supply: Supply | None = None,
    budget: Budget | None = None,
    observer: Observer | None = None,
    look: Callable[[int], None] = lambda used: None,
) -> Run:
    """Read and run a program.

    Args:
        code: its text.
        supply: modules and types beside the standard ones.
        budget: how much it may do.
        observer: who is told while it runs.
        look: called now and then with the turns used; what it raises ends the run.

    Raises:
        UserError: what cannot be read.
    """
    program = read(code) if isinstance(code, str) else code
    return Session(program, supply, budget, observer, look).run()


def _compiled(program: Program, observer: Observer) -> types.CodeType:
    kept = (observer.trace, observer.wishes)
    if kept not in program.compiled:
        try:
            tree = rewritten(observer.prepared(program.tree), observer.wishes)
            # The flag is for what `pausing` waits for at the top: programs themselves may not wait.
            flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            program.compiled[kept] = compile(tree, FILE, "exec", flags, dont_inherit=True, optimize=0)
        except (SyntaxError, ValueError, RecursionError) as error:
            line = getattr(error, "lineno", None) or 1
            message = f"Line {line}: Python cannot read this: {getattr(error, 'msg', error)}."
            raise UserError("syntax", message, span=program.line(line)) from None
    return program.compiled[kept]


class Session:
    """One program behind its guard. `call` runs a function of the program after it has ended."""

    def __init__(
        self,
        program: Program,
        supply: Supply | None = None,
        budget: Budget | None = None,
        observer: Observer | None = None,
        look: Callable[[int], None] = lambda used: None,
    ) -> None:
        self.program, self.observer = program, observer or Observer()
        self.evidence = Evidence()
        own = Supply(types=dict(TYPES), bases=set(BASES), usual=dict(modules.USUAL))
        self.guard = guard = Guard(own, budget or Budget(), look)
        own.kinds |= builtins.kinds(guard)
        guard.supply = own | modules.standard(guard, self.evidence) | (supply or Supply())
        guard.judged = self._judged  # type: ignore[method-assign]
        table = builtins.names(guard, self.evidence, self.observer)
        table |= builtins.guarded(guard, self._loops())
        table |= guard.supply.names
        guard.env["__builtins__"] = table
        table |= self.observer.functions(guard)
        self.defined: set[str] = set()

    def run(self) -> Run:
        """Run the program to its end."""
        done = Run(self.program, self.evidence)
        code = _compiled(self.program, self.observer)
        self.defined = {part.co_qualname for part in _codes(code)}

        def act() -> None:
            self._usual()
            exec(code, self.guard.env)  # noqa: S102

        self._guarded(done, act)
        return self._finished(done)

    def _finished(self, done: Run) -> Run:
        done.names = {name: value for name, value in self.guard.env.items() if not name.startswith(("__", "@"))}
        self.evidence.notes += self.guard.notes
        return done

    def parts(self) -> Generator[None, None, Run]:
        """Run the program to its end, with a halt wherever `pausing` lets it pause."""
        code = _compiled(self.program, self.observer)
        if not code.co_flags & CO_COROUTINE:
            return self.run()
        done = Run(self.program, self.evidence)
        self.defined = {part.co_qualname for part in _codes(code)}
        work = types.FunctionType(code, self.guard.env)()
        printing: dict[str, Any] = {}
        going = True

        def act() -> None:
            nonlocal going, printing
            np.set_printoptions(**printing)
            try:
                work.send(None)
            except StopIteration:
                going = False
            printing = np.get_printoptions()  # type: ignore[assignment]

        try:
            self._guarded(done, self._usual)
            while going and done.raised is None and done.gap is None:
                self._guarded(done, act)
                if going:
                    yield
        finally:
            self._guarded(Run(self.program, self.evidence), work.close)
        return self._finished(done)

    def call(self, function: Callable[..., Any], *args: Any, **named: Any) -> tuple[Run, Any]:
        """A function of the program called after its end: how that ended, and the result."""
        done, result = Run(self.program, self.evidence), []
        self._guarded(done, lambda: result.append(function(*args, **named)))
        return done, result[0] if result else None

    def value(self, expression: ast.expr, names: Mapping[str, Any]) -> Any:
        """The value of an expression behind the guard, with these names beside those of the program.

        Raises:
            Exception: what the expression raises.
        """
        tree = rewritten(ast.Module([ast.Assign([ast.Name("@value", ast.Store())], expression)], []), Wishes())
        env = {**self.guard.env, **names}
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(ast.fix_missing_locations(tree), FILE, "exec", dont_inherit=True), env)  # noqa: S102
        return env["@value"]

    def _guarded(self, done: Run, act: Callable[[], Any]) -> None:
        paper = Paper(self.guard, self.evidence)
        RECORDERS.append(self.guard.record)
        try:
            with (
                warnings.catch_warnings(),
                np.printoptions(),
                contextlib.redirect_stdout(paper),
            ):
                warnings.simplefilter("ignore")
                act()
        except SystemExit:
            pass
        except Exception as error:
            if self.guard.is_foreign(error):
                raise
            self._ended(done, error)
        except Gap as gap:
            self.guard.gap = self.guard.gap or gap
            gap.line = gap.line or _last_line(gap, self.guard.env)
        finally:
            RECORDERS.pop()
        if self.guard.gap is not None:
            done.gap, done.raised, done.error = self.guard.gap, None, None

    def _ended(self, done: Run, error: Exception) -> None:
        gap = self._judged(error)
        if gap is not None:
            gap.line = gap.line or _last_line(error, self.guard.env)
            self.guard.gap = self.guard.gap or gap
            return
        trace = tuple(
            (line or 0, frame.f_code.co_name) for frame, line in _frames(error) if frame.f_globals is self.guard.env
        )
        done.error = error
        done.raised = Raised(type(error).__name__, str(error), trace[-1][0] if trace else 0, trace)

    # Whose error it is -----------------------------------------------------------------------------------------------

    def _judged(self, error: BaseException) -> Gap | None:
        """The gap behind an exception; None for the program's own, or one that the original raises too.

        Raised by a `raise` of a stand-in, an error is modelled. Raised by anything else inside a stand-in, it is ours.
        """
        if isinstance(error, Gap):
            return error
        if isinstance(error, UserError):
            gap = Gap(error.message, code=error.code if error.code in ("too-big", "timeout") else "not-covered")
            gap.__cause__ = error
            return gap
        if isinstance(error, RecursionError):
            return Gap("functions call each other too deeply", code="too-deep")
        if isinstance(error, MemoryError):
            return Gap(str(error) or "more memory than there is", code="too-big")
        tracebacks = list(_tracebacks(error))
        last = max((i for i, tb in enumerate(tracebacks) if tb.tb_frame.f_globals is self.guard.env), default=-1)
        beyond = [tb for tb in tracebacks[last + 1 :] if _is_ours(tb.tb_frame)]
        if not beyond:
            return self._signature(error) or self._operands(error)
        inner = tracebacks[-1]
        deliberate = inner.tb_frame.f_code.co_code[inner.tb_lasti] == _RAISE
        if isinstance(error, NotImplementedError) and _is_ours(inner.tb_frame) and "is missing the" not in str(error):
            return Gap(str(error))
        if deliberate and (_is_ours(inner.tb_frame) or self.guard.supply.passes):
            return None
        if self.guard.supply.passes and isinstance(error, (ValueError, IndexError, ArithmeticError)):
            return None
        return Gap(
            f"what `{beyond[0].tb_frame.f_code.co_name.strip('_')}` is given here ({type(error).__name__}: {error})"
        )

    def _signature(self, error: BaseException) -> Gap | None:
        """A call that our version of a function does not take; one that SciPy itself makes is the original's."""
        *_, last = _tracebacks(error)
        if last.tb_frame.f_globals.get("__name__", "").startswith(("scipy.", "nabla.program.modules.scipy")):
            return None
        match = _SIGNATURE.match(str(error)) if isinstance(error, TypeError) else None
        if match is None or match[1] in self.defined or not self._is_stand_in(match[1]):
            return None
        name = match[1].rpartition(".")[2]
        return Gap(f"an argument in this call ({str(error).replace(match[1], name)})")

    def _operands(self, error: BaseException) -> Gap | None:
        """An operator that our version of a type does not know, where the original may."""
        known = self.guard.supply.stand_ins
        names = re.findall(r"'([\w.]+)'", str(error)) if isinstance(error, TypeError) else []
        ours = [name for name in names if name in known]
        if ours and "complex" in names:
            return Gap("complex numbers that are followed")
        if not ours or (len(ours) == 1 and known[ours[0]] and not _NUMBERS.intersection(names)):
            return None
        return Gap(f"an operation on these types ({error})")

    def _is_stand_in(self, name: str) -> bool:
        return not hasattr(python, name.split(".")[0])

    # What the rewritten program calls in loops -----------------------------------------------------------------------

    def _loops(self) -> dict[str, Callable[..., Any]]:
        observer, tick = self.observer, self.guard.tick
        turns: list[int] = []

        def counted(values: Iterable[Any], line: int) -> Iterator[Any]:
            for value in values:
                tick()
                yield value

        def watched(values: Iterable[Any], line: int) -> Iterator[Any]:
            count = -1
            try:
                for count, value in enumerate(values):
                    tick()
                    observer.turn(line, count)
                    yield value
            finally:
                if count >= 0:
                    observer.turn(line, -1)

        def turn(line: int) -> None:
            tick()
            turns[-1] += 1
            observer.turn(line, turns[-1])

        def leave(line: int) -> None:
            if turns.pop() >= 0:
                observer.turn(line, -1)

        return {
            "@loop": watched if observer.wishes.turns else counted, "@turn": turn,
            "@enter": lambda line: turns.append(-1), "@leave": leave, "@bound": observer.bound,
            "@literal": observer.literal, "@kept": observer.kept, "@head": observer.head, "@left": observer.left,
            "@repeat": observer.repeat, "@edited": observer.edited, "@operated": observer.operated, "@locals": locals,
        }  # fmt: skip

    def _usual(self) -> None:
        """Short names that are used and never bound, or imported below their first use: people leave those imports out,
        and paste the parts of a program in another order.
        """
        used, bound = names_in(self.program.tree)
        late = imported_late(self.program.tree)
        whole = {node.module for node in ast.walk(self.program.tree)
                 if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"}  # fmt: skip
        for short, full in self.guard.supply.usual.items():
            name, _, what = full.partition(":")
            if short in used - (bound - late) and name in self.guard.supply.modules and not (what and name in whole):
                try:
                    given = self.guard.imported_from(name, what) if what else self.guard.module(name)
                except Gap as gap:
                    gap.line = gap.line or first_use(self.program.tree, short)
                    raise
                self.guard.env["__builtins__"][short] = given
                when = "is imported further down" if short in late else "was not imported"
                self.evidence.notes.append(f"`{short}` {when}; it was taken for `{full.replace(':', '.')}`.")


def _is_ours(frame: types.FrameType) -> bool:
    name = frame.f_globals.get("__name__", "")
    return name.startswith("nabla.") and not name.startswith("nabla.program.")


def _tracebacks(error: BaseException) -> Iterator[types.TracebackType]:
    here = error.__traceback__
    while here is not None:
        yield here
        here = here.tb_next


def _frames(error: BaseException) -> Iterator[tuple[types.FrameType, int]]:
    for tb in _tracebacks(error):
        yield tb.tb_frame, tb.tb_lineno or 0


def _last_line(error: BaseException, env: dict[str, Any]) -> int:
    lines = [line for frame, line in _frames(error) if frame.f_globals is env]
    return lines[-1] if lines else 0


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)
