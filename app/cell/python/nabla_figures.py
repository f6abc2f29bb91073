"""Matplotlib's figures, as pictures in the page: the backend that the cell sets.

Lies in the sandbox as `nabla_figures`; needs Matplotlib, and is imported only where that is there.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
from matplotlib._pylab_helpers import Gcf
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg

# A drawing with more bytes than this as SVG, as of many thousand points, is shown as PNG.
_MOST = 1_500_000
_DOTS = 160  # per inch, as PNG

_emit: Callable[..., None] = print
_flush: Callable[[], None] = lambda: None  # noqa: E731 (until somebody leads)


def lead(emit: Callable[..., None], flush: Callable[[], None]) -> None:
    """Tell where pictures go, and what has to be told before them; programs cannot choose another backend."""
    global _emit, _flush
    _emit, _flush = emit, flush
    mpl.use = _keep  # type: ignore[assignment]
    mpl.rcParams["svg.fonttype"] = "path"
    Gcf.destroy_all()


def _keep(*_: object, **__: object) -> None:
    """Stand for `matplotlib.use`: there is one backend here."""


def draw(figure: Any) -> None:
    """Show a figure in the page."""
    _flush()
    mime, data = "image/svg+xml", _drawn(figure, "svg")
    if len(data) > _MOST:
        mime, data = "image/png", _drawn(figure, "png")
    _emit("image", mime, data)


def _drawn(figure: Any, form: str) -> bytes:
    # The date would make every picture another one.
    made = io.BytesIO()
    metadata = {"Date": None} if form == "svg" else None
    figure.savefig(made, format=form, dpi=_DOTS, bbox_inches="tight", metadata=metadata)
    return made.getvalue()


def finish() -> None:
    """Show what a program has drawn and not shown."""
    FigureManager.pyplot_show()


class FigureManager(FigureManagerBase):
    """A figure of pyplot, which is shown once and then gone, as in a notebook."""

    def show(self) -> None:
        """Show this figure."""
        if self.canvas.figure.axes:
            draw(self.canvas.figure)
        Gcf.destroy(self)

    @classmethod
    def pyplot_show(cls, *, block: bool | None = None) -> None:
        """Show all figures, as `plt.show()`."""
        for manager in Gcf.get_all_fig_managers():
            manager.show()


class FigureCanvas(FigureCanvasAgg):
    """The canvas of figures that pyplot makes."""

    manager_class = FigureManager
