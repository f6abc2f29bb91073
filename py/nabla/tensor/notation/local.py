"""LaTeX for what the backward pass multiplies with: local derivatives, and products with whole Jacobians."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nabla.tensor.notation import bar_of

# The local derivatives of elementwise operations by each argument: @a and @b are the arguments, @c a third, @y the
# result, and @{name} a parameter. 1 is a slope of one, 0 none.
LOCAL: dict[str, tuple[str, ...]] = {
    "add": ("1", "1"), "sub": ("1", r"\left(-1\right)"), "mul": ("@b", "@a"),
    "div": (r"\frac{1}{@b}", r"\left(-\frac{@a}{@b^2}\right)"), "neg": (r"\left(-1\right)",),
    "pow": (r"@b \, @a^{@b - 1}", r"@y \ln @a"), "square": (r"2 @a",), "sqrt": (r"\frac{1}{2 @y}",),
    "rsqrt": (r"\left(-\tfrac{1}{2} @y^3\right)",), "cbrt": (r"\frac{1}{3 @y^2}",),
    "reciprocal": (r"\left(-@y^2\right)",), "exp": ("@y",), "exp2": (r"@y \ln 2",), "expm1": (r"\left(@y + 1\right)",),
    "log": (r"\frac{1}{@a}",), "log2": (r"\frac{1}{@a \ln 2}",), "log10": (r"\frac{1}{@a \ln 10}",),
    "log1p": (r"\frac{1}{1 + @a}",), "abs": (r"\operatorname{sign} @a",),
    "sign": ("0",), "floor": ("0",), "ceil": ("0",), "trunc": ("0",), "round": ("0",), "floor_divide": ("0", "0"),
    "remainder": ("1", r"\left(-\left\lfloor \tfrac{@a}{@b} \right\rfloor\right)"),
    "sin": (r"\cos @a",), "cos": (r"\left(-\sin @a\right)",), "tan": (r"\left(1 + @y^2\right)",),
    "asin": (r"\frac{1}{\sqrt{1 - @a^2}}",), "acos": (r"\left(-\frac{1}{\sqrt{1 - @a^2}}\right)",),
    "atan": (r"\frac{1}{1 + @a^2}",), "sinh": (r"\cosh @a",), "cosh": (r"\sinh @a",),
    "tanh": (r"\left(1 - @y^2\right)",), "asinh": (r"\frac{1}{\sqrt{@a^2 + 1}}",),
    "acosh": (r"\frac{1}{\sqrt{@a^2 - 1}}",), "atanh": (r"\frac{1}{1 - @a^2}",), "deg2rad": (r"\frac{\pi}{180}",),
    "atan2": (r"\frac{@b}{@a^2 + @b^2}", r"\left(-\frac{@a}{@a^2 + @b^2}\right)"),
    "hypot": (r"\frac{@a}{@y}", r"\frac{@b}{@y}"),
    "erf": (r"\tfrac{2}{\sqrt{\pi}} e^{-@a^2}",), "erfc": (r"\left(-\tfrac{2}{\sqrt{\pi}} e^{-@a^2}\right)",),
    "sigmoid": (r"@y \left(1 - @y\right)",), "logsigmoid": (r"\sigma\left(-@a\right)",),
    "softplus": (r"\sigma\left(@a\right)",),
    "silu": (r"\sigma\left(@a\right) \left(1 + @a \left(1 - \sigma\left(@a\right)\right)\right)",),
    "gelu": (r"\left(\Phi\left(@a\right) + @a \, \Phi'\left(@a\right)\right)",), "relu": (r"\left[@a > 0\right]",),
    "relu6": (r"\left[0 < @a < 6\right]",), "hardtanh": (r"\left[\text{inside the bounds}\right]",),
    "clamp": (r"\left[\text{inside the bounds}\right]",),
    "leaky_relu": (r"\begin{cases} 1 & @a > 0 \\ \text{slope} & \text{else}\end{cases}",),
    "elu": (r"\begin{cases} 1 & @a > 0 \\ \alpha e^{@a} & \text{else}\end{cases}",),
    "clone": ("1",), "cast_to": ("1",),
    "where": ("0", r"\left[@a\right]", r"\left[\lnot\, @a\right]"),
    "maximum": (r"\left[@a > @b\right]", r"\left[@b > @a\right]"),
    "minimum": (r"\left[@a < @b\right]", r"\left[@b < @a\right]"),
    "bce": (r"\frac{@a - @b}{@a \left(1 - @a\right)}",),
}  # fmt: skip
Product = tuple[str, str, str]


def local_tex(op: str, i: int, a: Sequence[str], y: str) -> str | None:
    """The local derivative of an elementwise operation by argument `i`, from its arguments and its result in LaTeX."""
    templates = LOCAL.get(op)
    if templates is None or i >= len(templates):
        return None
    if op == "pow" and i == 0 and a[1] == "2":
        return f"2 {a[0]}"
    text = templates[i].replace("@y", f"{{{y}}}")
    for mark, name in zip(("@a", "@b", "@c"), a, strict=False):
        text = text.replace(mark, name if text == mark else f"{{{name}}}")
    return text


_MOVED = "The numbers were only moved: each adjoint goes back to where its number came from"
_BACK: dict[str, tuple[str, str]] = {
    "reshape": (r"\operatorname{reshape}\left(@\right)", f"{_MOVED}."),
    "index": (r"\operatorname{put\,back}\left(@\right)",
              f"{_MOVED}; the elements that were not picked get 0, one that was picked twice gets both."),
    "gather": (r"\operatorname{put\,back}\left(@\right)", f"{_MOVED}; the others get 0."),
    "cat": (r"\operatorname{part}\left(@\right)", "Each piece gets its own part of the adjoint back."),
    "stack": (r"\operatorname{part}\left(@\right)", "Each piece gets its own part of the adjoint back."),
    "expand": (r"\textstyle\sum_{\text{copies}} @",
               "One number was copied to several places: what comes back from all of them is added."),
    "flip": (r"\operatorname{flip}\left(@\right)", f"{_MOVED}."),
    "roll": (r"\operatorname{roll\,back}\left(@\right)", f"{_MOVED}."),
    "diagonal": (r"\operatorname{diag}\left(@\right)", f"{_MOVED}, on the diagonal; the rest get 0."),
    "pad": (r"\operatorname{cut}\left(@\right)", "What was added at the border is cut off again."),
    "tril": (r"\operatorname{tril}\left(@\right)", "What was set to 0 sends nothing back."),
    "triu": (r"\operatorname{triu}\left(@\right)", "What was set to 0 sends nothing back."),
    "put": (r"\operatorname{pick}\left(@\right)",
            "What was overwritten sends nothing back; what was written gets the adjoint of its place."),
    "cumsum": (r"\textstyle\sum_{k \ge i} @_k",
               "Element i is in every running total from the i-th on, so it collects all of their adjoints."),
}  # fmt: skip


def product_of(
    op: str, i: int, a: Sequence[str], y: str, shapes: Sequence[tuple[int, ...]], params: dict[str, Any]
) -> Product | None:
    """The vector-Jacobian product of an operation that is not elementwise: matrix form, index form, and why.

    `a` are the arguments and `y` the result in LaTeX; the adjoint of the result is written as its name with a bar. The
    index form is that of the argument's adjoint, its indices i, j, k in order; it may be empty.
    """
    bar = bar_of(y)
    if op == "matmul":
        return _of_product(i, a, bar, [len(shape) for shape in shapes])
    if op in _BACK:
        form, why = _BACK[op]
        return form.replace("@", bar), "", why
    if op == "permute":
        if len(shapes[0]) == 2:
            return rf"{bar}^{{\top}}", rf"{bar}_{{ji}}", "The transpose moves numbers: their adjoints are moved back."
        return rf"\operatorname{{permute\,back}}\left({bar}\right)", "", f"{_MOVED}."
    if op in ("sum", "mean", "var", "std", "norm", "prod", "amax", "amin", "logsumexp"):
        return _of_reduction(op, a[0], y, bar, shapes[0], params)
    flat = len(shapes[0]) == 1 if shapes else False
    if op == "softmax":
        return (rf"{y} \odot \left({bar} - \textstyle\sum_j {bar}_j {{{y}}}_j\right)",
                rf"\sum_j {bar}_j\, {{{y}}}_j \left(\delta_{{ij}} - {{{y}}}_i\right)" if flat else "",
                "Every probability depends on every input, through the sum they are divided by.")  # fmt: skip
    if op == "log_softmax":
        return (rf"{bar} - e^{{{y}}} \textstyle\sum_j {bar}_j",
                rf"\sum_j {bar}_j \left(\delta_{{ij}} - e^{{{{{y}}}_i}}\right)" if flat else "",
                "Every output depends on every input, through the logarithm of the sum; with one target class this "
                "leaves the probabilities minus 1 at the target.")  # fmt: skip
    if op == "inverse":
        return (
            rf"-{{{y}}}^{{\top}}\,{bar}\,{{{y}}}^{{\top}}",
            "",
            "Because the inverse times the matrix stays the identity.",
        )
    if op in ("det", "logdet"):
        factor = rf"{bar}\,{y}" if op == "det" else bar
        return rf"{factor}\,{{{a[0]}}}^{{-\top}}", "", "Each element is multiplied by its cofactor in the determinant."
    return None


def _of_product(i: int, a: Sequence[str], bar: str, ranks: Sequence[int]) -> Product:
    """`a b`, for vectors and matrices."""
    left, right = (f"{{{name}}}" for name in a[:2])
    if ranks[0] == ranks[1] == 2:
        if i == 0:
            return (
                rf"{bar}\,{right}^{{\top}}", rf"\sum_k {bar}_{{ik}}\, {right}_{{jk}}",
                "Element (i, j) of the left factor meets row j of the right one and reaches the whole row i of the "
                "result: the sum over its columns k has both indices of the right factor the other way round, which "
                "is its transpose.",
            )  # fmt: skip
        return (
            rf"{left}^{{\top}}\,{bar}", rf"\sum_n {left}_{{ni}}\, {bar}_{{nj}}",
            "Every row n of the left factor (every sample of a batch) meets the same right factor, so what comes back "
            "is summed over n: that sum is the product with the transpose.",
        )  # fmt: skip
    if ranks[0] == ranks[1] == 1:
        return (
            rf"{bar}\,{(right, left)[i]}",
            rf"{bar}\, {(right, left)[i]}_i",
            "Each element meets one of the other vector.",
        )
    if ranks[0] == 2 and ranks[1] == 1:
        if i == 0:
            return (rf"{bar}\,{right}^{{\top}}", rf"{bar}_i\, {right}_j",
                    "Row i of the matrix gives element i of the result alone: an outer product.")  # fmt: skip
        return (rf"{left}^{{\top}}\,{bar}", rf"\sum_n {left}_{{ni}}\, {bar}_n",
                "Element i of the vector reaches every row n of the result: the sum over the rows is the product with "
                "the transpose.")  # fmt: skip
    if ranks[0] == 1 and ranks[1] == 2:
        if i == 0:
            return (rf"{right}\,{bar}", rf"\sum_k {right}_{{ik}}\, {bar}_k",
                    "Element i of the vector reaches every column k of the result.")  # fmt: skip
        return (rf"{left}\,{bar}^{{\top}}", rf"{left}_i\, {bar}_j",
                "Column j of the matrix gives element j of the result alone: an outer product.")  # fmt: skip
    form = rf"{left}^{{\top}}\,{bar}" if i else rf"{bar}\,{right}^{{\top}}"
    return form, "", "As for two matrices, for every one of the batch; a factor that the batch shares adds them up."


def _of_reduction(op: str, x: str, y: str, bar: str, shape: tuple[int, ...], params: dict[str, Any]) -> Product:
    """A reduction: what each of the elements that went into it gets back."""
    n = int(np.prod([shape[d] for d in params["dims"]], dtype=np.int64))
    whole = len(params["dims"]) == len(shape)
    kept = ",".join("ijklmn"[d] for d in range(min(len(shape), 6)) if d not in params["dims"])
    there = bar if whole else f"{bar}_{{{kept}}}"
    if op == "sum":
        return (rf"{bar}\,\mathbf{{1}}", there,
                "Each element is added once: the adjoint of the sum goes to every one of them unchanged.")  # fmt: skip
    if op == "mean":
        part = rf"\tfrac{{1}}{{{n}}}\," if n != 1 else ""
        return (rf"{part}{bar}\,\mathbf{{1}}", f"{part} {there}".strip(),
                f"The mean divides by {n}: each element gets that part of the adjoint.")  # fmt: skip
    if op in ("var", "std"):
        free = f"{n - params.get('correction', 1):g}"
        head = rf"\tfrac{{2}}{{{free}}}" if op == "var" else rf"\tfrac{{1}}{{{free}\,{y}}}"
        return (rf"{head}\,{bar}\,\left({x} - \operatorname{{mean}} {x}\right)", "",
                "That the mean moves too changes nothing: the deviations add up to 0.")  # fmt: skip
    if op == "norm" and params["p"] == 2:
        return (rf"{bar}\,\frac{{{x}}}{{{y}}}", "",
                "The norm grows in the direction of the vector itself, divided by its length.")  # fmt: skip
    if op == "norm":
        return rf"{bar}\,\nabla \lVert {x} \rVert_{{{params['p']:g}}}", "", ""
    if op == "prod":
        return rf"{bar}\,\textstyle\prod_{{k \ne i}} {{{x}}}_k", "", "Each element is multiplied by all the others."
    if op == "logsumexp":
        return rf"{bar}\,\operatorname{{softmax}}\left({x}\right)", "", "The derivative of log-sum-exp is softmax."
    return (rf"{bar}\,\left[{x} = {y}\right]", "",
            "Only the element that is picked gets the adjoint; equal ones share it.")  # fmt: skip
