"""`numpy`: the real one, each function, type and attribute by its exact name; its random numbers are seeded."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nabla.program import limits
from nabla.program.errors import Gap
from nabla.program.guard import Guard
from nabla.program.modules import files
from nabla.program.modules.plain import real
from nabla.program.objects import Supply

NAMES = (
    "abs absolute acos acosh add all allclose amax amin angle any append apply_along_axis apply_over_axes arange "
    "arccos arccosh arcsin arcsinh arctan arctan2 arctanh argmax argmin argpartition argsort argwhere around array "
    "array2string array_equal array_equiv array_repr array_split array_str asarray ascontiguousarray asfortranarray "
    "asin asinh asmatrix atan atan2 atanh atleast_1d atleast_2d atleast_3d average bartlett bincount bitwise_and "
    "bitwise_not bitwise_or bitwise_xor blackman block bmat bool bool_ broadcast_arrays broadcast_shapes broadcast_to "
    "c_ cbrt ceil choose clip column_stack complex128 complex64 compress concat concatenate conj conjugate convolve "
    "copy copysign copyto corrcoef correlate cos cosh count_nonzero cov cross cumprod cumsum cumulative_prod "
    "cumulative_sum deg2rad degrees delete diag diag_indices diag_indices_from diagflat diagonal diff digitize divide "
    "divmod dot double dsplit dstack dtype e ediff1d einsum einsum_path empty empty_like equal errstate euler_gamma "
    "exp exp2 expand_dims expm1 extract eye fabs fill_diagonal finfo fix flatnonzero flip fliplr flipud float16 "
    "float32 float64 float_power floating floor floor_divide fmax fmin fmod frexp fromfunction fromiter full "
    "full_like gcd generic geomspace geterr gradient greater greater_equal hamming hanning heaviside histogram "
    "histogram2d histogram_bin_edges histogramdd hsplit hstack hypot i0 identity iinfo imag in1d indices inf inner "
    "insert int16 int32 int64 int8 int_ intc integer interp intersect1d intp invert isclose iscomplex iscomplexobj "
    "isfinite isfortran isin isinf isnan isneginf isposinf isreal isrealobj isscalar issubdtype ix_ kaiser kron lcm "
    "ldexp left_shift less less_equal lexsort linspace log log10 log1p log2 logaddexp logaddexp2 logical_and "
    "logical_not logical_or logical_xor logspace longdouble mask_indices matmul matrix matrix_transpose matvec max "
    "maximum mean median meshgrid mgrid min minimum mod modf moveaxis multiply nan nan_to_num nanargmax nanargmin "
    "nancumprod nancumsum nanmax nanmean nanmedian nanmin nanpercentile nanprod nanquantile nanstd nansum nanvar "
    "ndarray ndenumerate ndim ndindex negative newaxis nextafter nonzero not_equal number ogrid ones ones_like outer "
    "pad partition percentile permute_dims pi piecewise place poly poly1d polyadd polyder polydiv polyfit polyint "
    "polymul polysub polyval positive pow power printoptions prod promote_types ptp put put_along_axis putmask "
    "quantile r_ rad2deg radians ravel ravel_multi_index real real_if_close reciprocal remainder repeat reshape "
    "resize result_type right_shift rint roll rollaxis roots rot90 round s_ searchsorted select set_printoptions "
    "setdiff1d seterr setxor1d shape sign signbit signedinteger sin sinc single sinh size sort sort_complex spacing "
    "split sqrt square squeeze stack std subtract sum swapaxes take take_along_axis tan tanh tensordot tile trace "
    "transpose trapezoid tri tril tril_indices tril_indices_from trim_zeros triu triu_indices triu_indices_from "
    "true_divide trunc ufunc uint16 uint32 uint64 uint8 union1d unique unravel_index unsignedinteger unstack unwrap "
    "vander var vdot vecdot vecmat vectorize void vsplit vstack where zeros zeros_like clongdouble complexfloating "
    "inexact isdtype can_cast common_type"
).split()
LINALG = (
    "LinAlgError cholesky cond cross det diagonal eig eigh eigvals eigvalsh inv lstsq matmul matrix_norm matrix_power "
    "matrix_rank matrix_transpose multi_dot norm outer pinv qr slogdet solve svd svdvals tensordot trace vecdot "
    "vector_norm"
).split()
FFT = (
    "fft fft2 fftfreq fftn fftshift hfft ifft ifft2 ifftn ifftshift ihfft irfft irfft2 irfftn rfft rfft2 rfftfreq rfftn"
).split()
FFTPACK = "fft fft2 fftn ifft ifft2 ifftn fftfreq fftshift ifftshift".split()
RANDOM = (
    "beta binomial bytes chisquare choice dirichlet exponential f gamma geometric get_state gumbel hypergeometric "
    "laplace logistic lognormal logseries multinomial multivariate_normal negative_binomial noncentral_chisquare "
    "noncentral_f normal pareto permutation poisson power rand randint randn random random_sample rayleigh seed "
    "set_state shuffle standard_cauchy standard_exponential standard_gamma standard_normal standard_t triangular "
    "uniform vonmises wald weibull zipf"
).split()
GENERATOR = frozenset(
    "beta binomial chisquare choice dirichlet exponential gamma geometric gumbel integers laplace logistic lognormal "
    "multinomial multivariate_normal normal pareto permutation permuted poisson power random rayleigh shuffle spawn "
    "standard_cauchy standard_exponential standard_gamma standard_normal standard_t triangular uniform vonmises "
    "weibull".split()
)
ARRAY = frozenset(
    "T all any argmax argmin argpartition argsort astype choose clip compress conj conjugate copy cumprod cumsum "
    "diagonal dot dtype fill flat flatten imag item itemsize mT max mean min nbytes ndim nonzero partition prod put "
    "ravel real repeat reshape round searchsorted shape size sort squeeze std strides sum swapaxes take tolist trace "
    "transpose var view".split()
)
_POLY1D = frozenset("c coef coefficients coeffs deriv integ o order r roots variable".split())
_MATRIX = ARRAY | {"A", "A1", "H", "I"}
_SIZED = "zeros ones empty full eye identity arange linspace tile repeat resize tri indices".split()
# Names that NumPy has given up, as the tutorials still have them.
_FORMER: dict[str, Any] = {
    "float_": np.float64, "int": int, "float": float, "complex": complex, "str": str, "object": object, "Inf": np.inf,
    "Infinity": np.inf, "NaN": np.nan, "NAN": np.nan, "infty": np.inf, "mat": np.asmatrix, "trapz": np.trapezoid,
    "product": np.prod, "cumproduct": np.cumprod, "alltrue": np.all, "sometrue": np.any, "row_stack": np.vstack,
    "asscalar": lambda a: a.item(), "asfarray": lambda a: np.asarray(a, float), "complex_": np.complex128,
    "in1d": np.isin, "round_": np.round, "unicode_": np.str_,
}  # fmt: skip


def supply(guard: Guard) -> Supply:
    """NumPy for one run."""
    state = np.random.RandomState(0)
    guard.generators.append(state)
    linalg, fft, random = real(np.linalg, LINALG), real(np.fft, FFT), _random(guard, state)

    def table() -> dict[str, Any]:
        sized = {name: _sized(guard, getattr(np, name)) for name in _SIZED}
        own = {
            "linalg": linalg, "fft": fft, "random": random, "polynomial": _polynomial(), "__version__": np.__version__,
            "set_printoptions": _printoptions(guard, np.set_printoptions), "printoptions":
            _printoptions(guard, np.printoptions), "fromfile": _file(guard, "fromfile"), "save": _nothing,
            "savetxt": _nothing, "savez": _nothing, **files.of_numpy(),
        }  # fmt: skip
        return {**_FORMER, **real(np, NAMES), **sized, **own}

    return Supply(
        modules={
            "numpy": table, "numpy.linalg": lambda: linalg, "numpy.fft": lambda: fft, "numpy.random": lambda: random,
            "numpy.polynomial": _polynomial, "numpy.matlib": table,
            "scipy.fft": lambda: fft, "scipy.fftpack": lambda: real(np.fft, FFTPACK),  # the same to rounding
        },
        types={
            np.ndarray: ARRAY, np.generic: ARRAY | {"is_integer", "as_integer_ratio", "hex"}, np.matrix: _MATRIX,
            np.poly1d: _POLY1D,
            np.dtype: frozenset({"name", "kind", "itemsize", "type", "char", "str", "newbyteorder"}),
            np.ufunc: frozenset({"reduce", "accumulate", "outer", "at", "nin", "nout"}),
            np.random.RandomState: frozenset(RANDOM), np.random.Generator: GENERATOR,
            np.finfo: frozenset({"eps", "max", "min", "tiny", "resolution", "dtype", "bits", "smallest_normal"}),
            np.iinfo: frozenset({"max", "min", "dtype", "bits"}), type(np.ndenumerate([0])): frozenset(),
            type(np.linalg.svd(np.eye(1))): frozenset({"U", "S", "Vh"}),
            type(np.linalg.eig(np.eye(1))): frozenset({"eigenvalues", "eigenvectors"}),
            type(np.linalg.eigh(np.eye(1))): frozenset({"eigenvalues", "eigenvectors"}),
            type(np.linalg.qr(np.eye(1))): frozenset({"Q", "R"}),
            type(np.linalg.slogdet(np.eye(1))): frozenset({"sign", "logabsdet"}),
            np.polynomial.Polynomial: frozenset(
                "coef deriv integ roots degree convert fit domain".split()),
        },
        settable={np.ndarray: frozenset({"shape", "flat", "real", "imag"})},
        bases={np.ndarray},
        kinds={},
    )  # fmt: skip


def _nothing(*_: Any, **__: Any) -> None:
    """Files are not written."""


def _file(guard: Guard, name: str) -> Callable[..., Any]:
    def ask(*args: Any, **_: Any) -> Any:
        what = f" `{args[0]}`" if args and isinstance(args[0], str) else ""
        guard.fail(Gap(f"the file{what[:80]} that `np.{name}` reads", code="needs-file"))

    return ask


def _sized(guard: Guard, function: Any) -> Any:
    """A function that makes an array, whose size is looked at before."""

    def make(*args: Any, **named: Any) -> Any:
        if _elements(function.__name__, args, named) > limits.ITEMS:
            guard.fail(Gap(f"`np.{function.__name__}` of more than {limits.ITEMS:,} numbers", code="too-big"))
        return function(*args, **named)

    return make


def _elements(name: str, args: tuple[Any, ...], named: dict[str, Any]) -> float:
    try:
        if name == "arange":
            low, high, step = (0, args[0], 1) if len(args) == 1 else (*args, 1)[:3]
            return float((high - low) / step)
        if name == "linspace":
            return float(named.get("num", args[2] if len(args) > 2 else 50)) * np.size(args[0])
        if name in ("eye", "identity", "tri"):
            return float(args[0]) * float(args[1] if len(args) > 1 and args[1] is not None else args[0])
        if name == "repeat":
            times = named.get("repeats", args[1] if len(args) > 1 else 1)
            return float(np.size(args[0]) * np.max(times)) if np.size(times) == 1 else float(np.sum(times))
        if name in ("tile", "resize"):
            count = math.prod(int(n) for n in np.ravel(args[1]))
            return float(np.size(args[0]) * count if name == "tile" else count)
        shape = named.get("shape", args[0] if args else 0)
        return float(math.prod(int(n) for n in np.ravel(shape)))
    except (TypeError, ValueError, IndexError, ZeroDivisionError, OverflowError):
        return 0  # NumPy has its own words for such arguments


def _printoptions(guard: Guard, function: Callable[..., Any]) -> Callable[..., Any]:
    def options(*args: Any, formatter: Any = None, **named: Any) -> Any:
        if named.get("threshold", 0) > limits.SHOWN:
            named["threshold"] = limits.SHOWN
        return function(*args, formatter=formatter, **named)

    return options


def _random(guard: Guard, state: np.random.RandomState) -> dict[str, Any]:
    def sized(name: str) -> Any:
        draw = getattr(state, name)

        def call(*args: Any, **named: Any) -> Any:
            size = named.get("size", args[-1] if args and name not in ("rand", "randn") else args)
            count = math.prod(int(n) for n in np.ravel(size)) if isinstance(size, (int, tuple, list)) else 0
            if name not in ("shuffle", "choice", "permutation", "set_state") and count > limits.ITEMS:
                guard.fail(Gap(f"`np.random.{name}` of more than {limits.ITEMS:,} numbers", code="too-big"))
            return draw(*args, **named)

        return call

    def reseed(*args: Any, **named: Any) -> None:
        if guard.forced is None:
            state.seed(*args, **named)
        else:
            state.seed(guard.forced)

    def default_rng(seed: Any = 0) -> np.random.Generator:
        chosen = seed if guard.forced is None else guard.forced
        made = np.random.default_rng(0 if chosen is None else chosen)
        guard.generators.append(made)
        return made

    def legacy(seed: Any = 0) -> np.random.RandomState:
        made = np.random.RandomState(seed if guard.forced is None else guard.forced)
        guard.generators.append(made)
        return made

    return {**{name: sized(name) for name in RANDOM if hasattr(state, name)}, "seed": reseed,
            "ranf": sized("random_sample"), "sample": sized("random_sample"), "default_rng": default_rng,
            "random_integers":
            lambda low, high=None, size=None: state.randint(1 if high is None else low, (high or low) + 1, size),
            "RandomState": legacy, "Generator": np.random.Generator}  # fmt: skip


def _polynomial() -> dict[str, Any]:
    return {"Polynomial": np.polynomial.Polynomial,
            "polynomial": real(np.polynomial.polynomial,
                               "polyval polyfit polyroots polyder polyint".split())}  # fmt: skip
