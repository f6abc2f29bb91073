"""The fit lab: the answer to a page of data, its words, its warnings and its errors."""

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest

import nabla
from nabla.answer.codes import WARNINGS
from nabla.answer.document import Check, Code, Math, Note, Plot, Table
from nabla.errors import UserError
from nabla.lab import LABS
from tests.truth.fit_export import STORED, program
from tests.truth.fit_export import answer as scipy_answer

X = np.arange(100) / 100
EXAMPLE = LABS["fit"].example


def only(document: nabla.Document, kind: type) -> list:
    return [block for block in document.blocks if isinstance(block, kind)]


def answer(y: np.ndarray, x: np.ndarray = X, **inputs: str) -> nabla.Document:
    return nabla.fit(x.tolist(), y.tolist(), **inputs)


def codes(document: nabla.Document) -> list[str]:
    return [warning.code for warning in document.warnings]


@pytest.mark.parametrize("form", ["A sin(2πLx) + B cos(2πMx) + C sin(2πNx)", "auto", "integers"])
def test_the_question_of_the_first_page(form: str) -> None:
    document = nabla.run("fit", {"data": EXAMPLE["data"], "form": form})
    assert document.values["formula"] == "-5*sin(2*pi*10*x) + 4*cos(2*pi*5*x) + 2*sin(2*pi*3*x)"
    assert document.values["form"] == [
        {"fn": "sin", "amplitude": -5, "frequency": 10},
        {"fn": "cos", "amplitude": 4, "frequency": 5},
        {"fn": "sin", "amplitude": 2, "frequency": 3},
    ]
    assert [tone["frequency"] for tone in document.values["tones"]] == pytest.approx([3, 5, 10], abs=1e-10)
    assert document.values["residual_rms"] < 1e-9 and document.values["offset"] == 0
    result, free = only(document, Math)
    assert result.role == "result" and r"-5\,\sin\left(2\pi \cdot 10\,x\right)" in result.tex
    assert r"\cos\left(2\pi \cdot 10\,x + 1.570796327\right)" in free.tex
    assert "same curve" in str(document)
    assert {check.verdict for check in document.checks} == {"passed"} and document.warnings == []
    drawn = ["Data and fit", "Spectrum", "Residuals", "Folded at 0.1", "What would follow"]
    assert [plot.title for plot in only(document, Plot)] == drawn
    assert len(only(document, Table)) == 2


def test_the_document_is_json_and_text() -> None:
    document = nabla.run("fit", EXAMPLE)
    assert json.loads(json.dumps(document.to_dict()))["values"]["n"] == 100
    assert "3 sinusoids in 100 samples" in str(document) and "Frequency" in document.to_markdown()


def test_every_program_computes_the_formula() -> None:
    rng = np.random.default_rng(1)
    document = answer(2 + X + 3 * np.cos(2 * np.pi * 12.34 * X + 1) + 0.1 * rng.normal(size=100))
    sources = {source.label: source.text for source in only(document, Code)[0].sources}
    assert list(sources) == ["NumPy", "SciPy", "MATLAB", "Desmos", "CSV", "Parameters", "Spectrum"]
    scope: dict = {}
    exec(sources["NumPy"], scope)
    rows = np.loadtxt(sources["CSV"].splitlines()[1:], delimiter=",")
    assert np.abs(scope["y"](rows[:, 0]) - rows[:, 2]).max() < 1e-9
    assert np.abs(rows[:, 1] - rows[:, 2] - rows[:, 3]).max() < 1e-9
    matlab = sources["MATLAB"].split("@(x) ")[1].split(";")[0].replace(".^", "**")
    evaluated = eval(matlab, {"cos": np.cos, "sin": np.sin, "pi": np.pi, "x": rows[:, 0]})
    assert np.abs(evaluated - rows[:, 2]).max() < 1e-9


def test_scipy_confirms_the_fit_and_its_errors() -> None:
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    before, start, after = re.split(r"start = (.*)", program())
    then_before, _, then_after = re.split(r"start = (.*)", stored["program"])
    assert (before, after) == (then_before, then_after), "the stored run is of another program: run fit_export.py"
    best, errors = zip(*(line.split(" +- ") for line in stored["printed"].splitlines()), strict=True)
    assert [float(value) for value in best] == pytest.approx(json.loads(start), rel=1e-6)
    (tone,) = scipy_answer().values["tones"]
    assert float(best[3]) == pytest.approx(tone["frequency"], rel=1e-8)
    assert math.hypot(float(best[1]), float(best[2])) == pytest.approx(tone["amplitude"], rel=1e-6)
    assert errors[3] == f"{tone['se_frequency']:.2g}"


def test_units_are_carried() -> None:
    rows = "\n".join(f"{x},{math.cos(2 * math.pi * 7.3 * x)}" for x in X)
    document = nabla.fit("time (s),U [mV]\n" + rows)
    assert [(column.label, column.unit) for column in only(document, Table)[0].columns][:3] == [
        ("Frequency", "Hz"),
        ("Period", "s"),
        ("Amplitude", "mV"),
    ]
    assert only(document, Plot)[1].x.unit == "Hz"


def test_forms() -> None:
    rng = np.random.default_rng(3)
    y = 2 + 3 * np.cos(2 * np.pi * 12.34 * X + 1) + 0.01 * rng.normal(size=100)
    phase = answer(y, form="amplitude-phase").values["form"]
    assert [term["fn"] for term in phase] == ["cos"] and phase[0]["phase"] == pytest.approx(1, abs=0.01)
    parts = answer(y, form="sin-cos").values["form"]
    assert [term["fn"] for term in parts] == ["cos", "sin"]
    assert [term["amplitude"] for term in parts] == pytest.approx([3 * math.cos(1), -3 * math.sin(1)], abs=0.01)
    asked = answer(y, form="A sin(2πLx) + C")
    assert codes(asked) == ["template-misfit"]
    fixed = answer(y, form="A cos(2π 12.34 x + p) + C")
    assert fixed.values["tones"][0]["frequency"] == pytest.approx(12.34, abs=1e-12) and codes(fixed) == []
    assert "standard errors from the nearest" in str(answer(y, form="integers"))


def test_what_the_reader_should_know() -> None:
    rng = np.random.default_rng(4)
    noise = rng.normal(size=100)
    tone = 2 * np.pi * X
    cases = {
        "nothing": answer(noise),
        "constant": answer(np.full(100, 2.5)),
        "below-one-cycle": answer(np.cos(0.7 * tone) + 0.01 * noise),
        "close-tones": answer(np.cos(12 * tone) + np.cos(12.6 * tone) + 0.01 * noise),
        "indistinct": answer((-1.0) ** np.arange(100) + 0.01 * noise),
        "outliers": answer(np.where(rng.random(100) < 0.1, 9.0, np.cos(12.3 * tone) + 0.1 * noise)),
        "coloured": answer(np.cumsum(np.cumsum(noise)), tones="1"),
        "red-noise": answer(np.cumsum(noise)),
        "aliases": answer(np.cos(12.3 * tone), x=np.sort(rng.uniform(0, 1, 100))),
        "rows-dropped": nabla.fit("\n".join(["x,y", "0,abc", *(f"{i},{math.cos(i)}" for i in range(1, 50))])),
        "count-uncertain": answer(0.58 * np.cos(12.3 * tone) + noise),
        "many-zeros": answer(np.where(noise > 0.5, noise.round(1), 0.0)),
        "clipped": answer(np.minimum(np.cos(5 * tone) + 0.1 * noise, 0.6).round(3)),
        "step-like": answer(np.where((X * 4).astype(int) % 2, 3.0, 1.0)),
        "few-levels": answer(np.round(2 * np.cos(12.3 * tone))),
        "no-form": answer(np.exp(-9 * X) * np.sin(30 * X**2)),
        "moving-frequency": answer(np.sin(2 * np.pi * (4 * X + 20 * X**2)), tones="1"),
        "no-freedom": answer(np.array([1.0, 4.0, 1.0]), x=np.arange(3.0), form="a*x^2 + b*x + c"),
        "not-covered": answer(np.cos(12.3 * tone), asked="half-life"),
        "model-misfit": answer(np.exp(-3 * X) + 0.01 * noise, form="m*x + b"),
        "template-misfit": answer(np.cos(12.3 * tone), form="A sin(2πLx) + B sin(2πMx) + C sin(2πNx)"),
    }
    lab = Path(nabla.__file__).parent / "labs" / "fit"
    named = {word for path in lab.glob("*.py") for word in re.findall(r'"([a-z-]+)"', path.read_text("utf-8"))}
    assert cases.keys() == named & WARNINGS.keys()
    for code, document in cases.items():
        assert code in codes(document), code


def test_one_more_or_one_less_is_one_click_away() -> None:
    rng = np.random.default_rng(5)
    document = answer(0.45 * np.cos(2 * np.pi * 12.3 * X) + rng.normal(size=100))
    offered = [note.inputs for note in only(document, Note) if note.inputs]
    count = len(document.values["tones"])
    assert {"tones": str(count + 1)} in offered
    assert len(answer(rng.normal(size=100), tones="2").values["tones"]) == 2


def test_aliases_and_harmonics_are_told() -> None:
    rng = np.random.default_rng(6)
    y = np.cos(2 * np.pi * 4.1 * X) + 0.5 * np.cos(2 * np.pi * 12.3 * X) + 0.05 * rng.normal(size=100)
    document = answer(y)
    assert "95.8981, 104.102, 195.898" in " ".join(note.text for note in only(document, Note))
    fundamental = document.values["fundamental"]
    assert fundamental["harmonics"] == [1, 3] and abs(fundamental["frequency"] - 4.1) < 3 * fundamental["se"]
    assert only(document, Table)[0].rows[0][0].endswith("· 1, 3") and len(only(document, Table)[0].rows) == 1
    assert "harmonics of one cycle with a period of" in str(document.answer.text)


def test_phases_far_from_the_data_still_draw_the_curve() -> None:
    rng = np.random.default_rng(7)
    x = 2000 + X
    document = answer(3 * np.cos(2 * np.pi * 12.34 * x) + 0.2 * rng.normal(size=100), x=x)
    assert [check.verdict for check in document.checks if check.claim.startswith("The formula")] == ["passed"]


def test_a_failed_check_is_shown_as_failed() -> None:
    rng = np.random.default_rng(8)
    y = np.cos(2 * np.pi * 12.3 * X) + np.cos(2 * np.pi * 30.3 * X) + 0.1 * rng.normal(size=100)
    checks = {check.claim: check.verdict for check in only(answer(y, tones="1"), Check)}
    assert checks["Nothing significant is left"] == "failed"
    assert set(checks.values()) - {"failed"} == {"passed"}


def test_long_records_are_drawn_as_ranges() -> None:
    rng = np.random.default_rng(9)
    x = np.arange(12_000) / 1000
    document = answer(np.cos(2 * np.pi * 50 * x) + rng.normal(size=12_000), x=x)
    assert document.values["tones"][0]["frequency"] == pytest.approx(50, abs=0.01)
    plots = only(document, Plot)
    assert [plot.title for plot in plots] == [
        "Data",
        "Data and fit, in the middle",
        "Spectrum",
        "Residuals",
        "What would follow",
    ]
    assert all(mark.x.size <= 7000 for plot in plots for mark in plot.marks if hasattr(mark, "y1"))
    assert "CSV" not in [source.label for source in only(document, Code)[0].sources]


@pytest.mark.parametrize(
    ("inputs", "field", "code"),
    [
        ({"data": ""}, "data", "empty"),
        ({"data": "no numbers"}, "data", "syntax"),
        ({"data": "1 2\n3 4"}, "data", "value"),
        ({"tones": "many"}, "tones", "value"),
        ({"tones": "33"}, "tones", "value"),
        ({"form": "A sin(x"}, "form", "unbalanced"),
        ({"trend": "cubic"}, "trend", "choice"),
        ({"fmax": "0"}, "fmax", "value"),
        ({"fmax": "1e12"}, "fmax", "value"),
        ({"fmax": "high"}, "fmax", "value"),
        ({"columns": "1,9"}, "columns", "value"),
    ],
)
def test_bad_input_is_told_at_its_field(inputs: dict[str, str], field: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        nabla.run("fit", EXAMPLE | {"form": "auto"} | inputs)
    assert (caught.value.field, caught.value.code) == (field, code)


def test_huge_and_tiny_values() -> None:
    for size in (1e308, 1e-300):
        (tone,) = answer(size * np.cos(2 * np.pi * 4.2 * X)).values["tones"]
        assert tone["amplitude"] == pytest.approx(size, rel=1e-9)
        assert tone["frequency"] == pytest.approx(4.2, abs=1e-9)


def test_the_proof_is_a_simulation_that_was_run() -> None:
    rng = np.random.default_rng(10)
    document = answer(np.cos(2 * np.pi * 12.34 * X + 1) + 0.3 * rng.normal(size=100), panel="proof")
    table = only(document, Table)[1]
    ((frequency, *ratios),) = [[float(cell) for cell in row[:4]] for row in table.rows]
    assert frequency == pytest.approx(12.34, abs=0.05)
    assert all(0.8 < ratio < 1.2 for ratio in ratios)
    verdicts = {check.claim: check.verdict for check in only(document, Check)}
    assert verdicts["The error is that of the bound"] == verdicts["95 % intervals hold the truth"] == "passed"


def test_descents_fail_where_the_fit_succeeds() -> None:
    document = nabla.run("fit", EXAMPLE | {"panel": "descent"})
    assert "**0 of 50** found every sinusoid" in " ".join(
        block.text for block in document.blocks if block.kind == "prose"
    )
    losses = {row[0]: row[1] for row in only(document, Table)[1].rows}
    assert losses["Descents, best"] > 1 > 1e-15 > losses["Fourier start and least squares"]
    assert losses["The best one, rounded to whole numbers"] > 1
    comb = next(plot for plot in only(document, Plot) if plot.title == "The loss along one frequency")
    best = comb.marks[1]
    assert best.x[np.argmin(best.y)] == pytest.approx(10, abs=0.05)


def test_panels_are_offered_and_bounded() -> None:
    offered = [note.inputs.get("panel") for note in only(nabla.run("fit", EXAMPLE), Note)]
    assert {"proof", "descent"} <= set(offered)
    with pytest.raises(UserError) as caught:
        x = np.arange(3000) / 100
        answer(np.cos(x * 20), x=x, panel="descent")
    assert caught.value.field == "panel"


def test_terms_that_nearly_cancel_keep_the_digits_that_they_need() -> None:
    x = np.linspace(0, 4, 50)
    noise = np.random.default_rng(0).standard_normal(50)
    document = nabla.fit(x.tolist(), (2.5 * np.exp(-1.3 * x) + 0.5 + 0.02 * noise).tolist(), models="sinusoids")
    shown = next(block for block in document.blocks if getattr(block, "role", "") == "result")
    assert not re.search(r"(?<![\d.])0\\,\\(cos|sin)", shown.tex)
    check = next(check for check in document.checks if "fits as well as it should" in check.claim)
    assert check.verdict == "passed"


def test_outliers_have_no_variance_to_explain() -> None:
    n = np.arange(100)
    y = np.sin(0.3 * n) + 0.05 * np.random.default_rng(1).standard_normal(100) + np.where(n % 33 == 5, 300, 0)
    document = nabla.fit(n.tolist(), y.tolist(), robust="on")
    share = re.search(r"explains\*\* ([-\d.]+) % of the variance beside the outliers", document.answer.tex)
    assert share and 95 < float(share[1]) <= 100
