"""Loops of a program that change numbers by themselves, as descents do, and whether a network is trained there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

_PRODUCTS = frozenset("dot matmul einsum inner".split())
_NETWORK = re.compile(
    r"hidden|layer|synapse|neuron|neural|backprop|perceptron|\bnn\b|\bnet\b|activation|epsilon_?init", re.I
)
_SLOPE = re.compile(r"\b([A-Za-z_]\w*) ?\* ?\(1(?:\.0*)? ?- ?\1\)|\bd_?(?:sigmoid|tanh|relu|act)\w*\(|"
                    r"(?:sigmoid|tanh|relu)_?(?:deriv|prime|grad|d)\w*\(|nonlin\(", re.I)  # fmt: skip
_TANH = re.compile(r"1(?:\.0*)? ?- ?[\w.]+(?:\[[^\]\n]{1,20}\])? ?\*\* ?2|> ?0\)")
_PRINT = re.compile(r"^([ \t]*)print\b(?!\s*\().*$", re.M)  # of Python 2
_GRADIENT = re.compile(r"d[wWbBzZaAhH]?\d*|grad\w*|delta\w*|err\w*|d_\w+", re.I)


def kind_of(code: str) -> str:
    """`network`, `descent` or an empty text: what a loop of a program changes from turn to turn.

    A descent changes a number or an array by itself, or by a step of its own; a network has two weights in products,
    hands its error back through one (products with it, and with it transposed), or says so.
    """
    try:
        tree = ast.parse(_PRINT.sub(r"\1pass", code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    loops = [node for node in ast.walk(tree) if isinstance(node, (ast.For, ast.While))]
    if not loops:
        return ""
    changed = {name for name in _changed(tree, loops) if not _GRADIENT.fullmatch(name)}
    if not changed:
        return ""
    if any(_solves(loop) or _squares(loop) & changed for loop in loops):
        return "descent"  # Newton's steps, or conjugate gradients
    changed |= set(_handed(tree, changed))
    products = [operands for operands in _products(tree) if operands & changed]
    weights = {frozenset(operands & changed) for operands in products}
    several = len(frozenset().union(*weights)) >= 2 and all(len(w) == 1 for w in weights)  # two in one: factors
    slopes = bool(_SLOPE.search(code)) or ("tanh" in code and bool(_TANH.search(code)))
    moved = changed - _states(tree)
    factors = [node for node, rest in _beside(tree) if not rest & moved]
    of = _aliases(tree)
    turned = {of.get(name, name) for node in factors for name in _transposed(node)}
    plain = {of.get(_operand(node), _operand(node)) for node in factors if not _transposed(node)}
    back = bool(turned & plain & changed)
    network = several or slopes or back or _takes_sides(tree) or (bool(products) and bool(_NETWORK.search(code)))
    return "network" if network else "descent"


def _changed(tree: ast.Module, loops: list[ast.For | ast.While]) -> Iterator[str]:
    """Names that a loop, or a function, changes by what they were."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    called = {_tail(node.func) for loop in loops for node in ast.walk(loop) if isinstance(node, ast.Call)}
    rooms: list[ast.AST] = [*loops, *(f for f in functions if f.name in called)]
    for room in rooms:
        made = {_tail(t): node.value for node in ast.walk(room) if isinstance(node, ast.Assign) for t in node.targets}
        for node in ast.walk(room):
            if isinstance(node, ast.AugAssign) and isinstance(node.op, (ast.Add, ast.Sub)):
                if not isinstance(node.value, ast.Constant):
                    yield _tail(node.target)
            elif isinstance(node, ast.Assign):
                for target, value in _pairs(node):
                    through = _named_in(made[value.id]) if isinstance(value, ast.Name) and value.id in made else set()
                    inner = (made[name] for name in _named_in(value) if name in made)
                    through |= {_tail(part.left) for part in inner if isinstance(part, ast.BinOp) and _adds(part)}
                    direct = _named_in(value) if isinstance(value, (ast.BinOp, ast.Call)) else set()
                    start = _tail(value.left) if isinstance(value, ast.BinOp) and _adds(value) else ""
                    anew = start and re.fullmatch(rf"{start}_?(?:new|next|1|2)|(?:new|next)_{start}", _tail(target))
                    if _tail(target) in direct | through or anew:
                        yield _tail(target)


def _through(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """The names that loops give, and what each of them goes through, in `zip` and `enumerate` too."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.For, ast.comprehension)):
            left = [(node.target, node.iter)]
            while left:
                target, listed = left.pop()
                called = _tail(listed.func) if isinstance(listed, ast.Call) else ""
                inner = target.elts if isinstance(target, ast.Tuple) else []
                if isinstance(listed, ast.Call) and called == "zip":
                    left += zip(inner, listed.args, strict=False)
                elif isinstance(listed, ast.Call) and called == "enumerate" and len(inner) == 2 and listed.args:
                    left.append((inner[1], listed.args[0]))
                elif isinstance(target, ast.Name):
                    yield target.id, listed


def _aliases(tree: ast.Module) -> dict[str, str]:
    """The list that a name of a loop is an entry of."""
    return {name: _tail(listed) for name, listed in _through(tree) if _tail(listed)}


def _handed(tree: ast.Module, changed: set[str]) -> Iterator[str]:
    """Names that a loop over lists hands to one that is changed, `for p, dp in zip([U, V], [dU, dV])`; of a changed
    dictionary its keys.
    """
    for name, listed in _through(tree):
        if name in changed and isinstance(listed, (ast.List, ast.Tuple)):
            yield from filter(None, map(_tail, listed.elts))
    for part in ast.walk(tree):
        if isinstance(part, ast.Subscript) and _tail(part.value) in changed and _tail(part) != _tail(part.value):
            yield _tail(part)


def _adds(node: ast.BinOp) -> bool:
    return isinstance(node.op, (ast.Add, ast.Sub))


def _solves(loop: ast.AST) -> bool:
    """Whether a system is solved in each turn."""
    called = {_tail(node.func) for node in ast.walk(loop) if isinstance(node, ast.Call)}
    return bool(called & {"solve", "inv", "pinv", "lstsq"})


def _squares(loop: ast.AST) -> set[str]:
    """Names that stand in a product with themselves, r @ r, as residuals do and weights do not."""
    found = set()
    for node in ast.walk(loop):
        pair: list[ast.expr] = []
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            pair = [node.left, node.right]
        elif isinstance(node, ast.Call) and _tail(node.func) in _PRODUCTS and isinstance(node.func, ast.Attribute):
            pair = [*([] if _tail(node.func.value) in ("np", "numpy") else [node.func.value]), *node.args]
        if len(pair) == 2 and _operand(pair[0]) == _operand(pair[1]):
            found.add(_operand(pair[0]))
    return found


def _takes_sides(tree: ast.Module) -> bool:
    """Whether an output is one of two numbers by a comparison, and held against a target, as a perceptron's is."""
    outputs = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.IfExp)
        for target in node.targets
        if isinstance(target, ast.Name)
        and isinstance(node.value.test, ast.Compare)
        and all(isinstance(side, (ast.Constant, ast.UnaryOp)) for side in (node.value.body, node.value.orelse))
    }
    differences = [n for n in ast.walk(tree) if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Sub)]
    sides = [side for node in differences for side in (node.left, node.right)]
    return any(isinstance(side, ast.Name) and side.id in outputs for side in sides)


def _states(tree: ast.Module) -> set[str]:
    """Names of which a place is filled by a function, as hidden states are, `h[t] = np.tanh(...)`."""
    filled = (node for node in ast.walk(tree) if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call))
    return {_tail(target) for node in filled for target in node.targets if isinstance(target, ast.Subscript)}


def _beside(tree: ast.Module) -> Iterator[tuple[ast.AST, set[str]]]:
    """Each factor of the products of matrices, and the names in the other."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            pair = [node.left, node.right]
        elif isinstance(node, ast.Call) and _tail(node.func) in _PRODUCTS:
            method = isinstance(node.func, ast.Attribute) and _tail(node.func.value) not in ("np", "numpy")
            owner = [node.func.value] if method and isinstance(node.func, ast.Attribute) else []
            pair = [*owner, *node.args]
        else:
            continue
        if len(pair) == 2:
            yield pair[0], _named_in(pair[1])
            yield pair[1], _named_in(pair[0])


def _transposed(node: ast.AST) -> set[str]:
    """The name of what is transposed, where that is all there is."""
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "transpose"
    turned = called or (isinstance(node, ast.Attribute) and node.attr == "T")
    return {_operand(node)} if turned else set()


def _named_in(node: ast.AST) -> set[str]:
    return {_tail(part) for part in ast.walk(node) if isinstance(part, (ast.Name, ast.Attribute))}


def _pairs(node: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    for target in node.targets:
        if (
            isinstance(target, ast.Tuple)
            and isinstance(node.value, ast.Tuple)
            and len(target.elts) == len(node.value.elts)
        ):
            yield from zip(target.elts, node.value.elts, strict=True)
        elif isinstance(target, ast.Tuple):
            yield from ((item, node.value) for item in target.elts)
        else:
            yield target, node.value


def _tail(node: ast.AST) -> str:
    """The last name of what is assigned to: w of self.w, W1 of params['W1'], theta of theta[0]."""
    if isinstance(node, ast.Subscript):
        key = node.slice
        return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else _tail(node.value)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _products(tree: ast.Module) -> Iterator[set[str]]:
    """The names that stand beside each other in each product of matrices."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            yield {_operand(node.left), _operand(node.right)}
        elif isinstance(node, ast.Call) and _tail(node.func) in _PRODUCTS:
            inside = [node.func.value] if isinstance(node.func, ast.Attribute) else []
            yield {_operand(item) for item in [*inside, *node.args]}


def _operand(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return _operand(node.value)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "transpose":
        return _operand(node.func.value)
    return _tail(node)
