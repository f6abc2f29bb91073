"""What a text asks for in words that no request covers, so that the answer can say that it is another one."""

from __future__ import annotations

from collections.abc import Sequence

from nabla.question import phrases
from nabla.question.atoms import Atom
from nabla.question.lexicon import is_word
from nabla.question.request import Request
from nabla.question.roles import RoleReading
from nabla.question.sentences import ProseSentence

# Requests that say nothing of what is to be computed.
_OPEN = frozenset(["judge", "why"])
# Words that begin what is asked for, at the beginning of a sentence or behind one of `_LEAD`.
_VERBS = frozenset(
    "find compute calculate determine evaluate estimate solve show prove verify sketch express derive "
    "obtain approximate compare identify plot draw graph rewrite factor factorise factorize expand use "
    "give state explain describe predict simplify construct".split()
)
# Of these what is to be computed is named behind "the"; words that name nothing of their own.
_COMPUTING = frozenset("find compute calculate determine estimate".split())
_VAGUE = frozenset(
    "answer answers value values result results solution mistake mistakes error errors problem derivative derivatives "
    "gradient right correct same following function functions point points slope right-hand left expression formula "
    "exact constant constants coefficients parameters parameter minimum maximum".split()
)
_LEAD = frozenset("to and then please also now can you".split())
_LONGEST = 12


def wanted(reading: RoleReading) -> str:
    """What the text asks for, in its words, where none of its requests is known; "" where one is, or where it only
    shows a formula.
    """
    known = [request for request in reading.requests if request.what not in _OPEN]
    for sentence in reading.sentences:
        found = _asked(sentence)
        if found and (_another(sentence, found, known) if known or reading.claims else True):
            return " ".join(reading.text[found[0].start : found[-1].end].split())
    return ""


def _another(sentence: ProseSentence, found: Sequence[Atom], known: Sequence[Request]) -> bool:
    """Whether a sentence beside known requests asks for a thing of its own: find the area below it."""
    start, end = sentence.tokens[0].start, sentence.tokens[-1].end
    words = [token.text.lower() for token in found[:5] if token.kind == "word"]
    return (
        words[0] in _COMPUTING
        and words[1:2] == ["the"]
        and len(words) > 2
        and not _VAGUE & set(words[2:4])
        and not any(start <= request.span[0] < end for request in known)
    )


def silent(reading: RoleReading) -> bool:
    """Whether a text of many words asks for nothing that is known."""
    words = sum(
        token.kind == "word" and len(token.text) > 1 and "GREETING" not in phrases.classes(token)
        for sentence in reading.sentences
        for token in sentence.tokens
    )
    asked = any(request.what not in _OPEN for request in reading.requests)
    return not asked and not reading.claims and words > 10


def _asked(sentence: ProseSentence) -> Sequence[Atom]:
    """The words from the verb, or the word of question, up to the end of what is asked for."""
    tokens = sentence.tokens
    questioned = tokens[-1].text == "?"
    for i, token in enumerate(tokens):
        word = token.text.lower()
        before = tokens[i - 1] if i else None
        begins = before is None or before.kind != "word" or before.text.lower() in _LEAD
        verb = word in _VERBS and begins
        if token.kind == "word" and (verb or (questioned and "WH" in phrases.classes(token) and is_word(word))):
            end = next((j for j in range(i + 1, len(tokens)) if tokens[j].text in (".", "?", ";", ":")), len(tokens))
            if end - i > 1:  # a lone "Why?" asks about all that stands before it
                return tokens[i : min(end, i + _LONGEST)]
    return []
