"""Browsers for the tests: an installed Chromium or Chrome, else Playwright's, else Debian's if we may install it.

Firefox and WebKitGTK are the stock programs, which tests/engines drives; Playwright has patched ones of its own.
"""

from __future__ import annotations

import os
import shutil
import sys
from functools import cache
from pathlib import Path

from tools.environment import PYTHON, BuildError, run, say

ENGINES = ("chromium", "firefox", "webkit")
# What each needs: programs, and the packages of Debian that bring them.
_DEBIAN = {
    "chromium": ((), ("chromium",)),
    "firefox": (("firefox-esr|firefox",), ("firefox-esr",)),
    "webkit": (("WebKitWebDriver", "Xvfb"), ("webkit2gtk-driver", "libwebkit2gtk-4.1-0", "xvfb")),
}
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PLACES = {
    "darwin": [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ],
    "win32": [
        rf"{os.environ.get(name, '')}\Google\Chrome\Application\chrome.exe"
        for name in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData")
    ],
}
# Chromium's own traffic (updates, field trials, QUIC) has no place in a test of pages that never leave the machine.
_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def flags() -> list[str]:
    """The command-line flags for Chromium. Root cannot use its sandbox."""
    return [*_FLAGS, *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])]


@cache
def chromium() -> str | None:
    """The path of an installed Chromium or Chrome, or None where there is none."""
    found = (shutil.which(name) for name in _NAMES)
    places = (place for place in _PLACES.get(sys.platform, []) if Path(place).exists())
    return next(filter(None, found), None) or next(places, None)


def executable(engine: str) -> str | None:
    """What to give Playwright as executable_path: a path, or None for its own build of the engine."""
    return chromium() if engine == "chromium" else None


def ensure(engine: str) -> None:
    """See to it that the engine is there.

    Raises:
        BuildError: when it is not and cannot be installed; says how to get it.
    """
    if _there(engine):
        return
    _, packages = _DEBIAN[engine]
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        say(f"No {engine} found; installing Debian's {', '.join(packages)} ...")
        run(["apt-get", "update", "-q"])
        run(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-q", *packages])
        chromium.cache_clear()
        if _there(engine):
            return
    playwright = f", or let Playwright: {PYTHON} -m playwright install chromium" if engine == "chromium" else ""
    raise BuildError(
        f"The browser tests need {engine}, and it is not installed. Install it (in Debian: {' '.join(packages)})"
        f"{playwright}."
    )


def _there(engine: str) -> bool:
    if engine == "chromium":
        return bool(chromium()) or _playwright_has("chromium")
    programs, _ = _DEBIAN[engine]
    return all(any(map(shutil.which, names.split("|"))) for names in programs)


def _playwright_has(engine: str) -> bool:
    """Whether Playwright has downloaded its own build of the engine."""
    program = (
        "from playwright.sync_api import sync_playwright as start\n"
        f"with start() as playwright: print(playwright.{engine}.executable_path)"
    )
    return Path(run([PYTHON, "-c", program], quiet=True).strip()).exists()
