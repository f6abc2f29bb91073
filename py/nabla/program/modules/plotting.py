"""`matplotlib` and its like: what would be drawn is taken down, and nothing is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from nabla.program.evidence import Evidence
from nabla.program.guard import Guard
from nabla.program.objects import Supply

MODULES = (
    "matplotlib matplotlib.pyplot matplotlib.animation matplotlib.cm matplotlib.colors matplotlib.ticker "
    "matplotlib.patches matplotlib.gridspec matplotlib.lines mpl_toolkits mpl_toolkits.mplot3d "
    "mpl_toolkits.axes_grid1 seaborn plotly "
    "plotly.graph_objects plotly.express torchviz IPython IPython.display torch.utils.tensorboard"
).split()


# What `pylab` has of pyplot beside NumPy's names.
PYLAB = (
    "annotate axes axhline axis axvline bar clf close colorbar contour contourf draw errorbar figtext figure fill "
    "fill_between gca gcf grid hist hold hlines imshow ion ioff legend loglog magnitude_spectrum matshow pcolor pie "
    "plot psd quiver savefig scatter semilogx semilogy show specgram stem subplot subplots subplots_adjust suptitle "
    "text tight_layout title twinx vlines xlabel xlim xticks ylabel ylim yticks"
).split()


class Drawing:
    """Stands for everything that plotting gives: each attribute, call and item is another one."""

    __slots__ = ("name", "take")

    def __init__(self, name: str, take: Callable[[str], None]) -> None:
        self.name, self.take = name, take

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Take it down."""
        self.take(self.name)
        if self.name.endswith("subplots"):
            return Drawing("figure", self.take), _axes(args, named, self.take)
        return Drawing(self.name, self.take)

    def __getitem__(self, item: Any) -> Drawing:
        return Drawing(self.name, self.take)

    def __setitem__(self, item: Any, value: Any) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:
        return iter([Drawing(self.name, self.take)])

    def __enter__(self) -> Drawing:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __repr__(self) -> str:
        return f"<{self.name}>"


def _axes(args: tuple[Any, ...], named: dict[str, Any], take: Callable[[str], None]) -> Any:
    rows, columns = (*args, 1, 1)[:2]
    rows, columns = int(named.get("nrows", rows)), int(named.get("ncols", columns))

    def line(count: int) -> list[Any]:
        return [Drawing("axes", take) for _ in range(min(count, 100))]

    if rows == columns == 1:
        return Drawing("axes", take)
    return Grid([line(columns) for _ in range(rows)] if min(rows, columns) > 1 else line(rows * columns))


class Grid(list[Any]):
    """The axes of several plots, with the indices that arrays take."""

    def __getitem__(self, item: Any) -> Any:
        if isinstance(item, tuple):
            value: Any = self
            for one in item:
                value = list.__getitem__(value, one)
            return value
        found = super().__getitem__(item)
        return Grid(found) if isinstance(found, list) else found

    def flatten(self) -> Grid:
        """All axes in one row."""
        return Grid([axes for row in self for axes in (row if isinstance(row, list) else [row])])

    @property
    def flat(self) -> Grid:
        """All axes in one row."""
        return self.flatten()


def supply(guard: Guard, evidence: Evidence) -> Supply:
    """Modules that draw."""

    def take(name: str) -> None:
        if len(evidence.drawn) < 10_000:
            evidence.drawn.append((guard.line(), name))

    def read(value: Any, name: str) -> Any:
        return Drawing(f"{value.name}.{name}", take)

    def write(value: Any, name: str, new: Any) -> None:
        """Styles of plots change nothing here."""

    def made(name: str) -> Callable[[], Any]:
        return lambda: Drawing(name, take)

    def pylab() -> dict[str, Any]:
        """NumPy with its parts in one room, the transform `fft` for the module of that name, and what draws."""
        table = guard.supply.modules["numpy"]()
        parts = {**table, **table["linalg"], **table["random"], **table["fft"]}
        draws = {name: Drawing(f"matplotlib.pyplot.{name}", take) for name in PYLAB}
        return {**parts, **draws, "np": guard.module("numpy"), "plt": Drawing("matplotlib.pyplot", take)}

    return Supply(
        modules={name: made(name) for name in MODULES} | dict.fromkeys(("pylab", "matplotlib.pylab"), pylab),
        types={Grid: frozenset({"flatten", "flat", "ravel", "append"})},
        readers={Drawing: read},
        writers={Drawing: write},
    )
