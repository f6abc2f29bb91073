"""The same question in other words is read in the same way: a grammar of openers, requests, notations and answers."""

from __future__ import annotations

import random
import re

import pytest

from nabla.question.understand import Question, understand

FUNCTIONS = [
    ("x^2 sin(3x)", "x", "2x cos(3x)", "2x sin(3x) + 3x^2 cos(3x)"),
    ("(2x^2 - 5x)^3", "x", "3(2x^2 - 5x)^2", "3(4x - 5)(2x^2 - 5x)^2"),
    ("ln(t)/t", "t", "1/t^2", "(1 - ln(t))/t^2"),
    ("e^(-r^2)", "r", "e^(-r^2)", "-2r e^(-r^2)"),
    ("sqrt(4 - s)", "s", "1/(2 sqrt(4 - s))", "-1/(2 sqrt(4 - s))"),
    ("tan(z)^2", "z", "2 sec(z)^2", "2 tan(z) sec(z)^2"),
]  # each with its variable, a wrong answer and the right one
OPENERS = (
    "", "", "Hi all, ", "I'm stuck on this one. ", "Homework help please: ", "Q3) ", "(a) ",
    "Hello! I am new to calculus. ", "Problem 14. ", "**Question:** ", "I have an exam tomorrow and this confuses me. ",
)  # fmt: skip
NOTATIONS = (
    "{f}",
    "y = {f}",
    "f({v}) = {f}",
    "the function f({v}) = {f}",
    "$y = {f}$",
    "`{f}`",
    r"\({f}\)",
    "the expression {f}",
)
REQUESTS = (
    "Find the derivative of {F}{at}.", "Differentiate {F}{at}.", "What is the derivative of {F}{at}?",
    "How do I differentiate {F}{at}?", "Compute the first derivative of {F}{at}.",
    "I need to find the derivative of {F}{at}.", "Can someone help me differentiate {F}{at}?",
    "Take the derivative of {F}{at}.", "Let {F}. What is its derivative{at}?", "Given {F}, find the derivative{at}.",
    "Determine the derivative of {F} with respect to {v}{at}.", "I want the derivative of {F} w.r.t. {v}{at}.",
    "Please work out the derivative of {F}{at}.", "What's the slope of {F}{at}?",
    "I am trying to calculate the derivative of {F}{at}.", "Could you explain how to get the derivative of {F}{at}?",
    "I was asked to differentiate {F} with respect to {v}{at}.", "Consider {F}. Find its derivative{at}.",
)  # fmt: skip
POINTS = ("", "", " at {v} = 2", " when {v} = 2", " at the point {v} = 2", ", evaluated at {v} = 2", " at {v}=2")
CLAIMS = (
    " I got {c}.", " My answer is {c}.", " I get {c}, is that right?", " Is it {c}?", " I think it should be {c}.",
    " Shouldn't it be {c}?", " The answer I found was {c}. Where is my mistake?", " I keep getting {c}.",
    " My result: {c}. What did I do wrong?", " I ended up with {c}", " By hand I get {c}.", " I believe it is {c}.",
    " I tried it and came up with ${c}$.",
)  # fmt: skip
RIVALS = (
    "",
    "",
    " The book says {r}.",
    " WolframAlpha gives {r}.",
    " According to my teacher it is {r}.",
    " but the answer key has {r}.",
)
CLOSERS = ("", "", " Thanks!", " Any help is appreciated.", "\n\nThank you in advance", " Cheers, Anna")


def made(choose: random.Random) -> tuple[str, dict[str, str], list[tuple[str, str]]]:
    """A text, the inputs that it comes to, and its answers, each with whose it is."""
    f, v, wrong, right = choose.choice(FUNCTIONS)
    point = choose.choice(POINTS)
    formula = choose.choice(NOTATIONS).format(f=f, v=v)
    text = choose.choice(OPENERS) + choose.choice(REQUESTS).format(F=formula, v=v, at=point.format(v=v))
    answers = []
    if not point and choose.random() < 0.7:
        text += choose.choice(CLAIMS).format(c=wrong)
        answers.append((wrong, "asker"))
        rival = choose.choice(RIVALS).format(r=right)
        text += rival
        answers += [(right, "rival")] if rival else []
    return text + choose.choice(CLOSERS), {"f": f, **({"at": f"{v}=2"} if point else {})}, answers


def held(question: Question) -> tuple[str, dict[str, str], list[tuple[str, str]]]:
    """What was read: the lab, the inputs without what follows from the rest, and the answers."""
    inputs = {name: text.replace(" = ", "=") for name, text in question.routed.inputs.items() if name in ("f", "at")}
    inputs["f"] = re.sub(r"^[a-z](?:\([a-z]\))?=", "", inputs.get("f", ""))  # the function with its name or without
    return question.routed.lab, inputs, [(claim.lines, claim.whose) for claim in question.claims]


@pytest.mark.parametrize("seed", range(8))
def test_other_words_mean_the_same(seed: int) -> None:
    choose = random.Random(seed)
    for _ in range(60):
        text, inputs, answers = made(choose)
        question = understand(text)
        assert held(question) == ("derive", inputs, answers), text
        assert not question.unused, text
