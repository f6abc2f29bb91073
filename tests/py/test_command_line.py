"""`python -m nabla` as people call it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nabla.lab import LABS

SEED = ["derive", "f=(w*x-y)^2", "wrt=w", "at=w=3,x=2,y=2"]


def nabla(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "nabla", *arguments], capture_output=True, text=True, check=False)


def test_it_answers_in_text() -> None:
    done = nabla(*SEED)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2*x*(w*x - y)" in done.stdout
    assert "Value: 16" in done.stdout


def test_it_answers_in_json() -> None:
    data = json.loads(nabla(*SEED, "--json").stdout)
    assert data["nabla"] == 1
    assert data["inputs"] == {"f": "(w*x-y)^2", "wrt": "w", "at": "w=3,x=2,y=2"}
    assert data["values"]["derivative"] == "2*x*(w*x - y)"
    assert data["values"]["value"] == 16


def test_it_answers_in_markdown() -> None:
    assert "$$\\frac{\\partial f}{\\partial w} = 2 x \\left(w x - y\\right)$$" in nabla(*SEED, "--markdown").stdout


def test_a_file_can_hold_an_input(tmp_path: Path) -> None:
    (tmp_path / "f.txt").write_text("x^3\n", encoding="utf-8")
    done = nabla("derive", f"f=@{tmp_path / 'f.txt'}", "--json")
    assert json.loads(done.stdout)["values"]["derivative"] == "3*x**2"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["derive", "f=sin(x", "wrt=x"], "f: "),
        (["derive", "f=2+"], "f: "),
        (["derive", "f="], "f: Function is empty."),
        (["derive", "g=x"], "derive has no input called g."),
        (["derive", "x^2"], "x^2 is not of the form name=value."),
        (["nope"], "There is no lab called nope."),
        (["derive", "f=@/no/such/file"], "f: The file /no/such/file cannot be read"),
    ],
)
def test_a_users_mistake_is_told_and_ends_with_2(arguments: list[str], told: str) -> None:
    done = nabla(*arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_the_caret_stands_under_the_mistake() -> None:
    lines = nabla("derive", "f=x + foo(x)").stderr.splitlines()
    assert lines[1] == "  x + foo(x)"
    assert lines[2] == "      ^^^"


def test_the_help_lists_every_lab_with_its_inputs() -> None:
    _, *labs = nabla("--help").stdout.partition("labs and their inputs:")[2].split("\n\n  ")
    listed = {text.split(":")[0]: [line.split()[0] for line in text.splitlines()[1:] if line] for text in labs}
    assert listed == {lab.name: [field.name for field in lab.fields] for lab in LABS.values()}
