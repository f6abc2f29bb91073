"""derive: practice. An exercise of a rule and a level is set, hints are folded away, and the answer is judged."""

from __future__ import annotations

import sympy as sp

from nabla.answer.document import Document, Heading, Math, Note, Prose, Step, Steps
from nabla.calculus.domain import EVERYWHERE
from nabla.calculus.exercises import LEVELS, RULES, Exercise, exercise
from nabla.calculus.rules import Derivation
from nabla.lab import Inputs
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.hints import hints
from nabla.labs.derive.parts import Part, Stage, count, goals_of, steps_check, steps_of, sympy_check
from nabla.labs.derive.question import DeriveQuestion
from nabla.read.fields.practice import LARGEST_SEED, read_practice
from nabla.read.formula import Reading
from nabla.write.exercises import NAMES
from nabla.write.notation import operator, tex
from nabla.write.sentence import sentence

# The rules of an answer by how much an exercise in them is worth.
WORTH = ("chain", "product", "quotient", "inverse", "exponential", "logarithm", "trigonometric", "power")
LARGEST_OFFERED = 50  # so that answers differ in the exercise that they offer
HELP = (
    f"An exercise instead of a function of your own: one of {', '.join(RULES)}, a level from 1 to {max(LEVELS)}, and a "
    "seed, which chooses the exercise. Your answer goes into the field for it."
)


def practise(inputs: Inputs, document: Document) -> None:
    """Set the exercise that `practice` names, and judge the answer in `claim`, if there is one."""
    task = exercise(*inputs.read("practice", read_practice, RULES, LEVELS))
    reading = Reading(sp.sstr(task.f), task.f, tex(task.f), (), ("x",))
    question = DeriveQuestion("derivative", (reading,), ("",), (task.derivation.var,), {}, "normal")
    left = operator(question.wrt, False, question.name)
    part = Part(task.f, question.wrt, left, (Stage(task.derivation, task.answer),))
    document.title = f"Exercise in {NAMES[task.rule]}, level {task.level}"
    document.values |= {"reading": reading.text}
    document.values["practice"] = {"rule": task.rule, "level": task.level, "seed": task.seed}
    head = f"{question.name}(x) = {reading.tex}"
    document.add(Math(head, reading.text, "Differentiate", role="reading"))
    if inputs["f"].strip():
        text = "While an exercise is set, the function of your own waits."
        document.add(Note(text, inputs={"practice": ""}, action="Back to my function"))
    if not inputs["claim"].strip():
        document.add(Prose("Your own answer may be written in any form."))
    claim = show_claim(document, inputs, question, goals_of(part, question.name, question), [task.f])
    asked = f"Differentiate ${head}$ by ${tex(question.wrt[0])}$"
    document.answer = sentence(f"{claim[:1].upper()}{claim[1:]}: ${head}$." if claim else f"{asked}.", {}, ())
    right = document.values.get("claim", {}).get("verdict") == "right"
    solution = steps_of(part, question.name, False, EVERYWHERE)
    document.values["steps"] = count(solution)
    if right:
        document.values["derivative"] = sp.sstr(task.answer)
        document.add(Math(f"{left} = {tex(task.answer)}", sp.sstr(task.answer), "Derivative", role="result"))
        document.add(Heading("Step by step", role="steps"), Steps(solution))
        document.add(Heading("Checked", role="checks"), steps_check(document), sympy_check([part]))
    else:
        document.add(Heading("Hints"), _hints(task, solution))
    _offer(document, task, right)


def offer_practice(document: Document, derivation: Derivation) -> None:
    """One click from an answer to an exercise in the most telling of its rules."""
    used = {node.rule for node in derivation.walk()}
    for rule in (rule for rule in WORTH if RULES[rule] & used):
        seed = 1 + sum(map(ord, sp.sstr(derivation.expr))) % LARGEST_OFFERED
        document.add(_link("Can you do it yourself?", rule, 2, seed, f"Practise {NAMES[rule]}"))
        return


def _hints(task: Exercise, solution: list[Step]) -> Steps:
    """A hint before each step, the step behind it, and the solution last, everything closed."""
    told = hints(task.derivation)
    shown = [
        Step(f"Hint {place} of {len(told)}", "", hint, steps=[Step("The rule", "", rule)])
        for place, (hint, rule) in enumerate(told, 1)
    ]
    return Steps([*shown, Step("The solution", "", steps=solution)], folded=True)


def _offer(document: Document, task: Exercise, right: bool) -> None:
    """The next exercise, and once this one is solved a harder one, each a click away."""
    following = _following(task)
    document.add(_link("Another one of this kind:", task.rule, task.level, following, "Next exercise"))
    if right and task.level < max(LEVELS):
        document.add(_link("That was easy?", task.rule, task.level + 1, 1, "A harder one"))


def _following(task: Exercise) -> int:
    """The next seed that gives another function."""
    seed = task.seed
    for _ in range(20):
        seed = seed % LARGEST_SEED + 1
        if exercise(task.rule, task.level, seed).f != task.f:
            break
    return seed


def _link(text: str, rule: str, level: int, seed: int, action: str) -> Note:
    inputs = {"practice": f"{rule} {level} seed {seed}", "claim": "", "at": ""}
    return Note(text, tone="tip", inputs=inputs, action=action)
