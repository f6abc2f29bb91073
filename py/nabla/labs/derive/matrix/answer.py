"""derive: the derivative of a formula of vectors and matrices, by differentials, proven by difference quotients."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from nabla.answer.document import Code, Document, Heading, Math, Note, Prose, Step, Steps, Table
from nabla.answer.document import Column as TableColumn
from nabla.calculus.matrices.jacobians import along, jacobian, kronecker
from nabla.calculus.matrices.nodes import M, differential, told, transpose
from nabla.calculus.matrices.rules import NoForm, full_differential, gradient, rule, substituted
from nabla.errors import Span, UserError
from nabla.lab import Inputs
from nabla.labs.derive.answering import refuse
from nabla.labs.derive.matrix.asking import MatrixPoint, MatrixQuestion
from nabla.labs.derive.matrix.build import built
from nabla.labs.derive.matrix.checks import WEIGHT, result_check, step_check, weighted_check
from nabla.labs.derive.matrix.claim import judge_lines
from nabla.labs.derive.matrix.program import numpy_program
from nabla.labs.derive.matrix.shapes import letters, meaning_of
from nabla.read.matrices import MatrixNode, MatrixReading, read_matrices
from nabla.read.matrices.indices import has_indices, read_definitions, read_vectors, shapes_of
from nabla.read.matrices.rows import row_letters
from nabla.read.matrices.shapes import Declared, read_shapes
from nabla.write.matrices import Numpy, matrix_tex
from nabla.write.sentence import sentence

MOST_STEPS = 14
LIKELY = ("x", "w", "X", "W", "theta", "beta", "z", "u", "v", "A", "S")
VECTORISED = (
    r"It has four indices; as a matrix it takes $\operatorname{vec}(\mathrm{d}X)$, the columns one below another, to "
    r"$\operatorname{vec}(\mathrm{d}f)$, by "
    r"$\operatorname{vec}(A\,\mathrm{d}X\,B) = (B^{\top} \otimes A)\operatorname{vec}(\mathrm{d}X)$."
)
WORDS = {
    "sum": "A sum is differentiated term by term.",
    "product": "Each factor takes its turn, and the order stays.",
    "entries": "Each factor takes its turn, entry by entry.",
    "kron": "Each factor takes its turn.",
    "transpose": "Transposing and differentiating can change places.",
    "inverse": r"From $X X^{-1} = I$: $\mathrm{d}X\, X^{-1} + X\, \mathrm{d}X^{-1} = 0$.",
    "trace": "A trace is a sum of entries: the differential goes inside.",
    "determinant": "Jacobi's formula.",
    "chain": "The outer derivative times the inner differential.",
    "function of each entry": "Each entry has its own slope; the products are entry by entry.",
    "linear": "It is linear: the differential goes inside.",
    "norm": "The root of the sum of squares.",
    "square of a norm": "The sum of the squares of all entries.",
    "softmax": r"Of $s$: $\mathrm{d}s = (\operatorname{diag}(s) - s s^{\top})\,\mathrm{d}z$.",
    "log-sum-exp": "Its gradient is the softmax.",
    "power": "The power rule for a number.",
    "power of a matrix": "The product rule: matrices need not commute.",
}


def of_matrices(inputs: Inputs, document: Document) -> None:
    """Answer a formula of vectors and matrices, by one letter or several."""
    declarations = inputs.read("shapes", read_shapes)
    definitions = inputs.read("letters", read_definitions)
    reading = inputs.read("f", lambda text: read_vectors(text, definitions, declarations))
    if definitions or has_indices(read_matrices(inputs["f"]).tree):
        texts = [inputs["f"], *(part.partition(":")[2] for part in inputs["letters"].split(";") if ":" in part)]
        declarations = {**{name: Declared(kind) for name, kind in shapes_of(texts).items()}, **declarations}
    what = inputs.choice("what")
    meaning = inputs.read("f", lambda text: meaning_of([reading], declarations, what != "jacobian"))
    known = letters(meaning)
    for name in _transposed(reading.tree):
        if name in known and known[name].scalar and name not in declarations:
            message = f"{name} is transposed, but no vector or matrix fits in its place."
            raise refuse(inputs, "f", message, "A function of the rows of a matrix cannot be read here.")
    f = inputs.read("f", lambda text: built(reading.tree, meaning, known))
    names = _names(inputs, reading, known)
    document.title = (
        f"Derivative of ${matrix_tex(f)}$ with respect to ${', '.join(matrix_tex(known[n]) for n in names)}$"
    )
    document.values["reading"] = Numpy(known)(f)
    document.add(Math(f"f = {matrix_tex(f)}", document.values["reading"], "What was understood", role="reading"))
    for letter, matrix in row_letters(read_matrices(inputs["f"]).tree).items():
        document.add(Prose(rf"${matrix}$ is the matrix whose rows are the ${letter}_i^{{\top}}$."))
    _show_letters(document, known, f)
    _warn_of_vectors(document, known, declarations)
    found: list[str] = []
    told_results: list[str] = []
    questions = [MatrixQuestion(known, f, known[name], what, inputs.choice("layout"), definitions) for name in names]
    for asked in questions:
        text, shown = _one(inputs, document, asked, questions)
        found.append(text)
        told_results.append(shown)
    document.values["derivative"] = found[0] if len(found) == 1 else found
    document.answer = sentence("; ".join(told_results) + ".", document.values, ())


def _warn_of_vectors(document: Document, known: Mapping[str, M], declared: Collection[str]) -> None:
    """Say where a capital letter had to be a vector, as W in softmax(X W): it may be meant as a matrix."""
    for name, node in known.items():
        if name[:1].isupper() and not node.scalar and node.shape[1] == 1 and name not in declared:
            text = f"{name} is taken for a column here: the formula cannot be read with a matrix {name}."
            document.add(Note(text, tone="warning"))
            document.warn("unsure", text)


def _transposed(node: MatrixNode) -> Iterator[str]:
    """The letters that are transposed by themselves."""
    if node.op == "transpose" and node.args[0].op == "name":
        yield node.args[0].text
    for arg in node.args:
        yield from _transposed(arg)


def _names(inputs: Inputs, reading: MatrixReading, known: Mapping[str, M]) -> list[str]:
    """The letters by which is differentiated: those named, or the likeliest."""
    typed = [part.strip().lstrip("\\") for part in inputs["wrt"].split(",") if part.strip()]
    typed = [name if name in known else name.partition("_")[0] for name in typed]  # z_j is an entry of z
    if typed:
        for name in typed:
            if name not in known:
                span = Span(0, len(inputs["wrt"]))
                raise UserError("unknown-name", f"{name} does not occur in the formula.", span=span, field="wrt")
        return list(dict.fromkeys(typed))
    likely = [name for name in LIKELY if name in known and not known[name].scalar]
    rest = [name for name in reading.names if name in known and not known[name].scalar]
    chosen = (likely or rest or list(reading.names))[:1]
    if not chosen:
        raise UserError("value", "There is no letter to differentiate by.", span=Span(0, len(inputs["f"])), field="f")
    return chosen


def _show_letters(document: Document, known: Mapping[str, M], f: M) -> None:
    kinds = []
    for node in known.values():
        kind = "number" if node.scalar else "column" if node.shape[1] == 1 else "matrix"
        symmetric = ", symmetric" if node.symmetric else ""
        kinds.append([f"${matrix_tex(node)}$", kind + symmetric, "" if node.scalar else f"${_shape(node)}$"])
    kinds.append(
        [
            "$f$",
            "number" if f.scalar else "column" if f.shape[1] == 1 else "matrix",
            "" if f.scalar else f"${_shape(f)}$",
        ]
    )
    document.add(
        Table([TableColumn("Letter"), TableColumn("is a"), TableColumn("shape")], [list(row) for row in kinds])
    )
    document.values["shapes"] = {name: list(node.shape) for name, node in known.items()}


def _shape(node: M) -> str:
    return told(node.shape).replace("×", r"\times")


def _derivative(asked: MatrixQuestion) -> tuple[M, str]:
    """The derivative, and the layout in words.

    Raises:
        NoForm: where it has none with the operations of matrices.
    """
    f, x, layout, what = asked.f, asked.x, asked.layout, asked.what
    if x.scalar:
        return along(f, x), ""
    if f.scalar and what == "hessian":
        return jacobian(gradient(f, x), x), "The Hessian: entry i, j is the derivative by $x_i$ and $x_j$."
    if f.scalar:
        found = gradient(f, x)
        if layout == "numerator":
            return transpose(found), "In numerator layout: a row for a column, and the transposed shape for a matrix."
        return (
            found,
            f"It has the shape of ${matrix_tex(x)}$ (denominator layout); in numerator layout it is transposed.",
        )
    if f.shape[1] == 1 and x.shape[1] == 1:
        found = jacobian(f, x)
        if layout == "denominator":
            return transpose(found), "In denominator layout: a row for each entry of the variable."
        return found, "A row for each entry of f (numerator layout); in denominator layout it is transposed."
    return kronecker(f, x), VECTORISED


def _one(
    inputs: Inputs, document: Document, asked: MatrixQuestion, questions: Sequence[MatrixQuestion]
) -> tuple[str, str]:
    """The answer by one letter of those asked for: its NumPy formula, and what the sentence says."""
    f, x = asked.f, asked.x
    if len(questions) > 1:
        document.add(Heading(f"With respect to ${matrix_tex(x)}$"))
    write = Numpy(asked.letters)
    points = asked.points()
    d = full_differential(f, x)
    whole = rf"\mathrm{{d}}f = {matrix_tex(d)}"
    left = asked.left
    try:
        found, layout = _derivative(asked)
    except NoForm as none:
        return _differential_only(document, asked, whole, str(none), points, write)
    text = write(found)
    document.add(Math(f"{left} = {matrix_tex(found)}", text, "Derivative", role="result"))
    if layout:
        document.add(Prose(layout))
    weighted = None
    if not f.scalar and not x.scalar and x.shape[1] != 1:
        weighted = _show_weighted(document, asked)
    said = judge_lines(inputs["claim"], document, asked, found, questions)
    steps = _steps(asked, points)
    steps.append(Step("Put together", whole, "Nothing is left but the differential of the variable."))
    reads = rf"\mathrm{{d}}f = \operatorname{{tr}}\left(G^{{\top}}\,\mathrm{{d}}{matrix_tex(x)}\right)"
    if f.scalar and not x.scalar and asked.what != "hessian":
        why = rf"The gradient is the $G$ in ${reads}$; inside a trace factors may go round."
        steps.append(Step("Read off", f"{asked.left} = {matrix_tex(found)}", why))
    document.values["steps"] = len(steps)
    document.add(Heading("Step by step", role="steps"), Steps(steps, detail="normal"))
    document.add(Heading("Checked", role="checks"))
    document.add(result_check(asked, found, points))
    if weighted is not None:
        document.add(weighted_check(asked, weighted, points))
    document.add(Heading("Code", role="program"), Code([numpy_program(asked, text)]))
    return text, "; ".join([f"${left} = {matrix_tex(found)}$", *([said] if said else [])])


def _differential_only(
    document: Document, asked: MatrixQuestion, whole: str, reason: str, points: list[MatrixPoint], write: Numpy
) -> tuple[str, str]:
    """What is known where no matrix is the derivative: the differential, and gradients through it."""
    vec = r"$\operatorname{vec}(\mathrm{d}X)$"
    text = (
        f"{reason[:1].upper()}{reason[1:]} is no product of matrices with {vec} here; the differential says the same."
    )
    document.add(Math(whole, write_differential(asked, write), "Differential", role="result"), Note(text))
    weighted = _show_weighted(document, asked)
    document.add(Heading("Step by step", role="steps"), Steps(_steps(asked, points), detail="normal"))
    document.add(Heading("Checked", role="checks"), weighted_check(asked, weighted, points))
    return write_differential(asked, write), f"${whole}$"


def write_differential(asked: MatrixQuestion, write: Numpy) -> str:
    """The differential as a NumPy formula in which dX stands for a small change."""
    small = M("symbol", (), asked.x.shape, f"d{asked.x.name}")
    return write(substituted(full_differential(asked.f, asked.x), lambda part: small))


def _show_weighted(document: Document, asked: MatrixQuestion) -> M:
    """What a loss L that depends on f makes of its gradient G by f: that by the variable, as in backpropagation."""
    weight = M("symbol", (), asked.f.shape, WEIGHT)
    found = gradient(asked.f, asked.x, weight)
    x = matrix_tex(asked.x)
    text = Numpy({**asked.letters, WEIGHT: weight})(found)
    document.add(Math(rf"\nabla_{{{x}}} L = {matrix_tex(found)}", text, "For a loss L with G the gradient of L by f"))
    document.values["backward"] = text
    return found


def _steps(asked: MatrixQuestion, points: list[MatrixPoint]) -> list[Step]:
    """The rule at each part that holds the variable, from the outside in, each tested along a random direction."""
    shown: list[Step] = []
    seen: set[M] = set()
    for node in asked.f.walk():
        if node == asked.x or node in seen or not node.has(asked.x) or len(shown) >= MOST_STEPS:
            continue
        seen.add(node)
        name, linear = rule(node, asked.x)
        if node.op == "transpose" or (name == "product" and _is_plain(node, asked.x)):
            continue
        text = f"{matrix_tex(differential(node))} = {matrix_tex(linear)}"
        check = step_check(node, linear, asked, points)
        shown.append(Step(f"{name[:1].upper()}{name[1:]}", text, WORDS[name], check=check))
    return shown


def _is_plain(node: M, x: M) -> bool:
    """Whether a product is constant matrices around the variable itself: nothing is to be seen in its step."""
    return sum(arg.has(x) for arg in node.args) == 1 and any(arg in (x, transpose(x)) for arg in node.args)
