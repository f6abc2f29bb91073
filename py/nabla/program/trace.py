"""What a program computed, operation by operation: values, operands, lines, the names they were given, turns of loops.

The program runs as it is: arrays and numbers are its own, known by their identity while the trace holds them. From a
trace any value can be computed again with others put in place of earlier ones.
"""

from __future__ import annotations

import ast
import operator
import sys
import types
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nabla.program import sizes
from nabla.program.errors import Stopped
from nabla.program.evidence import Observer
from nabla.program.guard import Guard
from nabla.program.instrument import instrumented
from nabla.program.made import LoopTurn, TracedValue
from nabla.program.operations import BoundMethod, item_of, kept_in_type, method_of, replaced, with_item

NODES = 60_000
ELEMENTS = 30_000_000  # in all values that are kept
LISTED = 4_000  # items of a list that are looked at
_DEEP = 6
_NAMED = 6_000  # names that lead to values
_CHECKED: dict[str, Callable[[Any, Any], Any]] = {
    "mul": sizes.mul, "pow": sizes.power, "lshift": sizes.shift, "mod": sizes.mod,
    "imul": sizes.in_mul, "ipow": sizes.in_pow, "ilshift": sizes.in_shift, "imod": sizes.in_mod,
}  # fmt: skip
_CHANGING = frozenset("sort fill shuffle put copyto partition place putmask fill_diagonal put_along_axis at".split())
_SKIPPED = frozenset("enumerate zip iter reversed map filter range len id hash repr str format".split())


class Trace(Observer):
    """Keeps the trace of one run.

    Args:
        tree: of the program, with its nodes numbered.
        given: by the number of a node, what the program gets in place of the value that was computed.
        seed: of NumPy's and Python's random numbers, where the program gives none; `forced` in place of its own.
        told: called at each end of a turn; may raise `Stopped`.

    Attributes:
        nodes: all that was made, in its order.
        turns: the turns of loops that are complete.
        seen: by the number of an expression, the last that it gave: a node or a value.
        failed: the operation that raised, and its operands.
    """

    trace = "trace"

    def __init__(
        self,
        given: Mapping[int, Any] | None = None,
        seed: int = 1,
        told: Callable[[LoopTurn], None] = lambda turn: None,
        forced: int | None = None,
    ) -> None:
        self.given, self.seed, self.told, self.forced = dict(given or {}), seed, told, forced
        self.nodes: list[TracedValue] = []
        self.turns: list[LoopTurn] = []
        self.open: list[LoopTurn] = []
        self.seen: dict[int, Any] = {}
        self.failed: tuple[str, tuple[Any, ...]] | None = None
        self.executed: list[int] = []
        self.counts: dict[int, int] = {}
        self.until: int | None = None
        self._by_id: dict[int, TracedValue] = {}
        self._held: list[Any] = []
        self._elements = 0
        self._guard: Guard

    # What the run calls ----------------------------------------------------------------------------------------------

    def prepared(self, tree: ast.Module) -> ast.Module:
        """The tree, numbered before, with the calls of this trace in it."""
        return instrumented(tree)

    def functions(self, guard: Guard) -> dict[str, Callable[..., Any]]:
        """Those calls, by their names."""
        self._guard = guard
        guard.seed(self.seed, self.forced)
        get = guard.get

        def read(value: Any, attribute: str) -> Any:
            found = get(value, attribute)
            if isinstance(value, np.ndarray):
                if attribute in ("T", "mT"):
                    return self._made("transpose", operator.attrgetter(attribute), (value,), {}, found)
                if callable(found):
                    return BoundMethod(value, attribute, found)
            return found

        return {
            "@get": read, "@binary": self._binary, "@minus": self._minus, "@unary": self._unary, "@call": self._call,
            "@item": self._item, "@seen": self._see, "@slice": slice, "@named": self._name, "@stored": self._store,
            "@augmented": self._augmented, "@literal": self._literal, "@turned": self._turned, "@left": self._left,
        }  # fmt: skip

    def _see(self, place: int, value: Any) -> Any:
        self.seen[place] = self._by_id.get(id(value), value)
        return value

    def _minus(self, place: int, left: Any, right: Any, literal: tuple[bool, bool]) -> Any:
        """`a - b`, where a number that is not written there is a value too: the target of a sample, say."""
        operands = tuple(
            self._node("number", None, (), {}, side, place, known=False)
            if not written and self._is_new(side) and _followed(other) else self._operand(side)
            for side, other, written in ((left, right, literal[0]), (right, left, literal[1]))
        )  # fmt: skip
        return self._binary(place, "sub", left, right, operands)

    def _is_new(self, value: Any) -> bool:
        if type(value) in (int, bool):
            return True
        return isinstance(value, (float, np.number, np.bool_)) and id(value) not in self._by_id

    def _binary(self, place: int, op: str, left: Any, right: Any, given: tuple[Any, ...] | None = None) -> Any:
        function = _CHECKED.get(op) or getattr(operator, op)
        operands = self._operands((left, right)) if given is None else given
        try:
            result = function(left, right)
        except Exception:
            self._fail(op, operands)
            raise
        return self._see(place, self._put(op, getattr(operator, op), operands, {}, result, place))

    def _unary(self, place: int, op: str, value: Any) -> Any:
        function = getattr(operator, op)
        operands = self._operands((value,))
        return self._see(place, self._put(op, function, operands, {}, function(value), place))

    def _augmented(self, place: int, op: str, old: Any, value: Any) -> Any:
        pure = getattr(operator, op[1:] if op[1:] not in ("and", "or") else op[1:] + "_")
        operands = self._operands((old, value))
        try:
            result = (_CHECKED.get(op) or getattr(operator, op))(old, value)
        except Exception:
            self._fail(op, operands)
            raise
        made = self._put(op, kept_in_type(pure, old), operands, {}, result, place, changed=result is old)
        if result is old:
            self._base_changed(old)
        return made

    def _item(self, place: int, value: Any, index: Any) -> Any:
        operands = self._operands((value, index))
        result = value[index]
        if isinstance(value, np.ndarray):
            result = self._put("getitem", operator.getitem, operands, {}, result, place)
        return self._see(place, result)

    def _store(self, text: str, place: int, base: Any, index: Any, value: Any) -> None:
        self.executed.append(place)
        if not isinstance(base, np.ndarray):
            self._give(text, place, value)
            return
        operands = self._operands((base, index, value))
        self._put("setitem", with_item, operands, {}, base, place, changed=True)
        self._base_changed(base)
        root = text.partition("[")[0]
        self._by_id[id(base)].names.append((self._guard.line(), root))

    def _base_changed(self, view: Any) -> None:
        """What a view is part of has changed as well."""
        base = getattr(view, "base", None)
        if isinstance(base, np.ndarray) and id(base) in self._by_id:
            operands = (self._by_id[id(base)], self._by_id[id(view)]) if id(view) in self._by_id else ()
            self._put("setitem", None, operands, {}, base, -1, changed=True)

    def _literal(self, place: int, value: float) -> float:
        return self._put("number", None, (), {}, value * 1.0 + 0.0, place)  # type: ignore[no-any-return]

    def _call(self, place: int, op: str, function: Any, /, *args: Any, **named: Any) -> Any:
        if isinstance(function, BoundMethod):
            given = (function.value, *args)
            return self._see(
                place, self._made(function.name, method_of(function.name), given, named, None, function, place)
            )
        if op in _SKIPPED or not self._is_recorded(function):
            return self._see(place, function(*args, **named))
        return self._see(place, self._made(op, function, args, named, None, None, place))

    def _is_recorded(self, function: Any) -> bool:
        if isinstance(function, types.FunctionType):
            return function.__globals__ is not self._guard.env
        if isinstance(function, types.MethodType) and isinstance(function.__func__, types.FunctionType):
            return function.__func__.__globals__ is not self._guard.env
        if isinstance(function, type) and (self._guard.is_own(function) or function in (list, tuple, dict, set, str)):
            return False
        return not self._guard.is_own(type(function))

    def _made(
        self, op: str, function: Any, args: tuple[Any, ...], named: dict[str, Any], result: Any, bound: Any = None,
        place: int = -1,
    ) -> Any:  # fmt: skip
        operands = self._operands(args)
        words = {key: self._operand(value) for key, value in named.items()}
        if result is None:
            try:
                result = bound.function(*args[1:], **named) if bound is not None else function(*args, **named)
            except Exception:
                self._fail(op, operands)
                raise
        out = named.get("out")
        if isinstance(out, np.ndarray) and result is out:
            words.pop("out")
            made = self._put(op, function, operands, words, result, place, changed=True)
            self._base_changed(out)
            return made
        if result is None and op in _CHANGING and args and isinstance(args[0], np.ndarray):
            self._put(op, None, operands, words, args[0], place, changed=True)
            return None
        return self._put(op, function, operands, words, result, place)

    # Nodes -----------------------------------------------------------------------------------------------------------

    def _operands(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(self._operand(value) for value in values)

    def _operand(self, value: Any, depth: int = 0) -> Any:
        kind = type(value)
        if kind in (list, tuple) and depth < 2 and len(value) <= LISTED:
            return kind(self._operand(item, depth + 1) for item in value)
        if _followed(value):
            found = self._by_id.get(id(value))
            if found is not None:
                return found
            if isinstance(value, np.ndarray):
                return self._node("array", None, (), {}, value, -1)
        return value

    def _fail(self, op: str, operands: tuple[Any, ...]) -> None:
        self.failed = self.failed or (op, operands)

    def _put(
        self, op: str, function: Any, operands: tuple[Any, ...], named: dict[str, Any], result: Any, place: int,
        changed: bool = False,
    ) -> Any:  # fmt: skip
        """The result, or what is given in its place, with a node for it."""
        if type(result) in (tuple, list) and any(map(_followed, result[:LISTED])):
            items = [self._put(op, item_of(function, i), operands, named, item, place) for i, item in enumerate(result)]
            return type(result)(items)
        if not _followed(result):
            return result
        if not changed and id(result) in self._by_id:
            return result  # what was given came back
        order = len(self.nodes)
        if order in self.given:
            result = replaced(result, self.given[order], changed)
        self._node(op, function, operands, named, result, place)
        return result

    def _node(
        self, op: str, function: Any, operands: tuple[Any, ...], named: dict[str, Any], value: Any, place: int,
        known: bool = True,
    ) -> TracedValue:  # fmt: skip
        if self.until is not None and len(self.nodes) > self.until:
            raise Stopped
        self._elements += np.size(value)
        if len(self.nodes) >= NODES or self._elements > ELEMENTS:
            raise Stopped
        kept = value.copy() if isinstance(value, np.ndarray) else value
        node = TracedValue(len(self.nodes), op, operands, kept, self._guard.line(), place, named, function)
        self.nodes.append(node)
        if known:
            self._by_id[id(value)] = node
            self._held.append(value)
        return node

    # Names and turns -------------------------------------------------------------------------------------------------

    def _name(self, text: str, place: int, value: Any) -> None:
        self.executed.append(place)
        self._give(text, place, value)

    def _give(self, text: str, place: int, value: Any) -> None:
        node = self._by_id.get(id(value))
        if node is None and isinstance(value, np.ndarray):
            node = self._node("array", None, (), {}, value, place)
        if node is not None:
            node.names.append((self._guard.line(), text))

    def _turned(self, loop: int) -> None:
        frame = _frame(self._guard.env)
        self._ended(loop, frame)
        count = self.counts.get(loop, 0)
        self.counts[loop] = count + 1
        self.open.append(LoopTurn(loop, count, len(self.nodes), self.reachable(frame)))

    def _left(self, loop: int) -> None:
        self._ended(loop, _frame(self._guard.env))

    def _ended(self, loop: int, frame: types.FrameType | None) -> None:
        """The turn that was open of a loop is complete; those inside it were left."""
        places = [i for i, turn in enumerate(self.open) if turn.loop == loop]
        if not places:
            return
        turn = self.open[places[-1]]
        del self.open[places[-1] :]
        turn.stop, turn.end = len(self.nodes), self.reachable(frame, aliases=True)
        self.turns.append(turn)
        self.told(turn)

    def finish(self) -> None:
        """Close the turns that are open, when the program has ended inside them."""
        while self.open:
            self._ended(self.open[-1].loop, None)

    def reachable(self, frame: types.FrameType | None, aliases: bool = False) -> dict[str, Any]:
        """Nodes and values of arrays and numbers by the names that lead to them, the innermost function's first.

        What has several names is given under the first, or with `aliases` under each.
        """
        found: dict[str, Any] = {}
        held: set[int] = set()
        while frame is not None:
            if frame.f_globals is self._guard.env and frame.f_locals is not frame.f_globals:
                self._gather(dict(frame.f_locals), found, held, aliases)
            frame = frame.f_back
        self._gather(self._guard.env, found, held, aliases)
        return found

    def _gather(self, names: Mapping[str, Any], found: dict[str, Any], held: set[int], aliases: bool) -> None:
        stack = [(name, value, 0) for name, value in names.items() if name[:1] not in ("@", "_") or name == "_"]
        for name, value, depth in stack:
            known = id(value) in held and not aliases
            if _followed(value):
                if name not in found and not (isinstance(value, np.ndarray) and known):
                    held.add(id(value))
                    node = self._by_id.get(id(value))
                    if node is None and isinstance(value, np.ndarray):
                        node = self._node("array", None, (), {}, value, -1)
                    found[name] = node if node is not None else value
            elif depth < _DEEP and not known and len(stack) < _NAMED:
                held.add(id(value))
                stack += [(f"{name}{part}", item, depth + 1) for part, item in self._inside(value)]

    def _inside(self, value: Any) -> list[tuple[str, Any]]:
        """What a container or an object of the program holds, with the texts that lead there."""
        kind = type(value)
        if kind is dict and len(value) <= LISTED:
            return [(f"[{key!r}]", item) for key, item in value.items() if isinstance(key, (str, int))]
        if kind in (list, tuple) and len(value) <= 512:
            return [(f"[{i}]", item) for i, item in enumerate(value)]
        if self._guard.is_own(kind) and hasattr(value, "__dict__"):
            return [(f".{key}", item) for key, item in vars(value).items() if key[:1] != "@"]
        return []


def _followed(value: Any) -> bool:
    kind = type(value)
    return kind is float or issubclass(kind, (np.ndarray, np.floating, np.integer))


def _frame(env: dict[str, Any]) -> types.FrameType | None:
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals is not env:
        frame = frame.f_back
    return frame
