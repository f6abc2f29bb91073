"""A pasted text in pieces: nothing is lost, and a program comes out as it went in, however it was pasted."""

import json
import random
import textwrap
from pathlib import Path

import pytest

from nabla.question.cut import cut
from nabla.question.pieces import programs
from nabla.question.roles import read

TABLE = json.loads((Path(__file__).parent.parent / "questions.json").read_text(encoding="utf-8"))
TEXTS = ["\n".join(case["text"]) if isinstance(case["text"], list) else case["text"] for case in TABLE]
PROGRAMS = sorted({"\n".join(case["program"]) for case in TABLE if "program" in case})

CONTINUED = '''"""What this does."""
import numpy as np

rate    = 0.5   # aligned
total   = 1 + \\
    rate
data = np.array([
    [1.0, 2.0],

    [3.0, 4.0],
])


def step(x):
    """Say it.

    With a blank line inside.
    """
    if x > 0:
        return x

    return -x


print(step(total), data.sum())'''
SENTENCES = (
    "I do not understand what happens here, can anyone help?",
    "The second gradient is twice what I expected. Why is that?",
    "Here is the whole program (Python 3.11).",
    "Any hint is welcome, thanks in advance!",
)


def whole(text: str) -> str:
    return "\n\n".join(program.code for program in programs(cut(text)))


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_the_pieces_are_the_text(text: str) -> None:
    assert "".join(piece.text for piece in cut(text)) == text


def test_the_pieces_of_shuffled_lines_are_the_text() -> None:
    lines = [line for text in TEXTS for line in text.split("\n")]
    choose = random.Random(7)
    for _ in range(300):
        text = choose.choice(["\n", "\r\n"]).join(choose.choices(lines, k=choose.randrange(1, 30)))
        pieces = cut(text)
        assert "".join(piece.text for piece in pieces) == text
        assert [piece.start for piece in pieces[1:]] == [piece.end for piece in pieces[:-1]]


def fenced(code: str) -> str:
    return f"```python\n{code}\n```"


def quoted(code: str) -> str:
    return "\n".join(
        f">>> {line}" if not line.startswith((" ", ")", "]")) else f"... {line}" for line in code.split("\n")
    )


WRAPPED = {
    "fence": fenced,
    "tildes": lambda code: f"~~~\n{code}\n~~~",
    "indented": lambda code: textwrap.indent(code, "    "),
    "bare": lambda code: code,
}


@pytest.mark.parametrize("way", WRAPPED)
@pytest.mark.parametrize("code", [*PROGRAMS, CONTINUED], ids=range(len(PROGRAMS) + 1))
def test_a_program_comes_out_of_prose_as_it_went_in(code: str, way: str) -> None:
    text = f"{SENTENCES[0]}\n\n{SENTENCES[2]}\n\n{WRAPPED[way](code)}\n\n{SENTENCES[1]} {SENTENCES[3]}\n"
    assert whole(text).split("\n") == textwrap.dedent(code).strip("\n").split("\n")


def test_a_session_is_its_lines_and_what_was_printed_is_not() -> None:
    loop = ">>> import torch\n>>> for i in range(2):\n...     print(i)\n...\n0\n1\n"
    text = f"Why?\n\n{loop}>>> torch.ones(2)\ntensor([1., 1.])\n"
    assert whole(text) == "import torch\nfor i in range(2):\n    print(i)\n\ntorch.ones(2)"
    assert [piece.text for piece in cut(text) if piece.kind == "output"] == ["0\n1\n", "tensor([1., 1.])\n"]


def test_cells_of_a_notebook() -> None:
    text = "In [1]:\nimport numpy as np\n\nIn [2]:\ndef f(x):\n    return x * 2\n\nprint(f(3))\n\n6\n\nWhy not 5?"
    assert whole(text).split("\n\n") == ["import numpy as np", "def f(x):\n    return x * 2", "print(f(3))"]


def test_a_changed_version_is_a_program_of_its_own() -> None:
    first = "import torch\n\ndef f(x):\n    return x ** 2\n\nprint(f(torch.ones(1)))"
    second = first.replace("** 2", "** 3")
    found = programs(cut(f"My code:\n\n{fenced(first)}\n\nAnd then I tried\n\n{fenced(second)}\n\nBoth fail."))
    assert [program.code for program in found] == [first, second]


def test_a_line_that_is_quoted_from_the_program_is_no_second_program() -> None:
    code = "import torch\nw = torch.ones(1, requires_grad=True)\nloss = (w * 2).sum()\nloss.backward()"
    found = programs(cut(f"{fenced(code)}\n\nI do not understand this line:\n\n{fenced('loss.backward()')}\n"))
    assert [program.code for program in found] == [code]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ('Why?\n\nTraceback (most recent call last):\n  File "a.py", line 1\n    f\nTypeError: no', "prose traceback"),
        ("x,y\n1,2\n2,3\n3,4\n4,5\n5,6\n", "data"),
        ("The values:\n\n1.0 2.0\n2.0 2.5\n3.0 3.5\n4.0 1.5\n\nWhat is the period?", "prose data prose"),
        ("import torch\nprint(torch.ones(2))\n\ntensor([1., 1.])\n", "code output"),
        ("| t | v |\n|---|---|\n| 0 | 1 |\n| 1 | 2 |\n| 2 | 3 |\n| 3 | 4 |\n", "data"),
        ('[{"t": 0, "v": 1},\n {"t": 1, "v": 2},\n {"t": 2, "v": 3},\n {"t": 3, "v": 4}]', "data"),
        ("x = t^2\ny = t^3", "prose"),
        ("Let f(x) = x^2. Find f'(3).", "prose"),
    ],
    ids=["traceback", "table", "rows", "output", "markdown", "records", "curve", "question"],
)  # fmt: skip
def test_kinds_of_pieces(text: str, kinds: str) -> None:
    assert " ".join(piece.kind for piece in cut(text)) == kinds


def test_hostile_texts_are_cut_in_time_that_grows_with_their_length() -> None:
    for text in (
        "(" * 20_000,
        "-" * 20_000,
        ">>> " * 5_000,
        "```\n" * 3_000,
        "a = [" * 3_000,
        " " * 20_000,
        "1 " * 20_000,
    ):
        assert "".join(piece.text for piece in cut(text)) == text


def test_lines_between_single_backticks_are_a_program() -> None:
    lines = ["import numpy as np", "rate    = 0.5   # aligned", "f = lambda x: np.dot(x, x)", "print(f(rate), n=2)"]
    pasted = "It returns `nan`:\n" + "\n".join(f"`{line}`" for line in lines) + "\n\nWhat is `x^2` there?"
    assert whole(pasted).split("\n") == lines


def test_dashes_and_quotation_marks_that_a_page_set_are_those_of_programs() -> None:
    code = "import numpy as np\ns = 'a – b'\ndef d(x): return x * (1 - x)\nprint(d(np.pi), \"-\")"
    pasted = code.replace("1 - x", "1 – x").replace('"-"', "“-”")
    assert whole(f"Why is it wrong?\n\n{pasted}\n\nThanks.") == code


@pytest.mark.parametrize(
    "printed",
    [
        "array([ 0.98679056])",
        "1.0\nScalar(10.0, grad=1.0)",
        "m -5.08e+35, b -1.04e+34, cost 4.6e+74\nm 5.5e+35, b 1.1e+34, cost 5.4e+74",
        "x\ndata: 1.0\nrequires_grad: True\ngrad: None",
        " success: True\n    nfev: 8\n fun: 6.25\n x: array([ 2.5,  2.5])",
        "tensor([[4.5000, 4.5000],\n        [4.5000, 4.5000]])",
    ],
)
def test_what_stands_below_a_program_was_printed(printed: str) -> None:
    code = "import numpy as np\nx = np.ones(3)\nprint(x.sum(), end='')"
    pieces = cut(f"Here it is:\n\n{code}\n{printed}\n\nWhy is that so?")
    assert [piece.kind for piece in pieces] == ["prose", "code", "output", "prose"]
    assert whole("".join(piece.text for piece in pieces)) == code


def test_a_session_goes_on_behind_its_traceback_without_the_line_that_failed() -> None:
    session = ">>> import torch\n>>> s = torch.ones(2)\n>>> s.sum().backward()\n"
    failed = 'Traceback (most recent call last):\n  File "<stdin>", line 1, in <module>\nRuntimeError: no grad\n'
    found = programs(cut(f"{session}{failed}\nbut this works:\n\n>>> t = s * 3\n>>> t\ntensor([3., 3.])\n"))
    assert [program.code.split("\n")[-1] for program in found] == ["s.sum().backward()", "t"]
    assert "backward" not in found[1].code and "s = torch.ones(2)" in found[1].code


def test_heads_of_blocks_may_end_in_a_comment() -> None:
    code = (
        "def half(x):  # of it\n    return x / 2\nif half(2) > 0:  # it is\n    y = half(3)\nelse:  # never\n    y = 0"
    )
    assert whole(f"Why is this 1.5?\n\n{code}\n") == code


def test_comments_before_code_belong_to_it() -> None:
    code = "import numpy as np\n\n# for two\n# as it says:\nd = step(f, x)\n\n# twice\ne = step(step(f))"
    assert whole(f"I tried this:\n\n{code}\n\nIt fails.") == code


def test_names_with_their_values_in_a_fence_behind_a_program_are_its_output() -> None:
    shown = "w.shape: torch.Size([2, 1])\nw.grad: tensor([[1.],\n        [1.]])\nw.grad is None: False\n"
    code = "import torch\nw = torch.ones(2, 1, requires_grad=True)\nw.sum().backward()\nprint(f'w.grad: {w.grad}')\n"
    pieces = cut(f"Why?\n```\n{code}```\n\nOutput\n```\n{shown}```\n")
    assert [piece.text for piece in pieces if piece.kind == "output"] == [shown]
    assert [program.code.strip() for program in programs(pieces)] == [code.strip()]


PROGRAM = "import torch\nw = torch.tensor(2., requires_grad=True)\nloss = (3*w - 5)**2\nloss.backward()\nprint(w.grad)"


@pytest.mark.parametrize("mark", ["> ", ">", "> > ", ">> "])
def test_a_program_quoted_by_an_e_mail_is_the_program(mark: str) -> None:
    quoted = "\n".join(mark + line for line in PROGRAM.split("\n"))
    reading = read(f"Hi,\n\nmy student asks:\n\n{quoted}\n\nBest, U.")
    assert [program.code for program in reading.programs] == [PROGRAM]


def test_a_program_on_one_line_behind_words_is_the_program() -> None:
    line = PROGRAM.replace("\n", "; ")
    text = f"Why does this print 6: {line}"
    pieces = cut(text)
    assert "".join(piece.text for piece in pieces) == text
    assert [program.code for program in programs(pieces)] == [line]


COLUMN = "0.00 0.25 0.50 0.75 1.00 1.25 1.50 1.75".split()


@pytest.mark.parametrize("heads", [("time values:", "measured:"), ("t", "y"), ("Time (s)", "Voltage (V)")])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_columns_one_after_another_are_one_table(heads: tuple[str, str], gap: str) -> None:
    table = gap.join(head + "\n" + "\n".join(COLUMN) for head in heads)
    pieces = cut(f"{table}\n\nHow do I fit a sine?")
    assert [piece.text.strip() for piece in pieces if piece.kind == "data"] == [table]


@pytest.mark.parametrize("indent", ["", " "])
def test_a_vector_that_r_prints_is_data(indent: str) -> None:
    rows = [" [1] 12.56 12.42 10.29", indent + "[4] 11.34 12.81 12.39", indent + "[7]  7.13  7.90  9.11"]
    pieces = cut("> x\n" + "\n".join(rows) + "\n\nWhich period is it?")
    assert [piece.text.strip("\n") for piece in pieces if piece.kind == "data"] == ["\n".join(rows)]


def test_what_a_session_does_again_is_done_again() -> None:
    text = (
        "Why 8?\n\n>>> import torch\n>>> x = torch.tensor(2., requires_grad=True)\n>>> y = x ** 2\n>>> y.backward()\n"
        ">>> x.grad\ntensor(4.)\n>>> y = x ** 2\n>>> y.backward()\n>>> x.grad\ntensor(8.)\n"
    )
    (program,) = programs(cut(text))
    assert program.code.count("y.backward()") == 2


@pytest.mark.parametrize("line", ["expected [2, 4, 6]", "got [[2.0, 0.0], [1.0, -3.0]]", "wanted [0.5]"])
def test_a_word_with_a_list_behind_it_is_no_element_of_an_array(line: str) -> None:
    program = "import torch\nx = torch.ones(3, requires_grad=True)\nx.sum().backward()\nprint(x.grad)\n"
    assert line not in "".join(piece.text for piece in cut(program + line) if piece.kind == "code")
    assert "x[1]" in "".join(piece.text for piece in cut(program + "x[1]") if piece.kind == "code")
