"""Programs as people paste them, made readable: prompts, fences, curly quotes, Python 2, lost indentation.

Every repair keeps the number of lines, so that line 7 of what is read is line 7 of what was pasted.
"""

from __future__ import annotations

import ast
import re

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "\u00a0": " ", "−": "-", "×": "*", "·": "*",
                         "\u200b": "", "\ufeff": "", "…": "..."})  # fmt: skip
_PROMPT = re.compile(r"\s*(?:>>>|\.\.\.|In \[\d*\]:|\s*\.\.\.:) ?")
_FIRST_PROMPT = re.compile(r"\s*(?:>>>|In \[\d*\]:)")
_PRINT = re.compile(r"^(\s*|.*[:;]\s*)print(?:\s+(?![=(\[.,)])(.+?)|\s*)(\s*#.*)?$")
_PRINT_BRACKET = re.compile(r"^(\s*)print\s+(\(.*\)\s*[,%+].*)$")
_INDENT = "    "
_BLOCK = re.compile(r"\s*(?:def|class|for|while|if|elif|else|with)\b.*:\s*(?:#.*)?$")
_ATTEMPTS = 60
_WORDS = re.compile(r"[A-Za-z][A-Za-z']*(?:,? [A-Za-z][A-Za-z']*)+")
_KEYWORDS = re.compile(
    r"(?:import|from|for|while|def|class|if|elif|else|with|return|print|lambda|assert|not|del|try|raise|except|global|"
    r"async|match|case|yield)\b"
)
_RATIO = re.compile(r"[d∂]\w*\s*/\s*[d∂]\w+\s*=")


def repaired(text: str) -> tuple[str, list[str]]:
    """The text with what pasting did to it undone, and a sentence for each thing that was done."""
    remarks: list[str] = []
    text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    plain = text.translate(_QUOTES)
    if plain != text:
        remarks.append("Typographic quotes, spaces and signs were read as Python's.")
    lines = plain.split("\n")
    lines = _fenced(lines, remarks)
    lines = _unprompted(lines, remarks)
    lines = _python_3(lines, remarks)
    lines = _without_prose(lines, remarks)
    return "\n".join(_indented(lines, remarks)), remarks


def _fenced(lines: list[str], remarks: list[str]) -> list[str]:
    """Only what stands between ``` fences, when there are any."""
    if not any(line.strip().startswith("```") for line in lines):
        return lines
    kept, inside = [], False
    for line in lines:
        fence = line.strip().startswith("```")
        inside = inside != fence
        kept.append(line if inside and not fence else "")
    remarks.append("Only the code between the fences was read.")
    return kept


def _unprompted(lines: list[str], remarks: list[str]) -> list[str]:
    """A pasted session without its prompts and without what Python answered."""
    if not any(_FIRST_PROMPT.match(line) for line in lines):
        return lines
    remarks.append("The prompts were taken off, and the lines without one, the answers, were left out.")
    return [line[match.end() :] if (match := _PROMPT.match(line)) else "" for line in lines]


def _python_3(lines: list[str], remarks: list[str]) -> list[str]:
    """Python 2's print statements as calls."""
    done = []
    for line in lines:
        match = _PRINT_BRACKET.match(line) or _PRINT.match(line)
        if match and not (match[2] is None and "print" in line and line.rstrip().endswith(")")):
            comment = match[3] or "" if match.re is _PRINT else ""
            line = f"{match[1]}print({(match[2] or '').rstrip(', ')}){comment}"
            if "Python 2's print was read as a call." not in remarks:
                remarks.append("Python 2's print was read as a call.")
        done.append(line)
    return done


def _without_prose(lines: list[str], remarks: list[str]) -> list[str]:
    """Sentences between the lines of a program left out: a question pasted whole. What else is no Python is told."""
    kept, left = list(lines), []
    for _ in range(_ATTEMPTS):
        at = _stumbles(kept)
        first = next((i for i, line in enumerate(kept) if line.startswith(("import ", "from "))), 0)
        if at is None:
            break
        if at < first and any(_is_prose(line) for line in kept[:first]):
            out = range(first)
        elif _is_prose(kept[at]):
            out = range(at, at + 1)
        else:
            return lines
        left += [i + 1 for i in out if kept[i].strip()]
        for i in out:
            kept[i] = ""
    if left:
        told = ", ".join(map(str, sorted(left)[:12])) + (" and more" if len(left) > 12 else "")
        remarks.append(f"What is no Python was left out: line{'s' if len(left) > 1 else ''} {told}.")
    return kept if left else lines


def _stumbles(lines: list[str]) -> int | None:
    """The line at which the parser gives up, unless only indentation is at fault; None when it does not."""
    try:
        ast.parse("\n".join(lines))
    except IndentationError:
        return None
    except SyntaxError as error:
        return min((error.lineno or 1) - 1, len(lines) - 1)
    except (ValueError, MemoryError, RecursionError):
        return None
    return None


def _is_prose(line: str) -> bool:
    """Whether a line that Python cannot read is a sentence, or a derivative worked out on paper."""
    text = line.strip()
    if _RATIO.match(text):
        return True
    words = _WORDS.match(text)
    if _KEYWORDS.match(text) or not words:
        return False
    return text.endswith(("?", ":", ".")) or len(words[0].split()) > 2


def _indented(lines: list[str], remarks: list[str]) -> list[str]:
    """Indentation that was lost or gained in pasting, put right where the parser stumbles over it."""
    lines = list(lines)
    for _ in range(_ATTEMPTS):
        try:
            ast.parse("\n".join(lines))
        except IndentationError as error:
            at = (error.lineno or 1) - 1
            if at >= len(lines):
                return lines
            if "expected an indented block" in error.msg:
                header = next((i for i in range(at - 1, -1, -1) if _BLOCK.match(lines[i])), None)
                if header is None:
                    return lines
                last = _indent_block(lines, header)
                remarks.append(
                    f"The indentation after line {header + 1} was missing: I took lines {header + 2} to {last + 1}."
                )
            else:
                _level(lines, at)
                if "Stray indentation was taken away." not in remarks:
                    remarks.append("Stray indentation was taken away.")
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            return lines  # told by the reader, at its place
        else:
            return lines
    return lines


def _indent_block(lines: list[str], header: int) -> int:
    """Indent what follows a header: up to a blank line, another def, or (in a def) its return; the last line's
    place.
    """
    defines = lines[header].lstrip().startswith(("def ", "class "))
    width = len(lines[header]) - len(lines[header].lstrip())
    last = header
    for i in range(header + 1, len(lines)):
        line = lines[i]
        if not line.strip():
            if last > header and not defines:
                break
            continue
        inner = line.lstrip()
        if last > header and inner.startswith(("def ", "class ", "elif ", "else:", "import ", "from ")):
            break
        if len(line) - len(inner) < width:
            break
        lines[i] = _INDENT + line
        last = i
        if defines and inner.startswith("return"):
            break
    return last


def _level(lines: list[str], at: int) -> None:
    """Bring an over-indented line, and those as deep below it, to the depth of the nearest line above."""
    deep = len(lines[at]) - len(lines[at].lstrip())
    above = next((line for line in reversed(lines[:at]) if line.strip()), "")
    target = len(above) - len(above.lstrip()) if above else 0
    if target >= deep:
        target = max(
            (w for w in {len(line) - len(line.lstrip()) for line in lines[:at] if line.strip()} if w < deep), default=0
        )
    for i in range(at, len(lines)):
        line = lines[i]
        if line.strip() and len(line) - len(line.lstrip()) < deep:
            break
        lines[i] = " " * target + line[deep:] if line.strip() else line
