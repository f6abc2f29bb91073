#!/usr/bin/env python3
"""Build, serve, check and test Nabla.

Needs Python 3.11 or newer and nothing else; everything it sets up stays inside the checkout.
"""

from __future__ import annotations

import argparse
import sys

if sys.version_info < (3, 11):  # noqa: UP036 (the point is to say so to an older Python)
    sys.exit(f"Nabla needs Python 3.11 or newer; this is {sys.version.split()[0]}.")

from tools import browser, checks, environment, serve, site
from tools.environment import BuildError


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="build.py", description=__doc__, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    commands.add_parser("dist", help="write the site into dist/ (what happens without a command)")
    command = commands.add_parser("serve", help="write the site, serve it on 127.0.0.1, rebuild when a source changes")
    command.add_argument("--port", type=int, help="default: 8000, or the next one that is free")
    command.add_argument("--prefix", default="", help="a sub-path to serve it under, such as /nabla")
    commands.add_parser("check", help="lint, formats and types")
    command = commands.add_parser("test", help="check and all tests; or only the suites and files named")
    command.add_argument(
        "words", nargs="*", metavar="SUITE|TEST", help=f"{'|'.join(checks.SUITES)}, or files of tests as for pytest"
    )
    command.add_argument("-k", dest="selection", default="", metavar="EXPRESSION", help="only these tests, as pytest's")
    command.add_argument(
        "--browsers", default="chromium", help=f"all, or some of {','.join(browser.ENGINES)} (default: chromium)"
    )
    command = commands.add_parser("bench", help="run a benchmark and say which of its bounds are met")
    command.add_argument("name", help=", ".join(checks.benches()))
    command.add_argument("options", nargs=argparse.REMAINDER, help="its own options, where it has any")
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    """Run one command; return the exit status."""
    arguments = _arguments(words)
    try:
        environment.prepare()
        if arguments.command != "test":
            with environment.lock():
                if arguments.command == "check":
                    site.generate()
                elif not site.build() and arguments.command in (None, "dist"):
                    environment.say("dist is up to date.")
        return _run(arguments)
    except BuildError as error:
        print(f"\n{error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
    return 1


def _run(arguments: argparse.Namespace) -> int:
    # No `match` here: an older Python would stumble over it before it could say that it is too old.
    if arguments.command == "serve":
        serve.serve(arguments.port, arguments.prefix)
    elif arguments.command == "bench":
        return checks.bench(arguments.name, arguments.options)
    elif arguments.command == "check":
        result = checks.check()
        environment.say(result.output)
        return 0 if result.ok else 1
    elif arguments.command == "test":
        return 0 if checks.test(arguments.words, arguments.selection, _engines(arguments.browsers)) else 1
    return 0


def _engines(text: str) -> list[str]:
    """The engines that --browsers names.

    Raises:
        BuildError: when it names one that is not known.
    """
    names = list(browser.ENGINES) if text == "all" else text.split(",")
    for name in names:
        if name not in browser.ENGINES:
            raise BuildError(f"There is no browser engine {name}. There is all, {', '.join(browser.ENGINES)}.")
    return names


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
