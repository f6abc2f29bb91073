"""Programs that compute a derivative: in SymPy, in NumPy as a function, in PyTorch by its own backward pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp

from nabla.document import Source
from nabla.write.dialects import NUMPY, SYMPY, TORCH, Dialect, Printer, Unsupported, identifiers

Point = Mapping[sp.Symbol, sp.Expr]


def derivative_code(f: sp.Expr, derivative: sp.Expr, wrt: Sequence[sp.Symbol], at: Point) -> list[Source]:
    """The programs for `derivative`, that of `f` with respect to each of `wrt` in turn, evaluated at `at`.

    A library that lacks one of the functions is left out. Symbols without a value in `at` are given 1 in the programs,
    since a program must run as it stands.
    """
    sources = []
    for write in (_sympy, _numpy, _torch):
        try:
            sources.append(write(f, derivative, wrt, at))
        except Unsupported:
            continue
    return sources


def _symbols(f: sp.Expr, wrt: Sequence[sp.Symbol]) -> list[sp.Symbol]:
    return sorted(f.free_symbols | set(wrt), key=lambda symbol: symbol.name)


def _program(dialect: Dialect, printer: Printer, lines: Sequence[str]) -> Source:
    imports = sorted(printer.modules, key=lambda line: (line != "import math", line))
    return Source(dialect.label, dialect.language, "\n".join([*imports, "", *lines]) + "\n")


def _value(expr: sp.Expr | None, printer: Printer) -> str:
    return printer.source(expr) if expr is not None else "1"


def _sympy(f: sp.Expr, derivative: sp.Expr, wrt: Sequence[sp.Symbol], at: Point) -> Source:
    symbols = _symbols(f, wrt)
    names = identifiers(symbols, SYMPY)
    printer = Printer(SYMPY, names)
    # SymPy's own name of a symbol stays as typed, even where Python needs another one for the variable.
    if len(symbols) == 1:
        declared = f'{names[symbols[0]]} = sp.Symbol("{symbols[0].name}", real=True)'
    else:
        declared = f'{", ".join(names.values())} = sp.symbols("{" ".join(s.name for s in symbols)}", real=True)'
    lines = [
        declared,
        f"f = {printer.source(f)}",
        f"df = sp.diff(f, {', '.join(names[symbol] for symbol in wrt)})",
        "print(df)",
    ]
    if at:
        pairs = ", ".join(
            f"{names[symbol]}: {printer.source(value)}" for symbol, value in at.items() if symbol in names
        )
        lines.append(f"print(df.subs({{{pairs}}}))")
    return _program(SYMPY, printer, lines)


def _numpy(f: sp.Expr, derivative: sp.Expr, wrt: Sequence[sp.Symbol], at: Point) -> Source:
    symbols = _symbols(f, wrt)
    names = identifiers(symbols, NUMPY)
    printer = Printer(NUMPY, names)
    signature = ", ".join(names.values())
    given = ", ".join(f"{names[symbol]}={_value(at.get(symbol), printer)}" for symbol in symbols)
    lines = [
        "",
        f"def f({signature}):",
        f"    return {printer.source(f)}",
        "",
        "",
        f"def df({signature}):",
        f"    return {printer.source(derivative)}",
        "",
        "",
        f"print(df({given}))",
    ]
    return _program(NUMPY, printer, lines)


def _torch(f: sp.Expr, derivative: sp.Expr, wrt: Sequence[sp.Symbol], at: Point) -> Source:
    symbols = _symbols(f, wrt)
    names = identifiers(symbols, TORCH)
    printer = Printer(TORCH, names)
    if not f.free_symbols & set(wrt):
        raise Unsupported("a function that does not depend on the variable")
    lines = []
    for symbol in symbols:
        value = repr(float(at.get(symbol, sp.Integer(1))))
        grad = ", requires_grad=True" if symbol in wrt else ""
        lines.append(f"{names[symbol]} = torch.tensor({value}, dtype=torch.float64{grad})")
    lines.append(f"f = {printer.source(f)}")
    if len(wrt) == 1:
        lines += ["f.backward()", f"print({names[wrt[0]]}.grad)"]
    else:
        before = "f"
        for order, symbol in enumerate(wrt, 1):
            graph = ", create_graph=True" if order < len(wrt) else ""
            lines.append(f"d{order} = torch.autograd.grad({before}, {names[symbol]}{graph})[0]")
            before = f"d{order}"
        lines.append(f"print({before})")
    return _program(TORCH, printer, lines)
