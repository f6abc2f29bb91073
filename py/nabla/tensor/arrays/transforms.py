"""JAX and HIPS autograd beside gradients: products with vectors, rules of a program's own, loops, trees."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from nabla.tensor.arrays import HipsArray, JaxArray, Plain, tracers
from nabla.tensor.entry import ProgramStep
from nabla.tensor.operators import OPERATIONS
from nabla.tensor.sweep import sweep
from nabla.tensor.tape import STATE, Tensor, Vertex, recording
from nabla.tensor.torch import transforms
from nabla.tensor.torch.functional import cut, each_leaf, fresh

Function = Callable[..., Any]
Table = dict[str, Any]


def _own_step(name: str, function: Function, value: Any, args: Iterable[Any], vjp: Function, rule: Function) -> Any:
    """A value of `function` as one step of the tape, whose adjoints are the program's.

    Args:
        name: of the step.
        function: what it computes.
        value: of it.
        args: that it was called with.
        vjp: `vjp(adjoint, args)` gives the adjoint of each argument.
        rule: the program's function that gives the adjoint of the argument at a place.
    """
    if not isinstance(value, Tensor):
        value = Plain.of(np.asarray(value), False)
    before = [arg.vertex if isinstance(arg, Tensor) else arg for arg in args]
    kind = max((type(arg) for arg in args if isinstance(arg, Plain)), key=lambda kind: kind.rank)
    if not STATE.recording or not any(isinstance(v, Vertex) and v.needs for v in before):
        return value

    def made(given: Iterable[Any]) -> list[Any]:
        return [kind(Vertex(np.asarray(x), False)) if isinstance(x, np.ndarray) else x for x in given]

    def forward(*arrays: Any) -> Any:
        with recording(False):
            again = function(*made(arrays))
        return np.asarray(getattr(again, "array", again))

    def product(g: Any, y: Any, i: int, *given: Any) -> Any:
        adjoint = g if isinstance(g, Tensor) else kind(Vertex(np.asarray(g), False))
        with recording(isinstance(g, Tensor)):
            found = vjp(adjoint, made(given))[i]
        return found if isinstance(g, Tensor) or found is None else np.asarray(getattr(found, "array", found))

    vertex = Vertex(np.array(value.array), True, ProgramStep(name, forward, product, rule), tuple(before))
    return kind(vertex)


def _is_traced(args: Iterable[Any]) -> bool:
    return any(isinstance(arg, Tensor) and arg.requires_grad for arg in args)


def _constant(args: Iterable[Any]) -> list[Any]:
    return [cut(arg) if isinstance(arg, Tensor) else arg for arg in args]


# Rules of a program's own ---------------------------------------------------------------------------------------------


def primitive(function: Function) -> Function:
    """`autograd.extend.primitive`: a function whose derivative `defvjp` brings."""
    rules: dict[int, Function] = {}

    def call(*args: Any, **named: Any) -> Any:
        value = function(*_constant(args), **named)

        def vjp(g: Any, given: list[Any]) -> list[Any]:
            return [rules[i](value, *given, **named)(g) if i in rules else None for i in range(len(given))]

        return _own_step(call.__name__, lambda *xs: function(*xs, **named), value, args, vjp, rules.get)

    call.__name__ = getattr(function, "__name__", "primitive")
    vars(call)["rules"] = rules
    return call


def defvjp(function: Any, *vjps: Any, argnums: Any = None) -> None:
    """`autograd.extend.defvjp`."""
    for i, rule in zip(range(len(vjps)) if argnums is None else argnums, vjps, strict=False):
        if rule is not None:
            vars(function)["rules"][i] = rule


class CustomVjp:
    """`jax.custom_vjp`: forward and backward are the program's."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.fwd: Function | None = None
        self.bwd: Function | None = None

    def defvjp(self, fwd: Function, bwd: Function) -> None:
        """Set the rule."""
        self.fwd, self.bwd = fwd, bwd

    def __call__(self, *args: Any) -> Any:
        """The value, as one step where it is differentiated."""
        if not _is_traced(args):
            return self.function(*args)
        fwd, bwd = self.fwd, self.bwd
        if fwd is None or bwd is None:
            raise AttributeError("No VJP defined for custom_vjp function using defvjp.")
        value, kept = fwd(*_constant(args))
        name = getattr(self.function, "__name__", "custom_vjp")
        return _own_step(name, self.function, value, args, lambda g, given: list(bwd(kept, g)), lambda i: bwd)


class CustomJvp:
    """`jax.custom_jvp`: the derivative in a direction is the program's."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.rule: Function | None = None

    def defjvp(self, rule: Function) -> Function:
        """Set the rule: (primals, tangents) to (value, tangent)."""
        self.rule = rule
        return rule

    def defjvps(self, *rules: Any) -> None:
        """Set a rule for each argument: (tangent, value, *primals) to the tangent of the value."""

        def rule(primals: Any, tangents: Any) -> Any:
            value = self.function(*primals)
            parts = [r(t, value, *primals) for r, t in zip(rules, tangents, strict=True) if r is not None]
            return value, sum(parts[1:], parts[0])

        self.rule = rule

    def __call__(self, *args: Any) -> Any:
        """The value, as one step where it is differentiated."""
        if not _is_traced(args):
            return self.function(*args)
        rule = self.rule
        if rule is None:
            raise AttributeError("No JVP defined for custom_jvp function using defjvp.")

        def vjp(g: Any, given: list[Any]) -> list[Any]:
            tangents = [JaxArray.of(np.zeros(np.shape(getattr(x, "array", x)), np.float32), True) for x in given]
            with recording(True):
                moved = rule(tuple(given), tuple(tangents))[1]
                total = OPERATIONS["sum"](moved * g, dims=tuple(range(moved.ndim)))
            adjoints = sweep(total.vertex, JaxArray.of(np.ones_like(total.array)), create=JaxArray)
            return [adjoints.get(t.vertex) for t in tangents]

        name = getattr(self.function, "__name__", "custom_jvp")
        return _own_step(name, self.function, self.function(*_constant(args)), args, vjp, lambda i: rule)


READ: dict[type, dict[str, Function]] = {
    CustomVjp: {"defvjp": lambda f: f.defvjp},
    CustomJvp: {"defjvp": lambda f: f.defjvp, "defjvps": lambda f: f.defjvps},
}

# Loops and choices ----------------------------------------------------------------------------------------------------


def fori_loop(lower: Any, upper: Any, body: Function, value: Any) -> Any:
    """`jax.lax.fori_loop`."""
    body = tracers.traced(body, "fori_loop")
    for i in range(int(lower), int(upper)):
        value = body(i, value)
    return value


def while_loop(test: Function, body: Function, value: Any) -> Any:
    """`jax.lax.while_loop`.

    Raises:
        ValueError: what it works on is differentiated.
    """
    if any(isinstance(x, Tensor) and x.requires_grad for x in leaves_of(value)):
        raise ValueError(
            "Reverse-mode differentiation does not work for lax.while_loop or lax.fori_loop with dynamic start/stop "
            "values. Try using lax.scan, or using fori_loop with static start/stop."
        )
    test, body = tracers.traced(test, "while_loop"), tracers.traced(body, "while_loop")
    while _holds(test(value)):
        value = body(value)
    return value


def _holds(test: Any) -> bool:
    """Whether a condition holds, of what stands for any too."""
    return bool(test.array if isinstance(test, Tensor) else test)


def cond(test: Any, yes: Function, no: Function, *operands: Any) -> Any:
    """`jax.lax.cond`."""
    return tracers.traced(yes if _holds(test) else no, "cond")(*operands)


def scan(body: Function, carry: Any, xs: Any = None, length: int | None = None) -> Any:
    """`jax.lax.scan`: what is carried through, and what each turn gives, stacked."""
    body = tracers.traced(body, "scan")
    parts = leaves_of(xs) if xs is not None else []
    count = parts[0].shape[0] if parts else int(length or 0)
    found = []
    for i in range(count):
        carry, made = body(carry, None if xs is None else each_leaf(lambda x, i=i: x[i], xs))
        found.append(made)
    if not found or found[0] is None:
        return carry, None
    columns = zip(*map(leaves_of, found), strict=True)
    stacked = iter([OPERATIONS["stack"](*map(_jax, column), dim=0) for column in columns])
    return carry, each_leaf(lambda _: next(stacked), found[0])


def _jax(x: Any) -> Any:
    return x if isinstance(x, Tensor) else JaxArray.of(np.asarray(x, np.float32), False)


def leaves_of(tree: Any) -> list[Any]:
    """The leaves of nested lists, tuples and dictionaries, as JAX orders them."""
    found: list[Any] = []
    each_leaf(found.append, ordered(tree))
    return found


def ordered(tree: Any) -> Any:
    """The same with dictionaries in the order of their keys, as JAX has them."""
    if isinstance(tree, dict):
        return {key: ordered(tree[key]) for key in sorted(tree)}
    return type(tree)(map(ordered, tree)) if isinstance(tree, (list, tuple)) else tree


def tree_map(function: Function, tree: Any, *others: Any) -> Any:
    """`jax.tree_util.tree_map`."""
    rows = [iter(leaves_of(other)) for other in others]
    return each_leaf(lambda x: function(x, *map(next, rows)), ordered(tree))


# Products with vectors ------------------------------------------------------------------------------------------------


def table(kind: type[Plain], prepare: Function) -> Table:
    """`jvp`, `vjp` or `make_vjp`, and checks, on arrays of a dialect."""

    def vjp(f: Function, *primals: Any) -> Any:
        value, back = transforms.vjp(f, *map(prepare, primals))
        return value, lambda g: tuple(map(_single, back(prepare(g)))) if kind is JaxArray else back(prepare(g))

    def jvp(f: Function, primals: Any, tangents: Any) -> Any:
        return transforms.jvp(f, tuple(map(prepare, primals)), tuple(map(prepare, tangents)))

    def make_vjp(f: Function, argnum: int = 0) -> Function:
        def made(*args: Any) -> Any:
            value, back = vjp(lambda x: f(*args[:argnum], x, *args[argnum + 1 :]), args[argnum])
            return lambda g: back(g)[0], value

        return made

    if kind is HipsArray:
        return {"make_vjp": make_vjp}
    return {"vjp": vjp, "jvp": jvp, "custom_vjp": CustomVjp, "custom_jvp": CustomJvp}


def _single(x: Any) -> Any:
    """32 bits, where JAX has not been told otherwise."""
    return x if STATE.wide else OPERATIONS["cast_to"](x, dtype=np.dtype(np.float32))


LAX: Table = {"fori_loop": fori_loop, "while_loop": while_loop, "cond": cond, "scan": scan}
TREES: Table = {"tree_map": tree_map, "tree_leaves": leaves_of}
EXTEND: Table = {"primitive": primitive, "defvjp": defvjp}


def checker(prepare: Function) -> Function:
    """`autograd.test_util.check_grads`: the tape beside central differences, along a direction, to the order asked."""

    def check_grads(f: Function, modes: Any = ("fwd", "rev"), order: int = 2) -> Function:
        def checked(*args: Any) -> None:
            rng = np.random.RandomState(0)
            xs = [prepare(x) for x in args]
            value, back = transforms.vjp(f, *xs)
            seed = rng.normal(size=value.shape)
            steps = [rng.normal(size=x.shape) for x in xs]
            exact = sum(float(np.sum(g.array * v)) for g, v in zip(back(prepare(seed)), steps, strict=True))
            ends = [f(*(prepare(x.array + s * v) for x, v in zip(xs, steps, strict=True))).array for s in (5e-7, -5e-7)]
            numeric = float(np.sum(seed * (ends[0] - ends[1]))) / 1e-6
            if not (abs(numeric - exact) < 1e-6 or abs(numeric - exact) / abs(numeric + exact) < 1e-6):
                name = getattr(f, "__name__", "f")
                raise AssertionError(
                    f"Derivative (VJP) check of {name} failed with arg {args[0] if len(args) == 1 else args}:\n"
                    f"analytic: {exact}\nnumeric:  {numeric}"
                )
            if order > 1:
                check_grads(lambda *ys: _product(f, ys, seed, steps), modes, order - 1)(*args)

        return checked

    return check_grads


def _product(f: Function, xs: Any, seed: Any, steps: list[Any]) -> Any:
    """The derivative along a direction, as a function that is differentiated again."""
    xs = [x if x.requires_grad else fresh((x,))[0] for x in xs]
    output = f(*xs)
    weighted = OPERATIONS["sum"](output * seed, dims=tuple(range(output.ndim)))
    adjoints = sweep(weighted.vertex, output.result.of(np.ones_like(weighted.array)), create=output.result)
    total = OPERATIONS["sum"](weighted * 0.0, dims=())
    for x, v in zip(xs, steps, strict=True):
        g = adjoints.get(x.vertex)
        if g is not None:
            total = total + OPERATIONS["sum"](g * v, dims=tuple(range(g.ndim)))
    return total
