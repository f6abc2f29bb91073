"""What SymPy has to agree with: the programs of an answer, and its assertions."""

from __future__ import annotations

import re

from nabla.answer import document as d
from nabla.write.proof import alone, close


def programs(document: d.Document, block: d.Code) -> list[str]:
    """SymPy differentiates by itself; the formula of the answer, in NumPy, has to agree with it."""
    found = alone(block, "SymPy", "NumPy")
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
        return [f"{sympy}\n# What Nabla found\nimport numpy as np\n\n{check}\n{close('found.squeeze()', value)}"]
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
            close(f"np.squeeze({called[1]}(**point))", value),
        ]  # fmt: skip
    lines.append('print("the formula agrees with SymPy at", compared, "points")')
    return [sympy + f"by_sympy = {named[0]}\n", numpy, "\n".join(lines) + "\n"]
