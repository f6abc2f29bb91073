#!/usr/bin/env python3
"""Build, serve, check and test Nabla: `python build.py --help`.

Needs Python 3.11 or newer and nothing else; everything it sets up stays inside the checkout.
"""

from __future__ import annotations

import argparse
import sys

if sys.version_info < (3, 11):
    sys.exit(f"Nabla needs Python 3.11 or newer; this is {sys.version.split()[0]}.")

from tools import environment, site
from tools.environment import BuildError


def main(arguments: list[str]) -> int:
    """Run one command; return the exit status."""
    parser = argparse.ArgumentParser(prog="build.py", description=__doc__.splitlines()[0])
    parser.parse_args(arguments)
    try:
        with environment.lock():
            environment.prepare()
            site.build()
    except BuildError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
