"""Normal equations of a sum of sinusoids on a trend, from the rows or, on a grid, from factorised exponentials.

The columns of U are powers of 2t, then cos(2 pi f t), sin(2 pi f t), t cos(2 pi f t) and t sin(2 pi f t) for every
frequency f in bins. They span the model and its derivatives in f, so U'U and U'y are all that a step needs.
"""

from __future__ import annotations

import sys
from math import comb, isqrt
from typing import Protocol

import numpy as np

from nabla.sinusoid.times import Complexes, Floats, Integers, Times

ROWS = 8192  # samples up to which tables of sines are built
CHUNK = 16384  # rows of such a table held at a time
HOLES = 20  # empty places of a grid, as a multiple of sqrt(n), whose sums are still taken one by one


class Sums(Protocol):
    """What the refinement needs of the data; `y` may be replaced by other values at the same times.

    `rounding` is that of the residual sum of squares, relative to the sum of squares.
    """

    y: Floats
    trend: int
    rounding: float

    def normal(self, f: Floats) -> tuple[Floats, Floats]:
        """U'U, shape (m, m), and U'y, shape (m,), with m = trend + 4 len(f)."""
        ...

    def model(self, f: Floats, coefficients: Floats) -> Floats:
        """U times `coefficients`, of which those of the t cos and t sin columns are left out; shape (n,)."""
        ...

    def explained(self, f: Floats, coefficients: Floats, v: Floats) -> float:
        """The residual sum of squares at these coefficients, where v = U'y."""
        ...


def sums(times: Times, y: Floats, trend: int) -> Sums:
    """The cheaper of the two ways for these times; `trend` counts the powers of t, 0 for none."""
    if times.place is None or times.n <= ROWS or times.holes > HOLES * isqrt(times.n):
        return TableSums(times.t, y, trend)
    return GridSums(y, trend, times.place, times.size)


class TableSums:
    """Any times, from tables of sines: O(n m^2), in chunks of rows so that memory stays bounded."""

    def __init__(self, t: Floats, y: Floats, trend: int) -> None:
        self.t, self.y, self.trend = t, y, trend
        self.rounding = 1e-15
        self._powers = (2 * t[:, None]) ** np.arange(trend)
        self._latest: tuple[Floats, Floats] | None = None

    def _table(self, f: Floats, rows: slice, derivatives: bool) -> Floats:
        if self._latest and self._latest[0] is f:
            return self._latest[1] if derivatives else self._latest[1][:, : self.trend + 2 * f.size]
        t, k, p = self.t[rows, None], f.size, self.trend
        table = np.empty((len(t), p + (4 if derivatives else 2) * k))
        table[:, :p] = self._powers[rows]
        angle = 2 * np.pi * t * f
        np.cos(angle, out=table[:, p : p + k])
        np.sin(angle, out=table[:, p + k : p + 2 * k])
        if derivatives:
            np.multiply(t, table[:, p : p + 2 * k], out=table[:, p + 2 * k :])
            if self.t.size <= CHUNK:
                self._latest = f, table
        return table

    def normal(self, f: Floats) -> tuple[Floats, Floats]:
        """See `Sums`."""
        m = self.trend + 4 * f.size
        gram, right = np.zeros((m, m)), np.zeros(m)
        for start in range(0, self.t.size, CHUNK):
            rows = slice(start, start + CHUNK)
            table = self._table(f, rows, True)
            gram += table.T @ table
            right += self.y[rows] @ table
        return gram, right

    def model(self, f: Floats, coefficients: Floats) -> Floats:
        """See `Sums`."""
        if self.t.size <= CHUNK:
            return np.asarray(self._table(f, slice(0, CHUNK), False) @ coefficients)
        starts = range(0, self.t.size, CHUNK)
        return np.concatenate([self._table(f, slice(s, s + CHUNK), False) @ coefficients for s in starts])

    def explained(self, f: Floats, coefficients: Floats, v: Floats) -> float:
        """See `Sums`."""
        residual = self.y - self.model(f, coefficients)
        return float(residual @ residual)


class GridSums:
    """Times on a grid, few of its places empty: O(n K) a step with no table of sines of length n.

    With the place written as b M + j, exp(i w (b M + j)) = exp(i w b M) exp(i w j): sums over y are one product of y as
    a B x M matrix with an M x 4K one, and sums over the times alone cost O(sqrt(n)).
    """

    def __init__(self, y: Floats, trend: int, place: Integers, size: int) -> None:
        self.trend, self.place, self.size = trend, place, size
        self.rounding = 1e-12  # long sums, and a difference of two
        self.width = isqrt(size)
        self.blocks = size // self.width
        self.tb = (self.width * np.arange(self.blocks) - (size - 1) / 2) / size
        self.tj = np.arange(self.width) / size
        self.tail = (np.arange(self.blocks * self.width, size) - (size - 1) / 2) / size
        missing = np.setdiff1d(np.arange(size), place, assume_unique=True) if place.size < size else np.empty(0)
        self.missing = (missing - (size - 1) / 2) / size
        still = self._moments(self._waves(np.float64(0.0)), max(2 * trend - 2, 0))
        self._still = [float(s.real) for s in still]  # sums of the powers of t
        self.y = y

    @property
    def y(self) -> Floats:
        """The values, shape (n,)."""
        return self._y

    @y.setter
    def y(self, y: Floats) -> None:
        self._y = y
        if y.size == self.size:
            filled = y
        else:
            filled = np.zeros(self.size)
            filled[self.place] = y
        self._square = float(y @ y)
        cut = self.blocks * self.width
        self._matrix, self._end = filled[:cut].reshape(self.blocks, self.width), filled[cut:]
        self._powers = self._trend_sums()

    def _trend_sums(self) -> Floats:
        """The sums of y (2t)^a for the powers of the trend."""
        rows = self._matrix @ self.tj[:, None] ** np.arange(self.trend)
        found = np.array([self._end @ self.tail**a for a in range(self.trend)])
        for a in range(self.trend):
            found[a] += sum(comb(a, i) * (self.tb ** (a - i) @ rows[:, i]) for i in range(a + 1))
        powers: Floats = found * 2.0 ** np.arange(self.trend)
        return powers

    def _waves(self, f: Floats | np.float64) -> list[Complexes]:
        """exp(2 pi i f t) at the places within a block, at the blocks, at the rest and at the empty places."""
        times = (self.tj, self.tb, self.tail, self.missing)
        return [np.asarray(np.exp(2j * np.pi * np.multiply.outer(f, t))) for t in times]

    def _data(self, waves: list[Complexes]) -> Floats:
        """U'y."""
        inner, outer, end, _ = waves
        weighted = self.tj * inner
        k = len(inner)
        product = _products(self._matrix, np.concatenate([inner.real, inner.imag, weighted.real, weighted.imag])).T
        plain, timed = product[:k] + 1j * product[k : 2 * k], product[2 * k : 3 * k] + 1j * product[3 * k :]
        first = np.sum(outer * plain, axis=1) + end @ self._end
        second = np.sum(outer * (self.tb * plain + timed), axis=1) + end @ (self._end * self.tail)
        return np.concatenate([self._powers, first.real, first.imag, second.real, second.imag])

    def _moments(self, waves: list[Complexes], order: int) -> list[Complexes]:
        """Sums over the samples of t^q times waves, shape (..., n), for q = 0, ..., order, each of shape (...)."""
        inner, outer, end, gone = waves
        small = [inner @ self.tj**i for i in range(order + 1)]
        large = [outer @ self.tb**i for i in range(order + 1)]
        found: list[Complexes] = [np.asarray(end @ self.tail**q - gone @ self.missing**q) for q in range(order + 1)]
        for q in range(order + 1):
            found[q] += sum(comb(q, i) * large[q - i] * small[i] for i in range(q + 1))
        return found

    def normal(self, f: Floats) -> tuple[Floats, Floats]:
        """See `Sums`."""
        p, k = self.trend, f.size
        waves = self._waves(f)
        minus = self._moments([wave[:, None] * wave.conj() for wave in waves], 2)
        plus = self._moments([wave[:, None] * wave for wave in waves], 2)
        alone = self._moments(waves, p)
        zero = self._still
        gram = np.empty((p + 4 * k, p + 4 * k))
        for q, (i, j) in ((0, (0, 0)), (1, (0, 1)), (1, (1, 0)), (2, (1, 1))):
            cos_cos = (minus[q].real + plus[q].real) / 2
            sin_sin = (minus[q].real - plus[q].real) / 2
            cos_sin = (plus[q].imag - minus[q].imag) / 2
            block = gram[p + 2 * k * i : p + 2 * k * (i + 1), p + 2 * k * j : p + 2 * k * (j + 1)]
            block[:k, :k], block[:k, k:], block[k:, :k], block[k:, k:] = cos_cos, cos_sin, cos_sin.T, sin_sin
        for a in range(p):
            gram[a, :p] = [2.0 ** (a + b) * zero[a + b] for b in range(p)]
            row = np.concatenate([part for q in (a, a + 1) for part in (alone[q].real, alone[q].imag)])
            gram[a, p:] = gram[p:, a] = 2.0**a * row
        return gram, self._data(waves)

    def model(self, f: Floats, coefficients: Floats) -> Floats:
        """See `Sums`."""
        p, k = self.trend, f.size
        if not k and p <= 1:
            return np.broadcast_to(coefficients[0] if p else np.float64(0.0), self.place.shape)
        amplitudes = coefficients[p : p + k] - 1j * coefficients[p + k :]
        inner = np.exp(2j * np.pi * np.multiply.outer(f, self.tj))
        outer = np.exp(2j * np.pi * self.tb[:, None] * f) * amplitudes
        full = np.empty(self.size)
        cut = self.blocks * self.width
        constant = coefficients[0] if p else 0.0
        # Re(outer @ inner) plus the constant as one real product
        left = np.concatenate([outer.real, -outer.imag, np.full((self.blocks, 1), constant)], axis=1)
        right = np.concatenate([inner.real, inner.imag, np.ones((1, self.width))])
        np.matmul(left, right, out=full[:cut].reshape(self.blocks, self.width))
        full[cut:] = (np.exp(2j * np.pi * self.tail[:, None] * f) @ amplitudes).real + constant
        if p > 1:
            full += np.polynomial.polynomial.polyval(
                (2 * np.arange(self.size) - (self.size - 1)) / self.size, [0.0, *coefficients[1:p]]
            )
        return full if self.place.size == self.size else full[self.place]

    def explained(self, f: Floats, coefficients: Floats, v: Floats) -> float:
        """See `Sums`; by Pythagoras, right to rounding of the sum of squares, which is what a long record needs."""
        return max(self._square - float(coefficients @ v[: coefficients.size]), 0.0)


def _products(matrix: Floats, rows: Floats) -> Floats:
    """matrix @ rows.T for long rows; without a BLAS, as in the page, einsum's loop takes less than half the time."""
    return np.einsum("ij,kj->ik", matrix, rows) if sys.platform == "emscripten" else matrix @ rows.T
