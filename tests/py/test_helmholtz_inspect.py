"""What is found in a formula before it is computed, against the figures known for the formula that was asked about."""

import sympy as sp

import nabla
from nabla.helmholtz import inspect
from tests.py.test_decompose import REPAIRED

TYPED = (
    "171.05e-18*((x**4+2*x**2*z**2+z**4)*np.arctan(z*x)-x**3*z-x*z**3)*(-3.17e6*x**4-6.36e6*x**2*z**2-3.19e6*z**4"
    "+x**4*z+2*x**2*z**3+z**5)*(z-44.33e3)/(((-2e3)/(576.30e3+13*z))**2.69*(x**2+z**2)**7/2*z+1e-15); 0; 0"
)
BOX = "x=100..20100, z=100..20100"


def found(V: str, **inputs: object) -> tuple[nabla.Document, dict[str, list[dict]]]:
    document = nabla.run("decompose", {"V": V, **inputs})
    by_code: dict[str, list[dict]] = {}
    for each in document.values["findings"]:
        by_code.setdefault(each["code"], []).append(each)
    return document, by_code


def test_the_formula_as_typed_is_told_its_slips_and_not_computed() -> None:
    document, by_code = found(TYPED, domain=BOX)
    assert document.values["answers"] == {}
    assert {caution.code for caution in document.warnings} == {"suspected", "not-real"}
    negative = by_code["negative-base"][0]
    assert "-0.5621 - 0.8271" in negative["message"] and "44330.77" in negative["message"]
    assert "(-576.30e3" not in negative["repaired"].replace("/(-576.30e3", "") and "/(-576.30e3" in negative["repaired"]
    precedence = by_code["precedence"][0]
    assert "degree 15" in precedence["message"] and "degree is 8" in precedence["message"]
    assert "**(7/2)*z" in precedence["repaired"]
    assert "*arctan2(z, x)-" in by_code["angle"][0]["repaired"]
    assert "0.289" in by_code["guard"][0]["message"]
    assert any("cancels" in each["message"] for each in by_code["cancelling"])
    assert "The box keeps off it." in by_code["singular"][0]["message"]


def test_the_changes_together_are_one_click_away() -> None:
    document, _ = found(TYPED, domain=BOX)
    changes = [block.inputs["V"] for block in document.blocks if block.kind == "note" and block.inputs]
    assert changes[-1].replace(" ", "") == REPAIRED + ";0;0"


def test_the_range_along_the_diagonal_speaks_for_the_changes() -> None:
    document, _ = found(TYPED, domain=BOX)
    table = next(block for block in document.blocks if block.kind == "table")
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["$1$"] == ["$7.11$", "$40.2$"]
    assert rows["$1000$"] == [r"$2.77 \cdot 10^{-20}$", "$37$"]
    assert rows[r"$10000$"][1] == "$15.6$"


def test_the_repaired_formula_raises_no_suspicion() -> None:
    document, by_code = found(REPAIRED + "; 0; 0", domain=BOX, n=16, boundary="wall")
    assert not {"negative-base", "precedence", "angle", "range"} & set(by_code)
    assert "wall" in document.values["answers"]
    assert any("S_y = H_y = 0" in block.text for block in document.blocks if block.kind == "prose")


def test_harmless_formulas_are_left_alone() -> None:
    for V in ("x**3/2; y", "arctan(x/2); y", "sqrt(x^2+y^2+1); x", "arctan(y/(x+3)); 0", "1/(x^2+y^2+1); exp(x*y)"):
        _, by_code = found(V, n=16, boundary="periodic")
        assert not {"negative-base", "precedence", "angle", "guard"} & set(by_code), V


def test_a_singular_line_through_the_box_is_told() -> None:
    for V, low in (("1/x; y", "0"), ("-y/(x^2+y^2); x/(x^2+y^2)", "-1"), ("1/((x-0.3)^2+(y-0.7)^2); 0", "-1")):
        document, _ = found(V, domain=f"x=-1..1.1, y={low}..1.2", n=16, boundary="periodic")
        assert "touches" in str(document), V


def test_where_powers_with_broken_exponents_are_real():
    x, z = sp.symbols("x z", real=True)
    base = -2000 / (576300 + 13 * z)
    ((power, symbol, inside),) = inspect.real_where(x**2 * base ** sp.Rational(269, 100) + x, (x, z))
    assert (sp.sign(power.base.subs(z, 0)), symbol) == (-1, z)  # SymPy takes the factor 2000 out of the power
    assert inside == sp.Interval.open(-sp.oo, sp.Rational(-576300, 13))
    assert inspect.real_where(sp.sqrt(x**2 + 1) * z**2, (x, z)) == []
