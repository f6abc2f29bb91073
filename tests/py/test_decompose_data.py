"""Fields on grids: tables as people have them, around holes, and refusals in a sentence."""

import base64
import io

import numpy as np
import pytest

import nabla
from nabla.answer.document import Note, Plot
from nabla.errors import UserError
from nabla.helmholtz import holes
from nabla.helmholtz.grid import Box, norm
from nabla.read.data.grid import read_grid


def table(x: np.ndarray, y: np.ndarray, field, header: str = "x,y,u,v") -> str:
    rows = [(a, b, *field(a, b)) for a in x for b in y]
    return "\n".join([header, *(",".join("" if v is None else f"{v:.12g}" for v in row) for row in rows)])


def swirl(a: float, b: float) -> tuple[float, float]:
    return np.sin(a) * np.cos(b), -np.cos(a) * np.sin(b)


X = (np.arange(32) + 0.5) * 2 * np.pi / 32


def test_a_table_is_decomposed_as_the_formula_is() -> None:
    told = nabla.run("decompose", {"data": table(X, X, swirl), "at": "2, 1"}).values["answers"]
    assert list(told) == ["periodic", "wall", "open"]
    assert told["periodic"]["relative"]["H"] < 1e-9
    assert told["wall"]["relative"]["H"] < 1e-3 and told["wall"]["residuals"]["div_S"] < 1e-12
    assert told["periodic"]["samples"][0]["V"] == pytest.approx(swirl(2, 1), abs=1e-4)


def test_columns_by_name_in_any_order() -> None:
    text = table(X, X[:16], lambda a, b: swirl(a, b), header="lon;lat;v;u".replace(";", ","))
    data = read_grid(text)
    assert data.names == ["lon", "lat"] and data.values.shape == (2, 32, 16)
    assert data.axes[1] == pytest.approx(X[:16], abs=1e-10)
    # The first number of a row stands under v: names decide.
    assert data.values[1, 3, 5] == pytest.approx(swirl(X[3], X[5])[0], rel=1e-9)


def test_flow_around_a_hole_stays_out_of_it() -> None:
    def field(a: float, b: float) -> tuple:
        return (1.0, 0.5) if (a - 3) ** 2 + (b - 3) ** 2 > 1 else (None, None)

    document = nabla.run("decompose", {"data": table(X, X, field)})
    told = document.values["answers"]
    assert list(told) == ["wall"] and told["wall"]["residuals"]["div_S"] < 1e-12
    assert {caution.code for caution in document.warnings} >= {"filled"}
    assert "failed" not in {check.verdict for check in document.checks}
    # A constant field is a gradient: between walls and around land nothing of it is left for S but the grid's error.
    assert told["wall"]["relative"]["S"] < 0.2
    with pytest.raises(UserError, match="only walls") as caught:
        nabla.run("decompose", {"data": table(X, X, field), "boundary": "open"})
    assert caught.value.field == "boundary"


def test_a_flow_around_a_hole_is_kept() -> None:
    box = Box((-1, -1), (1, 1), (40, 40))
    x, y = box.mesh()
    stream = np.sin(np.pi * x) * np.sin(np.pi * y)
    V = np.stack([np.pi * np.sin(np.pi * x) * np.cos(np.pi * y), -np.pi * np.cos(np.pi * x) * np.sin(np.pi * y)])
    V[:, np.abs(stream) > 0.9] = np.nan
    parts = holes.decompose(V, box)
    known = np.isfinite(V).all(axis=0)
    assert parts.div_S < 1e-12
    assert norm(parts.H[:, known]) < 0.15 * norm(V[:, known])


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (table(np.r_[X[:20], X[20:] + 0.1], X, swirl), "value", "spacing of x is uneven"),
        (table(X[:2], X, swirl), "value", "2 points along x"),
        (table(X, X, swirl) + "\n" + table(X[:1], X[:1], swirl).split("\n")[1], "value", "given twice"),
        ("x,y,u\n" + "\n".join(f"{i},{j},1" for i in range(9) for j in range(9)), "syntax", "3 columns"),
        ("x,y,u,v\n" + "\n".join(f"1,{j},1,2" for j in range(70)), "value", "no width along x"),
        ("PK\x03\x04numpy", "syntax", "binary"),
        ("hello", "syntax", ""),
    ],
)
def test_tables_that_are_no_grid(text: str, code: str, words: str) -> None:
    with pytest.raises(UserError) as caught:
        nabla.run("decompose", {"data": text})
    assert (caught.value.code, caught.value.field) == (code, "data") and words in caught.value.message


def test_of_a_formula_and_data_the_data_are_taken() -> None:
    text = "x,y,u,v\n" + "".join(f"{x},{y},{-y},{x}\n" for x in range(8) for y in range(8))
    document = nabla.run("decompose", {"data": text, "V": "x; y", "n": "16"})
    told = next(block for block in document.blocks if isinstance(block, Note))
    assert told.inputs == {"data": ""} and "the formula and the number of cells" in told.text
    alone = nabla.run("decompose", {"data": text})
    assert document.values["answers"] == alone.values["answers"]
    titles = {block.title for block in alone.blocks if isinstance(block, Plot)}
    assert "Curl of V, the source of S" in titles


def packed(**arrays: np.ndarray) -> str:
    """What the page makes of a file that numpy.savez wrote."""
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return "npz:" + base64.b64encode(file.getvalue()).decode()


def test_an_archive_of_arrays_reads_as_the_table_does() -> None:
    u, v = np.vectorize(swirl)(X[:, None], X[None, :20])
    expected = read_grid(table(X, X[:20], swirl))
    grids = dict(zip("xy", np.meshgrid(X, X[:20], indexing="ij"), strict=True))
    turned = dict(zip("xy", np.meshgrid(X, X[:20]), strict=True))
    for text in (
        packed(x=X, y=X[:20], u=u, v=v),
        packed(u=u, v=v, **grids),
        packed(u=u.T, v=v.T, **turned),
    ):
        data = read_grid(text)
        assert data.names == ["x", "y"]
        np.testing.assert_allclose(data.values, expected.values, atol=1e-11)
        np.testing.assert_allclose(data.axes[1], expected.axes[1], atol=1e-10)
    counted = read_grid(packed(u=u, v=v))  # a row a line along x
    assert [axis.size for axis in counted.axes] == [20, 32] and counted.values[0] == pytest.approx(u.T)
    assert read_grid(packed(u=u, v=v), "x").axes[0] == pytest.approx(np.arange(32.0))
    space = np.random.default_rng(0).normal(size=(3, 8, 9, 10))
    read = read_grid(packed(**dict(zip("uvw", space, strict=True))))
    np.testing.assert_array_equal(read.values, space)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("npz:", "not an archive"),
        ("npz:???", "not an archive"),
        ("npz:" + base64.b64encode(b"PK\x03\x04 and no more").decode(), "not an archive"),
        (packed(u=np.zeros((8, 8))), "are needed; the archive holds u"),
        (packed(u=np.zeros((8, 8)), v=np.zeros((8, 9))), "of one shape"),
        (packed(u=np.zeros((8, 8)), v=np.zeros((8, 8)), x=np.zeros(7)), "do not fit"),
        (packed(u=np.array([[None]]), v=np.array([[None]])), "not an archive"),
        (packed(u=np.zeros((3000, 3000)), v=np.zeros((3000, 3000))), "more than 64 MB"),
    ],
)
def test_what_is_no_field_of_arrays_is_told(text: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        read_grid(text)


def test_the_order_of_rows_and_columns_does_not_matter() -> None:
    x, y = np.arange(9) * 0.5, np.arange(12) * 0.25
    rows = [(a, b, np.sin(a) + b, a * b - np.cos(b)) for a in x for b in y]
    names = ["x [m]", "y [m]", "u [m/s]", "v [m/s]"]
    rng = np.random.default_rng(3)
    seen = []
    for _ in range(6):
        columns, order = rng.permutation(4), rng.permutation(len(rows))
        lines = ["\t".join(f"{rows[i][j]:.12g}" for j in columns) for i in order]
        head = "\t".join(names[j] for j in columns)
        text = f"How much of this field is solenoidal, and what is its curl?\n\n{head}\n" + "\n".join(lines)
        document = nabla.ask(text)
        assert document.lab == "decompose"
        seen.append((document.values["answers"]["wall"]["norms"]["S"], document.values["measured"]["curl"]["rms"]))
    assert np.ptp(np.array(seen), axis=0) == pytest.approx(0, abs=1e-12)


def test_rotation_of_the_globe_has_its_vorticity() -> None:
    longitude, latitude = np.arange(10, 22.0), np.arange(45, 60.0)
    spin, radius = 1e-5, 6.371e6
    rows = [f"{b},{a},{spin * radius * np.cos(np.radians(b)):.12g},0" for b in latitude for a in longitude]
    document = nabla.run("decompose", {"data": "lat,lon,u10,v10\n" + "\n".join(rows), "asked": "curl"})
    told = document.values["measured"]
    assert told["divergence"]["rms"] == 0
    assert told["curl"]["largest"] == pytest.approx(2 * spin * np.sin(np.radians(59)), rel=1e-6)
    assert told["curl"]["at"][1] == pytest.approx(59)
    assert document.warnings == []
    split = nabla.run("decompose", {"data": "lat,lon,u10,v10\n" + "\n".join(rows)})
    assert "unsure" in {warning.code for warning in split.warnings}  # as if the globe were flat


@pytest.mark.parametrize("n", [3, 4, 6])
def test_small_grids_are_split_between_walls(n: int) -> None:
    x = np.arange(n) * 1.0
    told = nabla.run("decompose", {"data": table(x, x, lambda a, b: (2 * a * b, a * a))})
    assert told.values["answers"]["wall"]["relative"]["S"] < 0.2  # a gradient, but for the error of few cells
    assert told.values["answers"]["wall"]["residuals"]["div_S"] < 1e-12
    assert told.values["measured"]["curl"]["rms"] == 0
    assert not [check for check in told.checks if check.verdict == "failed"]


def test_scattered_points_are_refused_by_name() -> None:
    points = np.random.default_rng(0).uniform(0, 1, (80, 4))
    with pytest.raises(UserError, match="scattered"):
        read_grid("x,y,u,v\n" + "\n".join(",".join(f"{c:.6f}" for c in row) for row in points))


LINEAR = """u = [[0, 2, 4, 6], [1, 3, 5, 7], [2, 4, 6, 8]]
v = [[5, 8, 11, 14], [1, 4, 7, 10], [-3, 0, 3, 6]]
"""  # u = 2x + y and v = 3x - 4y + 5, where a row is a line along x


@pytest.mark.parametrize(
    ("more", "divergence", "curl"),
    [
        ("", -2, 2),
        ("Grid spacing is 0.5.", -4, 4),
        ("dx = 0.5, dy = 0.25", 4 - 16, 6 - 4),
        ("The first axis is x.", 1 + 3, -4 - 2),
    ],
)
def test_arrays_without_coordinates_are_counted_as_the_text_says(more: str, divergence: float, curl: float) -> None:
    document = nabla.ask(f"{LINEAR}{more} What are divergence and curl?")
    told = document.values["measured"]
    assert [told[what]["largest"] for what in ("divergence", "curl")] == pytest.approx([divergence, curl])
    assert ("unsure" in {caution.code for caution in document.warnings}) == ("first axis" not in more)
    assert document.values["question"]["unused"] == []


def test_what_is_asked_about_a_grid_is_in_the_sentence() -> None:
    turning = table(np.arange(5.0), np.arange(5.0), lambda a, b: (-b * b, a))
    document = nabla.ask(f"{turning}\nWhat is the curl at (1, 2)? I get 4")
    assert "At x = 1, y = 2 the divergence is 0 and the curl 5" in document.answer.text
    assert "Your 4 is not the curl" in document.answer.text
    assert document.values["claims"][0]["verdict"] == "wrong"
    for question, verdict in (("divergence free", True), ("irrotational", False), ("conservative", False)):
        told = nabla.ask(f"{turning}\nIs it {question}?")
        assert told.answer.text.startswith("Yes" if verdict else "No") and told.warnings == []


def test_a_grid_of_polar_coordinates_has_its_own_divergence_and_curl() -> None:
    r, angle = np.linspace(1, 2, 9), np.linspace(0, 350, 36)
    text = table(r, angle, lambda a, _: (a, 3 * a), "r,theta,u_r,u_theta")
    document = nabla.run("decompose", {"data": text})
    told = document.values["measured"]
    assert [told[what]["rms"] for what in ("divergence", "curl")] == pytest.approx([2, 6])
    with pytest.raises(UserError, match="is the pole"):
        nabla.run("decompose", {"data": table(r - 1, angle, lambda a, _: (a, a), "r,theta,u_r,u_theta")})


def test_the_globe_is_widest_between_the_edges_of_a_window() -> None:
    text = table(np.arange(0.0, 360, 30), np.arange(-60.0, 61, 30), lambda _, b: (np.cos(b), 0.0), "lon,lat,u,v")
    assert any("by 50 %" in caution.message for caution in nabla.run("decompose", {"data": text}).warnings)
