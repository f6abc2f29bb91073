"""The forms in which a document leaves, by name."""

from __future__ import annotations

from collections.abc import Callable

from nabla.answer.document import Document
from nabla.write.latex import to_latex
from nabla.write.markdown import to_markdown
from nabla.write.notebook import notebook_text, to_python
from nabla.write.text import to_text

# What each takes is the document and the address of its question, which may be empty.
FORMS: dict[str, Callable[[Document, str], str]] = {
    "markdown": to_markdown,
    "latex": lambda document, link: to_latex(document, link, whole=False),
    "tex": to_latex,
    "text": to_text,
    "python": to_python,
    "notebook": notebook_text,
}
