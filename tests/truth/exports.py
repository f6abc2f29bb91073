"""Run the programs of `exports_cases` in the engines they are for, and store what was run and what it printed.

    python tests/truth/exports.py PYTHON ...

Each PYTHON is an interpreter that has some of torch, jax and scipy (`pip install torch==2.13.0 scipy sympy`, and
`pip install jax sympy` elsewhere); MATLAB's programs are run by Octave, if `octave-cli` is on the path. Julia's are
not run. Of an engine that is not there, what it printed before is kept for the programs that are still the same; the
others are stored as not run. The tests compare the programs of today with the stored ones and need none of these
engines.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1] / "py"), str(HERE.parents[1])]

from tests.truth.exports_cases import CASES, SHAPES, shape, truth, wanted  # noqa: E402

# What must be there, and whose version counts. Programs in NumPy use SciPy's special functions.
MODULES = {
    "PyTorch": ("torch", "torch"),
    "JAX": ("jax", "jax"),
    "SciPy": ("scipy", "scipy"),
    "NumPy": ("scipy", "numpy"),
}
# PyTorch's own derivative of digamma has nine digits.
TOLERANCES = {("PyTorch", "digamma(x)"): 1e-8}
TOLERANCE = 1e-12
PYTHON = """
import contextlib, importlib, io, json, sys, warnings
warnings.simplefilter("ignore")
jobs = json.load(sys.stdin)
version = [importlib.import_module(name).__version__.split("+")[0] for name in jobs["modules"]][-1]
found = {}
for name, text in jobs["programs"].items():
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            exec(compile(text, name, "exec"), {})
        found[name] = out.getvalue()
    except Exception as error:
        found[name] = f"{type(error).__name__}: {error}"
json.dump({"version": version, "found": found}, sys.stdout)
"""
# Tensors print few digits unless told otherwise.
EXACT = {
    "PyTorch": "import torch; torch.set_printoptions(precision=17)\n",
    "JAX": "import numpy; numpy.set_printoptions(precision=17)\n",
    "SciPy": "import numpy; numpy.set_printoptions(precision=17)\n",
    "NumPy": "import numpy; numpy.set_printoptions(precision=17)\n",
}


def in_python(python: str, label: str, programs: dict[str, str]) -> tuple[str, dict[str, str]] | None:
    """The engine's version and what each program prints; None where that Python lacks the engine."""
    jobs = {"modules": MODULES[label], "programs": {name: EXACT[label] + text for name, text in programs.items()}}
    run = subprocess.run([python, "-c", PYTHON], input=json.dumps(jobs), capture_output=True, text=True, check=False)
    if run.returncode:
        print(label, python, run.stderr.strip().splitlines()[-1], file=sys.stderr)
        return None
    found = json.loads(run.stdout)
    return found["version"], found["found"]


def in_octave(programs: dict[str, str]) -> tuple[str, dict[str, str]] | None:
    """All programs in one run of Octave, each kept from failing the others."""
    octave = shutil.which("octave-cli")
    if not octave:
        return None
    parts = ['printf("%s\\n", version());']
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(programs.values()):
            told = text.replace("disp(", 'printf("%.17g ", ')
            Path(folder, f"p{number}.m").write_text(told, encoding="utf-8")
            parts.append(f'printf("\\n@@"); try, run("p{number}.m"); catch e, printf("%s", e.message); end')
        script = "\n".join(parts) + "\n"
        run = subprocess.run([octave, "--quiet"], input=script, capture_output=True, text=True, check=True, cwd=folder)
    version, *answers = run.stdout.split("\n@@")
    return f"Octave {version.strip()}", dict(zip(programs, answers, strict=True))


def numbers(text: str) -> list[float] | None:
    """The numbers printed, row by row; None when it is something else, as a message."""
    bare = re.sub(r"tensor\(|dtype=torch\.float64|grad_fn=<\w+>|[\[\](),]", " ", text)
    try:
        return [float(part) for part in bare.split()]
    except ValueError:
        return None


def main(pythons: list[str]) -> int:
    """Write the table; the status says whether all agreed."""
    names = [*CASES, *SHAPES]
    stored = json.loads((HERE / "exports.json").read_text(encoding="utf-8"))
    engines: dict[str, str] = {}
    runs: dict[str, dict[str, object]] = {name: {} for name in names}
    bad = 0
    for label in ("PyTorch", "JAX", "SciPy", "NumPy", "MATLAB"):
        texts = {name: source.text for name in names for source in shape(name) if source.label == label}
        programs = {name: text for name, text in texts.items() if " has no " not in text}
        tries = [in_octave(programs)] if label == "MATLAB" else [in_python(p, label, programs) for p in pythons]
        answer = next((found for found in tries if found), None)
        if answer is None:
            engines[label] = stored["engines"][label]
            for name, text in programs.items():
                before = stored["runs"].get(name, {}).get(label, {})
                kept = before["printed"] if before.get("program") == text else None
                runs[name][label] = {"program": text, "printed": kept}
            continue
        engines[label], found = answer
        for name, text in found.items():
            got, expected = numbers(text), truth(name)
            if label == "MATLAB" and got and wanted(name).depth == 2:
                height = len(wanted(name).rows)
                got = [value for row in range(height) for value in got[row::height]]  # it prints columns first
            within = TOLERANCES.get((label, name), TOLERANCE)
            close = got is not None and len(got) == len(expected)
            close = close and all(abs(a - b) <= within * abs(b) for a, b in zip(got or [], expected, strict=True))
            if not close:
                bad += 1
                print(label, "|", name, "|", text.strip()[:200], "|", expected, file=sys.stderr)
            runs[name][label] = {"program": programs[name], "printed": got}
        print(f"{label} {engines[label]}: {len(found)} programs", file=sys.stderr)
    data = {"engines": engines, "runs": runs}
    (HERE / "exports.json").write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{bad} disagree", file=sys.stderr)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [sys.executable]))
