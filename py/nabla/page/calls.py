"""What the page calls: text in, JSON and one buffer of numbers out. Nothing here knows JavaScript."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Generator
from typing import Any

import nabla
from nabla.answer.document import Block, Head, Progress
from nabla.answer.export import FORMS
from nabla.answer.wire import block_data, to_wire
from nabla.errors import UserError
from nabla.page import asking
from nabla.read.fields.preview import preview as _preview

Listener = Callable[[str, memoryview], None]

_newest: list[Any] = []
"""The lab, the inputs as they came, and the document of the last answer."""


Reply = tuple[str, memoryview]


def answer(lab: str, inputs: str, on_block: Listener | None = None) -> Reply:
    """Run a lab on inputs given as a JSON object.

    Returns JSON and the numbers that its `{"$f64": [offset, shape]}` refer to. The JSON is `{"document": ...}`; or
    `{"error": ...}` for a mistake in the inputs; or `{"crash": {"message", "trace"}}` for a mistake of ours.
    `on_block` is called with each block and its place, `{"block": ..., "place": n}` in the same form, as soon as it is
    there or replaced, and with each report of progress and of the head of the document.
    """
    work = answering(lab, inputs, on_block)
    while True:
        try:
            next(work)
        except StopIteration as end:
            reply: Reply = end.value
            return reply


def answering(lab: str, inputs: str, on_block: Listener | None = None) -> Generator[None, bool | None, Reply]:
    """As `answer`, in steps as those of `nabla.steps`: between two of them the worker hears what the page wants.

    The lab "ask" is the reader of questions: its inputs are those of `nabla.page.asking`.
    """

    def send(block: Block | Progress | Head, place: int) -> None:
        assert on_block
        on_block(*_packed(lambda array: {"block": block_data(block, array), "place": place}))

    try:
        given = json.loads(inputs)
        listener = send if on_block else None
        if lab == "ask":
            chosen = given.get("lab", asking.ANY)
            changes = asking.read_changes(given.get("with", ""))
            document = yield from nabla.asking(given["q"], listener, "" if chosen == asking.ANY else chosen, changes)
        else:
            document = yield from nabla.steps(lab, given, listener)
        _newest[:] = [lab, inputs, document]
        return _packed(lambda array: {"document": document.to_data(array)})
    except UserError as error:
        return _reply("error", error.to_dict())
    except Exception as error:  # whatever goes wrong is shown to the user with its traceback
        crash = {"message": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()}
        return _reply("crash", crash)


def understood(text: str, lab: str = "") -> str:
    """What a pasted text is read as, as JSON: its question as in the values of an answer, and the inputs of the lab;
    or the error, where nothing can be read.
    """
    from nabla.question.understand import understand  # only where a text is asked

    try:
        question = understand(text, lab)
        content = {"question": question.data(), "inputs": question.routed.inputs}
    except UserError as error:
        content = {"error": error.to_dict()}
    return json.dumps(content, ensure_ascii=False)


def preview(kind: str, text: str, known: str = "[]") -> str:
    """What the reader makes of a field while it is typed, as JSON; `known` are the names that other fields mention."""
    return json.dumps(_preview(kind, text, json.loads(known)), ensure_ascii=False)


def export(lab: str, inputs: str, form: str, link: str = "") -> str:
    """The answer in one of `nabla.answer.export.FORMS`, as JSON of the kind that `answer` gives: `{"text": ...}`.

    The newest answer is still there; one that was prepared when the page was built is computed first.
    """
    text, _ = ("", None) if _newest[:2] == [lab, inputs] else answer(lab, inputs)
    if _newest[:2] != [lab, inputs]:
        return text
    return json.dumps({"text": FORMS[form](_newest[2], link)}, ensure_ascii=False)


def _reply(what: str, data: dict[str, Any]) -> Reply:
    return _packed(lambda _: {what: data})


def _packed(data: Callable[[Callable[..., Any]], dict[str, Any]]) -> Reply:
    plain, numbers = to_wire(data)
    return json.dumps(plain, ensure_ascii=False, allow_nan=False), numbers.data
