"""Programs behind the guard: none gets out, none does too much, and harmless ones run as in CPython."""

import contextlib
import io

import pytest

from nabla.errors import UserError
from nabla.program.errors import Gap
from nabla.program.limits import Budget
from nabla.program.run import Run, run
from tests.py.hostile_programs import HARMLESS, OTHERS, ROUTES, TARGETS

# What is free: the class of anything is read as what stands for it, and a class of the program may be given a `mro`.
FREE = {("plot", route) for route in ROUTES} | {("mro", route) for route in ("written", "setattr", "loop target")}
ATTACKS = {
    target: [f"{setup}\n{code.replace('VALUE', value).replace('NAME', name)}" for route, code in ROUTES.items()
             if (target, route) not in FREE]
    for target, (setup, value, name) in TARGETS.items()
}  # fmt: skip


def attempt(code: str) -> Run | None:
    """The run of a program; None when it is refused before it runs."""
    try:
        return run(code, budget=Budget(turns=30_000))
    except UserError:
        return None


def shown(done: Run) -> str:
    """What it printed."""
    return "".join(entry.text + entry.end for entry in done.evidence.printed)


def test_there_are_enough_attacks() -> None:
    assert sum(map(len, ATTACKS.values())) + len(OTHERS) >= 500 and len(HARMLESS) >= 40


@pytest.mark.parametrize("target", [*ATTACKS, "others"])
def test_no_attack_reaches_anything(target: str) -> None:
    for code in ATTACKS.get(target, OTHERS):
        done = attempt(f"{code}\nprint('reached', r)")
        assert done is None or "reached" not in shown(done), code
        assert done is None or done.gap is not None or done.raised is not None, code


@pytest.mark.parametrize(("code", "printed"), HARMLESS, ids=range(len(HARMLESS)))
def test_harmless_programs_do_as_in_cpython(code: str, printed: str) -> None:
    done = run(code)
    assert done.gap is None, done.gap
    assert done.raised is None, done.raised
    assert shown(done).rstrip("\n") == printed


@pytest.mark.parametrize(
    "code",
    [
        "x = 1\ndef f(a):\n    return a.q\n\nf(x)",
        "def f(n):\n    if n == 0:\n        raise ValueError('deep')\n    f(n - 1)\nf(3)",
        "x = [1]\nx[5]",
        "d = {}\nd['k']",
        "print(undefined)",
        "def f():\n    print(y)\n    y = 1\nf()",
        "a, b = 1, 2, 3",
        "int('x')",
        "f = lambda a: a\nf()",
        "def f(a, b=1): pass\nf(c=1)",
        "class A:\n    def m(self): pass\nA().m(1, 2)",
        "'a' + 1",
        "import numpy as np\nnp.ones((2, 3)) @ np.ones((2, 3))",
        "import numpy as np\nnp.ones(3) + np.ones(4)",
        "import numpy as np\nnp.linalg.inv(np.zeros((2, 2)))",
        "assert 1 == 2, 'no'",
        "x = (1,\n     2,\n     3 / 0)",
        "next(iter([]))",
        "len(5)",
        "None.x",
        "(3).x = 1",
        "for i in 5: pass",
        "import math\nmath.sqrt(-1)",
        "class A(Exception): pass\nraise A('own')",
    ],
)
def test_errors_are_cpythons_own(code: str) -> None:
    """Type, message and line as CPython has them for the same text."""
    done = run(code)
    assert done.gap is None and done.raised is not None
    with contextlib.redirect_stdout(io.StringIO()), pytest.raises(Exception) as caught:  # noqa: PT011
        exec(compile(code, "program.py", "exec"), {"__name__": "__main__"})
    lines = [entry.lineno + 1 for entry in caught.traceback if str(entry.path).endswith("program.py")]
    assert (done.raised.kind, done.raised.message) == (type(caught.value).__name__, str(caught.value))
    assert done.raised.line == lines[-1]


@pytest.mark.parametrize(
    "escape",
    [
        "try:\n    BAD\nexcept:\n    pass",
        "try:\n    BAD\nexcept BaseException as e:\n    pass",
        "try:\n    BAD\nexcept (ValueError, BaseException):\n    pass\nelse:\n    pass",
        "def f():\n    try:\n        BAD\n    finally:\n        return 1\nf()",
        "while True:\n    try:\n        BAD\n    finally:\n        break",
        "class W:\n    def __enter__(self): pass\n    def __exit__(self, *a): return True\nwith W():\n    BAD",
        "import contextlib\nwith contextlib.suppress(BaseException):\n    BAD",
        "def g():\n    try:\n        yield 1\n    finally:\n        pass\nfor x in g():\n    try:\n        BAD\n    except: pass",
        "import contextlib\n@contextlib.contextmanager\ndef c():\n    try:\n        yield\n    except BaseException:\n        pass\n"
        "with c():\n    BAD",
    ],
)
@pytest.mark.parametrize("bad", ["import os; os.fork()", "getattr([].append, '__self__')", "10 ** 10 ** 10"])
def test_a_gap_cannot_be_swallowed(escape: str, bad: str) -> None:
    done = run(escape.replace("BAD", bad) + "\nprint('after', [].pop)")
    assert isinstance(done.gap, Gap) and done.raised is None
    with pytest.raises(UserError):
        done.require()


def test_a_gap_names_its_line_and_what_is_near() -> None:
    done = run("import numpy as np\n\nnp.linspac(0, 1)")
    assert done.gap is not None and done.gap.line == 3 and "linspace" in done.gap.near


def test_short_names_that_were_not_imported_are_said() -> None:
    done = run("print(np.ones(2).sum())")
    assert shown(done) == "2.0\n" and any("np" in note for note in done.evidence.notes)


def test_evidence_keeps_values_and_lines_of_prints() -> None:
    done = run("import numpy as np\nfor i in range(2):\n    print(i, np.ones(i))")
    assert [(entry.line, entry.text, len(entry.values)) for entry in done.evidence.printed] == [
        (3, "0 []", 2),
        (3, "1 [1.]", 2),
    ]


class Late(Exception):
    """Someone outside ends the run, as a time limit does."""


@pytest.mark.parametrize("end", ["except Exception:\n        pass", "except:\n        pass", "finally:\n        pass"])
def test_what_comes_from_outside_ends_the_run_and_stays_what_it_is(end: str) -> None:
    def look(used: int) -> None:
        if used:
            raise Late

    code = f"while True:\n    try:\n        for i in range(10 ** 9):\n            pass\n    {end}"
    with pytest.raises(Late):
        run(code, look=look)


def test_one_run_leaves_nothing_for_the_next() -> None:
    code = "import numpy as np, random\nnp.set_printoptions(precision=2)\nprint(np.array([1/3]), np.random.rand(), random.random())"
    assert shown(run(code)) == shown(run(code))
    assert shown(run("import numpy as np\nprint(np.array([1/3]))")) == "[0.33333333]\n"


@pytest.mark.parametrize(
    ("code", "mended"),
    [
        ("x = np.ones(2)\nimport numpy as np\nprint(x)", True),
        ("class A(np.ndarray):\n    pass\nimport numpy as np\nprint(A)", True),
        ("def f(x=np.pi):\n    return x\nimport numpy as np\nprint(f())", True),
        ("def f(x):\n    return np.sin(x)\nimport numpy as np\nprint(f(1.0))", False),
        ("import numpy as np\nprint(np.pi)", False),
    ],
)
def test_an_import_below_its_first_use_is_mended_and_said(code: str, mended: bool) -> None:
    done = run(code)
    assert done.raised is None and done.gap is None
    assert any("is imported further down" in note for note in done.evidence.notes) == mended
