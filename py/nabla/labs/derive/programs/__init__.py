"""Programs that compute a derivative, in ten languages and libraries."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import sympy as sp

from nabla.answer.document import Source
from nabla.labs.derive.programs.autodiff import jax_program, torch_program
from nabla.labs.derive.programs.compiled import c_program, julia_program, latex_source, matlab_program
from nabla.labs.derive.programs.python import SCIPY, math_program, numpy_program, scipy_program, sympy_program
from nabla.labs.derive.programs.wanted import Point, Result, Wanted, What, lacking
from nabla.write.dialects import JAX, JULIA, MATH, MATLAB, NUMPY, SYMPY, TORCH, C, Dialect
from nabla.write.printer import Unsupported

_WRITERS: tuple[tuple[Dialect, Callable[[Wanted], Source | None]], ...] = (
    (SYMPY, sympy_program),
    (NUMPY, numpy_program),
    (MATH, math_program),
    (TORCH, torch_program),
    (JAX, jax_program),
    (SCIPY, scipy_program),
    (C, c_program),
    (JULIA, julia_program),
    (MATLAB, matlab_program),
)


def derivative_code(
    f: sp.Expr | Sequence[sp.Expr],
    result: Result,
    wrt: Sequence[sp.Symbol],
    at: Point,
    what: What = "derivative",
    left: str = "",
) -> list[Source]:
    """The programs for `result`, what `what` says of `f`, evaluated at `at`; see `Wanted`.

    A library that lacks one of the functions is represented by a comment that says so; one that cannot be asked for
    such a result is left out. Arguments without a value in `at` are given small numbers, since a program must run as
    it stands.
    """
    functions = (f,) if isinstance(f, sp.Basic) else tuple(f)
    wanted = Wanted(what, functions, result, tuple(wrt), at, left)
    sources = [source for dialect, write in _WRITERS if (source := _written(wanted, dialect, write))]
    return [*sources, latex_source(wanted)]


def _written(wanted: Wanted, dialect: Dialect, write: Callable[[Wanted], Source | None]) -> Source | None:
    if wanted.is_open and dialect is not SYMPY:
        return None
    try:
        return write(wanted)
    except Unsupported as error:
        return lacking(dialect, error) if error.function else None
