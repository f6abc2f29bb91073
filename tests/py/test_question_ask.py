"""Whole texts through `nabla.ask`: what was asked, with which parts, what is unread, and whose answers are right."""

import json
from pathlib import Path
from typing import Any

import pytest

import nabla
from nabla.errors import UserError
from nabla.lab import LABS
from nabla.page import calls
from nabla.page.link import link, read_link
from nabla.page.schema import schema
from nabla.question.understand import understand

TABLE = json.loads((Path(__file__).parent.parent / "questions.json").read_text(encoding="utf-8"))


def inputs_of(text: str) -> dict[str, str]:
    return understand(text).routed.inputs


def codes(document: nabla.Document) -> set[str]:
    return {warning.code for warning in document.warnings}


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("Find dy/dx for x^2 + xy = 5 at x = 2, y = 1/2", {"f": "x^2 + xy = 5", "wrt": "x", "at": "x=2, y=1/2"}),
        (r"If $y=\cos(u)$ and $u=x^2+3$, then dy/dx = ...", {"f": r"y = \cos((x^2+3))", "wrt": "x"}),
        ("y = e^u and u = 3x. dy/dx?", {"f": "y = e^(3x)", "wrt": "x"}),
        ("What's the derivative of 3ρ²ω sin(ωt) with respect to ω?", {"f": "3ρ²ω sin(ωt)", "wrt": "omega"}),
        ("derivative of log x base 5", {"f": "log_5 x"}),
        (r"\left.\frac{d}{dx}x^3\right|_{x=2}", {"f": "x^3", "wrt": "x", "at": "x=2"}),
        ("f(x) = x^3. What is f''(2)?", {"f": "x^3", "wrt": "2", "at": "2"}),
        ("[math]x^3 \\sin x[/math], find its derivative", {"f": r"x^3 \sin x"}),
        ("Differentiate # x^2 + 1 #", {"f": "x^2 + 1"}),
        (r"differentiate \frac{cos3x}{2+sinx}", {"f": r"\frac{\cos 3x}{2+\sin x}"}),
        ("derivative of x^2 if x < 1 else 2x", {"f": "x^2 if x < 1 else 2x"}),
        ("x^x ( x > 0 )", {"f": "x^x", "domain": "x > 0"}),
        ("d^2y/dx^2 for x = cos t, y = sin t at t = pi/4", {"f": "x = cos t; y = sin t", "wrt": "x,x", "at": "t=pi/4"}),
        ("Differentiate with respect to x: y = (x^2 + 1)(x - 3)", {"f": "y = (x^2 + 1)(x - 3)", "wrt": "x"}),
        (
            "gradient of x^2 + xy at point P(1, -2) in direction u = <3, 4>",
            {"f": "x^2 + xy", "at": "(1, -2)", "what": "directional", "direction": "3, 4"},
        ),
        ("D[Sin[x]^2, x]", {"f": "Sin[x]^2", "wrt": "x"}),
        ("Find f_x and f_y where f(x,y) = x^2 y", {"f": "x^2 y", "what": "gradient"}),
        ("derivative of n! + n^2 with respect to n", {"f": "n! + n^2", "wrt": "n"}),
        ("is the field 2xy i + x^2 j conservative?", {"V": "2xy i + x^2 j", "asked": "conservative"}),
        ("Hi! Please differentiate │x│ + 1, thanks!", {"f": "|x| + 1"}),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_inputs(text: str, inputs: dict[str, str]) -> None:
    assert inputs_of(text) == inputs


def joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "\n".join(text)


@pytest.mark.parametrize("case", TABLE, ids=range(len(TABLE)))
def test_the_texts_of_the_table_come_to_their_lab(case: dict[str, Any]) -> None:
    text = joined(case["text"])
    if case["lab"]:
        assert understand(text).routed.lab == case["lab"]
    else:
        with pytest.raises(UserError, match=r"nothing|Nothing"):
            understand(text)


def test_the_table_is_large_and_holds_every_lab() -> None:
    assert len(TABLE) >= 170
    assert {case["lab"] for case in TABLE} == {*LABS, ""}


# Each line is one question of the table, as it comes to the lab and is answered there.
@pytest.mark.parametrize("lab", LABS)
def test_what_is_read_is_answered(lab: str) -> None:
    cases = [case for case in TABLE if case["lab"] == lab]
    for case in cases[:: max(1, len(cases) // 3)]:
        try:
            blocks, field = len(nabla.ask(joined(case["text"])).blocks), ""
        except UserError as error:  # too few data, say
            blocks, field = 0, error.field or ""
        assert blocks or field in inputs_of(joined(case["text"])), joined(case["text"])


@pytest.mark.parametrize(
    "text", ["", "hello", "42", "Why is the sky blue?", "x = 2, y = 2, w = 3", "I get 8 but expected 16"]
)
def test_nothing_to_read_is_said(text: str) -> None:
    with pytest.raises(UserError):
        understand(text)


# Claims.


def verdicts(text: str) -> list[tuple[str, str]]:
    return [(claim["whose"], claim["verdict"]) for claim in nabla.ask(text).values["claims"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("derivative of ln(5x): the book says 1/x, I think 5/x. Who errs?", [("rival", "right"), ("asker", "wrong")]),
        ("differentiate ln(x^2+1). I got dy/dx = 1/(x2+1). Is this right?", [("asker", "wrong")]),
        (
            "Derivative of arctan(e^x): I got e^x/(1+e^(2x)) but WolframAlpha shows sech(x)/2.",
            [("asker", "right"), ("rival", "right")],
        ),
        ("D[Cos[x-1], x] gives Sin[1-x]. Why?", [("rival", "right")]),
        ("Is d/dx (x sin x) = cos x?", [("asker", "wrong")]),
        ("y = (x+1)^3. y' = 3(x+1)^2, y'' = 6(x+1)", [("asker", "right"), ("asker", "right")]),
    ],
    ids=range(6),
)  # fmt: skip
def test_answers_are_judged_whole_and_as_those_of_whom_they_are(text: str, expected: list[tuple[str, str]]) -> None:
    assert verdicts(text) == expected


def test_a_quoted_part_is_not_judged() -> None:
    text = "I differentiate f(x) = sin(x^3 - 4).\n\nOut[1]= 3 x^2 Cos[4 - x^3]\n\nWhy is it 4 - x^3 and not x^3 - 4?"
    assert verdicts(text) == [("rival", "right")]


# The account.


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("taylor series of e^x at 0", "series"),
        ("Find the derivative of x^2 using the limit definition", "limit"),
    ],
)
def test_what_no_lab_answers_is_said_by_name(text: str, word: str) -> None:
    document = nabla.ask(text)
    said = [warning.message for warning in document.warnings if warning.code == "not-covered"]
    assert any(word in message for message in said) or document.values.get(word)


def test_a_lost_superscript_is_read_as_a_power_and_said() -> None:
    document = nabla.ask("sin(2x2+3x)")
    assert document.values["derivative"] == "(4*x + 3)*cos(2*x**2 + 3*x)"
    assert "unsure" in codes(document)


def test_matrices_are_not_taken_for_numbers() -> None:
    for text, derivative in (
        (r"\frac{d}{dH} A H^T", "A @ dH.T"),
        ("gradient of ||Ax - b||^2", "2 * A.T @ (A @ x - b)"),
        (r"$\nabla x^\top A x$", "(A + A.T) @ x"),
    ):
        assert nabla.ask(text).values["derivative"] == derivative


def test_a_function_in_latex_is_put_into_an_answer_that_names_it() -> None:
    text = r"Let $f(x)=\frac{x^2}{x+3}$. I got $f'(x) = \frac{2 f(x)}{x}$. Is it right?"
    assert [claim["verdict"] for claim in nabla.ask(text).values["claims"]] == ["wrong"]


def test_unused_mathematics_is_named_and_the_answer_is_not_called_proven() -> None:
    document = nabla.ask("Differentiate x^2 sin x. By the way, v = 3z^2 + 1.")
    assert [part["text"] for part in document.values["question"]["unused"]] == ["v = 3z^2 + 1"]
    assert "not-used" in codes(document)
    assert any(check.verdict == "unchecked" for check in document.checks)


def test_the_account_tells_the_parts_with_their_places() -> None:
    text = "Find dy/dx for x^2 + y^2 = 25 at x = 3, y = 4. I get -4/3."
    question = nabla.ask(text).values["question"]
    assert question["lab"] == "derive"
    assert [(part["role"], part["text"]) for part in question["parts"]] == [
        ("request", "dy/dx"), ("function", "x^2 + y^2 = 25"), ("point", "x = 3"), ("point", "y = 4"),
        ("answer", "-4/3"),
    ]  # fmt: skip
    for part in question["parts"]:
        assert text[slice(*part["span"])] == part["text"]


def test_the_page_asks_for_a_reading_and_for_an_answer() -> None:
    told = json.loads(calls.understood("derivative of x^3 at x = 2"))
    assert told["inputs"] == {"f": "x^3", "at": "x=2"}
    assert told["question"]["lab"] == "derive"
    assert json.loads(calls.understood("hello"))["error"]["code"] == "unknown-lab"
    text, _ = calls.answer("ask", json.dumps({"q": "derivative of x^3 at x = 2"}))
    document = json.loads(text)["document"]
    assert (document["lab"], document["values"]["value"]) == ("derive", 12.0)


def test_a_program_that_fits_comes_with_its_data() -> None:
    data = "\n".join(f"{t / 10},{t % 7}" for t in range(12))
    program = "from scipy.optimize import curve_fit\np, _ = curve_fit(f, t, v)\n"
    question = understand(f"Data:\n\nt,v\n{data}\n\nMy program:\n\n{program}")
    assert question.routed.lab == "fit"
    assert set(question.routed.inputs) == {"code", "data"}


# The page.


def test_the_page_asks_by_an_address_and_the_form_of_its_inputs() -> None:
    address = link("ask", {"q": "derivative of x^2", "lab": "any"})
    assert address == "#/ask?q=derivative%20of%20x^2"
    assert read_link(address[1:]) == ("ask", {"q": "derivative of x^2"})
    assert schema()["ask"]["fields"][1]["choices"] == ("any", *LABS)
    for chosen in ("any", "descend"):
        reply = json.loads(calls.answer("ask", json.dumps({"q": "derivative of x^2", "lab": chosen}))[0])
        assert reply["document"]["lab"] == ("derive" if chosen == "any" else chosen)


def test_what_is_left_open_is_said_once() -> None:
    document = nabla.ask("derivative of x^2. Also $y^3 = 7$, find the inverse function")
    assert [warning.code for warning in document.warnings] == ["not-used", "not-covered"]
    text = document.to_text()
    assert text.count("Not used in this answer") == text.count("You asked for an inverse function") == 1


def test_changes_take_the_place_of_what_was_read() -> None:
    text = "slope of x^2 + 1 at x=1"
    assert nabla.ask(text).values["value"] == 2
    changed = nabla.ask(text, changes={"at": "x=3"})
    assert (changed.values["value"], changed.inputs["at"]) == (6, "x=3")
    assert changed.values["question"] == nabla.ask(text).values["question"]
    asked = json.dumps({"q": text, "lab": "any", "with": json.dumps({"f": "x^3"})})
    reply = json.loads(calls.answer("ask", asked)[0])["document"]
    assert (reply["values"]["derivative"], reply["inputs"]["at"]) == ("3*x**2", "x=1")
    with pytest.raises(UserError, match="no input called colour"):
        nabla.ask(text, changes={"colour": "red"})


@pytest.mark.parametrize("changes", ["{", "[1]", '{"at": 3}', '"at"'])
def test_changes_that_cannot_be_read_are_told(changes: str) -> None:
    reply = json.loads(calls.answer("ask", json.dumps({"q": "slope of x^2", "with": changes}))[0])
    assert (reply["error"]["code"], reply["error"]["field"]) == ("value", "with")


@pytest.mark.parametrize(("text", "place"), [("d/dx sin(x", 8), ("f'(x) if f = {x", 13)])
def test_an_open_bracket_is_called_one(text: str, place: int) -> None:
    with pytest.raises(UserError) as caught:
        nabla.ask(text)
    assert caught.value.code == "unbalanced"
    assert caught.value.span is not None and caught.value.span.start == place


def test_every_role_that_fills_a_field_names_one_of_the_lab() -> None:
    for lab, roles in schema()["roles"].items():
        assert set(roles.values()) <= {field.name for field in LABS[lab].fields}, lab


@pytest.mark.parametrize(
    ("text", "code", "touched"),
    [
        ("derivative of (x+1", "unbalanced", "("),
        ("differentiate 2*x+*3", "syntax", "*"),
        ("derivative of foo(x)", "unknown-function", "foo"),
        ("derivative of sin x^2/", "syntax", "/"),
    ],
)
def test_no_part_of_a_formula_is_answered_for_the_whole(text: str, code: str, touched: str) -> None:
    with pytest.raises(UserError) as caught:
        nabla.ask(text)
    assert caught.value.code == code
    assert caught.value.span is not None
    assert touched in text[caught.value.span.start - 1 : caught.value.span.end + 1]


@pytest.mark.parametrize("text", ["the derivative (of x^2) please", "derivative of x^2 (the easy one)", "d/dx(x^2)"])
def test_brackets_of_a_sentence_are_no_part_of_its_formula(text: str) -> None:
    assert nabla.ask(text).values["derivative"] == "2*x"


def test_one_pass_by_hand_without_a_loop_is_for_backprop() -> None:
    text = (
        "Is dW1 right?\n\n```python\nimport numpy as np\nx = np.array([[1.0], [2.0]])\nW1 = np.array([[0.5, -1.0]])\n"
        "h = np.tanh(W1 @ x)\nL = 0.5 * np.sum((h - 1) ** 2)\ndh = h - 1\ndz = dh * (1 - h)\ndW1 = dz @ x.T\n```\n"
    )
    document = nabla.ask(text)
    assert document.lab == "backprop"
    assert [(one["kind"], one["line"]) for one in document.values["findings"]] == [("missing-square", 7)] or [
        one["kind"] for one in document.values["findings"]
    ] == ["missing-square"]


def test_a_number_in_the_sentence_of_a_gradient_is_one_of_it() -> None:
    code = "import torch\nw = torch.tensor(2., requires_grad=True)\nb = torch.tensor(1., requires_grad=True)\n"
    code += "loss = (w * 3 + b - 5) ** 2\nloss.backward()\nprint(w.grad)\n"
    document = nabla.ask(f"PyTorch prints w.grad = tensor(12.) but by hand I get 4. Why?\n\n```python\n{code}```\n")
    assert document.values["claim"]["verdict"] == "wrong"
