"""The package as it is installed: its name, and that installing it leaves nothing behind that git would see."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from pathlib import Path

from nabla.write.notebook import DISTRIBUTION
from tools.environment import ROOT


def test_the_distribution_is_called_as_the_exports_say() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["name"] == DISTRIBUTION != "nabla"


def test_what_an_installation_writes_beside_the_sources_is_not_seen_by_git(tmp_path: Path) -> None:
    """`pip install .` builds in the checkout: setuptools leaves build/ and a folder of metadata beside the package."""
    shutil.copyfile(ROOT / ".gitignore", tmp_path / ".gitignore")
    left = ["build/lib/nabla/__init__.py", f"py/{DISTRIBUTION.replace('-', '_')}.egg-info/PKG-INFO"]
    for command in (["git", "init", "--quiet"], ["git", "check-ignore", "--", *left]):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines() == left
