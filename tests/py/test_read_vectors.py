"""One field in every notation: lists, columns, unit vectors, with factors in front of them and lines below."""

import itertools

import pytest
import sympy as sp

from nabla.question.formulas import entries_of
from nabla.read.fields.vector import read_components
from nabla.read.fields.vectors import is_vector, vector_of

PARTS = ("x^2 y", "3 z", "-y")
UNITS = [
    ("i", "j", "k"), ("î", "ĵ", "k\u0302"), (r"\hat{i}", r"\hat{j}", r"\hat{k}"),
    (r"\mathbf{i}", r"\mathbf{j}", r"\mathbf{k}"),
    (r"\hat{\mathbf{x}}", r"\hat{\mathbf{y}}", r"\hat{\mathbf{z}}"),
    (r"\mathbf{e}_x", r"\mathbf{e}_y", r"\mathbf{e}_z"),
    (r"\mathbf{a}_{x}", r"\mathbf{a}_{y}", r"\mathbf{a}_{z}"), ("ex", "ey", "ez"),
]  # fmt: skip
LISTS = [
    "({})", "[{}]", "<{}>", "⟨{}⟩", r"\langle {} \rangle", r"\left({}\right)", r"\bigl({}\bigr)",
]  # fmt: skip
COLUMNS = [
    r"\begin{pmatrix} {} \end{pmatrix}", r"\begin {bmatrix} {} \end {bmatrix}",
    r"\left[\begin{array}{c} {} \end{array}\right]",
]  # fmt: skip
FACTORS = [
    ("{}", "1"), ("2 {}", "2"), ("{}/(x^2 + 1)", "1/(x**2 + 1)"), (r"\frac{{{}}}{{x^2 + 1}}", "1/(x**2 + 1)"),
    (r"\frac{{1}}{{z}} {}", "1/z"), ("e^{{-x}} {}", "exp(-x)"), (r"\sin\theta\,{}", "sin(theta)"), (r"z \cdot {}", "z"),
]  # fmt: skip


def written() -> list[str]:
    """The field in all notations."""
    sums = [" + ".join(f"({p}) {u}" for p, u in zip(PARTS, units, strict=True)) for units in UNITS]
    lists = [form.replace("{}", ", ".join(PARTS)) for form in LISTS]
    return [*(f"({each})" for each in sums), *lists, *(form.replace("{}", r" \\ ".join(PARTS)) for form in COLUMNS)]


@pytest.mark.parametrize(("factor", "truth"), FACTORS, ids=range(len(FACTORS)))
def test_the_same_field_in_every_notation(factor: str, truth: str) -> None:
    x, y, z, theta = (sp.Symbol(name, real=True) for name in ("x", "y", "z", "theta"))
    scale = sp.sympify(truth, {"x": x, "z": z, "theta": theta})
    wanted = [sp.simplify(scale * part) for part in (x**2 * y, 3 * z, -y)]
    for field in written():
        text = factor.format(field)
        found = [reading.expr for reading in read_components(text)]
        assert [sp.simplify(a - b) for a, b in zip(found, wanted, strict=True)] == [0, 0, 0], text


@pytest.mark.parametrize("text", ["f(x, y)", "max(x, y)", r"\frac{x}{y}", "2 i + 1", "x^2 + y", "atan2(y, x)", "k x"])
def test_what_is_no_vector(text: str) -> None:
    assert not is_vector(text)


def test_sums_of_vectors_and_constants_called_as_unit_vectors_are() -> None:
    assert [r.expr for r in read_components("(x, 0) + 2 (1, y)")] == [r.expr for r in read_components("(x + 2, 2 y)")]
    assert vector_of("-k x i - k y j") == {"x": "- k x", "y": "- k y"}
    assert entries_of(r"\left(\begin{array}{c} x \\ y \end{array}\right)") == []  # brackets around a column: no list


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_unit_vectors_in_any_order(order: tuple[int, ...]) -> None:
    text = " + ".join(f"{PARTS[i]} \\hat {'ijk'[i]}" for i in order)
    assert [str(r.expr) for r in read_components(text)] == ["x**2*y", "3*z", "-y"]
