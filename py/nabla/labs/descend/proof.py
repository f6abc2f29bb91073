"""The function that is descended, and assertions of its gradient and of where the methods ended."""

from __future__ import annotations

from nabla.answer import document as d
from nabla.write.proof import finite, runs_alone


def programs(document: d.Document, block: d.Code) -> list[str]:
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
    ends = [run for run in document.values.get("runs", []) if finite([run["f"], *run["x"]])]
    if ends:
        lines += ["", "# Where each method ended"]
        lines += [f"np.testing.assert_allclose(f(np.array({run['x']})), {run['f']!r}, rtol=1e-6, atol=1e-12)"
                  f"  # {run['method']}: {run['verdict']}" for run in ends]  # fmt: skip
    points = [point for point in document.values.get("stationary", []) if finite(point["x"])]
    if points and "\ndef hess(" in head:
        lines += ["", "# The stationary points, and the eigenvalues of the Hessian there"]
        for point in points:
            lines.append(f"here = np.array({point['x']})")
            lines.append("np.testing.assert_allclose(jacobian(here), 0, atol=1e-5 * (1 + np.abs(hess(here)).max()))")
            lines.append(f"print(here, {point['kind']!r}, np.linalg.eigvalsh(hess(here)))")
    return [head.rstrip() + "\n", "\n".join(lines) + "\n"]
