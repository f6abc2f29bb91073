"""The worked examples of CONTRIBUTING.md, done: in a copy of the package, with nothing changed but what they say."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import nabla

GUIDE = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", GUIDE, re.S)


def example(beginning: str) -> str:
    """The one example that begins so."""
    (found,) = [text for text in EXAMPLES if text.startswith(beginning)]
    return str(found)


def line(word: str) -> str:
    """The one indented line that begins with a word in quotes."""
    (found,) = re.findall(rf'^    ("{word}": .*)$', GUIDE, re.M)
    return str(found)


def test_every_folder_that_the_guide_names_is_there() -> None:
    root = Path(__file__).parents[2]
    table = GUIDE[GUIDE.index("| part |") : GUIDE.index("The layers:")]
    for row in table.strip().splitlines()[2:]:
        places = re.findall(r"`([\w./]+)`", row.split("|")[1])
        for place in places:
            assert (root / place).exists() or (root / "py" / "nabla" / place).exists(), place


@pytest.fixture
def package(tmp_path: Path) -> Path:
    copy = tmp_path / "nabla"
    shutil.copytree(Path(nabla.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def run(package: Path, code: str) -> str:
    """What a program prints that imports the copy."""
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, env={"PYTHONPATH": str(package.parent)}, capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def insert(path: Path, before: str, text: str) -> None:
    """Put text before the one place that begins so."""
    whole = path.read_text(encoding="utf-8")
    assert whole.count(before) == 1, before
    path.write_text(whole.replace(before, text + before), encoding="utf-8")


def test_a_lab_is_one_folder_and_one_line(package: Path) -> None:
    folder = package / "labs" / "double"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "lab.py").write_text(example('"""double'), encoding="utf-8")
    registry = package / "labs" / "__init__.py"
    insert(registry, "    }\n)", f"        {line('double')}\n")
    printed = run(
        package,
        "import json, nabla\n"
        "from nabla.lab import LABS\n"
        "from nabla.page.calls import answer\n"
        "from nabla.page.link import link, read_link\n"
        "from nabla.page.schema import schema\n"
        "document = nabla.run('double', LABS['double'].example)\n"
        "assert document.answer.text == 'Twice x + 1 is 2 x + 2.', document.answer\n"
        "assert [check.verdict for check in document.checks] == ['passed']\n"
        "assert nabla.ask('x + 1', lab='double').answer.text == document.answer.text\n"
        "assert read_link(link('double', {'f': 'x'})[1:]) == ('double', {'f': 'x'})\n"
        "assert schema()['labs'][-1]['fields'][0]['name'] == 'f'\n"
        "assert 'document' in json.loads(answer('double', '{\"f\": \"x\"}')[0])\n"
        "print(document.to_markdown(), document.to_latex(), document.to_python())",
    )
    assert "Twice" in printed


def test_a_kind_of_block_is_a_class_and_a_case(package: Path) -> None:
    document = package / "answer" / "document.py"
    insert(document, "Block = Heading", example("@dataclass") + "\n\n")
    text = document.read_text("utf-8").replace("Block = Heading", "Block = Share | Heading")
    document.write_text(text, encoding="utf-8")
    insert(package / "write" / "text.py", "    d.Heading: _heading,", example("    d.Share"))
    printed = run(
        package,
        "import nabla\n"
        "from nabla.answer.document import Share\n"
        "from nabla.answer.shapes import shapes\n"
        "from nabla.page.schema import declarations\n"
        "report = nabla.Report('derive', {})\n"
        "report.add(Share('Variance', 0.25))\n"
        "for form in (report.to_text(), report.to_markdown(), report.to_latex()):\n"
        "    assert 'Variance: 25 %' in form, form\n"
        "assert report.to_notebook() and report.to_python()\n"
        "assert report.to_dict()['blocks'] == [{'kind': 'share', 'text': 'Variance', 'share': 0.25}]\n"
        "assert shapes()['blocks']['share'] == 'Share'\n"
        "print(declarations())",
    )
    assert "export interface Share {" in printed and re.search(r"type Block = Share \|", printed)
