"""What is wrong with the sentence that answers, if anything."""

from __future__ import annotations

from typing import Any

from nabla.answer.codes import FINDINGS, VERDICTS, WARNINGS
from nabla.answer.document import Document, Quantity


def faults(document: Document) -> list[str]:
    """What is wrong with the document's sentence, and words in it that are not among the fixed ones."""
    return _of_sentence(document) + _of_words(document)


def _of_words(document: Document) -> list[str]:
    """Warning codes, verdicts and kinds of findings that `nabla.answer.codes` does not list."""
    values = document.values
    judged = [values.get(key) or {} for key in ("claim", "gradient_check", "jacobian_check", "hessian_check")]
    verdicts = {each["verdict"] for each in judged if each.get("verdict")}
    findings = [each for part in [*judged, values] for each in part.get("findings") or ()]
    return [
        *(f"{code} is no warning code" for code in {each.code for each in document.warnings} - WARNINGS.keys()),
        *(f"{verdict} is no verdict" for verdict in verdicts - VERDICTS.keys()),
        *(f"{kind} is no kind of finding" for kind in {each["kind"] for each in findings} - FINDINGS.keys()),
    ]


def _of_sentence(document: Document) -> list[str]:
    """Why the document's sentence is none: its words, and numbers that are not those of the values or the inputs."""
    answer = document.answer
    if answer is None:
        return [f"the lab {document.lab} has set no sentence"]
    found = [] if answer.text.endswith(".") and answer.tex.endswith(".") else [f"{answer.text!r} does not end"]
    found += [f"{answer.tex!r} has a $ without a partner"] if answer.tex.replace(r"\$", "").count("$") % 2 else []
    return found + [fault for number in answer.numbers if (fault := _fault(document, number))]


def _fault(document: Document, number: Quantity) -> str:
    if number.input:
        there = document.inputs.get(number.input, "").strip()
        return "" if there else f"{number.name} is said to stand in the input {number.input}, which is empty"
    value = _value(document.values, number.name)
    return "" if value == number.value else f"{number.name} is {number.value!r} and in the values {value!r}"


def _value(values: Any, path: str) -> Any:
    """The value under a path, whichever way its dots are to be read."""
    if not path:
        return values
    items = (
        enumerate(values) if isinstance(values, (list, tuple)) else values.items() if hasattr(values, "items") else ()
    )
    for key, inside in items:
        name, rest = str(key), path[len(str(key)) :]
        if path.startswith(name) and rest[:1] in ("", "."):
            found = _value(inside, rest[1:])
            if found is not None:
                return found
    return None
