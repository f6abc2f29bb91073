"""One series in the shapes in which people paste it: whatever the shape, the same x and y are read."""

import itertools
import json
from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import pytest

from nabla.errors import UserError
from nabla.read.data import read_data
from nabla.read.data.rate import read_sampling

N = 24
T = [round(0.25 * i, 2) for i in range(N)]
V = [round(3 + 2 * float(np.sin(1.7 * t)) + 0.01 * i, 3) for i, t in enumerate(T)]
ERR = [0.05] * N
START = datetime(2024, 2, 27)

Rows = list[tuple[float, ...]]


def csv(names: list[str], rows: Rows, separator: str = ",", number: Callable[[float], str] = str) -> str:
    return "\n".join([separator.join(names), *(separator.join(map(number, row)) for row in rows)])


def pairs() -> Rows:
    return list(zip(T, V, strict=True))


def indexed() -> Rows:
    return [(i, *row) for i, row in enumerate(pairs())]


def german(value: float) -> str:
    return str(value).replace(".", ",")


def printed(names: list[str], rows: Rows, start: int) -> str:
    cells = [["", *names], *([str(start + i), *map(str, row)] for i, row in enumerate(rows))]
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells)


def r_print(values: list[float], a_line: int = 7) -> str:
    starts = range(0, len(values), a_line)
    return "\n".join(f" [{i + 1}] " + " ".join(f"{v:g}" for v in values[i : i + a_line]) for i in starts)


def wrapped(values: list[float], a_line: int = 6) -> str:
    return ",\n".join(", ".join(map(str, values[i : i + a_line])) for i in range(0, len(values), a_line))


SHAPES = {
    "comma": csv(["time", "v"], pairs()),
    "tab": csv(["time", "v"], pairs(), "\t"),
    "semicolon, decimal commas": csv(["Zeit [s]", "U [V]"], pairs(), ";", german),
    "index without a name": csv(["", "time", "voltage"], indexed()),
    "index of pandas": csv(["Unnamed: 0", "time", "voltage"], indexed()),
    "id first": csv(["id", "t", "v"], [(i + 1, *row) for i, row in enumerate(pairs())]),
    "values first": csv(["voltage", "time_s"], [row[::-1] for row in pairs()]),
    "with an error": csv(["t", "err", "v"], [(t, 0.05, v) for t, v in pairs()]),
    "with a flag": csv(["flag", "t", "v"], [(i % 2, t, v) for i, (t, v) in enumerate(pairs())]),
    "R's row names": "\n".join(['"t" "v"', *(f'"{i + 1}" {t} {v}' for i, (t, v) in enumerate(pairs()))]),
    "frame of R": printed(["t", "v"], pairs(), 1),
    "frame of pandas": printed(["t", "v"], pairs(), 0) + "\n\n[24 rows x 2 columns]",
    "Markdown": "| t (s) | v |\n|---|---:|\n" + "\n".join(f"| {t} | {v} |" for t, v in pairs()),
    "ruled": "+---+---+\n| t | v |\n+---+---+\n" + "\n".join(f"| {t} | {v} |" for t, v in pairs()) + "\n+---+---+",
    "remarks in front": "# made by a logger\n# channel 3\n" + csv(["t", "v"], pairs()),
    "a preamble": "Logger 7\nSerial: A-113\nChannel: 2\n\n" + csv(["t", "v"], pairs()),
    "unit row": csv(["t", "v"], []) + "\ns,V\n" + "\n".join(f"{t},{v}" for t, v in pairs()),
    "records": json.dumps([{"t": t, "v": v} for t, v in pairs()]),
    "records over lines": json.dumps([{"t": t, "v": v} for t, v in pairs()], indent=1),
    "columns of JSON": json.dumps({"t": T, "v": V}),
    "dictionary of Python": str({"t": T, "v": V}),
    "frame in code": f"import pandas as pd\ndf = pd.DataFrame({{'t': {T}, 'v': {V}}})",
    "arrays": f"t = np.arange({N}) * 0.25\nv = np.array([{wrapped(V)}])\nplt.plot(t, v)\nplt.show()",
    "arrays with limits beside": f"t = np.arange(0, 6, 0.25)\ny = [{wrapped(V)}]\nplt.ylim([0, 6])\np0 = [1, 1, 0]",
    "linspace": f"t = np.linspace(0, {T[-1]}, {N})\ny = {V}",
    "rate": f"fs = 4\nN = {N}\nt = np.arange(N)/fs\nx = [{wrapped(V)}]",
    "rate without times": f"fs = 4  # Hz\nx = np.array([{wrapped(V)}])",
    "step without times": f"dt = 0.25\nx = np.array([{wrapped(V)}])",
    "np.float64 in pairs": str([(f"np.float64({t})", f"np.float64({v})") for t, v in pairs()]).replace("'", ""),
    "print of NumPy": f"{np.array(T)}\n{np.array(V)}",
    "repr of NumPy": f"t = {np.array(T)!r}\nv = {np.array(V)!r}",
    "matrix of NumPy": repr(np.array(pairs())),
    "two rows of a matrix": repr(np.array(pairs()).T),
    "tensor": f"t = torch.tensor({T})\ny = torch.tensor({V})",
    "MATLAB": f"t = (0:{N - 1})'*0.25;\nv = [{' '.join(map(str, V))}]';\nplot(t, v)",
    "MATLAB's rows": "M = [" + "; ".join(f"{t} {v}" for t, v in pairs()) + "];\nplot(M(:,1), M(:,2), 'o')",
    "MATLAB's lines": "M = [\n" + "\n".join(f"{t} {v}" for t, v in pairs()) + "\n];",
    "MATLAB's dots": f"t = 0:0.25:{T[-1]};\nv = [" + " ...\n ".join(map(str, V)) + "];",
    "R": f"t <- seq(0, {T[-1]}, by = 0.25)\ny <- c({wrapped(V)})\nplot(t, y)",
    "R's length": f"t <- seq(0, {T[-1]}, length.out = {N})\ny <- c({wrapped(V)})",
    "R's colon": f"t <- 0:{N - 1}*0.25\ny <- c({wrapped(V)})",
    "frame of R in code": f"df <- data.frame(t = c({wrapped(T)}), y = c({wrapped(V)}))",
    "prints of R": f"> t\n{r_print(T)}\n> v\n{r_print(V)}",
    "Mathematica": "data = {" + ", ".join(f"{{{t}, {v}}}" for t, v in pairs()) + "};",
    "C": f"double t[] = {{{wrapped(T)}}};\ndouble v[{N}] = {{{wrapped(V)}}};",
    "one column after another": "t\n" + "\n".join(map(str, T)) + "\n\nv\n" + "\n".join(map(str, V)),
    "two long lines": "t: " + " ".join(map(str, T)) + "\nv: " + " ".join(map(str, V)),
    "per cents": csv(["t", "humidity"], pairs()),
    "Fortran": "\n".join(f"{t:.6E} {v:.6E}".replace("E", "D") for t, v in pairs()),
    "wrapped prints of NumPy": f"t = {np.array(T * 1)}\nv = {np.array(V) + 0.0}",
    "tibble": "# A tibble: 24 × 2\n       t     v\n   <dbl> <dbl>\n"
    + "\n".join(f"{i + 1:2} {t} {v}" for i, (t, v) in enumerate(pairs())),
    "Polars": "┌──────┬───────┐\n│ t    ┆ v     │\n│ ---  ┆ ---   │\n│ f64  ┆ f64   │\n╞══════╪═══════╡\n"
    + "\n".join(f"│ {t} ┆ {v} │" for t, v in pairs())
    + "\n└──────┴───────┘",
    "labels in every row": "\n".join(f"t = {t}, v = {v}" for t, v in pairs()),
    "labels and units": "\n".join(f"t={t}s: {v} V" for t, v in pairs()),
}


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES)
def test_the_same_series_in_every_shape(text: str) -> None:
    data = read_data(text)
    np.testing.assert_allclose(data.x, T, atol=1e-9)
    np.testing.assert_allclose(data.y, V, atol=1e-9)
    assert not data.dropped


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
@pytest.mark.parametrize("names", [["", "time_s", "volt", "err"], ["id", "date", "value", "value_err"]])
def test_roles_do_not_depend_on_the_order_of_columns(names: list[str], order: tuple[int, ...]) -> None:
    rows = [(i, t, v, 0.05) for i, (t, v) in enumerate(pairs())]
    data = read_data(csv([names[i] for i in order], [tuple(row[i] for i in order) for row in rows]))
    np.testing.assert_allclose(data.x, T)
    np.testing.assert_allclose(data.y, V)


def test_roles_do_not_depend_on_the_order_of_rows() -> None:
    rows = pairs()
    np.random.default_rng(3).shuffle(rows)
    data = read_data(csv(["t", "v"], rows))
    np.testing.assert_allclose(data.x, T)
    np.testing.assert_allclose(data.y, V)


def days(form: Callable[[datetime], str]) -> list[str]:
    return [form(START + timedelta(days=i)) for i in range(N)]


DAILY = {
    "ISO": lambda d: d.strftime("%Y-%m-%d"),
    "ISO with a zone": lambda d: d.strftime("%Y-%m-%dT00:00:00+01:00"),
    "ISO with Z": lambda d: d.strftime("%Y-%m-%dT00:00:00Z"),
    "slashes, year first": lambda d: d.strftime("%Y/%m/%d"),
    "dots": lambda d: d.strftime("%d.%m.%Y"),
    "day first": lambda d: d.strftime("%d/%m/%Y"),
    "month first": lambda d: f"{d.month}/{d.day}/{d.year}",
    "two digits of the year": lambda d: f"{d.month}/{d.day}/{d.year % 100}",
    "month by name": lambda d: d.strftime("%d-%b-%y"),
    "month by name in front": lambda d: d.strftime("%b %d %Y"),
    "eight digits": lambda d: d.strftime("%Y%m%d"),
    "Unix seconds": lambda d: str(int((d - datetime(1970, 1, 1)).total_seconds())),
    "weekdays": lambda d: d.strftime("%a, %d %b %Y"),
    "days of the year": lambda d: d.strftime("%Y-%j"),
    "twelve digits": lambda d: d.strftime("%Y%m%d%H%M"),
    "packed with T": lambda d: d.strftime("%Y%m%dT%H%M%SZ"),
    "of a server": lambda d: d.strftime("%d/%b/%Y:%H:%M:%S"),
    "of C": lambda d: d.strftime("%a %b %d %H:%M:%S %Y"),
    "Unix milliseconds": lambda d: str(int((d - datetime(1970, 1, 1)).total_seconds() * 1000)),
}


@pytest.mark.parametrize("form", DAILY.values(), ids=DAILY)
def test_days_in_every_spelling(form: Callable[[datetime], str]) -> None:
    data = read_data("\n".join(["date;v", *(f"{day};{v}" for day, v in zip(days(form), V, strict=True))]))
    np.testing.assert_allclose(data.x, np.arange(N))
    np.testing.assert_allclose(data.y, V)
    assert data.x_unit == "d" and data.start


HOURLY = {
    "one column": ("%Y-%m-%d %H:%M", ","),
    "date and time apart": ("%Y-%m-%d,%H:%M:%S", ","),
    "blanks": ("%Y-%m-%d %H:%M:%S", "    "),
    "half days": ("%m/%d/%Y %I:%M:%S %p", ","),
    "hours with one digit": ("%-m/%-d/%Y %-H:%M", ","),
    "German": ("%d.%m.%Y %H:%M", ";"),
    "hours alone": ("%Y-%m-%d %H", ","),
    "hours with h": ("%Y-%m-%d %Hh%M", ","),
    "hours as a number": ("%Y%m%d,%H%M", ","),
}


@pytest.mark.parametrize(("form", "separator"), HOURLY.values(), ids=HOURLY)
def test_hours_in_every_spelling(form: str, separator: str) -> None:
    stamps = [(START + timedelta(hours=i)).strftime(form) for i in range(N)]
    head = [] if separator == "    " else [separator.join((["date", "time"] if "," in form else ["date"]) + ["v"])]
    data = read_data("\n".join([*head, *(f"{s}{separator}{v}" for s, v in zip(stamps, V, strict=True))]))
    np.testing.assert_allclose(data.x, np.arange(N))
    assert data.x_unit == "h" and data.rows == N


def test_a_clock_that_passes_midnight_goes_on() -> None:
    stamps = [(START + timedelta(hours=18, minutes=40 * i)).strftime("%H:%M") for i in range(N)]
    data = read_data("\n".join(["time v", *(f"{s} {v}" for s, v in zip(stamps, V, strict=True))]))
    np.testing.assert_allclose(data.x * {"h": 60, "s": 1 / 60}[data.x_unit], 40 * np.arange(N))
    assert any("midnight" in remark for remark in data.remarks)


MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
MONTHLY = {
    "six digits": "yyyymm,v\n" + "\n".join(f"{1990 + i // 12}{i % 12 + 1:02},{v}" for i, v in enumerate(V)),
    "two columns": "year,month,v\n" + "\n".join(f"{1990 + i // 12},{i % 12 + 1},{v}" for i, v in enumerate(V)),
    "named months": "Year,Month,v\n" + "\n".join(f"{1990 + i // 12},{MONTHS[i % 12]},{v}" for i, v in enumerate(V)),
    "one word": "when;v\n" + "\n".join(f"{MONTHS[i % 12].upper()} {1990 + i // 12};{v}" for i, v in enumerate(V)),
    "years of two digits": "when,v\n" + "\n".join(f"{MONTHS[i % 12]}-{90 + i // 12},{v}" for i, v in enumerate(V)),
    "years in front": "when,v\n" + "\n".join(f"{90 + i // 12}-{MONTHS[i % 12]},{v}" for i, v in enumerate(V)),
    "with M": "when,v\n" + "\n".join(f"{1990 + i // 12}M{i % 12 + 1:02},{v}" for i, v in enumerate(V)),
    "ISO": "month,v\n" + "\n".join(f"{1990 + i // 12}-{i % 12 + 1:02},{v}" for i, v in enumerate(V)),
    "a row a year": "Year "
    + " ".join(MONTHS)
    + "\n"
    + "\n".join(f"{1990 + k} " + " ".join(map(str, V[12 * k : 12 * k + 12])) for k in range(2)),
}


@pytest.mark.parametrize("text", MONTHLY.values(), ids=MONTHLY)
def test_months_are_an_even_axis_in_years(text: str) -> None:
    data = read_data(text)
    np.testing.assert_allclose(data.x, np.arange(N) / 12, atol=1e-12)
    np.testing.assert_allclose(data.y, V)
    assert data.x_unit == "a" and data.start == "1990-01"


def test_quarters() -> None:
    data = read_data("\n".join(f"{1960 + i // 4}Q{i % 4 + 1},{v}" for i, v in enumerate(V)))
    np.testing.assert_allclose(data.x, np.arange(N) / 4)

    data = read_data("\n".join(f"{i % 4 + 1}Q{60 + i // 4},{v}" for i, v in enumerate(V) if i < 24))
    np.testing.assert_allclose(data.x, np.arange(N) / 4)


@pytest.mark.parametrize("quarter", ["Q{}", "{}"])
def test_quarters_beside_their_years(quarter: str) -> None:
    rows = [f"{1990 + i // 4} {quarter.format(i % 4 + 1)} {v}" for i, v in enumerate(V)]
    data = read_data("\n".join(["year quarter v", *rows]))
    np.testing.assert_allclose(data.x, np.arange(N) / 4)
    assert (data.x_unit, data.y_name, data.start) == ("a", "v", "1990Q1")


def test_weeks_and_moments_of_buoys_and_astronomers() -> None:
    weeks = read_data("when,v\n" + "\n".join(f"2024-W{i + 1:02},{v}" for i, v in enumerate(V)))
    np.testing.assert_allclose(weeks.x, 7 * np.arange(N))
    hours = [START + timedelta(hours=i) for i in range(N)]
    buoy = read_data(
        "#YY MM DD hh mm v\n" + "\n".join(f"{h:%Y %m %d %H %M} {v}" for h, v in zip(hours, V, strict=True))
    )
    np.testing.assert_allclose(buoy.x, np.arange(N))
    assert (buoy.x_unit, buoy.start) == ("h", "2024-02-27")
    for name in ("JD", "MJD"):
        assert read_data(f"{name},v\n" + "\n".join(f"{60000 + t},{v}" for t, v in pairs())).x_unit == "d"


@pytest.mark.parametrize("stamp", ["2024|day {}|03", "{} Thermidor 12", "sol {}/88", "week {}-2024"])
def test_times_that_are_not_read_are_not_replaced_by_row_numbers(stamp: str) -> None:
    text = "when;v\n" + "\n".join(f"{stamp.format(i + 1)};{v}" for i, v in enumerate(V))
    with pytest.raises(UserError, match="looks like times"):
        read_data(text)
    assert read_data(text, "v").x.size == N


def test_dates_with_two_readings_are_asked_about() -> None:
    text = "when,v\n" + "\n".join(f"01/{m:02}/2024,{m}" for m in range(1, 10))
    with pytest.raises(UserError) as caught:
        read_data(text)
    assert caught.value.code == "unsure"
    assert read_data(text, columns="1 mdy, 2").x.tolist() == list(range(9))
    assert read_data(text, columns="when dmy, v").x.tolist()[:3] == [0, 31, 60]


@pytest.mark.parametrize("mark", ["-9999", "-99.9", "999.9", "1e20"])
def test_a_mark_of_missing_values_far_from_the_rest_is_no_value(mark: str) -> None:
    rows = [f"{t},{mark if i in (3, 7) else v}" for i, (t, v) in enumerate(pairs())]
    data = read_data("\n".join(["t,v", *rows]))
    assert data.x.size == N - 2 and any("read as no value" in remark for remark in data.remarks)


def test_a_number_that_could_be_a_mark_but_is_near_the_rest_is_a_value() -> None:
    data = read_data("t,v\n" + "\n".join(f"{i},{v}" for i, v in enumerate([-99, -98, -97.5, -96, -99, -95, -97])))
    assert data.x.size == 7


@pytest.mark.parametrize(
    "text",
    [
        "x = [0. 0.1 0.2 ... 9.7 9.8 9.9]\ny = [1. 2. 3. ... 4. 5. 6.]",
        "tensor([0.1000, 0.2000,  ..., 0.9000, 1.0000])",
        "   t    v\n0  0.0  1.2\n1  0.2  1.4\n..  ...  ...\n98  24.5  1.1\n99  24.7  1.0\n\n[100 rows x 2 columns]",
    ],
)
def test_shortened_prints_are_refused(text: str) -> None:
    with pytest.raises(UserError) as caught:
        read_data(text)
    assert caught.value.code == "elided"


def test_numbers_that_run_on_over_lines_are_one_list() -> None:
    data = read_data("8.97, 9.64, 11.06,\n12.66, 14.36, 15.32, 15.50, 14.87, 13.37,\n11.60, 10.06 and 9.00")
    assert data.y.size == 12 and data.y[-1] == 9


def test_rows_with_marks_and_units_in_cells() -> None:
    data = read_data("t,share\n" + "\n".join(f"{i},{v}{'*' if i == 4 else ''}%" for i, v in enumerate(V)))
    np.testing.assert_allclose(data.y, V)
    assert data.y_unit == "%"


@pytest.mark.parametrize(
    ("text", "step", "unit"),
    [
        ("Sampled at 40 Hz", 0.025, "s"),
        ("sampling rate of 2 kHz", 0.0005, "s"),
        ("My ADC runs at 40 Hz (40 samples per second).", 0.025, "s"),
        ("a reading every 20 ms", 0.02, "s"),
        ("every 10 minutes", 10, "min"),
        ("every half hour", 0.5, "h"),
        ("one value per hour", 1, "h"),
        ("Hourly water level over 30 days", 1, "h"),
        ("fs = 200", 0.005, "s"),
        ("dt = 0.05 and more", 0.05, ""),
        ("dt: 5 ms", 0.005, "s"),
        ("150 daily values of an index", 1, "d"),
        ("250", 0.004, ""),
    ],
)
def test_sampling_told_in_words(text: str, step: float, unit: str) -> None:
    sampling = read_sampling(text)
    assert sampling is not None and sampling.unit == unit
    assert abs(sampling.step - step) < 1e-12


@pytest.mark.parametrize("text", ["I see a peak at 50 Hz", "mains hum of 50 Hz", "the period is 3 hours", "no numbers"])
def test_other_frequencies_and_times_are_no_sampling(text: str) -> None:
    assert read_sampling(text) is None
