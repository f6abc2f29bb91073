"""Programs for SymPy, NumPy, Python's math module and SciPy's minimisers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sympy as sp
from sympy.core.function import AppliedUndef

from nabla.answer.document import Source
from nabla.calculus.rules import differentiate, simplified
from nabla.labs.derive.programs.wanted import Wanted, nested, program
from nabla.write.dialects import MATH, NUMPY, SYMPY, identifiers
from nabla.write.printer import Printer, Unsupported

SCIPY = replace(NUMPY, label="SciPy")


def sympy_program(wanted: Wanted) -> Source:
    """Let SymPy differentiate; it prints the derivative, and its value if a point was asked for."""
    names = identifiers(wanted.symbols, SYMPY)
    printer = Printer(SYMPY, names)
    lines = _declared(wanted, names)
    abstract = sorted({str(call.func) for expr in wanted.expressions for call in expr.atoms(AppliedUndef)})
    lines += [f'{name} = sp.Function("{name}")' for name in abstract]
    f = "f" if "f" not in abstract else "expr"
    functions = [printer.source(expr) for expr in wanted.functions]
    if wanted.what == "formula":
        lines.append(f"df = {nested(wanted, printer.source)}")
    else:
        lines.append(f"{f} = {functions[0]}" if wanted.what != "jacobian" else f"{f} = [{', '.join(functions)}]")
        lines.append(f"{wanted.name} = {_sympy_call(wanted, f, names)}")
    lines.append(f"print({wanted.name})")
    if wanted.at:
        at = {symbol: value for symbol, value in wanted.at.items() if symbol in names}
        pairs = ", ".join(f"{names[symbol]}: {printer.source(value)}" for symbol, value in at.items())
        lines.append(f"print({wanted.name}.subs({{{pairs}}}))")
    return program(SYMPY, printer, lines)


def _declared(wanted: Wanted, names: dict[sp.Symbol, str]) -> list[str]:
    """The symbols. SymPy's own name of one stays as typed, even where Python needs another one for the variable."""
    symbols = wanted.symbols
    if not symbols:
        return []
    if len(symbols) == 1:
        return [f'{names[symbols[0]]} = sp.Symbol("{symbols[0].name}", real=True)']
    return [f'{", ".join(names.values())} = sp.symbols("{" ".join(s.name for s in symbols)}", real=True)']


def _sympy_call(wanted: Wanted, f: str, names: dict[sp.Symbol, str]) -> str:
    listed = ", ".join(names[symbol] for symbol in wanted.variables)
    match wanted.what:
        case "gradient":
            return f"sp.Matrix([{f}]).jacobian([{listed}]).T"
        case "jacobian":
            return f"sp.Matrix({f}).jacobian([{listed}])"
        case "hessian":
            return f"sp.hessian({f}, [{listed}])"
    return f"sp.diff({f}, {', '.join(names[symbol] for symbol in wanted.wrt)})"


def numpy_program(wanted: Wanted) -> Source:
    """Functions of numbers or arrays; a gradient of arrays has one more axis in front, a Jacobian two."""
    names = identifiers(wanted.symbols, NUMPY)
    printer = Printer(NUMPY, names)
    lines: list[str] = []
    for name, expr in _functions(wanted):
        lines += ["", f"def {name}({_signature(wanted, names)}):", f"    return {printer.source(expr)}", ""]
    lines += ["", f"def {wanted.name}({_signature(wanted, names)}):", *_numpy_body(wanted, printer, names), "", ""]
    lines.append(f"print({wanted.name}({_given(wanted, printer, names)}))")
    return program(NUMPY, printer, lines)


def _numpy_body(wanted: Wanted, printer: Printer, names: dict[sp.Symbol, str]) -> list[str]:
    """One expression as it is; entries are brought to one shape first, since some may be plain numbers."""
    if wanted.depth == 0:
        expr = wanted.rows[0][0]
        if expr.free_symbols or not names:
            return [f"    return {printer.source(expr)}"]
        return [f"    return {_factor(printer, expr)}np.ones(np.broadcast({', '.join(names.values())}).shape)"]
    text = nested(wanted, lambda entry: f"np.broadcast_to({printer.source(entry)}, shape)")
    shape = f"    shape = np.broadcast({', '.join(names.values())}).shape"
    whole = f"    return np.array({text})"
    if len(whole) <= 110:
        return [shape, whole]
    rows = [_row(row, printer, wanted.depth) for row in wanted.rows]
    return [shape, "    return np.array([", *(f"        {row}," for row in rows), "    ])"]


def _factor(printer: Printer, expr: sp.Expr) -> str:
    """A number as a factor in front."""
    text = printer.source(expr)
    return f"({text})*" if expr.is_Add or text.startswith("-") else f"{text}*"


def _row(row: Sequence[sp.Expr], printer: Printer, depth: int) -> str:
    entries = [f"np.broadcast_to({printer.source(entry)}, shape)" for entry in row]
    return entries[0] if depth == 1 else f"[{', '.join(entries)}]"


def math_program(wanted: Wanted) -> Source:
    """Functions of numbers with nothing but Python itself."""
    names = identifiers(wanted.symbols, MATH)
    printer = Printer(MATH, names)
    lines: list[str] = []
    for name, expr in _functions(wanted):
        lines += ["", f"def {name}({_signature(wanted, names)}):", f"    return {printer.source(expr)}", ""]
    body = nested(wanted, printer.source)
    lines += ["", f"def {wanted.name}({_signature(wanted, names)}):", f"    return {body}", "", ""]
    lines.append(f"print({wanted.name}({_given(wanted, printer, names)}))")
    return program(MATH, printer, lines)


def _functions(wanted: Wanted) -> list[tuple[str, sp.Expr]]:
    """The functions by name: f, or f1, f2, ..."""
    if len(wanted.functions) == 1:
        return [("f", wanted.functions[0])]
    return [(f"f{place}", expr) for place, expr in enumerate(wanted.functions, 1)]


def _signature(wanted: Wanted, names: dict[sp.Symbol, str]) -> str:
    return ", ".join(names[symbol] for symbol in wanted.symbols)


def _given(wanted: Wanted, printer: Printer, names: dict[sp.Symbol, str]) -> str:
    return ", ".join(f"{names[symbol]}={printer.source(wanted.point[symbol])}" for symbol in wanted.symbols)


def scipy_program(wanted: Wanted) -> Source | None:
    """A function of one vector with `jac=` and `hess=`, as `minimize` takes them; for a Jacobian, as `root` does.

    What is held fixed keeps its value from the point.
    """
    if wanted.what == "formula" or (wanted.what == "derivative" and len(wanted.wrt) > 2):
        return None
    names = identifiers(wanted.symbols, SCIPY)
    printer = Printer(SCIPY, names)
    variables = wanted.variables
    fixed = [symbol for symbol in wanted.symbols if symbol not in variables]
    head = [f"{names[symbol]} = {printer.source(wanted.point[symbol])}" for symbol in fixed]
    # (x,) = v rather than x, = v, which is easily overlooked
    inside = ", ".join(names[symbol] for symbol in variables)
    unpack = f"    {inside} = v" if len(variables) > 1 else f"    ({inside},) = v"
    start = ", ".join(repr(float(wanted.point[symbol])) for symbol in variables)
    if wanted.what == "jacobian":
        return _scipy_root(wanted, printer, [*head, *([""] if head else [])], unpack, start)
    (f,) = wanted.functions
    second = wanted.what == "hessian" or (wanted.what == "derivative" and len(wanted.wrt) == 2)
    gradient = [_slope(f, symbol) for symbol in variables]
    if not second:
        gradient = [row[0] for row in wanted.rows]
    hessian = [[_slope(slope, symbol) for symbol in variables] for slope in gradient]
    if second and len(wanted.rows) == len(variables):
        hessian = wanted.rows
    lines = [*head, *([""] if head else [])]
    lines += _vector_function("f", unpack, printer.source(f))
    lines += _vector_function("jac", unpack, f"np.array([{', '.join(map(printer.source, gradient))}])")
    try:
        rows = ", ".join(f"[{', '.join(map(printer.source, row))}]" for row in hessian)
        lines += _vector_function("hess", unpack, f"np.array([{rows}])")
        use = 'jac=jac, hess=hess, method="trust-exact"'
    except Unsupported:
        if second:
            raise
        use = 'jac=jac, method="BFGS"'
    places = ", ".join(str(variables.index(symbol)) for symbol in wanted.wrt)
    entry = f"[{places}]" if wanted.what == "derivative" else ""
    lines += ["", f"v0 = np.array([{start}])", f"print({'hess' if second else 'jac'}(v0){entry})"]
    lines += ["# from scipy.optimize import minimize", f"# minimize(f, v0, {use})"]
    return program(SCIPY, printer, lines)


def _slope(f: sp.Expr, symbol: sp.Symbol) -> sp.Expr:
    return simplified(differentiate(f, symbol).result)


def _vector_function(name: str, unpack: str, body: str) -> list[str]:
    return ["", f"def {name}(v):", unpack, f"    return {body}", ""]


def _scipy_root(wanted: Wanted, printer: Printer, lines: list[str], unpack: str, start: str) -> Source:
    values = ", ".join(map(printer.source, wanted.functions))
    lines += _vector_function("f", unpack, f"np.array([{values}])")
    lines += _vector_function("jac", unpack, f"np.array({nested(wanted, printer.source)})")
    square = len(wanted.functions) == len(wanted.variables)
    solver, call = ("root", "root(f, v0, jac=jac)") if square else ("least_squares", "least_squares(f, v0, jac=jac)")
    lines += ["", f"v0 = np.array([{start}])", "print(jac(v0))", f"# from scipy.optimize import {solver}", f"# {call}"]
    return program(SCIPY, printer, lines)
