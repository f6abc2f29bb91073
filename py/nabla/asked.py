"""A pasted text answered: by the lab that reads it, its claims judged there, and what was left unread said first."""

from __future__ import annotations

import contextvars
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from nabla.answer.document import Block, Check, Code, Document, Heading, Math, Note, Source, quoted
from nabla.errors import UserError
from nabla.lab import LABS, Inputs
from nabla.question.claims import Claim
from nabla.question.fill_complex import speaks_of_complex
from nabla.question.understand import NAMED, Question, doubts_in_words, understand
from nabla.question.wanted import silent, wanted
from nabla.read.formula import read_formula
from nabla.read.given import GIVEN
from nabla.unclaimed import with_answers
from nabla.write.text import plain

# What a request needs in the values of an answer to be answered; those not listed are never.
_ANSWERS: dict[str, tuple[str, ...]] = {
    "tangent": ("tangent", "tangents", "parameters", "places"),
    "normal": ("normal", "parameters", "places"),
    "extrema": ("extrema", "parameters", "places", "runs", "stationary", "critical", "iterates"),
    "limit": ("limit",),
    "limit-definition": ("limit",),
    "integral": ("integral", "work", "flux", "euler_lagrange"),
    "series": ("series",),
    "laplacian": ("laplacian",),
    "divergence": ("divergence", "measured"),
    "curl": ("curl", "measured"),
    "nth": ("from_order",),
    "differential": ("differential", "estimate", "relative_error", "relative_change", "remainder_bound"),
    "coordinates": ("gradient", "laplacian"),
    "related-rate": ("rate", "model"),  # how fast bacteria double
    "conservative": ("conservative",),
    "work": ("work",),
    "flux": ("flux",),
    "vector-potential": ("vector_potential",),
    "exact": ("exact_form",),
    "critical": ("critical",),
    "div-curl": ("div_curl",),
    "curl-grad": ("curl_grad",),
    "curl-curl": ("curl_curl",),
    "grad-div": ("grad_div",),
    "rate-of-strain": ("rate_of_strain",),
    "potential": ("potential", "conservative"),
    "stream": ("stream", "divergence"),
    "monotony": ("increasing",),
    "concavity": ("concave_up", "places", "definiteness", "parameters"),
    "moment": ("places", "extrema"),
    "determinant": ("determinant",),
    "definite": ("definiteness",),
    "elasticity": ("elasticity",),
    "curvature": ("curvature",),
    "multiple integral": ("flux", "work"),
    "inverse": ("inverse",),
    "inverse function": ("inverse",),
    "verify": ("solves", "parameters", "claims"),
    "differential equation": ("solves", "parameters", "exact_form"),
    "unknown": tuple(
        "rate places increasing concave_up parameters optimum solenoidal irrotational constants potential".split()
    ),
    "minimise": ("places", "runs", "stationary", "extrema", "history", "tones", "iterates", "message"),
    "roots": ("root", "places", "exact_form", "message"),
}

# Answers to what was understood as a whole: a story, conditions, a field with what it is integrated over.
_WHOLE = (
    "rate optimum parameters work flux inverse places solves error change given iterates quantities compared "
    "exact_form critical curve advective pressure relative_error relative_change euler_lagrange message"
).split()

# What is kept of the answer to a further question, beside its derivative and its value.
_KEPT = ("grads", "raises", "printed", "places", "tones", "model", "formula", "jacobian_check")

# What other labs are for: those that answer it.
_LABS = {"fit": ("fit", "descend", "train"), "train": ("train", "backprop", "descend"), "decompose": ("decompose",)}
_PROGRAMS = frozenset(["backprop", "train", "descend", "fit", "decompose"])
MOST_APART = 3  # answers to further questions in the sentence
_SHORT = 120  # letters of one of them
D = TypeVar("D", bound=Document)
Run = Callable[[str, Mapping[str, object]], Document]


def answering(
    text: str, run: Run, make: Callable[[str, dict[str, str]], D], lab: str, changes: Mapping[str, str]
) -> Generator[None, bool | None, D]:
    """Answer a text in steps, as `nabla.steps` answers inputs; `run` answers what the text asks beside its question,
    `make` makes the document of a lab and its inputs, `changes` take the place of inputs that were read in the text.

    Raises:
        UserError: as `understand`, and what the lab refuses.
    """
    question = with_answers(understand(text, lab), run).changed(changes)
    chosen = LABS[question.routed.lab]
    inputs = Inputs(chosen, question.routed.inputs)
    document = make(chosen.name, inputs.given)
    document.values["question"] = question.data()
    context = contextvars.copy_context()  # a lab runs in steps, between which another text may be answered
    context.run(GIVEN.set, {table.name: table.text for table in question.reading.tables if table.name})
    for code, message in doubts_in_words(question):
        document.warn(code, message)
    try:
        work = context.run(chosen.answer, inputs, document)
        if work is not None:
            yield from _within(context, work)
    except UserError as error:
        if error.code == "empty" and not lab and question.reading.programs and question.routed.others:
            # The lab finds nothing of its own in the program: the next likely one answers.
            return (yield from answering(text, run, make, question.routed.others[0], changes))
        if error.field == "claim" and question.reading.programs and "claim" not in changes:
            # An answer of the asker's that cannot be placed does not stop the answer.
            document = yield from answering(text, run, make, lab, {**changes, "claim": ""})
            document.warn("not-used", f"Your {quoted(inputs['claim'])} was not judged: {error.message}")
            return document
        _explain(error, question)
        raise
    document.values["question"] = question.data()
    context.run(_further, document, question, run)
    context.run(_judged, document, question, run)
    _uncovered(document, question)
    return document


def _within(
    context: contextvars.Context, work: Generator[None, bool | None, None]
) -> Generator[None, bool | None, None]:
    """The same steps, each in the context."""
    end: bool | None = None
    try:
        while True:
            try:
                context.run(work.send, end)
            except StopIteration:
                return
            end = yield
    finally:
        work.close()


def _explain(error: UserError, question: Question) -> None:
    """Say in the error of a lab what was asked that it does not cover."""
    asked = [NAMED[what] for what in question.asked if what in NAMED]
    if asked and error.code not in ("gap",):
        error.code = "not-covered"
        error.message = f"You asked for {asked[0]}, which is not covered here. {error.message}"


# What is said above the result.


def _uncovered(document: Document, question: Question) -> None:
    """What was asked for and is not in the values of the answer."""
    lacking = [what for what in question.asked if what in NAMED and not _holds(document, what)]
    run = question.reading.programs or (document.lab == "fit" and question.routed.inputs.get("code"))
    if document.lab in _PROGRAMS and run:
        lacking = []
    else:
        _unknown(document, question)
    for what in reversed(lacking):
        if any(_holds(document, other) for other in question.asked):
            message = f"You asked for {NAMED[what]} too; this answer has none."
        elif document.lab == "derive":
            message = f"You asked for {NAMED[what]}; this is not covered here. Its derivative is below."
        else:
            below = "What is below is another answer about the same thing."
            message = f"You asked for {NAMED[what]}; this is not covered here. {below}"
        document.warn("not-covered", message)
    if {warning.code for warning in document.warnings} & {"not-used", "not-covered", "unsure"}:
        how = "each formula of the text is in a part that the answer uses, or is named as not used"
        document.add(Check("The answer is to all of the question", how, "unchecked", test="account"))


def _unknown(document: Document, question: Question) -> None:
    """What is asked for in words that say none of what labs answer."""
    if document.lab == "derive" and "analytic" not in document.values and speaks_of_complex(question.text):
        text = "Complex variables are not covered in this question: every letter is taken for a real number here."
        document.warn("not-covered", text)
    if any(document.values.get(name) is not None for name in _WHOLE):
        return
    below = "The derivative of a formula in it" if document.lab == "derive" else "What could be read of it"
    if asked := wanted(question.reading):
        if document.lab == "fit" and _of_fit(document, asked):
            return
        asked = quoted(asked)
        document.warn("not-covered", f"The text asks for something else: “{asked}”. {below} is below.")
    elif silent(question.reading) and document.lab == "derive":
        document.warn("not-covered", f"The text does not say what is asked for. {below} is below.")


def _of_fit(document: Document, asked: str) -> bool:
    """Whether words ask for what a fit has told: all of its parameters, or its form, d(t) = a sin(bt) + c."""
    names = set(document.values.get("model", {}).get("parameters", ()))
    words = set(re.findall(r"\w+", asked))
    form = str(document.inputs.get("form", "")).partition("=")[2].strip()
    if "outlier" in asked and any(warning.code == "outliers" for warning in document.warnings):
        return True
    told = any(document.values.get(name) and re.search(said, asked, re.IGNORECASE) for name, said in _TOLD_BY_FIT)
    return told or bool(names and names <= words) or (bool(form) and form in asked)


# Values of a fit, and the words that ask for them.
_TOLD_BY_FIT = (
    ("series", r"\b(?:lags?|lagging|behind|ahead|leads?|delay\w*|later|shift\w*|difference)\b"),
    ("tones", r"\b(?:period\w*|cycles?|frequenc\w+|amplitudes?|harmonics?|tones?|season\w*|rhythm|oscillat\w+|sine)\b"),
    ("model", r"\b(?:least[- ]squares|parabola|line|regression|curve|fit|model)\b"),
    ("quantities", r""),
    ("sampling", r""),
)


def _holds(document: Document, what: str) -> bool:
    return document.lab in _LABS.get(what, ()) or any(
        document.values.get(name) is not None for name in _ANSWERS.get(what, ())
    )


# Further questions on the same function, and claims.


def _further(document: Document, question: Question, run: Run) -> None:
    """The other derivatives that the text asks for, and its other programs, below the first."""
    held: list[dict[str, Any]] = []
    for filled in question.routed.further:
        try:
            other = run(document.lab, filled.inputs)
        except UserError as error:
            document.warn("not-covered", f"{filled.asked}: {error.message}")
            continue
        results: list[Block] = [
            block for block in other.blocks if isinstance(block, Math) and block.role in ("result", "value")
        ]
        if "code" in filled.inputs:
            results = _of_program(other)
        elif "jac" in filled.inputs:
            results = _of_gradient(other)
        elif "data" in filled.inputs and other.answer:
            results.insert(0, Note(other.answer.tex))
        title = f"Also asked: {filled.asked if 'jac' in filled.inputs else other.title}"
        if "data" in filled.inputs:
            title = f"For {quoted(filled.asked)}"
        document.add(Heading(title), *results, *other.checks[:1])
        if document.lab == "derive" and other.answer and len(held) < MOST_APART and len(other.answer.text) < _SHORT:
            _say(document, [other.answer.tex])
        kept = {name: other.values.get(name) for name in ("derivative", "value")}
        kept |= {name: other.values[name] for name in _KEPT if name in other.values}
        held.append({"asked": filled.asked, "inputs": filled.inputs, **kept})
        if document.values.get("value") is None and other.values.get("value") is not None:
            document.values["value"] = other.values["value"]
    if held:
        document.values["further"] = held


def _of_gradient(other: Document) -> list[Block]:
    """What is shown of another gradient: the program, and the verdict on it."""
    verdict = (other.values.get("jacobian_check") or {"verdict": "undecided"})["verdict"]
    program = Code([Source("Python", "python", other.inputs["jac"])], title="The other gradient")
    return [program, Note(f"The other gradient of the text is {verdict}.", "info" if verdict == "right" else "warning")]


def _of_program(other: Document) -> list[Block]:
    """What is shown of the second program of a text: the program, its answer, and what it raises."""
    found: list[Block] = [Code([Source("Python", "python", other.inputs["code"])], title="The other program")]
    if other.answer:
        found.append(Note(other.answer.tex))
    if raised := other.values.get("raises"):
        found.append(Note(f"Line {raised['line']}: {quoted(raised['type'])}: {quoted(raised['message'])}"))
    return found


def _judged(document: Document, question: Question, run: Run) -> None:
    """Every answer of the text with its verdict, in the order of the text."""
    if not question.claims:
        return
    judged: list[dict[str, Any]] = []
    rows: list[str] = []
    for claim in question.claims:
        verdict = _verdict(document, question, run, claim)
        judged.append({"text": claim.text, **verdict, "whose": claim.whose})
        who = "Yours" if claim.whose == "asker" else "The other answer"
        rows.append(f"{who}, {quoted(claim.text)}: {verdict['verdict']}.")
    document.values["claims"] = judged
    _say_apart(document, question, judged)
    if len(judged) > 1:
        document.add(Heading("The answers in the text"), *[Note(row) for row in rows])


def _say_apart(document: Document, question: Question, judged: Sequence[Mapping[str, Any]]) -> None:
    """Put into the sentence what is said of answers to something else than the main question: y'' beside y'."""
    apart = [pair for pair in zip(question.claims, judged, strict=True) if pair[0].inputs]
    if document.lab != "derive" or document.answer is None:
        return
    said = [
        f"{'Your' if claim.whose == 'asker' else 'The other'} {_shown(claim)} is {told['verdict']}."
        for claim, told in apart[:MOST_APART]
        if told["verdict"] in ("right", "wrong")
    ]
    _say(document, said)


def _say(document: Document, said: Sequence[str]) -> None:
    """Put sentences behind the one that answers."""
    if document.answer is not None:
        whole = " ".join([document.answer.tex, *said])
        document.answer = replace(document.answer, text=plain(whole), tex=whole)


def _shown(claim: Claim) -> str:
    """An answer as a sentence shows it: its formula set, or as it was typed where it is more than one."""
    try:
        read = read_formula(claim.lines)
    except UserError:
        return quoted(claim.text)
    left = claim.text.partition("=")[0].strip() if "=" in claim.text else ""
    return f"${left} = {read.tex}$" if left else f"${read.tex}$"


def _verdict(document: Document, question: Question, run: Run, claim: Claim) -> dict[str, Any]:
    whole = document.values.get("claim")
    if whole and document.inputs.get("claim") == claim.lines and len(claim.lines) and not claim.inputs:
        return {"verdict": whole["verdict"], "mistakes": whole["mistakes"]}
    inputs = {**question.routed.inputs, **claim.inputs, "claim": claim.lines}
    try:
        values = run(document.lab, {name: text for name, text in inputs.items() if text}).values
    except UserError as error:
        return {"verdict": "undecided", "mistakes": [], "why": error.message}
    found = values.get("claim") or {"verdict": "undecided", "mistakes": []}
    return {"verdict": found["verdict"], "mistakes": found["mistakes"]}
