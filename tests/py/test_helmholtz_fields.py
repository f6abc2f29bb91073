"""The three numerical decompositions against fields whose parts are known in formulas."""

from collections.abc import Callable

import numpy as np
import pytest

from nabla.helmholtz import free_space, grid, kernels, periodic, wall
from nabla.helmholtz.grid import Box, Floats, Parts, norm

Field = Callable[..., Floats]


def cube(n: int, low: float = -1, high: float = 1, d: int = 2) -> Box:
    return Box((low,) * d, (high,) * d, (n,) * d)


def swirl(gradient: Field) -> Field:
    return lambda x, y: np.stack([-gradient(x, y)[1], gradient(x, y)[0]])


def hill(s: float, *centre: float) -> Field:
    """The gradient of exp(-|x - c|^2 / 2 s^2)."""

    def gradient(*x: Floats) -> Floats:
        far = [a - c for a, c in zip(x, centre, strict=True)]
        return np.stack([-a / s**2 * np.exp(-sum(b**2 for b in far) / (2 * s**2)) for a in far])

    return gradient


def walled(field: Field, box: Box) -> Parts:
    faces = [field(*box.face_mesh(i))[i] for i in range(box.dimension)]
    return wall.decompose(field(*box.mesh()), box, faces)


def total(*fields: Field) -> Field:
    return lambda *x: sum(field(*x) for field in fields)


def taylor_green(x: Floats, y: Floats) -> Floats:
    return np.stack([np.sin(x) * np.cos(y), -np.cos(x) * np.sin(y)])


def abc(x: Floats, y: Floats, z: Floats) -> Floats:
    return np.stack([np.sin(z) + np.cos(y), np.sin(x) + np.cos(z), np.sin(y) + np.cos(x)])


def slope(*x: Floats) -> Floats:
    """The gradient of sin(x) sin(2 y), or of sin(x) sin(2 y) cos(z)."""
    last = np.cos(x[2]) if len(x) == 3 else 1.0
    rows = [np.cos(x[0]) * np.sin(2 * x[1]) * last, 2 * np.sin(x[0]) * np.cos(2 * x[1]) * last]
    return np.stack(rows + ([-np.sin(x[0]) * np.sin(2 * x[1]) * np.sin(x[2])] if len(x) == 3 else []))


def nothing(*x: Floats) -> Floats:
    return np.zeros((len(x), *x[0].shape))


@pytest.mark.parametrize("n", [32, 33, 64])
@pytest.mark.parametrize(
    ("S", "H", "d"),
    [(taylor_green, nothing, 2), (nothing, slope, 2), (taylor_green, slope, 2), (abc, nothing, 3), (abc, slope, 3)],
)
def test_periodic_parts_to_rounding(S: Field, H: Field, d: int, n: int) -> None:
    box = Box((0,) * d, (2 * np.pi,) * d, (n,) * d if d == 2 else (16, 15, 18))
    V = total(S, H)(*box.mesh()) + 0.25
    parts = periodic.decompose(V, box)
    assert norm(parts.S - S(*box.mesh())) < 1e-12 * norm(V)
    assert norm(parts.H - H(*box.mesh())) < 1e-12 * norm(V)
    assert norm(parts.harmonic - 0.25) < 1e-12
    assert parts.div_S < 1e-12 and parts.curl_H < 1e-12


def test_noise_at_the_nyquist_frequency_leaves_no_trace() -> None:
    V = np.random.default_rng(1).normal(size=(2, 64, 64))
    parts = periodic.decompose(V, cube(64))
    assert parts.div_S < 1e-13 and parts.curl_H < 1e-13
    assert norm(parts.S + parts.H + parts.harmonic - V) < 1e-13


# Sections of the table of reference figures: the bound at 64, 128 and 256 cells, relative to |V|.
@pytest.mark.parametrize(("n", "bound"), [(64, 4.1e-5), (128, 1.0e-5), (256, 2.6e-6)])
def test_a_gradient_cut_by_walls_is_a_gradient(n: int, bound: float) -> None:
    field = hill(0.5, 0.6, 0.3)
    parts = walled(field, cube(n))
    size = norm(field(*cube(n).mesh()))
    assert norm(parts.S) < bound * size
    assert parts.div_S < 1e-12 and parts.curl_H < 1e-12
    assert norm(periodic.decompose(field(*cube(n).mesh()), cube(n)).S) > 0.25 * size  # and yet converged


@pytest.mark.parametrize(
    ("n", "bound", "open_bound"), [(64, 1.2e-3, 3.9e-3), (128, 3.1e-4, 1e-3), (256, 7.7e-5, 2.5e-4)]
)
def test_a_sum_of_gaussians(n: int, bound: float, open_bound: float) -> None:
    S, H = swirl(hill(0.12, -0.2, 0.05)), hill(0.12, 0.15, -0.1)
    box = cube(n)
    V = total(S, H)(*box.mesh())
    within = walled(total(S, H), box)
    free = free_space.decompose(V, box)
    for parts, least in ((within, bound), (free, open_bound / 1e4)):
        assert norm(parts.S - S(*box.mesh())) < least * norm(V)
        assert norm(parts.H - H(*box.mesh())) < least * norm(V)
    assert within.div_S < 1e-12
    rough = free_space.decompose(V, box, smooth=False)
    assert norm(rough.S - S(*box.mesh())) < 2.6 * open_bound * norm(V)


def square_slope(x: Floats, y: Floats) -> Floats:
    """grad of the logarithmic potential of [-1, 1]^2 with density 1: an antiderivative of x / r^2 at its corners."""

    def corner(a: Floats, b: Floats) -> Floats:
        return (0.5 * b * np.log(a**2 + b**2) + a * np.arctan(b / a)) / (2 * np.pi)

    def one(a: Floats, b: Floats) -> Floats:
        return corner(a + 1, b + 1) - corner(a - 1, b + 1) - corner(a + 1, b - 1) + corner(a - 1, b - 1)

    return np.stack([one(x, y), one(y, x)])


def warping_flow(x: Floats, y: Floats) -> Floats:
    """Curl 2, no divergence, no flow through the walls of [-1, 1]^2: from the torsion of a square bar, as a series."""
    u, v = np.zeros_like(x), 2 * x
    for k in range(1, 400, 2):
        p = k * np.pi / 2
        size = 8 * (-1) ** ((k - 1) // 2) / (k * np.pi * p)
        up, down = np.exp(p * (y - 1)), np.exp(-p * (y + 1))  # over 1 + exp(-2 p): cosh and sinh without overflow
        u -= size * np.cos(p * x) * (up - down) / (1 + np.exp(-2 * p))
        v -= size * np.sin(p * x) * (up + down) / (1 + np.exp(-2 * p))
    return np.stack([u, v])


def rotation_and_source(x: Floats, y: Floats) -> Floats:
    return np.stack([-y + x / 2, x + y / 2])


@pytest.mark.parametrize("n", [32, 64])
def test_rotation_plus_source_in_free_space(n: int) -> None:
    box = cube(n)
    parts = free_space.decompose(rotation_and_source(*box.mesh()), box)
    H = square_slope(*box.mesh())
    assert norm(parts.H - H) < 1e-12
    assert norm(parts.S - 2 * np.stack([-H[1], H[0]])) < 1e-12
    assert grid.at_point(parts.S, box, (0.5, 0.25)) == pytest.approx([-0.231757, 0.503380], abs=1e-6)
    assert grid.at_point(parts.H, box, (0.5, 0.25)) == pytest.approx([0.251690, 0.115879], abs=1e-6)
    assert norm(parts.harmonic) / norm(rotation_and_source(*box.mesh())) == pytest.approx(0.114, abs=5e-4)


@pytest.mark.parametrize(("n", "bound"), [(32, 5.0e-4), (64, 1.4e-4), (128, 3.8e-5)])
def test_rotation_plus_source_between_walls(n: int, bound: float) -> None:
    box = cube(n)
    V = rotation_and_source(*box.mesh())
    parts = walled(rotation_and_source, box)
    S = warping_flow(*box.mesh())
    assert norm(parts.S - S) < bound * norm(V)
    assert grid.at_point(parts.S, box, (0.5, 0.25)) == pytest.approx([-0.187285, 0.511660], abs=3e-6)
    x, y = box.mesh()
    assert norm(parts.S - np.stack([-y, x])) / norm(np.stack([-y, x])) == pytest.approx(0.395, abs=2e-3)


def test_rotation_plus_source_as_one_period() -> None:
    """Axis by axis a sawtooth, so that the plane's parts come out but for its jumps, and the walls do not match."""
    box = cube(128)
    x, y = box.mesh()
    parts = periodic.decompose(rotation_and_source(x, y), box)
    assert norm(parts.S - np.stack([-y, x])) < 7e-3 * norm(rotation_and_source(x, y))
    assert parts.extra["edge_mismatch"] > 1


@pytest.mark.parametrize("turn", [0, 22.5, 45])
def test_a_harmonic_saddle_is_all_rest_in_free_space(turn: float) -> None:
    box = cube(64)
    c, s = np.cos(2 * np.radians(turn)), np.sin(2 * np.radians(turn))
    x, y = box.mesh()
    V = np.stack([c * x + s * y, s * x - c * y])
    assert norm(free_space.decompose(V, box).harmonic) > 0.999 * norm(V)
    as_period = periodic.decompose(V, box)
    assert norm(as_period.harmonic) < 1e-9 * norm(V) and as_period.extra["edge_mismatch"] > 0.9


def test_a_pure_gradient_in_three_dimensions() -> None:
    box = cube(48, d=3)
    V = hill(0.15, 0.05, -0.1, 0)(*box.mesh())
    parts = free_space.decompose(V, box)
    assert norm(parts.S) < 1e-6 * norm(V) and norm(parts.H - V) < 1e-6 * norm(V)


def test_a_vortex_ring_and_a_source_in_three_dimensions() -> None:
    box = Box((-1, -1.2, -0.9), (1, 0.8, 1.1), (40, 44, 42))
    x, y, z = box.mesh()
    e = np.exp(-((x**2 + (y + 0.2) ** 2 + (z - 0.1) ** 2) / (2 * 0.15**2)))
    S = np.stack([-(y + 0.2) * e, x * e, 0 * e])
    H = np.stack([x * e, (y + 0.2) * e, (z - 0.1) * e])
    parts = free_space.decompose(S + 0.5 * H, box)
    assert norm(parts.S - S) < 1e-6 * norm(S) and norm(parts.H - 0.5 * H) < 1e-6 * norm(S)
    within = wall.decompose(S + 0.5 * H, box)
    assert norm(within.S - S) < 2e-3 * norm(S) and within.div_S < 1e-12


def test_constant_densities_in_three_dimensions() -> None:
    """A cube of unit divergence: by symmetry a sixth of its flow through each side, 4/3 over an area of 4."""
    box = cube(24, d=3)
    V = np.stack(box.mesh()) / 3
    parts = free_space.decompose(V, box)
    assert norm(parts.S) == 0
    side = grid.interpolated(parts.H[0], 0, box.centres(0)[0], box.spacing[0], np.array([1.0]))
    assert float(side.mean()) == pytest.approx(1 / 3, rel=1e-3)


@pytest.mark.parametrize(
    ("x", "value"),
    [
        (0.0, 1.0),
        (1.0, 0.7651976865579666),
        (2.404825557695773, 0.0),
        (29.9, -0.09781115006606229),
        (30.5, -0.019389754517762152),
        (500.0, -0.034100556880731998),
    ],
)
def test_bessel_function(x: float, value: float) -> None:
    assert kernels.bessel_j0(np.array([x]))[0] == pytest.approx(value, abs=2e-15)


@pytest.mark.parametrize("n", [8, 9, 64])
def test_cosine_transform_is_its_definition(n: int) -> None:
    f = np.random.default_rng(2).normal(size=n)
    expected = [np.sum(f * np.cos(np.pi * k * (np.arange(n) + 0.5) / n)) for k in range(n)]
    assert wall.cosine(f, 0) == pytest.approx(expected, abs=1e-12)
    assert wall.inverse_cosine(np.array(expected), 0) == pytest.approx(f, abs=1e-12)


def test_differences_and_interpolation_of_polynomials() -> None:
    box = Box((0, -1), (2, 3), (12, 15))
    x, y = box.mesh()
    field = np.stack([x**5 * y, x * y**4])
    assert grid.divergence(field, box) == pytest.approx(5 * x**4 * y + 4 * x * y**3, rel=1e-10)
    assert grid.curl(field, box)[0] == pytest.approx(y**4 - x**5, abs=1e-9)
    assert grid.at_point(field, box, (1.234, 0.5)) == pytest.approx([1.234**5 * 0.5, 1.234 * 0.5**4], rel=1e-10)
    coarse = box.coarser()
    assert grid.resampled(field, box, coarse)[1] == pytest.approx(coarse.mesh()[0] * coarse.mesh()[1] ** 4, abs=1e-9)
    wave = np.stack([np.sin(np.pi * x), np.cos(np.pi * x)])
    moved = periodic.shifted(wave, box, coarse)
    assert moved[0] == pytest.approx(np.sin(np.pi * coarse.mesh()[0]), abs=1e-12)


@pytest.mark.parametrize("corners", [((0, 0), (0, 1), (16, 16)), ((0, 0), (1, 1), (16, 2))])
def test_boxes_without_width_or_cells_are_refused(corners: tuple) -> None:
    with pytest.raises(ValueError, match="width"):
        Box(*corners)
