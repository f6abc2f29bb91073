"""backprop: the sentence that answers: the gradients, or what the program raises, and what is to be said of a claim."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nabla.answer.document import Document, quoted
from nabla.labs.backprop import prints
from nabla.labs.backprop.declared import fitting
from nabla.labs.backprop.flow import Flow, gradient_tex, short, spread
from nabla.labs.backprop.run import Outcome
from nabla.tensor.operation import is_own
from nabla.tensor.sweep import sweep
from nabla.tensor.tape import KEPT, Vertex, new_run
from nabla.write.sentence import sentence

_NAMES = ("NumPy", "JAX")  # words that begin with a capital letter
_DERIVING = frozenset("grad jacobian hessian value_and_grad jacfwd jacrev jvp vjp elementwise_grad egrad".split())
LONGEST = 140  # characters of a reason that is told whole
MOST = 3  # gradients that the sentence names
SMALL = 6  # numbers of an array that is written out


def conclude(
    document: Document,
    outcome: Outcome,
    flow: Flow | None,
    grads: Mapping[str, Any],
    own: Sequence[str],
    claims: Sequence[str],
) -> None:
    """Set the document's sentence; `own` is what it says of gradients that the program makes by hand, `claims` of the
    reader's own answers.
    """
    names: list[str] = []
    if outcome.raised is not None:
        raised = outcome.raised
        message = raised.message.strip().partition("\n")[0].partition(". ")[0].rstrip("., ")
        said = [f"Line {raised.line} raises {quoted(raised.kind)}" + (f": {quoted(message)}" if message else "")]
        found = document.values["findings"][0]
        said += [_begun_small(found["cause"] or found["cure"])] if found["cause"] or found["cure"] else []
        said += [_begun_small(found["cure"])] if found["cause"] and 0 < len(found["cure"]) <= LONGEST else []
    elif printed := prints.several(outcome, flow):
        said, names = printed, prints.numbers(outcome)
    elif flow is None:
        kept = prints.named(outcome, outcome.kept)
        said = kept or ([] if own or claims else [_nothing(outcome)])
    elif outcome.dialect == "numpy" and "by_hand" in document.values:
        said = []  # what is asked about is what the program computes by hand
    else:
        leaves = [vertex for vertex in flow.order if vertex.op is None and vertex.needs and vertex in flow.adjoints]
        shown = [vertex for vertex in leaves if vertex.name] or leaves
        shown = list(
            {id(vertex if vertex.holder is None else vertex.holder): vertex for vertex in reversed(shown)}.values()
        )[::-1]
        hooked = _without_hooks(outcome, flow)
        said = [
            _hooked(outcome, flow, vertex, grads.get(vertex.name), hooked[vertex]) if vertex in hooked
            else _gradient(flow, vertex, grads.get(vertex.name), names)
            for vertex in shown[:MOST]
        ]  # fmt: skip
        said = [", ".join(said) or f"${flow.loss}$ depends on nothing whose gradient is asked for"]
        said[0] += f", and {len(shown) - MOST} more" if len(shown) > MOST else ""
        said += _weighted(outcome, flow)
    text = "; ".join([*own, *said, *claims]) + "."
    document.answer = sentence(text[:1].upper() + text[1:], document.values, names)


def _begun_small(text: str) -> str:
    """A reason or a cure as a part of a sentence; of a long one its first sentence."""
    text = (text if len(text) <= LONGEST else text.partition(". ")[0]).rstrip(".")
    return text if text.startswith(_NAMES) else text[0].lower() + text[1:]


def _without_hooks(outcome: Outcome, flow: Flow) -> dict[Vertex, Any]:
    """The derivatives that hooks of the program replaced, by the leaves whose gradients are others for it."""
    done = outcome.passes[-1] if outcome.passes else None
    if done is None or not done.hooked or any(is_own(vertex) for vertex in flow.order):
        return {}
    with new_run():
        plain = sweep(flow.root, done.seed)
    return {
        vertex: np.asarray(g) for vertex, g in plain.items()
        if vertex.op is None and not np.allclose(g, flow.adjoints.get(vertex, g), equal_nan=True)
    }  # fmt: skip


def _hooked(outcome: Outcome, flow: Flow, vertex: Vertex, held: Any, plain: Any) -> str:
    """A gradient that a hook made another, and the derivative."""
    calls = (node for node in ast.walk(outcome.program.tree) if isinstance(node, ast.Attribute))
    line = next((node.lineno for node in calls if "hook" in node.attr and node.attr.startswith("register")), 0)
    where = f"the hook of line {line} makes" if line else "a hook makes"
    holds = flow.adjoints[vertex] if held is None else held
    return f"${gradient_tex(flow, vertex, plain)}$, and {where} {short(holds)} of it in `{vertex.name}.grad`"


def _weighted(outcome: Outcome, flow: Flow) -> list[str]:
    """What a pass from several numbers was started with, where it is told."""
    done = outcome.passes[-1] if outcome.passes else None
    if done is None or flow.root.array.size == 1 or outcome.dialect != "torch" or np.all(np.asarray(done.seed) == 1):
        return []
    return [
        f"the vector that line {done.line} gives, {short(done.seed)}, weights the elements of ${flow.loss}$: each "
        f"gradient is the sum of its derivatives times these"
    ]


def _nothing(outcome: Outcome) -> str:
    """Why there is no gradient to tell."""
    tree = outcome.program.tree
    defined = {node.name: node.lineno for node in tree.body if isinstance(node, ast.FunctionDef)}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    idle = [name for name in defined if name not in used]
    if idle and not outcome.printed and not outcome.tensors:
        return f"`{quoted(idle[-1])}` is never called, so nothing is computed: call it, below line {defined[idle[-1]]}"
    if told := fitting(outcome):
        return told
    printed = "; ".join(f"line {entry['line']} prints {quoted(entry['text'])}" for entry in outcome.printed[:MOST]
                        if 0 < len(entry["text"]) <= LONGEST // 2)  # fmt: skip
    derives = used & _DERIVING or outcome.backwards
    said = (
        "" if derives and printed else "no line shows the derivative" if derives else "the program asks for no gradient"
    )
    said = "; ".join(part for part in (said, printed) if part)
    return said[:1].upper() + said[1:]


def is_sum(history: Sequence[tuple[int, Any]], held: Any) -> bool:
    """Whether what `.grad` holds is the sum of several passes, each with its line."""
    parts = [np.asarray(part) for _, part in history]
    return len(parts) > 1 and np.allclose(sum(parts), held, rtol=1e-4, equal_nan=True)


def _parts(vertex: Vertex, g: Any, held: Any) -> str:
    """The passes that it is the sum of, written out where they are few and of small arrays; or what became of it."""
    history = vertex.holder.history if vertex.holder is not None else []
    parts = [np.asarray(part) for _, part in history]
    if is_sum(history, held):
        if len(parts) > SMALL or parts[0].size > MOST:
            return f", the sum of {len(parts)} passes"
        return f" = {prints.added(parts)}, the sum of {len(parts)} passes"
    if len(parts) >= KEPT:
        return ", the sum of several passes"
    ratios = np.ravel(np.asarray(held, np.float64)[g != 0] / g[g != 0])
    one = ratios.size and np.allclose(ratios, ratios[0], rtol=1e-4) and not np.any(np.asarray(held)[g == 0])
    factor = f"{ratios[0]:.5g} times" if one else "not"
    return f", {factor} what the backward pass gave, {short(g)}: it was changed afterwards"


def _gradient(flow: Flow, vertex: Vertex, held: Any, names: list[str]) -> str:
    """A gradient as what `.grad` holds, or else as the adjoint; the names of its numbers go to `names`."""
    g = np.asarray(flow.adjoints[vertex])
    same = [v for v in flow.order if v.holder is vertex.holder is not None and v.op is None and v in flow.adjoints]
    if held is not None and len(same) > 1:
        parts = prints.added([np.asarray(flow.adjoints[v]) for v in same])
        return (
            f"`{vertex.name}.grad` holds {short(held)} = {parts}, one part by each of the values that `.data` gave it"
        )
    small = g.size <= SMALL
    if held is not None and small:
        names += [".".join(["grads", vertex.name, *map(str, index)]) for index in np.ndindex(np.shape(held))]
    if held is not None and not np.any(held) and np.any(g):
        return f"${gradient_tex(flow, vertex, g)}$ in the last pass, then cleared" if small else (
            f"`{vertex.name}.grad` was cleared after the last pass"
        )  # fmt: skip
    if held is not None and not np.allclose(held, g, equal_nan=True):
        return f"`{vertex.name}.grad` holds {short(held)}{_parts(vertex, g, held)}"
    if small:
        return f"${gradient_tex(flow, vertex, g)}$"
    return f"${flow.partial(vertex)}$ has {' × '.join(map(str, g.shape))} numbers from {spread(g)}"
