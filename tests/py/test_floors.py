"""The layers of the package: which module may import which, and how long a module may be."""

import ast
from pathlib import Path

import nabla

ROOT = Path(nabla.__file__).parent
MATHS = {"calculus", "tensor", "sinusoid", "optimise", "network", "helmholtz"}
BELOW = {
    **{floor: {floor} for floor in MATHS},
    "calculus": {"calculus", "work"},
    "optimise": {"optimise", "calculus"},
    "read": {"read", "errors", "work"},
    "program": {"program", "read", "errors"},
}
LINES = 420


def imports(path: Path) -> set[str]:
    """The first-level parts of nabla that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("nabla.")}
    return found


def test_each_layer_imports_only_those_below_it() -> None:
    seen = set()
    for floor, allowed in BELOW.items():
        for path in sorted((ROOT / floor).glob("**/*.py")):
            seen.add(floor)
            assert imports(path) <= allowed, f"{path.relative_to(ROOT)} imports from a layer above its own"
    assert seen == set(BELOW)


def test_no_module_is_too_long() -> None:
    for path in ROOT.glob("**/*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES, path.relative_to(ROOT)
