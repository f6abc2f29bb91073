"""The command line: `python -m nabla derive f='(w*x-y)^2' wrt=w at='w=3,x=2,y=2' [--json | --markdown | ...]`.

`python -m nabla ask '...'`, or `ask @file`, recognises which lab a text is for, says so on standard error, and answers.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import nabla
from nabla.answer.export import FORMS
from nabla.errors import UserError
from nabla.lab import LABS, Lab

_FORMS = {
    "markdown": "print Markdown with LaTeX",
    "latex": "print a LaTeX file",
    "notebook": "print a Jupyter notebook",
    "python": "print a script that asserts the answer",
}


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    made = argparse.ArgumentParser(
        prog="python -m nabla",
        description="Derivations with their steps, numbers and checks.",
        epilog="labs and their inputs:\n" + "\n".join(map(_described, LABS.values())),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("lab", help="the lab that answers, or `ask`, which finds it from the text")
    made.add_argument(
        "inputs", nargs="*", metavar="name=value", help="inputs of the lab; name=@file reads a file; for ask, the text"
    )
    forms = made.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="print the document as JSON")
    for name, told in _FORMS.items():
        forms.add_argument(f"--{name}", dest="form", action="store_const", const=name, help=told)
    return made


def _described(lab: Lab) -> str:
    """The lab's summary, and a line for each of its inputs: its name, label, and the choices that it has."""
    inputs = (
        f"    {field.name:12} {field.label}{': ' + ', '.join(field.choices) if field.choices else ''}"
        for field in lab.fields
    )
    return "\n".join([f"\n  {lab.name}: {lab.summary}", *inputs])


def main(arguments: list[str] | None = None) -> int:
    """Answer one question and return the exit status: 0, or 2 when the input could not be understood."""
    options = parser().parse_args(arguments)
    try:
        lab, inputs = (
            _asked(" ".join(options.inputs))
            if options.lab == "ask"
            else (options.lab, dict(_input(text) for text in options.inputs))
        )
        document = nabla.run(lab, inputs)
    except UserError as error:
        print(_told(error, options.inputs), file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(document.to_dict(), ensure_ascii=False, indent=1))
    else:
        form = {"latex": "tex", None: "text"}.get(options.form, options.form)
        print(FORMS[form](document, ""), end="")
    return 0


def _input(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UserError("syntax", f"{text} is not of the form name=value.", hint="For example f='x^2'.")
    return name, _text(value, name)


def _text(value: str, name: str | None) -> str:
    """The value, or the content of the file when it is `@file`."""
    if not value.startswith("@"):
        return value
    try:
        return Path(value[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("value", f"The file {value[1:]} cannot be read: {error}.", field=name) from None


def _asked(text: str) -> tuple[str, dict[str, str]]:
    """The lab and the inputs recognised in a pasted text, which are also written to standard error."""
    found = nabla.recognise(_text(text, None))
    if found.kind not in ("lab", "link"):
        names = found.others or tuple(LABS)
        raise UserError("unknown-lab", found.said, hint=f"Name the lab: {', '.join(names)}.")
    print(found, file=sys.stderr)
    return found.lab, found.inputs


def _told(error: UserError, given: list[str]) -> str:
    """The error as lines of text, with carets under the part of the input that it is about."""
    lines = [f"{error.field}: {error.message}" if error.field else error.message]
    text = next((value for name, _, value in (item.partition("=") for item in given) if name == error.field), "")
    if error.span and text and "\n" not in text and not text.startswith("@"):
        width = max(1, min(error.span.end, len(text)) - error.span.start)
        lines += [f"  {text}", "  " + " " * error.span.start + "^" * width]
    return "\n".join([*lines, error.hint] if error.hint else lines)


if __name__ == "__main__":
    sys.exit(main())
