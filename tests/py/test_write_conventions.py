"""Conventions of notation put over a document: what changes, what stays, what is refused."""

from __future__ import annotations

import pytest

import nabla
from nabla.write.conventions import CONVENTIONS, read_conventions


@pytest.mark.parametrize(
    ("name", "tex", "written"),
    [
        ("tan^-1", r"\arctan{\left(x \right)} + \arcsin x", r"\tan^{-1}{\left(x \right)} + \sin^{-1} x"),
        ("tan^-1", r"\arctan^{2}{\left(x \right)}", r"\arctan^{2}{\left(x \right)}"),
        ("log", r"\ln{\left(x \right)}", r"\log{\left(x \right)}"),
        ("f'", r"\frac{\mathrm{d} f}{\mathrm{d} x} = 2 x", "f' = 2 x"),
        ("f'", r"\frac{\mathrm{d}^{2} y}{\mathrm{d} x^{2}}", "y''"),
        ("f'", r"\frac{\partial f}{\partial x}", "f_{x}"),
        (
            "f'",
            r"\frac{\mathrm{d}}{\mathrm{d} x} \left(x^{2}\right)",
            r"\frac{\mathrm{d}}{\mathrm{d} x} \left(x^{2}\right)",
        ),
        ("comma", "0.25 x + 3", "0{,}25 x + 3"),
    ],
)
def test_each_convention(name: str, tex: str, written: str) -> None:
    """One by one, on LaTeX as the printers write it."""
    assert CONVENTIONS[name](tex) == written


def test_a_whole_document() -> None:
    """Sentence, result and steps are rewritten; values and programs are those of the usual notation."""
    inputs = {"f": "arctan(ln x) + 0.5x", "at": "x=2"}
    usual = nabla.run("derive", inputs)
    other = nabla.run("derive", {**inputs, "notation": "tan^-1, log, f', comma"})
    assert other.answer is not None
    assert "f'" in other.answer.tex
    whole = str([block for block in other.to_dict()["blocks"] if block["kind"] not in ("code", "plot")])
    assert r"\\arctan" not in whole
    assert r"\\ln" not in whole
    assert r"\\tan^{-1}" in whole
    for name in ("derivative", "value"):
        assert other.values[name] == usual.values[name]
    sources = [
        [block for block in document.to_dict()["blocks"] if block["kind"] == "code"] for document in (usual, other)
    ]
    assert sources[0] == sources[1]


def test_what_is_no_convention_is_refused() -> None:
    """The usual ones may be named too."""
    assert read_conventions("arctan, ln, log") == ("log",)
    with pytest.raises(nabla.UserError):
        read_conventions("roman numerals")
