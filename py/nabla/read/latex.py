"""LaTeX to the same tokens that other notations end as."""

from __future__ import annotations

import re

from nabla.errors import UserError
from nabla.read.tokens import Token

_COMMAND = re.compile(r"\\(?!(?:mathrm|text|operatorname)\{[A-Za-z][A-Za-z0-9_]*\})|\$")


def is_latex(text: str) -> bool:
    """Whether `text` is LaTeX: it holds a command (other than one that keeps a word together) or a dollar sign."""
    return bool(_COMMAND.search(text))


def latex_tokens(text: str) -> list[Token]:
    raise UserError("syntax", "LaTeX cannot be read yet.")
