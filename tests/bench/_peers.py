"""Benchmarks beside other packages, which are installed in a virtual environment of the benchmark's own."""

from __future__ import annotations

import os
import subprocess
import venv
from collections.abc import Sequence

from tools.environment import CACHE, ROOT


def run_beside(packages: Sequence[str], bench: str, arguments: Sequence[str]) -> int:
    """Run tests/bench/BENCH.py again in an environment that has `packages`; return its exit status.

    The environment is made on the first run and kept in `.cache/bench_BENCH`.
    """
    folder = CACHE / f"bench_{bench}"
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    complete = folder / "ready"
    if not complete.exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True)
        complete.touch()
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "py"), str(ROOT)])}
    command = [str(python), "-m", f"tests.bench.{bench}", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
