"""What may stand in the field for functions: formulas, definitions, equations."""

import pytest

from nabla.errors import UserError
from nabla.read.asked import read_asked
from nabla.read.preview import preview


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
        ("1 if x == 0 else x", [""], ["Piecewise((1, Eq(x, 0)), (x, True))"]),
    ],
)
def test_parts_are_read(text: str, names: list[str], differences: list[str]) -> None:
    parts = read_asked(text)
    assert [part.name for part in parts] == names
    assert [str(part.difference.expr) for part in parts] == differences


@pytest.mark.parametrize(("text", "start", "end"), [("a=b=c", 3, 4), ("x^2; y=", 7, 7), ("=2", 0, 0), ("x; 2+", 4, 5)])
def test_the_place_is_that_in_the_whole_text(text: str, start: int, end: int) -> None:
    with pytest.raises(UserError) as caught:
        read_asked(text)
    assert caught.value.span is not None
    assert (caught.value.span.start, caught.value.span.end) == (start, end)


def test_the_preview_shows_equations() -> None:
    assert preview("formulas", "x^2+y^2=25")["tex"] == "x^{2} + y^{2} = 25"
    assert preview("formulas", "x=t^2; y=t^3")["tex"] == r"x = t^{2},\quad y = t^{3}"
    assert preview("formulas", "x=")["error"]["code"] == "empty"
