"""What CPython prints for the programs of learners in learners.txt, written to learners.json.

Run with numpy 2.4.3, pandas 3.0.2, scikit-learn 1.8.0, scipy, sympy 1.14.0, beautifulsoup4 and pillow installed:

    python tests/truth/learners.py
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


def programs() -> dict[str, str]:
    """The programs by their names."""
    parts = re.split(r"^# %% (.+)\n", (HERE / "learners.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def run(program: str) -> dict[str, str]:
    """What a program prints, and the last line of what it raises."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-W", "ignore", "-c", program]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=folder, check=False)
    last = done.stderr.strip().split("\n")[-1] if "Traceback" in done.stderr or "Error" in done.stderr else ""
    return {"printed": done.stdout, "raised": last}


if __name__ == "__main__":
    truth = {name: run(program) for name, program in programs().items()}
    (HERE / "learners.json").write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
