"""Nothing in the package executes text: no eval, no exec, no SymPy function that would parse a string."""

import ast
from pathlib import Path

import pytest

import nabla.errors

ROOT = Path(nabla.errors.__file__).parent
EXECUTES = {"eval", "exec", "compile", "__import__", "sympify", "parse_expr", "parse_latex", "parse_mathematica", "S"}
# SymPy parses the strings that it is handed, except as the name of a new object.
NAMING = {"Symbol", "Dummy", "Wild", "Function", "UndefinedFunction"}


def sympy_names(tree: ast.AST) -> tuple[set[str], set[str]]:
    """The names that a module gives to SymPy itself, and to what it imports from it."""
    modules, members = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {(a.asname or a.name).split(".")[0] for a in node.names if a.name.split(".")[0] == "sympy"}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sympy":
            members |= {alias.asname or alias.name for alias in node.names}
    return modules, members


def is_text(node: ast.expr) -> bool:
    """Whether an argument is text, or a list, tuple or dict with text inside."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return any(is_text(item) for item in node.elts)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def offences(tree: ast.Module) -> list[str]:
    """What in a module executes text, or could."""
    modules, members = sympy_names(tree)
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
        owner = called.value.id if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) else ""
        if name in EXECUTES and owner != "re":
            found.append(f"line {node.lineno}: {name}")
        if name == "lambdify" and not any(
            keyword.arg == "dummify" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True
            for keyword in node.keywords
        ):
            found.append(f"line {node.lineno}: lambdify without dummify=True")
        of_sympy = owner in modules or (isinstance(called, ast.Name) and name in members)
        if of_sympy and name not in NAMING and any(is_text(argument) for argument in node.args):
            found.append(f"line {node.lineno}: text for sympy.{name}")
    return found


# The one place that runs programs: CPython compiles a syntax tree that was checked and rewritten for the guard.
RUNS = {"program/run.py": ["compile", "exec"]}


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    """All modules of the package, by their places in it."""
    paths = sorted(ROOT.glob("**/*.py"))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def test_no_module_executes_text(trees: dict[str, ast.Module]) -> None:
    found = {place: offences(tree) for place, tree in trees.items()}
    told = {place: sorted({one.partition(": ")[2] for one in ones}) for place, ones in found.items() if ones}
    assert len(trees) > 600 and told == RUNS, {place: found[place] for place in told}


@pytest.mark.parametrize(
    "source",
    [
        "eval(text)",
        "builtins.exec(text)",
        "compile(text, '', 'eval')",
        "import sympy\nsympy.sympify(text)",
        "from sympy import S\nS('x')",
        "from sympy.parsing.sympy_parser import parse_expr\nparse_expr(text)",
        "import sympy as sp\nsp.diff('x**2')",
        "import sympy as sp\nsp.Matrix(['x'])",
        "from sympy import lambdify\nlambdify([x], y)",
        "__import__('os')",
    ],
)
def test_offences_are_found(source: str) -> None:
    assert offences(ast.parse(source))


def test_harmless_calls_are_not_offences() -> None:
    source = (
        "import re\nimport sympy as sp\nre.compile('x')\nsp.Symbol('x', real=True)\nsp.lambdify(a, b, dummify=True)"
    )
    assert offences(ast.parse(source)) == []


def test_no_answer_is_made_of_docstrings(trees: dict[str, ast.Module]) -> None:
    """The page's package is compiled without them; schema.py runs in the build."""
    reads = [
        place for place, tree in trees.items()
        if any(isinstance(node, ast.Attribute) and node.attr == "__doc__" for node in ast.walk(tree))
    ]  # fmt: skip
    # A program may read the docstrings of its own functions.
    assert {Path(place).name for place in reads} <= {"schema.py", "access.py"}, reads
