"""One field on a grid as instruments, models and programs write it: names say what is what, not places."""

import itertools

import numpy as np
import pytest

from nabla.errors import UserError
from nabla.read.data.grid import read_grid

X, Y = np.arange(9) * 0.5, 10 + np.arange(11.0)


def u(x: float, y: float) -> float:
    return round(x * y + 1, 6)


def v(x: float, y: float) -> float:
    return round(x - y * y, 6)


EXPECTED = np.array([[[f(x, y) for y in Y] for x in X] for f in (u, v)])


def rows(order: str, extra: dict[str, object] | None = None) -> list[list[object]]:
    """A row a point with its columns in this order; `extra` gives columns that are the same everywhere."""
    made = []
    for y in Y:
        for x in X:
            known = {"x": x, "y": y, "u": u(x, y), "v": v(x, y), **(extra or {})}
            made.append([known[name] for name in order.split()])
    return made


def text(header: str, order: str, separator: str = ",", extra: dict[str, object] | None = None) -> str:
    return "\n".join([header, *(separator.join(map(str, row)) for row in rows(order, extra))])


def check(given: str) -> None:
    data = read_grid(given)
    np.testing.assert_allclose(data.axes[0], X, atol=1e-12)
    np.testing.assert_allclose(data.axes[1], Y, atol=1e-12)
    np.testing.assert_allclose(data.values, EXPECTED, atol=1e-6)


@pytest.mark.parametrize("order", [" ".join(order) for order in itertools.permutations("xyuv")])
@pytest.mark.parametrize("names", ["x y u v", "lon lat u10 v10", "x y Ex Ey", "X Y vel_x vel_y", "x y u1 u2"])
def test_names_decide_whatever_the_order(names: str, order: str) -> None:
    called = dict(zip("xyuv", names.split(), strict=True))
    check(text(",".join(called[name] for name in order.split()), order))


AXES = f"x = {X.tolist()}\ny = {Y.tolist()}\n"
HEADS = {
    "units": text("x (m),y (m),u (m/s),v (m/s)", "x y u v"),
    "an index in front": "\n".join(
        [",y,x,u,v", *(f"{i}," + ",".join(map(str, row)) for i, row in enumerate(rows("y x u v")))]
    ),
    "PIV with flags and a mask": "# "
    + text("x\ty\tu\tv\tflags\tmask", "x y u v flags mask", "\t", {"flags": 0, "mask": 0}),
    "PIV with a vector type": "PIVlab by W.Th.\nFRAME: 1, a.jpg, b.jpg\n"
    + text("x [m],y [m],u [m/s],v [m/s],Vector type [-]", "x y u v type", ",", {"type": 1}),
    "a plotting program": 'TITLE = "A field"\nVARIABLES = "x", "y", "u", "v"\nZONE I=9, J=11, F=POINT\n'
    + text("", "x y u v", " ").strip(),
    "blanks": text("x y u v", "x y u v", "   "),
    "a pressure that is not used": text("x,y,p,u,v", "x y p u v", ",", {"p": 3.5}),
    "a plane in space": text("x,y,z,u,v,w", "x y z u v w", ",", {"z": 2, "w": 0.25}),
    "no names": text("", "x y u v").strip(),
    "names of components in words": text("x,y,x-velocity,y-velocity", "x y u v"),
    "arrays in a program": f"{AXES}u = {EXPECTED[0].tolist()}\nv = {EXPECTED[1].tolist()}",
    "arrays with y first": f"{AXES}u = {EXPECTED[0].T.tolist()}\nv = {EXPECTED[1].T.tolist()}",
}


@pytest.mark.parametrize("given", HEADS.values(), ids=HEADS)
def test_the_same_field_under_every_head(given: str) -> None:
    check(given)


def test_rows_in_any_order_are_the_same_field() -> None:
    lines = text("x,y,u,v", "x y u v").split("\n")
    body = lines[1:]
    np.random.default_rng(1).shuffle(body)
    check("\n".join([lines[0], *body]))


def test_masked_points_and_missing_marks_have_no_value() -> None:
    made = [",".join(map(str, [*row, int(i == 4)])) for i, row in enumerate(rows("x y u v"))]
    made[7] = ",".join([*made[7].split(",")[:2], "-9999", "-9999", "0"])
    data = read_grid("\n".join(["x,y,u,v,mask", *made]))
    assert data.holes == 2


def test_what_is_left_out_is_said() -> None:
    data = read_grid(text("x,y,z,u,v,w", "x y z u v w", ",", {"z": 2, "w": 0.25}))
    assert any("z = 2" in remark for remark in data.remarks)
    data = read_grid(text("x,y,p,u,v", "x y p u v", ",", {"p": 3.5}))
    assert any("Not used: p" in remark for remark in data.remarks)


def test_several_times_in_one_table_are_refused() -> None:
    made = [[t, *row] for t in (0, 1) for row in rows("x y u v")]
    with pytest.raises(UserError, match="several times"):
        read_grid("\n".join(["t,x,y,u,v", *(",".join(map(str, row)) for row in made)]))
