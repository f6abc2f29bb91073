"""Pages that need no program: one for every question of the gallery, and the manual.

`python -m tools.pages STAGE [ADDRESS]` has tools/static/pages.ts write them into the site, with their pictures, and
with the public ADDRESS of the site also the sitemap. The page's own renderers draw them.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from tools.environment import CACHE, ROOT, run
from tools.manual import manual
from tools.prepared import answers


def write(stage: Path, address: str) -> None:
    """Write the pages into q/ and docs/, the lists of them, pictures, and the sitemap where the address is known."""
    job = {"stage": str(stage), "address": address, "answers": str(answers()), "manual": manual()}
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        path = Path(folder) / "job.json"
        path.write_text(json.dumps(job), encoding="utf-8")
        run(["node", ROOT / "tools" / "static" / "pages.ts", path], quiet=True)


if __name__ == "__main__":
    write(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
