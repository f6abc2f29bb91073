"""What is known of an operation of tensors, in one entry: its rule, how it is written, its corners, and the mistakes
people make in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nabla.tensor.notation import Writer, call

VJP = Callable[..., Any]
Shape = tuple[int, ...]
# What an adjoint of the result is mistaken to give for an argument's.
Rule = Callable[[Any], Any]
# (argument's place, arguments as arrays, result, parameters) to the mistakes of one vector-Jacobian product.
Slips = Callable[[int, Sequence[Any], Any, Mapping[str, Any]], Iterator[tuple[str, Rule]]]


@dataclass(frozen=True)
class CornerConvention:
    """Places where a function has no derivative, or an unbounded one, and what a library takes there.

    Attributes:
        what: what is the matter there, in words.
        takes: what the library takes.
        where: for a vertex a mask of the elements that are at such a place, or None.
        slopes: where each element of the result belongs to one of the first argument and bends there, the other
            slopes that could be taken.
    """

    what: str
    takes: str
    where: Callable[[Any], Any]
    slopes: tuple[float, ...] = ()


@dataclass(frozen=True)
class GradientProduct:
    """The vector-Jacobian product of an operation that is not elementwise, in LaTeX: matrix form, index form, and why.

    The adjoint of the result is its name with a bar. The index form is that of the argument's adjoint, its indices
    i, j, k in order; it may be empty.
    """

    form: str
    index: str = ""
    why: str = ""


@dataclass(frozen=True)
class Names:
    """What a vector-Jacobian product is written with: arguments, the result, its bar (LaTeX), shapes and parameters."""

    args: Sequence[str]
    y: str
    bar: str
    shapes: Sequence[Shape]
    params: Mapping[str, Any]


# A template, or a function of the arguments in LaTeX.
Local = str | Callable[[Sequence[str]], str]
Back = Callable[[int, Names], GradientProduct | None]


class Entry:
    """An operation on arrays, with a vector-Jacobian product for each of its arguments.

    Args:
        name: unique; variants for a dialect share it.
        forward: arrays (and parameters) to an array.
        vjps: one for each argument, `vjp(g, y, *args, **params)`: the adjoint of that argument from the adjoint `g` of
            the result `y`; None where there is no derivative. A `variadic` operation has one, which is given the
            argument's place after `y`.
        saves: what PyTorch keeps for its backward: the places of arguments as digits, `y` for the result, `p` for the
            result where the second argument needs a gradient.
        casts: "same" (arguments to their common type), "float" (and that a floating one), "" (left alone).
        variadic: it takes any number of arguments.
        tex: how the result is written: LaTeX with @a, @b, @c for the arguments, or a function of them and of the
            parameters.
        local: of an elementwise operation the local derivative by each argument in LaTeX: @a, @b and @c as above, @y
            the result; "1" is a slope of one, "0" none.
        back: of another operation its products in LaTeX.
        code: the result and the contribution to each argument's adjoint in NumPy's words, for programs that are
            exported; a function of the arguments' numbers of dimensions where they decide.
        step: PyTorch's `grad_fn`; a function of arguments and parameters where they decide.
        linear: the result is linear in each argument: there is no local derivative to leave out.
        mixing: every element of the result depends on several of an argument: there is no single local derivative.
        broadcasts: its arguments are broadcast against each other.
        dropped: the mistake of leaving the local derivative out.
        slips: further mistakes.
        corner: where PyTorch has a convention of its own; `variant` has those of other libraries.
        viewed: of an operation whose result PyTorch lets share its argument's memory, the same as a view of NumPy's.
    """

    __slots__ = (
        "back", "broadcasts", "casts", "code", "corner", "dropped", "forward", "linear", "local", "mixing", "name",
        "saves", "slips", "step", "tex", "variadic", "viewed", "vjps"
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        forward: Callable[..., Any],
        *vjps: VJP | None,
        saves: str = "",
        casts: str = "",
        variadic: bool = False,
        tex: str | Writer = "",
        local: tuple[Local, ...] = (),
        back: Back | None = None,
        code: tuple[str, ...] | Callable[[Sequence[int]], tuple[str, ...]] = (),
        step: str | Callable[[Sequence[Any], Mapping[str, Any]], str] = "",
        linear: bool = False,
        mixing: bool = False,
        broadcasts: bool = False,
        dropped: str = "inner-derivative-dropped",
        slips: Slips | None = None,
        corner: CornerConvention | None = None,
        viewed: Callable[..., Any] | None = None,
    ) -> None:
        self.name, self.forward, self.vjps = name, forward, vjps
        self.saves, self.casts, self.variadic = saves, casts, variadic
        self.tex, self.local, self.back, self.code = tex, local, back, code
        self.step = step or "".join(part.capitalize() for part in name.split("_")) + "Backward0"
        self.linear, self.mixing, self.broadcasts = linear, mixing, broadcasts
        self.dropped, self.slips, self.corner, self.viewed = dropped, slips, corner, viewed

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    def vjp(self, i: int, g: Any, y: Any, args: Iterable[Any], params: Mapping[str, Any]) -> Any:
        """The adjoint of argument `i`, or None."""
        if self.variadic:
            product = self.vjps[0]
            return product(g, y, i, *args, **params) if product else None
        product = self.vjps[i] if i < len(self.vjps) else None
        return product(g, y, *args, **params) if product else None

    def written(self, args: Sequence[str], params: dict[str, Any]) -> str:
        """What it computes, in LaTeX, from its arguments in LaTeX."""
        if not self.tex:
            return call(self.name.replace("_", r"\_"))(list(args)[:4], params)
        return self.tex(args, params) if callable(self.tex) else filled(self.tex, args)

    def slope(self, i: int, args: Sequence[str], y: str) -> str | None:
        """The local derivative of an elementwise operation by argument `i` in LaTeX; None when it has none."""
        if i >= len(self.local):
            return None
        text = self.local[i]
        if callable(text):
            return text(args)
        bare = text in ("@a", "@b", "@c")
        return filled(text.replace("@y", f"{{{y}}}"), args if bare else [f"{{{name}}}" for name in args])

    def words(self, ranks: Sequence[int]) -> tuple[str, ...]:
        """The result and the contributions to the adjoints in NumPy's words; empty when it has none."""
        return self.code(ranks) if callable(self.code) else self.code

    def step_name(self, args: Sequence[Any], params: Mapping[str, Any]) -> str:
        """The class name of PyTorch's backward step."""
        return self.step(args, params) if callable(self.step) else self.step


class ProgramStep(Entry):
    """A step whose derivative a program brings; `rule(i)` is its function that gives the adjoint of argument `i`."""

    __slots__ = ("rule",)

    def __init__(self, name: str, forward: Callable[..., Any], vjp: VJP, rule: Callable[[int], Any]) -> None:
        super().__init__(name, forward, vjp, variadic=True)
        self.rule = rule


def filled(template: str, args: Sequence[str]) -> str:
    """A template of LaTeX with the arguments in the places of @a, @b and @c."""
    for mark, name in zip(("@a", "@b", "@c"), args, strict=False):
        template = template.replace(mark, name)
    return template
