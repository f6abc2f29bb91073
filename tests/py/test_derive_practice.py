"""Practice: exercises that are the same for the same seed, fair and tidy; hints that keep the answer; a fair judge."""

import re
from collections.abc import Iterator

import pytest
import sympy as sp

import nabla
from nabla.answer.document import Math, Note, Step, Steps
from nabla.calculus.equality import equal
from nabla.calculus.exercises import LEVELS, RULES, exercise, x
from nabla.errors import UserError
from nabla.labs.derive.hints import hints
from nabla.read.fields.practice import read_practice

SEEDS = range(1, 301)
# Of the answer, simplified.
OPERATIONS = {1: 8, 2: 16, 3: 30}


@pytest.mark.parametrize("rule", RULES)
def test_three_hundred_exercises_of_each_rule_are_fair(rule: str) -> None:
    functions = set()
    for seed in SEEDS:
        level = LEVELS[seed % len(LEVELS)]
        task = exercise(rule, level, seed)
        functions.add(task.f)
        assert task.f.free_symbols == {x}
        assert not task.f.has(sp.nan, sp.zoo, sp.I, sp.Float)
        assert all(abs(number.p) <= 100 and number.q <= 100 for number in task.f.atoms(sp.Rational))
        needed = RULES[rule]
        assert not needed or needed & {node.rule for node in task.derivation.walk()}
        if seed % 6 == 0 or level == 1:
            assert not task.answer.is_number
            assert sp.count_ops(task.answer) <= OPERATIONS[level]
        if seed % 15 == 0:
            assert equal(task.answer, sp.diff(task.f, x)).equal
    assert len(functions) >= 60


@pytest.mark.parametrize("rule", RULES)
def test_the_same_seed_gives_the_same_exercise(rule: str) -> None:
    assert [exercise(rule, 2, seed).f for seed in (1, 7, 999)] == [exercise(rule, 2, seed).f for seed in (1, 7, 999)]


def test_seeds_of_published_links() -> None:
    """What these links have asked, they ask for ever."""
    known = {("chain", 1, 1): "sin(5*x)", ("product", 1, 1): "x**3*log(x)", ("inverse", 2, 1): "acos(x**2)"}
    assert {key: sp.sstr(exercise(*key).f) for key in known} == known


def test_no_such_level() -> None:
    with pytest.raises(KeyError):
        exercise("chain", 4, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chain", ("chain", 1, 1)),
        ("chain 2 seed 7", ("chain", 2, 7)),
        ("Chain, level 3", ("chain", 3, 1)),
        ("seed 12 product", ("product", 1, 12)),
        ("the quotient rule 2 40", ("quotient", 2, 40)),
    ],
)
def test_practice_is_read(text: str, expected: tuple[str, int, int]) -> None:
    assert read_practice(text, RULES, LEVELS) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("chian 2", "choice"),
        ("chain 9", "choice"),
        ("chain 2 seed 1234567", "value"),
        ("2 seed 3", "syntax"),
        ("chain power", "choice"),
        ("chain ²", "choice"),
        ("chain 0", "choice"),
    ],
)
def test_practice_that_cannot_be_read(text: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        nabla.run("derive", {"practice": text})
    assert (caught.value.code, caught.value.field) == (code, "practice")


def shown(document: nabla.Document) -> str:
    """What is to be seen before anything is opened."""
    return document.to_markdown() + "".join(
        step.title + step.tex for block in document.blocks if isinstance(block, Steps) for step in block.steps
    )


@pytest.mark.parametrize(("rule", "level"), [(rule, level) for rule in RULES for level in LEVELS])
def test_nothing_is_given_away(rule: str, level: int) -> None:
    document = nabla.run("derive", {"practice": f"{rule} {level} seed 5"})
    task = exercise(rule, level, 5)
    answer = re.sub(r"\s", "", sp.latex(task.answer, ln_notation=True, inv_trig_style="full"))
    if len(answer) > 8:
        assert answer not in re.sub(r"\s", "", shown(document))
    assert "derivative" not in document.values
    (block,) = [block for block in document.blocks if isinstance(block, Steps)]
    assert block.folded
    assert all(not step.tex for step in block.steps)
    assert not [block for block in document.blocks if isinstance(block, Math) and block.role == "result"]
    assert len(hints(task.derivation)) >= 1


def test_a_right_answer_in_another_form() -> None:
    document = nabla.run("derive", {"practice": "chain 1 seed 1", "claim": "5 sin(5x + pi/2)"})
    assert document.values["claim"]["verdict"] == "right"
    assert document.values["derivative"] == "5*cos(5*x)"
    assert {check.verdict for check in document.checks} == {"passed"}
    notes = [block for block in document.blocks if isinstance(block, Note) and block.inputs]
    assert [note.inputs["practice"] for note in notes][-1] == "chain 2 seed 1"
    assert all(note.inputs["claim"] == "" for note in notes)


def test_a_wrong_answer_is_diagnosed_and_the_hints_stay() -> None:
    document = nabla.run("derive", {"practice": "chain 1 seed 1", "claim": "cos(5x)"})
    assert document.values["claim"]["verdict"] == "wrong"
    assert "M01" in {mistake["rule"] for mistake in document.values["claim"]["mistakes"]}
    assert any(isinstance(block, Steps) and block.folded for block in document.blocks)
    assert "derivative" not in document.values


def test_the_next_exercise_is_another_one() -> None:
    for rule in RULES:
        document = nabla.run("derive", {"practice": f"{rule} 1 seed 3"})
        note = next(block for block in document.blocks if isinstance(block, Note) and "practice" in block.inputs)
        following = read_practice(note.inputs["practice"], RULES, LEVELS)
        assert exercise(*following).f != exercise(rule, 1, 3).f


def test_a_function_of_ones_own_waits() -> None:
    document = nabla.run("derive", {"f": "x^2", "practice": "power"})
    note = next(block for block in document.blocks if isinstance(block, Note))
    assert note.inputs == {"practice": ""}
    with pytest.raises(UserError) as caught:
        nabla.run("derive", {"f": " "})
    assert (caught.value.code, caught.value.field) == ("empty", "f")


@pytest.mark.parametrize(("f", "rule"), [("x sin(x^2)", "chain"), ("x e^x", "product"), ("x^3", "power"), ("7", "")])
def test_an_answer_offers_an_exercise_in_its_most_telling_rule(f: str, rule: str) -> None:
    offers = [
        b.inputs
        for b in nabla.run("derive", {"f": f, "wrt": "x"}).blocks
        if b.kind == "note" and "practice" in b.inputs
    ]
    assert [offer["practice"].split()[0] for offer in offers] == ([rule] if rule else [])
    for offer in offers:
        assert nabla.run("derive", {"f": f, "wrt": "x"} | offer).values["practice"]["rule"] == rule


def asked(steps: list[Step]) -> Iterator[dict[str, str]]:
    """What readers can try of a derivation."""
    for step in steps:
        yield from [step.ask] if step.ask else []
        yield from asked(step.steps)


@pytest.mark.parametrize("f", ["x^2 sin(x)", "exp(-a x) ln(b x)", "(w*x-y)^2", "sqrt(1+t^2)/t", "|x| atan(k x)"])
def test_every_step_that_can_be_tried_is_a_question_with_the_answer_of_the_step(f: str) -> None:
    wrt = "w" if "w" in f else "t" if "t^" in f else "x"
    document = nabla.run("derive", {"f": f, "wrt": wrt})
    questions = [ask for block in document.blocks if isinstance(block, Steps) for ask in asked(block.steps)]
    assert len(questions) > 2
    for ask in questions:
        own = nabla.run("derive", ask).values["derivative"]
        names = {name: sp.Symbol(name, real=True) for name in ("k", "w", "x", "y", "t", "a", "b", "u", "v")}
        expected = sp.diff(sp.sympify(ask["f"], names), names[ask["wrt"]])
        point = {symbol: 0.7 + 0.1 * place for place, symbol in enumerate(names.values())}
        assert abs(complex(sp.sympify(own, names).subs(point) - expected.subs(point).doit())) < 1e-9


def test_an_equation_has_no_step_to_be_tried_alone() -> None:
    document = nabla.run("derive", {"f": "x^2 + y^2 = 25", "wrt": "x"})
    steps = next(block.steps for block in document.blocks if isinstance(block, Steps))
    assert steps[0].ask == {}
