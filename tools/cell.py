"""The sandbox of the Python cell: its page, which says what it may do, and the program of its worker.

What runs there may come from anybody, in a link. So its page has, by the sandbox attribute of the frame that shows it,
an origin of its own, which reaches nothing of the site's. Its policy allows one script, which the build writes into the
page and names by its hash; workers and modules that it makes itself; WebAssembly; and fetching from any address under
https, since packages come from there. That is safe because there is nothing to carry away: the sandbox knows the
program in it and nothing else of the visitor, has no cookies, and other sites answer it only what they answer anybody.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

POLICY = (
    "default-src 'none'; script-src '{script}' 'wasm-unsafe-eval' blob:; worker-src blob:; connect-src https: blob:; "
    "base-uri 'none'; form-action 'none'"
)
FRAME = "cell.html"


def write_frame(stage: Path, script: Path) -> str:
    """Write the sandbox's page with `script` inside it into the stage, and take the script away; the page's address."""
    program = script.read_text(encoding="utf-8").strip()
    script.unlink()
    if "</script" in program or "<!--" in program:
        raise ValueError("the sandbox's script would end its own element")
    policy = POLICY.format(script=f"sha256-{base64.b64encode(hashlib.sha256(program.encode()).digest()).decode()}")
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        f'content="{policy}"><title>Nabla: sandbox</title><script>{program}</script></html>\n'
    )
    (stage / FRAME).write_text(page, encoding="utf-8", newline="\n")
    return FRAME
