"""What may stand in the field for functions: formulas, definitions, equations."""

import pytest

from nabla.errors import UserError
from nabla.read.fields.asked import read_asked
from nabla.read.fields.preview import preview
from nabla.read.fields.vector import components_text
from nabla.read.formula.leading import leading


@pytest.mark.parametrize(
    ("text", "names", "differences"),
    [
        ("x^2", [""], ["x**2"]),
        ("x^2; sin x", ["", ""], ["x**2", "sin(x)"]),
        ("x^2;", [""], ["x**2"]),
        ("x^2+y^2=25", [""], ["x**2 + y**2 - 25"]),
        ("y = x^2", ["y"], ["-x**2 + y"]),
        ("y = x^2 y", [""], ["-x**2*y + y"]),
        ("f(x) = x^2", ["f"], ["-x**2 + f(x)"]),
        ("x=t^2; y=t^3", ["x", "y"], ["-t**2 + x", "-t**3 + y"]),
        ("d/dx (x sin x)", [""], ["x*sin(x)"]),
        (r"\frac{\partial^2}{\partial x \partial y} e^{xy}", [""], ["exp(x*y)"]),
        ("1 if x == 0 else x", [""], ["Piecewise((1, Eq(x, 0)), (x, True))"]),
    ],
)
def test_parts_are_read(text: str, names: list[str], differences: list[str]) -> None:
    parts = read_asked(text)
    assert [part.name for part in parts] == names
    assert [str(part.difference.expr) for part in parts] == differences


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [("a=b=c", 3, 4), ("x^2; y=", 7, 7), ("=2", 0, 0), ("x; 2+", 4, 5), ("d/dx x^2 = 2x", 5, 13)],
)
def test_the_place_is_that_in_the_whole_text(text: str, start: int, end: int) -> None:
    with pytest.raises(UserError) as caught:
        read_asked(text)
    assert caught.value.span is not None
    assert (caught.value.span.start, caught.value.span.end) == (start, end)


@pytest.mark.parametrize(
    ("text", "sign", "variables"),
    [
        ("d/dx (x sin x)", "d/dx", "x"),
        ("d²/dx² x", "d²/dx²", "x, x"),
        ("d^3/dt^3 sin t", "d^3/dt^3", "t, t, t"),
        ("∂²/∂x∂y e^{xy}", "∂²/∂x∂y", "x, y"),
        ("d/dtheta sin(theta)", "d/dtheta", "theta"),
        (r"$\frac{d}{d\theta} \sin\theta$", r"\frac{d}{d\theta}", "theta"),
        (r"\dfrac{\mathrm{d}^2}{\mathrm{d}x^2} \ln x", r"\dfrac{\mathrm{d}^2}{\mathrm{d}x^2}", "x, x"),
    ],
)
def test_a_sign_in_front(text: str, sign: str, variables: str) -> None:
    found = leading(text)
    assert found is not None
    assert (found.sign, found.variables) == (sign, variables)
    assert len(found.rest) == len(text)
    assert text.endswith(found.rest.strip(" $") + "$" * text.endswith("$"))


@pytest.mark.parametrize(
    ("text", "components"),
    [
        ("-y; x", "-y; x"),
        ("F = (-y, x)", "-y; x"),
        ("<x/(x^2+y^2), atan2(y, x)>", "x/(x^2+y^2); atan2(y, x)"),
        ("[x*y, y**2, 0]", "x*y; y**2; 0"),
        ("-y, x", "-y; x"),
        ("F(x,y) = x^2 i + y j", "x^2; y"),
        (r"\vec{F} = y\hat{i} - x\hat{j}", "y; - x"),
        ("y î − x ĵ", "y; − x"),
        (r"xy \mathbf{i} - \mathbf{k}", "xy; 0; - 1"),
        ("(x + y) i - 2 j + x i", "(x + y) + x; - 2"),
        ("x^2 + y", "x^2 + y"),
    ],
)
def test_components_of_a_field(text: str, components: str) -> None:
    def parts(listed: str) -> list[str]:
        return ["".join(part.split()) for part in listed.split(";")]

    assert parts(components_text(text)) == parts(components)


@pytest.mark.parametrize("text", ["x sin x", "d/dx", "dx/dt + x", "d/x", "d*x"])
def test_no_sign_in_front(text: str) -> None:
    assert leading(text) is None


def test_a_sign_has_one_order() -> None:
    with pytest.raises(UserError, match="order above is 2 and that below 1"):
        leading("d²/dx sin x")


def test_the_preview_shows_equations() -> None:
    assert preview("formulas", "x^2+y^2=25")["tex"] == "x^{2} + y^{2} = 25"
    assert preview("formulas", "x=t^2; y=t^3")["tex"] == r"x = t^{2},\quad y = t^{3}"
    assert preview("formulas", "x=")["error"]["code"] == "empty"
