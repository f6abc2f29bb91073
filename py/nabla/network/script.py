"""A training program in three parts: before its loop, the loop, and after; and one step of it followed."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nabla.network.classes import without_classes
from nabla.network.compiled import Compiler
from nabla.network.expressions import plain
from nabla.network.follow import Followed, Node, Recorder, followed_tables
from nabla.network.functions import modules
from nabla.network.machine import LIST, Machine, Paused, Problem, Raised, State, Texts, arrays_of
from nabla.network.operators import Closure, Frame

PRODUCTS = frozenset("dot matmul".split())
PRINTED = 2_000  # lines kept


@dataclass(frozen=True)
class Script:
    """The parts of a program. `step` is the innermost loop whose body changes weights, often the loop itself."""

    before: list[ast.stmt]
    loop: ast.For | ast.While
    after: list[ast.stmt]
    step: ast.For | ast.While

    @property
    def lines(self) -> range:
        """The lines of the step's body."""
        return range(self.step.body[0].lineno, (self.step.body[-1].end_lineno or 0) + 1)


def split(tree: ast.Module) -> Script:
    """The parts of a program.

    Raises:
        Problem: it has no loop with a product of matrices in it.
    """
    body = without_classes(_unfolded(tree.body))
    functions = {node.name: node for node in body if isinstance(node, ast.FunctionDef)}
    loops = [(_products(node, functions), -i) for i, node in enumerate(body) if isinstance(node, (ast.For, ast.While))]
    best = max(loops, default=(0, 0))
    if not best[0]:
        body = _inlined(body, functions)
        loops = [
            (_products(node, functions), -i) for i, node in enumerate(body) if isinstance(node, (ast.For, ast.While))
        ]
        best = max(loops, default=(0, 0))
    kind = next((node for node in body if isinstance(node, ast.ClassDef)), None)
    if not best[0] and kind is not None:
        hint = "Paste the lines below it too: those that make the network and train it."
        raise Problem("value", "the class is here, but no loop that trains an object of it.", hint, kind)
    if not best[0]:
        hint = "Paste the whole program: X, y, the weights, and the loop that trains them."
        raise Problem("value", "There is no loop that trains a network: none multiplies matrices.", hint)
    at = -best[1]
    loop = body[at]
    assert isinstance(loop, (ast.For, ast.While))
    given = {name for node in body[:at] for name in _stored(node)}
    return Script(body[:at], loop, body[at + 1 :], _innermost(loop, given, functions))


def _unfolded(body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements, those below `if __name__ == "__main__"` among them."""
    done: list[ast.stmt] = []
    for node in body:
        main = isinstance(node, ast.If) and any(
            isinstance(n, ast.Name) and n.id == "__name__" for n in ast.walk(node.test)
        )
        done += node.body if isinstance(node, ast.If) and main else [node]
    return done


def _products(node: ast.AST, functions: dict[str, ast.FunctionDef], depth: int = 0) -> int:
    count = 0
    for part in ast.walk(node):
        called = part.func if isinstance(part, ast.Call) else None
        name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
        product = isinstance(part, ast.BinOp) and isinstance(part.op, ast.MatMult)
        count += product or name in PRODUCTS
        if name in functions and depth < 3:
            count += _products(functions[name], functions, depth + 1)
    return count


def _stored(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _given(node: ast.AST) -> set[tuple[str, str, Any]]:
    """What a statement gives values to: the target's text, its name, and its subscript where that is written out."""
    found: set[tuple[str, str, Any]] = {(name, name, None) for name in _stored(node)}
    for target in ast.walk(node):
        place = target.slice if isinstance(target, ast.Subscript) and isinstance(target.ctx, ast.Store) else None
        named = isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name)
        if named and isinstance(place, ast.Constant) and isinstance(place.value, (str, int)):
            assert isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name)
            found.add((ast.unparse(target), target.value.id, place.value))
    return found


def _innermost(
    loop: ast.For | ast.While, given: set[str], functions: dict[str, ast.FunctionDef]
) -> ast.For | ast.While:
    """The innermost loop that both multiplies matrices and changes something that was there before."""
    used = {n.id for n in ast.walk(loop) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    for node in loop.body:
        if isinstance(node, (ast.For, ast.While)) and _products(node, functions) > 1:
            changed = {name for part in node.body for name in _stored(part)} & given & used
            if changed:
                return _innermost(node, given, functions)
    return loop


def _inlined(body: list[ast.stmt], functions: dict[str, ast.FunctionDef]) -> list[ast.stmt]:
    """The program with the call of the function that trains replaced by that function's body."""
    done: list[ast.stmt] = []
    found = False
    for node in body:
        call = getattr(node, "value", None)
        name = call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else ""
        function = functions.get(name)
        loops = function is not None and any(isinstance(part, (ast.For, ast.While)) for part in function.body)
        if found or function is None or not loops or not isinstance(call, ast.Call):
            done.append(node)
            continue
        found = True
        parameters, defaults = [arg.arg for arg in function.args.args], function.args.defaults
        values: dict[str, ast.expr] = dict(zip(parameters[len(parameters) - len(defaults) :], defaults, strict=True))
        values |= dict(zip(parameters, call.args, strict=False))
        values |= {str(keyword.arg): keyword.value for keyword in call.keywords}
        for parameter, value in values.items():
            if not (isinstance(value, ast.Name) and value.id == parameter):
                done.append(ast.copy_location(ast.Assign([ast.Name(parameter, ast.Store())], value), value))
        inner = list(function.body)
        last = inner.pop() if isinstance(inner[-1], ast.Return) else None
        done += inner
        if isinstance(last, ast.Return) and last.value is not None and isinstance(node, ast.Assign):
            done.append(ast.copy_location(ast.Assign(node.targets, last.value), last))
    return done


def builtins(machine: Machine, printer: Callable[[str], None]) -> dict[str, Any]:
    """Python's own functions that programs find."""

    def show(*values: Any, sep: str = " ", end: str = "\n", **_: Any) -> None:
        printer(str(sep).join(str(plain(value)) for value in values))

    def listed(values: Any = ()) -> list[Any]:
        made = []
        for value in values:
            made.append(value)
            if len(made) > LIST:
                raise MemoryError(f"a list of more than {LIST:,} items")
        return made

    def ranged(*bounds: Any) -> range:
        return range(*[int(plain(bound)) for bound in bounds])

    return {
        "print": show, "range": ranged, "xrange": ranged, "len": len, "str": lambda value="": str(plain(value)),
        "int": int, "float": float, "abs": abs, "min": min, "max": max, "sum": sum, "round": round, "bool": bool,
        "enumerate": enumerate, "zip": zip, "list": listed, "tuple": lambda v=(): tuple(listed(v)), "sorted": sorted,
        "tqdm": lambda values, *_: values, "trange": ranged, "True": True, "False": False,
    }  # fmt: skip


@dataclass
class Step:
    """One step of training, followed.

    Attributes:
        nodes: every array of the step, in the order of their making; those before it are "leaf" nodes.
        before, after: the program's arrays by name.
        seen: what each expression of the step gave, a node or a plain value.
        changed: the names whose arrays the step replaced or changed.
        raised: how the step ended, if not well; `failed` is the operation at fault and its operands.
    """

    nodes: list[Node]
    before: dict[str, Any]
    after: dict[str, Any] = field(default_factory=dict)
    seen: dict[ast.AST, Any] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    raised: Raised | None = None
    failed: tuple[str, tuple[Any, ...]] | None = None

    def leaf(self, name: str) -> Node | None:
        """The array of that name at the start of the step."""
        return next((n for n in self.nodes if n.op == "leaf" and n.names and n.names[0][1] == name), None)


class _Follower(Compiler):
    """Compiles so that lines, names and the values of expressions are written down, and the step can be taken apart."""

    def __init__(self, machine: Machine, recorder: Recorder, known: dict[str, Any], step: ast.AST) -> None:
        super().__init__(machine, followed_tables(modules(machine), recorder), known)
        self.recorder = recorder
        self.inline = False
        self.step, self.seen = step, dict[ast.AST, Any]()
        self.body: Closure | None = None

    def statement(self, node: ast.stmt) -> Closure | None:
        made = super().statement(node)
        if made is None:
            return None
        names = _given(node) if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)) else set()
        machine = self.machine

        def run(frame: Frame) -> Any:
            machine.line = node.lineno
            signal = made(frame)
            for name, root, key in names:
                value = frame.get(root, machine.names.get(root))
                if key is not None:
                    value = value[key] if isinstance(value, (dict, list)) else None
                if isinstance(value, Followed):
                    value.node.names.append((node.lineno, name))
            return signal

        return run

    def value(self, node: ast.expr) -> Closure:
        made = super().value(node)
        called = node.func if isinstance(node, ast.Call) else None
        name = called.attr if isinstance(called, ast.Attribute) else "made"

        def run(frame: Frame) -> Any:
            result = made(frame)
            if isinstance(result, np.ndarray):  # of a generator of the program's own
                result = self.recorder.wrap(name, (), result)
            self.seen[node] = result.node if isinstance(result, Followed) else result
            return result

        return run

    def _loop_to_its_step(self, node: ast.For | ast.While, made: Closure) -> Closure:
        if node is not self.step:
            return made
        self.body = self.block(node.body)
        if isinstance(node, ast.While):
            test = self.value(node.test)

            def once(frame: Frame) -> None:
                if test(frame):
                    raise Paused
        else:
            values, store = self.value(node.iter), self.store(node.target)

            def once(frame: Frame) -> None:
                for item in values(frame):
                    store(frame, item)
                    raise Paused

        return once

    def _for(self, node: ast.For) -> Closure:
        return self._loop_to_its_step(node, super()._for(node))

    def _while(self, node: ast.While) -> Closure:
        return self._loop_to_its_step(node, super()._while(node))


class Probe:
    """A program brought to its first step, which can then be taken from any weights, as often as needed.

    Raises:
        Problem: what is not understood.
        Raised: the program fails before its first step.
    """

    def __init__(self, script: Script, texts: Texts, seed: int, forced: int | None = None) -> None:
        self.machine = Machine(texts, seed, forced=forced)
        self.recorder = Recorder(lambda: self.machine.line)
        compiler = _Follower(self.machine, self.recorder, builtins(self.machine, lambda text: None), script.step)
        self.machine.names["__name__"] = "__main__"
        before = compiler.block(script.before)
        loop = compiler.block([script.loop])
        assert compiler.body is not None
        self.compiler, self.body = compiler, compiler.body
        frame = self.machine.names
        before(frame)
        self.made = {name: value.node for name, value in arrays_of(frame) if isinstance(value, Followed)}
        try:
            loop(frame)
        except Paused:
            self.start: State = self.machine.save()
            stored = {name for node in script.step.body for name in _stored(node)}
            self.numbers = [name for name in sorted(stored) if type(frame.get(name)) in (int, float)]
        else:
            raise Problem("value", "The loop never turns.", "Give it at least one step.", script.loop)

    def step(self, weights: dict[str, Any] | None = None, until: int | None = None) -> Step:
        """The step from its start, with other weights where some are given, up to the node of order `until`."""
        machine, recorder = self.machine, self.recorder
        machine.restore(self.start)
        machine.spent = 0
        recorder.nodes.clear()
        recorder.failed, recorder.limit = None, None
        self.compiler.seen.clear()
        machine.line = 0
        arrays: dict[str, Any] = {}
        for name in self.numbers:  # a bias that starts as 0.0
            given = machine.names[name]
            value = np.float64(given) if isinstance(given, float) else np.int64(given)
            machine.names[name] = Followed(value, recorder.node("leaf", (), value), recorder)
        recorder.nodes.clear()
        known: dict[int, Node] = {}
        for name, value in arrays_of(machine.names):
            if isinstance(value, Followed):
                if weights and name in weights:
                    value.value = np.array(weights[name], dtype=np.float64)
                if id(value) not in known:
                    known[id(value)] = value.node = recorder.node("leaf", (), value.value)
                value.node.names.append((0, name))
                arrays[name] = value.node.value
        recorder.limit = until
        leaves = {name: value.node for name, value in arrays_of(machine.names) if name in arrays}
        raised = None
        try:
            with np.errstate(all="ignore"):
                self.body(machine.names)
        except Raised as error:
            raised = error
            raised.hint = fitting(recorder.failed)
        except Paused:
            pass
        recorder.limit = None
        last = dict(arrays_of(machine.names))
        after = {name: value.value for name, value in last.items() if isinstance(value, Followed)}
        changed = [name for name, leaf in leaves.items() if _moved(last.get(name), leaf)]
        return Step(list(recorder.nodes), arrays, after, dict(self.compiler.seen), changed, raised, recorder.failed)


def fitting(failed: tuple[str, tuple[Any, ...]] | None) -> str:
    """What would fit where an operation of two arrays failed."""
    parents = [arg for arg in failed[1] if isinstance(arg, Node)] if failed else []
    if failed is None or len(parents) != 2 or not all(parent.shape for parent in parents):
        return ""
    left, right = (" × ".join(map(str, parent.shape)) for parent in parents)
    if failed[0] == "dot":
        columns, rows = parents[0].shape[-1], parents[1].shape[0]
        fits = f"the right one needs {columns} rows, or the left one {rows} columns"
        return f"{left} times {right}: {fits}."
    return f"{left} and {right}: element by element, sizes must be equal or 1."


def _moved(value: Any, leaf: Node) -> bool:
    return isinstance(value, Followed) and value.node is not leaf
