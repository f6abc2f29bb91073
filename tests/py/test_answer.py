"""The sentence that answers: set in every mode, with its numbers, and printed first.

tests/py/conftest.py holds for every answer of every test that its sentence is there, and its numbers those of the
values.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import nabla
from nabla.answer.codes import FINDINGS, WARNINGS
from nabla.answer.document import Document, Quantity
from nabla.calculus.malrules import MALRULES
from nabla.labs.train.blocks import KINDS as OF_SLIPS
from nabla.network.wrong import SLIPS
from nabla.optimise.jacobian import KINDS
from nabla.tensor.mistakes.names import MISTAKES, RULES
from nabla.write.sentence import lookup, sentence
from tests.golden.cases import CASES
from tests.py.answered import faults


def numbers(text: str) -> list[float]:
    """The decimal numbers in a text, minus signs before them or not."""
    found = [float(match) for match in re.findall(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?", text)]
    return [*found, *(-number for number in found)]


@pytest.mark.parametrize("name", CASES)
def test_every_golden_answer_is_a_sentence_that_shows_its_numbers(name: str) -> None:
    lab, inputs = CASES[name]
    answer = nabla.run(lab, inputs).answer
    assert answer is not None and 5 < len(answer.text) < 600
    shown = numbers(answer.text)
    for number in answer.numbers:
        if not number.input:
            assert any(abs(number.value - other) <= 1e-3 * max(abs(number.value), 1e-3) for other in shown), number


@pytest.mark.parametrize("name", CASES)
def test_it_is_printed_before_the_first_block(name: str) -> None:
    lab, inputs = CASES[name]
    document = nabla.run(lab, inputs)
    assert document.answer is not None
    first = document.answer.text.split()[0]
    lines = [line for line in document.to_text().splitlines()[2:] if line and not line.startswith("! ")]
    assert lines[0].startswith(first)
    blank = document.to_dict()["answer"]
    assert blank["text"] == document.answer.text and list(blank) == ["text", "tex", "numbers"]
    answer, document.answer = document.answer, None
    for form in (document.to_text, document.to_markdown, document.to_latex):
        without = form()
        document.answer = answer
        assert len(form()) > len(without)
        document.answer = None


@pytest.mark.parametrize(
    ("lab", "inputs", "said"),
    [
        (
            "derive",
            {"f": "(w*x-y)^2", "wrt": "w", "at": "w=3,x=2,y=2", "claim": "8"},
            "∂f/∂w = 2 x (w x - y) = 16 at w = 3, x = 2, y = 2; your 8 ",
        ),
        ("derive", {"f": "(w*x-y)^2", "wrt": "w", "claim": "2(w*x-y)"}, "your 2 (w x - y) lacks the factor x."),
        ("derive", {"f": "cos(x)", "claim": "sin(x)"}, "your sin(x) has the wrong sign."),
        ("derive", {"f": "x^3", "claim": "3x^2"}, "; your 3 x² is right."),
        ("derive", {"f": "x^3", "claim": "3x^("}, "; your answer could not be read."),
        ("derive", {"f": "1/x", "at": "x=0"}, "has no value at x = 0."),
        ("derive", {"f": "x*y", "what": "gradient", "claim": "[y, x]"}, "all components of yours are right."),
        ("derive", {"f": "x*y", "what": "gradient", "claim": "[y, y]"}, "1 of 2 components of yours are right."),
        ("derive", {"f": "x^2", "claim": "2x; 3x"}, "line 2 of yours is the first that does not follow."),
        ("derive", {"practice": "chain 2 seed 1"}, "Differentiate "),
        ("backprop", {"code": "x = 2\nprint(x)"}, "The program asks for no gradient; line 2 prints 2."),
        ("fit", {"data": "\n".join(f"{i}, 2" for i in range(20))}, "All values are 2: there is nothing to fit."),
        ("decompose", {"code": "import numpy as np\nS = np.gradient(f)"}, "could not be compared with a known answer."),
    ],
)
def test_it_says_what_there_is_to_say(lab: str, inputs: dict[str, str], said: str) -> None:
    answer = nabla.run(lab, inputs).answer
    assert answer is not None and said in answer.text


def test_a_warning_code_is_listed_when_it_is_used_and_only_then() -> None:
    files = [path.read_text("utf-8") for path in Path(nabla.__file__).parent.rglob("*.py") if path.name != "codes.py"]
    words = {word for text in files for word in re.findall(r'"([a-z-]+)"', text)}
    warned = {word for text in files for word in re.findall(r'\.warn\(\s*"([a-z-]+)"', text)}
    assert WARNINGS.keys() <= words and warned <= WARNINGS.keys()
    assert KINDS.keys() | set(SLIPS) - set(OF_SLIPS) | set(OF_SLIPS.values()) <= FINDINGS.keys()


def test_every_rule_of_a_mistake_is_explained_and_every_explained_one_is_used() -> None:
    assert {rule for rule, _ in MISTAKES.values()} | {"A13"} == RULES.keys()
    assert MALRULES.keys() & RULES.keys() == {"A18", "A19"}


def test_numbers_of_the_point_name_their_input() -> None:
    answer = nabla.run("derive", {"f": "w*x", "wrt": "w", "at": "w=3,x=1/2"}).answer
    assert answer is not None
    assert answer.numbers == [Quantity("value", 0.5), Quantity("w", 3.0, "at"), Quantity("x", 0.5, "at")]


def test_paths_find_keys_with_dots_and_skip_what_is_no_number() -> None:
    values = {"grads": {"layer.weight": [[1.5, float("nan")]], "layer": None}, "flag": True}
    assert lookup(values, "grads.layer.weight.0.0") == 1.5
    assert lookup(values, "grads.nothing") is None and lookup(values, "grads.layer.weight.7") is None
    found = sentence("It is $1.5$.", values, ["grads.layer.weight.0.0", "grads.layer.weight.0.1", "flag", "missing"])
    assert found.text == "It is 1.5." and found.numbers == [Quantity("grads.layer.weight.0.0", 1.5)]


def test_a_wrong_sentence_is_seen() -> None:
    document = Document("derive", {"at": "x=1"})
    assert faults(document)
    document.values["value"] = 2.0
    document.answer = sentence("It is $2$.", document.values, ["value"], [Quantity("x", 1.0, "at")])
    assert faults(document) == []
    document.values["value"] = 3.0
    assert faults(document)
