"""What a program raises: its message, what caused it, and how to correct it."""

from __future__ import annotations

import ast

from nabla.answer.document import Document, Note, quoted
from nabla.labs.backprop.run import Outcome
from nabla.labs.backprop.why import cut_of, is_cut
from nabla.program.source import called
from nabla.tensor.arrays import Plain
from nabla.tensor.replay import ancestors

WHY: dict[str, str] = {
    "same number of dimensions as input": "Give it a dimension more, `index.unsqueeze(1)`, and squeeze the result.",
    "argument: 'closure'": "Hand it a function that clears the gradients, goes back and returns the loss.",
    "more than one element of the written-to": "Make a copy first, by `clone()`.",
    "before Module.__init__()": "Begin `__init__` with `super().__init__()`.",
    "arrays are immutable": "Make a changed copy: `y = y.at[0].set(value)`.",
    "layers in a plain list": "Keep them in `nn.ModuleList([...])`.",
    "too coarse for": "Give it inputs of `dtype=torch.float64`.",
    "to differentiate it again": "", "what it was taken of is linear": "Its own derivative is 0.",
    "is a new tensor from line": "Change the weight itself, by `-=`, in place of giving its name to another tensor.",
    "In an earlier turn": "Cut off what goes over from turn to turn, by `detach()`: a recurrent layer's state, say.",
    "Once, before the loop": "Compute it anew in each turn.",
    "two passes lead there": "Add the losses and go back once, or pass `retain_graph=True` to the first pass.",
    "second time": "A backward pass frees what it needed. Pass `retain_graph=True` to the first, or compute the "
                   "result again.",
    "modified by an inplace": "Compute a new tensor instead: `h = h + 1` in place of `h += 1`.",
    "moves in steps": "Use a smooth loss, as a cross-entropy for the share that is right.",
    "does not require grad": "Nothing that led to this number was asked to be followed: create the weights with "
                             "`requires_grad=True`, and look "
    "for `detach()`, `no_grad()` or `.item()` on the way. A gradient that is constant, as that of a linear function "
    "is, does not depend on the variable either.",
    "Jacobian mismatch": "`numerical` is what differences of your forward give, `analytical` what your backward gave: "
                         "where they differ, their quotient is the factor that the backward lacks.",
    "implicitly created": "Only a single number has one gradient. Take `.sum()` or `.mean()`, or pass the adjoint to "
                          "`backward(...)`.",
    "leaf Variable": "Leaves that are followed may be changed only where nothing is recorded: inside `with "
                     "torch.no_grad():`.",
    "TracerArrayConversion": "NumPy's own functions do not know what JAX differentiates: use those of `jax.numpy`.",
    "Abstract tracer value": "JAX follows the value, so it has no number yet: use functions of `jax.numpy`, and "
                             "`jnp.where` or `lax.cond` in place of an `if`.",
    "and 'dict'": "The gradient by a dictionary is a dictionary: update part by part, "
                  "`jax.tree.map(lambda p, g: p - rate * g, params, grads)`.",
    "TracerBoolConversion": "Choose between values by `jnp.where` or `lax.cond`, or name the argument that decides in "
                            "`static_argnums`.",
    "TracerIntegerConversion": "Name the argument in `static_argnums`, or loop by `lax.fori_loop`.",
    "Shapes must be 1D": "Name the argument that says the shape in `static_argnums`.",
    "NonConcreteBooleanIndex": "Keep the shape: `jnp.where(mask, x, 0)` in place of `x[mask]`.",
    "unsupported format string": "What is differentiated or compiled has no number to format yet: print it as it is, "
                                 "or by `jax.debug.print`.",
    "Reverse-mode differentiation does not work": "Loop by `lax.scan`, or by `lax.fori_loop` between fixed bounds.",
    "not ArrayBox": "Functions of `math` do not know what autograd differentiates: use those of `autograd.numpy`.",
    "not 'ArrayBox'": "autograd follows the value: leave `float(...)` out.",
    "Output was (": "The function gives several values: differentiate the first and keep the others by `has_aux=True`.",
    "scalar-output functions": "Only a single number has one gradient: sum the result, or take `jacobian`, or `vmap` "
                               "of `grad` for each element.",
    "real- or complex-valued inputs": "Whole numbers have no derivatives: write `3.0`.",
    "call numpy() on Tensor": "NumPy does not know what PyTorch differentiates: use functions of `torch`, or "
                              "`detach()` where no gradient is needed.",
    "incorrect number of gradients": "`backward` gives one gradient for each argument of `forward`: `None` for those "
                                     "that need none.",
    "floating point": "Whole numbers have no derivatives: write `2.0`, or give `dtype=torch.float32`.",
    "must match": "The shapes cannot be broadcast: from the back, sizes must be equal or 1.",
    "cannot be multiplied": "For a matrix product the columns of the left must be as many as the rows of the right.",
}  # fmt: skip


# What kind of finding an error is, where it is one that has a name of its own.
_KINDS = {"second time": "second-backward", "modified by an inplace": "in-place", "leaf Variable": "in-place",
          "does not require grad": "detached"}  # fmt: skip


def tell_raised(document: Document, outcome: Outcome) -> None:
    """Add what the program raised, as PyTorch words it, what caused it, and how to correct it."""
    raised = outcome.raised
    assert raised is not None
    told = f"{raised.kind}: {raised.message}"
    blame = outcome.blame
    if not blame and "NoneType" in raised.message:
        blame = new if "is a new tensor from line" in (new := _cut(outcome)) else _lost_leaf(outcome)
    if "Jacobian mismatch" in raised.message and "float64" not in raised.message:
        blame = "Differences are taken with steps of 1e-6, which float32 is too coarse for."
    elif "empty parameter list" in raised.message:
        blame = _plain_list(outcome)
    elif not blame and "does not require grad" in raised.message:
        blame = _constant(outcome) or _cut(outcome) or _asked_late(outcome) or _taken_out(outcome)
    elif not blame and "appears to not have been used" in raised.message:
        blame = _cut(outcome) or _taken_out(outcome)
    why = next((text for key, text in WHY.items() if key in f"{blame} {told}"), "")
    kind = next((kind for key, kind in _KINDS.items() if key in raised.message), "raises")
    whose = {"torch": "PyTorch", "jax": "JAX"}.get(outcome.dialect, "Python")
    message = raised.message.partition(" Hint: enable anomaly")[0]
    code = f"`{raised.kind}: {message.rstrip('. ')}`".replace("``", "`")
    text = f"Line {raised.line} raises, as in {whose}: {code}. {blame} {why}"
    document.values["findings"] = [
        {"kind": kind, "line": raised.line, "text": f"{raised.kind}: {message}", "cause": blame, "cure": why}
    ]
    document.warn("raises", f"The program stops in line {raised.line}: {raised.kind}.")
    document.add(Note(" ".join(text.split()), "warning"))


def _plain_list(outcome: Outcome) -> str:
    """Where a module keeps its layers in a list of Python's."""
    for node in ast.walk(outcome.program.tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
            listed = isinstance(node.value, (ast.List, ast.ListComp))
            made = any(isinstance(part, ast.Call) and called(part)[:1].isupper() for part in ast.walk(node.value))
            if listed and made:
                return f"Line {node.lineno} keeps layers in a plain list, where PyTorch does not look for parameters."
    return ""


def _cut(outcome: Outcome) -> str:
    """Where something that is differentiated was cut off."""
    stack = [tensor.vertex for tensor in outcome.tensors.values() if not tensor.requires_grad]
    seen = set(stack)
    while stack:
        vertex = stack.pop()
        if is_cut(vertex) and vertex.name and any(v.name == vertex.name and v.needs for v in ancestors(vertex)):
            return f"`{quoted(vertex.name)}` is a new tensor from line {vertex.line} on, which nothing follows."
        if is_cut(vertex):
            return f"L{cut_of(vertex)[1:]}."
        fresh = [parent for parent in vertex.parents if parent not in seen]
        seen.update(fresh)
        stack += fresh
    return ""


def _keeps_graph(outcome: Outcome, line: int) -> bool:
    """Whether the call of a line says `create_graph=True`."""
    calls = (node for node in ast.walk(outcome.program.tree) if isinstance(node, ast.Call) and node.lineno == line)
    return any(word.arg == "create_graph" and ast.unparse(word.value) == "True" for c in calls for word in c.keywords)


def _constant(outcome: Outcome) -> str:
    """A gradient that is differentiated again, and was computed as a constant."""
    for name, held in outcome.kept.items():
        if outcome.dialect == "torch" and held.kind == "gradient" and not outcome.tensors[name].requires_grad:
            gradient = f"`{quoted(name)}`, the gradient of line {held.line}, is a constant"
            if _keeps_graph(outcome, held.line):
                return f"{gradient}, since what it was taken of is linear."
            return f"{gradient}: give `create_graph=True` there to differentiate it again."
    return ""


# What gives the numbers of a tensor without what they were computed from.
_NUMBERS = frozenset(["item", "tolist", "numpy"])
_PLACES = frozenset(["argmax", "argmin", "argsort", "long", "int", "bool", "nonzero"])
_COPIES = frozenset(["tensor", "Tensor", "FloatTensor", "float", "array", "asarray"])


def _taken_out(outcome: Outcome) -> str:
    """Where the numbers of a tensor that requires grad are taken out of it."""
    calls = [node for node in ast.walk(outcome.program.tree) if isinstance(node, ast.Call)]
    for node in reversed(calls):  # the inner ones first
        name = called(node)
        method = isinstance(node.func, ast.Attribute)
        source: ast.AST | None = node.func.value if name in _NUMBERS and method else None  # type: ignore[attr-defined]
        if name in _PLACES and (by := next((n for n in ast.walk(node) if _follows(outcome, n)), None)) is not None:
            return (
                f"Line {node.lineno} goes on with what `{name}` gives, which moves in steps: it has no slope, and "
                f"`{quoted(ast.unparse(by))}` gets none by it."
            )
        if name in _COPIES and node.args:
            source = next((part for part in ast.walk(node.args[0]) if _follows(outcome, part)), None)
        if source is not None and _follows(outcome, source):
            return (
                f"Line {node.lineno} takes the numbers out of `{quoted(ast.unparse(source))}` by `{name}`: what is "
                f"computed from them no longer depends on it."
            )
    return ""


def _follows(outcome: Outcome, node: ast.AST) -> bool:
    tensor = outcome.tensors.get(node.id) if isinstance(node, ast.Name) else None
    return tensor is not None and tensor.requires_grad


def _asked_late(outcome: Outcome) -> str:
    """A tensor that is followed only since something was computed from it."""
    for name, leaf in outcome.tensors.items():
        if not leaf.requires_grad or not leaf.is_leaf or isinstance(leaf, Plain):
            continue
        for other, tensor in outcome.tensors.items():
            early = [v for v in ancestors(tensor.vertex) if v.name == name and not v.needs]
            if tensor is not leaf and early and tensor.vertex.order < leaf.vertex.order:
                return (
                    f"`{quoted(name)}` is followed only since line {leaf.vertex.line}, after line {tensor.vertex.line} "
                    f"made `{quoted(other)}` of it."
                )
    return ""


def _lost_leaf(outcome: Outcome) -> str:
    """A weight whose name was given to a computed tensor, which has no `.grad`: the usual reason for a None."""
    for name, tensor in outcome.tensors.items():
        lost = not isinstance(tensor, Plain) and tensor.requires_grad and not tensor.is_leaf and not tensor.retains
        if lost and any(vertex.name == name and vertex.op is None for vertex in tensor.vertex.parents):
            return (
                f"In line {tensor.vertex.line} `{name}` became the name of a computed tensor; that is no leaf, and its "
                f"`.grad` stays None. Change the weight itself instead: `with torch.no_grad(): {name} -= ...`"
            )
    return "A `.grad` is None where no backward pass has been yet, and for all that is computed."
