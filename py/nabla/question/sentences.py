"""The tokens of a text in sentences, and the frames that phrases open for the islands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from nabla.question import phrases
from nabla.question.atoms import Atom
from nabla.question.formulas import Formula, formula_of
from nabla.question.scan import TextScanner

WRITTEN = re.compile(r"(?:[^.?!\n]|\.(?=\d))+[.?!]?")  # a sentence as it is written, in one line
_FILLERS = frozenset(
    "a an the that this it its just simply only be as is to of which following given about like something so answer "
    "result function expression equation value values derivative gradient formula field vector first correct right "
    "real simplified final".split()
)


@dataclass(slots=True)
class ProseSentence:
    """A sentence: its tokens, the formulas of its islands, and whether it asks."""

    tokens: list[Atom]
    formulas: dict[int, Formula] = field(default_factory=dict)
    work: bool = False

    @property
    def asks(self) -> bool:
        """Whether a word of asking, or a question mark, stands in it."""
        return any(token.text == "?" for token in self.tokens) or any(
            "ASK" in phrases.classes(token) for token in self.tokens
        )

    @property
    def words(self) -> set[str]:
        """Its words in small letters."""
        return {token.text.lower() for token in self.tokens if token.kind == "word"}


def sentences_of(text: str, stretches: Sequence[tuple[int, int]]) -> list[ProseSentence]:
    """The sentences of the stretches of prose in a text, each island with its frame."""
    whole = TextScanner(text)
    found: list[ProseSentence] = []
    for start, end in stretches:
        tokens: list[Atom] = []
        scanner = TextScanner(text, start, end, whole)
        for token in scanner.tokens():
            if token.kind == "group":
                tokens += scanner.pending
            else:
                tokens.append(token)
        for part in _split(tokens):
            found.append(ProseSentence(part))
    for sentence in found:
        for i, token in enumerate(sentence.tokens):
            if token.kind == "math" or (token.kind == "code" and token.island):
                sentence.formulas[i] = formula_of(text, token)
    _frames(found)
    return found


def _split(tokens: Sequence[Atom]) -> Iterator[list[Atom]]:
    """At full stops, question marks and paragraphs; and at a line that ends before a capital or an island."""
    part: list[Atom] = []
    for i, token in enumerate(tokens):
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        if token.kind == "paragraph" or (token.kind == "line" and _ends(part, following)):
            if part:
                yield part
            part = []
            continue
        if token.kind == "line":
            continue
        part.append(token)
        if (
            token.text in ("?", "!", ".")
            and token.kind == "mark"
            and token.text == "."
            and following
            and following.start == token.end
        ):
            continue
        if token.kind == "mark" and token.text in (".", "?", "!", ";"):
            yield part
            part = []
    if part:
        yield part


def _ends(part: Sequence[Atom], following: Atom | None) -> bool:
    """Whether a sentence ends with its line: what follows begins anew."""
    if not part or following is None:
        return True
    last = part[-1]
    if last.text in (",", ":") or (
        last.kind == "word"
        and phrases.classes(last)
        & {"OF", "BE", "GET", "AND", "WITH", "RESPECT", "WHERE", "LET", "DERIVATIVE", "FUNCTION"}
    ):
        return False
    return following.kind in ("math", "label") or following.text[:1].isupper() or last.kind == "math"


_SIGNS = frozenset("'’′()[]{}/=+-−*^_|")


def whole_or_unread(sentence: ProseSentence) -> None:
    """Where a part of a formula could not be followed, what touches it is not read as a formula of its own."""
    touching: list[Formula] = []
    for i, token in enumerate([*sentence.tokens, None]):
        if token is not None and i in sentence.formulas:
            touching.append(sentence.formulas[i])
        elif token is None or token.kind != "mark" or token.text not in _SIGNS:
            if any(formula.shape == "unread" for formula in touching):
                for formula in touching:
                    formula.shape = "unread"
            touching = []


# Frames.


def _frames(sentences: Sequence[ProseSentence]) -> None:
    """Give every island the frame that is nearest and surest; work of the asker's goes on over sentences."""
    work, whose = "", ""  # whose the work is that goes on
    carried: tuple[str, float] = ("", 0.0)
    for number, sentence in enumerate(sentences):
        tokens = sentence.tokens
        opened = [(end, frame, weight) for frame, weight, end in _opened(tokens)]
        begins = min((end for phrase in phrases.WORK if (end := _anywhere(phrase, tokens))), default=0)
        for i, formula in sentence.formulas.items():
            frame, weight = _best(tokens, i, opened)
            behind = max(
                ((w, f) for f, w, phrase in phrases.BEHIND if phrases.match(phrase, tokens, i + 1)), default=(0.0, "")
            )
            if behind[0] > weight:
                weight, frame = behind
            if _proposed(sentence, i) and frame not in ("rival", "point"):
                frame, weight = "claim", 8.0
            if not frame and carried[0] and not any(j < i for j in sentence.formulas):
                frame, weight = carried
            if formula.shape == "name" and frame != "constant" and _goes_on(sentence, i):
                frame, weight = "variable", 9.0
            formula.frame, formula.weight, formula.sentence = frame, weight, number
            formula.chained = i > 0 and _chains(tokens[i - 1], tokens[: i - 1])
            if whose and frame not in ("claim", "rival"):
                formula.whose = whose
        _share_constants(sentence)
        sentence.work = bool(work) or bool(begins and sentence.formulas)
        last_words = len(tokens) - begins <= 3  # this is what I did.
        opens = tokens[-1].kind == "math" and begins < len(tokens) and tokens[begins].text == ":"  # I did: (lines)
        closed = last_words if not sentence.formulas else tokens[-1].text == "."
        if begins and (tokens[-1].text == ":" or opens or closed):
            work, whose = "claim", ""
        if any(
            phrases.match(phrase, tokens, k)
            for phrase in ("RIVAL GET", "ANSWER RIVAL", "RIVAL has", "what BE", "where BE", "WHERE did|do|does")
            for k in range(len(tokens))
        ):
            work = "" if not begins else work
        if any(
            token.text == ":" and (first := _next(sentence, i)) and first.frame == "rival"
            for i, token in enumerate(tokens)
        ):
            work, whose = "claim", "rival"  # but the answer says: ...
        last = tokens[-1]
        carried = ("", 0.0)
        if (last.text == ":" or last.kind == "word") and not any(j > len(tokens) - 4 for j in sentence.formulas):
            ends = [(weight, frame) for end, frame, weight in opened if len(tokens) - end <= 3]
            carried = max(ends)[::-1] if ends else ("", 0.0)
            if carried[0] == "rival" and last.text == ":":
                work, whose = "claim", "rival"


def _goes_on(sentence: ProseSentence, i: int) -> bool:
    """Whether a formula goes on with a list of variables: with respect to x, y and z."""
    before = i - 1
    while before > 0 and (sentence.tokens[before].text == "," or "AND" in phrases.classes(sentence.tokens[before])):
        before -= 1
    first = sentence.formulas.get(before)
    return before < i - 1 and first is not None and (first.shape, first.frame) == ("name", "variable")


def _share_constants(sentence: ProseSentence) -> None:
    """What is told to be constant holds for a whole list of names: (by x,) b, c and d are constants."""
    tokens, formulas = sentence.tokens, sentence.formulas

    def linked(i: int) -> tuple[str, int]:
        """The words between a formula and the one before it, where they only list, and where that stands."""
        before = i - 1
        while before > 0 and (tokens[before].text == "," or "AND" in phrases.classes(tokens[before])):
            before -= 1
        return " ".join(token.text for token in tokens[before + 1 : i]), before

    for i in sorted(formulas, reverse=True):
        if formulas[i].frame != "constant":
            continue
        link, before = linked(i)
        named = formulas.get(before) if link else None
        if named is None or named.shape != "name" or (before and tokens[before - 1].text.lower() == "to"):
            continue
        if link != "," or linked(before)[0] in ("", ","):  # by x and y, z constant
            named.frame, named.weight = "constant", 10.0


def _proposed(sentence: ProseSentence, i: int) -> bool:
    """Whether the sentence asks if a formula is the answer: "the derivative of x²: 2x?", "is the gradient 2x?"."""
    tokens = sentence.tokens
    behind = [token.text for token in tokens[i + 1 :]]
    if i > 1 and tokens[i - 1].text == ":" and i - 2 in sentence.formulas:
        return behind == ["?"]
    begins = next((k + 1 for k in range(i - 1, -1, -1) if tokens[k].kind in ("mark", "math", "line")), 0)
    return bool(
        behind[:1] == ["?"] and phrases.match("BE the|its|my DERIVATIVE|GRADIENT|JACOBIAN", tokens, begins) == i
    )


def _next(sentence: ProseSentence, i: int) -> Formula | None:
    """The formula right behind a token, its number left aside."""
    while i + 1 < len(sentence.tokens) and sentence.tokens[i + 1].kind == "label":
        i += 1
    return sentence.formulas.get(i + 1)


def _chains(before: Atom, head: Sequence[Atom]) -> bool:
    """Whether an equals sign, or an arrow, at the beginning of a line leads on from the line above."""
    return before.kind == "mark" and before.text in ("=", "⇒", "∴") and all(token.kind == "label" for token in head)


def _anywhere(phrase: str, tokens: Sequence[Atom]) -> int:
    for at in range(len(tokens)):
        if phrases.starts(phrase, tokens[at]) and (end := phrases.match(phrase, tokens, at)) is not None:
            return end
    return 0


def _opened(tokens: Sequence[Atom]) -> Iterator[tuple[str, float, int]]:
    """The frames that phrases open, with the place behind them."""
    for at, token in enumerate(tokens):
        for frame, weight, phrase in phrases.beginning(phrases.BEFORE, token):
            if (end := phrases.match(phrase, tokens, at)) is not None:
                yield frame, weight, end


def _best(tokens: Sequence[Atom], i: int, opened: Sequence[tuple[int, str, float]]) -> tuple[str, float]:
    """The frame for the island at `i`: each word in between costs, each island costs more."""
    best, frame = 0.0, ""
    for end, name, weight in opened:
        if end > i:
            continue
        between = tokens[end:i]
        cost = 0.0
        for token in between:
            if token.kind == "math":
                cost += 2.0 if name in ("point", "start", "direction") else 3.0
            elif token.kind == "mark" and token.text in ":=":
                cost += 0.0
            elif token.kind == "mark":
                cost += 0.6
            elif token.text.lower() not in _FILLERS:
                cost += 1.2
            else:
                cost += 0.15
        if weight - cost > best:
            best, frame = weight - cost, name
    return frame, best


def is_reason(sentence: ProseSentence, formula: Formula) -> bool:
    """Whether it is told why an answer of the same sentence should hold: f'(x) = 2, since the derivative of 2x is 2."""
    place = next(i for i, held in sentence.formulas.items() if held is formula)
    since = [i for i, token in enumerate(sentence.tokens[:place]) if token.text.lower() in ("since", "because")]
    return bool(since) and any(i < since[-1] and held.role == "claim" for i, held in sentence.formulas.items())


def is_wondered_at(sentence: ProseSentence, formula: Formula) -> bool:
    """Whether a text asks why a derivative is what stands behind it: why (is) d/dx ln(5x) = 1/x and not 1/(5x)."""
    place = next(i for i, held in sentence.formulas.items() if held is formula)
    asked = any(phrases.match("WHY BE?", sentence.tokens, at) == place for at in range(max(0, place - 2), place))
    behind = sentence.tokens[place + 1 : place + 2]
    return asked and not any(token.text.lower() in ("wrong", "incorrect", "false") for token in behind)
