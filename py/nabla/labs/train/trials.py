"""Changes of statements tried on the trace of one step, with everything behind them computed again."""

from __future__ import annotations

import ast
import copy
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nabla.labs.train.directions import factor_of, is_plain, products
from nabla.labs.train.judge import JudgedStep, PassJudgement
from nabla.labs.train.mutations import Swap, changes, replaced
from nabla.labs.train.probe import StepProbe
from nabla.labs.train.suspects import Slices, Suspect
from nabla.program.made import TracedValue
from nabla.program.replay import Replay, Untraced


@dataclass
class RepairSearch:
    """One search: the state, the factors that hold, how much was tried, and values given in every try."""

    probe: StepProbe
    state: JudgedStep
    judgement: PassJudgement
    slices: Slices
    tried: int = 0
    given: dict[TracedValue, Any] = field(default_factory=dict)

    def fixed_by(self, given: dict[TracedValue, Any], wrong: list[str]) -> list[str]:
        """The wrong weights whose steps are right with these values; [] when a right one is spoiled."""
        self.tried += 1
        state = self.state
        fixed = {name for name, node in state.after.items() if node in self.given}
        names = [name for name in state.after if name not in self.judgement.adaptive and name not in fixed]
        try:
            all_given = {**self.given, **given}
            ends = Replay([state.after[n] for n in names], list(all_given), state.turn.first)(all_given)
        except (Untraced, ArithmeticError, ValueError, IndexError, TypeError, AttributeError):
            return []
        factors: dict[str, float | None] = {}
        for name, end in zip(names, ends, strict=True):
            if np.shape(end) != np.shape(state.before[name].value) or not np.isfinite(end).all():
                return []
            step = np.asarray(state.before[name].value - end, dtype=np.float64)
            factors[name] = factor_of(products(state.directions[name], step), state.slopes[name])
            if factors[name] is None and self.judgement.decay:
                step = step - self.judgement.decay * state.before[name].value
                factors[name] = factor_of(products(state.directions[name], step), state.slopes[name])
        factors = {n: None if f is None else state.share(n, f) for n, f in factors.items()}
        right = [state.share(n, f) for n, f in self.judgement.factors.items() if n not in wrong]
        large = {n for n in names if np.size(state.before[n].value) > 1}
        found = [f for n, f in factors.items() if f is not None and f > 0 and (n in large or not large)]
        usual = right[0] if right else max(found, key=lambda f: sum(abs(f / g - 1) < 1e-4 for g in found), default=None)
        if usual is None or usual <= 0:
            return []
        good = {n for n, f in factors.items() if f is not None and abs(f / usual - 1) < 1e-4}
        if any(name not in good and name not in wrong and name in self.judgement.factors for name in names):
            return []
        known = self.slices
        reached = {name for name in wrong if any(n in known.slices[name] or n in known.forward for n in given)}
        if not right and set(wrong) & set(self.judgement.wrong) and not is_plain(usual):
            return []
        return [name for name in wrong if name in good and name in reached]


def tries(search: RepairSearch, suspect: Suspect) -> Iterator[tuple[Swap, dict[TracedValue, Any]]]:
    """The changes of a statement, each with the value that its node then has."""
    statement = suspect.statement
    value = statement.value
    if value is None:
        return
    node = _node_of(suspect, value)
    if node is None or sum(other.place == node.place for other in suspect.made) > 1:
        return
    seen = seen_in(search)
    known = _with_given(search, known_at(search, statement))
    held = seen(value)
    functions = own_functions(search.probe)
    arrays = {n: plain(v) for n, v in known.items()}
    loss = search.state.loss
    nodes = set(loss.nodes) if loss is not None else set()
    errors = [name for name, v in known.items() if isinstance(v, TracedValue) and v in nodes]
    listed = changes(value, held, arrays, seen, functions, search.state.before, errors)
    for change in [*listed, *_scales(search, value, arrays)]:
        try:
            made = _evaluated(search, change.expression, known)
            if isinstance(statement, ast.AugAssign):
                made = _in_place(statement, node, made)
        except Exception:  # noqa: S112  what a change raises rules it out
            continue
        if made is not None and isinstance(made, (np.ndarray, float, np.floating, int)):
            yield change, {node: made}


def _with_given(search: RepairSearch, known: dict[str, Any]) -> dict[str, Any]:
    """What can be read, with the values of this search in their places, and without what was made of the old ones."""
    kept = {name: v for name, v in known.items()
            if not (isinstance(v, TracedValue) and any(parent in search.given for parent in v.parents))}  # fmt: skip
    return {name: search.given.get(v, v) if isinstance(v, TracedValue) else v for name, v in kept.items()}


def _scales(search: RepairSearch, value: ast.expr, known: dict[str, Any]) -> list[Swap]:
    """The whole times what its weights' factors lack."""
    found: list[Swap] = []
    for ratio in {round(r, 9) for r in search.judgement.uneven.values()}:
        if abs(ratio + 1) < 1e-6:
            continue
        if ratio > 1 and abs(ratio - round(ratio)) < 1e-6:
            expression: ast.expr = ast.BinOp(value, ast.Div(), ast.Constant(round(ratio)))
        elif ratio and abs(1 / ratio - round(1 / ratio)) < 1e-6:
            expression = ast.BinOp(value, ast.Mult(), ast.Constant(round(1 / ratio)))
        else:
            found += _named_scales(value, ratio, known)
            continue
        found.append(Swap(f"scale:{ratio}", expression, 2.3))
    return found


def _named_scales(value: ast.expr, ratio: float, known: dict[str, Any]) -> Iterator[Swap]:
    """The whole times or over a number that has a name, where that is what is lacking."""
    for name, other in known.items():
        if np.ndim(other) == 0 and other:
            for op, share in ((ast.Div(), float(other)), (ast.Mult(), 1 / float(other))):
                if abs(share / ratio - 1) < 1e-6:
                    yield Swap("missing-factor", ast.BinOp(copy.deepcopy(value), op, ast.Name(name, ast.Load())), 2.3)


def _node_of(suspect: Suspect, value: ast.expr) -> TracedValue | None:
    own = getattr(suspect.statement, "place", -1)
    places = {getattr(value, "place", -2), own}
    found = [node for node in suspect.made if node.place in places]
    return found[-1] if found else None


def _in_place(statement: ast.AugAssign, node: TracedValue, result: Any) -> Any:
    name = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv"}.get(type(statement.op))
    if name is None or not node.operands:
        return None
    old = node.operands[0]
    return getattr(operator, name)(plain(old), result)


def _is_value(value: Any) -> bool:
    return isinstance(value, (np.ndarray, float, np.floating, int, np.integer)) and not isinstance(value, bool)


def plain(value: Any) -> Any:
    """A node as its value, anything else as it is."""
    return value.value if isinstance(value, TracedValue) else value


def seen_in(search: RepairSearch) -> Callable[[ast.AST], Any]:
    """What parts of statements gave, as a function of them."""
    trace = search.state.trace

    def seen(node: ast.AST) -> Any:
        return plain(trace.seen.get(getattr(node, "place", -1)))

    return seen


def known_at(search: RepairSearch, statement: ast.stmt) -> dict[str, Any]:
    """What can be read where a statement stands: what its function read or named in the step, with the values then."""
    probe, trace = search.probe, search.state.trace
    region = _region(probe, statement)
    found: dict[str, Any] = {}
    for node in ast.walk(region):
        if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) and isinstance(
            getattr(node, "ctx", None), ast.Load
        ):
            held = trace.seen.get(getattr(node, "place", -1))
            if _is_value(plain(held)):
                found[ast.unparse(node)] = held
    lines = range(getattr(region, "lineno", 0), (getattr(region, "end_lineno", 0) or 10**6) + 1)
    for made in trace.nodes[search.state.turn.first : search.state.turn.stop]:
        for line, text in made.names:
            if line in lines:
                found.setdefault(text, made)
    found |= {name: weight for name, weight in search.state.before.items() if name in found}
    for part in ast.walk(statement):  # as they were when the statement ran
        held = trace.seen.get(getattr(part, "place", -1))
        is_number = _is_value(plain(held))
        if isinstance(part, (ast.Name, ast.Attribute, ast.Subscript)) and is_number:
            found[ast.unparse(part)] = held
    return found


def _region(probe: StepProbe, statement: ast.stmt) -> ast.AST:
    """The function, or the loop that trains, in which a statement stands."""
    for node in ast.walk(probe.program.tree):
        if isinstance(node, ast.FunctionDef) and any(part is statement for part in ast.walk(node)):
            return node
    return probe.loop or probe.program.tree


def own_functions(probe: StepProbe) -> list[str]:
    """The program's own functions and methods of one argument."""
    found = []
    for node in ast.walk(probe.program.tree):
        if isinstance(node, ast.ClassDef):
            found += [f"self.{f.name}" for f in node.body if isinstance(f, ast.FunctionDef) and len(f.args.args) == 2
                      and not f.name.startswith("__")]  # fmt: skip
        elif isinstance(node, ast.Module):
            found += [f.name for f in node.body if isinstance(f, ast.FunctionDef) and len(f.args.args) == 1]
    return found[:8]


def _evaluated(search: RepairSearch, expression: ast.expr, known: dict[str, Any]) -> Any:
    """The value of a changed expression, with what is known under names of ours."""
    names: dict[str, Any] = {}

    def bind(node: ast.AST) -> ast.expr | None:
        text = ast.unparse(node) if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) else ""
        if text not in known:
            return None
        name = f"known_{len(names)}"
        names[name] = _copied(plain(known[text]))
        return ast.Name(name, ast.Load())

    return search.state.session.value(replaced(copy.deepcopy(expression), bind), names)


def _copied(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value
