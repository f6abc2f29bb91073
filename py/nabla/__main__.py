"""The command line: `nabla derive f='(w*x-y)^2' wrt=w at='w=3,x=2,y=2' [--json | --markdown | ...]`.

`nabla ask '...'`, `nabla ask @file`, or `nabla ask` with the question on standard input, reads the text, says on
standard error for which lab, and answers.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import nabla
from nabla import completion, limits
from nabla.answer.export import FORMS
from nabla.errors import UserError
from nabla.lab import LABS, Lab
from nabla.write import encoded

_FORMS = {
    "markdown": "print Markdown with LaTeX",
    "latex": "print a LaTeX file",
    "notebook": "print a Jupyter notebook",
    "python": "print a script that asserts the answer",
}
# The files that examples read what has several lines from, by the kind of the input.
_FILES = {"code": "program.py", "data": "data.csv"}
_STATUS = """
exit status:
    0   the question is answered; what is not certain about the answer stands in it
    1   a mistake of Nabla's own, with its trace
    2   the input could not be understood, or the answer took too much time or memory; the reason is on standard error
    130 interrupted from the keyboard"""


def parser(lab: Lab | None = None) -> argparse.ArgumentParser:
    """The parser of the command line; that of one lab describes its inputs alone."""
    started = "nabla" if Path(sys.argv[0]).stem == "nabla" else "python -m nabla"
    described = [_described(lab)] if lab else ["labs and their inputs:", *map(_described, LABS.values())]
    described += [_examples(started, [lab] if lab else list(LABS.values())), _STATUS]
    made = argparse.ArgumentParser(
        prog=f"{started} {lab.name}" if lab else started,
        description=lab.title if lab else "Derivations with their steps, numbers and checks.",
        epilog="\n".join(described),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if lab is None:
        made.add_argument("lab", help="the lab that answers, or `ask`, which finds it from the text")
        made.add_argument("--version", action="version", version=f"nabla {nabla.__version__}")
        made.add_argument(
            "--completion",
            choices=completion.SHELLS,
            action=_Complete,
            help="print what the shell needs to complete words",
        )
    made.add_argument(
        "inputs",
        nargs="*",
        metavar="name=value",
        help="inputs of the lab; name=@file reads a file, name=- standard input; for ask, the text",
    )
    forms = made.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="print the document as JSON")
    for name, what in _FORMS.items():
        forms.add_argument(f"--{name}", dest="form", action="store_const", const=name, help=what)
    made.add_argument(
        "--seconds",
        type=_seconds,
        default=limits.SECONDS,
        metavar="S",
        help="how long the answer may take (default: %(default)g)",
    )
    return made


class _Complete(argparse.Action):
    """Print the script of completion for a shell, and end."""

    def __call__(self, parser: argparse.ArgumentParser, _: object, values: object, option: str | None = None) -> None:
        print(completion.script(str(values), parser), end="")
        parser.exit()


def _examples(started: str, labs: Sequence[Lab]) -> str:
    """A command for each lab, with its own example; programs and data come from files."""
    lines = []
    for lab in labs:
        kinds = {field.name: field.kind for field in lab.fields}
        given = (
            f"{name}=@{_FILES.get(kinds[name], 'file.txt')}" if "\n" in value else f"{name}={value}"
            for name, value in lab.example.items()
        )
        lines.append(f"  {started} {lab.name} {shlex.join(given)}")
    return "\n".join(["\nexamples:", *lines])


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value <= 1e6:
        raise ValueError(text)
    return value


def _described(lab: Lab) -> str:
    """The lab's summary, and a line for each of its inputs: its name, label, and the choices that it has."""
    inputs = (
        f"    {field.name:12} {field.label}{': ' + ', '.join(field.choices) if field.choices else ''}"
        for field in lab.fields
    )
    return "\n".join([f"\n  {lab.name}: {lab.summary}", *inputs])


def main(arguments: list[str] | None = None) -> int:
    """Answer one question and return the exit status, as `_STATUS` tells them."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=encoded.NAME)
    words = sys.argv[1:] if arguments is None else arguments
    if words and words[0] in LABS:
        options = parser(LABS[words[0]]).parse_args(words[1:], argparse.Namespace(lab=words[0]))
    else:
        options = parser().parse_args(words)
    try:
        if options.lab == "ask":
            lab, inputs = "ask", _asked(options.inputs or ([] if sys.stdin.isatty() else ["-"]))
        else:
            lab, inputs = options.lab, dict(_input(text) for text in options.inputs)
        form = "json" if options.json else {"latex": "tex", None: "text"}.get(options.form, options.form)
        text = limits.call_within(options.seconds, limits.MEMORY, _answered, lab, inputs, form)
    except UserError as error:
        print(_described_error(error, options.inputs), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    try:
        print(text, end="", flush=True)
    except BrokenPipeError:
        # Who reads has had enough, as `head` has; Python would complain of it when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _answered(lab: str, inputs: dict[str, str], form: str) -> str:
    """The answer in one of the forms."""
    document = nabla.ask(inputs["q"]) if lab == "ask" else nabla.run(lab, inputs)
    if form == "json":
        return json.dumps(document.to_dict(), ensure_ascii=False, indent=1) + "\n"
    return FORMS[form](document, "")


def _input(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UserError("syntax", f"{text} is not of the form name=value.", hint="For example f='x^2'.")
    return name, _text(value, name)


def _text(value: str, name: str | None) -> str:
    """The value; the content of the file when it is `@file`, standard input when it is `-`."""
    if value != "-" and not value.startswith("@"):
        return value
    from nabla.read.data.binary import ENDS, carried  # only where a file is read

    place = "standard input" if value == "-" else f"the file {value[1:]}"
    try:
        data = sys.stdin.buffer.read() if value == "-" else Path(value[1:]).read_bytes()
        return carried(data) if Path(value[1:]).suffix.lower() in ENDS else data.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("value", f"{place[0].upper()}{place[1:]} cannot be read: {error}.", field=name) from None


def _asked(words: list[str]) -> dict[str, str]:
    """The pasted text as the input of `ask`, files under their names; how it is read goes to standard error."""
    from nabla.question.understand import understand  # only where a text is asked

    files = [word for word in words if word.startswith("@")]
    text = " ".join(word for word in words if word not in files) if len(words) > 1 else _text("".join(words), None)
    if len(words) > 1:
        text += "".join(f"\n==> {Path(file[1:]).name} <==\n{_text(file, None)}" for file in files)
    question = understand(text)
    print(f"The {LABS[question.routed.lab].title} lab:", file=sys.stderr)
    for name, value in question.routed.inputs.items():
        print(f"  {name}: {value if len(value) < 70 else value[:66] + ' ...'!r}", file=sys.stderr)
    return {"q": text}


def _described_error(error: UserError, given: list[str]) -> str:
    """The error as lines of text, with carets under the part of the input that it is about."""
    lines = [f"{error.field}: {error.message}" if error.field else error.message]
    text = next((value for name, _, value in (item.partition("=") for item in given) if name == error.field), "")
    if error.span and text and "\n" not in text and not text.startswith("@"):
        width = max(1, min(error.span.end, len(text)) - error.span.start)
        lines += [f"  {text}", "  " + " " * error.span.start + "^" * width]
    return "\n".join([*lines, error.hint] if error.hint else lines)


if __name__ == "__main__":
    sys.exit(main())
