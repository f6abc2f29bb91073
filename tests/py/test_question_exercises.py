"""Exercises, posts and reports of bugs as they are pasted: kinds of cutting and of roles, over generated texts."""

from __future__ import annotations

import pytest
import sympy as sp

import nabla
from nabla.question.markup import with_plain_markup
from nabla.question.pieces import programs
from nabla.question.roles import read
from nabla.question.understand import understand

X = sp.Symbol("x")
BODIES = {"x^3 - 2x": X**3 - 2 * X, "sin(2x)": sp.sin(2 * X), "3x^2 + 1": 3 * X**2 + 1, "x e^x": X * sp.exp(X)}


def _same(text: str, expr: sp.Expr) -> bool:
    return sp.simplify(sp.sympify(text) - expr) == 0


@pytest.mark.parametrize("name", ["sin", "cos", "tan", "sec", "csc", "cot", "sinh", "ln"])
@pytest.mark.parametrize("behind", ["x", "(x)", r"\left(x\right)", r"(\sqrt{x})"])
def test_a_gap_before_the_power_of_a_function_changes_nothing(name: str, behind: str) -> None:
    spaced, close = (rf"Find the derivative of the function: $\{name}{gap}^{{2}} {behind} $" for gap in (" ", ""))
    assert understand(spaced).unused == ()
    one, other = (understand(text).routed.inputs["f"].replace(" ", "") for text in (spaced, close))
    assert one == other


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("head", ["y = f(x)", "f(x) = y", "s = s(x)"])
@pytest.mark.parametrize("text", ["Find the derivative of {}", "Let {}. Differentiate it.", "Differentiate: ${}$."])
def test_two_names_of_a_function_name_one(body: str, head: str, text: str) -> None:
    values = nabla.ask(text.format(f"{head} = {body}")).values
    assert _same(values["derivative"], sp.diff(BODIES[body], X))


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize(
    "text",
    [
        "Describe all functions with derivative {}.", "Find a function whose derivative is {}.",
        "Find f(x) given that f'(x) = {}.", "If f'(x) = {}, what is f(x)?", "Find y if dy/dx = {}.",
        "Find the curve whose slope is {}.",
    ],
)  # fmt: skip
def test_a_function_is_asked_for_by_its_derivative(body: str, text: str) -> None:
    answered = nabla.ask(text.format(body))
    assert _same(str(sp.diff(sp.sympify(answered.values["integral"]), X)), BODIES[body])
    assert answered.values["question"]["asked"] == ["integral"]
    assert not answered.values.get("claims")


def test_a_place_of_the_function_that_is_asked_for_tells_its_constant() -> None:
    answered = nabla.ask("Find f if f'(x) = 2x and f(0) = 3.")
    assert not answered.values["question"]["unused"]
    assert answered.answer is not None and "f(x) = x² + 3" in answered.answer.text


@pytest.mark.parametrize("name", ["r", "s"])
def test_a_bold_name_with_its_variable_is_no_vector_of_its_own(name: str) -> None:
    bold = rf"\mathbf{{{name}}}(t)"
    answered = nabla.ask(
        rf"Find the velocity $\mathbf{{v}}(t)$ and acceleration $\mathbf{{a}}(t)$ of an object with the given position "
        rf"vector ${bold}$: ${bold}=(t, t-\sin t, 1-\cos t)$"
    )
    assert answered.values["derivative"] == ["1", "1 - cos(t)", "sin(t)"]


PROGRAM = "import torch\nx = torch.tensor([2.0, 3.0], requires_grad=True)\ny = (x ** 2).sum()\ny.backward()"


def _code(text: str) -> list[str]:
    return [program.code for program in programs(read(text).pieces)]


@pytest.mark.parametrize(("opened", "closed"), [("```", "\n```"), ("``````", "\n``````"), ("```python\n", "```")])
def test_a_fence_on_the_line_of_the_code_loses_nothing(opened: str, closed: str) -> None:
    assert _code(f"Why is the gradient 4 and 6?\n\n{opened}{PROGRAM}{closed}\n\nI expected 2.") == [PROGRAM]


def test_a_session_on_one_line_is_cut_at_its_prompts() -> None:
    session = " ".join(f">>> {line}" for line in PROGRAM.split("\n")) + " >>> x.grad tensor([4., 6.])"
    reading = read(session)
    assert _code(session) == [f"{PROGRAM}\nx.grad".replace("\n", " \n").replace("x.grad", "x.grad ")]
    assert [piece.text for piece in reading.pieces if piece.kind == "output"] == ["tensor([4., 6.])"]


def test_lines_that_begin_with_the_words_of_a_print_were_printed() -> None:
    code = f'{PROGRAM}\nprint("Gradient of x = " + str(x.grad))'
    reading = read(f"In [1]:\n{code}\n\nGradient of x = 4.0\n\nIs that right?")
    assert [piece.text.strip() for piece in reading.pieces if piece.kind == "output"] == ["Gradient of x = 4.0"]


VERSIONS = [
    "PyTorch version: 1.12.1+cu102",
    "OS: Ubuntu 20.04.5 LTS (x86_64)",
    "- Python 3.8",
    "numpy==1.22.4",
    "master",
]


@pytest.mark.parametrize("heading", ["### Versions", "## Environment", "## System Info", "**Your environment**"])
def test_what_tells_of_the_machine_is_no_part_of_the_question(heading: str) -> None:
    text = f"Why?\n```\n{PROGRAM}\n```\n\n{heading}\n\n" + "\n".join(VERSIONS) + "\n\n## What I expect\n\nx.grad = 5"
    question = understand(text)
    kinds = {piece.kind for piece in question.reading.pieces if any(line in piece.text for line in VERSIONS)}
    assert kinds == {"aside"}
    assert question.unused == ()


@pytest.mark.parametrize("ratio", ["2x", "2 x", "1.5x", "3×"])
@pytest.mark.parametrize("word", ["higher", "as large as before", "more than it should be", "slower"])
def test_a_ratio_in_words_is_no_formula(ratio: str, word: str) -> None:
    question = understand(f"One of the peaks is {ratio} {word}. What is the derivative of x^3?")
    assert question.unused == ()
    assert question.routed.inputs["f"] == "x^3"


@pytest.mark.parametrize("does", ["X", "Z"])
def test_what_a_program_says_of_a_name_in_capitals_counts_as_used(does: str) -> None:
    said = "z = f(x,y) = -(x - 2)**2 - (y - 2)**2"
    code = "import numpy as np\nx = np.linspace(0, 4, 9)\nX, Y = np.meshgrid(x, x)\nZ = -(X - 2)**2 - (Y - 2)**2\n"
    question = understand(
        f"I want the gradient of\n\n{said}\n\nin R^2:\n\n```\n{code}gx, gy = np.gradient({does}, x, x)\n```"
    )
    assert question.unused == ()


@pytest.mark.parametrize("gap", [r"\quad", r"\qquad", r", \quad", r"\; ;\quad"])
def test_what_stands_side_by_side_between_delimiters_is_apart(gap: str) -> None:
    inputs = understand(rf"Find the derivative: $f(x) = x^2 {gap} x > 0$").routed.inputs
    assert (inputs["f"], inputs["domain"].split()[-3:]) == ("x^2", ["x", ">", "0"])
    question = understand(rf"Evaluate $A=\int_{{0}}^{{3}} x^2 d x {gap} B=\int_{{0}}^{{4}} x^2 d x$.")
    assert question.routed.inputs["f"] == r"\int_{0}^{3} x^2 d x"
    assert len(question.unused) == 1


@pytest.mark.parametrize(
    "curve", [r"C: x=\cos t, y=\sin t, 0 \leq t \leq 2 \pi", r"C: x=\cos t,\ y=\sin t,\ t \in [0, 2\pi]"]
)
def test_a_curve_behind_its_name_is_read(curve: str) -> None:
    answered = nabla.ask(
        r"Calculate the line integral $\int_{C} \mathbf{f} \cdot d \mathbf{r}$ for "
        rf"$\mathbf{{f}}(x, y)=\left(x^{{2}}-y\right) \mathbf{{i}}+\left(x-y^{{2}}\right) \mathbf{{j}} ; \quad {curve}$"
    )
    assert "2 π" in answered.answer.text
    assert not answered.values["question"]["unused"]


@pytest.mark.parametrize(
    "text", ["Let $f: x \\mapsto {}$. Find f'(3).", "$f : \\mathbb{{R}} \\to \\mathbb{{R}}$, $x \\mapsto {}$: f'(3)?"]
)
def test_a_mapping_is_a_function(text: str) -> None:
    assert nabla.ask(text.format("x^3")).values["value"] == 27


def test_the_place_of_a_series_may_be_named() -> None:
    answered = nabla.ask("Find the Taylor series centered at $a$ for the function: $1 / x, a=5 $")
    assert answered.inputs["at"] == "x=5"


@pytest.mark.parametrize("left", ["(∂z/∂x)", "∂z/∂x", "dz/dx"])
def test_an_equation_whose_end_cannot_be_found_is_no_shorter_one(left: str) -> None:
    question = understand(f"Let z = ||Ax - b||^2. Show that {left} = 2ATAx - 2ATb.")
    assert not question.claims
    assert all(
        part.role in ("request", "unused") for part in question.parts if "2" in part.read and "^" not in part.read
    )
    assert question.unused


def test_bold_names_in_the_face_of_text_are_names() -> None:
    body = r"(\textbf{a} - \textbf{Bx})^T(\textbf{a} - \textbf{Bx})"
    text = rf"Gradient of $f(\textbf{{x}}) = {body}$ with respect to $\textbf{{x}}$?"
    assert nabla.ask(text).values["derivative"].replace(" ", "") in ("-2*B.T@(a-B@x)", "2*B.T@(B@x-a)")


ROWS = [(0, 0.1), (1, 0.9), (2, 2.1), (3, 2.9), (4, 4.2)]
LAYOUTS = {
    "a line a row": ("<table>\n{}\n</table>", "<tr><{0}>{1}</{0}><{0}>{2}</{0}></tr>", "\n"),
    "one line": ('<table class="t"><tbody>{}</tbody></table>', "<tr><{0}>{1}</{0}><{0}>{2}</{0}></tr>", ""),
    "a line a cell": ("<table>\n{}\n</table>", "  <tr>\n    <{0}>{1}</{0}>\n    <{0}>{2}</{0}>\n  </tr>", "\n"),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("before", [True, False])
def test_a_table_of_html_is_a_table(layout: str, before: bool) -> None:
    frame, row, joint = LAYOUTS[layout]
    rows = [row.format("th", "time", "voltage"), *(row.format("td", x, y) for x, y in ROWS)]
    table = frame.format(joint.join(rows))
    text = f"Fit a line to this. {table}" if before else f"{table}\n\nFit a line to this."
    assert len(with_plain_markup(text)) == len(text)
    answered = nabla.ask(text)
    assert answered.lab == "fit"
    assert answered.values["read"]["rows"] == len(ROWS)
    assert not answered.values["question"]["unused"]


@pytest.mark.parametrize("brackets", ["[{}]", "{}", "({})"])
def test_lists_in_words_that_the_program_holds_again_count_as_used(brackets: str) -> None:
    x, y = "1, 2, 3, 4, 5, 6", "2.1, 3.9, 6.2, 8.0, 9.8, 12.1"
    told = f"I have x = {brackets.format(x)} and y = {brackets.format(y)} from my lab.\n\n"
    code = f"import numpy as np\nx = np.array([{x}])\ny = np.array([{y.replace(' ', '')}])\nprint(np.polyfit(x, y, 1))"
    question = understand(f"{told}```\n{code}\n```\n\nWhy is the intercept not 0?")
    assert question.unused == ()
    assert not question.claims


def test_the_words_of_an_error_and_of_its_cure_are_no_mathematics() -> None:
    error = (
        "RuntimeError: Trying to backward through the graph a second time. Specify retain_graph=True when calling it."
    )
    question = understand(
        f"{PROGRAM}\ny.backward()\n\nGetting below error :\n\n{error}\n\nWhy? I set retain_graph=True."
    )
    assert question.unused == ()


@pytest.mark.parametrize("name", ["f", r"\mathbf{f}", r"\vec{f}"])
def test_a_place_may_be_told_by_the_value_there(name: str) -> None:
    answered = nabla.ask(f"For ${name}(t) = (\\cos t, \\sin t)$, find ${name}'(t)$ and a tangent line at ${name}(0)$.")
    assert answered.values["tangent"] == "x = 1"


def test_printed_names_behind_a_print_are_output_and_before_it_code() -> None:
    code = "import numpy as np\nz = np.array([0.5])\nw = 2.0\nprint('z =', z)\nprint('w =', w)"
    reading = read(f"{code}\nz = [0.5]\nw = 2.0\n\nIs it right?")
    assert _code(reading.text) == [code]


@pytest.mark.parametrize("text", ["Find the Taylor series and the radius of convergence for 1/x at a = 2.",
                                  "Find the Maclaurin series of cos(x) and its interval of convergence."])  # fmt: skip
def test_where_a_series_converges_is_named_as_not_covered(text: str) -> None:
    messages = [warning.message for warning in nabla.ask(text).warnings if warning.code == "not-covered"]
    assert any("where a series converges" in message for message in messages)
