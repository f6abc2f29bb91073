"""As much of JSON Schema, draft 4, as the published description of notebooks uses.

`tests/truth/nbformat.v4.5.schema.json` is that description, from nbformat 5.10.4 (Jupyter Development Team,
BSD-3-Clause).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

NOTEBOOK = json.loads((Path(__file__).parents[1] / "truth" / "nbformat.v4.5.schema.json").read_text(encoding="utf-8"))
_KINDS: dict[str, type | tuple[type, ...]] = {
    "object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "null": type(None),
    "boolean": bool,
}  # fmt: skip


def faults(data: Any, schema: dict[str, Any] = NOTEBOOK, root: dict[str, Any] = NOTEBOOK, at: str = "") -> list[str]:
    """What in `data` is not as `schema` says, each with its place."""
    if "$ref" in schema:
        target: Any = root
        for name in schema["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        return faults(data, target, root, at)
    found: list[str] = []
    kinds = schema.get("type")
    if kinds:
        allowed = [_KINDS[kind] for kind in (kinds if isinstance(kinds, list) else [kinds])]
        if not any(isinstance(data, kind) for kind in allowed):
            return [f"{at}: not {kinds}"]
    if "enum" in schema and data not in schema["enum"]:
        found.append(f"{at}: not one of {schema['enum']}")
    if "not" in schema and not faults(data, schema["not"], root, at):
        found.append(f"{at}: what it must not be")
    if "oneOf" in schema and sum(not faults(data, each, root, at) for each in schema["oneOf"]) != 1:
        found.append(f"{at}: not exactly one of several")
    if isinstance(data, str):
        if "pattern" in schema and not re.search(schema["pattern"], data):
            found.append(f"{at}: {data!r} is not {schema['pattern']}")
        if not schema.get("minLength", 0) <= len(data) <= schema.get("maxLength", len(data)):
            found.append(f"{at}: the wrong length")
    if isinstance(data, (int, float)) and not schema.get("minimum", data) <= data <= schema.get("maximum", data):
        found.append(f"{at}: out of range")
    if isinstance(data, list) and "items" in schema:
        for place, item in enumerate(data):
            found += faults(item, schema["items"], root, f"{at}/{place}")
    if isinstance(data, dict):
        found += _members(data, schema, root, at)
    return found


def _members(data: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], at: str) -> list[str]:
    found = [f"{at}: no {name}" for name in schema.get("required", []) if name not in data]
    others = schema.get("additionalProperties", True)
    for name, value in data.items():
        named = [schema["properties"][name]] if name in schema.get("properties", {}) else []
        named += [each for shape, each in schema.get("patternProperties", {}).items() if re.search(shape, name)]
        if not named and others is False:
            found.append(f"{at}: {name} does not belong here")
        elif not named and isinstance(others, dict):
            named = [others]
        for each in named:
            found += faults(value, each, root, f"{at}/{name}")
    return found
