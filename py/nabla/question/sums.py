r"""Sums and products with numbers as ends, `\sum_{n=1}^{3} x^n`, written out: the reader of formulas knows neither."""

from __future__ import annotations

import re

from nabla.question.atoms import FUNCTIONS

MOST_TERMS = 12
_SIGN = re.compile(
    r"(?P<sign>\\sum|\\prod|∑|∏)\s*(?:\\(?:no)?limits\s*)?_\s*\{?\s*(?P<index>[a-z])\s*=\s*(?P<low>-?\d+)\s*\}?\s*"
    r"\^\s*\{?\s*(?P<high>\d+)\s*\}?\s*"
)
# A sign without its index, before what has one: Σ (x_i - m)^2.
_BARE = re.compile(r"(?:Σ|∑|\\Sigma(?![A-Za-z]))\s?(?![_^=\d\s])(?=[^=]*?[a-z]_\{?(?P<index>[ijk])(?![A-Za-z]))")
_PLAIN = re.compile(r"(?<![A-Za-z\\])sum_\{?(?P<index>[a-z])\}?(?![A-Za-z0-9_(])\s?(?=\S)")  # sum_i exp(x_i)
_UNINDEXED = re.compile(r"[-−]?\s?(sum)\s(?=[A-Za-z](?![A-Za-z])|log\b|\()")
_OF_SUM = re.compile(r"\b(?:the|whose|a|their|its)\s*\Z", re.IGNORECASE)
_ENTRY = re.compile(r"(?<![A-Za-z\\_])[pqrtuvxyz](?![A-Za-z_(])")  # what has entries; w, a, b, m are usually numbers
_WORD = re.compile(r"\\?[A-Za-z]+")


def written_out(text: str) -> str:
    """The text with each sum and product of at most twelve terms written out; others stay, and so do those over the
    index of a letter, x_i.
    """
    text = _PLAIN.sub(r"\\sum_\g<index> ", _BARE.sub(r"\\sum_\g<index> ", text))
    for found in reversed(list(_SIGN.finditer(text))):
        index, low, high = found["index"], int(found["low"]), int(found["high"])
        end = _end(text, found.end())
        body = text[found.end() : end].strip()
        if not body or not low <= high < low + MOST_TERMS or re.search(rf"_\s*\{{?\s*{index}", body):
            continue
        between = " + " if found["sign"] in ("\\sum", "∑") else " "
        terms = [f"({_put(body, index, number)})" for number in range(low, high + 1)]
        text = f"{text[: found.start()]}({between.join(terms)}){text[end:]}"
    return text


def unindexed(text: str, at: int, end: int) -> re.Match[str] | None:
    """The word sum in front of what is summed without an index, with its sign; None where it is a noun."""
    found = _UNINDEXED.match(text, at, end)
    return None if found is None or _OF_SUM.search(text[:at]) else found


def indexed(text: str, said: re.Match[str], end: int) -> list[tuple[int, int, str]]:
    """The edits that give such a sum an index, and its letters the same."""
    places = [found.end() for found in _ENTRY.finditer(text, said.end(), end)]
    return [(said.start(1), said.end(), "\\sum_i "), *((place, place, "_i") for place in places)]


def _end(text: str, at: int) -> int:
    """Where what is summed ends: at a sign or a comma outside of brackets, or where the bracket around it closes."""
    depth = 0
    for place in range(at, len(text)):
        letter = text[place]
        depth += (letter in "([{") - (letter in ")]}")
        ends = letter in ",;=" or (letter in "+-−" and text[at:place].strip() and text[place - 1] not in "^_*/(")
        if depth < 0 or (depth == 0 and ends):
            return place
    return len(text)


def _put(body: str, index: str, number: int) -> str:
    """The body with a number in the place of the index; in words, as sin, the letter is none."""

    def word(found: re.Match[str]) -> str:
        letters = found[0]
        if letters[0] == "\\" or letters in FUNCTIONS or len(letters) > 3:
            return letters
        return letters.replace(index, f"({number})")

    return _WORD.sub(word, body)
