"""Sums of exp(2 pi i g t) at many trial frequencies g, and what a further tone at each would explain."""

from __future__ import annotations

from functools import cache, cached_property

import numpy as np

from nabla.sinusoid.times import Complexes, Floats, Times

LOWEST = 0.4  # bins: less of a cycle cannot be told from a trend
TRIALS = 2**22  # trial frequencies at most
DIRECT = 2**19  # products of samples and trials up to which uneven times are summed term by term
WIDTH = 8  # grid points over which the kernel spreads a sample
NEIGHBOURS = 200  # places to either side from which a spectrum is interpolated
STRETCH = 2**14  # places of a spectrum worked on at a time: they stay in the processor's cache
_BETWEEN = np.linspace(-1, 2, 49)  # places around one at which a top is looked for
ACROSS = 0.81  # of the power of a tone midway between two bins is seen in both together


class Trials:
    """The trial frequencies of a record: 0, step, 2 step, ... up to `highest`, all in bins, `per_bin` or more a bin.

    On a grid the sums are fast Fourier transforms of the samples with zeros at the empty places; at uneven times they
    are a non-uniform fast Fourier transform.
    """

    def __init__(self, times: Times, highest: float, per_bin: int) -> None:
        self.times = times
        if times.place is None:
            self.step = max(1 / per_bin, highest / TRIALS)
        else:
            self.length = smooth(per_bin * times.size)
            self.step = times.size / self.length
        self.count = int(highest / self.step + 1e-9) + 1

    @cached_property
    def _waves(self) -> Complexes:
        """exp(2 pi i g t), shape (count, n)."""
        return np.exp(2j * np.pi * np.multiply.outer(self.g, self.times.t))

    @property
    def g(self) -> Floats:
        """The trial frequencies, shape (count,)."""
        return np.asarray(np.arange(self.count) * self.step, dtype=np.float64)

    def sums(self, column: Floats, times: int = 1) -> Complexes:
        """The sum of column * exp(2 pi i g t) at g = `times` (1 or 2) the trial frequencies, shape (count,)."""
        if self.times.place is None:
            if self.times.n * self.count > DIRECT:
                return nufft(self.times.t, column, self.step * times, self.count)
            direct: Complexes = (self._waves if times == 1 else self._waves**2) @ column
            return direct
        size = self.times.size
        filled = np.zeros(size)
        filled[self.times.place] = column
        half = np.fft.rfft(filled, self.length)
        index = times * np.arange(self.count) % self.length
        mirrored = index > self.length // 2
        found = half[np.where(mirrored, self.length - index, index)]
        found = np.where(mirrored, found.conj(), found).conj()
        turned: Complexes = found * np.exp(-1j * np.pi * times * self.g * (size - 1) / size)
        return turned

    def gain(self, residual: Floats, basis: Floats) -> Floats:
        """The fall of the sum of squares by one more tone at each trial frequency, shape (count,).

        `basis`, shape (n, p), has orthonormal columns that span the model so far: what it can explain is taken out of
        the trial tone, which is orthogonal least squares. Below 0.4 bins, and where the trial tone is in the model
        already, the gain is 0.
        """
        n = residual.size
        r = self.sums(residual)
        size = np.full(self.count, float(n))
        twist = self.sums(np.ones(n), 2)
        for column in basis.T:
            overlap = self.sums(column)
            size -= np.abs(overlap) ** 2
            twist -= overlap**2
        # For z = exp(2 pi i g t) off the basis: gain = 2 (|z|^2 |r.z|^2 - Re(conj(z.z) (r.z)^2)) / (|z|^4 - |z.z|^2).
        below = size**2 - np.abs(twist) ** 2
        apart = (below > 1e-5 * n * n) & (self.g >= LOWEST)
        above = 2 * (size * np.abs(r) ** 2 - (twist.conj() * r**2).real)
        return np.where(apart, above / np.where(apart, below, 1.0), 0.0)

    def power(self, residual: Floats) -> tuple[Complexes, Floats]:
        """The spectrum of a long record, and at least 0.6 of what a tone near each trial would explain.

        Shape (count,) each. On a grid the trials are about one bin apart: a tone midway between two is seen in full,
        one at a trial in 0.62 there and just below.
        """
        n = residual.size
        found = self.sums(residual) if self.times.place is None else self._raw(residual)
        if self.times.place is None:
            here = (found * found.conj()).real
        else:
            # With the origin at the first place the phase turns by half a cycle a bin: a difference adds up the two
            # bins beside a tone. No maximum with the bins alone: its branches would take longer than all the rest.
            here = np.empty(found.size)
            here[-1] = abs(found[-1]) ** 2
            for start in range(0, found.size - 1, STRETCH):
                part = found[start : start + STRETCH + 1]
                apart = part[1:] - part[:-1]
                here[start : start + apart.size] = (apart * apart.conj()).real
            here *= 1 / (2 * ACROSS)
        here *= 2 / n
        here[: int(np.ceil(LOWEST / self.step))] = 0.0
        return found, here

    def top(self, found: Complexes, n: int, i: int) -> tuple[float, float]:
        """The frequency next to trial i where a tone would explain most of a record of n samples, and how much."""
        near = slice(max(i - NEIGHBOURS, 0), min(i + NEIGHBOURS + 1, found.size))
        places, there = np.arange(near.start, near.stop, dtype=float), found[near]
        if self.times.place is not None:
            places = i + _BETWEEN
            there = _kernels()[:, near.start - i + NEIGHBOURS : near.stop - i + NEIGHBOURS] @ there
        power = np.abs(there) ** 2 * (2 / n)
        best = int(np.argmax(np.where(np.abs(places - i) <= 2, power, 0.0)))
        place = places[best] + (places[1] - places[0]) * bend(power, best)
        return float(max(self.step * place, LOWEST)), float(power[best])

    def _raw(self, column: Floats) -> Complexes:
        """Sums on a grid with its first place as the origin of time, shape (count,): one transform, no phases."""
        filled = column
        if self.times.holes:
            filled = np.zeros(self.times.size)
            filled[self.times.place] = column
        found: Complexes = np.fft.rfft(filled, self.length)[: self.count]
        return found


def bend(power: Floats, best: int) -> float:
    """How far from place `best`, that of the largest value, the parabola through it and its neighbours has its top."""
    if not 0 < best < power.size - 1:
        return 0.0
    left, middle, right = power[best - 1 : best + 2]
    curved = left - 2 * middle + right
    return float(0.5 * (left - right) / curved) if curved < 0 else 0.0


def smooth(n: int) -> int:
    """The smallest number from n on without prime factors above 5: a length that transforms fast."""
    best = 1 << (n - 1).bit_length()
    five = 1
    while five < best:
        three = five
        while three < best:
            quotient = -(-n // three)
            best = min(best, three << (quotient - 1).bit_length())
            three *= 3
        five *= 5
    return best


def nufft(t: Floats, column: Floats, step: float, count: int) -> Complexes:
    """The sums of column * exp(2 pi i k step t) for k = 0, ..., count - 1, to about 1e-6 of the sum of |column|.

    Non-uniform fast Fourier transform of type 1 with the "exponential of semicircle" kernel on a grid of twice the
    needed length (A. Barnett, J. Magland, L. af Klinteberg, SIAM J. Sci. Comput. 41, 2019, C479).
    """
    length = smooth(4 * max(count, WIDTH))
    place = (t * step % 1.0) * length
    first = np.ceil(place - WIDTH / 2)
    grid = np.zeros(length)
    for i in range(WIDTH):
        at = first + i
        grid += np.bincount((at % length).astype(np.intp), column * _kernel((at - place) / (WIDTH / 2)), length)
    return np.fft.rfft(grid)[:count].conj() / _transformed()(np.arange(count) / length)


@cache
def _kernels() -> Complexes:
    """Dirichlet's kernel, which takes a spectrum to the places `_BETWEEN` its own, shape (49, 2 NEIGHBOURS + 1)."""
    apart = _BETWEEN[:, None] - np.arange(-NEIGHBOURS, NEIGHBOURS + 1)
    return np.asarray(np.exp(-1j * np.pi * apart) * np.sinc(apart))


@cache
def _transformed() -> np.polynomial.Chebyshev:
    """The Fourier transform of the kernel at frequencies from 0 to 1/4 of a grid point's, as a polynomial."""
    nodes, weights = np.polynomial.legendre.leggauss(32)

    def integral(frequency: Floats) -> Floats:
        # The kernel is even: an integral of cosines over half of it.
        half = (nodes + 1) / 2
        waves = np.cos(np.pi * WIDTH * np.multiply.outer(frequency, half))
        return np.asarray(waves @ (weights / 2 * _kernel(half)) * WIDTH)

    return np.polynomial.Chebyshev.interpolate(integral, 24, domain=[0, 0.25])


def _kernel(z: Floats) -> Floats:
    return np.exp(2.3 * WIDTH * (np.sqrt(np.maximum(1 - z * z, 0.0)) - 1))
