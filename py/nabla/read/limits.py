"""How much the reader takes: refused before anything is built, so that no input can freeze the page."""

from __future__ import annotations

from nabla.errors import Span, UserError

LENGTH = 4000  # characters of a text
DEPTH = 60  # nested brackets, powers, signs and functions
NODES = 1500  # operations, names and numbers of a formula
DIGITS = 60  # digits of one number as typed
EXPONENT_10 = 400  # of 1e400: all of the floating-point range
BITS = 12_000  # of all exact numbers of a formula together: they stay below Python's 4300 printable digits
EXPONENT = 10_000  # the largest whole-number exponent
FACTORIAL = 1000  # the largest argument of an exact factorial or gamma function
MAGNITUDE = 100_000  # the largest |log2| of a constant, so that it can be evaluated numerically
ROUNDED = 10**30  # the largest constant that floor and ceil are taken of


def check_length(text: str) -> None:
    """`UserError` "too-long" when the text is longer than the reader takes."""
    if len(text) > LENGTH:
        message = f"The text has {len(text):,} characters; at most {LENGTH:,} are read."
        raise UserError("too-long", message, span=Span(LENGTH, len(text)))


def check_depth(depth: int, span: Span) -> None:
    """`UserError` "too-deep" when `depth` is more than the reader takes."""
    if depth > DEPTH:
        message = f"Brackets and operations are nested more than {DEPTH} deep here."
        raise UserError("too-deep", message, hint="Name parts of the formula and read them one by one.", span=span)


def check_nodes(nodes: int, span: Span) -> None:
    """`UserError` "too-long" when a formula has more parts than the reader takes."""
    if nodes > NODES:
        raise UserError("too-long", f"The formula has more than {NODES:,} parts.", span=span)


def too_big(what: str, span: Span, hint: str = "") -> UserError:
    """The error for a number that is not built."""
    return UserError("too-big", f"{what} is too large to be worked out here.", hint=hint, span=span)
