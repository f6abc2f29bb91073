"""The package builds as a wheel that works away from the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(command: list[str | Path], folder: Path, **variables: str) -> str:
    """What a program prints, started in a folder of its own."""
    done = subprocess.run(
        command, cwd=folder, env=os.environ | variables, capture_output=True, encoding="utf-8", timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the wheel, built from a copy of the sources, is installed without what it depends on."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    shutil.copytree(ROOT / "py", source / "py", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, source / name)
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    run([*pip, "wheel", "--no-deps", "--wheel-dir", folder, source], folder)
    (wheel,) = folder.glob("nabla_explained-*-py3-none-any.whl")
    run([*pip, "install", "--no-deps", "--target", folder / "site", wheel], folder)
    return folder / "site"


def test_it_answers_without_the_checkout(installed: Path) -> None:
    program = (
        "import nabla; print(nabla.__file__); print(nabla.derive('(w*x-y)^2', 'w', at='w=3,x=2,y=2').values['value'])"
    )
    place, value = run([sys.executable, "-c", program], installed.parent, PYTHONPATH=str(installed)).split()
    assert Path(place).is_relative_to(installed)
    assert float(value) == 16


def test_it_has_every_module_and_a_command(installed: Path) -> None:
    there = {path.relative_to(installed).as_posix() for path in (installed / "nabla").rglob("*.py")}
    assert there == {path.relative_to(ROOT / "py").as_posix() for path in (ROOT / "py" / "nabla").rglob("*.py")}
    command = next((installed / "bin").glob("nabla*"))
    text = run([command, "derive", "f=x^2"], installed.parent, PYTHONPATH=str(installed))
    assert "2*x" in text
