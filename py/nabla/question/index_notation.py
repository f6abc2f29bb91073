r"""Divergence, curl and Laplacian in the notation of indices, with the nabla: ε_{ijk} ∂_j F_k, ∂_i F_i, ∂_i ∂_i φ."""

from __future__ import annotations

import re

_D = r"(?:∂|\\partial)\s?_\s?\{?([ijklmn])\}?\s*"
_OF = r"(?:\\(?:vec|mathbf)\s?\{?)?([A-Za-z])\}?"
_CURL = re.compile(
    rf"(?:ε|ϵ|\\(?:var)?epsilon)\s?_\s?\{{?([ijklmn])\s?([ijklmn])\s?([ijklmn])\}}?\s*{_D}{_OF}\s?_\s?\{{?([ijklmn])\}}?"
)
_DIVERGENCE = re.compile(rf"{_D}{_OF}\s?_\s?\{{?\1\}}?")
_LAPLACIAN = re.compile(rf"{_D}{_D}(\\?[A-Za-z]+|[α-ωϕ])(?!\s?_)")
_EVEN = ((0, 1, 2), (1, 2, 0), (2, 0, 1))


def with_nabla(text: str) -> str:
    """The text with ∇ × F, ∇ · F and ∇² f in place of sums over indices; of the same length.

    Only of what the text defines as a whole, F = (...) or f = ..., and of those that have no sign to them.
    """
    text = _CURL.sub(lambda found: _curl(found, text), text)
    text = _LAPLACIAN.sub(
        lambda found: _filled(found, ("∇²", r"\nabla^2 "), found[3], found[1] == found[2], text), text
    )
    return _DIVERGENCE.sub(lambda found: _filled(found, ("∇·", r"\nabla\cdot "), found[2], True, text), text)


def _curl(found: re.Match[str], text: str) -> str:
    order = found.groups()[:3]
    if len(set(order)) < 3 or not {found[4], found[6]} <= set(order) or found[4] == found[6]:
        return found[0]
    by, of = order.index(found[4]), order.index(found[6])
    return _filled(found, ("∇×", r"\nabla\times "), found[5], (3 - by - of, by, of) in _EVEN, text)


def _filled(found: re.Match[str], signs: tuple[str, str], name: str, holds: bool, text: str) -> str:
    defined = re.search(rf"(?<![A-Za-z_]){re.escape(name)}\}}?\s*(?:\([^()=]*\)\s*)?=(?!=)", text)
    put = signs["\\" in found[0]] + name
    return put.ljust(len(found[0])) if holds and defined and len(put) <= len(found[0]) else found[0]
