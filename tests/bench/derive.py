"""A question to the derive lab, from text to the whole document, beside plain SymPy on the same expressions.

Plain SymPy means `diff`, `simplify` and `latex`: the bare answer without steps, checks, plot or code. Both start with
SymPy's cache empty, in turns. In the page (`--no-page` leaves it out): the median over textbook expressions against
150 ms, and the worst of the table against 3 s. `--every N` takes every Nth expression of the table.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from statistics import median

import sympy as sp
from sympy.core.cache import clear_cache

import nabla
from nabla.errors import UserError
from tests.bench._figures import Figure, report
from tests.py.derivative_table import entries, expression

TEXTBOOK = ("powers", "polynomials", "products", "quotients", "chains", "exponentials and logarithms", "trigonometric")
SLOWEST_SHOWN = 5

Entry = tuple[str, str, str]


def readable() -> list[Entry]:
    """The entries of the table as texts that the reader takes: SymPy's own names for fractions are no formulas."""
    found = []
    for group, f, variable in entries():
        text = sp.sstr(expression(f))
        try:
            nabla.run("derive", {"f": text, "wrt": variable, "detail": "expert"})
        except UserError:
            continue
        found.append((group, text, variable))
        clear_cache()
    return found


def milliseconds(work: Callable[[], object]) -> float:
    """What `work` takes from an empty cache."""
    clear_cache()
    start = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - start)


def ours(f: str, variable: str) -> str:
    """From text to JSON."""
    return json.dumps(nabla.run("derive", {"f": f, "wrt": variable}).to_dict())


def theirs(f: sp.Expr, variable: sp.Symbol) -> str:
    """The bare answer."""
    return str(sp.latex(sp.simplify(sp.diff(f, variable))))


def measured(table: list[Entry], seconds: float) -> list[tuple[float, float, Entry]]:
    """Ours and theirs for every entry, in milliseconds; theirs is stopped after `seconds` altogether."""
    found = []
    spent = 0.0
    for group, f, variable in table:
        expr, symbol = expression(f), expression(variable)
        plain = milliseconds(lambda expr=expr, symbol=symbol: theirs(expr, symbol))  # type: ignore[misc]
        mine = milliseconds(lambda f=f, variable=variable: ours(f, variable))  # type: ignore[misc]
        found.append((mine, plain, (group, f, variable)))
        spent += plain / 1e3
        if spent > seconds:
            break
    return found


def main() -> int:
    """Measure, print the table; 1 when a bound was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=4, help="take every Nth expression (4)")
    parser.add_argument("--seconds", type=float, default=240, help="how long plain SymPy may take altogether (240)")
    parser.add_argument("--no-page", action="store_true", help="leave the browser out")
    options = parser.parse_args()
    table = readable()
    print(f"{len(table)} of {len(entries())} expressions are texts of the reader; every {options.every}th is measured")
    found = measured(table[:: options.every], options.seconds)
    textbook = [row for row in found if row[2][0] in TEXTBOOK]
    figures = [
        Figure("textbook, median", "ms", median(r[0] for r in textbook), median(r[1] for r in textbook), 3.0),
        Figure("whole table, median", "ms", median(r[0] for r in found), median(r[1] for r in found), 3.0),
        Figure("whole table, all together", "s", sum(r[0] for r in found) / 1e3, sum(r[1] for r in found) / 1e3, 3.0),
        Figure("whole table, worst", "ms", max(r[0] for r in found), max(r[1] for r in found)),
    ]
    if not options.no_page:
        from tests.bench import derive_page

        figures += derive_page.measure([e for _, _, e in textbook], [e for _, _, e in found])
    print(
        "slowest:", ", ".join(f"{f} {mine:.0f} ms" for mine, _, (_, f, _) in sorted(found)[: -SLOWEST_SHOWN - 1 : -1])
    )
    return report("derive: from text to document", "SymPy", figures)


if __name__ == "__main__":
    sys.exit(main())
