"""The programs that are offered run, and their figures are those of the answer; the table holds the parts."""

import csv
import io
import re
from pathlib import Path

import numpy as np
import pytest

import nabla
from nabla.answer.document import Code, Source

HILLS = "-y*exp(-4(x^2+y^2)) - 3x*exp(-3(x^2+y^2)); x*exp(-4(x^2+y^2)) - 3y*exp(-3(x^2+y^2))"


def exported(document: nabla.Document) -> list[Source]:
    (block,) = [b for b in document.blocks if isinstance(b, Code)]
    return block.sources


@pytest.mark.parametrize(
    ("V", "domain", "n"),
    [
        (HILLS, "-1.5..1.5", 32),
        ("sin(x)*cos(y) + 2; -cos(x)*sin(y)", "x=0..2pi, y=0..2pi", 24),
        ("y*z*exp(-3(x^2+y^2+z^2)); x*exp(-3(x^2+y^2+z^2)); z*exp(-3(x^2+y^2+z^2))", "-1.8..1.8", 32),
    ],
)
def test_programs_give_the_figures_of_the_answer(
    V: str, domain: str, n: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    document = nabla.run("decompose", {"V": V, "domain": domain, "n": n})
    sources = [source for source in exported(document) if source.language == "python"]
    assert len(sources) == 3
    for source, told in zip(sources, document.values["answers"].values(), strict=True):
        exec(compile(source.text, source.label, "exec"), {})
        printed = dict(re.findall(r"\|(\w+)\| / \|V\| = (\S+)", capsys.readouterr().out))
        relative = told["relative"]
        figures = {"S": relative["S"], "H": relative["H"], "rest": relative["harmonic"]}
        assert {k: float(v) for k, v in printed.items()} == pytest.approx(figures, abs=0.03)
        assert set(np.load("parts.npz")) >= {"V", "S", "H", "rest", "axis0"}


def test_the_table_holds_the_parts() -> None:
    document = nabla.run("decompose", {"V": "-y; x", "n": 16, "boundary": "periodic"})
    (source,) = [each for each in exported(document) if each.language == "csv"]
    rows = list(csv.DictReader(io.StringIO(source.text)))
    assert len(rows) == 256
    for row in rows[::37]:
        total = float(row["S1_periodic"]) + float(row["H1_periodic"]) + float(row["harmonic1_periodic"])
        assert total == pytest.approx(float(row["V1"]), abs=1e-8) == -float(row["y"])


def test_a_large_table_is_thinned() -> None:
    document = nabla.run("decompose", {"V": "-y; x", "n": 100, "boundary": "periodic"})
    (source,) = [each for each in exported(document) if each.language == "csv"]
    assert 400 <= source.text.count("\n") <= 1025


def test_exact_parts_as_latex() -> None:
    document = nabla.run("decompose", {"V": "-y + x/2; x + y/2", "n": 16, "boundary": "wall"})
    (source,) = [each for each in exported(document) if each.language == "latex"]
    assert source.text.startswith(
        "\\begin{align}\n\\mathbf{S}(x, y) &= \\begin{pmatrix} - y \\\\ x \\end{pmatrix} \\\\\n"
    )
