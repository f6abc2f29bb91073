"""Forms of the answer as people write them."""

from math import pi

import pytest

from nabla.errors import UserError
from nabla.read.fields.template import read_template


@pytest.mark.parametrize(
    ("text", "tones", "trend"),
    [
        ("A sin(2πLx) + B cos(2πMx) + C sin(2πNx)", [("sin", None), ("cos", None), ("sin", None)], 0),
        ("f(x) = A*sin(2*pi*L*x) - C", [("sin", None)], 1),
        (r"A\sin(2\pi L x)", [("sin", None)], 0),
        ("a cos(2πx/12 + p) + b cos(w x + q) + c + d x", [("both", 1 / 12), ("both", None)], 2),
        ("a + b x + c x^2 + d sin(2π 50 t)", [("sin", 50)], 3),
        ("A sin(2πt/T)", [("sin", None)], 0),
        ("A1 sin(2π f1 t) + A2 sin(2π f2 t)", [("sin", None), ("sin", None)], 0),
        ("3cos(2x)", [("cos", 1 / pi)], 0),
        ("sin(x)", [("sin", 1 / (2 * pi))], 0),
        ("A np.cos(2*np.pi*f*x - phi)", [("both", None)], 0),
    ],
)
def test_terms(text: str, tones: list[tuple[str, float | None]], trend: int) -> None:
    found = read_template(text)
    assert [tone.kind for tone in found.tones] == [kind for kind, _ in tones]
    for tone, (_, frequency) in zip(found.tones, tones, strict=True):
        assert tone.frequency == (None if frequency is None else pytest.approx(frequency, rel=1e-15))
    assert found.trend == trend


@pytest.mark.parametrize("text", ["hello", "A tan(x)", "A sin(", "A sin(2π0x)", "A exp(x)", "__import__('os')", "+"])
def test_what_is_no_form(text: str) -> None:
    with pytest.raises(UserError) as caught:
        read_template(text)
    assert caught.value.code == "syntax" and caught.value.hint


def test_there_is_an_end_to_the_terms() -> None:
    with pytest.raises(UserError) as caught:
        read_template(" + ".join(["A sin(2πfx)"] * 13))
    assert caught.value.code == "too-long"
