"""Files pasted or dropped with a question, each under a line with its name: cut, told apart, read by programs."""

import io
import random

import numpy as np
import pytest
from scipy.io import savemat, wavfile

import nabla
from nabla.answer.document import Heading
from nabla.program.run import run
from nabla.question.cut import cut
from nabla.question.understand import understand
from nabla.read.data.binary import carried
from nabla.read.given import GIVEN

T = np.arange(60) * 0.1
Y = 2 * np.sin(2 * np.pi * 0.7 * T) + 1
CSV = "t,y\n" + "\n".join(f"{t:.2f},{y:.6f}" for t, y in zip(T, Y, strict=True)) + "\n"
LINE = "\n".join(f"{x:.4f} {3 * x + 2:.4f}" for x in np.linspace(-1, 1, 20)) + "\n"
FIT = """import numpy as np
from scipy.optimize import curve_fit
t, y = np.loadtxt("data.csv", delimiter=",", skiprows=1, unpack=True)
def model(t, a, f, c):
    return a*np.sin(2*np.pi*f*t) + c
p, cov = curve_fit(model, t, y, p0=[1, 0.1, 0])
print(p)
"""
DESCENT = """import numpy as np
d = np.loadtxt("points.txt")
x, y = d[:, 0], d[:, 1]
w, b = 0.0, 0.0
for i in range(200):
    e = w*x + b - y
    w -= 0.1*2*np.mean(e*x)
    b -= 0.1*2*np.mean(e)
print(w, b)
"""


def written(write: object, *values: object) -> str:
    file = io.BytesIO()
    write(file, *values)  # type: ignore[operator]
    return carried(file.getvalue())


def head(name: str) -> str:
    return f"==> {name} <==\n"


def test_files_are_cut_without_loss_and_keep_their_names() -> None:
    draw = random.Random(0)
    parts = {
        "a.csv": CSV,
        "points.txt": LINE,
        "t.npy": written(np.save, T) + "\n",
        "fit.py": FIT,
        "notes.md": "x = 3\n\nand so on\n",
    }
    for _ in range(40):
        names = draw.sample(list(parts), draw.randint(1, 4))
        text = draw.choice(["", "Why is it wrong?\n\n", DESCENT + "\n"]) + "".join(head(n) + parts[n] for n in names)
        pieces = cut(text)
        assert "".join(piece.text for piece in pieces) == text
        for name in names:
            kinds = {piece.kind for piece in pieces if piece.text and piece.text in parts[name]}
            assert kinds == {"data"} or name in ("fit.py", "notes.md")


def test_programs_read_the_files_that_come_with_them() -> None:
    for text in (
        f"Why does it end at 0.1?\n\n{FIT}\n{head('data.csv')}{CSV}",
        f"{head('fit.py')}{FIT}{head('data.csv')}{CSV}",
        f"{FIT}\n{head('/home/me/Data.csv')}{CSV}",
    ):
        document = nabla.ask(text)
        assert document.lab == "fit"
        parameters = document.values["model"]["parameters"]
        assert [parameters[name] for name in "afc"] == pytest.approx([2, 0.7, 1], rel=1e-4)
        assert not [warning for warning in document.warnings if warning.code == "not-used"]
    for text in (
        f"{DESCENT}\n{head('points.txt')}{LINE}",
        f"Is it right?\n\n```\n{DESCENT}```\n\npoints.txt:\n\n{LINE}",
    ):
        document = nabla.ask(text)
        assert document.values["printed"][-1]["value"] == pytest.approx([3, 2], abs=1e-3)
    torch = "import torch\nx = torch.tensor(np.load('w.npy'), requires_grad=True)\n(x**2).sum().backward()\n"
    document = nabla.ask(f"{torch}\n{head('w.npy')}{written(np.save, np.array([1.0, 2, 3]))}\n")
    assert document.values["grads"] == {"x": [2, 4, 6]}


def test_files_of_another_question_are_not_read() -> None:
    nabla.ask(f"{DESCENT}\n{head('points.txt')}{LINE}")
    assert not GIVEN.get()
    done = run("import numpy as np\nnp.loadtxt('points.txt')")
    assert done.gap is not None and done.gap.code == "needs-file"


def test_files_that_nothing_reads_are_named() -> None:
    document = nabla.ask(f"{DESCENT}\n{head('points.txt')}{LINE}{head('other.csv')}{CSV}")
    assert [w.message for w in document.warnings if w.code == "not-used"] == [
        "Not used in this answer: “==> other.csv <==”."
    ]


def test_arrays_in_files_of_their_own_are_one_series_or_one_field() -> None:
    document = nabla.ask(head("y.npy") + written(np.save, Y) + "\n" + head("t.npy") + written(np.save, T) + "\n")
    assert document.lab == "fit" and document.values["tones"][0]["frequency"] == pytest.approx(0.7)
    angle = np.arange(16) / 16 * 2 * np.pi
    u, v = np.outer(np.ones(16), np.cos(angle)), np.outer(np.sin(angle), np.ones(16))
    question = understand(head("v.npy") + written(np.save, v) + "\n" + head("u.npy") + written(np.save, u) + "\n")
    assert question.routed.lab == "decompose"


def test_two_tables_are_both_answered() -> None:
    other = "t,z\n" + "\n".join(f"{t:.2f},{3 * np.cos(2 * np.pi * 1.1 * t):.6f}" for t in T)
    document = nabla.ask(f"Fit a sine.\n{head('a.csv')}{CSV}{head('b.csv')}{other}")
    assert document.values["read"]["y"] == "y"
    assert document.values["tones"][0]["frequency"] == pytest.approx(0.7, rel=1e-4)
    assert document.values["further"][0]["tones"][0]["frequency"] == pytest.approx(1.1, rel=1e-4)
    assert "For the data of b.csv" in [block.text for block in document.blocks if isinstance(block, Heading)]


READ = """
import numpy as np, csv, io, scipy.io
from scipy.io import wavfile, loadmat
d = np.load('/home/me/b.npz')
print(d.files, d['t'].shape, np.load("p.npy").dtype)
print(loadmat('a.mat')['t'].shape, scipy.io.loadmat('a.mat', squeeze_me=True)['t'].shape)
rate, s = wavfile.read('c.wav')
print(rate, s.dtype, s[2])
with open('data.csv') as f:
    head = f.readline()
    rows = [line.strip().split(',') for line in f]
print(head.strip(), len(rows), rows[1])
print(sum(1 for _ in csv.reader(open('data.csv'))), next(iter(csv.DictReader(open('data.csv'))))['t'])
g = np.genfromtxt('data.csv', delimiter=',', names=True)
print(g['t'][1], np.loadtxt(io.StringIO("1 2\\n3 4")).tolist())
"""


def test_files_are_read_as_numpy_and_scipy_read_them() -> None:
    files = {
        "a.mat": written(savemat, {"t": T}), "b.npz": written(lambda file: np.savez(file, t=T, y=Y)),
        "c.wav": written(wavfile.write, 1000, (100 * Y).astype("i2")), "p.npy": written(np.save, T), "data.csv": CSV,
    }  # fmt: skip
    token = GIVEN.set(files)
    done = run(READ)
    GIVEN.reset(token)
    assert done.gap is None and done.raised is None
    assert [printed.text for printed in done.evidence.printed] == [
        "['t', 'y'] (60,) float64", "(1, 60) (60,)", f"1000 int16 {int(100 * Y[2])}", "t,y 60 ['0.10', '1.851559']",
        "61 0.00", "0.1 [[1.0, 2.0], [3.0, 4.0]]",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "open('/etc/hosts')", "open(0)", "open('p.txt', 'w')", "np.loadtxt('/etc/hosts')",
        "np.genfromtxt(b'/etc/hosts')", "np.loadtxt(np.array('/etc/hosts'))", "np.loadtxt(np.str_('/etc/hosts'))", "np.load('http://x.org/a.npy')",
        "np.load('p.txt')", "np.loadtxt(0)", "np.genfromtxt('http://x.org/a')",
    ],
)  # fmt: skip
def test_no_other_file_is_opened(line: str) -> None:
    token = GIVEN.set({"p.txt": "1 2\n"})
    done = run(f"import numpy as np\n{line}\n")
    GIVEN.reset(token)
    assert done.gap is not None and done.gap.code in ("needs-file", "not-covered")


@pytest.mark.parametrize(("first", "second"), [("u:", "v:"), ("Ex", "Ey"), ("U", "V")])
def test_components_in_blocks_below_their_names_are_a_field(first: str, second: str) -> None:
    rows = "\n".join(" ".join(f"{x + 2 * y}" for x in range(4)) for y in range(3))
    other = "\n".join(" ".join(f"{3 * x - y}" for x in range(4)) for y in range(3))
    answered = nabla.ask(f"vorticity and divergence of my data please\n\n{first}\n{rows}\n{second}\n{other}\n")
    assert answered.lab == "decompose"
    text = answered.to_dict()["answer"]["text"]
    assert "divergence" in text
    assert "curl" in text
