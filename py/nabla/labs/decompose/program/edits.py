"""All changes of one kind that could mend a program: where a usual slip may stand."""

from __future__ import annotations

from nabla.labs.decompose.program.difference_edits import difference_edits
from nabla.labs.decompose.program.mending import Mending
from nabla.labs.decompose.program.reading import FieldProgram
from nabla.labs.decompose.program.term_edits import term_edits
from nabla.labs.decompose.program.wave_edits import wave_edits


def edits(found: FieldProgram) -> list[Mending]:
    """The changes, the likelier kinds first."""
    return [*difference_edits(found), *wave_edits(found), *term_edits(found)]
