"""Programs of a document that need no more than NumPy and SymPy, each followed by assertions of the answer.

Notebooks and exported scripts run them, so a reader need not trust the page. The assertions come
from `values`, whose names are fixed, and from what the programs themselves define.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from typing import Any

from nabla.answer import document as d
from nabla.answer.marks import Dots

_MODULES = {"numpy", "sympy", "math", "io"}
_READS_FILE = re.compile(r"\b(loadtxt|genfromtxt|np\.load|open)\(")
_FORWARD = {
    "sigmoid": "1 / (1 + np.exp(-z))", "tanh": "np.tanh(z)", "relu": "np.maximum(z, 0)", "linear": "z",
    "softmax": "np.exp(z - z.max(axis=1, keepdims=True)) / np.exp(z - z.max(axis=1, keepdims=True)).sum("
    "axis=1, keepdims=True)",
}  # fmt: skip


def programs(document: d.Document, block: d.Code) -> list[str]:
    """The programs of `block` to be run in this order in one namespace; none where all need other libraries."""
    write = _LABS.get(document.lab)
    return write(document, block) if write else []


def runs_alone(text: str) -> bool:
    """Whether a program is Python that imports NumPy, SymPy or `math`, nothing else, and reads no file."""
    try:
        imported = imports(text)
    except SyntaxError:
        return False
    return bool(imported) and imported <= _MODULES and not _READS_FILE.search(text)


def imports(text: str) -> set[str]:
    """The packages that a program imports.

    Raises:
        SyntaxError: when it is no Python.
    """
    imported = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    return imported


def _alone(block: d.Code, *labels: str) -> dict[str, str]:
    """The programs by label that begin with one of `labels` and run alone."""
    found = {source.label: source.text for source in block.sources if source.label.startswith(labels)}
    return {label: text for label, text in found.items() if runs_alone(text)}


def _derive(document: d.Document, block: d.Code) -> list[str]:
    """SymPy differentiates by itself; the formula of the answer, in NumPy, has to agree with it."""
    found = _alone(block, "SymPy", "NumPy")
    sympy, numpy = found.get("SymPy", ""), found.get("NumPy", "")
    named = re.findall(r"^print\((\w+)\)$", sympy, re.MULTILINE)
    called = re.search(r"^print\((\w+)\((.*)\)\)$", numpy, re.MULTILINE)
    if not named:
        return [text for text in (sympy, numpy) if text]
    value = document.values.get("value")
    at = re.search(r"^print\(\w+(\.subs\(.*\))\)$", sympy, re.MULTILINE)
    if not called:
        if value is None or not at:
            return [sympy]
        check = f"found = np.array({named[0]}{at[1]}.evalf(), dtype=float)"
        return [f"{sympy}\n# What Nabla found\nimport numpy as np\n\n{check}\n{_close('found.squeeze()', value)}"]
    if "value" in document.values and value is None:
        numpy = numpy.replace(called[0], f"# There is no value at {called[2]}.")
    lines = [
        "# SymPy's own derivative and the formula of this answer, at the point and beside it",
        f"point = dict({called[2]})",
        "compared = 0",
        "for step in (0, 0.125, -0.125, 0.5, -0.5, 1, 2):",
        "    moved = {name: value + step for name, value in point.items()}",
        "    at = {symbol: moved.get(symbol.name, moved.get(f'{symbol.name}_')) for symbol in by_sympy.free_symbols}",
        "    entries = [sp.N(entry.subs(at)) for entry in sp.Matrix([by_sympy])]",
        "    if all(entry.is_real and entry.is_finite for entry in entries):",
        f"        here = np.ravel({called[1]}(**moved))",
        "        np.testing.assert_allclose(here, np.array(entries, dtype=float), rtol=1e-8, atol=1e-10)",
        "        compared += 1",
        "assert compared > 0",
    ]
    if value is not None:
        lines += [
            "", "# What Nabla found at the point",
            _close(f"np.squeeze({called[1]}(**point))", value),
        ]  # fmt: skip
    lines.append('print("the formula agrees with SymPy at", compared, "points")')
    return [sympy + f"by_sympy = {named[0]}\n", numpy, "\n".join(lines) + "\n"]


def _backprop(document: d.Document, block: d.Code) -> list[str]:
    """These programs assert their gradients themselves."""
    return list(_alone(block, "NumPy").values())


def _fit(document: d.Document, block: d.Code) -> list[str]:
    """The formula leaves the residual that it should, and linear least squares finds the same amplitudes."""
    model = _alone(block, "NumPy").get("NumPy")
    data = _samples(document)
    if not model or data is None:
        return [model] if model else []
    x, measured = data
    values = document.values
    lines = [
        "# The data, and what the formula leaves of them",
        f"x = np.array({x})",
        f"measured = np.array({measured})",
        "residual = measured - y(x)",
        "spread = np.sqrt(np.mean((measured - measured.mean()) ** 2))",
        "rms = np.sqrt(np.mean(residual**2))",
        f"assert abs(rms - {values['residual_rms']!r}) < 0.1 * {values['residual_rms']!r} + 1e-6 * spread",
    ]
    tones: list[dict[str, Any]] = values.get("tones", [])
    if tones and not values.get("robust") and all("decay" not in tone for tone in tones):
        degree = {"none": -1, "constant": 0, "linear": 1, "quadratic": 2}.get(values["trend"]["degree"], 0)
        lines += [
            "",
            "# At these frequencies least squares is linear: the amplitudes anew",
            f"frequencies = np.array({[tone['frequency'] for tone in tones]})",
            f"amplitudes = np.array({[tone['amplitude'] for tone in tones]})",
            f"errors = np.array({[tone['se_amplitude'] for tone in tones]})",
            "angles = 2 * np.pi * frequencies * x[:, None]",
            f"trend = (x[:, None] - x.mean()) ** np.arange({degree + 1})",
            "columns = np.hstack([np.cos(angles), np.sin(angles), trend])",
            "best = np.linalg.lstsq(columns, measured, rcond=None)[0]",
            "refitted = np.hypot(*best[: 2 * len(frequencies)].reshape(2, -1))",
            "assert np.all(np.abs(refitted - amplitudes) <= 0.1 * errors + 1e-6 * amplitudes)",
            "print(refitted)",
        ]
    return [model, "\n".join(lines) + "\n"]


def _samples(document: d.Document) -> tuple[list[float], list[float]] | None:
    """The samples as they are drawn; None where a plot cannot show all of them."""
    count = document.values.get("n")
    for block in document.blocks:
        for mark in block.marks if isinstance(block, d.Plot) else ():
            if isinstance(mark, Dots) and len(mark.x) == count:
                return mark.x.tolist(), mark.y.tolist()
    return None


def _descend(document: d.Document, block: d.Code) -> list[str]:
    """Function, gradient and Hessian; the gradient against differences, and every run where it ended."""
    text = next((source.text for source in block.sources if source.label == "SciPy"), "")
    head, _, rest = text.partition("\nstart = ")
    head = head.replace("from scipy.optimize import minimize\n", "")
    if not rest or not runs_alone(head):
        return []
    start = rest.partition("\n")[0]
    lines = [
        f"start = {start}",
        "",
        "# The gradient by central differences",
        "step = 1e-5 * np.maximum(1, np.abs(start))",
        "differences = [(f(start + e) - f(start - e)) / (2 * e.sum()) for e in np.diag(step)]",
        "scale = 1e-5 * np.abs(jacobian(start)).max() + 1e-9 * abs(f(start)) / step.min() + 1e-9",
        "np.testing.assert_allclose(jacobian(start), differences, rtol=1e-5, atol=scale)",
    ]
    ends = [run for run in document.values.get("runs", []) if _finite([run["f"], *run["x"]])]
    if ends:
        lines += ["", "# Where each method ended"]
        lines += [f"np.testing.assert_allclose(f(np.array({run['x']})), {run['f']!r}, rtol=1e-6, atol=1e-12)"
                  f"  # {run['method']}: {run['verdict']}" for run in ends]  # fmt: skip
    points = [point for point in document.values.get("stationary", []) if _finite(point["x"])]
    if points and "\ndef hess(" in head:
        lines += ["", "# The stationary points, and the eigenvalues of the Hessian there"]
        for point in points:
            lines.append(f"here = np.array({point['x']})")
            lines.append("np.testing.assert_allclose(jacobian(here), 0, atol=1e-5 * (1 + np.abs(hess(here)).max()))")
            lines.append(f"print(here, {point['kind']!r}, np.linalg.eigvalsh(hess(here)))")
    return [head.rstrip() + "\n", "\n".join(lines) + "\n"]


def _train(document: d.Document, block: d.Code) -> list[str]:
    """The program as it runs, and its outputs from the weights it ends with."""
    written = []
    for label, text in _alone(block, "NumPy").items():
        seeded = _seeded(document, text)
        if seeded is None:
            continue
        written.append(seeded)
        if label == "NumPy, as run":
            written += _outputs(document.values)
    return written


def _seeded(document: d.Document, text: str) -> str | None:
    """The program with the seed it was run with; None where it sets another one itself."""
    own = re.search(r"\b(seed|default_rng|RandomState)\(", text)
    if document.inputs.get("seed", "").strip() and own and document.inputs.get("code", "").strip():
        return None
    head = "" if own or "random" not in text else f"np.random.seed({document.inputs.get('seed', '').strip() or 1})\n"
    if "xrange" in text:
        head += "xrange = range  # as Python 2 called it\n"
    return re.sub(r"^(import numpy as np\n)", lambda match: match[1] + head, text, count=1, flags=re.MULTILINE)


def _outputs(values: dict[str, Any]) -> list[str]:
    layers, axes = values.get("layers") or [], values.get("axes") or {}
    given = next((name for name, kinds in axes.items() if kinds == ["samples", "inputs"]), None)
    known = all(layer["activation"] in _FORWARD for layer in layers)
    outputs = values.get("outputs")
    if not (given and known and layers and outputs and values.get("raises") is None and _finite_rows(outputs)):
        return []
    lines = ["# What the trained network answers", f"a = {given}"]
    for layer in layers:
        bias = f" + {layer['bias']}" if layer["bias"] else ""
        lines += [f"z = a @ {layer['weight']}{bias}", f"a = {_FORWARD[layer['activation']]}"]
    lines.append(f"np.testing.assert_allclose(a, np.array({outputs}), rtol=1e-6, atol=1e-9)")
    return ["\n".join([*lines, "print(a)"]) + "\n"]


def _decompose(document: d.Document, block: d.Code) -> list[str]:
    """The parts, computed again, have the norms that the answer states."""
    names = {"NumPy, periodic": "periodic", "NumPy, walls": "wall", "NumPy, open": "open"}
    written = []
    for label, text in _alone(block, "NumPy").items():
        program = re.sub(r"^np\.savez\(.*\n?", "", text, flags=re.MULTILINE)
        norms = document.values.get("answers", {}).get(names.get(label, ""), {}).get("norms")
        if norms:
            sizes = [norms[part] for part in ("V", "S", "H", "harmonic")]
            program += (
                "\n# What Nabla found with a finer method: the root mean squares of V, S, H and the rest\n"
                f"sizes = np.array({sizes})\n"
                "np.testing.assert_allclose([size(V), size(S), size(H), size(rest)], sizes, atol=0.03 * sizes[0])\n"
                "np.testing.assert_allclose(S + H + rest, V, atol=1e-9 * np.abs(V).max())\n"
            )
        written.append(program)
    return written


def _close(found: str, value: Any) -> str:
    return f"np.testing.assert_allclose({found}, {value!r}, rtol=1e-8, atol=1e-10)\n"


def _finite(numbers: Sequence[Any]) -> bool:
    return all(isinstance(number, (int, float)) and abs(number) < float("inf") for number in numbers)


def _finite_rows(rows: Sequence[Any]) -> bool:
    return all(_finite_rows(row) if isinstance(row, (list, tuple)) else _finite([row]) for row in rows)


_LABS: dict[str, Callable[[d.Document, d.Code], list[str]]] = {
    "backprop": _backprop,
    "decompose": _decompose,
    "derive": _derive,
    "descend": _descend,
    "fit": _fit,
    "train": _train,
}
