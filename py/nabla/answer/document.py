r"""The typed answer of a lab: blocks to read, values to compute with, checks that were run.

Prose is plain text with three marks: `$...$` around LaTeX, backticks around code, `**...**` around what is stressed.
A backslash before one of `$`, `` ` ``, `*`, `\\` takes its meaning away; `quoted` does that for text of a user.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, get_args

from numpy.typing import NDArray

from nabla.answer.check import Test, Verdict
from nabla.answer.marks import Axis, Frame, Handle, Mark, Placing, Timeline
from nabla.answer.wire import block_data, listed, plain

VERSION = 1

Detail = Literal["novice", "normal", "expert"]
Tone = Literal["info", "warning", "tip"]
Cell = str | float | None

_MARKS = re.compile(r"([$`*\\])")


def quoted(text: str) -> str:
    """`text` with the marks of prose taken away, so that it reads as typed."""
    return _MARKS.sub(r"\\\1", text)


@dataclass(slots=True)
class Heading:
    """A heading inside the answer; level 2 or 3. `role` says what stands under it, for those who show a part."""

    text: str
    level: int = 2
    role: Literal["", "reading", "claim", "steps", "checks", "program"] = field(
        default="", metadata={"omitted": "when empty"}
    )
    kind: ClassVar[str] = "heading"


@dataclass(slots=True)
class Prose:
    """A paragraph."""

    text: str
    kind: ClassVar[str] = "prose"


@dataclass(slots=True)
class Math:
    """A displayed formula. `text` is the same in Python's notation; `role` tells the page which one is the answer."""

    tex: str
    text: str = ""
    label: str = ""
    role: Literal["reading", "result", "value", "plain"] = "plain"
    kind: ClassVar[str] = "math"


@dataclass(slots=True)
class Check:
    """A claim and the result of testing it.

    `test` is the kind of test, one of `nabla.answer.check.TESTS`, and `method` says how it was done here. `figure` is
    what was measured (a relative error, say) and `bound` what it had to stay below. The verdict is "unchecked" when no
    test could be run, never "passed".
    """

    claim: str
    method: str
    verdict: Verdict
    figure: float | None = None
    bound: float | None = None
    test: Test = field(kw_only=True)
    kind: ClassVar[str] = "check"


@dataclass(slots=True)
class Step:
    """One equality of a derivation, with the steps it rests on.

    `title` names the rule, `tex` is "before = after", `why` says the rule in words and names the parts (`where` holds
    their definitions in LaTeX, as an inner function u = ...). `detail` is the coarsest level of detail at which the
    step is shown: "expert" steps are always shown, "novice" steps only to those who ask for everything. `inner` holds
    what in `tex` and `where` stands for the inner function of a chain, in LaTeX, `hue` the colour it has throughout.
    `ask` are inputs of derive whose answer is the right side of this step, for readers who try it first. `node` is the
    id of the node of the graph that the step is about, `line` that of the program.
    """

    title: str
    tex: str
    why: str = ""
    where: list[str] = field(default_factory=list)
    detail: Detail = "expert"
    check: Check | None = None
    steps: list[Step] = field(default_factory=list)
    inner: list[str] = field(default_factory=list, metadata={"omitted": "when empty"})
    hue: int = field(default=0, metadata={"omitted": "when 0"})
    ask: dict[str, str] = field(default_factory=dict, metadata={"omitted": "when empty"})
    node: str = field(default="", metadata={"omitted": "when empty"})
    line: int = field(default=0, metadata={"omitted": "when 0"})


@dataclass(slots=True)
class Steps:
    """A derivation: steps that may hold further steps, shown down to the level of `detail`.

    With `folded` every step is closed until it is opened, as hints are; so what is not to be seen stands in no `tex`.
    """

    steps: list[Step]
    title: str = ""
    detail: Detail = "normal"
    folded: bool = field(default=False, metadata={"omitted": "when false"})
    kind: ClassVar[str] = "steps"


@dataclass(slots=True)
class Column:
    """A column of a table; `unit` stands in the header."""

    label: str
    unit: str = ""
    align: Literal["left", "right"] = "left"


@dataclass(slots=True)
class Table:
    """Rows of prose or numbers under named columns."""

    columns: list[Column]
    rows: list[list[Cell]]
    caption: str = ""
    kind: ClassVar[str] = "table"


@dataclass(slots=True)
class Plot:
    """Marks on two axes. `summary` says in one sentence what is to be seen, for people who do not see it.

    With a `timeline` the plot moves: points of marks appear by their `when`, one of the `frames` is shown at a time.
    """

    marks: list[Mark]
    summary: str
    x: Axis = field(default_factory=Axis)
    y: Axis = field(default_factory=Axis)
    title: str = ""
    equal: bool = False
    handles: list[Handle] = field(default_factory=list)
    placing: Placing | None = None
    timeline: Timeline | None = None
    frames: list[Frame] = field(default_factory=list)
    kind: ClassVar[str] = "plot"


@dataclass(slots=True)
class Node:
    """A node of a graph: its formula, what is shown beside it, its value and adjoint in LaTeX once they are reached.

    `group` is the id of the group it is folded into.
    """

    id: str
    tex: str
    label: str = ""
    detail: list[str] = field(default_factory=list)
    group: str = ""
    value: str = ""
    adjoint: str = ""


@dataclass(slots=True)
class Group:
    """Nodes that fold into one, a layer or the turns of a loop; `parent` is the group it lies in."""

    id: str
    label: str
    parent: str = ""
    folded: bool = True


@dataclass(slots=True)
class Edge:
    """An edge of a graph, by the ids of its nodes."""

    source: str
    target: str
    tex: str = ""


@dataclass(slots=True)
class Graph:
    """A directed graph, drawn left to right. `order` are the ids of its nodes as they are computed."""

    nodes: list[Node]
    edges: list[Edge]
    summary: str
    title: str = ""
    groups: list[Group] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    kind: ClassVar[str] = "graph"


@dataclass(slots=True)
class Source:
    """One version of a program: `language` for highlighting and the file's ending, `label` for the tab."""

    label: str
    language: str
    text: str


@dataclass(slots=True)
class Code:
    """The same program in one or several languages."""

    sources: list[Source]
    title: str = ""
    kind: ClassVar[str] = "code"


@dataclass(slots=True)
class Note:
    """A remark set apart. `inputs` are changes of inputs that the reader can try with one click."""

    text: str
    tone: Tone = "info"
    inputs: dict[str, str] = field(default_factory=dict)
    action: str = ""
    kind: ClassVar[str] = "note"


@dataclass(slots=True)
class Progress:
    """How far a long computation is: told to the listener of a document, never part of it. `done` is from 0 to 1."""

    text: str
    done: float | None = None
    kind: ClassVar[str] = "progress"


Block = Heading | Prose | Math | Steps | Check | Table | Plot | Graph | Code | Note
# Whatever is to be known of a kind of block, the page and the writers take from the classes named here.
BLOCKS: tuple[type, ...] = get_args(Block)


@dataclass(slots=True)
class Caution:
    """Something the reader should know about the answer as a whole, under a short fixed code."""

    code: str
    message: str


@dataclass(slots=True)
class Quantity:
    """A number of the sentence that answers.

    `name` is its path in the document's `values` (`value.0`, `grads.w`); with `input`, the name that the number has in
    that input, as in `w=3` of `at`.
    """

    name: str
    value: float
    input: str = ""


@dataclass(slots=True)
class Sentence:
    """The sentence that answers: as plain text, as prose with LaTeX, and the numbers in it."""

    text: str
    tex: str
    numbers: list[Quantity] = field(default_factory=list)


@dataclass(slots=True)
class Head:
    """What stands above the blocks: told to the listener of a document before them, and again when it has changed."""

    title: str
    warnings: list[Caution]
    answer: Sentence | None = None
    kind: ClassVar[str] = "head"


Listener = Callable[[Block | Progress | Head, int], None]


class Document:
    """The answer of a lab. Labs add blocks in reading order, put figures into `values`, and set `answer`, the sentence
    that answers.

    Args:
        lab: name of the lab.
        inputs: the inputs that differ from their defaults, as text; they make the link.
        listener: called with every block and its place as it is added or replaced, so that a page can show an answer
            as it grows, and with each `Progress` and `Head` (whose place is that of the next block).
    """

    def __init__(self, lab: str, inputs: Mapping[str, str], listener: Listener | None = None) -> None:
        self.lab = lab
        self.inputs = dict(inputs)
        self.title = ""
        self.answer: Sentence | None = None
        self.blocks: list[Block] = []
        self.values: dict[str, Any] = {}
        self.warnings: list[Caution] = []
        self._listener = listener
        self._head_sent = Head("", [])

    def add(self, *blocks: Block) -> None:
        """Append blocks, and show each to the listener."""
        for block in blocks:
            self.blocks.append(block)
            self._notify(block, len(self.blocks) - 1)

    def replace(self, old: Block, new: Block) -> None:
        """Put `new` in the place of `old`, which is in the document: how a curve grows while it is computed."""
        place = next(place for place, block in enumerate(self.blocks) if block is old)
        self.blocks[place] = new
        self._notify(new, place)

    def progress(self, text: str, done: float | None = None) -> None:
        """Tell the listener, if there is one, how far a long computation is."""
        self._notify(Progress(text, done), len(self.blocks))

    def _notify(self, what: Block | Progress, place: int) -> None:
        if not self._listener:
            return
        head = Head(self.title, list(self.warnings), self.answer)
        if head != self._head_sent:
            self._head_sent = head
            self._listener(head, len(self.blocks))
        self._listener(what, place)

    def warn(self, code: str, message: str) -> None:
        """Add a warning about the whole answer."""
        self.warnings.append(Caution(code, message))

    @property
    def checks(self) -> list[Check]:
        """Every check of the document, those inside steps included."""

        def inside(steps: Sequence[Step]) -> list[Check]:
            return [c for step in steps for c in ([step.check] if step.check else []) + inside(step.steps)]

        found: list[Check] = []
        for block in self.blocks:
            if isinstance(block, Check):
                found.append(block)
            elif isinstance(block, Steps):
                found.extend(inside(block.steps))
        return found

    def to_dict(self) -> dict[str, Any]:
        """The document as JSON-ready data, arrays as nested lists, NaN and infinities as None or text."""
        return self.to_data(listed)

    def to_data(self, array: Callable[[NDArray[Any]], Any]) -> dict[str, Any]:
        """The document as data in which `array` decides what becomes of the arrays in its blocks."""
        return {
            "nabla": VERSION,
            "lab": self.lab,
            "inputs": self.inputs,
            "title": self.title,
            "answer": plain(self.answer, array),
            "blocks": [block_data(block, array) for block in self.blocks],
            "values": plain(self.values, listed),
            "warnings": [plain(warning, array) for warning in self.warnings],
        }
