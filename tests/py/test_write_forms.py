"""Markdown, LaTeX and plain text of every golden document: nothing is lost, nothing breaks the form."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache

import pytest

import nabla
from nabla.answer import document as d
from nabla.answer.export import FORMS
from nabla.page import calls as page
from nabla.write.latex import escaped
from nabla.write.latex import prose as latex_prose
from nabla.write.markdown import prose as markdown_prose
from nabla.write.prose import pieces
from nabla.write.text import plain, visible_steps
from tests.golden.cases import CASES

LINK = "https://example.org/#/derive?f=x%2Ay_1&at=x=1"

# What stands in documents of standard LaTeX with amsmath, amssymb, graphicx and hyperref; KaTeX knows those in
# formulas.
COMMANDS = set(
    """
    left right frac dfrac tfrac partial cdot times mathrm begin end operatorname overline mathbf bar odot sin cos tan
    arcsin arccos arctan sinh cosh tanh sec csc cot log ln exp min max pi pm leftarrow to le ge ne neq approx int psi
    Rightarrow top sum
    prod nabla sqrt text textstyle quad qquad sigma delta eta hat tilde cdots ldots phi varphi lambda mu theta alpha
    beta gamma epsilon varepsilon omega Delta in infty Vert vert circ checkmark mathbb lfloor rfloor bigl bigr lt gt
    Sigma
    documentclass usepackage ifdefined DeclareUnicodeCharacter fi ensuremath section subsection subsubsection noindent
    item textbf texttt emph hline linewidth href providecommand fitted resizebox ifdim else width setlength
    emergencystretch footnotesize displaystyle hookrightarrow textbackslash textasciicircum textasciitilde textless
    textgreater textbar textquotedbl
    """.split()
)


@cache
def document(name: str) -> nabla.Report:
    lab, inputs = CASES[name]
    return nabla.run(lab, inputs)


def formulas(document: nabla.Report) -> Iterator[str]:
    """The formulas that the page shows, outside of plots, graphs and programs."""

    def of_prose(text: str) -> Iterator[str]:
        for kind, piece in pieces(text):
            if kind == "strong":
                yield from of_prose(piece)
            elif kind == "math":
                yield piece

    def of_steps(steps: list[d.Step]) -> Iterator[str]:
        for step in steps:
            yield from [step.tex, *step.where, *of_prose(step.title), *of_prose(step.why)]
            yield from of_steps(step.steps)

    for block in document.blocks:
        match block:
            case d.Math():
                yield from [block.tex, *of_prose(block.label)]
            case d.Prose() | d.Heading() | d.Note():
                yield from of_prose(block.text)
            case d.Check():
                yield from [*of_prose(block.claim), *of_prose(block.method)]
            case d.Steps(folded=False):
                yield from of_steps(visible_steps(block.steps, block.detail))
            case d.Table():
                for cell in [cell for row in block.rows for cell in row if isinstance(cell, str)]:
                    yield from of_prose(cell)


def flat(tex: str) -> str:
    """Without what the forms write in another way."""
    for written, meant in ((r"\lt", "<"), (r"\gt", ">"), (r"\vert", "|"), (r"\Vert", r"\|")):
        tex = tex.replace(written, meant)
    return re.sub(r"\s+", "", tex)


@pytest.mark.parametrize("name", CASES)
def test_every_formula_and_every_check_leaves(name: str) -> None:
    asked = document(name)
    markdown, latex = asked.to_markdown(LINK), asked.to_latex(LINK)
    found = re.findall(r"\$\$([^$]+)\$\$|\$([^$\n]+)\$", markdown.replace(r"\$", ""))
    inside = "\n".join(flat(shown or inline) for shown, inline in found)
    for tex in formulas(asked):
        assert flat(tex) in inside, tex
        assert flat(tex) in flat(latex), tex
    shown = [check for check in asked.blocks if isinstance(check, d.Check)]
    assert len(re.findall(r"^- [✓✗○] ", markdown, re.MULTILINE)) == len(shown)
    assert len(re.findall(r"^\\item\[\$\\(?:checkmark|times|circ)\$\]", latex, re.MULTILINE)) == len(shown)
    for block in asked.blocks:
        if isinstance(block, d.Heading):
            assert markdown_prose(block.text) in markdown and latex_prose(block.text) in latex
            assert plain(block.text) in asked.to_text()
    assert markdown.rstrip().endswith(f"(<{LINK}>)") and asked.to_text(LINK).rstrip().endswith(LINK)


@pytest.mark.parametrize("name", CASES)
def test_markdown_is_as_its_readers_want_it(name: str) -> None:
    text = document(name).to_markdown(LINK)
    assert text.startswith("### ") and not re.search(
        r"^#{1,2} ", re.sub(r"```.*?\n```", "", text, flags=re.DOTALL), re.M
    )
    fences = [line for line in text.splitlines() if line.startswith("```")]
    assert len(fences) % 2 == 0
    outside = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    # Tables have as many cells in every row as in their head.
    for table in re.findall(r"(?:^\|.*\|$\n?)+", outside, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", row)) for row in table.strip().splitlines()}
        assert len(widths) == 1, table
    # No formula holds what would be read as a tag, and each ends where it began.
    no_code = re.sub(r"`[^`\n]*`", "", outside).replace(r"\$", "")
    for line in no_code.splitlines():
        assert line.count("$") % 2 == 0, line
    assert not re.search(r"<(?!https?:)", no_code)


@pytest.mark.parametrize("name", CASES)
def test_latex_is_balanced_and_has_only_what_is_standard(name: str) -> None:
    text = document(name).to_latex(LINK)
    checked = re.sub(r"\\begin\{verbatim\}.*?\\end\{verbatim\}", "", text, flags=re.DOTALL)
    opened: list[str] = []
    for kind, environment in re.findall(r"\\(begin|end)\{([a-z*]+)\}", checked):
        if kind == "begin":
            opened.append(environment)
        else:
            assert opened.pop() == environment
    assert opened == []
    bare = re.sub(r"\\[\\{}$&#%_]", "", checked)
    assert bare.count("{") == bare.count("}")
    assert bare.count("$") % 2 == 0
    assert len(re.findall(r"\\left(?![a-z])", bare)) == len(re.findall(r"\\right(?![a-z])", bare))
    assert set(re.findall(r"\\([A-Za-z]+)", bare)) <= COMMANDS
    assert bare.count(r"\[") == bare.count(r"\]")
    assert "\n\n" not in "".join(re.findall(r"\\\[.*?\\\]", bare, re.DOTALL))
    declared = set(re.findall(r"DeclareUnicodeCharacter\{([0-9A-F]+)\}\{\\ensuremath", text))
    letters = {f"{ord(letter):04X}" for letter in text if ord(letter) > 0x17F}
    assert letters <= declared, [chr(int(letter, 16)) for letter in letters - declared]


def test_the_body_alone_is_for_documents_that_exist() -> None:
    text = FORMS["latex"](document("quotient-rule"), "")
    assert text.startswith("% Needs the packages amsmath")
    assert "documentclass" not in text and r"\end{document}" not in text


@pytest.mark.parametrize(
    ("prose", "markdown", "latex"),
    [
        ("a_b and _c_", r"a_b and \_c\_", r"a\_b and \_c\_"),
        (r"5 \* 3 \$", r"5 \* 3 \$", r"5 * 3 \$"),
        ("1. first", r"1\. first", "1. first"),
        ("# no heading", r"\# no heading", r"\# no heading"),
        ("- 3", r"\- 3", "- 3"),
        ("<b>", r"\<b>", r"\textless{}b\textgreater{}"),
        ("**so $x<y$**", r"**so $x\lt y$**", r"\textbf{so $x<y$}"),
        ("`a_b` 100%", "`a_b` 100%", r"\texttt{a\_b} 100\%"),
        ("a ** b", r"a \*\* b", "a ** b"),
        (r"C:\\x", r"C:\\x", r"C:\textbackslash{}x"),
    ],
)
def test_text_stays_text(prose: str, markdown: str, latex: str) -> None:
    assert markdown_prose(prose) == markdown
    assert latex_prose(prose) == latex


def test_bars_inside_of_tables() -> None:
    assert markdown_prose(r"$|x| + \|y\|$ or `a|b` | c", in_table=True) == (
        r"$\vert x\vert  + \Vert y\Vert$ or `a\|b` \| c"
    )


def test_a_program_with_fences_and_one_that_ends_verbatim() -> None:
    sample = nabla.Report("derive", {})
    sample.title = "T"
    sample.add(d.Code([d.Source("Text", "text", "```\n\\end{verbatim}\nθ ∇ 漢\n")]))
    assert "````text\n```\n" in sample.to_markdown()
    latex = sample.to_latex()
    assert latex.count(r"\end{verbatim}") == 1
    assert r"\DeclareUnicodeCharacter{6F22}{?}" in latex and r"{\ensuremath{\theta}}" in latex


def test_what_is_escaped_once_is_whole() -> None:
    assert escaped("".join(chr(code) for code in range(32, 127))).count("\\") == 14


def test_prose_is_taken_apart_as_in_the_page() -> None:
    assert list(pieces(r"a \$ $x\$y$ `c` **b `d`** **")) == [
        ("text", "a "), ("text", "$"), ("text", " "), ("math", r"x\$y"), ("text", " "), ("code", "c"), ("text", " "),
        ("strong", "b `d`"), ("text", " "), ("text", "**"),
    ]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_the_page_gets_every_form_of_the_newest_answer(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = json.dumps({"f": "x^2+2x"})
    page.answer("derive", inputs)
    monkeypatch.setattr(nabla, "run", None)  # it is not computed again
    told = json.loads(page.export("derive", inputs, form, LINK))
    assert (LINK in told["text"]) or form == "latex" or r"x\%2Ay\_1" in told["text"] or form == "tex"


def test_an_answer_prepared_by_the_build_is_computed_first() -> None:
    page.answer("derive", json.dumps({"f": "x^2"}))
    told = json.loads(page.export("derive", json.dumps({"f": "x^5"}), "text"))
    assert "5*x**4" in told["text"]
    wrong = json.loads(page.export("derive", json.dumps({"f": "x +"}), "text"))
    assert wrong["error"]["field"] == "f"


@pytest.mark.parametrize(
    ("option", "begins"),
    [("--markdown", "### "), ("--latex", r"\documentclass"), ("--python", '"""'), ("--notebook", '{\n "cells"')],
)
def test_the_command_line_writes_every_form(option: str, begins: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nabla", "derive", "f=x^2", option], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith(begins)


@pytest.mark.parametrize("name", CASES)
def test_nothing_in_latex_is_wider_than_its_line(name: str) -> None:
    """Tables and displayed formulas stand in what makes them fit; lines of programs are short enough for their size."""
    text = document(name).to_latex(LINK)
    programs = re.findall(r"(footnotesize\n)?\\begin\{verbatim\}\n(.*?)\n\\end\{verbatim\}", text, re.DOTALL)
    for small, program in programs:
        assert max(map(len, program.split("\n"))) <= (102 if small else 82)
    outside = re.sub(r"\\begin\{verbatim\}.*?\\end\{verbatim\}", "", text, flags=re.DOTALL)
    assert outside.count(r"\begin{tabular}") == outside.count(r"\fitted{\begin{tabular}")
    assert all(shown.startswith(r" \fitted{$\displaystyle ") for shown in re.findall(r"(?<!\\)\\\[(.*)", outside))
    for columns in re.findall(r"\\begin\{tabular\}\{((?:[lrc]|p\{.*?\\linewidth\})*)\}", outside):
        assert sum(map(float, re.findall(r"p\{(.*?)\\linewidth\}", columns))) <= 1


def test_folded_lines_and_long_tables_lose_nothing() -> None:
    sample = nabla.Report("derive", {})
    sample.title = "T"
    lines = ["x = [" + ", ".join(str(i) for i in range(90)) + "]", "y" * 300, "", "short"]
    sample.add(d.Code([d.Source("Text", "text", "\n".join(lines))]))
    sample.add(d.Table([d.Column("n"), d.Column("words")], [[i, "a word " * 9] for i in range(95)]))
    latex = sample.to_latex()
    program = re.search(r"\\begin\{verbatim\}\n(.*?)\n\\end\{verbatim\}", latex, re.DOTALL)
    assert program and program[1].count("↪") == 6
    assert re.sub(r"\n    ↪ ", " ", program[1]).replace("y y", "yy") == "\n".join(lines)
    assert re.findall(r"^(\d+) & ", latex, re.MULTILINE) == [str(i) for i in range(95)]
    assert latex.count(r"n & words \\ \hline") == 3
