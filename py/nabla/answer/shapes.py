"""What blocks are made of, as data: by it the page judges documents that come from where anybody's code runs.

Everything follows from the members of `Block`: marks and the other parts are what their fields hold.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from nabla.answer.document import BLOCKS, Head
from nabla.answer.marks import MARKS


def shapes() -> dict[str, Any]:
    """For each block, mark and part, by name, the shape of each of its fields.

    A shape is "string", "number", "integer", "boolean", "null" or "array"; `{"is": [...]}` for one of these texts;
    `{"list": shape}`, `{"tuple": [...]}`, `{"map": shape}`, `{"any": [...]}` for one of several; or `{"part": name}`.
    A field that may be left out ends in a question mark.
    """
    described = {cls.__name__: described_fields(cls) for cls in parts()}
    return {"blocks": _by("kind", BLOCKS), "marks": _by("mark", MARKS), "parts": described}


def arrays() -> dict[str, list[str]]:
    """The fields that hold arrays, by the kind of a block or mark; no field where only a part of it holds some."""
    named = {**_by("kind", BLOCKS), **_by("mark", MARKS)}
    described = shapes()["parts"]
    holding = {name for name, shape in described.items() if "array" in _leaves(shape)}
    while more := {name for name, shape in described.items() if _leaves(shape) & holding} - holding:
        holding |= more
    return {
        kind: [field for field, shape in described[name].items() if shape == "array" or _is_optional_array(shape)]
        for kind, name in named.items()
        if name in holding
    }


def parts() -> list[type]:
    """Every class that a document is made of: the blocks, what their fields hold, and what stands above them."""
    found: dict[type, None] = {}

    def visit(cls: type) -> None:
        if cls not in found and cls is not Head:
            found[cls] = None
        for hint in get_type_hints(cls).values():
            for part in _classes(hint):
                if part not in found:
                    visit(part)

    for cls in (*BLOCKS, Head):
        visit(cls)
    return list(found)


def described_fields(cls: Any) -> dict[str, Any]:
    """The shape of each field of a class, its kind among them."""
    hints = get_type_hints(cls)
    described: dict[str, Any] = {
        name: {"is": [cls.__dict__[name]]}
        for name in ("kind", "mark")
        if name in cls.__dict__ and name not in {f.name for f in fields(cls)}
    }
    for f in fields(cls):
        described[f.name + ("?" if "omitted" in f.metadata else "")] = _shape(hints[f.name])
    return described


def _by(name: str, classes: tuple[type, ...]) -> dict[str, str]:
    return {getattr(cls, name): cls.__name__ for cls in classes}


def _classes(hint: Any) -> Iterator[type]:
    """The dataclasses in an annotation."""
    if isinstance(hint, type) and is_dataclass(hint):
        yield hint
    for arg in get_args(hint):
        yield from _classes(arg)


def _leaves(shape: Any) -> set[str]:
    """The names of simple shapes and of parts in a shape."""
    if isinstance(shape, str):
        return {shape}
    inside = shape.values() if isinstance(shape, dict) else shape
    return set().union(*map(_leaves, inside)) if inside else set()


def _is_optional_array(shape: Any) -> bool:
    return isinstance(shape, dict) and "array" in shape.get("any", ())


def _shape(hint: Any) -> Any:
    simple: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}
    if hint in simple:
        return simple[hint]
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"is": list(args)}
    if origin in (Union, types.UnionType):
        return {"any": [_shape(arg) for arg in args]}
    if origin is list or (origin is tuple and args[-1] is Ellipsis):
        return {"list": _shape(args[0])}
    if origin is tuple:
        return {"tuple": [_shape(arg) for arg in args]}
    if origin is dict:
        return {"map": _shape(args[1])}
    if "numpy" in getattr(origin, "__module__", ""):
        return "array"
    if is_dataclass(hint):
        return {"part": getattr(hint, "__name__", "")}
    raise TypeError(f"no shape for {hint!r}")
