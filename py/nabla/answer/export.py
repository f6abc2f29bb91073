"""The forms in which a document leaves, by name, and the document that has them as methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nabla.answer.document import Document
from nabla.write.latex import to_latex
from nabla.write.markdown import to_markdown
from nabla.write.notebook import notebook_text, to_notebook, to_python
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


class Report(Document):
    """A document that prints as text, shows itself in Jupyter and writes itself in other forms.

    Labs fill it as a plain `Document`; those who ask get it with these methods. Notebooks show it as Markdown, in which
    they set formulas, with its plots as pictures.
    """

    def __str__(self) -> str:
        return self.to_text()

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        return to_markdown(self, pictures=True)

    def to_text(self, link: str = "") -> str:
        """The document as plain text; `link`, the address of the question, ends it. So in the forms below."""
        return to_text(self, link)

    def to_markdown(self, link: str = "") -> str:
        """The document as Markdown with LaTeX between dollar signs."""
        return to_markdown(self, link)

    def to_latex(self, link: str = "") -> str:
        """The document as a LaTeX file, ready to be compiled."""
        return to_latex(self, link)

    def to_python(self, link: str = "") -> str:
        """The document's programs as a script that asserts the answer without Nabla, which it names in a comment."""
        return to_python(self, link)

    def to_notebook(self, link: str = "") -> dict[str, Any]:
        """The document as a Jupyter notebook, format 4.5, ready for `json.dump`."""
        return to_notebook(self, link)
