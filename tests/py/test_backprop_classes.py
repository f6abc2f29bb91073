"""Classes that differentiate by themselves: right ones are right, and the line that is wrong is named."""

from __future__ import annotations

import pytest

import nabla

VALUE = """import math
class Value:
    def __init__(self, data, parents=()):
        self.data = data
        self.grad = 0.0
        self._back = lambda: None
        self._prev = set(parents)
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))
        def back():
            {a1}
            {a2}
        out._back = back
        return out
    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))
        def back():
            {m1}
            {m2}
        out._back = back
        return out
    def tanh(self):
        t = math.tanh(self.data)
        out = Value(t, (self,))
        def back():
            {t1}
        out._back = back
        return out
    def backward(self):
        order, seen = [], set()
        def visit(v):
            if v not in seen:
                seen.add(v)
                for p in v._prev:
                    visit(p)
                order.append(v)
        visit(self)
        self.grad = 1.0
        for v in reversed(order):
            v._back()
"""
LINES = {
    "a1": "self.grad += out.grad", "a2": "other.grad += out.grad", "m1": "self.grad += other.data * out.grad",
    "m2": "other.grad += self.data * out.grad", "t1": "self.grad += (1 - t * t) * out.grad",
}  # fmt: skip
USE = """a = Value(0.4)
b = Value(-0.3)
c = a * b + b
d = (c * a).tanh()
d.backward()
print(a.grad, b.grad)
"""


def answer(use: str = USE, claim: str = "", **lines: str) -> nabla.Report:
    return nabla.backprop(VALUE.format(**(LINES | lines)) + use, claim=claim)


def test_a_right_class_is_right() -> None:
    document = answer()
    assert document.values["gradient_check"] == {"verdict": "right", "findings": []}
    assert [check.verdict for check in document.checks] == ["passed"]
    assert document.values["by_class"].keys() == {"a", "b", "c", "d"}


@pytest.mark.parametrize(
    ("lines", "kind", "line"),
    [
        ({"m1": "self.grad = other.data * out.grad"}, "not-accumulated", 19),
        ({"m1": "self.grad += self.data * out.grad"}, "missing-factor", 19),
        ({"m1": "self.grad += other.data"}, "chain-rule", 19),
        ({"m1": "self.grad -= other.data * out.grad"}, "sign", 19),
        ({"t1": "self.grad += (1 - t) * out.grad"}, "missing-factor", 27),
        ({"t1": "self.grad += 1 - t * t"}, "chain-rule", 27),
        ({"a2": "pass"}, "missing-factor", 20),
        ({"a1": "self.grad += 2 * out.grad"}, "missing-factor", 12),
        ({"t1": "pass"}, "missing-term", 0),
    ],
)
def test_the_line_that_is_wrong_is_named(lines: dict[str, str], kind: str, line: int) -> None:
    document = answer(**lines)
    assert document.values["gradient_check"]["verdict"] == "wrong"
    (finding,) = document.values["findings"]
    assert (finding["kind"], finding["line"]) == (kind, line)
    assert finding["text"].rstrip(".").replace("`", "") in document.answer.text


def test_each_pass_has_its_own_result_and_what_is_left_of_it_counts() -> None:
    use = "a = Value(3.0)\nb = a + a\nb.backward()\nc = Value(2.0)\nd = c * c + c\nd.backward()\n"
    wrong = answer(use, a1="self.grad = out.grad", a2="other.grad = out.grad").values
    assert wrong["by_class"]["a"] == {"verdict": "wrong", "right": pytest.approx(2.0)}
    assert wrong["findings"][0]["text"].startswith("`a.grad` is 1, and the derivative of `b` by it is 2")
    assert answer(use).values["gradient_check"]["verdict"] == "right"
    twice = answer("a = Value(3.0)\n(a * a).backward()\n(a + a).backward()\n").values["by_class"]["a"]
    assert twice == {"verdict": "right", "right": pytest.approx(8.0)}


def test_a_step_that_follows_a_pass_changes_no_verdict() -> None:
    use = "w = Value(0.7)\nfor k in range(3):\n    e = w * Value(2.0) + -1.0\n    loss = e * e\n    w.grad = 0.0\n"
    use += "    loss.backward()\n    w.data -= 0.05 * w.grad\n"
    assert answer(use).values["gradient_check"]["verdict"] == "right"
    assert answer(use, m2="other.grad = self.data * out.grad").values["findings"][0]["kind"] == "not-accumulated"


def test_what_the_reader_expects_is_compared_with_the_truth() -> None:
    use = "a = Value(3.0)\nb = a + a\nb.backward()\n"
    wrong = {"a1": "self.grad = out.grad", "a2": "other.grad = out.grad"}
    assert answer(use, "a.grad = 2", **wrong).values["claim"]["verdict"] == "right"
    assert answer(use, "a.grad = 1", **wrong).values["claim"]["verdict"] == "wrong"


def test_a_class_without_a_backward_pass_is_none() -> None:
    code = "class Point:\n    def __init__(self, x):\n        self.x = x\n        self.grad = 1\np = Point(2.0)\n"
    assert "gradient_check" not in nabla.backprop(code).values


def test_a_class_with_slots_that_keeps_local_gradients_is_judged_too() -> None:
    code = (
        "class Num:\n    __slots__ = ('v', 'g', 'of', 'local')\n"
        "    def __init__(self, v, of=(), local=()):\n"
        "        self.v, self.of, self.local = v, of, local\n"
        "        self.g = 0\n"
        "    def __mul__(self, o):\n"
        "        return Num(self.v * o.v, (self, o), ({local}))\n"
        "    def back(self):\n        order = []\n"
        "        def go(n):\n            if n not in order:\n"
        "                for p in n.of:\n                    go(p)\n"
        "                order.append(n)\n        go(self)\n        self.g = 1\n"
        "        for n in reversed(order):\n"
        "            for p, d in zip(n.of, n.local):\n                p.g += d * n.g\n"
        "a = Num(2.0)\nb = Num(3.0)\nc = a * b * a\nc.back()\n"
    )
    for local, verdict in (("o.v, self.v", "right"), ("self.v, o.v", "wrong")):
        assert nabla.backprop(code.format(local=local)).values["gradient_check"]["verdict"] == verdict


def test_what_a_class_did_before_an_error_is_judged() -> None:
    use = "a = Value(3.0)\nb = a + a\nb.backward()\nprint(a.missing)\n"
    document = answer(use, a1="self.grad = out.grad", a2="other.grad = out.grad")
    assert document.values["raises"]["type"] == "AttributeError"
    assert document.values["gradient_check"]["verdict"] == "wrong"


RECURSIVE = """class Scalar:
    def __init__(self, v, parents=()):
        self.v, self.parents = v, parents
        self.g = 0.0
    def __mul__(self, o):
        return Scalar(self.v * o.v, ((self, o.v), (o, {other})))
    def __add__(self, o):
        return Scalar(self.v + o.v, ((self, 1.0), (o, 1.0)))
    def backward(self, g=1.0):
        self.g {sign} g
        for p, d in self.parents:
            p.backward(g * d)
a, b = Scalar(2.0), Scalar(3.0)
f = a * b + a
f.backward()
print(a.g, b.g)
"""


@pytest.mark.parametrize(
    ("sign", "other", "found"),
    [("+=", "self.v", []), ("=", "self.v", [("not-accumulated", 10)]), ("+=", "o.v", [("missing-factor", 10)])],
)
def test_a_backward_that_calls_itself_is_judged(sign: str, other: str, found: list[tuple[str, int]]) -> None:
    values = nabla.backprop(RECURSIVE.format(sign=sign, other=other)).values
    assert [(one["kind"], one["line"]) for one in values["gradient_check"]["findings"]] == found
    assert values["gradient_check"]["verdict"] == ("wrong" if found else "right")
    assert values["by_class"]["a"]["right"] == pytest.approx(4.0)


def test_a_class_that_computes_is_for_backprop() -> None:
    text = f"Is a.g right?\n\n```python\n{RECURSIVE.format(sign='+=', other='self.v')}```\n"
    assert nabla.ask(text).lab == "backprop"


def test_a_recursion_that_begins_anew_for_each_value() -> None:
    program = """
class Value:
    def __init__(self, data, children=()):
        self.data, self.grad, self._prev, self._backward = data, 0.0, set(children), lambda: None
    def __add__(self, other):
        out = Value(self.data + other.data, (self, other))
        def _backward():
            self.grad += out.grad
            other.grad += out.grad
        out._backward = _backward
        return out
    def backward(self):
        self.grad = 1.0
        self._backward()
        for v in self._prev:
            v.backward()
a = Value(3.0)
b = a + a
b.backward()
"""
    document = nabla.backprop(program)
    assert document.values["by_class"]["a"] == {"verdict": "wrong", "right": pytest.approx(2.0)}
    assert document.values["findings"][0]["line"] == 13


WALKED = """
class Value:
    def __init__(self, data, made_of=()):
        self.data, self.grad, self.made_of, self.step = data, 0.0, made_of, lambda: None

    def __add__(self, other):
        out = Value(self.data + other.data, (self, other))
        def step():
            self.grad += out.grad
            other.grad += out.grad
        out.step = step
        return out

    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))
        def step():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out.step = step
        return out

    def backward(self):
        self.grad = 1.0
        waiting = [self]
        while waiting:
            value = waiting.pop()
            value.step()
            waiting.extend(value.made_of)

a, b = Value(2.0), Value(3.0)
c = a * b
d = c + c * a
d.backward()
print(a.grad, b.grad)
"""


def test_a_walk_that_comes_to_a_value_twice_is_named_and_no_line_of_its_steps() -> None:
    document = nabla.run("backprop", {"code": WALKED.strip()})
    (found,) = document.values["findings"]
    assert found["kind"] == "walk-order"
    assert WALKED.strip().split("\n")[found["line"] - 1].strip() == "self.grad = 1.0"
    assert "factor" not in found["text"]
