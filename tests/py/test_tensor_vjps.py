"""Every operation's vector-Jacobian product beside central differences in float64, at random shapes with
broadcasting.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nabla.tensor.operation import Operation
from nabla.tensor.operations import decompositions as d
from nabla.tensor.operators import OPERATIONS

SEEDS = st.integers(0, 10_000)
# Operations without derivatives, and those whose parameters are made below.
FLAT = set("lt le gt ge eq ne logical_and logical_or logical_xor logical_not bitwise_and bitwise_or bitwise_xor "
           "isnan isinf isfinite "
           "detach floor_divide singular_vectors".split())  # fmt: skip
# The interval each unary operation is tried on, away from its corners.
DOMAIN: dict[str, tuple[float, float]] = {
    **dict.fromkeys("log log2 log10 sqrt rsqrt cbrt reciprocal log1p".split(), (0.3, 3.0)),
    **dict.fromkeys("asin acos atanh".split(), (-0.9, 0.9)), "acosh": (1.2, 4.0), "abs": (0.2, 2.0), "relu": (0.2, 2.0),
    "leaky_relu": (-2.0, -0.1), "elu": (-2.0, -0.1), "relu6": (0.5, 5.5), "hardtanh": (-0.9, 0.9), "clamp": (-2.0, 2.0),
}  # fmt: skip
UNARY = ("exp exp2 expm1 log log2 log10 log1p sqrt rsqrt square reciprocal cbrt abs sign floor ceil trunc round sin "
         "cos tan asin acos atan "
         "sinh cosh tanh asinh acosh atanh deg2rad erf erfc sigmoid relu relu6 hardtanh leaky_relu elu softplus "
         "logsigmoid silu gelu "
         "neg clone").split()  # fmt: skip
BINARY = "add sub mul div pow atan2 hypot maximum minimum remainder fmod bce bce_logits".split()
DIMS = [(0,), (1,), (0, 1)]
REDUCTIONS = "sum mean prod var std amax amin logsumexp".split()
SQUARE = np.array([[2.0, 0.3, 0.1], [0.4, 1.5, -0.2], [0.0, 0.7, 3.0]])


def difference(op: Operation, args: list, params: dict, i: int, weight: np.ndarray) -> np.ndarray:
    """The gradient of sum(weight * op(args)) by argument i, by central differences of fourth order."""
    x = args[i]
    found = np.zeros_like(x)

    def value(step: float, place: int) -> float:
        moved = x.copy()
        moved.flat[place] += step
        return float((weight * op.forward(*[moved if j == i else a for j, a in enumerate(args)], **params)).sum())

    for place in range(x.size):
        h = 2e-3
        pairs = [(value(k * h, place) - value(-k * h, place)) / (2 * k * h) for k in (1, 2, 3)]
        found.flat[place] = (15 * pairs[0] - 6 * pairs[1] + pairs[2]) / 10
    return found


def agree(name: str, args: list, random: np.random.Generator, **params: object) -> None:
    op = OPERATIONS[name]
    y = np.asarray(op.forward(*args, **params))
    g = random.normal(size=y.shape)
    for i in range(len(args)):
        if not isinstance(args[i], np.ndarray) or args[i].dtype.kind != "f":
            continue
        ours = op.vjp(i, g, y, args, params)
        if ours is None:
            continue
        theirs = difference(op, args, params, i, g)
        assert ours.shape == args[i].shape, name
        scale = max(1.0, np.abs(theirs).max(initial=0))
        assert np.abs(ours - theirs).max(initial=0) / scale < 1e-8, (name, i)


def shapes(random: np.random.Generator) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Two shapes that are broadcast against each other."""
    full = tuple(random.integers(1, 4, random.integers(0, 4)))
    cut = [
        tuple(1 if random.random() < 0.3 else n for n in full)[random.integers(0, len(full) + 1) :] for _ in range(2)
    ]
    return cut[0], cut[1]


@pytest.mark.parametrize("name", UNARY)
@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_unary(name: str, seed: int) -> None:
    random = np.random.default_rng(seed)
    low, high = DOMAIN.get(
        name, (-0.45, 0.45) if name in ("floor", "ceil", "trunc", "round", "sign", "tan") else (-2.0, 2.0)
    )
    x = random.uniform(low, high, tuple(random.integers(1, 4, random.integers(0, 3))))
    if name in ("floor", "ceil", "trunc", "sign"):
        x = np.abs(x) + 0.02
    agree(name, [x], random)


@pytest.mark.parametrize("name", BINARY)
@settings(max_examples=25, deadline=None)
@given(seed=SEEDS)
def test_binary_with_broadcasting(name: str, seed: int) -> None:
    random = np.random.default_rng(seed)
    one, other = shapes(random)
    if name in ("bce", "bce_logits"):
        one = other = np.broadcast_shapes(one, other)
        agree(name, [random.uniform(0.2, 0.8, one), random.uniform(0.2, 0.8, other)], random)
        return
    a, b = random.uniform(1.1, 1.9, one), random.uniform(2.2, 3.0, other)
    agree(name, [a, b], random)
    if name in ("pow", "mul", "div", "sub"):
        agree(name, [a, 3], random)
        agree(name, [2.5, b], random)


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS)
def test_where_and_clamp(seed: int) -> None:
    random = np.random.default_rng(seed)
    one, other = shapes(random)
    condition = random.random(np.broadcast_shapes(one, other)) > 0.5
    agree("where", [condition, random.normal(size=one), random.normal(size=other)], random)
    agree("clamp", [random.choice([-1.5, 0.2, 1.7], 4) + random.uniform(0, 0.1, 4)], random, low=-1.0, high=1.0)


@pytest.mark.parametrize("name", REDUCTIONS)
@pytest.mark.parametrize("dims", DIMS)
@pytest.mark.parametrize("keepdim", [False, True])
@settings(max_examples=8, deadline=None)
@given(seed=SEEDS)
def test_reductions(name: str, dims: tuple[int, ...], keepdim: bool, seed: int) -> None:
    random = np.random.default_rng(seed)
    x = random.permutation(np.arange(1, 13) * 0.25).reshape(3, 4)  # far apart: no ties for the extremes
    agree(name, [x], random, dims=dims, keepdim=keepdim)


@pytest.mark.parametrize("shape", [(5,), (2, 3), ()])
def test_the_median_of_all_elements(shape: tuple[int, ...]) -> None:
    random = np.random.default_rng(7)
    x = random.permutation(np.arange(1, 1 + int(np.prod(shape))) * 0.25).reshape(shape)
    agree("median", [x], random, dims=tuple(range(len(shape))))


@pytest.mark.parametrize("p", [1, 2, 3, 2.5, np.inf])
@pytest.mark.parametrize("dims", DIMS)
def test_norms(p: float, dims: tuple[int, ...]) -> None:
    random = np.random.default_rng(1)
    agree(
        "norm",
        [random.permutation(np.arange(1, 13) * 0.25).reshape(3, 4) * random.choice([-1, 1], (3, 4))],
        random,
        p=p,
        dims=dims,
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((5, 2, 3), (3, 4)), ((5, 2, 3), (5, 3, 4)), ((2,
        3), (5, 3, 4)),
     ((5, 2, 3), (3,)), ((3,), (5, 3, 2)), ((4, 1, 2, 3), (5, 3, 2)), ((2, 1), (1, 3))],
)  # fmt: skip
def test_matrix_products(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    random = np.random.default_rng(2)
    agree("matmul", [random.normal(size=one), random.normal(size=other)], random)


@pytest.mark.parametrize("name", ["inverse", "det", "logdet"])
def test_linear_algebra(name: str) -> None:
    random = np.random.default_rng(3)
    agree(name, [SQUARE], random)
    agree(name, [np.stack([SQUARE, 2 * SQUARE])], random)


FACTORS = [op.name for op in (d.exponential, d.singular_values, d.orthogonal_factor, d.triangular_factor)]
SYMMETRIC = [op.name for op in (d.eigenvalues, d.eigenvectors, d.cholesky)]


@pytest.mark.parametrize("name", FACTORS)
def test_factors_of_matrices(name: str) -> None:
    random = np.random.default_rng(4)
    agree(name, [SQUARE], random)
    agree(name, [np.stack([SQUARE, 0.3 * SQUARE])], random)


@pytest.mark.parametrize("name", SYMMETRIC)
def test_factors_of_symmetric_matrices(name: str) -> None:
    op = OPERATIONS[name]
    x = SQUARE + SQUARE.T
    y = op.forward(x)
    weight = np.random.default_rng(5).normal(size=y.shape)
    g = op.vjp(0, weight, y, [x], {})
    found = np.zeros_like(x)
    for i, j in np.ndindex(x.shape):
        move = np.zeros_like(x)
        move[i, j] += 0.5e-4
        move[j, i] += 0.5e-4
        found[i, j] = (weight * (op.forward(x + move) - op.forward(x - move))).sum() / 2e-4
    assert np.allclose((g + g.T) / 2, found, atol=1e-6)


MOVES: list[tuple[str, tuple[int, ...], dict]] = [
    ("reshape", (2, 6), {"shape": (3, 4)}), ("permute", (2, 3, 4), {"dims": (2, 0, 1)}), ("flip", (2, 3),
        {"dims": (1,)}),
    ("roll", (5,), {"shifts": 2, "dims": None}), ("roll", (2, 3), {"shifts": (1, 2), "dims": (0, 1)}), ("expand", (1,
        3), {"shape": (4, 3)}),
    ("sum_to", (4, 3), {"shape": (1, 3)}), ("index", (3, 4), {"place": (slice(None), 1)}), ("index", (3, 4),
        {"place": np.array([0, 0, 2])}),
    ("put_zeros", (3,), {"place": np.array([0, 0, 2]), "shape": (4,)}), ("gather", (3, 2), {"dim": 0,
        "at": np.array([[0, 1], [2, 2]])}),
    ("scatter_add", (2, 2), {"dim": 0, "at": np.array([[0, 1], [2, 2]]), "shape": (3, 2)}), ("tril", (3, 3), {}),
        ("triu", (3, 3), {"k": 1}),
    ("diagonal", (3, 3), {}), ("undiagonal", (3,), {"shape": (4, 4), "k": 1}), ("pad", (2, 2), {"widths": ((1, 0), (0,
        2))}),
    ("cumsum", (3, 2), {"dim": 0}), ("softmax", (3, 4), {"dim": 1}), ("log_softmax", (3, 4), {"dim": 0}),
    ("cast_to", (3,), {"dtype": np.dtype(np.float64)}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "shape", "params"), MOVES)
def test_moves_and_softmax(name: str, shape: tuple[int, ...], params: dict) -> None:
    random = np.random.default_rng(4)
    agree(name, [random.normal(size=shape)], random, **params)


def test_joining_and_writing() -> None:
    random = np.random.default_rng(5)
    agree("cat", [random.normal(size=(2, n)) for n in (1, 3, 2)], random, dim=1)
    agree("stack", [random.normal(size=(2, 3)) for _ in range(3)], random, dim=1)
    agree("put", [random.normal(size=(3, 4)), random.normal(size=4)], random, place=1)
    agree("put", [random.normal(size=(3, 4)), random.normal(size=1)], random, place=(slice(None), 2))


def test_no_operation_is_left_out() -> None:
    tried = {*UNARY, *BINARY, *REDUCTIONS, *(name for name, _, _ in MOVES)}
    tried |= {
        "where",
        "clamp",
        "norm",
        "median",
        "matmul",
        "inverse",
        "det",
        "logdet",
        "cat",
        "stack",
        "put",
        *FACTORS,
        *SYMMETRIC,
    }
    assert set(OPERATIONS) - FLAT == tried
