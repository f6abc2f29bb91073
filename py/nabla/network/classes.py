"""A network written as a class, as the plain program that it runs: attributes as names, methods where they are called.

`self.W1` becomes one name with a dot in it, which no other can have. A method that works on the object is replaced by
its statements where it is called; one that only computes, such as `self.sigmoid`, becomes a function.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from nabla.network.machine import Problem

DEEP = 8  # methods inside methods
SEVERAL = "Paste the network as one class with one object, or its lines as a loop with the weights as plain names."


def without_classes(body: list[ast.stmt]) -> list[ast.stmt]:
    """The program with its class, if it has one, dissolved.

    Raises:
        Problem: several objects, or a class that is not read here.
    """
    classes = {node.name: node for node in body if isinstance(node, ast.ClassDef)}
    made = [(node, name) for node in body for name in [_class_made(node)] if name in classes]
    if not classes or not made:
        return body
    if len(made) > 1:
        raise Problem("forbidden", "networks of several objects are not read here.", SEVERAL, made[1][0])
    node, name = made[0]
    kind = classes[name]
    bases = [base for base in kind.bases if not (isinstance(base, ast.Name) and base.id == "object")]
    if bases:
        hint = "A network of PyTorch, with its gradients, is read by the lab Backprop."
        raise Problem("forbidden", "a class with a base is not read here.", hint, kind)
    assert isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    return _Dissolver(kind, node.targets[0].id, body).program(node)


def _class_made(node: ast.stmt) -> str:
    """The name of what is called in `net = Name(...)`."""
    plain = isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
    call = node.value if isinstance(node, ast.Assign) and plain else None
    return call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else ""


class _Renamer(ast.NodeTransformer):
    """Attributes of the object as names of their own, and local names as others."""

    def __init__(self, own: str, names: dict[str, str]) -> None:
        self.own, self.names = own, names

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id == self.own:
            return ast.copy_location(ast.Name(f"self.{node.attr}", node.ctx), node)
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self.names.get(node.id, node.id)
        return node


class _Dissolver:
    def __init__(self, kind: ast.ClassDef, variable: str, body: list[ast.stmt]) -> None:
        self.kind, self.variable, self.body = kind, variable, body
        self.methods = {node.name: node for node in kind.body if isinstance(node, ast.FunctionDef)}
        outside = [node for node in body if node is not kind]
        self.taken = {n.id for node in outside for n in ast.walk(node) if isinstance(n, ast.Name)}
        self.working = {name for name, method in self.methods.items() if self._works(method, set())}

    def program(self, start: ast.stmt) -> list[ast.stmt]:
        """The statements of the program."""
        done: list[ast.stmt] = []
        at = 0
        for node in self.body:
            if node is self.kind:
                at = len(done)
                constants = [n for n in self.kind.body if isinstance(n, (ast.Assign, ast.AnnAssign))]
                done += [self._as_attribute(constant) for constant in constants]
            elif node is start:
                assert isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
                if "__init__" in self.methods:
                    done += self._inlined("__init__", node.value, node, [])
            else:
                done += self._expanded([_Renamer(self.variable, {}).visit(copy.deepcopy(node))], [])
        return [*done[:at], *self._functions(done), *done[at:]]

    def _as_attribute(self, node: ast.Assign | ast.AnnAssign) -> ast.stmt:
        names = {name: f"self.{name}" for name in _stored(node)}
        made: ast.stmt = _Renamer("", names).visit(copy.deepcopy(node))
        return made

    def _own(self, method: ast.FunctionDef) -> str:
        """The name by which a method knows its object; none for a static one."""
        static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in method.decorator_list)
        return "" if static or not method.args.args else method.args.args[0].arg

    def _works(self, method: ast.FunctionDef, seen: set[str]) -> bool:
        """Whether a method reads or sets attributes that are no methods, itself or by those it calls."""
        own = self._own(method)
        for node in ast.walk(method):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == own:
                inner = self.methods.get(node.attr)
                if inner is None or (node.attr not in seen and self._works(inner, seen | {node.attr})):
                    return True
        return False

    def _expanded(self, body: list[ast.stmt], within: list[str]) -> list[ast.stmt]:
        """The statements with the calls of methods that work on the object replaced by what these do."""
        done: list[ast.stmt] = []
        for node in body:
            call = getattr(node, "value", None)
            name = self._called(call)
            if name in self.working and isinstance(call, ast.Call) and _ends(self.methods[name]):
                done += self._inlined(name, call, node, within)
                continue
            for part in ("body", "orelse"):
                inner = getattr(node, part, None)
                if isinstance(inner, list) and isinstance(node, (ast.For, ast.While, ast.If, ast.With)):
                    setattr(node, part, self._expanded(inner, within))
            done.append(node)
        return done

    def _called(self, call: ast.AST | None) -> str:
        """The method that a call is of, "" when of none."""
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id.startswith("self."):
            return call.func.id.removeprefix("self.")
        return ""

    def _inlined(self, name: str, call: ast.Call, node: ast.stmt, within: list[str]) -> list[ast.stmt]:
        if len(within) >= DEEP:
            raise Problem("too-deep", f"methods call each other more than {DEEP} deep.", "", node)
        method = self.methods[name]
        own = self._own(method)
        parameters = [arg.arg for arg in method.args.args][bool(own) :]
        defaults = method.args.defaults
        values: dict[str, ast.expr] = dict(zip(parameters[len(parameters) - len(defaults) :], defaults, strict=True))
        values |= dict(zip(parameters, call.args, strict=False))
        values |= {str(keyword.arg): keyword.value for keyword in call.keywords}
        missing = [parameter for parameter in parameters if parameter not in values]
        if missing or len(call.args) > len(parameters) or not set(values) <= set(parameters):
            raise Problem("value", f"{name}() is not called with the arguments that it takes.", "", node)
        # An argument that is a name stands for the parameter itself, where the method does not set that.
        stored = _stored(method)
        same = {
            parameter: value.id
            for parameter, value in values.items()
            if isinstance(value, ast.Name) and parameter not in stored and not value.id.startswith("self.")
        }
        busy = self.taken | {local for outer in within for local in self._locals(outer)}
        names = {local: f"{name}.{local}" for local in self._locals(name) if local in busy} | same
        done: list[ast.stmt] = []
        for parameter, value in values.items():
            if parameter not in same:
                target = ast.Name(names.get(parameter, parameter), ast.Store())
                done.append(ast.copy_location(ast.Assign([target], value), value))
        inner = [_Renamer(own, names).visit(copy.deepcopy(part)) for part in method.body]
        last = inner.pop() if isinstance(inner[-1], ast.Return) else None
        done += self._expanded([part for part in inner if not _is_text(part)], [*within, name])
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)) and name != "__init__":
            given = last.value if last is not None and last.value is not None else ast.Constant(None)
            made = copy.copy(node)
            made.value = given
            done += self._expanded([ast.copy_location(made, last or node)], [*within, name])
        return done

    def _locals(self, name: str) -> set[str]:
        method = self.methods[name]
        return (_stored(method) | {arg.arg for arg in method.args.args}) - {self._own(method)}

    def _functions(self, body: list[ast.stmt]) -> Iterator[ast.stmt]:
        """The methods that are still called, as functions."""
        waiting, known = list(body), set[str]()
        while waiting:
            for part in ast.walk(waiting.pop()):
                name = part.id.removeprefix("self.") if isinstance(part, ast.Name) and "." in part.id else ""
                if name in self.methods and name not in known:
                    known.add(name)
                    method = copy.deepcopy(self.methods[name])
                    own = self._own(method)
                    method.args.args = method.args.args[bool(own) :]
                    method.decorator_list = []
                    method = _Renamer(own, {}).visit(method)
                    method.name = f"self.{name}"
                    waiting.append(method)
                    yield method


def _stored(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _ends(method: ast.FunctionDef) -> bool:
    """Whether a method returns at its end or not at all."""
    returns = [node for node in ast.walk(method) if isinstance(node, ast.Return)]
    return not returns or (len(returns) == 1 and method.body[-1] is returns[0])


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
