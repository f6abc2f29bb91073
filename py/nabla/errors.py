"""The one exception that is about the user's text and not about our code."""

from __future__ import annotations

from dataclasses import dataclass

# Every code that a UserError may carry. Pages and tests read codes, people read messages.
CODES: dict[str, str] = {
    "empty": "nothing was typed where something is needed",
    "syntax": "the text does not follow the grammar",
    "unbalanced": "a bracket is not closed, or closes nothing",
    "unknown-function": "a function that the reader does not know",
    "unknown-name": "a name that cannot stand here",
    "forbidden": "a construction that is refused on purpose",
    "arguments": "a function got too few or too many arguments",
    "too-long": "the text is longer than the reader takes",
    "too-deep": "brackets or operations are nested too deeply",
    "too-big": "a number, power or result is larger than the reader builds",
    "value": "a value that is missing, out of range or of another kind",
    "choice": "not one of the choices",
    "unknown-field": "the lab has no input of that name",
    "unknown-lab": "there is no lab of that name, or none that reads the text",
    "undefined": "the expression has no value there",
    "unsure": "the text can be read in two ways that lead to different answers",
    "elided": "the data were shortened when they were printed",
    "not-covered": "what is asked for, or what a program uses, is not here",
    "needs-file": "a program reads a file or the keyboard",
    "timeout": "the work took longer than its limit",
}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text as typed: characters `start` up to, not including, `end`."""

    start: int
    end: int


class UserError(Exception):
    """A mistake in what the user typed, told in one sentence and shown at its place.

    Args:
        code: one of `CODES`.
        message: one sentence that says what is wrong.
        hint: what to do about it; may be empty.
        span: where in the text of the field.
        field: the input it is about; `Inputs.read` fills it in.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        hint: str = "",
        span: Span | None = None,
        field: str | None = None,
    ) -> None:
        if code not in CODES:
            raise ValueError(f"unknown error code {code!r}")
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.span = span
        self.field = field

    def __reduce__(self) -> tuple[object, ...]:
        """So that it passes from one process to another whole."""
        return _again, (self.code, self.message, self.hint, self.span, self.field)

    def to_dict(self) -> dict[str, object]:
        """The error as JSON-ready data, the form in which it reaches the page."""
        return {
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "span": [self.span.start, self.span.end] if self.span else None,
            "field": self.field,
        }


def _again(code: str, message: str, hint: str, span: Span | None, field: str | None) -> UserError:
    return UserError(code, message, hint=hint, span=span, field=field)
