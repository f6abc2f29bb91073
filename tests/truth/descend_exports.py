"""Run the programs that descend exports in the engines they are for, and store what was run and what it printed.

    python tests/truth/descend_exports.py PYTHON ...

Each PYTHON is an interpreter that has some of torch, jax and scipy. The tests compare the programs of today with the
stored ones and need none of these engines.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1] / "py"), str(HERE.parents[1])]

import nabla  # noqa: E402
from nabla.answer.document import Code  # noqa: E402

# Name: function, start, the minimum that every program must come to, steps.
CASES = {
    "valley": ("(1-x)^2 + 2(y-x^2)^2", "x=3, y=2", (1.0, 1.0)),
    "himmelblau": ("himmelblau", "", (3.0, 2.0)),
    "wave": ("sin(a+b) + (a-b)^2 - 1.5a + 2.5b + 1", "a=0, b=0", (-0.5471975512, -1.5471975512)),
    "smooth-corner": ("sqrt(1 + x^2) + exp(-y) + y^2/2", "x=2, y=1", (0.0, 0.5671432904)),
    "names": ("(params-2)^2 + (der+1)^2 + |1 + der^2| log(2 + params^2)", "1, 1", None),
}
MODULES = {"SciPy": "scipy", "PyTorch": "torch", "JAX": "jax"}
EXACT = {
    "SciPy": "import numpy; numpy.set_printoptions(precision=12)\n",
    "PyTorch": "import numpy; numpy.set_printoptions(precision=12)\n",
    "JAX": "import numpy; numpy.set_printoptions(precision=12)\n",
}


def programs(name: str) -> dict[str, str]:
    """The programs of one case by their labels."""
    f, start, _ = CASES[name]
    methods = "bfgs" if name != "valley" else "bfgs, heavy-ball, nesterov, adagrad, rmsprop, adam, adamw"
    document = nabla.run("descend", {"f": f, "start": start, "methods": methods})
    blocks = [block for block in document.blocks if isinstance(block, Code) and len(block.sources) > 1]
    return {source.label: source.text for source in blocks[-1].sources}


def numbers(printed: str) -> list[float]:
    """All numbers of what was printed, in order."""
    return [float(n) for n in re.findall(r"-?\d+\.?\d*(?:e[-+]?\d+)?", printed)]


def ran(python: str, label: str, text: str) -> str | None:
    """What the program prints there; None where its library is not."""
    has = subprocess.run([python, "-c", f"import {MODULES[label.partition(',')[0]]}"], capture_output=True, check=False)
    if has.returncode:
        return None
    done = subprocess.run(
        [python, "-c", EXACT[label.partition(",")[0]] + text], capture_output=True, text=True, check=True
    )
    return done.stdout


def main(pythons: list[str]) -> None:
    """Run everything and write the file."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for name in CASES:
        for label, text in programs(name).items():
            for python in pythons:
                printed = ran(python, label, text)
                if printed is not None:
                    found.setdefault(name, {})[label] = {"text": text, "printed": printed}
                    print(name, label, printed.strip().replace("\n", " | "))
                    break
    text = json.dumps(found, ensure_ascii=False, indent=1)
    (HERE / "descend_exports.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
