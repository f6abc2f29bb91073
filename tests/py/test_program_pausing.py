"""Programs that pause in a loop: they end as they do without, wherever the loop stands, and nothing new is in reach."""

import ast

import pytest

from nabla.errors import UserError
from nabla.program.evidence import Observer
from nabla.program.limits import Budget
from nabla.program.pausing import Pause, pausing
from nabla.program.run import Run, Session, run
from nabla.program.source import read

TOP = """total = 0
for i in range(6):
    total += i
print(total)
"""
FUNCTION = """def work(n, start=1):
    found = [start]
    for i in range(n):
        found.append(found[-1] * 2)
    return found
def outer():
    return sum(work(5)) + 1
print(outer(), len(work(2, start=7)))
"""
METHOD = """class Net:
    def __init__(self):
        self.seen = []
    def _step(self, i):
        self.seen.append(i * i)
    def fit(self, n):
        i = 0
        while i < n:
            self._step(i)
            i += 1
        return self
print(Net().fit(5).seen)
"""
ERRORS = """def work():
    for i in range(9):
        if i == 4:
            raise ValueError("four")
try:
    work()
except ValueError as error:
    print(error)
finally:
    print("behind")
"""
BREAK = """for i in range(9):
    if i == 4:
        break
else:
    print("never")
print(i)
"""
PAUSING = {"top": (TOP, 2, 6), "function": (FUNCTION, 3, 7), "method": (METHOD, 8, 5), "errors": (ERRORS, 2, 5),
           "break": (BREAK, 1, 5)}  # fmt: skip

LAMBDA = """def work(n):
    k = 0
    for i in range(n):
        k += i
    return k
f = lambda n: work(n)
print(f(4))
"""
HANDED = LAMBDA.replace("f = lambda n: work(n)", "f = work")
LISTED = LAMBDA.replace("f = lambda n: work(n)\nprint(f(4))", "print([work(n) for n in (2, 4)])")
GENERATOR = """def work(n):
    for i in range(n):
        yield i
print(list(work(3)))
"""
BY_NAME = """class A:
    def work(self, n):
        for i in range(n):
            self.last = i
        return self.last
print(getattr(A(), "work")(4))
"""
DECORATED = """class A:
    @property
    def work(self):
        for i in range(3):
            self.last = i
        return self.last
print(A().work)
"""
CLASS_BODY = """def work(n):
    for i in range(n):
        pass
    return i
class A:
    last = work(3)
print(A.last)
"""
INHERITED = """class Base:
    def run(self, n):
        return self.work(n)
class A(Base):
    def work(self, n):
        for i in range(n):
            pass
        return i
print(A().run(4))
"""
WHOLE = {"lambda": (LAMBDA, 3), "handed": (HANDED, 3), "listed": (LISTED, 3), "generator": (GENERATOR, 2),
         "by-name": (BY_NAME, 3), "decorated": (DECORATED, 4), "class-body": (CLASS_BODY, 2),
         "inherited": (INHERITED, 6)}  # fmt: skip


class Pausing(Observer):
    """Pauses at every turn of the loop in a line."""

    def __init__(self, line: int) -> None:
        self.line, self.trace = line, f"test {line}"
        self.turns: list[dict[str, object]] = []
        self.over = 0

    def prepared(self, tree: ast.Module) -> ast.Module:
        return pausing(tree, self.line)

    def functions(self, guard: object) -> dict[str, object]:
        def turned(names: dict[str, object]) -> bool:
            self.turns.append(names)
            return True

        def over(names: dict[str, object]) -> None:
            self.over += 1

        return {"@turned": turned, "@over": over, "@pause": Pause, "@waited": lambda value: (
            value if hasattr(value, "cr_frame") else Pause(value, pauses=False))}  # fmt: skip


def in_parts(text: str, line: int) -> tuple[Run, int, Pausing]:
    observer = Pausing(line)
    parts = Session(read(text), observer=observer).parts()
    count = 0
    while True:
        try:
            next(parts)
        except StopIteration as end:
            return end.value, count, observer
        count += 1


def shown(done: Run) -> tuple[object, ...]:
    return done.raised, done.gap, [entry.text for entry in done.evidence.printed]


@pytest.mark.parametrize("name", PAUSING)
def test_a_program_that_pauses_ends_as_without(name: str) -> None:
    text, line, turns = PAUSING[name]
    done, count, observer = in_parts(text, line)
    assert shown(done) == shown(run(text)) and done.gap is None and done.raised is None
    assert count == len(observer.turns) == turns


@pytest.mark.parametrize("name", WHOLE)
def test_a_loop_that_cannot_wait_runs_to_its_end(name: str) -> None:
    text, line = WHOLE[name]
    done, count, observer = in_parts(text, line)
    assert shown(done) == shown(run(text)) and done.gap is None and done.raised is None
    assert count == 0 and observer.turns and observer.over


def test_an_error_keeps_its_line_and_way() -> None:
    text = FUNCTION.replace("found.append(found[-1] * 2)", "found.append(found[9])")
    done, _, _ = in_parts(text, 3)
    plain = run(text).raised
    assert done.raised == plain and plain is not None and plain.line == 4


def test_turns_are_counted_and_gaps_end_a_run_that_pauses() -> None:
    session = Session(read(TOP.replace("range(6)", "range(500)")), None, Budget(turns=200, look=50), Pausing(2))
    parts = session.parts()
    with pytest.raises(StopIteration) as end:
        for _ in range(1000):
            next(parts)
    assert end.value.value.gap is not None and end.value.value.gap.code == "timeout"


def test_a_run_that_is_given_up_runs_what_must_be_run_and_no_more() -> None:
    text = "try:\n    for i in range(9):\n        print(i)\nfinally:\n    print('closed')\nprint('behind')\n"
    session = Session(read(text), observer=Pausing(2))
    parts = session.parts()
    for _ in range(3):
        next(parts)
    parts.close()
    assert [entry.text for entry in session.evidence.printed] == ["0", "1", "closed"]


@pytest.mark.parametrize("attribute", ["cr_frame", "cr_code", "send", "throw", "close", "cr_await"])
def test_nothing_of_a_coroutine_is_in_reach(attribute: str) -> None:
    """Even where a program holds one, as when a function made at run time calls what waits."""
    text = f"def work(n):\n    for i in range(n):\n        pass\nkept = work(2)\nprint(kept.{attribute})\n"
    observer = Pausing(2)
    session = Session(read(text), observer=observer)
    session.guard.env["__builtins__"]["@waited"] = lambda value: Pause(value, pauses=False)
    done = None
    parts = session.parts()
    try:
        while True:
            next(parts)
    except StopIteration as end:
        done = end.value
    kept = session.guard.env.get("kept")
    assert done.gap is not None or done.raised is not None
    if hasattr(kept, "close"):
        kept.close()


def test_programs_themselves_may_not_wait() -> None:
    for text in ("await x\n", "async def f():\n    pass\n", "async for i in x:\n    pass\n"):
        with pytest.raises(UserError, match=r"is not understood here|Python cannot read"):
            run(text)
