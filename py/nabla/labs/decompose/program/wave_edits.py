"""Changes to derivatives by Fourier series: wave numbers, i, shifts, axes, and the mode without a wave."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import numpy as np

from nabla.labs.decompose.program.difference_edits import steps
from nabla.labs.decompose.program.mending import Mending, calls, edit, rebuilt
from nabla.labs.decompose.program.reading import FieldProgram
from nabla.program.source import called

WAVES = frozenset(("fftfreq", "rfftfreq"))


def wave_edits(found: FieldProgram) -> Iterator[Mending]:
    """The changes, the likelier kinds first."""
    for maker in (_waves, _units, _zero, _endpoints):
        yield from maker(found)


def _waves(found: FieldProgram) -> Iterator[Mending]:
    """Wave numbers: the factor 2 pi, the spacing, the order of frequencies, roots and squares."""
    spacing = steps(found)
    for node in ast.walk(found.tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and _waves_in(node.right) and _turn(node.left):
            yield edit("two-pi", "no turn", node, node.right)
    for call in calls(found, *WAVES):
        turn = ast.parse("2*3.141592653589793", mode="eval").body
        yield edit("two-pi", "turn", call, ast.BinOp(turn, ast.Mult(), call))
        if spacing is None:
            continue
        for h in dict.fromkeys(abs(h) for h in spacing):
            right = ast.Call(call.func, [call.args[0], ast.Constant(h)], [])
            yield edit("wave-number", f"step {h}", call, right)
            yield edit("wave-number", f"step and turn {h}", call, ast.BinOp(turn, ast.Mult(), right))
            over = ast.Call(call.func, [call.args[0], ast.Constant(h / (2 * np.pi))], [])
            yield edit("wave-number", f"whole {h}", call, over)
    shifts: set[str] = set()
    for call in calls(found, "fftshift", "ifftshift"):
        if len(call.args) == 1:
            yield edit("frequency-order", "shift", call, call.args[0])
            shifts.add(ast.unparse(call.func))
    for call in calls(found, "fft2", "fftn", *WAVES) if shifts else ():
        for shift in sorted(shifts):
            yield edit("frequency-order", "shifted too", call, ast.Call(ast.parse(shift, mode="eval").body, [call], []))
    for call in calls(found, "fftn", "ifftn", "fft", "ifft", "rfftn", "irfftn"):
        if len(call.args) == 1 and not any(k.arg != "axes" for k in call.keywords):
            axes = ast.parse("(1, 2)" if len(found.letters) == 2 else "(1, 2, 3)", mode="eval").body
            yield edit("missing-axis", "axes", call, ast.Call(call.func, call.args, [ast.keyword("axes", axes)]))
    for call in calls(found, "sqrt"):
        yield edit("wrong-power", "root", call, call.args[0])


def _waves_in(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Call) and called(part) in WAVES for part in ast.walk(node))


def _turn(node: ast.expr) -> bool:
    text = ast.unparse(node).replace(" ", "")
    return text in ("2*np.pi", "np.pi*2", "2*numpy.pi", "2*pi", "2*math.pi", "2.0*np.pi")


def _units(found: FieldProgram) -> Iterator[Mending]:
    """i in a derivative by Fourier series: left out, with the wrong sign, or the wrong part taken."""
    for node in ast.walk(found.tree):
        if isinstance(node, ast.Attribute) and node.attr == "imag":
            yield edit("real-part", "real", node, ast.Attribute(node.value, "real", ast.Load()))
    for call in calls(found, "ifft2", "ifftn", "ifft", "irfft2", "irfftn"):
        if call.args:
            for sign, way in ((1j, "i"), (-1, "minus")):
                inner = ast.BinOp(ast.Constant(sign), ast.Mult(), call.args[0])
                kind = "missing-factor" if way == "i" else "sign"
                yield edit(kind, way, call, ast.Call(call.func, [inner, *call.args[1:]], call.keywords))
    for node in ast.walk(found.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, complex):
            yield edit("sign", "i to -i", node, ast.Constant(-node.value))
            yield edit("extra-factor", "no i", node, ast.Constant(1.0))


def _zero(found: FieldProgram) -> Iterator[Mending]:
    """A division by the square of the wave number where that is zero."""
    for node in ast.walk(found.tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            held = ast.parse("probe_np.where(a == 0, 1, a)", mode="eval").body
            names: dict[ast.AST, ast.AST] = {
                part: node.right for part in ast.walk(held) if isinstance(part, ast.Name) and part.id == "a"
            }
            made = rebuilt(held, names)
            assert isinstance(made, ast.expr)
            yield edit("zero-mode", "zero", node, ast.BinOp(node.left, ast.Div(), made))


def _endpoints(found: FieldProgram) -> Iterator[Mending]:
    """linspace with its end among the points of a periodic grid."""
    if not found.spectral:
        return
    for call in calls(found, "linspace"):
        if not any(k.arg == "endpoint" for k in call.keywords):
            keywords = [*call.keywords, ast.keyword("endpoint", ast.Constant(False))]
            yield edit("endpoint", "endpoint", call, ast.Call(call.func, call.args, keywords))
