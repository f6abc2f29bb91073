"""The chain rule for a function that is left open: f(x(s, t), y(s, t)) by s, in f_x, f_xy and so on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sympy as sp


@dataclass(frozen=True)
class OpenChain:
    """A derivative of f along its arguments: `result` holds the symbols f_x, f_xy, which `partials` explains by the
    arguments that f is differentiated by, each a number from 0.
    """

    result: sp.Expr
    partials: Mapping[sp.Symbol, tuple[int, ...]]


def open_chain(name: str, path: Mapping[sp.Symbol, sp.Expr], wrt: Sequence[sp.Symbol]) -> OpenChain:
    """The derivative of `name`(path) by each of `wrt` in turn, by the chain and the product rule.

    Args:
        name: of the function that is open.
        path: its arguments in their order, each as a formula.
        wrt: the variables of the path, in the order in which one differentiates.
    """
    names, places = [symbol.name for symbol in path], list(path.values())
    partials: dict[sp.Symbol, tuple[int, ...]] = {}

    def partial(by: tuple[int, ...]) -> sp.Symbol:
        index = "".join(names[place] for place in sorted(by))
        symbol = sp.Symbol(f"{name}_{{{index}}}" if len(index) > 1 else f"{name}_{index}" if index else name, real=True)
        partials[symbol] = tuple(sorted(by))
        return symbol

    result: sp.Expr = partial(())
    for variable in wrt:
        known = {symbol: by for symbol, by in partials.items() if symbol in result.free_symbols}
        result = sp.diff(result, variable) + sp.Add(
            *(
                sp.diff(result, symbol) * sp.diff(place, variable) * partial((*by, i))
                for symbol, by in known.items()
                for i, place in enumerate(places)
            )
        )
        result = sp.collect(sp.expand(result), list(partials))
    used = {symbol: by for symbol, by in partials.items() if symbol in result.free_symbols}
    return OpenChain(result, used)


def with_function(chain: OpenChain, f: sp.Expr, arguments: Sequence[sp.Symbol], path: Sequence[sp.Expr]) -> sp.Expr:
    """The result with a function put in for the open one, on the path: what a check compares."""
    inside = dict(zip(arguments, path, strict=True))
    return chain.result.subs(
        {
            symbol: (sp.diff(f, *(arguments[i] for i in by)) if by else f).subs(inside, simultaneous=True)
            for symbol, by in chain.partials.items()
        },
        simultaneous=True,
    )
