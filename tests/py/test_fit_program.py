"""fit with a program: what it fits is read out of it, its start is followed, its transform explained."""

import numpy as np
import pytest

import nabla
from nabla.answer.document import Code, Note
from nabla.labs.fit.program import read_program

T = np.arange(0, 10, 0.2)
WAVE = 2.5 * np.sin(5.3 * T + 0.4) + 1 + 0.05 * np.random.default_rng(2).normal(size=T.size)
DECAY = 6 * np.exp(-0.9 * T) + 2 + 0.02 * np.random.default_rng(3).normal(size=T.size)


def program(y: np.ndarray, model: str, call: str) -> str:
    data = ", ".join(f"{v:.4f}" for v in y)
    return (
        "import numpy as np\nfrom scipy.optimize import curve_fit\nimport matplotlib.pyplot as plt\n\n"
        f"t = np.arange(0, 10, 0.2)\ny = np.array([{data}])\n\n{model}\n\n{call}\nprint(popt)\nplt.plot(t, y)\n"
    )


SINE = "def wave(t, a, w, p, c):\n    return a * np.sin(w * t + p) + c"
EXPONENTIAL = "decay = lambda t, a, k, c: a * np.exp(-k * t) + c"


def notes(document: nabla.Document) -> str:
    return " ".join(block.text for block in document.blocks if isinstance(block, Note))


def test_a_start_outside_of_the_main_lobe_is_named_and_mended() -> None:
    code = program(WAVE, SINE, "popt, pcov = curve_fit(wave, t, y)")
    document = nabla.run("fit", {"code": code})
    assert document.values["findings"] == [{"kind": "frequency-start", "line": 11}]
    assert document.values["model"]["parameters"]["w"] == pytest.approx(5.3, abs=0.02)
    assert "p0" in notes(document)
    changed = next(b.sources[0].text for b in document.blocks if isinstance(b, Code) and "that start" in b.title)
    again = nabla.run("fit", {"code": changed})
    assert "findings" not in again.values and "leads to the best fit" in notes(again)


def test_a_start_that_is_near_enough_is_not_blamed() -> None:
    document = nabla.run("fit", {"code": program(WAVE, SINE, "popt, _ = curve_fit(wave, t, y, p0=[2, 5.2, 0, 1])")})
    assert "findings" not in document.values


def test_models_as_lambdas_and_with_steps_between() -> None:
    document = nabla.run("fit", {"code": program(DECAY, EXPONENTIAL, "popt, pcov = curve_fit(decay, t, y)")})
    assert document.values["model"]["parameters"]["k"] == pytest.approx(0.9, abs=0.02)
    steps = 'def f(t, a, k, c):\n    """Decay."""\n    grown = np.exp(-k * t)\n    return a * grown + c'
    read = read_program(program(DECAY, steps, "popt, pcov = curve_fit(f, t, y)"))
    assert read is not None and read.form == "f(t, a, k, c) = a * np.exp(-k * t) + c"


def test_numbers_of_the_program_stand_in_its_model() -> None:
    model = "f0 = 0.5\ndef f(t, a, p):\n    return a * np.sin(2 * np.pi * f0 * t + p)"
    read = read_program(program(WAVE, model, "popt, pcov = curve_fit(f, t, y)"))
    assert read is not None and "0.5" in read.form and "f0" not in read.form


def test_an_fft_says_how_its_heights_become_amplitudes() -> None:
    code = (
        "import numpy as np\nfs = 500\nN = 400\nt = np.arange(N) / fs\n"
        "s = 3 + 0.8*np.sin(2*np.pi*40*t) + 1.5*np.cos(2*np.pi*101.7*t)\nF = np.fft.fft(s)\nfreq = np.fft.fftfreq(N)\n"
    )
    document = nabla.run("fit", {"code": code})
    tones = document.values["tones"]
    assert [tone["frequency"] for tone in tones] == pytest.approx([40, 101.7], rel=1e-6)
    assert [tone["amplitude"] for tone in tones] == pytest.approx([0.8, 1.5], rel=1e-6)
    kinds = {finding["kind"]: finding["line"] for finding in document.values["findings"]}
    assert kinds == {"amplitude-scale": 6, "unit-step": 7, "mean-left": 6, "leakage": 6}
    assert "1.5 \\cdot 400/2 = 300" in notes(document)


def test_an_fft_that_is_scaled_and_on_its_bins_is_not_blamed() -> None:
    code = (
        "import numpy as np\nN = 400\ndt = 0.002\nt = np.arange(N) * dt\ns = 0.8*np.sin(2*np.pi*40*t)\n"
        "F = 2 / N * np.abs(np.fft.rfft(s))\nf = np.fft.rfftfreq(N, dt)\n"
    )
    assert "findings" not in nabla.run("fit", {"code": code}).values


def test_data_beside_the_program_are_taken_where_it_reads_a_file() -> None:
    code = "df = pd.read_csv('a.csv')\nF = np.fft.fft(df['v'])\nprint(np.fft.fftfreq(len(F)))\n"
    rows = "t,v\n" + "\n".join(f"{t:.2f},{5 + np.sin(2 * np.pi * 1.3 * t):.4f}" for t in np.arange(0, 5, 0.05))
    document = nabla.run("fit", {"code": code, "data": rows})
    assert document.values["tones"][0]["frequency"] == pytest.approx(1.3, abs=1e-3)
    assert {"kind": "unit-step", "line": 3} in document.values["findings"]


def test_other_programs_are_none_of_its() -> None:
    assert read_program("x = [1, 2, 3]\nprint(sum(x))") is None


def test_a_parameter_that_the_data_do_not_determine_is_said_to_be_loose() -> None:
    # A step between two samples: its steepness may be anything large.
    code = (
        "import numpy as np\nfrom scipy.optimize import curve_fit\nx = np.arange(16.0)\n"
        "y = np.where(x < 7.5, 0.0, 1.0) + 0.03 * np.cos(5 * x)\n"
        "def f(x, b, c, d):\n    return b / (1 + np.exp(-(c + d * x)))\n"
        "popt, pcov = curve_fit(f, x, y, p0=[0.5, 0.5, 0.5])\n"
    )
    document = nabla.run("fit", {"code": code})
    assert document.answer is not None
    assert "The data do not determine c and d" in document.answer.text
    assert "= 0 ±" not in document.answer.text and "= -0 ±" not in document.answer.text
