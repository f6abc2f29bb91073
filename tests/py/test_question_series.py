"""Series of numbers as sentences have them, and programs whose data are elsewhere."""

import math

import numpy as np
import pytest

import nabla
from nabla.errors import UserError
from nabla.question.roles import read
from nabla.question.series import series_in
from nabla.read.data import read_data
from nabla.read.data.rate import read_sampling


def table(text: str) -> list[list[float]]:
    """The rows of numbers that are read of a text."""
    rows = [row.split("\t") for row in series_in(text)[0].split("\n")]
    return [[float(cell) for cell in row] for row in rows if row[0][:1].isdigit() or row[0][:1] in "-."]


LINE = [[float(i), 2 * i + 1.5] for i in range(1, 6)]


@pytest.mark.parametrize(
    "written",
    [
        lambda: ", ".join(f"({x:g}, {y})" for x, y in LINE),
        lambda: " and ".join(f"[{x:g},{y}]" for x, y in LINE),
        lambda: (
            "x values: " + ", ".join(f"{x:g}" for x, _ in LINE) + "\ny values: " + ", ".join(f"{y}" for _, y in LINE)
        ),
        lambda: (
            "A = {" + ", ".join(f"{x:g}" for x, _ in LINE) + "} and B = {" + ", ".join(f"{y}" for _, y in LINE) + "}"
        ),
        lambda: ", ".join(f"after {x:g} s it is at {y} m" for x, y in LINE),
        lambda: r"\begin{tabular}{cc} t & y \\ " + r" \\ ".join(rf"{x:g} & ${y}$" for x, y in LINE) + r"\end{tabular}",
        lambda: "\n".join(f"{name}: {y}" for name, (_, y) in zip("Jan Feb Mar Apr May".split(), LINE, strict=True)),
    ],
)
def test_pairs_in_sentences_are_a_table(written) -> None:
    text = f"I measured this. {written()}. What line is it?" if ":" not in written() else f"I measured:\n{written()}\n"
    assert table(text) == LINE


def test_sentences_with_few_numbers_hold_no_series() -> None:
    for text in ("between (0, 1) and (2, 3)", "for x = 1, 2 and y = 3", "it fell 3 m in 2 s and 5 m in 4 s", "Jan: 4"):
        assert series_in(text) == ("", [])


WAVE = "def f(t, a, w, p):\n    return a*np.sin(w*t + p)"


def test_a_file_that_is_not_there_is_asked_for_with_its_line() -> None:
    code = (
        f'import numpy as np\nfrom scipy.optimize import curve_fit\nt, y = np.loadtxt("run.txt", unpack=True)\n{WAVE}\n'
    )
    with pytest.raises(nabla.UserError, match=r"line 3: t, y = np.loadtxt"):
        nabla.ask(f"Why is it flat?\n\n{code}popt, pcov = curve_fit(f, t, y)\nprint(popt)\n")


def test_a_table_behind_a_program_is_the_file_that_it_reads() -> None:
    t = np.arange(0, 12, 0.25)
    rows = "\n".join(f"{i},{a:g},{b:.3f}" for i, (a, b) in enumerate(zip(t, 3 * np.sin(4.2 * t + 0.4), strict=True)))
    code = (
        'import numpy as np\nimport pandas as pd\nfrom scipy.optimize import curve_fit\ndf = pd.read_csv("run.csv")\n'
        f"x = df['sec'].values\ny = df['volt']\n{WAVE}\npopt, pcov = curve_fit(f, x, y)\n"
    )
    document = nabla.ask(f"{code}\nIt is flat. run.csv:\n\nno,sec,volt\n{rows}\n")
    assert document.values["read"] == {"x": "sec", "y": "volt", "rows": t.size, "step": 0.25}
    assert document.values["model"]["parameters"]["w"] == pytest.approx(4.2, abs=1e-3)
    assert document.values["findings"][0]["kind"] == "frequency-start"


def test_a_formula_is_fitted_in_the_names_of_the_columns() -> None:
    s = np.array([0.1, 0.2, 0.5, 1, 2, 5, 10, 20])
    v = ", ".join(f"{value:.4f}" for value in 5 * s / (1.2 + s))
    document = nabla.ask(f"Fit v = Vmax*S/(Km + S)\n\nS = {', '.join(map(str, s))}\nv = {v}\n")
    parameters = document.values["model"]["parameters"]
    assert parameters == {"Vmax": pytest.approx(5, abs=0.01), "Km": pytest.approx(1.2, abs=0.01)}
    given = nabla.ask(f"Fit v = Vmax*S/(Km + S) where Vmax = 5\n\nS = {', '.join(map(str, s))}\nv = {v}\n")
    assert given.values["model"]["parameters"] == {"Km": pytest.approx(1.2, abs=0.01)}


def test_parameters_that_do_the_same_are_named_and_one_is_held() -> None:
    x = np.linspace(0, 10, 30)
    y = (2 * np.exp(-0.5 * (x - 1)) + 0.3).tolist()
    document = nabla.run("fit", {"data": f"x = {x.tolist()}\ny = {y}", "form": "a*exp(-k*(x - b)) + c"})
    assert [finding["kind"] for finding in document.values["findings"]] == ["redundant-parameter"]
    parameters = document.values["model"]["parameters"]
    assert parameters == {"a": pytest.approx(2 * np.exp(0.5)), "k": pytest.approx(0.5), "c": pytest.approx(0.3)}


def test_angles_in_degrees_are_told() -> None:
    x = np.arange(0, 361, 15.0)
    data = f"angle = {x.tolist()}\ny = {(4 * np.cos(np.radians(x)) ** 2 + 0.2).round(3).tolist()}"
    document = nabla.run("fit", {"data": data, "form": "I = A*cos(theta)^2 + c"})
    assert [finding["kind"] for finding in document.values["findings"]] == ["degrees"]
    assert document.values["model"]["parameters"]["A"] == pytest.approx(4, abs=0.01)


def test_pylab_programs_run() -> None:
    code = "from pylab import *\nt = arange(200)*0.01\ny = sin(2*pi*12*t)\nY = fft(y)\nplot(fftfreq(200), abs(Y))\n"
    document = nabla.run("fit", {"code": code})
    assert document.values["tones"][0]["frequency"] == pytest.approx(12)
    assert {"unit-step", "amplitude-scale"} <= {finding["kind"] for finding in document.values["findings"]}


def test_clock_times_in_sentences_are_an_axis() -> None:
    told = ", ".join(f"at {h}:00 {2 + np.cos(2 * np.pi * h / 12.4):.3f} m" for h in range(0, 24, 2))
    document = nabla.ask(f"The water stood {told}. What is the period of the tide?")
    assert document.values["read"]["rows"] == 12
    assert 1 / document.values["tones"][0]["frequency"] == pytest.approx(12.4, rel=0.02)


def test_the_one_column_of_values_is_never_the_axis() -> None:
    rows = "\n".join(f"{i},{2048 + 900 * np.sin(2 * np.pi * 60 * i / 1000):.0f}" for i in range(120))
    document = nabla.ask(f"sample,adc\n{rows}\n\nsampled at 1 kHz. Which frequency is it?")
    assert document.values["read"]["y"] == "adc"
    assert document.values["tones"][0]["frequency"] == pytest.approx(60, abs=0.1)


def test_a_name_with_an_index_beside_its_letter_is_one_name() -> None:
    f = np.array([10.0, 30, 100, 300, 1000, 3000, 10000])
    rows = "\n".join(f"{a:g}, {1 / np.sqrt(1 + (a / 310) ** 2):.5f}" for a in f)
    document = nabla.ask(f"freq (Hz), gain\n{rows}\nfit gain = 1/sqrt(1+(f/fc)^2)")
    assert abs(document.values["model"]["parameters"]["fc"]) == pytest.approx(310, rel=1e-3)


def test_a_logistic_curve_has_no_half_life() -> None:
    x = np.linspace(0, 10, 30)
    data = f"x = {x.tolist()}\ny = {(5 / (1 + np.exp(-2 * (x - 5)))).tolist()}"
    document = nabla.run("fit", {"data": data, "form": "L/(1 + exp(-k*(x - m)))"})
    assert "half_life" not in document.values["model"]


def test_a_transform_of_matlab_is_run() -> None:
    text = "fs=100; t=0:1/fs:1-1/fs; x=3*cos(2*pi*10*t);\nX=fft(x); plot(abs(X))\n"
    document = nabla.ask(f"{text}Why is the height 150 at 11 and not 3 at 10?")
    assert document.values["tones"][0]["amplitude"] == pytest.approx(3)
    assert [finding["kind"] for finding in document.values["findings"]] == ["amplitude-scale"]


DAY = 2 * np.pi / 24
TABLES = {
    "days of the year": "day,temp\n" + "\n".join(f"2023-{i + 1:03},{24 + np.sin(DAY * i):.3f}" for i in range(48)),
    "of a server": "\n".join(
        f"{1 + i // 24:02}/Mar/2024:{i % 24:02}:00:00 {500 + 200 * np.sin(DAY * i):.1f}" for i in range(48)
    ),
    "tibble": "# A tibble: 48 × 2\n       t     y\n   <dbl> <dbl>\n"
    + "\n".join(f"{i + 1:2} {i} {np.sin(DAY * i):.4f}" for i in range(48)),
    "Polars": "┌────┬─────┐\n│ t  ┆ y   │\n│ --- ┆ --- │\n│ i64 ┆ f64 │\n╞════╪═════╡\n"
    + "\n".join(f"│ {i} ┆ {np.sin(DAY * i):.4f} │" for i in range(48)),
    "a buoy": "YYYY MM DD hh mm WVHT\n"
    + "\n".join(f"2024 01 {1 + i // 24:02} {i % 24:02} 00 {2 + np.sin(DAY * i):.3f}" for i in range(48)),
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_table_between_sentences_keeps_its_head_and_its_times(table: str) -> None:
    reading = read(f"Hi, I logged this last year.\n\n{table}\n\nIs there a daily cycle in it? Thank you")
    assert reading.data.strip() in (table.strip(), table.partition("\n")[2].strip())
    data = read_data(reading.data)
    assert data.x.size == 48 and np.allclose(np.diff(data.x), 1)
    assert data.y_name in ("temp", "y", "WVHT", "column 2")


def test_lines_of_labelled_numbers_are_a_series() -> None:
    lines = "\n".join(f"t = {60 * i}, T = {22 + round(68 * 0.7**i, 2)}" for i in range(7))
    document = nabla.ask(f"{lines}\nFit y = a exp(-k t) + c to this.")
    assert document.lab == "fit"
    assert document.values["model"]["parameters"]["c"] == pytest.approx(22, abs=0.1)
    assert not series_in("x = 1, f = 2\nx = 3, f = 4\nthen the rest")[0]


WEEKS = [round(12 + 2 * math.sin(0.5 * week), 3) for week in range(40)]


@pytest.mark.parametrize(("mark", "scale"), [(",", 1000), (".", 1)])
def test_numbers_between_semicolons_are_one_each(mark: str, scale: int) -> None:
    numbers = "; ".join(f"{value:.3f}".replace(".", mark) for value in WEEKS)
    answered = nabla.ask(f"I counted visitors each week.\n\nweek 0-39: {numbers}\n\nHow long is the cycle?")
    (tone,) = answered.values["tones"]
    assert abs(1 / tone["frequency"] - 4 * math.pi) < 0.05
    assert abs(tone["amplitude"] / scale - 2) < 0.02


@pytest.mark.parametrize("sign", ["±", "+/-", "+-"])
def test_errors_behind_the_values_of_a_list_are_a_column(sign: str) -> None:
    told = ", ".join(f"{y} {sign} {e}" for y, e in zip((2.1, 3.9, 6.2, 7.8), (0.2, 0.1, 0.3, 0.2), strict=True))
    answered = nabla.ask(f"I want the line through these with errors in y:\nx: 1, 2, 3, 4\ny: {told}\nslope?")
    weights = np.array([0.2, 0.1, 0.3, 0.2]) ** -1.0
    slope = np.polyfit([1, 2, 3, 4], [2.1, 3.9, 6.2, 7.8], 1, w=weights)[0]
    assert abs(answered.values["model"]["parameters"]["a"] - slope) < 1e-9


def test_a_formula_above_rows_is_no_heading_of_theirs() -> None:
    answered = nabla.ask("fit y = a*x^b to\nx 1 2 3 5 8\ny 3.1 8.6 15.4 33.0 68.5\nI get b=1.49. ok?")
    assert answered.values["read"]["rows"] == 5
    assert abs(answered.values["model"]["parameters"]["b"] - 1.5243) < 1e-3


@pytest.mark.parametrize("half", ["PM", "pm", "p.m."])
def test_the_half_of_the_day_is_a_part_of_the_clock_time(half: str) -> None:
    other = half.replace("P", "A").replace("p", "a")
    times = [f"{hour}:{minute:02d} {half}" for hour in (9, 10, 11) for minute in range(0, 60, 15)]
    times += [f"{hour}:{minute:02d} {other}" for hour in (12, 1, 2, 3) for minute in range(0, 60, 15)]
    rows = "\n".join(f"{time}  {12 + 3 * math.sin(0.8 * i):.2f}" for i, time in enumerate(times))
    answered = nabla.ask(f"What's the cycle time?\n{rows}")
    assert answered.values["read"]["rows"] == len(times)
    assert abs(1 / answered.values["tones"][0]["frequency"] - 900 * 2 * math.pi / 0.8) < 60


@pytest.mark.parametrize("brackets", ["({}, {})", "[{}, {}]", "({}; {}),"])
def test_points_in_brackets_one_a_line_are_rows(brackets: str) -> None:
    rows = "\n".join(brackets.format(f"{x / 4:.3f}", f"{1 + x / 2:.3f}") for x in range(9))
    answered = nabla.ask(f"Fit a line to the data:\n{rows}\nThanks")
    assert answered.values["read"]["rows"] == 9
    assert abs(answered.values["model"]["parameters"]["a"] - 2) < 1e-9


def test_a_call_in_a_sentence_is_no_vector() -> None:
    answered = nabla.ask("np.polyfit(x, y, 1) for x=[1,2,3,4,5], y=[2.2,4.1,6.0,8.3,9.8]: what is R^2?")
    assert answered.lab == "fit"
    assert abs(answered.values["model"]["parameters"]["a"] - 1.94) < 1e-9


def test_samples_within_a_time_are_a_rate() -> None:
    sampling = read_sampling("64 samples in 1 s")
    assert sampling is not None
    assert (sampling.step, sampling.unit) == (1 / 64, "s")


@pytest.mark.parametrize(
    "asked", ["Which period does this have?", "My data are:", "Fit these for me please.", "I measured"]
)
@pytest.mark.parametrize("end", ["", ",", ";"])
def test_the_first_list_may_stand_behind_the_words(asked: str, end: str) -> None:
    """A list at the end of a line of words and another that begins the next line are one table."""
    times, values = [i / 10 for i in range(10)], [0, 1, 0, -1, 0, 1, 0, -1, 0, 1]
    found, own = read(f"{asked} t = {times}{end}\ny = {values}"), read(f"{asked}\nt = {times}{end}\ny = {values}")
    assert found.data.split() == own.data.split() and "t" in found.data


@pytest.mark.parametrize("between", [", ", " and ", "\n", "; "])
@pytest.mark.parametrize("asked", ["Fit a line: ", "How do I fit this? ", "What is the slope?\n"])
def test_lists_of_different_lengths_are_told_and_none_is_fitted_alone(asked: str, between: str) -> None:
    with pytest.raises(UserError, match="differ in length: x 6 and y 5"):
        nabla.ask(f"{asked}x = [1, 2, 3, 4, 5, 6]{between}y = [2.1, 3.9, 6.2, 7.8, 10.1]")


@pytest.mark.parametrize(
    "between", [", ", "; ", "\n", " ", " and ", ", and ", " & ", " with ", " vs. ", " versus ", " and then "]
)
def test_no_list_of_a_line_is_passed_over(between: str) -> None:
    data = read_data(f"x = [1, 2, 3, 4, 5, 6]{between}y = [2.1, 3.9, 6.2, 7.8, 10.1, 12]")
    assert list(data.x) == [1, 2, 3, 4, 5, 6] and list(data.y) == [2.1, 3.9, 6.2, 7.8, 10.1, 12]
