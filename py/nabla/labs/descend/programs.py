"""Programs that minimise: SciPy with exact gradient and Hessian, PyTorch and JAX with a loop; and gradients alone."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import sympy as sp

from nabla.answer.document import Source
from nabla.write.dialects import JAX, NUMPY, TORCH, Dialect, identifiers
from nabla.write.printer import Printer, Unsupported

_TAKEN = frozenset({"params", "der"})


def _names(variables: Sequence[sp.Symbol], dialect: Dialect) -> dict[sp.Symbol, str]:
    """Python names of the variables, none that the programs use themselves."""
    return {v: f"{name}_" if name in _TAKEN else name for v, name in identifiers(variables, dialect).items()}


def _unpacked(names: Sequence[str], parameter: str) -> str:
    left = ", ".join(names) + ("," if len(names) == 1 else "")
    return f"    {left} = {parameter}"


def gradient_code(
    exprs: Sequence[sp.Expr], variables: Sequence[sp.Symbol], name: str = "jacobian", parameter: str = "params",
    separate: bool = False,
) -> str:  # fmt: skip
    """A NumPy function that returns the gradient; "" where NumPy lacks a function."""
    names = _names(variables, NUMPY)
    printer = Printer(NUMPY, names)
    if len(variables) == 1 and (separate or parameter == names[variables[0]]):
        try:
            return f"def {name}({parameter}):\n    return {printer.source(exprs[0])}\n"
        except Unsupported:
            return ""
    parameter = "params" if parameter in names.values() or parameter in _TAKEN else parameter
    try:
        lines = [f"    der[{i}] = {printer.source(e)}" for i, e in enumerate(exprs)]
    except Unsupported:
        return ""
    head = [f"def {name}({', '.join(names.values()) if separate else parameter}):"]
    body = [] if separate else [_unpacked(list(names.values()), parameter)]
    store = f"np.zeros({len(variables)})" if separate else f"np.zeros_like({parameter}, dtype=float)"
    return "\n".join([*head, *body, f"    der = {store}", *lines, "    return der"]) + "\n"


def hessian_code(
    rows: Sequence[Sequence[sp.Expr]], variables: Sequence[sp.Symbol], name: str = "hess", parameter: str = "params",
    separate: bool = False,
) -> str:  # fmt: skip
    """A NumPy function that returns the Hessian; "" where NumPy lacks a function."""
    names = _names(variables, NUMPY)
    printer = Printer(NUMPY, names)
    parameter = "params" if parameter in names.values() or parameter in _TAKEN else parameter
    try:
        lines = ["        [" + ", ".join(printer.source(e) for e in row) + "]," for row in rows]
    except Unsupported:
        return ""
    head = [f"def {name}({', '.join(names.values()) if separate else parameter}):"]
    body = [] if separate else [_unpacked(list(names.values()), parameter)]
    return "\n".join([*head, *body, "    return np.array([", *lines, "    ], dtype=float)"]) + "\n"


def programs(
    f: sp.Expr, gradient: Sequence[sp.Expr], hessian: Sequence[Sequence[sp.Expr]], variables: Sequence[sp.Symbol],
    start: Sequence[float], rate: float, steps: int, tolerance: float,
) -> list[Source]:  # fmt: skip
    """The three programs; a library that lacks one of the functions is left out."""
    sources: list[Source] = []
    with suppress(Unsupported):
        sources.append(Source("SciPy", "python", _scipy(f, gradient, hessian, variables, start)))
    for dialect, write in ((TORCH, _torch), (JAX, _jax)):
        with suppress(Unsupported):
            sources.append(Source(dialect.label, "python", write(f, variables, start, rate, steps, tolerance)))
    return sources


def _scipy(
    f: sp.Expr, gradient: Sequence[sp.Expr], hessian: Sequence[Sequence[sp.Expr]], variables: Sequence[sp.Symbol],
    start: Sequence[float],
) -> str:  # fmt: skip
    names = _names(variables, NUMPY)
    printer = Printer(NUMPY, names)
    value = printer.source(f)
    jac, hess = gradient_code(gradient, variables), hessian_code(hessian, variables)
    if not jac or not hess:
        raise Unsupported("a function")
    imports = sorted(printer.modules | {"from scipy.optimize import minimize"}, reverse=True)
    imports.sort(key=lambda line: line.startswith("from"))
    lines = [
        *imports, "", "",
        "def f(params):", _unpacked(list(names.values()), "params"), f"    return {value}", "", "",
        jac.rstrip(), "", "", hess.rstrip(), "", "",
        f"start = np.array({[float(v) for v in start]!r})",
        'result = minimize(f, start, jac=jacobian, hess=hess, method="Newton-CG")',
        "print(result.x, result.fun, result.message)",
        'print("gradient", jacobian(result.x), "eigenvalues", np.linalg.eigvalsh(hess(result.x)))',
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def torch_head(f: sp.Expr, variables: Sequence[sp.Symbol], start: Sequence[float]) -> list[str]:
    """The lines of a PyTorch program up to its parameters.

    Raises:
        Unsupported: PyTorch lacks a function.
    """
    names = _names(variables, TORCH)
    printer = Printer(TORCH, names)
    value = printer.source(f)
    return [
        *sorted(printer.modules), "", "",
        "def f(params):", _unpacked(list(names.values()), "params"), f"    return {value}", "", "",
        f"params = torch.tensor({[float(v) for v in start]!r}, dtype=torch.float64, requires_grad=True)",
    ]  # fmt: skip


def _torch(
    f: sp.Expr, variables: Sequence[sp.Symbol], start: Sequence[float], rate: float, steps: int, tolerance: float
) -> str:
    lines = [
        *torch_head(f, variables, start),
        f"optimizer = torch.optim.SGD([params], lr={rate:.10g})",
        f"for step in range({steps}):",
        "    optimizer.zero_grad()",
        "    loss = f(params)",
        "    loss.backward()",
        f"    if params.grad.abs().max() <= {tolerance!r}:",
        "        break",
        "    optimizer.step()",
        "print(step, params.detach().numpy(), f(params).item())",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def jax_head(f: sp.Expr, variables: Sequence[sp.Symbol], start: Sequence[float]) -> list[str]:
    """The lines of a JAX program up to its gradient.

    Raises:
        Unsupported: JAX lacks a function.
    """
    names = _names(variables, JAX)
    printer = Printer(JAX, names)
    value = printer.source(f)
    return [
        "import jax", *sorted(printer.modules), "",
        'jax.config.update("jax_enable_x64", True)', "", "",
        "def f(params):", _unpacked(list(names.values()), "params"), f"    return {value}", "", "",
        f"params = jnp.array({[float(v) for v in start]!r})",
        "gradient = jax.jit(jax.grad(f))",
    ]  # fmt: skip


def _jax(
    f: sp.Expr, variables: Sequence[sp.Symbol], start: Sequence[float], rate: float, steps: int, tolerance: float
) -> str:
    lines = [
        *jax_head(f, variables, start),
        f"for step in range({steps}):",
        "    g = gradient(params)",
        f"    if jnp.abs(g).max() <= {tolerance!r}:",
        "        break",
        f"    params = params - {rate:.10g} * g",
        "print(step, params, f(params))",
        'print("eigenvalues", jnp.linalg.eigvalsh(jax.hessian(f)(params)))',
    ]  # fmt: skip
    return "\n".join(lines) + "\n"
