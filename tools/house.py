"""The rooms of the code and who calls whom, as graphs for the manual: counted in the sources when the site is built."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from nabla.answer.document import Edge, Graph, Node
from tools.environment import ROOT

_PACKAGE = ROOT / "py" / "nabla"
_APP = ROOT / "app"
# What every room may use is left out of the picture, and so are the doors, and what a build writes.
_EVERYWHERE = {"errors", "work", "limits", "blas", "lab"}
_DOORS = {"nabla", "main"}
_SHARED = {"page", "generated"}
_IMPORT = re.compile(r"""(?:from|import\()\s*'(\.{1,2}/[^']+)'""")


def package() -> Graph:
    """The rooms of the Python package."""
    lines: dict[str, int] = {}
    calls: set[tuple[str, str]] = set()
    for path in sorted(_PACKAGE.glob("**/*.py")):
        text = path.read_text(encoding="utf-8")
        room = _room_of_module(path)
        lines[room] = lines.get(room, 0) + len(text.splitlines())
        calls |= {(room, other) for other in _imported(text)}
    return _graph("The Python package", lines, calls, _EVERYWHERE | _DOORS)


def page() -> Graph:
    """The rooms of the page's program."""
    lines: dict[str, int] = {}
    calls: set[tuple[str, str]] = set()
    for path in sorted(_APP.glob("**/*.ts")):
        room = _room_of_script(path)
        text = path.read_text(encoding="utf-8")
        lines[room] = lines.get(room, 0) + len(text.splitlines())
        calls |= {(room, _room_of_script((path.parent / name).resolve())) for name in _IMPORT.findall(text)}
    return _graph("The page", lines, calls, _SHARED | _DOORS)


def _room_of_module(path: Path) -> str:
    parts = path.relative_to(_PACKAGE).with_suffix("").parts
    if len(parts) > 1:
        # The document with the methods that write it stands above the writers.
        return "nabla" if parts == ("answer", "export") else parts[0]
    return parts[0] if parts[0] in _EVERYWHERE else "nabla"


def _imported(text: str) -> set[str]:
    """The rooms that a module imports from."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        modules = (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [f"{node.module}.{alias.name}" for alias in node.names]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        found |= {module.split(".")[1] for module in modules if module.startswith("nabla.") and "export" not in module}
    return found


def _room_of_script(path: Path) -> str:
    parts = path.relative_to(_APP).parts
    return parts[0] if len(parts) > 1 else "main"


def _graph(title: str, lines: Mapping[str, int], calls: Iterable[tuple[str, str]], hidden: set[str]) -> Graph:
    rooms = [room for room in lines if room not in hidden]
    below = {room: {b for a, b in calls if a == room and b in rooms and b != room} for room in rooms}
    nodes = [Node(room, rf"\text{{{room}}}", f"{lines[room]:,} lines") for room in rooms]
    edges = [Edge(room, other) for room in rooms for other in sorted(_direct(room, below))]
    most = max(rooms, key=lambda room: lines[room])
    summary = (
        f"{len(rooms)} rooms with {sum(lines[room] for room in rooms):,} lines; an arrow leads from a room to one "
        f"that it calls, where no longer way leads there. The largest is {most}."
    )
    return Graph(nodes, edges, summary, title, order=rooms)


def _direct(room: str, below: Mapping[str, set[str]]) -> set[str]:
    """The rooms that a room calls and that no other room it calls leads to; of rooms that call each other, both."""
    own = below[room]
    return {other for other in own if not any(other in _reached(between, below, room) for between in own - {other})}


def _reached(start: str, below: Mapping[str, set[str]], without: str) -> set[str]:
    found: set[str] = set()
    ahead = [start]
    while ahead:
        for other in below[ahead.pop()] - found - {without}:
            found.add(other)
            ahead.append(other)
    return found
