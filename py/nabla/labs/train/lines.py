"""The lines of a training loop: what each is in mathematics, which pass it belongs to, the shape of what it makes."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nabla.answer.document import Cell, Column, Table
from nabla.labs.train.analysis import Analysis
from nabla.labs.train.axes import Axes, shape_text
from nabla.labs.train.recognise import dependencies
from nabla.labs.train.training_step import StepValue
from nabla.network.model import Array, gradients
from nabla.network.wrong import judged
from nabla.program.source import called

_FUNCTIONS = {"exp": r"\exp", "tanh": r"\tanh", "log": r"\ln", "sum": r"\textstyle\sum", "mean": r"\operatorname{mean}",
              "abs": r"\operatorname{abs}"}  # fmt: skip
_LONG = 400


@dataclass
class CodeLine:
    """One line: its text, its place in the training, its formula, the names it gives and their nodes."""

    number: int
    text: str
    role: str
    tex: str
    made: list[tuple[str, StepValue]] = field(default_factory=list)


class Lines:
    """The statements of the step with their meaning."""

    def __init__(self, found: Analysis, text: str) -> None:
        self.found, self.text = found, text.split("\n")
        self.network, self.step = found.network, found.step
        self.needs = dependencies(found.step.nodes)
        self.symbols = self._symbols()
        self.named = {name: symbol for node, symbol in self.symbols.items() for _, name in node.names}

    def _symbols(self) -> dict[StepValue, str]:
        """The symbols of nodes: X, W, b, y, z, a, then delta and the gradients by what they hold."""
        network, nodes = self.network, self.step.nodes
        found: dict[StepValue, str] = {}
        for node in nodes:
            if node.op == "leaf" and node.names and node.names[0][1] == network.data:
                found[node] = "X"
            if node.op == "leaf" and node.names and node.names[0][1] == network.target:
                found[node] = "y"
        found[nodes[network.X]] = "X"
        if network.y is not None:
            found[nodes[network.y]] = "y"
        for k, place in enumerate(network.places):
            leaf, bias = self.step.leaf(place.weight), self.step.leaf(place.bias) if place.bias else None
            if leaf is not None:
                found[leaf] = f"W_{k + 1}"
            if bias is not None:
                found[bias] = f"b_{k + 1}"
            found[nodes[place.z]] = f"z_{k + 1}"
            found[nodes[place.a]] = f"a_{k + 1}"
        if network.y is not None:
            self._backward(found)
        return found

    def _backward(self, found: dict[StepValue, str]) -> None:
        network, verdict = self.network, self.found.verdict
        values: list[tuple[str, Array]] = []
        layers, X, y = self.found.layers, network.x(self.step), network.t(self.step)
        truth, biases, deltas = gradients(layers, X, y, verdict.loss if verdict else "squares")
        own = judged(self.found.taken, [verdict.loss]).deltas if verdict and self.found.taken else {}
        for k in range(len(network.places)):
            values.append((rf"\delta_{k + 1}", own.get(k + 1, deltas[k])))
        error = layers.forward(X)[1][-1] - y
        values.append(("e", error))
        for k, (g, b) in enumerate(zip(truth, biases, strict=True)):
            values.append((rf"\tfrac{{\partial L}}{{\partial W_{k + 1}}}", g))
            values.append((rf"\tfrac{{\partial L}}{{\partial b_{k + 1}}}", b))
        for node in self.step.nodes:
            if node in found or not node.names or np.ndim(node.value) != 2 or node.op == "leaf":
                continue
            for symbol, value in values:
                array = np.asarray(node.value, dtype=np.float64)
                for turned in (array, array.T):
                    if turned.shape == value.shape and _along(turned, value) and (
                        turned is array or network.columns or network.places[0].flipped
                    ):  # fmt: skip
                        found.setdefault(node, _times(turned, value) + symbol)

    def lines(self) -> list[CodeLine]:
        """The lines, those of loops inside included."""
        made: list[CodeLine] = []
        weights = set(self.network.names)
        changed = {id(node) for name in weights for node in self.found.first.updates(name)}
        for node in self.found.first.body:
            text = self.text[node.lineno - 1].strip()
            nodes = [(name, n) for n in self.step.nodes for line, name in n.names if line == node.lineno]
            made.append(CodeLine(node.lineno, text, self._role(node, nodes, changed), self._tex(node, nodes), nodes))
        return made

    def _role(self, node: ast.stmt, nodes: list[tuple[str, StepValue]], changed: set[int]) -> str:
        if id(node) in changed:
            return "update"
        if self.step.raised is not None and node.lineno == self.step.raised.line:
            return "raises"
        if not nodes:
            return "report" if isinstance(node, (ast.Expr, ast.If)) else ""
        last = self.step.nodes[self.network.places[-1].a]
        target = self.network.y
        forward = self.needs[last]
        if all(n.order <= last.order and not self._uses(n, target) for _, n in nodes):
            return "forward"
        if any(self._uses(n, target) for _, n in nodes):
            return "loss" if all(np.ndim(n.value) == 0 for _, n in nodes) else "backward"
        return "forward" if all(self.needs[n] <= forward for _, n in nodes) else ""

    def _uses(self, node: StepValue, order: int | None) -> bool:
        if order is None:
            return False
        names = {self.network.target} - self.needs[self.step.nodes[self.network.X]]
        return bool(names & self.needs[node])

    # LaTeX -----------------------------------------------------------------------------------------------------------

    def _tex(self, node: ast.stmt, nodes: list[tuple[str, StepValue]]) -> str:
        plain = (ast.Name, ast.Subscript)
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], plain):
            left = self.symbols.get(nodes[-1][1]) if nodes else None
            name = ast.unparse(node.targets[0])
            right = self.tex(node.value)
            weight = self._weight_symbol(name)
            made = weight or left or _name(name)
            if len(right) >= _LONG or made == right:
                return ""
            return rf"{made} \leftarrow {right}" if weight else f"{made} = {right}"
        if isinstance(node, ast.AugAssign) and isinstance(node.target, plain):
            made = self._weight_symbol(ast.unparse(node.target)) or _name(ast.unparse(node.target))
            op = {ast.Add: "+", ast.Sub: "-", ast.Mult: r"\cdot", ast.Div: "/"}.get(type(node.op), "?")
            return rf"{made} \leftarrow {made} {op} {self.tex(node.value)}"
        return ""

    def _weight_symbol(self, name: str) -> str:
        for k, place in enumerate(self.network.places):
            if name == place.weight:
                return f"W_{k + 1}"
            if name == place.bias:
                return f"b_{k + 1}"
        return ""

    def tex(self, node: ast.expr, tight: bool = False) -> str:
        """An expression in LaTeX, in brackets where it stands in a product and is a sum."""
        seen = self.found.step.seen.get(node)
        if isinstance(node, ast.Name):
            if isinstance(seen, StepValue) and seen in self.symbols:
                return _held(self.symbols[seen])
            return self._weight_symbol(node.id) or _held(self.named.get(node.id, "")) or self._scalar(node, seen)
        if isinstance(node, ast.Subscript) and isinstance(seen, StepValue) and seen in self.symbols:
            return _held(self.symbols[seen])
        known = self._activation(node, seen)
        if known:
            return known
        made = self._shape_of_expression(node)
        weak = isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub))
        return rf"\left({made}\right)" if tight and (weak or isinstance(node, ast.UnaryOp)) else made

    def _scalar(self, node: ast.Name, seen: Any) -> str:
        if isinstance(seen, (int, float)) and self.found.rate is not None and float(seen) == self.found.rate:
            return r"\eta"
        return _name(node.id)

    def _activation(self, node: ast.expr, seen: Any) -> str:
        """The expression of a layer, however its activation is spelled."""
        for place in self.network.places:
            if isinstance(seen, StepValue) and seen.order == place.a and place.a != place.z:
                inner = next(
                    (part for part in ast.walk(node) if isinstance(part, ast.expr)
                     and isinstance(held := self.step.seen.get(part), StepValue) and held.order == place.z), None
                )  # fmt: skip
                if inner is not None:
                    return rf"{place.activation.tex}\left({self.tex(inner)}\right)"
                if isinstance(node, ast.Call):
                    return rf"{place.activation.tex}\left({self.symbols[self.step.nodes[place.z]]}\right)"
        return ""

    def _shape_of_expression(self, node: ast.expr) -> str:
        if isinstance(node, ast.Constant):
            return str(node.value) if isinstance(node.value, (int, float)) else r"\ldots"
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return f"-{self.tex(node.operand, True)}"
        if isinstance(node, ast.BinOp):
            return self._binary(node)
        if isinstance(node, ast.Attribute) and node.attr == "T":
            return rf"{self._base(node.value)}^\top"
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            sign = {ast.Gt: ">", ast.GtE: r"\ge", ast.Lt: "<", ast.LtE: r"\le", ast.Eq: "="}.get(type(node.ops[0]), "?")
            return rf"\left[{self.tex(node.left)} {sign} {self.tex(node.comparators[0])}\right]"
        if isinstance(node, ast.Subscript):
            return rf"{self._base(node.value)}[\ldots]"
        return r"\ldots"

    def _base(self, node: ast.expr) -> str:
        made = self.tex(node)
        return made if isinstance(node, ast.Name) else rf"\left({made}\right)"

    def _binary(self, node: ast.BinOp) -> str:
        if isinstance(node.op, ast.Div):
            return rf"\frac{{{self.tex(node.left)}}}{{{self.tex(node.right)}}}"
        if isinstance(node.op, ast.Pow):
            return rf"{self._base(node.left)}^{{{self.tex(node.right)}}}"
        if isinstance(node.op, (ast.Mult, ast.MatMult)):
            if isinstance(node.op, ast.MatMult):
                return self._product(node.left, node.right)
            sign = r"\odot " if self._by_elements(node) else r"\,"
            return f"{self.tex(node.left, True)} {sign}{self.tex(node.right, True)}"
        sign = "+" if isinstance(node.op, ast.Add) else "-"
        right = self.tex(node.right, tight=sign == "-")
        return f"{self.tex(node.left)} {sign} {right}"

    def _by_elements(self, node: ast.expr) -> bool:
        """Whether an expression multiplies two arrays element by element."""
        if isinstance(node, ast.Call):
            return getattr(node.func, "attr", "") == "multiply"
        sides = (node.left, node.right) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) else ()
        return bool(sides) and all(np.ndim(getattr(self.step.seen.get(side), "value", 0.0)) for side in sides)

    def _product(self, left: ast.expr, right: ast.expr) -> str:
        """A product of matrices; it binds closer than one element by element, which has brackets in it."""
        parts = [(part, self.tex(part, True)) for part in (left, right)]
        return r" \, ".join(rf"\left({made}\right)" if self._by_elements(part) else made for part, made in parts)

    def _call(self, node: ast.Call) -> str:
        name = called(node)
        module = isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
        of_module = module and node.func.value.id in ("np", "numpy", "math")  # type: ignore[attr-defined]
        args = list(node.args)
        if isinstance(node.func, ast.Attribute) and not of_module:
            args.insert(0, node.func.value)
        if name in ("dot", "matmul") and len(args) == 2:
            return self._product(args[0], args[1])
        if name in ("multiply",) and len(args) == 2:
            return rf"{self.tex(args[0], True)} \odot {self.tex(args[1], True)}"
        if name in ("maximum", "minimum") and len(args) == 2:
            return rf"\{name[:3]}\left({self.tex(args[0])}, {self.tex(args[1])}\right)"
        if name in ("square", "power") and args:
            return rf"{self._base(args[0])}^{{{self.tex(args[1]) if len(args) > 1 else 2}}}"
        if name in ("sum", "mean") and args:
            return rf"{_FUNCTIONS[name]}\left({self.tex(args[0])}\right)"
        if name in _FUNCTIONS and len(args) == 1:
            return rf"{_FUNCTIONS[name]}\left({self.tex(args[0])}\right)"
        if name in ("copy", "array", "asarray", "astype") and args:
            return self.tex(args[0])
        slope = self._slope(node, args)
        if slope:
            return slope
        inside = ", ".join(self.tex(arg) for arg in args[:3])
        return rf"\operatorname{{{_plain(name)}}}\left({inside}\right)"

    def _slope(self, node: ast.Call, args: list[ast.expr]) -> str:
        """A function of the program that gives a slope: written out, by what it gives."""
        held = self.step.seen.get(node)
        given = self.step.seen.get(args[0]) if args else None
        if not isinstance(held, StepValue) or not isinstance(given, StepValue) or held.shape != given.shape:
            return ""
        value, result = np.asarray(given.value, dtype=np.float64), np.asarray(held.value, dtype=np.float64)
        inside = self.tex(args[0])
        forms = [
            (value * (1 - value), rf"{inside} \odot (1 - {inside})"),
            (1 - value**2, rf"\left(1 - {inside}^2\right)"),
            ((value > 0) * 1.0, rf"\left[{inside} > 0\right]"),
        ]
        return next((tex for form, tex in forms if np.allclose(form, result, rtol=1e-9, atol=1e-12)), "")


def _along(a: Array, b: Array) -> bool:
    """Whether two arrays are the same up to a factor."""
    size = float(np.linalg.norm(a) * np.linalg.norm(b))
    return size > 0 and abs(float(np.vdot(a, b))) > (1 - 1e-10) * size


def _times(a: Array, b: Array) -> str:
    """The factor of a beside b as it is written before b's symbol: a sign, a short number, or nothing."""
    ratio = float(np.vdot(a, b) / np.vdot(b, b))
    number = f"{abs(ratio):.10g}"
    return ("-" if ratio < 0 else "") + ("" if number == "1" or len(number) > 6 else rf"{number}\,")


def _held(symbol: str) -> str:
    """A symbol as it stands in an expression: one with a sign in brackets."""
    return rf"\left({symbol}\right)" if symbol.startswith("-") else symbol


def _plain(name: str) -> str:
    return name.replace("_", r"\_")


def _name(name: str) -> str:
    return rf"\text{{{_plain(name)}}}"


ROLES = {"forward": "forward", "backward": "backward", "update": "update", "loss": "loss", "raises": "**raises**",
         "report": "report", "": ""}  # fmt: skip


def table(lines: list[CodeLine], axes: dict[StepValue, Axes]) -> Table:
    """The lines as a table: number, code, formula, shapes, pass."""
    rows: list[list[Cell]] = []
    for line in lines:
        shapes = [shape_text(node.shape, axes.get(node, ())) for _, node in line.made]
        shown = "; ".join(dict.fromkeys(shapes)) if line.made else ""
        code = line.text.replace("`", "'")
        rows.append([str(line.number), f"`{code}`", f"${line.tex}$" if line.tex else "", shown, ROLES[line.role]])
    columns = [Column("Line", align="right"), Column("Code"), Column("In mathematics"), Column("Shape"), Column("Pass")]
    return Table(columns, rows, "The loop, line by line; ⊙ multiplies element by element")
