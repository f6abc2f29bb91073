"""What blocks are made of, as data: by it the page judges documents that come from where anybody's code runs."""

from __future__ import annotations

import types
from dataclasses import fields
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from nabla.answer.document import BLOCKS, PARTS
from nabla.answer.marks import MARKS, Axis, Frame, Handle, Placing, Timeline

_PARTS: tuple[type, ...] = (*PARTS, Axis, Handle, Placing, Timeline, Frame, *MARKS, *BLOCKS)


def shapes() -> dict[str, Any]:
    """For each block, mark and part, by name, the shape of each of its fields.

    A shape is "string", "number", "integer", "boolean", "null" or "array"; `{"is": [...]}` for one of these texts;
    `{"list": shape}`, `{"tuple": [...]}`, `{"map": shape}`, `{"any": [...]}` for one of several; or `{"part": name}`.
    A field that may be left out ends in a question mark.
    """
    described = {cls.__name__: _fields(cls) for cls in _PARTS}
    return {"blocks": _by("kind", BLOCKS), "marks": _by("mark", MARKS), "parts": described}


def _by(name: str, classes: tuple[type, ...]) -> dict[str, str]:
    return {getattr(cls, name): cls.__name__ for cls in classes}


def _fields(cls: Any) -> dict[str, Any]:
    hints = get_type_hints(cls)
    described: dict[str, Any] = {
        name: {"is": [cls.__dict__[name]]}
        for name in ("kind", "mark")
        if name in cls.__dict__ and name not in {f.name for f in fields(cls)}
    }
    for f in fields(cls):
        described[f.name + ("?" if "omitted" in f.metadata else "")] = _shape(hints[f.name])
    return described


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
    if hint in _PARTS:
        return {"part": hint.__name__}
    raise TypeError(f"no shape for {hint!r}")
