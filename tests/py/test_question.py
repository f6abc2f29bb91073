"""A question as an address and on the command line."""

from pathlib import Path

import pytest

from nabla.__main__ import main
from nabla.page.link import link, read_link


@pytest.mark.parametrize("f", ["(w*x-y)^2", "x & y = 1 % 2", "sin(x", "é√π", "a" * 400, "x**2 + y**2"])
def test_links_come_back(f: str) -> None:
    assert read_link(link("derive", {"f": f})[1:]) == ("derive", {"f": f})


@pytest.mark.parametrize("damaged", ["/derive?f=z1.AAAA", "/derive?f=z1.!!", "/derive?f=z9.abc", "derive", "/x y"])
def test_damaged_links_are_none(damaged: str) -> None:
    assert read_link(damaged) is None


def test_the_command_line_asks(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "question.txt"
    path.write_text("differentiate x^3 with respect to x at x = 2", encoding="utf-8")
    assert main(["ask", f"@{path}"]) == 0
    told = capsys.readouterr()
    assert "The Derive lab:" in told.err
    assert "12" in told.out
    assert main(["ask", "Why is the sky blue?"]) == 2
    assert "name the lab: derive" in capsys.readouterr().err
