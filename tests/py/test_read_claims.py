"""Answers as people type them: labels, lists, matrices, lines of work."""

import pytest
import sympy as sp

from nabla.errors import UserError
from nabla.read.fields.claims import WorkLine, read_claim
from nabla.read.fields.preview import preview

KNOWN = ["w", "x", "y", "t"]


def shown(entries: object) -> str:
    return f"[{', '.join(map(shown, entries))}]" if isinstance(entries, list) else sp.sstr(entries.expr)


def lines(text: str) -> list[WorkLine]:
    return read_claim(text, known=KNOWN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8", ["8"]),
        ("[x, y]", ["[x, y]"]),
        ("(2x y, x^2)", ["[2*x*y, x**2]"]),
        ("[[1,2],[3,4]]", ["[[1, 2], [3, 4]]"]),
        ("[1,2;3,4]", ["[[1, 2], [3, 4]]"]),
        (r"\begin{pmatrix} x & y \\ t & w\end{pmatrix}", ["[[x, y], [t, w]]"]),
        (r"\begin{pmatrix} x \\ y \end{pmatrix}", ["[x, y]"]),
        ("(x+1)(x-1)", ["(x - 1)*(x + 1)"]),
        ("(x+1)", ["x + 1"]),
        ("max(x, 1)", ["Max(1, x)"]),
        ("2x = 3", ["2*x", "3"]),
        ("2x\n= 3x => 4x", ["2*x", "3*x", "4*x"]),
        (r"\begin{align} y' &= 2x \\ &= 3 \end{align}", ["2*x", "3"]),
        ("$2x$", ["2*x"]),
        ("x if x >= 0 else -x", ["Piecewise((x, x >= 0), (-x, True))"]),
    ],
)
def test_what_is_read(text: str, expected: list[str]) -> None:
    assert [shown(line.entries) for line in lines(text)] == expected


@pytest.mark.parametrize(
    ("text", "order", "var", "function"),
    [
        ("dw = 8", 1, "w", False),
        ("f'(x) = 2x", 1, "", False),
        ("f''(x) = 2", 2, "", False),
        ("y' = -x/y", 1, "", False),
        ("y'' = 3", 2, "", False),
        ("dy/dx = 3t/2", 1, "x", False),
        ("d^2y/dx^2 = 5", 2, "x", False),
        ("∂f/∂y = 1", 1, "y", False),
        (r"\frac{dy}{dx} = 2x", 1, "x", False),
        (r"\frac{\partial f}{\partial x} = 2x", 1, "x", False),
        ("w.grad = 8", 1, "w", False),
        ("d/dw (w x-y)^2 = 2(w x-y) x", 1, "w", False),
        ("(x^2)' = 2x", 1, "", False),
        ("f_x = 2", 1, "x", False),
        ("∇f = (1, 2)", 1, "", False),
        ("f(x) = x^2", 1, "", True),
        ("g = x^2", 0, "", True),
    ],
)
def test_labels(text: str, order: int, var: str, function: bool) -> None:
    (line,) = lines(text)
    assert line.label is not None
    assert (line.label.order, line.label.var, line.label.function) == (order, var, function)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("8+", "syntax"),
        ("1, 2", "syntax"),
        ("x >= 2", "syntax"),
        ("", "empty"),
        ("dw =", None),
        ("[1, 2; 3]", "value"),
        ("[", None),
        (";".join("x" * 40), "too-long"),
        ("[" + ",".join("x" * 100) + "]", "too-long"),
        ("__import__('os')", None),
    ],
)
def test_what_cannot_be_read_is_told_at_its_place(text: str, code: str | None) -> None:
    if text == "dw =":
        assert [line.label for line in lines(text)] == [None]
        return
    with pytest.raises(UserError) as caught:
        lines(text)
    assert code in (None, caught.value.code)
    assert caught.value.span is not None
    assert 0 <= caught.value.span.start <= caught.value.span.end <= len(text)


def test_spans_are_those_of_the_whole_text() -> None:
    text = "2x\n = 3x; f' = 4x"
    assert [text[line.span.start : line.span.end] for line in lines(text)] == ["2x", "3x", "4x"]


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("8", "8"),
        ("dw = 2(w*x-y)*x; = 8", r"2(wx-y)x;\quad 8"),
        ("[2x, 2y]", r"\begin{bmatrix} 2x \\ 2y \end{bmatrix}"),
        ("[[y, 1], [x, 2y]]", r"\begin{bmatrix} y & 1 \\ x & 2y \end{bmatrix}"),
    ],
)
def test_what_was_understood_of_an_answer_is_shown(text: str, tex: str) -> None:
    shown = preview("claim", text, ["w", "x", "y"])
    assert shown["tex"].replace(r"\left(", "(").replace(r"\right)", ")").replace(" ", "") == tex.replace(" ", "")
    assert shown["error"] is None


def test_another_reading_of_one_line_alone_is_offered() -> None:
    (remark,) = preview("claim", "sin x^2")["remarks"]
    assert remark["alternative"] and remark["span"] == [0, 7]
    (remark,) = preview("claim", "x; sin x^2")["remarks"]
    assert not remark["alternative"]
