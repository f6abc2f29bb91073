"""fit with programs of many kinds, each with at most one fault: the fault is found with its line, right ones pass."""

import json
import re

import numpy as np
import pytest

import nabla
from nabla.answer.codes import FINDINGS
from nabla.answer.document import Document
from nabla.labs.fit.program import read_program
from nabla.sinusoid.curve import Curve
from nabla.sinusoid.minpack import lmdif
from tests.truth.fit_minpack import CASES, STORED

RNG = np.random.default_rng(42)
T = np.arange(40) * 0.25
WAVE = 3 * np.sin(4.2 * T + 0.5) + 7 + 0.15 * RNG.normal(size=40)
X = np.arange(12) * 2.0
DECAY = 6 * np.exp(-0.35 * X) + 1.5 + 0.03 * RNG.normal(size=12)
G = np.linspace(0, 10, 41)
PEAK = 5 * np.exp(-((G - 6) ** 2) / 2 / 0.8**2) + 0.05 * RNG.normal(size=41)
Q = np.linspace(0, 5, 15)
PARABOLA = 1.5 * Q**2 - 4 * Q + 2 + 0.1 * RNG.normal(size=15)


def numbers(values: np.ndarray) -> str:
    return ", ".join(f"{v:.4f}" for v in values)


def python(x: np.ndarray, y: np.ndarray, rest: str, imports: str = "from scipy.optimize import curve_fit") -> str:
    return f"import numpy as np\n{imports}\nt = np.array([{numbers(x)}])\ny = np.array([{numbers(y)}])\n{rest}\n"


SINE = "def f(t, a, w, p, c):\n    return a*np.sin(w*t + p) + c\n"
LEASTSQ = "from scipy.optimize import leastsq, least_squares"
RESIDUALS = "def residuals(p, y, t):\n    A, w, theta, c = p\n    return y - (A*np.sin(w*t + theta) + c)\n"
VECTOR = "def g(t, *p):\n    A, mu, s = p\n    return A*np.exp(-(t - mu)**2/(2*s**2))\n"
INNER = "def e(u):\n    return np.exp(-u)\ndef g(t, a, k, c):\n    return a*e(k*t) + c\n"
SUM = "m = GaussianModel() + ConstantModel()\np = m.make_params(amplitude=9, center=5, sigma=1, c=0)\n"
FITTYPE = "ft = fittype('a*exp(-b*x)+c');\nf = fit(x', y', ft, 'StartPoint', [5 0.3 1])"
GAUSS = "g0 = models.Gaussian1D(amplitude=4., mean={}, stddev=1.)\nfit = fitting.LevMarLSQFitter()\ng = fit(g0, t, y)"
R_WAVE = f"t <- c({numbers(T)})\ny <- c({numbers(WAVE)})\n"
M_WAVE = f"x = 0:0.25:9.75;\ny = [{numbers(WAVE)}];\n"
ASTROPY = "from astropy.modeling import models, fitting"

# program, kind of finding and its line, parameters that the fit has to find
FITS: dict[str, tuple[str, tuple[str, int] | None, list[float]]] = {
    "no p0": (python(T, WAVE, f"{SINE}popt, pcov = curve_fit(f, t, y)"), ("frequency-start", 7), [4.2, 3, 7]),
    "start off": (
        python(T, WAVE, f"{SINE}popt, _ = curve_fit(f, t, y, p0=[3, 2, 0, 7])"),
        ("frequency-start", 7),
        [4.2, 3, 7],
    ),
    "right start": (python(T, WAVE, f"{SINE}popt, _ = curve_fit(f, t, y, p0=[3, 4.1, 0, 7])"), None, [4.2, 3, 7]),
    "start as fourth argument": (python(T, WAVE, f"{SINE}popt, _ = curve_fit(f, t, y, [3, 4.1, 0, 7])"), None, [4.2]),
    "hertz": (python(T, WAVE, f"{SINE}popt, _ = curve_fit(f, t, y, p0=[3, .668, 0, 7])"), ("two-pi", 7), [4.2, 3, 7]),
    "no constant": (
        python(T, WAVE, "f = lambda t, a, w, p: a*np.sin(w*t + p)\npopt, _ = curve_fit(f, t, y, p0=[3, 4.2, 0])"),
        ("missing-intercept", 6),
        [],
    ),
    "degrees": (
        python(T, WAVE, "g = lambda t, a, b, p, c: a*np.sin(360*b*t + p) + c\ncurve_fit(g, t, y, [3, 4.2/360, 0, 7])"),
        ("degrees", 6),
        [3, 7],
    ),
    "axis last": (
        python(T, WAVE, "def f(a, w, p, c, t):\n    return a*np.sin(w*t + p) + c\npopt, _ = curve_fit(f, t, y)"),
        ("argument-order", 7),
        [4.2, 3, 7],
    ),
    "parameters as a vector": (
        python(G, PEAK, f"{VECTOR}curve_fit(g, t, y, p0=[4, 5.5, 1])"),
        None,
        [5, 6, 0.8],
    ),
    "function in a function": (
        python(X, DECAY, f"{INNER}curve_fit(g, t, y, [5, .3, 1])"),
        None,
        [6, 0.35, 1.5],
    ),
    "polyfit": (python(Q, PARABOLA, "p = np.polyfit(t, y, 2)"), None, [1.5, -4, 2]),
    "leastsq of a lambda": (
        python(T, WAVE, "r = lambda x: x[0]*np.sin(x[1]*t + x[2]) + x[3] - y\nleastsq(r, [1, 1, 0, 7])", LEASTSQ),
        ("frequency-start", 6),
        [4.2, 7],
    ),
    "leastsq with args": (
        python(T, WAVE, f"{RESIDUALS}plsq = leastsq(residuals, [2, 4, 0, 5], args=(y, t))", LEASTSQ),
        None,
        [4.2, 3, 7],
    ),
    "least_squares": (
        python(X, DECAY, "h = lambda p: p[0]*np.exp(-p[1]*t) + p[2] - y\nleast_squares(h, [1, 1, 1])", LEASTSQ),
        None,
        [6, 0.35, 1.5],
    ),
    "lmfit": (
        python(T, WAVE, f"{SINE}m = Model(f)\nr = m.fit(y, t=t, a=1, w=1, p=0, c=1)", "from lmfit import Model"),
        ("frequency-start", 8),
        [4.2, 7],
    ),
    "lmfit's own models": (
        python(G, PEAK, f"{SUM}m.fit(y, p, x=t)", "from lmfit.models import GaussianModel, ConstantModel"),
        None,
        [6, 0.8, 5 * 0.8 * (2 * np.pi) ** 0.5],
    ),
    "astropy": (python(G, PEAK, GAUSS.format(5.5), ASTROPY), None, [5, 6, 0.8]),
    "astropy far off": (python(G, PEAK, GAUSS.format(0), ASTROPY), ("local-minimum", 7), [5, 6, 0.8]),
    "nls": (
        R_WAVE + "nls(y ~ A*sin(om*t + ph) + C, start = list(A=1, om=1, ph=1, C=1))",
        ("frequency-start", 3),
        [4.2, 7],
    ),
    "nls with a good start": (
        R_WAVE + "m <- nls(y ~ A*sin(om*t + ph) + C, start = list(A=2, om=4.1, ph=1, C=5))",
        None,
        [4.2, 3, 7],
    ),
    "lm": (R_WAVE + "lm(y ~ sin(4.2*t) + cos(4.2*t))", None, [7, 3 * np.cos(0.5), 3 * np.sin(0.5)]),
    "MATLAB's library": (M_WAVE + "f = fit(x', y', 'poly1')", None, []),
    "fittype": (
        f"x = 0:2:22;\ny = [{numbers(DECAY)}];\n{FITTYPE}",
        None,
        [6, 0.35, 1.5],
    ),
    "lsqcurvefit": (
        M_WAVE + "fun = @(p,x) p(1)*sin(p(2)*x+p(3))+p(4);\np0 = [1 1 0 0];\np = lsqcurvefit(fun,p0,x,y)",
        ("frequency-start", 5),
        [4.2, 7],
    ),
    "polyfit of MATLAB": (f"x = linspace(0,5,15);\ny = [{numbers(PARABOLA)}];\np = polyfit(x,y,2)", None, [1.5, -4, 2]),
}  # fmt: skip


def findings(document: Document) -> list[tuple[str, int]]:
    return [(finding["kind"], finding["line"]) for finding in document.values.get("findings", [])]


@pytest.mark.parametrize("name", FITS)
def test_a_program_that_fits(name: str) -> None:
    code, fault, values = FITS[name]
    document = nabla.run("fit", {"code": code})
    assert findings(document) == ([fault] if fault else [])
    found = [abs(v) for v in document.values["model"]["parameters"].values()]
    for value in values:
        assert min(abs(v - abs(value)) for v in found) < 0.08 * abs(value) + 0.05
    assert not [check for check in document.checks if check.verdict == "failed"] or not values


S = np.arange(100) / 50
TONE = 1.5 * np.cos(2 * np.pi * 7 * S + 0.6) + 0.1 * RNG.normal(size=100)
BETWEEN = 1.5 * np.cos(2 * np.pi * 7.25 * S + 0.6) + 0.1 * RNG.normal(size=100)
AMPLITUDE = "amp = 2/len(x)*np.abs(X)\n"

# samples, rest of the program, kinds with lines
TRANSFORMS: dict[str, tuple[np.ndarray, str, list[tuple[str, int]]]] = {
    "height": (TONE, "X = np.fft.fft(x)\nplt.plot(np.fft.fftfreq(100, 1/fs), np.abs(X))", [("amplitude-scale", 4)]),
    "divided by N": (TONE, "X = np.fft.fft(x)/len(x)\nprint(np.abs(X).max())", [("amplitude-scale", 4)]),
    "right": (TONE, f"X = np.fft.rfft(x)\n{AMPLITUDE}print(amp.max())", []),
    "frequency alone": (TONE, "X = np.abs(np.fft.rfft(x))\nprint(np.fft.rfftfreq(100, 1/fs)[X.argmax()])", []),
    "no step": (TONE, f"X = np.fft.rfft(x)\nf = np.fft.rfftfreq(100)\n{AMPLITUDE}print(f)", [("unit-step", 5)]),
    "rate for step": (TONE, f"X = np.fft.rfft(x)\nf = np.fft.rfftfreq(len(x), fs)\n{AMPLITUDE}", [("spacing", 5)]),
    "mean": (TONE + 9, f"X = np.fft.rfft(x)\n{AMPLITUDE}print(amp.argmax())", [("mean-left", 4)]),
    "mean off": (TONE + 9, f"x = x - x.mean()\nX = np.fft.rfft(x)\n{AMPLITUDE}print(amp.argmax())", []),
    "leakage": (BETWEEN, f"X = np.fft.rfft(x)\n{AMPLITUDE}print(amp.max())", [("leakage", 4)]),
    "both halves": (
        TONE,
        f"X = np.fft.fft(x)\nf = np.fft.fftfreq(100, 1/fs)\n{AMPLITUDE}i = np.argsort(amp)[-2:]\nprint(f[i])",
        [("both-halves", 4)],
    ),
    "angular": (
        TONE,
        f"X = np.fft.rfft(x)\nw = 2*np.pi*np.fft.rfftfreq(100, 1/fs)\n{AMPLITUDE}print(w[amp.argmax()])",
        [("two-pi", 4)],
    ),
    "periodogram": (TONE, "from scipy.signal import periodogram\nf, P = periodogram(x, fs)\nprint(f[P.argmax()])", []),
    "no rate": (TONE, "from scipy.signal import periodogram\nf, P = periodogram(x)", [("unit-step", 5)]),
}  # fmt: skip


@pytest.mark.parametrize("name", TRANSFORMS)
def test_a_program_that_transforms(name: str) -> None:
    samples, rest, faults = TRANSFORMS[name]
    code = f"import numpy as np\nfs = 50\nx = np.array([{numbers(samples)}])\n{rest}\n"
    document = nabla.run("fit", {"code": code})
    assert findings(document) == faults
    (tone,) = document.values["tones"]
    assert tone["frequency"] == pytest.approx(7.25 if name == "leakage" else 7, abs=0.01)


def test_the_angle_of_a_transform_is_that_of_a_cosine() -> None:
    code = f"import numpy as np\nfs = 50\nx = np.array([{numbers(TONE)}])\nX = np.fft.fft(x)\nprint(np.angle(X[14]))\n"
    text = " ".join(str(nabla.run("fit", {"code": code})).split())
    assert "phase of a cosine" in text and re.search(r"2\.1\d", text)


def test_a_whole_paste_of_r_is_read() -> None:
    text = f"Error in nls: singular gradient\n\n{FITS['nls'][0]}\n\nWhat start values do I need?"
    document = nabla.ask(text)
    assert document.values["question"]["lab"] == "fit" and document.values["question"]["unused"] == []
    assert findings(document) == [("frequency-start", 3)]


def test_data_are_found_in_programs_that_cannot_run() -> None:
    sine = SINE.replace("np.", "")
    bare = f"t = linspace(0, 9.75, 40)\ny = array([{numbers(WAVE)}])\n{sine}popt, pcov = curve_fit(f, t, y)"
    read = read_program(bare)
    assert read is not None and read.y is not None and read.y.size == 40 and read.x is not None
    lost = python(T, WAVE, f"import missing_module\nz = missing_module.load()\n{SINE}popt, pcov = curve_fit(f, t, y)")
    read = read_program(lost)
    assert read is not None and read.y is not None


def test_every_kind_of_finding_has_its_words() -> None:
    kinds = {fault[0] for _, fault, _ in FITS.values() if fault} | {k for *_, f in TRANSFORMS.values() for k, _ in f}
    assert kinds <= FINDINGS.keys() and len(kinds) >= 12


@pytest.mark.parametrize("name", CASES)
def test_a_start_leads_where_minpack_goes(name: str) -> None:
    """The ends of SciPy's leastsq, stored, are those of our steps: by what they leave."""
    formula, x, y, start = CASES[name]
    ours = lmdif(Curve(("p",) * len(start), formula, lambda x, p: x, ()), x, y, np.array(start))
    assert ours is not None
    assert ours[0] == pytest.approx(json.loads(STORED.read_text("utf-8"))[name], rel=1e-4, abs=1e-9)


def test_the_sentence_says_first_what_is_wrong() -> None:
    document = nabla.run("fit", {"code": FITS["no p0"][0]})
    assert document.answer is not None and document.answer.text.startswith("The start is too far off in frequency")
    exact = python(T, 3 * np.sin(2 * T + 0.5) + 1, f"{SINE}popt, _ = curve_fit(f, t, y)").replace("t = np", "t = 1*np")
    assert "fixed" not in str(nabla.run("fit", {"code": exact}).answer)


def test_the_sentence_says_the_period() -> None:
    document = nabla.fit(T.tolist(), WAVE.tolist())
    assert document.answer is not None and "its period is 1.49" in document.answer.text


@pytest.mark.parametrize(
    ("words", "names"), [("an exponential", "ak"), ("a straight line", "ac"), ("a parabola", "abc")]
)
def test_a_form_is_asked_for_by_its_name(words: str, names: str) -> None:
    rows = "\n".join(f"{x} {np.exp(0.3 * x):.2f}" for x in range(9))
    document = nabla.ask(f"x y\n{rows}\n\nCan you fit {words} to this?")
    assert set(document.values["model"]["parameters"]) == set(names)


T20 = np.arange(0, 10, 0.5)
WAVE20 = 2.5 * np.sin(4.3 * T20 + 0.4) + 1
FOREIGN = {
    "fminsearch": f"x = 0:0.5:9.5;\ny = [{numbers(WAVE20)}];\nfit = @(b,x) b(1).*sin(b(2)*x + b(3)) + b(4); % model\n"
    "per = 2*mean(diff(x(zci(y))));\nfcn = @(b) sum((fit(b,x) - y).^2);\ns = fminsearch(fcn, [2; 1/per; -1; 0])\n",
    "lsqnonlin": f"t = (0:19)*0.5;\ny = [{numbers(WAVE20).replace(',', ';')}]';\n"
    "[k, err] = lsqnonlin(@(k) k(1)*sin(k(2)*t + k(3)) + k(4) - y, [2, 4, 0, 1]);\n",
    "function": f"t = linspace(0, 9.5, 20);\ny = [{numbers(WAVE20)}];\nfunction [err, pred] = res(k, x, y)\n"
    "pred = k(1)*sin(k(2)*x + k(3)) + k(4);\nerr = y - pred;\nend\nk = lsqnonlin(@(k) res(k, t, y), [2, 4, 0, 1]);\n",
    "nls": f"t <- seq(0, 9.5, by = 0.5)\ny <- c({numbers(WAVE20)})\nd <- data.frame(time = t, level = y)\n"
    "first <- lm(level ~ cos(time), data = d)\n"
    "m <- nls(level ~ a*sin(w*time + p) + k, data = d, start = list(a = coef(first)[1], w = 4, p = 0, k = 1))\n",
    "made in R": "time <- 1:200/10\ny <- 1 + 2.5*sin(4.3*time + 0.4) + rnorm(length(time), sd = 0.01)\n"
    "m <- nls(y ~ k + a*sin(w*time + p), start = list(k = 0, a = 2, w = 4.2, p = 0))\n",
}


@pytest.mark.parametrize("name", FOREIGN)
def test_programs_of_matlab_and_r_are_run_in_python(name: str) -> None:
    document = nabla.ask(f"How do I get a better fit of this?\n\n{FOREIGN[name]}\nThe plot is wrong.")
    assert document.values["tones"][0]["frequency"] == pytest.approx(4.3 / (2 * np.pi), rel=1e-3)
    assert document.values["tones"][0]["amplitude"] == pytest.approx(2.5, rel=1e-2)


def test_columns_the_wrong_way_round() -> None:
    x = np.arange(100)
    data = f"X <- c({numbers(x)})\nY <- c({numbers(2 + 5 * np.sin(x))})\n"
    document = nabla.run("fit", {"code": data + "m <- nls(X ~ A + B*sin(C*Y), start = list(A=2, B=4, C=1))\n"})
    assert findings(document) == [("columns-swapped", 3)]


def test_the_number_of_a_bin_and_an_alias() -> None:
    made = (
        "import numpy as np\nfs = 50\nt = np.arange(0, 2, 1/fs)\nx = np.sin(2*np.pi*{f}*t)\n"
        "X = np.abs(np.fft.rfft(x)) * 2/len(x)\n"
    )
    plain = nabla.run("fit", {"code": made.format(f=7) + "print(np.argmax(X))\n"})
    assert plain.answer is not None and plain.answer.text.startswith("14 is the number of the bin")
    folded = nabla.run("fit", {"code": made.format(f=43) + "print(np.fft.rfftfreq(100, 1/fs)[X.argmax()])\n"})
    assert findings(folded) == [("aliased", 5)]


def test_the_start_of_minpack_where_the_model_overflows() -> None:
    """SciPy 1.17 ends at [1, 1, 1], where it starts: `curve_fit(g, x, y)` with these numbers."""
    y = "7.52, 4.50, 2.96, 2.24, 1.87, 1.69, 1.62, 1.55, 1.54, 1.51, 1.51, 1.52"
    code = (
        f"import numpy as np\nfrom scipy.optimize import curve_fit\nx = np.arange(12)*20.0\ny = np.array([{y}])\n"
        "def g(x, a, b, c):\n    return a*np.exp(-b*x) + c\npopt, pcov = curve_fit(g, x, y)\n"
    )
    document = nabla.run("fit", {"code": code})
    assert findings(document) == [("local-minimum", 7)]
    assert document.values["model"]["parameters"]["b"] == pytest.approx(0.03523, rel=1e-3)


_WAVE_TIMES = np.arange(80) * 0.05
_WAVE = 2 + 1.5 * np.sin(2 * np.pi * 3.3 * _WAVE_TIMES + 0.4) + 0.05 * np.cos(50 * _WAVE_TIMES**2)
_WITH_TRANSFORM = (
    "import numpy as np\nfrom scipy.optimize import curve_fit\n"
    f"t = np.arange(80)*0.05\ny = np.array({_WAVE.round(3).tolist()})\n"
    "F = np.fft.rfftfreq(len(y), 0.05)\nf0 = F[1 + np.argmax(np.abs(np.fft.rfft(y))[1:])]\n"
    "def wave(t, a, f, p, c):\n    return a*np.sin(2*np.pi*f*t + p) + c\n"
    "popt, pcov = curve_fit(wave, t, y, p0=[{start}])"
)


def test_a_transform_that_gives_the_start_is_not_accused() -> None:
    document = nabla.ask(_WITH_TRANSFORM.format(start="1, f0, 0, y.mean()"))
    assert "findings" not in document.values
    assert document.values["model"]["parameters"]["f"] == pytest.approx(3.3, abs=0.01)


def test_a_start_in_another_order_is_named() -> None:
    document = nabla.ask(_WITH_TRANSFORM.format(start="f0, 1.5, 0, 2"))
    assert document.values["findings"] == [{"kind": "start-order", "line": 9}]
    assert [check.verdict for check in document.checks if "From (" in check.claim] == ["passed"]


def test_a_spectrum_of_two_sides_is_not_accused() -> None:
    t = np.arange(64) / 16
    y = (1.2 * np.cos(2 * np.pi * 2 * t - 0.5) + 0.05 * np.cos(70 * t**2)).round(3).tolist()
    program = (
        f"import numpy as np\nimport matplotlib.pyplot as plt\nt = np.arange(64)/16\ny = np.array({y})\n"
        "F = np.fft.fftshift(np.fft.fft(y)){scale}\nfr = np.fft.fftshift(np.fft.fftfreq(64, 1/16))\n"
        "plt.stem(fr, np.abs(F))"
    )
    assert "findings" not in nabla.ask(program.format(scale="/64")).values
    assert nabla.ask(program.format(scale="")).values["findings"] == [{"kind": "amplitude-scale", "line": 5}]
