"""`python -m nabla` as people call it."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy
import pytest

import nabla as package
from nabla.__main__ import _input, parser
from nabla.lab import LABS, Lab
from nabla.write.encoded import ascii_of

SEED = ["derive", "f=(w*x-y)^2", "wrt=w", "at=w=3,x=2,y=2"]


def nabla(*arguments: str, given: str = "", encoding: str = "utf-8") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nabla", *arguments],
        input=given,
        capture_output=True,
        encoding="utf-8" if encoding == "utf-8" else "latin-1",
        check=False,
        env=os.environ | {"PYTHONIOENCODING": encoding},
    )


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
    told = nabla("--help").stdout.partition("labs and their inputs:")[2].partition("\n\nexamples:")[0]
    _, *labs = told.split("\n\n  ")
    listed = {text.split(":")[0]: [line.split()[0] for line in text.splitlines()[1:] if line] for text in labs}
    assert listed == {lab.name: [field.name for field in lab.fields] for lab in LABS.values()}


@pytest.mark.parametrize("lab", LABS.values(), ids=lambda lab: lab.name)
def test_the_help_has_an_example_of_every_lab_that_answers(lab: Lab, tmp_path: Path, monkeypatch: Any) -> None:
    (line,) = (line for line in parser(lab).format_help().splitlines() if f" {lab.name} " in line and "=" in line)
    words = shlex.split(line)
    monkeypatch.chdir(tmp_path)
    for word in words:
        name, _, value = word.partition("=")
        if value.startswith("@"):
            Path(value[1:]).write_text(lab.example[name], encoding="utf-8")
    inputs = dict(_input(word) for word in words[words.index(lab.name) + 1 :])
    assert inputs == lab.example


def test_a_reader_that_has_had_enough_is_no_error() -> None:
    command = f"{shlex.join([sys.executable, '-m', 'nabla', *SEED])} | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def completed(shell: str, words: list[str]) -> set[str]:
    """What a shell offers for the last of the words, read from the script that it is given."""
    script = nabla("--completion", shell).stdout
    typed = " ".join(f"'{word}'" for word in words)
    pressed = f"compopt() {{ :; }}\nCOMP_WORDS=({typed})\nCOMP_CWORD={len(words) - 1}\n_nabla\n"
    told = "printf '%s\\n' \"${COMPREPLY[@]}\""
    done = subprocess.run(["bash", "-c", f"{script}\n{pressed}{told}"], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["de"], {"derive", "descend", "decompose"}),
        (["derive", "w"], {"wrt=", "what="}),
        (["derive", "what", "=", "grad"], {"gradient"}),
        (["derive", "detail", "="], {"novice", "normal", "expert"}),
        (["derive", "--se"], {"--seconds"}),
        (["fit", "nothing", "=", "x"], set()),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="there is no Bash")
def test_a_shell_completes_labs_inputs_choices_and_options(words: list[str], offered: set[str]) -> None:
    assert completed("bash", ["nabla", *words]) == offered


@pytest.mark.skipif(sys.platform == "win32", reason="there is no Bash")
def test_a_shell_completes_files(tmp_path: Path) -> None:
    (tmp_path / "data.csv").touch()
    assert completed("bash", ["nabla", "fit", "data", "=", f"@{tmp_path}/da"]) == {f"@{tmp_path}/data.csv"}


def test_the_help_of_a_lab_is_its_own() -> None:
    text = nabla("fit", "--help").stdout
    assert "fit [-h]" in text
    assert "damped" in text
    assert "derive" not in text


def test_the_version() -> None:
    assert nabla("--version").stdout == f"nabla {package.__version__}\n"


@pytest.mark.parametrize("arguments", [["ask"], ["ask", "-"], ["derive", "f=-"]])
def test_a_question_comes_from_standard_input(arguments: list[str]) -> None:
    asked = "Differentiate ∂/∂x of $x^3$, please." if arguments[0] == "ask" else "x^3"
    done = nabla(*arguments, "--json", given=asked)
    assert json.loads(done.stdout)["values"]["derivative"] == "3*x**2"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
@pytest.mark.parametrize("form", [[], ["--markdown"], ["--json"]])
def test_an_encoding_without_the_signs_gets_letters(encoding: str, form: list[str]) -> None:
    done = nabla("derive", "f=theta^2 phi", "wrt=theta", "at=theta=1,phi=2", *form, encoding=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert "?" not in done.stdout.split("Can you do it yourself?")[0] or form
    assert "theta" in done.stdout


def test_signs_in_ascii() -> None:
    assert ascii_of("∂f/∂θ = 2·x² − é, x₁ ≤ ∞, Δ → ½, 10⁻³ 字") == (
        "df/dtheta = 2*x^2 - e, x1 <= inf, Delta -> 1/2, 10^-3 ?"
    )


def test_what_takes_too_long_is_stopped() -> None:
    # The budgets of a program count turns and elements; what one call of a library takes is bounded from outside.
    program = "import numpy as np\na = np.cos(np.arange(1000000.0))\nfor i in range(150):\n    u = np.argsort(a)"
    done = nabla("backprop", f"code={program}", "--seconds", "2")
    assert done.returncode == 2
    assert done.stderr.startswith("Line 4: this takes longer than 2 seconds and was stopped.\n")
    assert nabla("derive", "f=x", "--seconds", "-1").returncode == 2


def test_linear_algebra_has_one_thread() -> None:
    program = "import os, nabla; print(os.environ.get('OPENBLAS_NUM_THREADS'))"
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    run = [sys.executable, "-c", "import sys; sys.argv[0] = '/usr/bin/nabla'; " + program]
    assert subprocess.run(run, capture_output=True, text=True, check=True, env=environment).stdout == "1\n"
    run = [sys.executable, "-c", program]
    assert subprocess.run(run, capture_output=True, text=True, check=True, env=environment).stdout == "None\n"


def test_a_program_and_the_files_that_it_reads(tmp_path: Path) -> None:
    numpy.save(tmp_path / "x.npy", numpy.arange(9.0))
    (tmp_path / "y.csv").write_text("\n".join(str(3 * x + 2) for x in range(9)), encoding="utf-8")
    program = "import numpy as np\nfrom scipy.optimize import curve_fit\nx, y = np.load('x.npy'), np.loadtxt('y.csv')\n"
    program += "print(curve_fit(lambda x, a, b: a*x + b, x, y)[0])\n"
    (tmp_path / "fit.py").write_text(program, encoding="utf-8")
    files = [f"@{tmp_path / name}" for name in ("fit.py", "x.npy", "y.csv")]
    done = nabla("ask", "Is this right?", *files, "--json")
    parameters = json.loads(done.stdout)["values"]["model"]["parameters"]
    assert (parameters["a"], parameters["b"]) == pytest.approx((3, 2))
    alone = nabla("fit", f"data=@{tmp_path / 'x.npy'}", "form=a x + b", "rate=1", "--json")
    assert json.loads(alone.stdout)["values"]["model"]["parameters"]["a"] == pytest.approx(1)
