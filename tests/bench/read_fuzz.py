"""The reader under random and mutated inputs: no hang, no exception but UserError, nothing executed.

`python build.py bench read_fuzz [COUNT [SEED]]` prints a table and, last, `N bounds met, M missed`.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import random
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import sympy.physics.units  # noqa: F401  (SymPy brings it in the first time it simplifies; it compiles its own names)
from sympy.core.cache import clear_cache

from nabla.errors import UserError
from nabla.read.fields.asked import read_asked
from nabla.read.fields.assignments import read_assignments, read_variables
from nabla.read.fields.claims import read_claim
from nabla.read.fields.conditions import read_domain
from nabla.read.fields.preview import preview
from nabla.read.formula import read_equation, read_formula, read_formulas
from nabla.read.formula.build import function, symbol

SECONDS = 1.0
BATCH = 500  # inputs between two emptyings of the caches
GIVEN_UP = 10.0  # seconds after which a reading is stopped
SEEDS = r"""
(w*x-y)^2
2 sin x cos x + x(x-1)(x+1)
sin^2 x + cos^-1(x/2) - tan⁻¹ x
e^(-x^2/2)/√(2π)
||x|-1| + |x||y|
x**2 if x > 0 else -x
piecewise((x, x>0), (x**2, 0 < x <= 1), (0, True))
np.where((x>0) & (x<1), np.sin(x), 0)
9**9**9
((9**9)**9999)**9999
x**9**9 + 2^1000 - 1000!
factorial(factorial(20))
exp(exp(exp(exp(9))))
exp(log(9)*9^9)
log_2 x + log(x, 3) + log10(x)
f(g(x)) + u(x)v(x) - f''(2x)
max(min(x, y), abs(z), floor(x), ceil(y), sign(z))
gamma(x) + beta*lambda - zeta
x1^2 + x_2^2 + w_ij y_max
loss*learning_rate + xy + nRT
sinx + xcosx - 2sin2x
1e-3x + .5y + 2.x
½x + x² + x⁻¹ + ∛x - ∞
\frac{1}{2}x^2 + \sqrt[3]{x}
\left| \frac{\sin^{2} x}{x_{1}} \right| \cdot \mathrm{e}^{-\alpha x}
\begin{cases} x^2 & \text{if } x \ge 0 \\ -x & \text{otherwise} \end{cases}
\hat y_1 - \bar{x} + \operatorname{arcsin} x + \log_{2}(x)
w=3, x=pi/2; y=-2
x^2 + y^2 = 25
f(x) = x^2; g(x) = x^3
x in [0, 1], 0 < y <= pi, z != 0
[[2x, y], [1; 3]] = \begin{pmatrix} a & b \\ c & d \end{pmatrix}
d/dx (x^2 y) = 2xy => f'(x) = 2x; dy/dx = 3 = w.grad
__import__('os').system('id')
().__class__.__base__.__subclasses__()
x.__class__.__mod__.__globals__['__builtins__']
[x for x in (1, 2)]; lambda x: x; (y := 3)
eval("1") + exec('2') + open("f")
{'__builtins__': {}}
sigmoid(x) + relu(x) + softplus(x) + sinc(x) + heaviside(x) + lambertw(x)
atan2(y, x) + hypot(x, y) + clip(x, 0, 1) + root(x, 5) + pow(x, y)
asinh x + acosh(x) + artanh(x) + arcsec x + erf(x) + besselj(0, x)
""".strip().splitlines()
PIECES = [
    *"x y z t e i E I S N O Q C f g ( ) ( ) { } | | + - * / ^ ^ ** ! , ; = < > <= >= !=".split(),
    *". _ ' \" [ ] : & % @ # \\ $ ~ ? \u00b2 \u207b \u221a \u03c0 \u221e \u00b7".split(),
    *"0 1 2 3 9 10 0.5 1e3 1e999 99999999999 123456789 sin cos exp log ln sqrt abs max floor gamma factorial".split(),
    *"if else and or not lambda for in is True pi oo np. math. torch. sp. __class__".split(),
    *r"\frac \sqrt \sin \left( \right) \left| \right| \cdot \alpha \hat \mathrm{e} \\ &".split(),
    *r"\begin{cases} \end{cases}".split(),
    *["\n", "\t", "\u200b", "\x00", "\U0001d465", "\u0445", "\u0302", "\ud800", " ", " "],
]  # fmt: skip
READERS: dict[str, Callable[..., object]] = {
    "read_formula": read_formula,
    "read_formulas": read_formulas,
    "read_equation": read_equation,
    "read_assignments": read_assignments,
    "read_variables": read_variables,
    "read_asked": read_asked,
    "read_claim": read_claim,
    "read_domain": read_domain,
    "preview": lambda text: preview("formula", text),
}
# Who may execute code of its own making, none of it the user's: imports, and two generators of loops.
OWN = ("<frozen importlib", "sympy/polys/monomials.py", "mpmath/")
EXECUTES = frozenset(
    ["exec", "compile", "open", "os.system", "subprocess.Popen", "os.exec", "socket.connect", "ctypes.dlopen"]
)


def inputs(count: int, seed: int = 1) -> Iterator[str]:
    """Random rows of pieces, random formulas, and known inputs with pieces removed, doubled, nested, put together."""
    source = random.Random(seed)
    for number in range(count):
        if number % 4 == 0:
            yield source.choice(["", " "]).join(source.choices(PIECES, k=source.randint(1, 25)))
            continue
        if number % 4 == 1:
            yield formula(source, source.randint(1, 6))
            continue
        text = source.choice(SEEDS)
        for _ in range(source.randint(1, 6)):
            text = mutated(text, source)
        yield text[:5000]


ATOMS = "x y z x x 0 1 2 3 7 0.5 1e-3 99 12345678901234567890 pi e 1/3 -2 t_1 alpha".split()
FUNCTIONS = """sin cos tan cot sec csc asin acos atan acot asec acsc sinh cosh tanh coth sech csch asinh acosh atanh
acoth asech acsch exp exp ln log log log2 log10 abs sign floor ceil sqrt cbrt heaviside erf erfc gamma loggamma
digamma factorial sigmoid softplus relu gelu sinc lambertw max min atan2 hypot pow root besselj where if f""".split()


def formula(source: random.Random, depth: int) -> str:
    """A formula that follows the grammar, with whatever values its parts may get."""
    if depth == 0 or source.random() < 0.15:
        return source.choice(ATOMS)

    def part() -> str:
        return formula(source, depth - 1)

    kind = source.randrange(10)
    if kind < 4:
        return f"({part()}){source.choice('+-*/')}({part()})"
    if kind < 6:
        return f"({part()})^({part()})"
    name = source.choice(FUNCTIONS)
    if name in ("max", "min", "atan2", "hypot", "pow", "root", "besselj"):
        return f"{name}({part()}, {part()})"
    if name == "where":
        return f"where({part()} {source.choice(['<', '<=', '==', '!='])} {part()}, {part()}, {part()})"
    if name == "if":
        return f"(({part()}) if {part()} > {part()} and not {part()} < {part()} else ({part()}))"
    return f"{name}({part()})"


def mutated(text: str, source: random.Random) -> str:
    """`text` with one change."""
    start = source.randint(0, len(text))
    end = min(len(text), start + source.randint(0, 8))
    piece = source.choice(PIECES)
    kind = source.randrange(8)
    if kind == 0:
        return text[:start] + text[end:]
    if kind == 1:
        return text[:start] + piece + text[start:]
    if kind == 2:
        return text[:start] + text[start:end] * source.randint(2, 5) + text[end:]
    if kind == 3:
        other = source.choice(SEEDS)
        return text[:start] + other[source.randint(0, len(other)) :]
    if kind == 4:
        return f"{source.choice(PIECES)}({text})"
    if kind == 5:
        return f"({text}){source.choice('+-*/^')}({source.choice(SEEDS)})"
    if kind == 6:
        return text[:start] + piece * source.choice([2, 10, 70, 3000]) + text[end:]
    return text[:start] + str(source.randint(0, 10 ** source.randint(1, 12))) + text[end:]


@dataclass
class Outcome:
    """What came of reading many inputs."""

    read: int = 0
    refused: int = 0
    slowest: tuple[float, str, str] = (0.0, "", "")
    slow: list[tuple[float, str, str]] = field(default_factory=list)
    failed: list[tuple[str, str, str]] = field(default_factory=list)
    executed: list[str] = field(default_factory=list)


_watching: list[Outcome] = []


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if not _watching or event not in EXECUTES:
        return
    origin = sys._getframe(1).f_code.co_filename
    if not any(own in origin for own in OWN):
        _watching[-1].executed.append(f"{event} {str(arguments)[:80]} in {origin}")


@contextlib.contextmanager
def watched(outcome: Outcome) -> Iterator[None]:
    """Note whatever Python executes, opens or starts meanwhile."""
    if not getattr(sys, "_nabla_read_audited", False):
        sys.addaudithook(_audit)  # a hook stays for good, so it listens only while something is watched
        sys._nabla_read_audited = True  # type: ignore[attr-defined]
    _watching.append(outcome)
    try:
        yield
    finally:
        _watching.remove(outcome)


def forget() -> None:
    """Empty SymPy's caches and ours of symbols and functions, which keep whatever was read once."""
    clear_cache()
    symbol.cache_clear()
    function.cache_clear()
    gc.collect()


def fuzz(texts: Iterator[str]) -> Outcome:
    """Read every text by every reader; the readers have been warmed up before, so imports do not count."""
    outcome = Outcome()
    for text in SEEDS:
        for reader in READERS.values():
            with contextlib.suppress(UserError):
                reader(text)
    signal.signal(signal.SIGPROF, _stop)
    with watched(outcome):
        for number, text in enumerate(texts):
            if number % BATCH == 0:
                forget()
            names = ["read_formula", list(READERS)[1 + number % (len(READERS) - 1)]]
            for name in names:
                _one(name, text, outcome)
    return outcome


class Hang(BaseException):
    """Raised into a reading that takes too long; no `except Exception` swallows it."""


def _stop(*_: object) -> None:
    raise Hang


def _one(name: str, text: str, outcome: Outcome) -> None:
    begun = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, GIVEN_UP)
    try:
        READERS[name](text)
        outcome.read += 1
    except Hang:
        pass  # told as slow below
    except UserError as error:
        outcome.refused += 1
        span = error.span
        if span and not 0 <= span.start <= span.end <= len(text):
            outcome.failed.append((name, text, f"span {span} outside of the text"))
    except Exception as error:  # what the fuzz is for
        outcome.failed.append((name, text, f"{type(error).__name__}: {error}"))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    took = (time.process_time() - begun, name, text)
    outcome.slowest = max(outcome.slowest, took)
    if took[0] > SECONDS:
        outcome.slow.append(took)


def main() -> int:
    """Run the fuzz, print what came of it; 1 when a bound was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=100_000, help="how many inputs")
    parser.add_argument("seed", type=int, nargs="?", default=1, help="where their randomness begins")
    options = parser.parse_args()
    begun = time.perf_counter()
    outcome = fuzz(inputs(options.count, options.seed))
    took = time.perf_counter() - begun
    readings = outcome.read + outcome.refused
    print(f"{options.count} inputs, {readings} readings in {took:.0f} s, {options.count / took:.0f} inputs a second")
    print(f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB of memory")
    print(f"read {outcome.read}, refused with a UserError {outcome.refused}")
    print(f"slowest {outcome.slowest[0] * 1000:.0f} ms: {outcome.slowest[1]} {outcome.slowest[2][:100]!r}")
    bounds = {
        f"no reading over {SECONDS:g} s": outcome.slow,
        "no exception but UserError": outcome.failed,
        "nothing executed": outcome.executed,
    }
    for bound, broken in bounds.items():
        print(f"{bound:32} {'met' if not broken else f'missed {len(broken)} times'}")
        for case in broken[:20]:
            print("   ", repr(case)[:600])
    missed = sum(bool(broken) for broken in bounds.values())
    print(f"{len(bounds) - missed} bounds met, {missed} missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
