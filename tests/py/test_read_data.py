"""Data as people paste them: what is read, what is left out and said, sentences for what cannot be read."""

import numpy as np
import pytest

from nabla.errors import UserError
from nabla.read import data as module
from nabla.read.data import read_data

CASES = {
    "lists": ("x = [0, 0.5, 1, 1.5, 2]\ny = [1, 2, 3, 2, 1]", [0, 0.5, 1, 1.5, 2], [1, 2, 3, 2, 1]),
    "numpy": ("x = np.linspace(0, 1, 5)\ny = np.array([1, 2,\n 3, 2, 1])", [0, 0.25, 0.5, 0.75, 1], [1, 2, 3, 2, 1]),
    "open end": (
        "t = np.linspace(0, 1, 5, endpoint=False); y = [1, 2, 3, 2, 1]",
        [0, 0.2, 0.4, 0.6, 0.8],
        [1, 2, 3, 2, 1],
    ),
    "arange": ("t = np.arange(5)/10; v = [1, 2, 3, 4, 5]", [0, 0.1, 0.2, 0.3, 0.4], [1, 2, 3, 4, 5]),
    "printed": ("[0.  0.1 0.2 0.3 0.4]\n[1. 2. 3. 4. 5.]", [0, 0.1, 0.2, 0.3, 0.4], [1, 2, 3, 4, 5]),
    "records": (
        '[{"t": 0, "v": 1}, {"t": 1, "v": 2}, {"t": 2, "v": 3}, {"t": 3, "v": 1}, {"t": 4, "v": 2}]',
        [0, 1, 2, 3, 4],
        [1, 2, 3, 1, 2],
    ),
    "object of lists": ("{'t': [0, 1, 2, 3, 4], 'v': [1, 2, 3, 1, 2]}", [0, 1, 2, 3, 4], [1, 2, 3, 1, 2]),
    "values by x": ("{0: 1, 0.5: 2, 1.0: 3, 1.5: 1, 2: 2}", [0, 0.5, 1, 1.5, 2], [1, 2, 3, 1, 2]),
    "vector of R": ("c(1, 2, 3, 1, 2)", [0, 1, 2, 3, 4], [1, 2, 3, 1, 2]),
    "range of MATLAB": ("t = 0:0.1:0.4;\ny = [1 2 3 1 2];", [0, 0.1, 0.2, 0.3, 0.4], [1, 2, 3, 1, 2]),
    "frame of pandas": (
        "     t    v\n0  0.0  1.5\n1  0.1  2.5\n2  0.2  3.5\n3  0.3  1.5\n4  0.4  2.5",
        [0, 0.1, 0.2, 0.3, 0.4],
        [1.5, 2.5, 3.5, 1.5, 2.5],
    ),
    "quoted thousands": (
        't,y\n0,"6,091.0"\n1,"6,652.5"\n2,"7,101.2"\n3,"1,234,567"\n4,900',
        [0, 1, 2, 3, 4],
        [6091, 6652.5, 7101.2, 1234567, 900],
    ),
    "pairs": ("[(0, 1), (1, 2), (2, 3), (3, 1), (4, 2)]", [0, 1, 2, 3, 4], [1, 2, 3, 1, 2]),
    "rows": ("[[0, 1], [1, 2], [2, 3], [3, 1], [4, 2]]", [0, 1, 2, 3, 4], [1, 2, 3, 1, 2]),
    "csv": ("0,1\n1,2\n2,3\n3,4\n4,5\n", [0, 1, 2, 3, 4], [1, 2, 3, 4, 5]),
    "trailing commas": ("0,1,\n1,2,\n2,3,\n3,4,\n4,5,\n", [0, 1, 2, 3, 4], [1, 2, 3, 4, 5]),
    "quotes": ('"t","y"\n"0","1"\n"1","2"\n"2","2"\n"3","2"\n"4","2"', [0, 1, 2, 3, 4], [1, 2, 2, 2, 2]),
    "tabs, decimal commas": (
        "0,0\t1,5\n0,1\t1,6\n0,2\t1,7\n0,3\t1,8\n0,4\t1,9",
        [0, 0.1, 0.2, 0.3, 0.4],
        [1.5, 1.6, 1.7, 1.8, 1.9],
    ),
    "blanks, decimal commas": (
        "0,0 1,5\n0,1 1,6\n0,2 1,7\n0,3 1,8\n0,4 1,9",
        [0, 0.1, 0.2, 0.3, 0.4],
        [1.5, 1.6, 1.7, 1.8, 1.9],
    ),
    "thousands": (
        "1;1.234,5\n2;1.234,6\n3;1.234,7\n4;1.234,8\n5;1.234,9",
        [1, 2, 3, 4, 5],
        [1234.5, 1234.6, 1234.7, 1234.8, 1234.9],
    ),
    "one column": ("1\n2\n3\n4\n5\n", [0, 1, 2, 3, 4], [1, 2, 3, 4, 5]),
    "one column, decimal commas": ("0,5\n0,6\n0,7\n0,8\n0,9", [0, 1, 2, 3, 4], [0.5, 0.6, 0.7, 0.8, 0.9]),
    "one line": ("1, 2, 3, 4, 5", [0, 1, 2, 3, 4], [1, 2, 3, 4, 5]),
    "two lines": ("x: 0 1 2 3 4\ny: 3 4 5 6 7", [0, 1, 2, 3, 4], [3, 4, 5, 6, 7]),
    "minus sign": ("0 −1\n1 −2\n2 −3\n3 −4\n4 −5", [0, 1, 2, 3, 4], [-1, -2, -3, -4, -5]),
    "labels in front": ("a,1,2\nb,2,3\nc,3,4\nd,4,5\ne,5,6", [1, 2, 3, 4, 5], [2, 3, 4, 5, 6]),
    "windows": ("0,1\r\n1,2\r\n2,3\r\n3,4\r\n4,5\r\n", [0, 1, 2, 3, 4], [1, 2, 3, 4, 5]),
    "not in order": ("x y\n3 1\n1 2\n2 3\n5 4\n4 5", [1, 2, 3, 4, 5], [2, 3, 1, 5, 4]),
    "time comes second": ("v,t\n5,0\n6,1\n7,2\n8,3\n9,4", [0, 1, 2, 3, 4], [5, 6, 7, 8, 9]),
}


@pytest.mark.parametrize(("text", "x", "y"), CASES.values(), ids=CASES)
def test_values(text: str, x: list[float], y: list[float]) -> None:
    data = read_data(text)
    assert np.allclose(data.x, x, rtol=1e-15, atol=1e-15)
    assert np.allclose(data.y, y, rtol=1e-15, atol=1e-15)


@pytest.mark.parametrize(
    "head",
    ["time (s),U [mV]", "# time (s),U [mV]", "time / s,U / mV", "time,U\ns,mV", "Made today\nby me\ntime (s),U (mV)"],
)
def test_headers_tell_names_and_units(head: str) -> None:
    data = read_data(f"{head}\n0,1\n1,2\n2,3\n3,4\n4,5")
    assert (data.x_name, data.x_unit, data.y_name, data.y_unit) == ("time", "s", "U", "mV")
    assert data.y.tolist() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("times", "unit", "x"),
    [
        ("2024-02-28 2024-02-29 2024-03-01 2024-03-02 2024-03-03", "d", [0, 1, 2, 3, 4]),
        ("31.12.2023 01.01.2024 02.01.2024 03.01.2024 04.01.2024", "d", [0, 1, 2, 3, 4]),
        ("12/31/2023 1/1/2024 1/2/2024 1/3/2024 1/4/2024", "d", [0, 1, 2, 3, 4]),
        (
            "2024-01-01T10:00 2024-01-01T11:00 2024-01-01T12:00Z 2024-01-01T13:30 2024-01-01T14:00",
            "h",
            [0, 1, 2, 3.5, 4],
        ),
        ("9:59:59 10:00:00 10:00:01 10:00:02.5 10:00:03", "s", [0, 1, 2, 3.5, 4]),
    ],
)
def test_dates_become_days_hours_or_seconds(times: str, unit: str, x: list[float]) -> None:
    data = read_data("\n".join(f"{time};{i},5" for i, time in enumerate(times.split())))
    assert data.x_unit == unit and data.start
    assert np.allclose(data.x, x) and data.y.tolist() == [0.5, 1.5, 2.5, 3.5, 4.5]


def test_a_day_that_does_not_exist_is_left_out() -> None:
    text = "2024-02-28,1\n2024-02-30,2\n2024-03-01,3\n2024-03-02,4\n2024-03-03,5\n2024-03-04,6"
    data = read_data(text)
    assert data.x.tolist() == [0, 2, 3, 4, 5]


def test_rows_without_numbers_are_dropped_and_counted() -> None:
    data = read_data("t,y\n0,1\n1,\n2,nan\n3,broken\n4,5\n5,6\n6,7\n7,8\n")
    assert data.x.tolist() == [0, 4, 5, 6, 7] and data.rows == 8
    assert [(d.rows, d.reason, d.example) for d in data.dropped] == [
        (2, "no value", "row 2 (1, nothing)"),
        (1, "not a number", "row 4 (3, broken)"),
    ]


def test_holes_in_one_column_keep_their_place() -> None:
    assert read_data("1\n2\nNA\n4\n5\n6").x.tolist() == [0, 1, 3, 4, 5]


@pytest.mark.parametrize(
    ("rate", "x", "unit"), [("100", 0.01, ""), ("100 Hz", 0.01, "s"), ("2 kHz", 0.0005, "s"), ("", 1, "")]
)
def test_a_sample_rate_gives_x(rate: str, x: float, unit: str) -> None:
    data = read_data("1 2 3 4 5", rate=rate)
    assert data.x[1] == x and data.x_unit == unit


@pytest.mark.parametrize(
    ("columns", "x", "y"), [("1,3", 0, 9), ("b, c", 5, 9), ("3", 0, 9), ("0, 2", 0, 5), ("C,A", 9, 0)]
)
def test_columns_can_be_chosen(columns: str, x: float, y: float) -> None:
    data = read_data("a,b,c\n0,5,9\n1,6,10\n2,7,11\n3,8,12\n4,9,13", columns=columns)
    assert (data.x[0], data.y[0]) == (x, y)


@pytest.mark.parametrize(
    ("text", "options", "code", "word"),
    [
        ("", {}, "empty", "no data"),
        ("hello world\nno numbers here", {}, "syntax", "no numbers"),
        ("[hello]", {}, "syntax", "no numbers"),
        ("1 2\n2 3\n3 4", {}, "value", "only 3"),
        ("1 2\n1 3\n1 4\n1 5\n1 6", {"columns": "1, 2"}, "value", "All x are 1"),
        ("-1e308 1\n0 1\n1 1\n2 2\n1.7e308 3", {}, "value", "span"),
        ("x = [1, 2, 3, 4, 5]\ny = [1, 2, 3, 4]", {}, "value", "x 5 and y 4"),
        ("x = np.linspace(0, 1, 10**9)\ny = [1, 2, 3]", {}, "too-big", "1,000,000,000 numbers"),
        ("x = np.arange(0, 1e9, 1e-9)\ny = [1, 2, 3]", {}, "too-big", "numbers"),
        ("1 2\n2 3\n3 4\n4 5\n5 6", {"columns": "1,7"}, "value", "no column 7"),
        ("1 2\n2 3\n3 4\n4 5\n5 6", {"columns": "1,2,2"}, "value", "Two columns"),
        ("1 2 3 4 5", {"rate": "fast"}, "value", "sample rate"),
        ("1 2 3 4 5", {"rate": "0"}, "value", "sample rate"),
        ("1,x\n2,y\n3,z\n4,a\n5,b\n6,1", {"columns": "1,2"}, "value", "Only 1 of 6"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, options: dict[str, str], code: str, word: str) -> None:
    with pytest.raises(UserError) as caught:
        read_data(text, **options)
    assert caught.value.code == code and word in caught.value.message


def test_too_much_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHARACTERS", 100)
    with pytest.raises(UserError, match="million characters"):
        read_data("1,2\n" * 30)


@pytest.mark.parametrize(
    "text",
    [
        "x,y\n" + "".join(f"{i / 7:.9g},{-i * 1e-3:.3e}\n" for i in range(300)),
        "".join(f"{i} {i * i % 17 - 5}\n" for i in range(300)),
        "".join(f"{i % 13}.5\n" for i in range(300)),
        "t\ty\tz\r\n" + "".join(f"{i}\t{i % 7}\t+.5e-3\r\n" for i in range(300)),
    ],
)
def test_a_table_of_plain_numbers_reads_as_one_with_a_remark_in_it(text: str) -> None:
    plain = read_data(text)
    # A comment line sends the same rows the long way, cell by cell.
    long = read_data(text + "# the end")
    np.testing.assert_array_equal(plain.x, long.x)
    np.testing.assert_array_equal(plain.y, long.y)
    assert (plain.columns, plain.chosen, plain.rows, plain.remarks) == (
        long.columns,
        long.chosen,
        long.rows,
        long.remarks,
    )


@pytest.mark.parametrize("row", ["5,", "5,1e", "5,1-2", "5,--1", "5,1e999", "5,1,", "5,.", "5,1 2"])
def test_one_odd_row_among_plain_numbers_is_left_out_or_read_as_before(row: str) -> None:
    rows = [f"{i},{i * i % 11}" for i in range(300)]
    data = read_data("\n".join([*rows[:250], row, *rows[250:]]))
    assert data.x.size + sum(dropped.rows for dropped in data.dropped) == 301
    assert data.x.size >= 300
