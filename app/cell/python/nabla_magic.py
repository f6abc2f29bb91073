"""The lines of notebooks that are not Python (`%pip install …`, `!pip …`, `%timeit …`), put into Python line by line.

Lies in the sandbox as `nabla_magic`. A program that Python can read is left as it is; a line keeps its number.
"""

from __future__ import annotations

import ast
import re
import symtable

# What sets up a notebook or its pictures, which need no setting up here.
_SILENT = frozenset("matplotlib config load_ext reload_ext autoreload pylab precision".split())
_LINE = re.compile(r"(?P<indent>\s*)(?P<sign>%%?|!)\s*(?P<name>[\w-]+)\b(?P<rest>.*)", re.ASCII)
_PIP = re.compile(r"(?:python3?\s+-m\s+)?(?:pip3?|uv\s+pip|conda|mamba)\s+install\s+(?P<what>.+)")
_PLAIN_PIP = re.compile(r"(?:python3?\s+-m\s+)?pip3?\s+install\s")


def as_python(code: str) -> str:
    """The program with each line of a notebook as the Python that does the same; what is unknown raises and says so."""
    if _is_python(code):
        return code
    first = code.lstrip().partition("\n")[0].strip()
    if first.startswith("%%") and first[2:].split()[:1] in (["timeit"], ["time"]):
        return _timed_cell(code, first[2:].split()[0])
    return "\n".join(_line(line) for line in code.split("\n"))


def names_of(code: str) -> dict[str, list[str]]:
    """The global names that a program reads and writes; none of either where Python cannot read it."""
    reads: set[str] = set()
    writes: set[str] = set()
    try:
        # What stands outside of functions may wait here, and symbol tables know that of functions only.
        tables = [symtable.symtable(re.sub(r"\bawait\s+", "", as_python(code)), "<cell>", "exec")]
    except SyntaxError:
        return {"reads": [], "writes": []}
    while tables:
        table = tables.pop()
        tables += table.get_children()
        for symbol in table.get_symbols():
            if table.get_type() == "module" or symbol.is_global():
                if symbol.is_referenced():
                    reads.add(symbol.get_name())
                if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace():
                    writes.add(symbol.get_name())
    return {"reads": sorted(reads), "writes": sorted(writes)}


def _is_python(code: str) -> bool:
    try:
        compile(code, "<cell>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError):
        return False
    return True


def _line(line: str) -> str:
    bare = _PLAIN_PIP.match(line)
    found = _LINE.match(line)
    if bare:
        return _install(line, "")
    if not found:
        return line
    indent, sign, name, rest = found["indent"], found["sign"], found["name"], found["rest"].strip()
    command = f"{name} {rest}"
    if _PIP.match(command):
        return _install(command, indent)
    if sign == "!":
        return f"{indent}raise RuntimeError({f'There is no shell here: !{command}'!r})"
    if name in _SILENT:
        return f"{indent}pass"
    if name == "timeit":
        return f"{indent}{_timing(rest, 'timeit')}"
    if name == "time":
        return f"{indent}{_timing(rest, 'time')}"
    return f"{indent}raise RuntimeError({f'%{name} is a command of notebooks that does not work here.'!r})"


def _install(command: str, indent: str) -> str:
    found = _PIP.match(command)
    words = (found["what"] if found else "").split("#")[0].split()
    named = [word.strip("'\"") for word in words if not word.startswith("-")]
    return f"{indent}import micropip; await micropip.install({named!r})"


def _timing(statement: str, how: str) -> str:
    words = statement.split()
    while words and words[0].startswith("-"):
        words = words[2:] if words[0] in ("-n", "-r") else words[1:]
    return f"__import__('nabla_magic').{how}({' '.join(words)!r}, globals())"


def _timed_cell(code: str, how: str) -> str:
    head, _, body = code.lstrip().partition("\n")
    skipped = code[: len(code) - len(code.lstrip())].count("\n")
    return "\n" * (skipped + 1) + f"__import__('nabla_magic').{how}({body!r}, globals())" if head else code


def timeit(statement: str, names: dict[str, object]) -> None:
    """Print how long a statement takes: the mean of a loop and its spread over seven loops."""
    from statistics import fmean, pstdev
    from timeit import Timer

    timer = Timer(statement, globals=names)
    number = 1
    while (taken := timer.timeit(number)) < 0.05 and number < 10**7:
        number *= 10
    times = [taken / number, *(timer.timeit(number) / number for _ in range(6))]
    loops = f"{number:,} loop{'s' * (number > 1)} each"
    print(f"{_duration(fmean(times))} ± {_duration(pstdev(times))} per loop (mean ± std. dev. of 7 runs, {loops})")


def time(statement: str, names: dict[str, object]) -> None:
    """Run a statement once and print how long it took."""
    from time import perf_counter

    begun = perf_counter()
    exec(compile(statement, "<cell>", "exec"), names)  # noqa: S102 (the visitor's own statement, in the sandbox)
    print(f"Wall time: {_duration(perf_counter() - begun)}")


def _duration(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"
