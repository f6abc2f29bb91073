"""derive: answers with several lines, lists and matrices, and answers of every kind of question."""

from typing import Any

import pytest

import nabla
from nabla.answer.document import Note, Prose


def claimed(**inputs: str) -> tuple[dict[str, Any], str]:
    document = nabla.run("derive", inputs)
    told = " ".join(block.text for block in document.blocks if isinstance(block, (Note, Prose)))
    return document.values["claim"], told


def rules(claim: dict[str, Any]) -> list[str]:
    return [mistake["rule"] for mistake in claim["mistakes"]]


def test_the_first_line_that_does_not_follow_is_marked_and_its_slip_named() -> None:
    claim, told = claimed(f="(w*x-y)^2", wrt="w", claim="d/dw = 2(wx-y)x\n= 2wx^2 - 2yx\n= 2wx^2 + 2xy")
    assert claim["lines"] == ["right", "right", "wrong"]
    assert claim["first_wrong"] == 3
    assert "Line 3 is the first that does not follow" in told
    assert "has changed its sign" in told


def test_a_line_of_numbers_is_compared_at_the_point() -> None:
    claim, told = claimed(f="(w*x-y)^2", wrt="w", at="w=3,x=2,y=2", claim="dw = 2(wx-y)x; = 2(4)(2); = 8")
    assert claim["lines"] == ["right", "right", "wrong"]
    assert "times $\\frac{1}{2}$" in told
    assert {"M01", "M23"} <= set(rules(claim))


def test_the_mistake_of_the_first_wrong_line_is_named() -> None:
    claim, _ = claimed(f="x^2 sin x", claim="y = x^2 sin x; y' = 2x cos x; y' = 2cos(x) x")
    assert claim["lines"] == ["wrong", "wrong"]
    assert claim["first_wrong"] == 1
    assert rules(claim) == ["M09"]


def test_lines_of_rising_order() -> None:
    claim, _ = claimed(f="x^3", wrt="x,x", claim="f = x^3; f' = 3x^2; f'' = 6x")
    assert claim["verdict"] == "right"
    assert claim["lines"] == ["right", "right"]


def test_a_right_end_after_a_wrong_line_is_said() -> None:
    claim, told = claimed(f="x^2", claim="3x; 2x")
    assert (claim["verdict"], claim["first_wrong"]) == ("wrong", 1)
    assert "right all the same" in told


def test_a_restated_function_is_no_claim() -> None:
    assert claimed(f="x^2", claim="f(x) = x^2; f' = 2x")[0]["verdict"] == "right"
    claim, told = claimed(f="x^2", claim="f(x) = x^2")
    assert claim["verdict"] == "undecided"
    assert "no derivative is claimed" in told


def test_another_variable_in_the_label_is_said() -> None:
    claim, told = claimed(f="x^2 y", wrt="x", claim="df/dy = x^2")
    assert rules(claim) == ["M53"]
    assert "asked for is that with respect to x" in told


def test_a_number_without_a_point_is_undecided_and_says_why() -> None:
    claim, told = claimed(f="x^2", claim="6")
    assert claim["verdict"] == "undecided"
    assert "only at a point" in told


@pytest.mark.parametrize(
    ("inputs", "verdict", "rule"),
    [
        ({"f": "x^2*y", "what": "gradient", "claim": "(2xy, x^2)"}, "right", None),
        ({"f": "x^2*y", "what": "gradient", "claim": "[[2xy], [x^2]]"}, "right", None),
        ({"f": "x^2*y", "what": "gradient", "claim": "[2x, x^2]"}, "wrong", "M15"),
        ({"f": "x^2*y", "what": "gradient", "claim": "df/dx = 2xy; df/dy = x^2"}, "right", None),
        ({"f": "x^2*y", "what": "gradient", "claim": "[4, 1]", "at": "x=1,y=2"}, "right", None),
        ({"f": "x^2*y", "what": "gradient", "claim": "[-2xy, -x^2]"}, "wrong", "M39"),
        ({"f": "x^2*y", "what": "gradient", "claim": "2xy"}, "wrong", None),
        ({"f": "x y; x+y^2", "what": "jacobian", "claim": "[[y,x],[1,2y]]"}, "right", None),
        ({"f": "x y; x+y^2", "what": "jacobian", "claim": "[[y,1],[x,2y]]"}, "wrong", "A19"),
        ({"f": "x y; x+y^2", "what": "jacobian", "claim": "[y,x;1,y]"}, "wrong", "M23"),
        ({"f": "x^2 y^2", "what": "hessian", "claim": "[[2y^2, 4xy], [4xy, 2x^2]]"}, "right", None),
        ({"f": "x^2+y^2=25", "claim": "dy/dx = -x/y"}, "right", None),
        ({"f": "x^2+y^2=25", "claim": "dy/dx = -2x"}, "wrong", "M49"),
        ({"f": "x^2+y^2=25", "claim": "-3/4", "at": "x=3,y=4"}, "right", None),
        ({"f": "x^2+y^2=25", "claim": "3/4", "at": "x=3,y=4"}, "wrong", "M39"),
        ({"f": "x^2+y^2=25", "wrt": "x,x", "claim": "y' = -x/y; y'' = -25/y^3"}, "right", None),
        ({"f": "x^2+y^2=25", "wrt": "x,x", "claim": "-(x^2+y^2)/y^3"}, "right", None),
        ({"f": "x^2+y^2=25", "wrt": "x,x", "claim": "-1/y"}, "wrong", "M49"),
        ({"f": "x=t^2; y=t^3", "claim": "3t/2"}, "right", None),
        ({"f": "x=t^2; y=t^3", "claim": "3t^2"}, "wrong", "M51"),
        ({"f": "x=t^2; y=t^3", "claim": "2/(3t)"}, "wrong", "M50"),
        ({"f": "x=t^2; y=t^3", "wrt": "x,x", "claim": "y'' = 3/(4t)"}, "right", None),
        ({"f": "x=t^2; y=t^3", "wrt": "x,x", "claim": "3t"}, "wrong", "M51"),
        ({"f": "x^2*y", "direction": "3,4", "claim": "(6xy+4x^2)/5"}, "right", None),
        ({"f": "x^2*y", "direction": "3,4", "claim": "6xy+4x^2"}, "wrong", "M56"),
        ({"f": "x^2*y", "path": "x=t, y=t^2", "claim": "4t^3"}, "right", None),
        ({"f": "x^2*y", "path": "x=t, y=t^2", "claim": "2t^3"}, "wrong", "M11"),
        ({"f": "|x|", "at": "x=0", "claim": "1"}, "wrong", None),
        ({"f": "x^2", "claim": "[1, 2]"}, "undecided", None),
        ({"f": "x^2; x^3", "wrt": "x", "claim": "[2x, 3x^2]"}, "right", None),
    ],
)
def test_claims_of_every_kind(inputs: dict[str, str], verdict: str, rule: str | None) -> None:
    claim, _ = claimed(**inputs)
    assert claim["verdict"] == verdict
    assert rule is None or rule in rules(claim)
    assert rule is not None or claim["mistakes"] == []
