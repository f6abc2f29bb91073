"""Run the programs that backprop exports in PyTorch, NumPy and JAX, and say which do not end well.

    python tests/truth/gradient_exports.py PYTHON ...

Each PYTHON is an interpreter that has some of torch, jax and numpy. The questions are those of `snippets.txt`, of the
gallery and of the tests of exports. Every program asserts every number that the answer shows, so that ending well is
agreement. gradient_exports.json holds the figures of the last run; the tests run the NumPy ones and need no engine.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1] / "py"), str(HERE.parents[1])]

import nabla  # noqa: E402
from nabla.answer.document import Code  # noqa: E402
from nabla.gallery.examples import EXAMPLES  # noqa: E402
from tests.truth.snippets import snippets  # noqa: E402

RUN = """
import contextlib, io, json, sys, warnings
warnings.simplefilter("ignore")
found = {}
for name, text in json.load(sys.stdin).items():
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(text, name, "exec"), {"__name__": "__main__"})
        found[name] = ""
    except BaseException as error:
        found[name] = f"{type(error).__name__}: {error}"[:400]
json.dump(found, sys.stdout)
"""
MODULES = {"PyTorch": "torch", "NumPy, by hand": "numpy", "JAX": "jax"}


def questions() -> dict[str, str]:
    """The programs by name."""
    gallery = {f"gallery/{e.name}": e.inputs["code"] for e in EXAMPLES if e.lab == "backprop"}
    return {**snippets(), **gallery}


def programs(code: str) -> dict[str, str]:
    """What is exported for one program, by label; nothing where it cannot be answered."""
    try:
        document = nabla.backprop(code)
    except nabla.UserError:
        return {}
    blocks = [block for block in document.blocks if isinstance(block, Code) and "yourself" in block.title]
    return {source.label: source.text for block in blocks for source in block.sources}


def assertions(text: str) -> int:
    """How many numbers a program asserts."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.Call, ast.Assert))]
    names = ("agrees(", "np.testing.assert_allclose(")
    return sum(isinstance(node, ast.Assert) or ast.unparse(node).startswith(names) for node in calls)


def main(pythons: list[str]) -> int:
    """Run them all; the status says whether all ended well."""
    made = {name: programs(code) for name, code in questions().items()}
    figures: dict[str, dict[str, int]] = {}
    bad = 0
    for label, module in MODULES.items():
        texts = {name: found[label] for name, found in made.items() if label in found}
        has = [p for p in pythons if not subprocess.run([p, "-c", f"import {module}"], capture_output=True).returncode]
        if not has:
            continue
        run = subprocess.run([has[0], "-c", RUN], input=json.dumps(texts), capture_output=True, text=True, check=True)
        failed = {name: told for name, told in json.loads(run.stdout).items() if told}
        empty = [name for name, text in texts.items() if not assertions(text)]
        figures[label] = {"programs": len(texts), "failed": len(failed), "assert nothing": len(empty)}
        bad += len(failed) + len(empty)
        for name, told in failed.items():
            print(label, "|", name, "|", told, file=sys.stderr)
        print(label, figures[label], empty, file=sys.stderr)
    (HERE / "gradient_exports.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [sys.executable]))
