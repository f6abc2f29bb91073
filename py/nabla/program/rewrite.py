"""The checked tree rewritten: every attribute, import, loop turn and call of a function goes through the guard.

What the guard supplies is called by names with an `@`, which no program can spell. Lines and columns stay those of
the source, so that tracebacks are CPython's own.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from nabla.program import hooks, patterns
from nabla.program.source import is_special

FIELDS = "@fields"  # under this name a class keeps what its annotations named, in order
_BINARY: dict[type[ast.operator], str] = {ast.Mult: "@mul", ast.Pow: "@pow", ast.LShift: "@shift", ast.Mod: "@mod"}
_WIDE = re.compile(r"\d{4}")
Node = TypeVar("Node", bound=ast.AST)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an observer wants to be told of.

    Attributes:
        names: every assignment to a name, `@bound(name, value)`.
        literals: numbers assigned as they stand, which go through `@literal(value)`.
        turns: loops as they are entered, turn and are left.
        fields: attributes that are told of, `@kept(value, attribute)`, when they are set on what has a name.
        heads: the names of the place at each turn of a loop and behind it, `@head(line, names)`, `@left(line, names)`.
        repeated: the line of a loop whose turns `@repeat(line, names)` may ask for again, with other values.
        edits: every assignment, `@edited(text, value)` gives what a name is bound to.
        operands: differences and sums, `@operated(operator, a, b, line, column)` gives the result.
    """

    names: bool = False
    literals: bool = False
    turns: bool = False
    fields: frozenset[str] = frozenset()
    heads: bool = False
    repeated: int = 0
    edits: bool = False
    operands: bool = False


def rewritten(tree: ast.Module, wishes: Wishes) -> ast.Module:
    """A copy of the tree that is safe to compile and to run with the guard's names."""
    made = _Rewriter(wishes).visit(copy.deepcopy(tree))
    return cast(ast.Module, ast.fix_missing_locations(made))


def name(text: str) -> ast.Name:
    """The name as an expression."""
    return ast.Name(text, ast.Load())


def call(function: str, *args: ast.expr) -> ast.Call:
    """A call of what the guard supplies."""
    return ast.Call(name(function), list(args), [])


def at(node: ast.AST, made: Node) -> Node:
    """`made`, all of it standing where `node` stands."""
    ast.copy_location(made, node)
    for child in ast.walk(made):
        if child is not made and "lineno" in child._attributes and not hasattr(child, "lineno"):
            ast.copy_location(child, node)
    return made


def _number(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        node = node.operand
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


class _Rewriter(ast.NodeTransformer):
    def __init__(self, wishes: Wishes) -> None:
        self.wishes = wishes
        self.classes: list[str] = []
        self.in_class = False
        self.matches = 0

    # Attributes ------------------------------------------------------------------------------------------------------

    def _mangled(self, attribute: str) -> str:
        """The name that CPython makes of `__x` inside a class."""
        if self.classes and attribute.startswith("__") and not attribute.endswith("__"):
            owner = self.classes[-1].lstrip("_")
            return f"_{owner}{attribute}" if owner else attribute
        return attribute

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Reads ask the guard unless the value is of a plain class of the program; writes go to what it allows."""
        inner = self.visit(node.value)
        if not isinstance(node.ctx, ast.Load):
            target = self._unless_own(inner, inner, "@write") if isinstance(inner, ast.Name) else call("@write", inner)
            return at(node, ast.Attribute(target, node.attr, node.ctx))
        attribute = ast.Constant(self._mangled(node.attr))
        if isinstance(inner, ast.Name) and not is_special(node.attr):
            read = ast.Attribute(inner, node.attr, ast.Load())
            return at(node, self._unless_own(inner, read, "@get", attribute))
        return at(node, call("@get", inner, attribute))

    @staticmethod
    def _unless_own(value: ast.Name, own: ast.expr, guard: str, *args: ast.expr) -> ast.expr:
        kind = call("@type", ast.Name(value.id, ast.Load()))
        test = ast.Compare(kind, [ast.In()], [name("@own")])
        return ast.IfExp(test, own, call(guard, ast.Name(value.id, ast.Load()), *args))

    # Operators -------------------------------------------------------------------------------------------------------

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """What can make very large values of small ones is measured before."""
        self.generic_visit(node)
        if self.wishes.operands and isinstance(node.op, (ast.Add, ast.Sub)):
            place = (ast.Constant(node.lineno), ast.Constant(node.col_offset))
            return at(node, call("@operated", ast.Constant(type(node.op).__name__), node.left, node.right, *place))
        guard = _BINARY.get(type(node.op))
        plain = guard is None or any(
            isinstance(side, ast.Constant) and type(side.value) is float for side in (node.left, node.right)
        )
        if plain or guard is None:
            return node
        return at(node, call(guard, node.left, node.right))

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        """In place as CPython does it; the other operand is measured where it could make the result very large."""
        kept = self._kept([node.target], node)
        self.generic_visit(node)
        if type(node.op) in _BINARY:
            if isinstance(node.target, ast.Name):
                left = ast.Name(node.target.id, ast.Load())
                helper = _BINARY[type(node.op)].replace("@", "@in_")
                made: ast.stmt = ast.Assign([node.target], call(helper, left, node.value))
            else:
                checked = call("@operand", ast.Constant(_BINARY[type(node.op)][1:]), node.value)
                made = ast.AugAssign(node.target, node.op, checked)
            made = at(node, made)
        else:
            made = node
        return [made, *kept, *self._told([node.target], node)]

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        """Formats that are wide, or made at run time, go through the guard."""
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                part.value = self.visit(part.value)
                spec = cast("ast.JoinedStr | None", part.format_spec)
                if spec is None:
                    continue
                part.format_spec = self.visit_JoinedStr(spec)
                fixed = all(isinstance(piece, ast.Constant) for piece in spec.values)
                if not fixed or any(_WIDE.search(str(p.value)) for p in spec.values if isinstance(p, ast.Constant)):
                    conversion = ast.Constant(part.conversion)
                    part.value = at(part, call("@format", part.value, part.format_spec, conversion))
                    part.format_spec, part.conversion = None, -1
        return node

    # Assignments -----------------------------------------------------------------------------------------------------

    def _told(self, targets: Iterable[ast.expr], node: ast.AST) -> list[ast.stmt]:
        """Statements that tell the observer what names are bound now."""
        if self.wishes.edits and not self.in_class:
            return [at(node, made) for target in targets for made in hooks.edits(target)]
        if not self.wishes.names or self.in_class:
            return []
        bound = [n.id for target in targets for n in ast.walk(target)
                 if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]  # fmt: skip
        return [at(node, ast.Expr(call("@bound", ast.Constant(n), name(n)))) for n in bound if n[0] != "@"]

    def _literal(self, value: ast.expr) -> ast.expr:
        if not self.wishes.literals:
            return self.visit(value)  # type: ignore[no-any-return]
        if _number(value):
            return at(value, call("@literal", value))
        if isinstance(value, ast.Tuple) and value.elts and all(map(_number, value.elts)):
            return at(value, ast.Tuple([call("@literal", item) for item in value.elts], ast.Load()))
        return self.visit(value)  # type: ignore[no-any-return]

    def _kept(self, targets: Iterable[ast.expr], node: ast.AST) -> list[ast.stmt]:
        """Statements that tell the observer what attributes are set now."""
        if not self.wishes.fields:
            return []
        kept = [n for target in targets for n in ast.walk(target)
                if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store) and n.attr in self.wishes.fields
                and isinstance(n.value, ast.Name)]  # fmt: skip
        return [at(node, ast.Expr(call("@kept", name(n.value.id), ast.Constant(n.attr)))) for n in kept]  # type: ignore[attr-defined]

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        """An assignment, and the observer is told."""
        kept = self._kept(node.targets, node)
        node.value = self._literal(node.value)
        node.targets = [self.visit(target) for target in node.targets]
        return [node, *kept, *self._told(node.targets, node)]

    def visit_AnnAssign(self, node: ast.AnnAssign) -> list[ast.stmt]:
        """Annotations are dropped; in a class their names are kept, for data classes."""
        fields: list[ast.stmt] = []
        if self.in_class and isinstance(node.target, ast.Name):
            listed = ast.Tuple([ast.Constant(node.target.id)], ast.Load())
            fields = [at(node, ast.AugAssign(ast.Name(FIELDS, ast.Store()), ast.Add(), listed))]
        if node.value is None:
            return fields or [at(node, ast.Pass())]
        made = at(node, ast.Assign([node.target], node.value))
        return [*self.visit_Assign(made), *fields]

    def visit_withitem(self, node: ast.withitem) -> ast.withitem:
        """As it is."""
        self.generic_visit(node)
        return node

    def visit_With(self, node: ast.With) -> ast.With:
        """What it binds is told."""
        self.generic_visit(node)
        bound = [item.optional_vars for item in node.items if item.optional_vars is not None]
        node.body = [*self._told(bound, node), *node.body]
        return node

    # Loops and functions ---------------------------------------------------------------------------------------------

    def visit_For(self, node: ast.For) -> Any:
        """Each turn is counted."""
        self.generic_visit(node)
        node.iter = at(node.iter, call("@loop", _plain_range(node.iter), ast.Constant(node.lineno)))
        node.body = [*self._told([node.target], node), *node.body]
        return hooks.watched(node, self.wishes.heads, self.wishes.repeated)

    def visit_While(self, node: ast.While) -> ast.stmt:
        """Each turn is counted; for who wants it, entering and leaving is told."""
        self.generic_visit(node)
        line = ast.Constant(node.lineno)
        turn = call("@turn", line) if self.wishes.turns else call("@tick")
        watched = hooks.watched(node, self.wishes.heads, self.wishes.repeated)
        node.body = [at(node, ast.Expr(turn)), *node.body]
        if not self.wishes.turns:
            return node
        enter, leave = (at(node, ast.Expr(call(f"@{what}", line))) for what in ("enter", "leave"))
        return at(node, ast.Try(body=[enter, *watched], handlers=[], orelse=[], finalbody=[leave]))

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        """Each turn is counted."""
        self.generic_visit(node)
        node.iter = at(node.iter, call("@each", node.iter))
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        """Each call is counted."""
        self.generic_visit(node)
        node.body = at(node.body, ast.BoolOp(ast.Or(), [call("@tick"), *self._parameters(node.args), node.body]))
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        """Annotations are dropped."""
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Each call is counted."""
        node.returns = None
        node.decorator_list = [self.visit(item) for item in node.decorator_list]
        node.args = self.visit(node.args)
        before, self.in_class = self.in_class, False
        head = node.body[:1] if ast.get_docstring(node, clean=False) is not None else []
        body = self._block(node.body[len(head) :])
        self.in_class = before
        told: list[ast.stmt] = [at(node, ast.Expr(value)) for value in self._parameters(node.args)]
        node.body = [*head, at(node, ast.Expr(call("@tick"))), *told, *body]
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AsyncFunctionDef:
        """The same, of a program that is to pause: none is written so."""
        return cast(ast.AsyncFunctionDef, self.visit_FunctionDef(cast(ast.FunctionDef, node)))

    def _parameters(self, spec: ast.arguments) -> list[ast.expr]:
        """Calls that tell the observer what the parameters are."""
        if not self.wishes.names:
            return []
        parameters = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, *filter(None, (spec.vararg, spec.kwarg))]
        return [call("@bound", ast.Constant(p.arg), name(p.arg)) for p in parameters]

    def _block(self, body: Sequence[ast.stmt]) -> list[ast.stmt]:
        done: list[ast.stmt] = []
        for statement in body:
            made = self.visit(statement)
            done += made if isinstance(made, list) else [made]
        return done

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        """Bases are checked; names with annotations are kept in the class."""
        annotated = any(isinstance(item, ast.AnnAssign) for item in ast.walk(node))
        node.decorator_list = [self.visit(item) for item in node.decorator_list]
        bases = [self.visit(base) for base in node.bases]
        others: list[ast.keyword] = []
        for keyword in node.keywords:
            value = self.visit(keyword.value)
            if keyword.arg == "metaclass":
                bases.append(call("@metaclass", value))
            elif keyword.arg is None:
                bases.append(call("@metaclass", ast.Constant(None)))
            else:
                others.append(ast.keyword(keyword.arg, value))
        node.bases = [ast.Starred(call("@bases", *bases), ast.Load())] if bases else []
        node.keywords = others
        before, self.in_class = self.in_class, True
        self.classes.append(node.name)
        head = node.body[:1] if ast.get_docstring(node, clean=False) is not None else []
        body = self._block(node.body[len(head) :])
        self.classes.pop()
        self.in_class = before
        if annotated:
            empty = ast.Assign([ast.Name(FIELDS, ast.Store())], ast.Tuple([], ast.Load()))
            body = [at(node, empty), *body]
        node.body = [*head, *body] or [ast.Pass()]
        return node

    # Errors, patterns, imports ---------------------------------------------------------------------------------------

    def visit_Try(self, node: ast.Try) -> ast.Try:
        """A gap of ours passes every handler."""
        self.generic_visit(node)
        if node.handlers:
            again = at(node.handlers[0], ast.Expr(call("@again")))
            node.handlers.insert(0, at(node.handlers[0], ast.ExceptHandler(call("@uncaught"), None, [again])))
        return node

    def visit_Match(self, node: ast.Match) -> list[ast.stmt]:
        """`match` as tests, so that the guard reads the attributes that patterns name."""
        self.matches += 1
        made = patterns.as_tests(node, f"@match{self.matches}")
        return self._block([at(node, statement) for statement in made])

    def visit_Import(self, node: ast.Import) -> list[ast.stmt]:
        """Modules come from the guard."""
        done: list[ast.stmt] = []
        for alias in node.names:
            bound = alias.asname or alias.name.split(".")[0]
            value = call("@import", ast.Constant(alias.name), ast.Constant(alias.asname is None))
            done.append(at(node, ast.Assign([ast.Name(bound, ast.Store())], value)))
        return done

    def visit_ImportFrom(self, node: ast.ImportFrom) -> list[ast.stmt]:
        """Names of modules come from the guard; those of `__future__` change nothing here."""
        if node.module == "__future__":
            return [at(node, ast.Pass())]
        module = "." * node.level + (node.module or "")
        done: list[ast.stmt] = []
        for alias in node.names:
            if alias.name == "*":
                done.append(at(node, ast.Expr(call("@star", ast.Constant(module)))))
                continue
            value = call("@from", ast.Constant(module), ast.Constant(alias.name))
            done.append(at(node, ast.Assign([ast.Name(alias.asname or alias.name, ast.Store())], value)))
        return done


def _plain_range(node: ast.expr) -> ast.expr:
    """`range(...)` as what a loop goes through, which may be long: its turns are counted."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
        return at(node, ast.Call(call("@range", name("range")), node.args, node.keywords))
    return node
