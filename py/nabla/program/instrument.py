"""The tree of a program with a call at each expression and assignment, so that a trace can be kept of what it does.

The calls have names with an `@`, as those of the guard, and do what the expressions did: values, types and errors stay
those of the program. The result is then rewritten for the guard as any program is.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence
from typing import Any, cast

from nabla.program.rewrite import at, call, name

_BINARY = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv", ast.Mod: "mod",
    ast.Pow: "pow", ast.MatMult: "matmul", ast.BitAnd: "and_", ast.BitOr: "or_", ast.BitXor: "xor",
    ast.LShift: "lshift", ast.RShift: "rshift",
}  # fmt: skip
_COMPARED = {ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne"}
_LITERALS = 64  # items of a list whose numbers may be weights
_LEFT = frozenset("super type isinstance print".split())


def marked(tree: ast.Module) -> list[ast.AST]:
    """Number every node of a tree, as its attribute `place`; the nodes by their numbers."""
    nodes = list(ast.walk(tree))
    for place, node in enumerate(nodes):
        node.place = place  # type: ignore[attr-defined]
    return nodes


def instrumented(tree: ast.Module) -> ast.Module:
    """A copy of a marked tree, with the calls in it."""
    return cast(ast.Module, ast.fix_missing_locations(_Instrument(_moved(tree)).visit(copy.deepcopy(tree))))


def _moved(tree: ast.Module) -> set[str]:
    """The texts of what a program adds computed values to, and uses as no index and no number of turns.

    Such a value may be a weight though it starts as a whole number, `b = 0`: it is a float from the first step on.
    """
    found: set[str] = set()
    counted: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.AugAssign) and isinstance(node.op, (ast.Add, ast.Sub)):
            found |= set() if isinstance(node.value, ast.Constant) else {ast.unparse(node.target)}
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp) and not _is_count(node.value):
            targets = {ast.unparse(target) for target in node.targets}
            found |= targets & {ast.unparse(side) for side in (node.value.left, node.value.right)}
        elif isinstance(node, ast.Subscript):
            counted |= {ast.unparse(part) for part in ast.walk(node.slice) if isinstance(part, ast.expr)}
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "range":
            counted |= {ast.unparse(part) for arg in node.args for part in ast.walk(arg) if isinstance(part, ast.expr)}
    return found - counted


def _is_count(node: ast.BinOp) -> bool:
    return not isinstance(node.op, (ast.Add, ast.Sub)) or isinstance(node.right, ast.Constant)


def _place(node: ast.AST) -> ast.Constant:
    return ast.Constant(node.place)  # type: ignore[attr-defined]


def _load(target: ast.expr) -> ast.expr:
    """A target as what is read from it."""
    made = copy.deepcopy(target)
    for part in ast.walk(made):
        if isinstance(part, (ast.Name, ast.Attribute, ast.Subscript, ast.Starred, ast.Tuple, ast.List)):
            part.ctx = ast.Load()
    return made


def _simple(node: ast.expr) -> bool:
    """Whether reading an expression a second time does nothing and costs nothing."""
    return not any(isinstance(part, (ast.Call, ast.NamedExpr, ast.Lambda, ast.BinOp)) for part in ast.walk(node))


class _Instrument(ast.NodeTransformer):
    def __init__(self, moved: set[str]) -> None:
        self.temporary = 0
        self.moved = moved

    def _own(self, what: str) -> str:
        self.temporary += 1
        return f"@{what}{self.temporary}"

    # Expressions -----------------------------------------------------------------------------------------------------

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """`a + b` by the trace."""
        literal = [isinstance(side, ast.Constant) for side in (node.left, node.right)]
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, ast.Sub) and not all(literal):
            known = ast.Tuple([ast.Constant(side) for side in literal], ast.Load())
            return at(node, call("@minus", _place(node), left, right, known))
        return at(node, call("@binary", _place(node), ast.Constant(_BINARY[type(node.op)]), left, right))

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        """`-a` by the trace; `not a` and signs of numbers stay."""
        if not isinstance(node.op, (ast.USub, ast.Invert)) or isinstance(node.operand, ast.Constant):
            node.operand = self.visit(node.operand)
            return node
        op = "neg" if isinstance(node.op, ast.USub) else "invert"
        return at(node, call("@unary", _place(node), ast.Constant(op), self.visit(node.operand)))

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        """`a < b` by the trace."""
        node.left = self.visit(node.left)
        node.comparators = [self.visit(other) for other in node.comparators]
        op = _COMPARED.get(type(node.ops[0])) if len(node.ops) == 1 else None
        if op is None:
            return node
        return at(node, call("@binary", _place(node), ast.Constant(op), node.left, node.comparators[0]))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """A call by the trace, its function read as it was."""
        node.args = [self.visit(arg) for arg in node.args]
        node.keywords = [ast.keyword(word.arg, self.visit(word.value)) for word in node.keywords]
        if isinstance(node.func, ast.Name) and node.func.id in _LEFT:
            return node
        if isinstance(node.func, ast.Attribute):
            node.func.value = self.visit(node.func.value)
        elif not isinstance(node.func, ast.Name):
            node.func = self.visit(node.func)
        text = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "call")
        return at(
            node, ast.Call(name("@call"), [_place(node), ast.Constant(text), node.func, *node.args], node.keywords)
        )

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """What an attribute gave."""
        if not isinstance(node.ctx, ast.Load):
            return node
        place = _place(node)
        node.value = self.visit(node.value)
        return at(node, call("@seen", place, node))

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """What a name held."""
        return at(node, call("@seen", _place(node), node)) if isinstance(node.ctx, ast.Load) else node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """`a[i]` by the trace."""
        if not isinstance(node.ctx, ast.Load):
            return node
        return at(node, call("@item", _place(node), self.visit(node.value), self._index(node.slice)))

    def _index(self, node: ast.expr) -> ast.expr:
        """An index as a value: slices by the calls that make them."""
        if isinstance(node, ast.Slice):
            ends = [
                ast.Constant(None) if end is None else self.visit(end) for end in (node.lower, node.upper, node.step)
            ]
            return at(node, call("@slice", *ends))
        if isinstance(node, ast.Tuple):
            return at(node, ast.Tuple([self._index(item) for item in node.elts], ast.Load()))
        return cast(ast.expr, self.visit(node))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        """Texts stay as they are."""
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        """Its body."""
        node.body = self.visit(node.body)
        return node

    # Statements ------------------------------------------------------------------------------------------------------

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        """What is assigned is told under the text of its target."""
        node.value = self._literals(node.value, node.targets[0])
        if len(node.targets) == 1 and isinstance(node.targets[0], ast.Subscript):
            return self._stored(node, node.targets[0], node.value)
        return [node, *self._told(node.targets, node)]

    def _literals(self, node: ast.expr, target: ast.expr | None = None) -> ast.expr:
        """An assigned value in which numbers that stand as they are, also in lists, are values of their own."""
        if isinstance(node, (ast.List, ast.Tuple)) and len(node.elts) <= _LITERALS:
            alike = isinstance(target, (ast.List, ast.Tuple)) and len(target.elts) == len(node.elts)
            targets = target.elts if alike else [None] * len(node.elts)  # type: ignore[union-attr]
            node.elts = [self._literals(item, to) for item, to in zip(node.elts, targets, strict=True)]
            return node
        inner = node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else node
        kinds = (float, int) if target is not None and ast.unparse(target) in self.moved else (float,)
        if isinstance(inner, ast.Constant) and type(inner.value) in kinds:
            return at(node, call("@literal", _place(node), node))
        return cast(ast.expr, self.visit(node))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        """Its value."""
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def _stored(self, node: ast.stmt, target: ast.Subscript, value: ast.expr) -> list[ast.stmt]:
        """`a[i] = v`, its parts read once."""
        if not _simple(target.value):
            return [at(node, ast.Assign([target], value))]
        held, index = self._own("value"), self._own("index")
        text = ast.Constant(ast.unparse(target))
        plain = ast.Subscript(target.value, ast.Name(index, ast.Load()), ast.Store())
        told = call("@stored", text, _place(node), _load(target.value), name(index), name(held))
        made = [
            ast.Assign([ast.Name(held, ast.Store())], value),
            ast.Assign([ast.Name(index, ast.Store())], self._index(target.slice)),
            ast.Assign([plain], name(held)),
            ast.Expr(told),
        ]
        return [at(node, statement) for statement in made]

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt | list[ast.stmt]:
        """In place, as CPython does it, by the trace."""
        value, target = self.visit(node.value), node.target
        op = ast.Constant(f"i{_BINARY[type(node.op)].rstrip('_')}")
        if not isinstance(target, ast.Name) and not _simple(target.value):
            node.value = value
            return node
        if isinstance(target, ast.Subscript):
            index = self._own("index")
            read = call("@item", _place(target), _load(target.value), name(index))
            held = self._own("value")
            text = ast.Constant(ast.unparse(target))
            plain = ast.Subscript(target.value, name(index), ast.Store())
            made: list[ast.stmt] = [
                ast.Assign([ast.Name(index, ast.Store())], self._index(target.slice)),
                ast.Assign([ast.Name(held, ast.Store())], call("@augmented", _place(node), op, read, value)),
                ast.Assign([plain], name(held)),
                ast.Expr(call("@stored", text, _place(node), _load(target.value), name(index), name(held))),
            ]
            return [at(node, statement) for statement in made]
        changed = call("@augmented", _place(node), op, _load(target), value)
        return [at(node, ast.Assign([target], changed)), *self._told([target], node)]

    def _told(self, targets: Sequence[ast.expr], node: ast.AST) -> list[ast.stmt]:
        found: list[ast.expr] = []
        for target in targets:
            found += _leaves(target)
        made = [call("@named", ast.Constant(ast.unparse(leaf)), _place(node), _load(leaf)) for leaf in found
                if isinstance(leaf, ast.Name) or _simple(leaf)]  # fmt: skip
        return [at(node, ast.Expr(value)) for value in made]

    def visit_For(self, node: ast.For) -> list[ast.stmt]:
        """Each turn is told once its variables are set, and the end of the loop."""
        place = _place(node)
        node.iter = self.visit(node.iter)
        node.body, node.orelse = self._block(node.body), self._block(node.orelse)
        turn = at(node, ast.Expr(call("@turned", place)))
        node.body = [*self._told([node.target], node), turn, *node.body]
        return [node, at(node, ast.Expr(call("@left", place)))]

    def visit_While(self, node: ast.While) -> list[ast.stmt]:
        """Each turn is told, and the end of the loop."""
        place = _place(node)
        node.test = self.visit(node.test)
        node.body, node.orelse = self._block(node.body), self._block(node.orelse)
        node.body = [at(node, ast.Expr(call("@turned", place))), *node.body]
        return [node, at(node, ast.Expr(call("@left", place)))]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Its body."""
        head = node.body[:1] if ast.get_docstring(node, clean=False) is not None else []
        node.body = [*head, *self._block(node.body[len(head) :])]
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        """The bodies of its functions."""
        node.body = [self.visit(part) if isinstance(part, (ast.FunctionDef, ast.ClassDef)) else part
                     for part in node.body]  # fmt: skip
        return node

    def visit_Match(self, node: ast.Match) -> ast.Match:
        """Its subject and the bodies of its cases."""
        node.subject = self.visit(node.subject)
        for case in node.cases:
            case.body = self._block(case.body)
        return node

    def visit_Delete(self, node: ast.Delete) -> ast.Delete:
        """As it is."""
        return node

    def _block(self, body: Sequence[ast.stmt]) -> list[ast.stmt]:
        done: list[ast.stmt] = []
        for statement in body:
            made: Any = self.visit(statement)
            done += made if isinstance(made, list) else [made]
        return done


def _leaves(target: ast.expr) -> list[ast.expr]:
    if isinstance(target, (ast.Tuple, ast.List)):
        return [leaf for item in target.elts for leaf in _leaves(item)]
    return _leaves(target.value) if isinstance(target, ast.Starred) else [target]
