"""Programs run on formulas behind the guard: NumPy on arrays of formulas, and branches that become cases."""

from __future__ import annotations

import ast
import copy
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import sympy as sp

from nabla.labs.descend.formula import Condition, TracedFormula, applied, is_symbolic, where
from nabla.program.evidence import Observer
from nabla.program.guard import Guard
from nabla.program.hooks import either

MOST = 4_000  # elements of an array of formulas
Table = Mapping[str, Any]


# NumPy on formulas ---------------------------------------------------------------------------------------------------


class FormulaArray(np.ndarray):
    """An array of formulas, on which NumPy's functions compute formulas."""

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **named: Any) -> Any:
        return of_ufunc(ufunc, method, inputs, named)

    def __array_function__(self, function: Any, types: Any, args: Any, named: Any) -> Any:
        return of_function(function, args, named)

    def astype(self, *_: Any, **__: Any) -> FormulaArray:
        """Formulas stay formulas."""
        return self.copy()


def formulas(value: Any) -> Any:
    """An array of formulas as such; others as they are."""
    if isinstance(value, np.ndarray) and value.dtype == object:
        if value.size > MOST:
            raise MemoryError(f"an array of more than {MOST:,} elements")
        return value.view(FormulaArray) if value.ndim else value.item()
    return value


def _plain(value: Any) -> Any:
    """Arrays and numbers as NumPy's own, of objects."""
    if isinstance(value, FormulaArray):
        return value.view(np.ndarray)
    if isinstance(value, (TracedFormula, Condition)):
        made = np.empty((), dtype=object)
        made[()] = value
        return made
    if isinstance(value, (list, tuple)) and is_symbolic(value):
        return type(value)(_plain(item) if isinstance(item, np.ndarray) else item for item in value)
    return value.astype(object) if isinstance(value, np.ndarray) and value.dtype.kind in "biuf" else value


_ORDER: dict[str, Callable[[Any, Any], Any]] = {
    "less": operator.lt, "less_equal": operator.le, "greater": operator.gt, "greater_equal": operator.ge,
    "equal": operator.eq, "not_equal": operator.ne, "logical_and": operator.and_, "logical_or": operator.or_,
}  # fmt: skip
_ARITHMETIC = frozenset(
    "add subtract multiply divide true_divide power negative positive absolute matmul square reciprocal vecdot".split()
)


def of_ufunc(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """What a function of NumPy gives for arrays of formulas, element by element or reduced.

    Raises:
        NotImplementedError: the function is not known for formulas.
    """
    out = named.pop("out", None)
    args = [_plain(value) for value in inputs]
    name = ufunc.__name__
    if method == "reduce" and name in ("maximum", "minimum"):
        result = _reduced(name, args[0], named.get("axis"))
    elif method != "__call__":
        named.pop("dtype", None)
        result = getattr(ufunc, method)(*args, **named)
    elif name in _ORDER:
        result = np.frompyfunc(_ORDER[name], 2, 1)(*args)
    elif name in _ARITHMETIC:
        result = ufunc(*args)
    elif name in ("isfinite", "isnan", "isinf"):
        result = np.full(np.shape(args[0]), name == "isfinite")
    else:
        result = applied(name, *(arg.item() if isinstance(arg, np.ndarray) and not arg.ndim else arg for arg in args))
    if out is None:
        return formulas(np.asarray(result, dtype=object)) if isinstance(result, np.ndarray) else result
    (target,) = out
    if target.dtype != object:
        raise NotImplementedError("formulas put into an array of numbers are not understood here")
    target.view(np.ndarray)[...] = result
    return target


def _reduced(name: str, array: Any, axis: Any) -> Any:
    if axis is None:
        return applied(name, *array.ravel())
    return np.apply_along_axis(lambda row: applied(name, *row), axis, array)


def of_function(function: Any, args: Any, named: dict[str, Any]) -> Any:
    """What another function of NumPy gives, on formulas."""
    own = _FUNCTIONS.get(function)
    if own is not None:
        return own(*args, **{key: value for key, value in named.items() if key not in ("out", "dtype")})
    named = {key: _plain(value) for key, value in named.items() if key not in ("out", "dtype")}
    result = function(*(_plain(value) for value in args), **named)
    return [formulas(item) for item in result] if isinstance(result, (list, tuple)) else formulas(result)


def _norm(x: Any, ord: Any = None, **_: Any) -> Any:
    array = np.asarray(x, dtype=object)
    if ord in (None, 2):
        return applied("sqrt", np.sum(array**2))
    if ord == 1 and array.ndim == 1:
        return np.sum(np.abs(array))
    raise NotImplementedError("this norm of the variables is not understood here")


def _variance(x: Any, **_: Any) -> Any:
    array = np.asarray(x, dtype=object)
    return np.mean((array - np.mean(array)) ** 2)


def _clip(x: Any, low: Any = None, high: Any = None, **_: Any) -> Any:
    x = x if low is None else applied("maximum", x, low)
    return formulas(x if high is None else applied("minimum", x, high))


def _not_here(*_: Any, **__: Any) -> Any:
    raise NotImplementedError("linear algebra on the variables is not understood here")


_FUNCTIONS: dict[Any, Callable[..., Any]] = {
    np.where: lambda *a: formulas(where(*map(_unwrapped, a))), np.linalg.norm: _norm, np.var: _variance,
    np.std: lambda x, **_: applied("sqrt", _variance(x)), np.clip: _clip, np.linalg.solve: _not_here,
    np.linalg.inv: _not_here, np.linalg.det: _not_here, np.linalg.lstsq: _not_here, np.linalg.eigh: _not_here,
    np.max: lambda x, axis=None, **_: _reduced("maximum", np.asarray(x, dtype=object), axis),
    np.min: lambda x, axis=None, **_: _reduced("minimum", np.asarray(x, dtype=object), axis),
}  # fmt: skip


def _unwrapped(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, FormulaArray) else value


for _kind in (TracedFormula, Condition):
    _kind.__array_ufunc__ = FormulaArray.__array_ufunc__  # type: ignore[union-attr]
    _kind.__array_function__ = FormulaArray.__array_function__  # type: ignore[union-attr]


def numpy_table(table: Table, tracing: Callable[[], bool]) -> dict[str, Any]:
    """NumPy's names; what makes arrays makes arrays of formulas of formulas, and while `tracing` all."""

    def array(name: str) -> Callable[..., Any]:
        def of_formulas(data: Any, *_: Any, **__: Any) -> Any:
            return formulas(np.array(data, dtype=object))

        return either(table[name], of_formulas, lambda args: bool(args) and is_symbolic(args[0]))

    def filled(name: str) -> Callable[..., Any]:
        def of_formulas(*args: Any, **named: Any) -> Any:
            made = table[name](*args, **named)
            return formulas(made.astype(object)) if made.dtype.kind in "biuf" else made

        return either(table[name], of_formulas, lambda _: tracing())

    made = {name: array(name) for name in ("array", "asarray", "asanyarray", "asfarray") if name in table}
    made |= {name: filled(name) for name in ("zeros", "ones", "empty", "full", "zeros_like", "ones_like", "empty_like",
                                             "full_like", "eye", "identity")}  # fmt: skip
    return {**table, **made}


_LONG = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "atan2": "arctan2", "pow": "power", "fabs": "abs"}
_KNOWN = ("exp log log2 log10 log1p expm1 sqrt sin cos tan asin acos atan sinh cosh tanh atan2 pow hypot fabs").split()


def math_table(table: Table) -> dict[str, Any]:
    """Python's `math`, its functions on formulas too."""

    def of(name: str) -> Callable[..., Any]:
        def of_formulas(*args: Any) -> Any:
            return applied(_LONG.get(name, name), *map(_one, args))

        return either(table[name], of_formulas, lambda args: any(map(is_symbolic, args)))

    return {**table, **{name: of(name) for name in _KNOWN}}


# Branches ------------------------------------------------------------------------------------------------------------


class Branches(Observer):
    """Rewrites a program so that a branch on formulas gives cases: an `if` that only sets names is done both ways.

    Other branches ask `bool` of a condition, and are run again for every way.
    """

    trace = "formulas"

    def prepared(self, tree: ast.Module) -> ast.Module:
        """The tree with its branches, and calls of what makes plain numbers, put to our functions."""
        made: ast.Module = _Rewritten().visit(copy.deepcopy(tree))
        return ast.fix_missing_locations(made)

    def functions(self, guard: Guard) -> dict[str, Callable[..., Any]]:
        """What the rewritten tree calls."""
        return {"@one": _one, "@open": is_open, "@choose": _choose, "@merge": where, "@known": _known}


def _one(test: Any) -> Any:
    """A condition out of an array of one."""
    return test.item() if isinstance(test, np.ndarray) and test.size == 1 else test


def is_open(test: Any) -> bool:
    """Whether a condition depends on the values of variables."""
    return isinstance(test, Condition) and test.expr not in (sp.true, sp.false)


def _choose(test: Any, a: Callable[[], Any], b: Callable[[], Any]) -> Any:
    test = _one(test)
    if is_open(test):
        return where(test, a(), b())
    return a() if test else b()


def _known(name: str, own: Callable[..., Any]) -> Callable[..., Any]:
    """A builtin function that takes formulas as well."""
    if name in ("float", "int"):
        return either(own, _one, lambda args: bool(args) and is_symbolic(_one(args[0])) and np.ndim(_one(args[0])) == 0)
    long = {"max": "maximum", "min": "minimum"}[name]

    def of_formulas(*args: Any, **_: Any) -> Any:
        return applied(long, *(args if len(args) > 1 else args[0]))

    return either(own, of_formulas, lambda args: is_symbolic(args if len(args) > 1 else args[0]))


def _load(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _called(name: str, *args: ast.expr) -> ast.Call:
    return ast.Call(_load(name), list(args), [])


def _lambda(body: ast.expr) -> ast.Lambda:
    return ast.Lambda(ast.arguments([], [], None, [], [], None, []), body)


class _Rewritten(ast.NodeTransformer):
    def __init__(self) -> None:
        self.count = 0
        self.bound: list[set[str]] = [set()]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        given = node.args
        self.bound.append({a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)})
        self.generic_visit(node)
        self.bound.pop()
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        for target in node.targets:
            self.bound[-1] |= {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
        return node

    def visit_For(self, node: ast.For) -> ast.AST:
        self.bound[-1] |= {n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)}
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in ("float", "int", "max", "min"):
            node.func = ast.copy_location(_called("@known", ast.Constant(node.func.id), node.func), node.func)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        return ast.copy_location(_called("@choose", node.test, _lambda(node.body), _lambda(node.orelse)), node)

    def visit_If(self, node: ast.If) -> ast.AST:
        if len(self.bound) < 2 or not _only_sets(node):
            self.generic_visit(node)
            return node
        then, other = _set_by(node.body), _set_by(node.orelse)
        before = set(self.bound[-1])
        self.generic_visit(node)
        self.bound[-1] |= then & other
        names = sorted(then | other)
        if not all(name in before or name in then & other for name in names):
            return node
        self.count += 1
        test = f"@test{self.count}"
        mark = f"@{self.count}"
        body, orelse = (_without_changes(copy.deepcopy(part)) for part in (node.body, node.orelse))
        kept = [name for name in names if name in before]
        both: list[ast.stmt] = [
            *[_assign(f"{mark}a{name}", _load(name)) for name in kept], *body,
            *[_assign(f"{mark}b{name}", _load(name)) for name in names],
            *[_assign(name, _load(f"{mark}a{name}")) for name in kept], *orelse,
            *[_assign(name, _called("@merge", _load(test), _load(f"{mark}b{name}"), _load(name))) for name in names],
        ]  # fmt: skip
        plain = ast.If(_load(test), node.body, node.orelse)
        made = [_assign(test, _called("@one", node.test)), ast.If(_called("@open", _load(test)), both, [plain])]
        for statement in made:
            for part in ast.walk(statement):
                if "lineno" in part._attributes and not hasattr(part, "lineno"):
                    ast.copy_location(part, node)
        return made  # type: ignore[return-value]


def _assign(name: str, value: ast.expr) -> ast.Assign:
    return ast.Assign([ast.Name(name, ast.Store())], value)


def _only_sets(node: ast.If) -> bool:
    """Whether all that an `if` does is to give names values."""
    for part in (*node.body, *node.orelse):
        if isinstance(part, ast.If):
            if not _only_sets(part):
                return False
        elif isinstance(part, ast.AugAssign):
            if not isinstance(part.target, ast.Name):
                return False
        elif not isinstance(part, ast.Pass) and not (
            isinstance(part, ast.Assign) and all(isinstance(t, ast.Name) for t in part.targets)
        ):
            return False
    return True


def _set_by(body: list[ast.stmt]) -> set[str]:
    """The names that statements set, whatever way they go."""
    made: set[str] = set()
    for part in body:
        if isinstance(part, ast.Assign):
            made |= {t.id for t in part.targets if isinstance(t, ast.Name)}
        elif isinstance(part, ast.AugAssign) and isinstance(part.target, ast.Name):
            made.add(part.target.id)
        elif isinstance(part, ast.If):
            made |= _set_by(part.body) | _set_by(part.orelse)
    return made


def _without_changes(body: list[ast.stmt]) -> list[ast.stmt]:
    """`a += b` as `a = a + b`: what is done both ways must not change an array that both see."""
    for k, part in enumerate(body):
        if isinstance(part, ast.AugAssign) and isinstance(part.target, ast.Name):
            value = ast.BinOp(_load(part.target.id), part.op, part.value)
            body[k] = ast.copy_location(_assign(part.target.id, value), part)
        elif isinstance(part, ast.If):
            part.body, part.orelse = _without_changes(part.body), _without_changes(part.orelse)
    return body
