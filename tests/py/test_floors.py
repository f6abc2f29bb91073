"""The floors of the package: which room may import which, no circles, and how long a module may be."""

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import nabla

ROOT = Path(nabla.__file__).parent
MATHEMATICS = ("calculus", "tensor", "sinusoid", "optimise", "network", "helmholtz", "vector")
# What each room may import beside itself. A room that is not named, as labs and page, may import all but labs.
BELOW = {
    "errors": set(),
    "work": set(),
    **{room: {"work"} for room in MATHEMATICS},
    "vector": {"work", "calculus"},
    "helmholtz": {"work", "calculus", "vector"},
    "optimise": {"work", "calculus"},
    "read": {"errors", "work"},
    "question": {"errors", "work", "read", "lab", "page"},
    "limits": {"errors"},
    "program": {"errors", "work", "read", "tensor", "limits"},
    "write": {"errors", "work", "read", "calculus", "answer", "lab"},
    "answer": {"write"},
}
# `answer` stands below the writers; only this one of its files calls them.
EXPORT = "nabla.answer.export"
REGISTRY = {"nabla"}  # which imports nabla.labs, where the labs are named
LINES = 400


def _modules() -> dict[str, Path]:
    names = {}
    for path in ROOT.glob("**/*.py"):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return names


MODULES = _modules()


def _imports(path: Path) -> set[str]:
    """The modules of nabla that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert not node.level, f"{path} has a relative import"
            inside = (f"{node.module}.{alias.name}" for alias in node.names)
            found |= {name if name in MODULES else node.module for name in inside}
    return found & MODULES.keys()


IMPORTS = {name: _imports(path) for name, path in MODULES.items()}


def _room(module: str) -> str:
    return [*module.split("."), ""][1]


def _breaks_the_rules(module: str, imported: str) -> bool:
    own, other = _room(module), _room(imported)
    if other == "labs":
        lab_of_both = own == "labs" and module.split(".")[2:3] == imported.split(".")[2:3]
        return module not in REGISTRY and not lab_of_both
    if own == "answer" and other == "write":
        return module != EXPORT
    return own in BELOW and other != own and other not in BELOW[own]


def test_each_room_imports_only_those_below_it() -> None:
    assert set(BELOW) <= {_room(module) for module in MODULES}
    against = {(a, b) for a, imported in IMPORTS.items() for b in imported if _breaks_the_rules(a, b)}
    assert against == set()


def test_nothing_below_the_labs_imports_the_export_of_documents() -> None:
    users = {module for module, imported in IMPORTS.items() if EXPORT in imported}
    assert {_room(module) for module in users} <= {"", "page", "__main__"}


def _at_once(path: Path) -> set[str]:
    """The modules that a module imports when it is imported itself."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found & MODULES.keys()


def test_what_the_snapshot_holds_imports_nothing_that_comes_later() -> None:
    program = ast.parse((ROOT.parents[1] / "app" / "engine" / "snapshot.py").read_text(encoding="utf-8"))
    (places,) = (
        ast.literal_eval(node.value)
        for node in program.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "LATER"
    )
    later = tuple(f"nabla.{place.removesuffix('.pyc').replace('/', '.')}" for place in places)

    def comes_later(module: str) -> bool:
        return any(module == place or module.startswith(place + ".") for place in later)

    assert all(any(module == place or module.startswith(place + ".") for module in MODULES) for place in later)
    against = {
        (module, imported)
        for module, path in MODULES.items()
        if not comes_later(module) and module != "nabla.__main__"
        for imported in _at_once(path)
        if comes_later(imported)
    }
    assert against == set()


def test_no_files_import_each_other_in_a_circle() -> None:
    try:
        TopologicalSorter(IMPORTS).prepare()
    except CycleError as error:
        raise AssertionError(" imports ".join(reversed(error.args[1]))) from None


def test_no_module_is_too_long() -> None:
    for path in ROOT.glob("**/*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES, path.relative_to(ROOT)


def test_no_class_name_occurs_twice() -> None:
    places: dict[str, list[str]] = {}
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(module)
    assert {name: modules for name, modules in places.items() if len(modules) > 1} == {}


def _sympy_names(path: Path) -> set[str]:
    """The names behind `sp.` in a module, as `utilities.iterables.permutations`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if parts and isinstance(node, ast.Name) and node.id == "sp":
            found.add(".".join(reversed(parts)))
    return found


def test_what_is_used_of_sympy_is_there_after_its_import() -> None:
    # Its parts that `import sympy` leaves out are there in a test only because something else has brought them.
    names = sorted({name.partition(".")[0] for path in MODULES.values() for name in _sympy_names(path)})
    program = "import sys, sympy; print([name for name in sys.argv[1:] if not hasattr(sympy, name)])"
    done = subprocess.run([sys.executable, "-c", program, *names], capture_output=True, text=True, check=True)
    assert len(names) > 100
    assert done.stdout.strip() == "[]"
