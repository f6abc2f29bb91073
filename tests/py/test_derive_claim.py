"""derive: "why is mine different?"."""

import pytest

import nabla
from nabla.answer.document import Note, Table

SEED = {"f": "(w*x-y)^2", "wrt": "w", "at": "w=3,x=2,y=2"}


def told(document: nabla.Document) -> str:
    return " ".join(block.text for block in document.blocks if isinstance(block, Note))


def test_8_has_two_explanations_and_a_point_that_tells_them_apart() -> None:
    document = nabla.run("derive", {**SEED, "claim": "8"})
    claim = document.values["claim"]
    assert claim["verdict"] == "wrong"
    given = {mistake["rule"]: mistake["gives"] for mistake in claim["mistakes"]}
    assert given["M01"] == "2*(w*x - y)"
    assert given["M23"] == "x*(w*x - y)"
    assert claim["mistakes"][0]["id"] == "inner-derivative-left-out"
    there = nabla.run("derive", {**SEED, "at": ",".join(f"{k}={v}" for k, v in claim["ask_at"].items())})
    assert there.values["value"] not in (8, 16)
    (table,) = [
        block for block in document.blocks if isinstance(block, Table) and block.columns[0].label == "What happened"
    ]
    assert len(table.rows) == len(claim["mistakes"])


def test_16_is_right_and_the_loss_itself_too() -> None:
    document = nabla.run("derive", {**SEED, "claim": "16"})
    assert document.values["claim"] == {"verdict": "right", "mistakes": [], "ask_at": None}
    assert "The function itself has the same value there" in told(document)


@pytest.mark.parametrize("claim", ["2x(wx-y)", "2*w*x^2 - 2*x*y", r"2 x \left(w x - y\right)"])
def test_other_forms_are_right(claim: str) -> None:
    assert nabla.run("derive", {**SEED, "claim": claim}).values["claim"]["verdict"] == "right"


def test_nothing_is_invented() -> None:
    document = nabla.run("derive", {**SEED, "claim": "7"})
    assert document.values["claim"] == {"verdict": "wrong", "mistakes": [], "ask_at": None}
    assert "The derivative there is $16$" in told(document)


def test_an_unknown_function_leaves_it_undecided() -> None:
    document = nabla.run("derive", {"f": "sin(x^2)", "claim": "g'(x) cos(x^2)"})
    assert document.values["claim"]["verdict"] == "undecided"
    assert any(
        "Nothing is known here about the function g" in note.text for note in document.blocks if isinstance(note, Note)
    )


def test_sigma_is_the_sigmoid() -> None:
    document = nabla.run("derive", {"f": "sigmoid(x)", "claim": "σ(x)(1-σ(x))"})
    assert document.values["claim"]["verdict"] == "right"


def test_a_stranger_is_named() -> None:
    document = nabla.run("derive", {"f": "x^2", "claim": "2q"})
    assert document.values["claim"]["verdict"] == "wrong"
    assert "q does not occur in the function" in told(document)


@pytest.mark.parametrize(
    ("f", "wrt", "claim", "rule"),
    [
        ("x^2 sin x", "x", "2x cos x", "M09"),
        ("(2x+1)/(x^2+1)", "x", "1/x", "M16"),
        ("x^4", "x,x", "4x^3", "M46"),
        ("cos x", "x", "sin x", "M37"),
        ("x^2*y^3", "x", "3x^2 y^2", "M53"),
    ],
)
def test_the_usual_mistakes_are_named(f: str, wrt: str, claim: str, rule: str) -> None:
    mistakes = nabla.run("derive", {"f": f, "wrt": wrt, "claim": claim}).values["claim"]["mistakes"]
    assert rule in [mistake["rule"] for mistake in mistakes]


def test_a_claim_that_cannot_be_read_is_told_and_the_answer_stands() -> None:
    document = nabla.run("derive", {**SEED, "claim": "8+"})
    assert [warning.code for warning in document.warnings] == ["claim-unread"]
    assert "Something must follow +" in told(document)
    assert document.values["value"] == 16
    assert document.values["claim"]["verdict"] == "undecided"
