"""Runs inside Pyodide while a snapshot is made: compiles the library, then fills the memory that is kept.

The memory holds what questions about formulas need. The other labs, and what only they use, come as an archive of
compiled modules when one of them is first asked.
"""

from __future__ import annotations

import ast
import gc
import importlib.util
import json
import os
import pkgutil
import shutil
import sys
import types
import zipfile
from importlib import _bootstrap_external  # type: ignore[attr-defined]
from pathlib import Path

STDLIB = "/lib/python314.zip"
SITE = "/lib/python3.14/site-packages"
NABLA = "/nabla"
# Parts of the package that are not in the memory. Whatever in it imports one of them fails while it is made.
LATER = (
    "gallery",
    "helmholtz",
    "labs/backprop",
    "labs/decompose",
    "labs/descend",
    "labs/fit",
    "labs/train",
    "network",
    "optimise",
    "page/schema.pyc",
    "program",
    "sinusoid",
    "tensor",
)
_IMPORTS = "imports.json"
# Modules of nothing but long texts for help().
_TEXTS = ("mpmath.function_docs", "numpy._core._add_newdocs", "numpy._core._add_newdocs_scalars")


def compile_all() -> None:
    """Compile what lies below /source into /compiled, as it will lie in the file system: no sources, no tests."""
    _compile("/source/stdlib", "/stdlib", STDLIB)
    _compile("/source/site", f"/compiled{SITE}", SITE)
    _compile("/source/nabla", f"/compiled{NABLA}", NABLA)
    shutil.make_archive(f"/compiled{STDLIB.removesuffix('.zip')}", "zip", "/stdlib")
    _set_apart("/labs.zip")
    Path(f"/compiled{NABLA}", _IMPORTS).write_text(json.dumps(_imports_of("/source/nabla/nabla")))


def _compile(source: str, target: str, place: str) -> None:
    for path in sorted(Path(source).rglob("*.py")):
        inner = path.relative_to(source)
        if "tests" in inner.parts:
            continue
        code = compile(_bare(path), f"{place}/{inner}", "exec", dont_inherit=True, optimize=1)
        out = Path(target, inner).with_suffix(".pyc")
        out.parent.mkdir(parents=True, exist_ok=True)
        # Our own lines are kept: a trace that somebody reports should say where.
        placed = _placed(code, lines=place == NABLA)
        out.write_bytes(_bootstrap_external._code_to_timestamp_pyc(placed, 0, 0))


def _set_apart(archive: str) -> None:
    """Move the compiled modules of `LATER` into an archive, which is packed as a whole later."""
    package = Path("/compiled", NABLA.strip("/"))
    with zipfile.ZipFile(archive, "w") as packed:
        for place in LATER:
            part = package / "nabla" / place
            for path in [part] if part.is_file() else sorted(part.rglob("*.pyc")):
                member = zipfile.ZipInfo(path.relative_to(package).as_posix(), (1980, 1, 1, 0, 0, 0))
                packed.writestr(member, path.read_bytes())
                path.unlink()
            if part.is_dir():
                shutil.rmtree(part)


def _imports_of(package: str) -> list[str]:
    """The modules of others that those of `LATER` import: they are in the memory, their files are not at hand."""
    names: set[str] = set()
    for place in LATER:
        part = Path(package, place).with_suffix("")
        for path in [part.with_suffix(".py")] if not part.is_dir() else part.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(node, ast.Import):
                    names.update(alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module:
                    names.add(node.module)
    return sorted(name for name in names if name.partition(".")[0] not in ("nabla", "__future__"))


def _bare(path: Path) -> ast.Module:
    """The program without annotations of functions, which nothing reads, and with empty docstrings.

    Parts of SymPy, when imported, put their docstrings together from those of others.
    """
    tree = ast.parse(path.read_bytes())
    for node in ast.walk(tree):
        holds = isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        if holds and ast.get_docstring(node, clean=False) is not None:
            node.body[0].value = ast.copy_location(ast.Constant(""), node.body[0].value)
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
    return tree


def _placed(code: types.CodeType, lines: bool) -> types.CodeType:
    """The code with a table of places that tells lines without columns, or nothing: saves a fifth of the snapshot.

    The format of the table: InternalDocs/code_objects.md of CPython.
    """
    table = bytearray()
    last = code.co_firstlineno
    for start, end, line in code.co_lines():
        units = (end - start) // 2
        while units > 0:
            part = min(units, 8)
            if line is None or not lines:
                table.append(0xF8 | part - 1)
            else:
                table.append(0xE8 | part - 1)
                table += _signed(line - last)
                last = line
            units -= part
    inner = [_placed(item, lines) if isinstance(item, types.CodeType) else item for item in code.co_consts]
    return code.replace(co_linetable=bytes(table), co_consts=tuple(inner))


def _signed(number: int) -> bytes:
    """An integer in groups of six bits, its sign in the lowest."""
    rest = -number << 1 | 1 if number < 0 else number << 1
    groups = bytearray()
    while rest > 63:
        groups.append(64 | rest & 63)
        rest >>= 6
    groups.append(rest)
    return bytes(groups)


class _NoTexts(types.ModuleType):
    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        return ""


def fill() -> None:
    """Import all that is there and put it through its paces, so that little is left to do in the page."""
    sys.path.insert(0, NABLA)
    importlib.invalidate_caches()
    for name in _TEXTS:
        sys.modules[name] = _NoTexts(name)
    import numpy.fft
    import numpy.linalg
    import numpy.polynomial
    import numpy.random  # noqa: F401

    import nabla

    for name in json.loads(Path(NABLA, _IMPORTS).read_text()):
        if importlib.util.find_spec(name.partition(".")[0]):  # SciPy comes by itself
            importlib.import_module(name)

    for module in pkgutil.walk_packages(nabla.__path__, "nabla."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    _answer_examples()
    ast.unparse(ast.Constant(0))  # which imports its own module when it is first called
    import awake

    awake.check()
    awake.remember_names(STDLIB, SITE)
    _settle()


def _answer_examples() -> None:
    from nabla.answer.export import FORMS
    from nabla.lab import LABS
    from nabla.page import calls as page

    lab = LABS["derive"]
    inputs = json.dumps(dict(lab.example))
    asked = json.dumps({"q": "What is the derivative of x sin(x)?"})
    for name, given in ((lab.name, inputs), ("ask", asked)):
        text, _ = page.answer(name, given, lambda *_: None)
        if "document" not in json.loads(text):
            raise RuntimeError(f"the example of {name} has no answer: {text}")
    for form in FORMS:
        page.export(lab.name, inputs, form)
    for field in lab.fields:
        page.preview(field.kind, lab.example.get(field.name, field.default))


def _settle() -> None:
    """Drop what was computed on the way, and leave the garbage collector nothing to look through."""
    from sympy.core.cache import clear_cache

    del os.environ["PYTHONHASHSEED"]
    clear_cache()
    sys.path_importer_cache.clear()
    sys._clear_internal_caches()  # type: ignore[attr-defined]
    gc.collect()
    gc.freeze()
