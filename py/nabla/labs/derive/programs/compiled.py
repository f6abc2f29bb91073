"""Programs in C, Julia and MATLAB (which Octave runs too), and the result in LaTeX."""

from __future__ import annotations

import sympy as sp

from nabla.answer.document import Source
from nabla.labs.derive.programs.wanted import Wanted, program
from nabla.write.dialects import JULIA, MATLAB, C, identifiers
from nabla.write.notation import operator, tex
from nabla.write.printer import Printer

_WHERE = "where = @(c, a, b) arrayfun(@(c, varargin) varargin{2 - c}, c, a + zeros(size(c)), b + zeros(size(c)));"


def c_program(wanted: Wanted) -> Source:
    """Functions of doubles; an array of derivatives is written into `out`, row by row."""
    names = identifiers(wanted.symbols, C)
    printer = Printer(C, names)
    signature = ", ".join(f"double {name}" for name in names.values())
    lines: list[str] = []
    for name, expr in _functions(wanted):
        lines += [f"double {name}({signature or 'void'}) {{", f"    return {printer.source(expr)};", "}", ""]
    given = ", ".join(_value(wanted, printer, symbol) for symbol in wanted.symbols)
    rows = wanted.rows
    if wanted.depth == 0:
        lines += [f"double df({signature or 'void'}) {{", f"    return {printer.source(rows[0][0])};", "}", ""]
        lines += ["int main(void) {", f'    printf("%.17g\\n", df({given}));', "    return 0;", "}"]
        return program(C, printer, lines, ["#include <stdio.h>"])
    size = len(rows) * len(rows[0])
    lines.append(f"void {wanted.name}({signature}{', ' if signature else ''}double out[{size}]) {{")
    entries = [entry for row in rows for entry in row]
    lines += [f"    out[{place}] = {printer.source(entry)};" for place, entry in enumerate(entries)]
    comma = ", " if given else ""
    lines += ["}", "", "int main(void) {", f"    double out[{size}];", f"    {wanted.name}({given}{comma}out);"]
    lines += [f'    for (int k = 0; k < {size}; k++) printf("%.17g\\n", out[k]);', "    return 0;", "}"]
    return program(C, printer, lines, ["#include <stdio.h>"])


def _functions(wanted: Wanted) -> list[tuple[str, sp.Expr]]:
    if len(wanted.functions) == 1:
        return [("f", wanted.functions[0])]
    return [(f"f{place}", expr) for place, expr in enumerate(wanted.functions, 1)]


def _value(wanted: Wanted, printer: Printer, symbol: sp.Symbol) -> str:
    """The argument's value, with a decimal point, so that no language computes with whole numbers."""
    value = wanted.point[symbol]
    return repr(float(value)) if value.is_Integer else printer.source(value)


def julia_program(wanted: Wanted) -> Source:
    """Functions of numbers, to be broadcast over arrays with a dot: `df.(x)`."""
    names = identifiers(wanted.symbols, JULIA)
    printer = Printer(JULIA, names)
    signature = ", ".join(names.values())
    lines = [f"{name}({signature}) = {printer.source(expr)}" for name, expr in _functions(wanted)]
    lines.append(f"{wanted.name}({signature}) = {_matrix(wanted, printer)}")
    given = ", ".join(_value(wanted, printer, symbol) for symbol in wanted.symbols)
    return program(JULIA, printer, [*lines, "", f"println({wanted.name}({given}))"])


def matlab_program(wanted: Wanted) -> Source:
    """Functions of numbers or arrays, written so that Octave runs them as well."""
    names = identifiers(wanted.symbols, MATLAB)
    printer = Printer(MATLAB, names)
    signature = ", ".join(names.values())
    lines = [f"{name} = @({signature}) {printer.source(expr)};" for name, expr in _functions(wanted)]
    lines.append(f"{wanted.name} = @({signature}) {_matrix(wanted, printer)};")
    if any("where(" in line for line in lines):
        lines.insert(0, _WHERE)
    given = ", ".join(_value(wanted, printer, symbol) for symbol in wanted.symbols)
    lines += ["format long", f"disp({wanted.name}({given}))"]
    return program(MATLAB, printer, lines)


def _matrix(wanted: Wanted, printer: Printer) -> str:
    """`[a; b]` and `[a b; c d]`, with commas between the columns of MATLAB, where white space alone misleads."""
    rows = [[printer.source(entry) for entry in row] for row in wanted.rows]
    if wanted.depth == 0:
        return rows[0][0]
    if wanted.depth == 1:
        return "[" + (", " if printer.dialect is JULIA else "; ").join(row[0] for row in rows) + "]"
    between = " " if printer.dialect is JULIA else ", "
    # In a row of Julia white space separates, so what holds some is bracketed.
    return "[" + "; ".join(between.join(_bracketed(entry, between) for entry in row) for row in rows) + "]"


def _bracketed(entry: str, between: str) -> str:
    return f"({entry})" if between == " " and (" " in entry or entry.startswith("-")) else entry


def latex_source(wanted: Wanted) -> Source:
    """The result as a line of LaTeX, for a paper or an answer elsewhere."""
    if wanted.depth == 0:
        right = tex(wanted.rows[0][0])
    else:
        right = r" \\ ".join(" & ".join(tex(entry) for entry in row) for row in wanted.rows)
        right = rf"\begin{{pmatrix}} {right} \end{{pmatrix}}"
    left = (
        wanted.left
        or {
            "derivative": operator(wanted.wrt, len(wanted.symbols) > 1, "f"),
            "gradient": r"\nabla f",
            "jacobian": "J",
            "hessian": r"\nabla^{2} f",
            "formula": "",
        }[wanted.what]
    )
    return Source("LaTeX", "latex", f"{left} = {right}\n" if left else f"{right}\n")
