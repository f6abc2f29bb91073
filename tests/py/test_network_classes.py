"""Networks written as classes, against the same classes run by Python."""

import inspect

import numpy as np
import pytest

import nabla

X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], dtype=float)
y = np.array([[0], [1], [1], [0]], dtype=float)
DATA = "import numpy as np\nX = np.array([[0,0,1],[0,1,1],[1,0,1],[1,1,1]], dtype=float)\ny = np.array([[0,1,1,0]]).T\n"


class ByParts:
    """Attributes for everything, and methods that only compute."""

    def __init__(self, data, target):
        self.data = data
        self.target = target
        self.first = np.random.rand(self.data.shape[1], 5)
        self.second = np.random.rand(5, 1)

    def squash(self, z):
        return 1 / (1 + np.exp(-z))

    def slope(self, a):
        return a * (1 - a)

    def forward(self):
        self.hidden = self.squash(np.dot(self.data, self.first))
        self.out = self.squash(np.dot(self.hidden, self.second))

    def backward(self):
        last = (self.target - self.out) * self.slope(self.out)
        inner = np.dot(last, self.second.T) * self.slope(self.hidden)
        self.second += np.dot(self.hidden.T, last)
        self.first += np.dot(self.data.T, inner)


class Fitted(object):  # noqa: UP004
    """A method that trains, private names, a dict of weights, arguments of names that the program has too."""

    rate = 0.5

    def __init__(self, inputs, units, outputs=1):
        self.w = {"a": np.random.randn(inputs, units), "b": np.zeros((1, units))}
        self.w["c"] = np.random.randn(units, outputs)

    @staticmethod
    def _squash(y):
        return np.tanh(y)

    def __forward(self, x):
        self.h = self._squash(x @ self.w["a"] + self.w["b"])
        return self.h @ self.w["c"]

    def __step(self, x, want, got):
        y = (got - want) / len(x)
        back = (y @ self.w["c"].T) * (1 - self.h**2)
        self.w["c"] -= self.rate * self.h.T @ y
        self.w["a"] -= self.rate * x.T @ back
        self.w["b"] -= self.rate * back.sum(axis=0, keepdims=True)

    def fit(self, X, y, steps):
        for k in range(steps):
            out = self.__forward(X)
            if k % 10 == 0:
                print(k, np.mean((out - y) ** 2))
            self.__step(X, y, out)


class Printing:
    """The forward pass is run for a print first, and in one method behind another."""

    def __init__(self):
        self.W = np.random.random((3, 1)) - 0.5

    def think(self, z):
        return 1 / (1 + np.exp(-np.dot(z, self.W)))

    def learn(self, X, y):
        output = self.think(X)
        error = y - output
        self.W += np.dot(X.T, error * output * (1 - output))


def by_parts():
    net = ByParts(X, y)
    for _ in range(30):
        net.forward()
        net.backward()
    net.forward()
    return net.out


def fitted():
    net = Fitted(3, 6)
    net.fit(X, y, 40)
    return np.tanh(X @ net.w["a"] + net.w["b"]) @ net.w["c"]


def printing():
    net = Printing()
    for _ in range(25):
        net.learn(X, y)
    return net.think(X)


LOOP = "net = ByParts(X, y)\nfor i in range(30):\n    net.forward()\n    net.backward()\n"
PROGRAMS = {
    "by-parts": (ByParts, LOOP, by_parts, 30),
    "fitted": (Fitted, "net = Fitted(3, units=6)\nnet.fit(X, y, steps=40)\n", fitted, 40),
    "printing": (
        Printing,
        'if __name__ == "__main__":\n    net = Printing()\n    for output in range(25):\n'
        "        print(np.mean(np.abs(y - net.think(X))))\n        net.learn(X, y)\n",
        printing,
        25,
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_class_trains_as_python_trains_it(name: str) -> None:
    kind, use, native, steps = PROGRAMS[name]
    np.random.seed(1)
    outputs = native()
    code = DATA + "np.random.seed(1)\n" + inspect.getsource(kind) + use
    document = nabla.run("train", {"code": code, "compare": "none"})
    assert document.values["steps"] == steps
    assert np.allclose(document.values["outputs"], outputs, rtol=1e-12, atol=1e-12)
    assert document.values["gradient_check"]["verdict"] in ("right", "scaled")
    assert all(check.verdict == "passed" for check in document.checks)
    assert all(layer["weight"].startswith("self.") for layer in document.values["layers"])
    if name == "fitted":
        assert [p["text"].split()[0] for p in document.values["printed"]] == ["0", "10", "20", "30"]


def test_a_wrong_line_of_a_class_is_named() -> None:
    source = inspect.getsource(ByParts).replace(" * self.slope(self.hidden)", "")
    code = DATA + "np.random.seed(1)\n" + source + LOOP
    check = nabla.run("train", {"code": code, "compare": "none"}).values["gradient_check"]
    assert check["verdict"] == "wrong"
    (finding,) = check["findings"]
    line = next(i for i, text in enumerate(code.split("\n"), 1) if "inner =" in text)
    assert (finding["id"], finding["layer"], finding["line"]) == ("no-derivative", 1, line)


MANY = "a = Printing(3)\nfor i in range(3):\n    a.learn(X, y)\n"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (inspect.getsource(ByParts), "no loop that trains an object of it"),
        (inspect.getsource(ByParts).replace("ByParts:", "ByParts(Base):") + LOOP, "name 'Base' is not defined"),
        (inspect.getsource(Printing) + MANY, "takes 1 positional argument but 2 were given"),
    ],
)
def test_what_is_not_read_of_classes_is_said(code: str, told: str) -> None:
    with pytest.raises(nabla.UserError, match=told):
        nabla.run("train", {"code": DATA + code})


def test_the_object_that_trains_is_found_among_several() -> None:
    twice = "a = Printing()\nb = Printing()\nfor i in range(3):\n    a.learn(X, y)\n"
    check = nabla.run("train", {"code": DATA + inspect.getsource(Printing) + twice}).values["gradient_check"]
    assert (check["verdict"], list(check["weights"])) == ("right", ["self.W"])
