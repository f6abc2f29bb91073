"""A pasted text cut into its parts: program, data, traceback and prose, and what they tell: formula, point, claim.

Each line is one of a few kinds (`nabla.question.signs.LINES`). A program is made of lines that can be nothing else and
of those that go on from them; what stands between its lines is left out.
"""

from __future__ import annotations

import re
from functools import cache

from nabla.question import signs as s

Parts = dict[str, str]


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A rule's pattern, as the page compiles it too."""
    return re.compile(pattern, re.ASCII | re.IGNORECASE | re.MULTILINE)


def find(pattern: str, text: str) -> re.Match[str] | None:
    """The first place in the text that a rule's pattern fits."""
    return compiled(pattern).search(text)


def plain(text: str) -> str:
    """The text with plain spaces, quotes and ends of lines, without what surrounds it."""
    text = text.replace("\r\n", "\n").translate({ord(letter): None for letter in s.NOTHING})
    text = text.translate({ord(letter): to for letter, to in s.PLAIN.items()})
    return re.sub(r"\s+$", "", re.sub(r"^(?:[ \t]*\n)+", "", text))


def dollars(text: str) -> str:
    r"""The text with a dollar for each of \( \) \[ \], which set a formula off in the same way."""
    return re.sub(compiled(s.FENCES), lambda found: found[1] or "$", text)


def near(part: str) -> str:
    """The head of a part, in which patterns are looked for; no long runs of white space, which patterns try again and
    again.
    """
    head = part[: 4 * s.WINDOW]
    return re.sub(r"\s{12,}", lambda run: "\n\n\n" if "\n" in run[0] else " " * 8, head, flags=re.ASCII)[: s.WINDOW]


# The parts of a text.


def parts_of(text: str) -> Parts:
    """The parts of a text that clues and fills name, the whole of it as `text`."""
    parts = _cut(text)
    parts["text"] = text
    parts["prose"] = dollars(parts["prose"])
    parts["formula"] = _formula(text, parts["prose"], parts["code"])
    window = near(parts["prose"])
    named = find(s.NAMED_CLAIM, window)
    parts["claim"] = next((found[1] for found in (find(rule, window) for rule in s.CLAIMS) if found), "")
    if named and (not parts["claim"] or parts["claim"] == named[2]):
        parts["claim"] = f"{named[1]} = {named[2]}"
    points: dict[str, str] = {}
    for found in re.finditer(compiled(s.POINT), window):
        points.setdefault(found[1], found[2])
    parts["points"] = ", ".join(f"{name}={value}" for name, value in points.items())
    return parts


def _cut(text: str) -> Parts:
    """Code, data, traceback and prose."""
    lines = text.split("\n")
    if text.startswith("npz:"):
        return {"code": "", "prose": "", "data": text, "trace": ""}
    if len(lines) > s.MOST_LINES:
        return _long(text, lines)
    if _only_data(text):
        return {"code": "", "prose": "", "data": text, "trace": ""}
    kinds = _kinds(lines)
    code, others = _code(lines, kinds)
    data = _data(lines, kinds)
    if code and not any(kinds[i] == "list" for i in data) and all(i in others for i in data):
        data = []  # the rows of an array in a program
    numbers = sum(len(re.findall(compiled(s.NUMBER_RUN), lines[i])) for i in data)
    if numbers < s.NUMBERS:
        data = []
    taken = {*others, *data, *(i for i, kind in enumerate(kinds) if kind in ("trace", "place", "fence"))}
    prose = "\n".join(line for i, line in enumerate(lines) if i not in taken)
    trace = "\n".join(line for line, kind in zip(lines, kinds, strict=True) if kind in ("trace", "place"))
    only = not code and not prose.strip()
    found = text if only and data else _joined(lines, data)
    run = None if code or data else find(s.RUN, prose)
    if run:  # in the sentence itself
        found, prose = run[0], prose[: run.start()] + prose[run.end() :]
    return {"code": code, "prose": prose, "data": found, "trace": trace}


def _only_data(text: str) -> bool:
    """Whether the text is nothing but lists of numbers, with their names, or records."""
    if len(re.findall(compiled(s.NUMBER_RUN), text)) < s.NUMBERS:
        return False
    bare = re.sub(compiled(s.LISTED), "", text)
    listed = find(s.BRACKETED, text) and not find(s.UNLISTED, bare)
    return bool(listed or find(s.RECORDS, text[: s.LINE]))


def _long(text: str, lines: list[str]) -> Parts:
    """Of a long text the head tells what all of it is."""
    kinds = _kinds(lines[: s.SAMPLE])
    rows = sum(kind in ("row", "list", "head") for kind in kinds)
    code = sum(kind in ("strong", "weak", "prompt") for kind in kinds)
    empty = {"code": "", "prose": "", "data": "", "trace": ""}
    if 2 * rows >= len(kinds):
        return empty | {"data": text}
    return empty | ({"code": text} if code >= 3 else {"prose": text})


def _kinds(lines: list[str]) -> list[str]:
    """What each line is."""
    kinds = [_kind(line[: s.LINE]) for line in lines]
    for i, kind in enumerate(kinds[1:], 1):
        if kinds[i - 1] == "place" and kind != "place" and lines[i].startswith("  "):
            kinds[i] = "trace"  # the line of the program that a traceback shows
        if kind == "row" and kinds[i - 1] in ("prose", "weak") and find(s.HEAD, lines[i - 1][: s.LINE]):
            kinds[i - 1] = "head"
    return kinds


def _kind(line: str) -> str:
    for kind, pattern in s.LINES:
        if find(pattern, line):
            if kind == "weak":
                bare = re.sub(compiled(s.QUOTED), "", line)
                return "prose" if find(s.POINTS_IN_A_LINE, bare) or find(s.WORDY, bare) else kind
            return kind
    return "prose"


def english(text: str) -> bool:
    """Whether the text holds a word that no formula and no program does."""
    return any(word in s.ENGLISH for word in re.findall(r"[a-z']+", text.lower()))


def _code(lines: list[str], kinds: list[str]) -> tuple[str, set[int]]:
    """The program in the text, and the lines it was found in; others' programs further down are left out."""
    fenced = _fenced(lines, kinds) if "fence" in kinds else None
    blocks = fenced if fenced else _unfenced(lines, kinds)
    kept: list[list[str]] = []
    used: set[int] = set()
    defined: set[str] = set()
    assigned: set[str] = set()
    for block in blocks:
        used |= set(block)
        texts = [lines[i] for i in block]
        if any(kinds[i] == "prompt" for i in block):
            texts = [re.sub(compiled(s.PROMPT), "", lines[i]) for i in block if kinds[i] == "prompt"]
        texts = _dedented(texts)
        found = [m for m in (find(s.DEFINES, text) for text in texts) if m]
        names = {m[1] or m[2] or m[3] for m in found}
        targets = {m[1] for m in (find(s.ASSIGNS, text) for text in texts) if m}
        again = names & defined or (len(texts) <= 2 and targets and targets <= assigned)
        if kept and again:
            continue  # a line quoted from above, or another version of the program
        kept.append(texts)
        defined |= names
        assigned |= targets
    return "\n\n".join("\n".join(block) for block in kept), used


def _fenced(lines: list[str], kinds: list[str]) -> list[list[int]]:
    """The insides of fences that hold a program; what the other fences hold is told in `kinds`."""
    blocks: list[list[int]] = []
    inside: list[int] | None = None
    fences = [i for i, kind in enumerate(kinds) if kind == "fence"]
    for i in range(len(lines)):
        if i in fences:
            if inside is not None:
                _judge(inside, kinds, blocks)
            inside = [] if inside is None else None
        elif inside is not None:
            inside.append(i)
    if inside:
        _judge(inside, kinds, blocks)
    return blocks


def _judge(inside: list[int], kinds: list[str], blocks: list[list[int]]) -> None:
    """Put the lines between two fences where they belong."""
    here = [kinds[i] for i in inside]
    if any(kind in ("place", "trace") for kind in here) and "strong" not in here[:1]:
        for i in inside:
            kinds[i] = "trace"
    elif 2 * sum(kind in ("row", "list", "head") for kind in here) >= len(here):
        return
    elif any(kind in ("strong", "prompt") for kind in here) or sum(kind == "weak" for kind in here) >= 2:
        blocks.append(inside)


def _unfenced(lines: list[str], kinds: list[str]) -> list[list[int]]:
    """The lines of a program that stands between others: from lines that can be nothing else, as far as it goes on."""
    prompts = [i for i, kind in enumerate(kinds) if kind == "prompt"]
    if prompts:
        return [prompts]
    held = _continued(lines, kinds)
    strong = [i for i, kind in enumerate(kinds) if kind == "strong"]
    if not strong:
        weak = [i for i, kind in enumerate(kinds) if kind == "weak"]
        strong = weak if len(weak) >= 3 else []
    program = [
        kind in ("strong", "weak", "blank")
        or (kind == "list" and bool(find(s.NAMED_LIST, line)))
        or i in held
        or (kind == "prose" and (line[:1] in (" ", "\t") or _calls(line)))
        for i, (line, kind) in enumerate(zip(lines, kinds, strict=True))
    ]
    taken = set(strong)
    for i in strong:
        for way in (range(i - 1, -1, -1), range(i + 1, len(lines))):
            for j in way:
                if j in taken or not program[j]:
                    break
                taken.add(j)
    blocks: list[list[int]] = []
    for i in sorted(taken):
        if blocks and blocks[-1][-1] == i - 1:
            blocks[-1].append(i)
        else:
            blocks.append([i])
    return blocks


def _calls(line: str) -> bool:
    """Whether a line that could be prose is a call, which a program beside it goes on with."""
    return bool(find(s.CALLS, line[: s.LINE])) and not find(s.WORDY, re.sub(compiled(s.QUOTED), "", line[: s.LINE]))


def _continued(lines: list[str], kinds: list[str]) -> set[int]:
    """The lines inside brackets that a line of a program opens."""
    held: set[int] = set()
    depth = 0
    for i, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        if kind == "blank" or (depth <= 0 and kind not in ("strong", "weak")):
            depth = 0
            continue
        if depth > 0:
            held.add(i)
        bare = re.sub(compiled(s.QUOTED), "", line)
        depth += len(re.findall(r"[\[({]", bare)) - len(re.findall(r"[\])}]", bare))
    return held


def _dedented(lines: list[str]) -> list[str]:
    """The lines without the indentation that all of them have, and without blank ones at both ends."""
    while lines and not lines[0].strip():
        lines = lines[1:]
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    shared = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
    return [line[shared:] for line in lines]


def _data(lines: list[str], kinds: list[str]) -> list[int]:
    """The lines that hold data: rows with their head, and lists, each name once."""
    names: set[str] = set()
    found = []
    for i, kind in enumerate(kinds):
        if kind == "list":
            name = find(s.NAMED_LIST, lines[i][: s.LINE])
            key = name[1] if name else str(i)
            if key in names:
                continue
            names.add(key)
        if kind in ("row", "list", "head"):
            found.append(i)
    return found


def _joined(lines: list[str], which: list[int]) -> str:
    return "\n".join(lines[i] for i in which)


# Formulas.


def _formula(text: str, prose: str, code: str) -> str:
    """The formula that the text is, or that stands in its prose; "" when there is none."""
    if not code and len(text) < s.WINDOW:
        whole = [line for line in map(trimmed, dollars(text).split("\n")) if line]
        if 0 < len(whole) < 7 and all(map(is_formula, whole)):
            return "; ".join(whole)
    window = near(prose) if not code else near(prose)[: s.WINDOW // 4]
    for rule in s.FORMULAS:
        at = 0
        for _ in range(s.TRIES):
            found = compiled(rule).search(window, at)
            if not found:
                break
            candidate = trimmed(found[1])
            if is_formula(candidate):
                return candidate
            at = found.start() + 1
    return ""


def trimmed(text: str) -> str:
    """A formula without the dollars, quotes and the point of the sentence around it."""
    text = text.lstrip(' \t\n$`":').rstrip(' \t\n$`",:;?!')
    return text.removesuffix(".").removesuffix("\\")


def is_formula(text: str) -> bool:
    """Whether a text reads like a formula: operators, balanced brackets, and no two words in a row."""
    if not re.search(r"[A-Za-zα-ωΑ-Ω]", text) or not find(s.OPERATES, text) or find(s.ONLY_POINTS, text):
        return False
    if find(s.NO_FORMULA, text):
        return False
    for open_, close in ("()", "[]", "{}"):
        if text.count(open_) != text.count(close):
            return False
    before = -1
    for found in re.finditer(compiled(r"\\?[a-z][a-z_']*"), text):
        word = found[0]
        if word.lower() in s.ENGLISH:
            return False
        if word.startswith("\\") or len(word) < 2 or word in s.known() or word.lower() in s.known():
            before = -1
            continue
        if before >= 0 and re.fullmatch(r"[ ,.]+", text[before : found.start()]):
            return False
        before = found.end()
    return True
