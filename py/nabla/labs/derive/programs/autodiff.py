"""Programs that let PyTorch and JAX differentiate: the function is written, and the library finds the derivative."""

from __future__ import annotations

import sympy as sp

from nabla.answer.document import Source
from nabla.labs.derive.programs.wanted import Wanted, program
from nabla.write.dialects import JAX, TORCH, identifiers
from nabla.write.printer import Printer


def torch_program(wanted: Wanted) -> Source | None:
    """`backward` for a first derivative, `autograd.grad` for higher ones, `torch.func` for arrays of them."""
    if wanted.what == "formula" or (wanted.what == "derivative" and not _depends(wanted)):
        return None
    names = identifiers(wanted.symbols, TORCH)
    printer = Printer(TORCH, names)
    if wanted.what != "derivative":
        call = {"gradient": "grad", "jacobian": "jacrev", "hessian": "hessian"}[wanted.what]
        made = "torch.tensor([{}], dtype=torch.float64)"
        lines = _of_vector(wanted, printer, names, "torch.stack", made, "torch.as_tensor({}, dtype=torch.float64)")
        return program(TORCH, printer, [*lines, f"print(torch.func.{call}(f)(v))"])
    lines = []
    for symbol in wanted.symbols:
        value = repr(float(wanted.point[symbol]))
        grad = ", requires_grad=True" if symbol in wanted.wrt else ""
        lines.append(f"{names[symbol]} = torch.tensor({value}, dtype=torch.float64{grad})")
    lines.append(f"f = {printer.source(wanted.functions[0])}")
    if len(wanted.wrt) == 1:
        lines += ["f.backward()", f"print({names[wanted.wrt[0]]}.grad)"]
        return program(TORCH, printer, lines)
    before = "f"
    for order, symbol in enumerate(wanted.wrt, 1):
        last = order == len(wanted.wrt)
        graph = ", materialize_grads=True" if last else ", create_graph=True"
        lines.append(f"d{order} = torch.autograd.grad({before}, {names[symbol]}{graph})[0]")
        before = f"d{order}"
    return program(TORCH, printer, [*lines, f"print({before})"])


def _depends(wanted: Wanted) -> bool:
    """Whether there is a way from the variables to the function: a step has none that PyTorch would follow."""
    return set(wanted.wrt) <= set(wanted.functions[0].free_symbols) and wanted.result != 0


def _of_vector(
    wanted: Wanted, printer: Printer, names: dict[sp.Symbol, str], stack: str, made: str, number: str
) -> list[str]:
    """The fixed values, `f` of one vector v, and v."""
    variables = wanted.variables
    fixed = [symbol for symbol in wanted.symbols if symbol not in variables]
    lines = [f"{names[symbol]} = {made.replace('[{}]', '{}').format(float(wanted.point[symbol]))}" for symbol in fixed]
    inside = ", ".join(names[symbol] for symbol in variables)
    texts = [
        printer.source(expr) if expr.free_symbols & set(variables) else number.format(printer.source(expr))
        for expr in wanted.functions
    ]
    body = texts[0] if wanted.what != "jacobian" else f"{stack}([{', '.join(texts)}])"
    unpack = f"    {inside} = v" if len(variables) > 1 else f"    ({inside},) = v"
    start = ", ".join(repr(float(wanted.point[symbol])) for symbol in variables)
    return [*lines, "", "", "def f(v):", unpack, f"    return {body}", "", "", f"v = {made.format(start)}"]


def jax_program(wanted: Wanted) -> Source | None:
    """`jax.grad`, once for each variable, in double precision; `jacobian` and `hessian` for arrays of derivatives."""
    if wanted.what == "formula":
        return None
    names = identifiers(wanted.symbols, JAX)
    printer = Printer(JAX, names)
    wide = ['jax.config.update("jax_enable_x64", True)']
    if wanted.what != "derivative":
        call = {"gradient": "grad", "jacobian": "jacobian", "hessian": "hessian"}[wanted.what]
        lines = _of_vector(wanted, printer, names, "jnp.stack", "jnp.array([{}])", "jnp.asarray({}, dtype=float)")
        return program(JAX, printer, [*wide, *lines, f"print(jax.{call}(f)(v))"], ["import jax"])
    arguments = [names[symbol] for symbol in wanted.symbols]
    text = printer.source(wanted.functions[0])
    # jax.grad wants a float from every function, a constant or a step included.
    body = text if wanted.functions[0].free_symbols else f"jnp.asarray({text}, dtype=float)"
    lines = [*wide, "", "", f"def f({', '.join(arguments)}):", f"    return {body}", "", ""]
    before = "f"
    for order, symbol in enumerate(wanted.wrt, 1):
        after = "df" if order == len(wanted.wrt) else f"d{order}"
        place = arguments.index(names[symbol])
        lines.append(f"{after} = jax.grad({before}{f', argnums={place}' if place else ''})")
        before = after
    values = ", ".join(repr(float(wanted.point[symbol])) for symbol in wanted.symbols)
    return program(JAX, printer, [*lines, f"print(df({values}))"], ["import jax"])
