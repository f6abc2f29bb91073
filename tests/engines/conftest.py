"""Browsers other than Chromium, each started once; `--engine NAME` says which, and none is started without it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.drivers import DRIVERS, Driver
from tools import site as sites
from tools.environment import CACHE, DIST, lock
from tools.serve import Server


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --engine."""
    parser.addoption("--engine", action="append", default=[], choices=list(DRIVERS), help="test in this browser")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test in each engine."""
    if "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", metafunc.config.getoption("--engine"), indirect=True, scope="session")


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> Iterator[Driver]:
    """One window of the browser."""
    with tempfile.TemporaryDirectory(dir=CACHE, prefix=f"{request.param}-", ignore_cleanup_errors=True) as folder:
        driver = DRIVERS[request.param](Path(folder))
        yield driver
        driver.close()


@pytest.fixture(scope="session")
def site() -> Iterator[Server]:
    """The built site from a copy of its own."""
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="engines-") as folder:
        copy = Path(folder) / "dist"
        with lock():
            sites.build()
            shutil.copytree(DIST, copy, copy_function=os.link)
        with Server(copy, prefix="nabla") as server:
            yield server
