"""How much the reader takes: refused before anything is built, so that no input can freeze the page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nabla.errors import Span, UserError
from nabla.work import WorkExceeded, limited

LENGTH = 4000  # characters of a text
DEPTH = 60  # nested brackets
OPERATIONS = 90  # nested operations and functions
NODES = 1500  # operations, names and numbers of a formula
DIGITS = 60  # digits of one number as typed
EXPONENT_10 = 400  # of 1e400: all of the floating-point range
BITS = 12_000  # of all exact numbers of a formula together: they stay below Python's 4300 printable digits
EXPONENT = 10_000  # the largest whole-number exponent
FACTORIAL = 1000  # the largest argument of an exact factorial or gamma function
MAGNITUDE = 7_000  # the largest |ln| of a constant power: it can be evaluated, and printed
DENSE = 10**8  # numerator times denominator of an exponent that becomes the degree of a polynomial
RADICAL = 4_000  # bits of a base times the denominator of its exponent, above which the power is a decimal number
SQUARED = 400  # bits of n, above which the n in sin(atan(n)) is a decimal number
WORK = 750_000  # function calls that building a formula may take, about a quarter of a second
DEGREE = 40  # the highest degree of a polynomial that is named by it, as the tenth of Legendre
ROUNDED = 10**30  # the largest constant that floor and ceil are taken of


def check_length(text: str) -> None:
    """`UserError` "too-long" when the text is longer than the reader takes."""
    if len(text) > LENGTH:
        message = f"The text has {len(text):,} characters; at most {LENGTH:,} are read."
        raise UserError("too-long", message, span=Span(LENGTH, len(text)))


def check_depth(depth: int, span: Span, most: int = DEPTH) -> None:
    """`UserError` "too-deep" when `depth` is more than the reader takes."""
    if depth > most:
        raise too_deep(span)


def too_deep(span: Span) -> UserError:
    """The error for what is nested too deeply."""
    message = "Brackets and operations are nested too deeply here."
    return UserError("too-deep", message, hint="Name parts of the formula and read them one by one.", span=span)


def check_nodes(nodes: int, span: Span) -> None:
    """`UserError` "too-long" when a formula has more parts than the reader takes."""
    if nodes > NODES:
        raise UserError("too-long", f"The formula has more than {NODES:,} parts.", span=span)


def too_big(what: str, span: Span, hint: str = "") -> UserError:
    """The error for a number that is not built."""
    return UserError("too-big", f"{what} is too large to be worked out here.", hint=hint, span=span)


@contextmanager
def bounded_work(span: Span) -> Iterator[None]:
    """Stop what is done inside when it takes too many function calls.

    SymPy decides on assumptions about nested functions by trying all it knows: exp(sech(lambertw(y)^99)) takes it
    more than ten seconds.

    Raises:
        UserError: "timeout".
    """
    try:
        with limited(WORK):
            yield
    except WorkExceeded:
        message = "This formula takes too long to be worked out."
        raise UserError("timeout", message, hint="Name parts of it.", span=span) from None
