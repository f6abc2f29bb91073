"""Fields whose answer is known, written into a program in place of its own, and what its results then have to be.

Programs that take differences get linear fields (quadratic ones for second derivatives), which every scheme of
differences is exact on away from the edges; programs by Fourier series get a few modes that repeat over the grid.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nabla.labs.decompose.program.mending import rebuilt
from nabla.labs.decompose.program.reading import FieldProgram, Output
from nabla.program.run import Run, run
from nabla.program.source import Program

Array = NDArray[np.float64]
NUMPY = "probe_np"
MODES = ((1, 2, 1), (2, 1, 3), (1, -1, 2))  # cycles over the grid along each axis
NEAR = 1e-6  # of the size of the truth: how near a result has to come
EDGE = 2  # cells at an edge, where differences have one side


@dataclass(frozen=True, eq=False)
class KnownField:
    """A field by formulas of the program's coordinates: one for each component, and the truth of every meaning.

    `setup` are names for what the formulas share.
    """

    parts: tuple[str, ...]
    truth: Mapping[tuple[str, int | None], str]
    spectral: bool
    setup: Mapping[str, str] = dataclasses.field(default_factory=dict)


@lru_cache(maxsize=4)
def probe(found: FieldProgram, seed: int) -> KnownField:
    """A field with random numbers of two digits, and its derivatives."""
    rng = np.random.default_rng(seed)
    count = max(len(found.letters), len(found.parts))
    letters = found.letters
    return _modes(rng, letters, count) if found.spectral else _powers(rng, letters, count)


def _number(rng: np.random.Generator) -> float:
    return float(rng.choice([-1, 1]) * rng.integers(11, 99)) / 31


def _sum(terms: list[str]) -> str:
    return " + ".join(terms) or "0.0"


def _powers(rng: np.random.Generator, letters: list[str], count: int) -> KnownField:
    slopes = [[_number(rng) for _ in letters] for _ in range(count)]
    bends = [_number(rng) for _ in letters]
    parts = [_sum([f"{a}*{_at(c)}" for a, c in zip(row, letters, strict=True)]) for row in slopes]
    truth: dict[tuple[str, int | None], str] = {}
    level = _sum([f"0*{_at(c)}" for c in letters])
    for i, row in enumerate(slopes):
        for j, a in enumerate(row):
            truth[f"partial{i}", j] = f"{a} + {level}"
    truth["divergence", None] = f"{sum(slopes[i][i] for i in range(min(count, len(letters))))} + {level}"
    for place, (i, j) in _turns(count, letters).items():
        truth["curl", place] = f"{slopes[j][i] - slopes[i][j]} + {level}"
    bent = _sum([f"{b}*{_at(c)}**2" for b, c in zip(bends, letters, strict=True)])
    truth["laplacian", None] = f"{2 * sum(bends)} + {level}"
    truth["laplacian-field", None] = bent
    return KnownField(tuple(parts), truth, False)


def _turns(count: int, letters: list[str]) -> dict[int | None, tuple[int, int]]:
    """For each component of a curl the two axes that it turns between; the one of the plane has no place."""
    if count >= 3 and len(letters) == 3:
        return {k: ((k + 1) % 3, (k + 2) % 3) for k in range(3)}
    return {None: (0, 1)} if count >= 2 else {}


def _modes(rng: np.random.Generator, letters: list[str], count: int) -> KnownField:
    cycles = [mode[: len(letters)] for mode in MODES]
    sizes = [[_number(rng) for _ in cycles] for _ in range(count)]
    shifts = [_number(rng) for _ in cycles]
    means = [_number(rng) for _ in range(count)]
    phases = [
        _sum([f"{n}*{_wave(c)}*{_at(c)}" for n, c in zip(mode, letters, strict=True)]) + f" + {p}"
        for mode, p in zip(cycles, shifts, strict=True)
    ]
    setup = {f"probe_phase{m}": phase for m, phase in enumerate(phases)}
    for f in ("sin", "cos"):
        setup |= {f"probe_{f}{m}": f"{NUMPY}.{f}(probe_phase{m})" for m in range(len(cycles))}
    setup = {_wave(c): _wave(c) for c in letters} | setup
    sin, cos = ([f"probe_{f}{m}" for m in range(len(cycles))] for f in ("sin", "cos"))
    parts = [
        _sum([f"({a})*{s}" for a, s in zip(row, sin, strict=True)] + [str(means[i])]) for i, row in enumerate(sizes)
    ]
    waves = [[f"({n}*{_wave(c)})" for n, c in zip(mode, letters, strict=True)] for mode in cycles]
    truth: dict[tuple[str, int | None], str] = {}
    for i, row in enumerate(sizes):
        for j in range(len(letters)):
            terms = [f"({a})*{waves[m][j]}*{cos[m]}" for m, a in enumerate(row)]
            truth[f"partial{i}", j] = _sum(terms)
    axes = range(min(count, len(letters)))
    truth["divergence", None] = _sum([truth[f"partial{i}", i] for i in axes])
    for place, (i, j) in _turns(count, letters).items():
        truth["curl", place] = f"{truth[f'partial{j}', i]} - ({truth[f'partial{i}', j]})"
    squares = [f"({_sum([f'{w}**2' for w in wave])})" for wave in waves]
    truth["laplacian", None] = _sum([f"-({a})*{q}*{s}" for a, q, s in zip(sizes[0], squares, sin, strict=True)])
    for i in axes:
        along = [
            f"{waves[m][i]}*({_sum([f'({sizes[k][m]})*{waves[m][k]}' for k in axes])})/{squares[m]}*{sin[m]}"
            for m in range(len(cycles))
        ]
        truth["H", i] = _sum(along)
        truth["S", i] = f"{parts[i]} - ({truth['H', i]})"
        truth["mean", i] = f"{means[i]} + 0*{sin[0]}"
    return KnownField(tuple(parts), truth, True, setup)


def _at(letter: str) -> str:
    return f"(probe_{letter})"


def _wave(letter: str) -> str:
    return f"probe_k{letter}"


def with_probe(
    found: FieldProgram, given: KnownField, laplacian: bool, changes: Mapping[ast.AST, ast.AST]
) -> ast.Module:
    """The program, changed, with the probe in place of its field, and the truths worked out beside it."""
    body, fields = _prepared(found, given, laplacian, tuple(found.outputs))
    made = rebuilt(ast.Module(body, []), {**changes, **fields})
    assert isinstance(made, ast.Module)
    return ast.fix_missing_locations(made)


@lru_cache(maxsize=4)
def _prepared(
    found: FieldProgram, given: KnownField, laplacian: bool, _outputs: tuple[Output, ...]
) -> tuple[list[ast.stmt], dict[ast.AST, ast.AST]]:
    """The statements of the program with those of the probe, and what goes in place of its field."""
    fields: dict[ast.AST, ast.AST] = {}
    for part in found.parts:
        text = given.parts[max(part.place, 0)]
        if laplacian and not given.spectral:
            text = given.truth["laplacian-field", None]
        fields[part.node] = _inside(found, text)
    first, last = found.parts[0].statement, found.parts[-1].statement
    body: list[ast.stmt] = [ast.parse(f"import numpy as {NUMPY}").body[0]]
    for statement in found.tree.body:
        if statement is first:
            body += [_assigned(found, name, text) for name, text in given.setup.items()]
        body.append(statement)
        if statement is last:
            body += [_assigned(found, _truth(*key), text) for key, text in given.truth.items() if key in _wanted(found)]
    return body, fields


def _assigned(found: FieldProgram, name: str, text: str) -> ast.stmt:
    value = _period(found, name[-1]) if name == text else _inside(found, text)
    return ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], value), found.parts[0].statement)


def _truth(what: str, place: int | None) -> str:
    return f"probe_{what}_{place}".replace("-", "_")


def _wanted(found: FieldProgram) -> set[tuple[str, int | None]]:
    """The truths that the results are compared with."""
    keys: set[tuple[str, int | None]] = set()
    for output in found.outputs:
        if output.what in ("S", "H"):
            keys |= {(what, place) for what in (output.what, "mean") for place in range(len(found.letters))}
        elif output.what == "curl" and output.place is None and len(found.letters) == 3:
            keys |= {("curl", place) for place in range(3)}
        else:
            keys.add((_key(found, output), output.place))
    return keys


def _key(found: FieldProgram, output: Output) -> str:
    if output.what != "partial":
        return output.what
    return f"partial{max(next((p.place for p in found.parts if p.name == output.of), found.parts[0].place), 0)}"


def _inside(found: FieldProgram, text: str) -> ast.expr:
    """A formula of the coordinates as an expression of the program."""
    tree = ast.parse(text, mode="eval").body
    changes: dict[ast.AST, ast.AST] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Name):
            continue
        if node.id in (f"probe_{letter}" for letter in found.coordinates):
            changes[node] = found.coordinates[node.id[-1]]
    made = rebuilt(tree, changes)
    assert isinstance(made, ast.expr)
    return made


def _period(found: FieldProgram, letter: str) -> ast.expr:
    """2 pi over the length that n cells of the grid have along a coordinate."""
    atom = found.coordinates[letter]
    count = _points(found, letter)
    source = f"2*{NUMPY}.pi*{count - 1}/({NUMPY}.ptp(probe_{letter})*{count})"
    tree = ast.parse(source, mode="eval").body
    changes: dict[ast.AST, ast.AST] = {
        n: atom for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id[-2:] == f"_{letter}"
    }
    made = rebuilt(tree, changes)
    assert isinstance(made, ast.expr)
    return made


def _points(found: FieldProgram, letter: str) -> int:
    """How many points the grid has along a coordinate."""
    atom = found.coordinates[letter]
    name = atom.id if isinstance(atom, ast.Name) else atom.value.id  # type: ignore[attr-defined]
    return int(np.unique(np.round(np.asarray(found.run.names[name], float), 9)).size)


def tried(found: FieldProgram, tree: ast.Module) -> Run:
    """A changed program run."""
    return run(Program(found.run.program.source, found.run.program.text, tree))


def results(found: FieldProgram, done: Run, spectral: bool) -> dict[Output, bool | None]:
    """For each result whether it is what its name says: True, False, or None where it cannot be compared."""
    return {output: _is_right(found, done, output, spectral) for output in found.outputs}


def _is_right(found: FieldProgram, done: Run, output: Output, spectral: bool) -> bool | None:
    value = done.names.get(output.name)
    if done.raised is not None or not isinstance(value, np.ndarray):
        return False
    if output.what in ("S", "H"):
        return _is_part(found, done, output, value)
    if output.what == "curl" and output.place is None and len(found.letters) == 3:
        rows = list(value) if value.ndim == 4 and value.shape[0] == 3 else []
        truths = [done.names.get(_truth("curl", place)) for place in range(3)]
        if not rows or any(truth is None for truth in truths):
            return None
        return all(same(row, np.asarray(truth), spectral) for row, truth in zip(rows, truths, strict=True))
    truth = done.names.get(_truth(_key(found, output), output.place))
    return None if truth is None else same(value, output.sign * np.asarray(truth, float), spectral)


def _is_part(found: FieldProgram, done: Run, output: Output, value: NDArray[Any]) -> bool | None:
    """A part by Fourier series; the mean may be in it or not."""
    dimension = len(found.letters)
    rows = [value] if output.place is not None else list(value) if value.shape[0] == dimension else []
    places = [output.place] if output.place is not None else list(range(dimension))
    if not rows:
        return None
    verdicts = []
    for row, place in zip(rows, places, strict=True):
        truth, mean = (done.names.get(f"probe_{what}_{place}") for what in (output.what, "mean"))
        if truth is None or mean is None:
            return None
        options = [truth, truth - mean, truth + mean]
        verdicts.append(any(same(row, option, True) for option in options))
    return all(verdicts)


def same(value: NDArray[Any], truth: Array, spectral: bool) -> bool | None:
    """Whether a result is the truth; away from the edges where it was made by differences."""
    if np.iscomplexobj(value):
        if np.abs(value.imag).max() > NEAR * max(np.abs(value).max(), 1e-30):
            return False
        return same(value.real, truth, spectral)
    if not value.size or not truth.size:
        return False
    size = float(np.abs(truth).max()) or 1.0
    if not spectral:
        truth = np.full(value.shape, truth.flat[0])
        inner = tuple(slice(EDGE, n - EDGE) if n > 2 * EDGE + 2 else slice(None) for n in value.shape)
        value, truth = value[inner], truth[inner]
    if value.shape != truth.shape:
        return None if value.ndim != truth.ndim else False
    gap = np.abs(value - truth)
    return bool(np.all(gap <= NEAR * size))  # nan is never below
