"""What the page knows of Python: the labs' fields and the gallery as JSON, the document's types as TypeScript.

`python -m nabla.page.schema DIRECTORY` writes there, for the build, `types.d.ts` and as JSON what the functions here
and in the modules front, names, question, shapes and syntax, and the list of sources, give.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nabla.answer import check as checks
from nabla.answer.document import BLOCKS, VERSION, Head, Progress
from nabla.answer.marks import MARKS
from nabla.answer.shapes import arrays, described_fields, parts, shapes
from nabla.calculus.exercises import LEVELS
from nabla.errors import CODES
from nabla.gallery.examples import EXAMPLES
from nabla.lab import LABS, Field
from nabla.page.asking import ROLES, form
from nabla.page.front import front
from nabla.page.link import link
from nabla.page.names import names
from nabla.page.sources import SOURCES
from nabla.page.syntax import syntax
from nabla.question.files import HEAD
from nabla.read.data import binary
from nabla.read.fields.preview import PREVIEWED
from nabla.write.exercises import NAMES


def schema() -> dict[str, Any]:
    """The labs with their fields, in the order of their registration, the form of a whole text, which field of a lab
    each role of its parts fills, the kinds of fields of which a preview is shown, and what can be practised.
    """
    labs = [
        {
            "name": lab.name,
            "title": lab.title,
            "summary": lab.summary,
            "seconds": lab.seconds,
            "example": dict(lab.example),
            "fields": [asdict(field) for field in lab.fields],
        }
        for lab in LABS.values()
    ]
    practice = {"rules": NAMES, "levels": LEVELS}
    own = {"version": VERSION, "labs": labs, "ask": form(), "roles": ROLES}
    return {**own, "previewed": PREVIEWED, "practice": practice}


def gallery() -> list[dict[str, str]]:
    """The gallery's questions with their answers and links."""
    return [
        {
            "name": example.name,
            "question": example.question,
            "answer": example.answer,
            "lab": example.lab,
            "link": link(example.lab, example.inputs),
        }
        for example in EXAMPLES
    ]


def helping() -> dict[str, Any]:
    """What checks mean: the verdicts, and the kinds of tests."""
    return {"verdicts": checks.VERDICTS, "tests": {name: asdict(test) for name, test in checks.TESTS.items()}}


def files() -> dict[str, Any]:
    """How files stand in a text: the pattern of the line above each, the sign before the bytes of one that is no text,
    and how the names of those end.
    """
    return {"head": HEAD.pattern, "sign": binary.SIGNS[0], "binary": [end.removeprefix(".") for end in binary.ENDS]}


def declarations() -> str:
    """TypeScript declarations of every block, mark and part, of the fields, and of the error codes."""
    lines = ["// Written by `python -m nabla.page.schema` from py/nabla. Do not edit.", ""]
    for cls in (*parts(), Progress, Head, Field):
        lines += _interface(cls)
    lines += [
        f"export type Mark = {' | '.join(cls.__name__ for cls in MARKS)};",
        f"export type Block = {' | '.join(cls.__name__ for cls in BLOCKS)};",
        f"export type ErrorCode = {' | '.join(json.dumps(code) for code in CODES)};",
        "export interface NablaDocument {",
        "  nabla: number;\n  lab: string;\n  inputs: Record<string, string>;\n  title: string;",
        "  answer: Sentence | null;\n  blocks: Block[];",
        "  values: Record<string, unknown>;\n  warnings: Caution[];\n}",
        "export interface UserError {",
        "  code: ErrorCode;\n  message: string;\n  hint: string;\n  span: [number, number] | null;\n"
        "  field: string | null;\n}",
        "export interface Lab {",
        "  name: string;\n  title: string;\n  summary: string;\n  seconds: number;\n"
        "  example: Record<string, string>;\n  fields: Field[];\n}",
        "export interface Schema {\n  version: number;\n  labs: Lab[];\n  ask: Lab;\n"
        "  roles: Record<string, Record<string, string>>;\n  previewed: string[];\n"
        "  practice: { rules: Record<string, string>; levels: number[] };\n}",
    ]
    return "\n".join(lines) + "\n"


def _interface(cls: type) -> list[str]:
    lines = [f"/** {(cls.__doc__ or '').strip().splitlines()[0]} */", f"export interface {cls.__name__} {{"]
    lines += [f"  {name}: {_type(shape)};" for name, shape in described_fields(cls).items()]
    return [*lines, "}", ""]


def _type(shape: Any) -> str:
    """A shape as TypeScript. Arrays are Float64Array in the page, nested when they have two axes."""
    if isinstance(shape, str):
        return {"integer": "number", "array": "Float64Array"}.get(shape, shape)
    ((form, inside),) = shape.items()
    match form:
        case "is":
            return " | ".join(json.dumps(word) for word in inside)
        case "any":
            return " | ".join(dict.fromkeys(map(_type, inside)))
        case "list":
            return f"({_type(inside)})[]"
        case "tuple":
            return f"[{', '.join(map(_type, inside))}]"
        case "map":
            return f"Record<string, {_type(inside)}>"
    return str(inside)


def main() -> None:
    """Write the files into the directory named on the command line."""
    directory = Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in (
        ("schema", schema()),
        ("gallery", gallery()),
        ("front", front()),
        ("help", helping()),
        ("files", files()),
        ("names", names()),
        ("shapes", shapes()),
        ("arrays", arrays()),
        ("syntax", syntax()),
        ("sources", SOURCES),
    ):
        text = json.dumps(content, indent=1, ensure_ascii=False)
        (directory / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    (directory / "types.d.ts").write_text(declarations(), encoding="utf-8")


if __name__ == "__main__":
    main()
