"""Expressions with vectors and matrices in LaTeX and as NumPy formulas."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nabla.calculus.matrices.nodes import M, Size, transpose
from nabla.read.formula.print import name_tex

SUM, PRODUCT, POWER, ATOM = range(4)
_FUNCTIONS = {
    "exp": r"\exp", "log": r"\ln", "sin": r"\sin", "cos": r"\cos", "tanh": r"\tanh", "sigmoid": r"\sigma",
    "relu": r"\operatorname{relu}", "step": r"\operatorname{step}", "sign": r"\operatorname{sign}",
    "softplus": r"\operatorname{softplus}",
}  # fmt: skip


def matrix_tex(node: M) -> str:
    """The expression in LaTeX: vectors and matrices in the letters typed, d in front of differentials."""
    return _tex(node)[0]


def _inside(node: M, least: int) -> str:
    text, level = _tex(node)
    return text if level >= least else rf"\left({text}\right)"


def _called(name: str, node: M) -> tuple[str, int]:
    return rf"{name}\left({_tex(node)[0]}\right)", ATOM


def _tex(node: M) -> tuple[str, int]:
    args = node.args
    match node.op:
        case "symbol":
            return name_tex(node.name), ATOM
        case "number":
            value = node.value
            text = (
                rf"\frac{{{abs(value.numerator)}}}{{{value.denominator}}}" if value.denominator > 1 else str(abs(value))
            )
            return (f"-{text}", SUM) if value < 0 else (text, ATOM)
        case "zero":
            return r"\mathbf{0}", ATOM
        case "ones":
            return r"\mathbf{1}", ATOM
        case "eye":
            return "I", ATOM
        case "sum":
            return _sum(args), SUM
        case "product":
            return _product(node)
        case "entries":
            return r" \odot ".join(_inside(arg, POWER) for arg in args), PRODUCT
        case "kron":
            return r" \otimes ".join(_inside(arg, POWER) for arg in args), PRODUCT
        case "transpose" if args[0].op == "inverse":
            return rf"{_inside(args[0].args[0], ATOM)}^{{-\top}}", POWER
        case "transpose":
            return rf"{_inside(args[0], ATOM)}^{{\top}}", POWER
        case "inverse":
            return rf"{_inside(args[0], ATOM)}^{{-1}}", POWER
        case "d":
            inner = args[0]
            return (
                rf"\mathrm{{d}}{_tex(inner)[0]}" if inner.op == "symbol" else rf"\mathrm{{d}}{_bracketed(inner)}"
            ), ATOM
        case "trace":
            return _called(r"\operatorname{tr}", args[0])
        case "det":
            return _called(r"\det", args[0])
        case "diag" | "diagonal" | "softmax":
            return _called(rf"\operatorname{{{'diag' if node.op == 'diagonal' else node.op}}}", args[0])
        case "logsumexp":
            return _called(r"\operatorname{logsumexp}", args[0])
        case "total":
            return rf"\mathbf{{1}}^{{\top}} {_inside(args[0], POWER)}", PRODUCT
        case "norm":
            return rf"\left\| {_tex(args[0])[0]} \right\|", ATOM
        case "power":
            return _power(node)
        case "map":
            return _map(node)
    raise ValueError(node.op)


def _bracketed(node: M) -> str:
    text, level = _tex(node)
    return text if node.op in ("norm", "trace", "det", "softmax", "map") and level == ATOM else rf"\left({text}\right)"


def _sum(terms: tuple[M, ...]) -> str:
    text = ""
    for term in terms:
        part = _tex(term)[0]
        text += part if not text else f" - {part[1:].lstrip()}" if part.startswith("-") else f" + {part}"
    return text


def _product(node: M) -> tuple[str, int]:
    factors = list(node.args)
    sign = ""
    if factors[0].op == "number" and factors[0].value < 0:
        sign, first = "-", -factors[0].value
        factors = ([] if first == 1 else [M("number", value=first)]) + factors[1:]
    below = [f for f in factors if f.op == "power" and f.scalar and f.value < 0]
    above = [f for f in factors if f not in below]
    text = " ".join(_factor(f) for f in above) or "1"
    if below:
        lower = [M("power", f.args, f.shape, value=-f.value) if f.value != -1 else f.args[0] for f in below]
        bottom = " ".join(map(_factor, lower)) if len(lower) > 1 else _tex(lower[0])[0]
        scalars = [f for f in above if f.scalar]
        rest = [f for f in above if not f.scalar]
        top = " ".join(_factor(f) for f in scalars) if rest else text
        text = rf"\frac{{{top or '1'}}}{{{bottom}}}" + (" " + " ".join(_factor(f) for f in rest) if rest else "")
    return f"{sign}{text}", SUM if sign else PRODUCT


def _factor(node: M) -> str:
    chain = node.op == "product" and node.scalar
    return (
        rf"\left({_tex(node)[0]}\right)" if chain or node.op in ("entries", "kron", "total") else _inside(node, PRODUCT)
    )


def _power(node: M) -> tuple[str, int]:
    base, value = node.args[0], node.value
    if node.scalar and value < 0:
        bottom = base if value == -1 else M("power", (base,), node.shape, value=-value)
        return rf"\frac{{1}}{{{_tex(bottom)[0]}}}", ATOM
    if value.denominator == 2 and value.numerator == 1:
        return rf"\sqrt{{{_tex(base)[0]}}}", ATOM
    return rf"{_inside(base, ATOM)}^{{{value}}}", POWER


def _map(node: M) -> tuple[str, int]:
    inner = node.args[0]
    text = _tex(inner)[0]
    match node.name:
        case "abs":
            return rf"\left|{text}\right|", ATOM
        case "sqrt":
            return rf"\sqrt{{{text}}}", ATOM
        case "square":
            return rf"{_inside(inner, ATOM)}^{{\odot 2}}", POWER
        case "reciprocal":
            return rf"{_inside(inner, ATOM)}^{{\odot -1}}", POWER
    return _called(_FUNCTIONS[node.name], inner)


# As a NumPy formula.

_NUMPY: dict[str, Callable[[str], str]] = {
    "exp": lambda z: f"exp({z})", "log": lambda z: f"log({z})", "sqrt": lambda z: f"sqrt({z})",
    "sigmoid": lambda z: f"1 / (1 + exp(-({z})))", "relu": lambda z: f"np.maximum({z}, 0)",
    "step": lambda z: f"(({z}) > 0)", "square": lambda z: f"({z})**2", "reciprocal": lambda z: f"1 / ({z})",
    "softplus": lambda z: f"log(1 + exp({z}))",
}  # fmt: skip
_LOOSE = ("sigmoid", "square", "reciprocal")


class Numpy:
    """The writer: `symbols` tell where the size of an identity, or of a vector of ones, is found."""

    def __init__(self, symbols: Mapping[str, M]) -> None:
        self.sizes: dict[Size, str] = {}
        for name, node in symbols.items():
            self.sizes.setdefault(node.shape[0], f"len({name})")
            if node.shape[1] != 1:
                self.sizes.setdefault(node.shape[1], f"{name}.shape[1]")

    def __call__(self, node: M) -> str:
        """The formula; vectors are arrays of one axis, or columns."""
        return self._write(node)[0]

    def _inside(self, node: M, least: int) -> str:
        text, level = self._write(node)
        return text if level >= least else f"({text})"

    def _size(self, size: Size) -> str:
        return str(size) if isinstance(size, int) else self.sizes.get(size, str(size))

    def _write(self, node: M) -> tuple[str, int]:
        args = node.args
        match node.op:
            case "symbol":
                return "lamda" if node.name == "lambda" else node.name, ATOM
            case "number":
                return str(node.value), SUM if node.value < 0 or node.value.denominator > 1 else ATOM
            case "zero" | "ones":
                size = ", ".join(self._size(size) for size in node.shape if size != 1)
                name = f"np.{'zeros' if node.op == 'zero' else 'ones'}"
                return f"{name}({size})" if 1 in node.shape else f"{name}(({size}))", ATOM
            case "eye":
                return f"eye({self._size(node.shape[0])})", ATOM
            case "sum":
                return self._sum(args), SUM
            case "product":
                return self._product(node)
            case "entries":
                return " * ".join(self._inside(arg, POWER) for arg in args), PRODUCT
            case "kron":
                return f"np.kron({', '.join(self(arg) for arg in args)})", ATOM
            case "transpose":
                return f"{self._inside(args[0], ATOM)}.T", ATOM
            case "inverse":
                return f"inv({self(args[0])})", ATOM
            case "trace" | "det" | "norm" | "diag":
                return f"{node.op}({self(args[0])})", ATOM
            case "diagonal":
                return f"diag({self(args[0])})", ATOM
            case "total":
                return f"sum({self(args[0])})", ATOM
            case "softmax":
                inner = self(args[0])
                return f"exp({inner}) / sum(exp({inner}))", PRODUCT
            case "logsumexp":
                return f"log(sum(exp({self(args[0])})))", ATOM
            case "power" if node.scalar:
                return self._scalar_power(node)
            case "power":
                return f"np.linalg.matrix_power({self(args[0])}, {node.value})", ATOM
            case "map":
                known = _NUMPY.get(node.name)
                text = known(self(args[0])) if known else f"np.{node.name}({self(args[0])})"
                return text, SUM if node.name in _LOOSE else ATOM
        raise ValueError(node.op)

    def _scalar_power(self, node: M) -> tuple[str, int]:
        base, value = node.args[0], node.value
        if value == -1:
            return f"1 / {self._inside(base, ATOM)}", PRODUCT
        if value.denominator == 2 and value.numerator == 1:
            return f"sqrt({self(base)})", ATOM
        return f"{self._inside(base, ATOM)}**{value if value > 0 and value.denominator == 1 else f'({value})'}", POWER

    def _sum(self, terms: tuple[M, ...]) -> str:
        text = ""
        for term in terms:
            part = self(term)
            text += part if not text else f" - {part[1:]}" if part.startswith("-") else f" + {part}"
        return text

    def _product(self, node: M) -> tuple[str, int]:
        scalars = [arg for arg in node.args if arg.scalar]
        chain = [arg for arg in node.args if not arg.scalar]
        sign = "-" if scalars and scalars[0].op == "number" and scalars[0].value == -1 else ""
        texts = [self._factor(arg) for arg in scalars[bool(sign) :]]
        if chain:
            texts.append(self._chain(chain))
        whole = " * ".join(texts)
        loose = sign or whole.startswith("-")
        return sign + whole, SUM if loose else PRODUCT

    def _factor(self, node: M) -> str:
        if node.op == "number" and node.value.denominator == 1:
            return str(node.value)
        return self._inside(node, POWER if node.op in ("product", "power", "number") else PRODUCT)

    def _chain(self, chain: list[M]) -> str:
        """Matrices one after another; a column times a row is an outer product."""
        for place in range(len(chain) - 1):
            if chain[place].shape[1] == 1:
                left, right = chain[: place + 1], [transpose(part) for part in reversed(chain[place + 1 :])]
                if right[0].shape[0] != 1 and left[0].shape[0] != 1:
                    return f"np.outer({self._chain(left)}, {self._chain(right)})"
        return " @ ".join(self._inside(part, POWER) for part in chain)
