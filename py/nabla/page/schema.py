"""What the page knows of Python: the labs' fields and the gallery as JSON, the document's types as TypeScript.

`python -m nabla.page.schema DIRECTORY` writes there, for the build, `types.d.ts` and as JSON what the functions here
and in the modules front, names, question, shapes and syntax, and the list of sources, give.
"""

from __future__ import annotations

import json
import sys
import types
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from nabla.answer import check as checks
from nabla.answer.document import BLOCKS, PARTS, VERSION, Head, Progress
from nabla.answer.marks import MARKS, Axis, Frame, Handle, Placing, Timeline
from nabla.answer.shapes import shapes
from nabla.errors import CODES
from nabla.gallery.examples import EXAMPLES
from nabla.lab import LABS, Field
from nabla.page.front import front
from nabla.page.link import link
from nabla.page.names import names
from nabla.page.sources import SOURCES
from nabla.page.syntax import syntax
from nabla.question.recognise import rules


def schema() -> dict[str, Any]:
    """The labs with their fields, in the order of their registration."""
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
    return {"version": VERSION, "labs": labs}


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


def declarations() -> str:
    """TypeScript declarations of every block, mark and part, of the fields, and of the error codes."""
    lines = ["// Written by `python -m nabla.page.schema` from py/nabla. Do not edit.", ""]
    for cls in (*PARTS, Axis, Handle, Placing, Timeline, Frame, *MARKS, *BLOCKS, Progress, Head, Field):
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
        "export interface Schema {\n  version: number;\n  labs: Lab[];\n}",
    ]
    return "\n".join(lines) + "\n"


def _interface(cls: type) -> list[str]:
    hints = get_type_hints(cls)
    lines = [f"/** {(cls.__doc__ or '').strip().splitlines()[0]} */", f"export interface {cls.__name__} {{"]
    for name in ("kind", "mark"):
        if name in cls.__dict__ and name not in {f.name for f in fields(cls)}:
            lines.append(f"  {name}: {json.dumps(cls.__dict__[name])};")
    for f in fields(cls):
        lines.append(f"  {f.name}{'?' if 'omitted' in f.metadata else ''}: {_type(hints[f.name])};")
    return [*lines, "}", ""]


def _type(hint: Any) -> str:
    """A Python annotation as TypeScript. Arrays are Float64Array in the page, nested when they have two axes."""
    simple: dict[Any, str] = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null"}
    if hint in simple:
        return simple[hint]
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return " | ".join(json.dumps(arg) for arg in args)
    if origin in (Union, types.UnionType):
        return " | ".join(dict.fromkeys(_type(arg) for arg in args))
    if origin is list:
        return f"({_type(args[0])})[]"
    if origin is tuple:
        return f"({_type(args[0])})[]" if args[-1] is Ellipsis else f"[{', '.join(_type(arg) for arg in args)}]"
    if origin is dict:
        return f"Record<{_type(args[0])}, {_type(args[1])}>"
    if "numpy" in getattr(origin, "__module__", ""):
        return "Float64Array"
    if isinstance(hint, type):
        return hint.__name__
    raise TypeError(f"no TypeScript for {hint!r}")


def main() -> None:
    """Write the files into the directory named on the command line."""
    directory = Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    for name, told in (
        ("schema", schema()),
        ("signs", rules()),
        ("gallery", gallery()),
        ("front", front()),
        ("help", helping()),
        ("names", names()),
        ("shapes", shapes()),
        ("syntax", syntax()),
        ("sources", SOURCES),
    ):
        text = json.dumps(told, indent=1, ensure_ascii=False)
        (directory / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    (directory / "types.d.ts").write_text(declarations(), encoding="utf-8")


if __name__ == "__main__":
    main()
