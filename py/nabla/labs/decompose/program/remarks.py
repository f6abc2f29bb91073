"""A program for a Helmholtz decomposition, read line by line where it cannot be tried: what its lines compute."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nabla.program.source import Program, called, read

PARTS = ("solenoid", "irrot", "harmonic", "curl_free", "div_free", "rotational", "longitudinal", "transverse")
STACKS = ("stack", "array", "asarray", "vstack", "concatenate")
# What is no fault by itself, and told only beside one.
CAUTIONS = frozenset(("gradient", "difference", "real-part", "mixed-operators"))

# Every code that a remark on a line may carry.
REMARKS = {
    "gradient": "np.gradient of a scalar: derivatives by the axes of the array",
    "gradient-of-components": "np.gradient of all components at once",
    "cross": "np.cross of two arrays of derivatives, called curl",
    "sum": "the sum of the derivatives of one function, called divergence",
    "curl-is-gradient": "a gradient is called curl or divergence",
    "mixed-units": "curl and divergence added up as a part of V",
    "difference": "one part is V minus the other: S + H = V holds for anything",
    "component-axis": "the Fourier transform also runs over the components",
    "mixed-operators": "divergence by differences of parts by Fourier series",
    "real-part": "an imaginary part is dropped",
    "symbolic": "SymPy is asked to simplify numbers",
    "few-points": "a grid of a few points",
}


@dataclass(frozen=True)
class LineRemark:
    """A remark on a line: what it computes, and what would be needed."""

    line: int
    code: str
    computes: str
    instead: str


class _RemarkReader(ast.NodeVisitor):
    """Collects what names hold, and remarks on the calls."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.held: dict[str, ast.expr] = {}
        self.gradients: dict[str, ast.expr] = {}
        self.found: list[LineRemark] = []
        self.spectral = self.differences = 0

    def remark(self, node: ast.AST, code: str, computes: str, instead: str) -> None:
        """Add a remark on the line of a node, one of a kind a line."""
        line = getattr(node, "lineno", 1)
        if not any((r.line, r.code) == (line, code) for r in self.found):
            self.found.append(LineRemark(line, code, computes, instead))

    def visit_Assign(self, node: ast.Assign) -> None:
        """Remember what the name holds; judge it by its name."""
        self.generic_visit(node)
        target = node.targets[0]
        if not isinstance(target, ast.Name):
            return
        name, value = target.id, node.value
        self.held[name] = value
        function = called(value)
        if function == "gradient" and isinstance(value, ast.Call) and value.args:
            self.gradients[name] = value.args[0]
        lower = name.lower()
        if isinstance(value, ast.BinOp):
            self._combination(node, lower, value)
        if ("curl" in lower or "div" in lower) and function == "gradient":
            told = f"{name} is a gradient: derivatives of each entry, neither a curl nor a divergence."
            self.remark(node, "curl-is-gradient", told, "curl is ∂V_y/∂x − ∂V_x/∂y, divergence ∂V_x/∂x + ∂V_y/∂y.")

    def visit_Call(self, node: ast.Call) -> None:
        """Judge one call."""
        function = called(node)
        if function == "gradient" and node.args:
            self._gradient(node)
        elif function == "cross" and sum(self._of_gradient(arg) for arg in node.args) >= 2:
            told = (
                "np.cross takes the rows of its two arrays for vectors of three components: here rows of the grid. It "
                "runs only because the grid has three columns, and is no curl."
            )
            self.remark(node, "cross", told, "In the plane of x and z, curl V = ∂V_x/∂z − ∂V_z/∂x, one number a point.")
        elif function == "sum" and node.args and self._of_gradient(node.args[0]):
            told = "This adds all derivatives of one function, ∂f/∂x + ∂f/∂z: its slope along the diagonal."
            self.remark(node, "sum", told, "The divergence of [f, 0, 0] is ∂f/∂x alone.")
        elif function in ("fftn", "rfftn") and node.args:
            self._transform(node)
        elif function in ("fft2", "rfft2", "fft"):
            self.spectral = self.spectral or node.lineno
        elif function == "real" and node.args:
            told = "The imaginary part is dropped, whatever it was."
            self.remark(
                node, "real-part", told, "Look how large it is; from a Nyquist mode it means a wrong derivative."
            )
        elif function in ("simplify", "lambdify") and node.args and self._numbers(node.args[-1]):
            told = "The array holds numbers at grid points, no formula: there is nothing to simplify or to call."
            self.remark(node, "symbolic", told, "Formulas of the parts come from SymPy expressions of x and z.")
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """`.real` of a transform."""
        if node.attr == "real" and isinstance(node.value, ast.Call) and "fft" in (called(node.value) or ""):
            told = "The imaginary part is dropped, whatever it was."
            self.remark(node, "real-part", told, "Set the derivative at the Nyquist frequency to zero, or use irfftn.")
        self.generic_visit(node)

    def visit_ListComp(self, node: ast.ListComp) -> None:
        """A grid made by `range` of a few numbers."""
        for loop in node.generators:
            ends = [_integer(arg) for arg in loop.iter.args] if isinstance(loop.iter, ast.Call) else []
            if called(loop.iter) == "range" and ends and None not in ends:
                count = len(range(*(end for end in ends if end is not None)))
                if 0 < count < 8:
                    told = f"The grid has {count} points along this axis: no derivative can be judged on so few."
                    self.remark(node, "few-points", told, "Take 64 or more, on a box where f is smooth.")
        self.generic_visit(node)

    def _combination(self, node: ast.Assign, name: str, value: ast.BinOp) -> None:
        used = [n.id.lower() for n in ast.walk(value) if isinstance(n, ast.Name)]
        if any("curl" in n for n in used) and any("div" in n for n in used) and len(used) == 2:
            told = (
                "Curl and divergence have the unit of V over a length, one is a vector: no sum of them is a part of V."
            )
            self.remark(node, "mixed-units", told, "H = ∇φ with Δφ = div V, and a condition at the boundary.")
        elif isinstance(value.op, ast.Sub) and len(used) == 2 and _part(name) and _part(used[1]):
            told = "This makes S + H = V true for any other part, right or wrong."
            self.remark(node, "difference", told, "The proof is div S = 0 and curl H = 0, by another operator.")

    def _gradient(self, node: ast.Call) -> None:
        self.differences = self.differences or node.lineno
        argument = node.args[0]
        value = self.held.get(argument.id, argument) if isinstance(argument, ast.Name) else argument
        if self._components(value):
            told = "np.gradient differentiates along every axis of the stack, from one component to the next too."
            self.remark(node, "gradient-of-components", told, "Take np.gradient(u, h) of each component on its own.")
            return
        spacing = "" if len(node.args) > 1 else " for a step of 1"
        told = (
            f"np.gradient of an array with one number a point gives its derivatives{spacing}, first along the rows "
            "(the axis of the outer loop): the gradient of the scalar f, not of a vector field."
        )
        instead = "Divergence and curl need the derivatives of each component: np.gradient(u, h), np.gradient(w, h)."
        self.remark(node, "gradient", told, instead)

    def _transform(self, node: ast.Call) -> None:
        self.spectral = self.spectral or node.lineno
        argument = node.args[0]
        value = self.held.get(argument.id, argument) if isinstance(argument, ast.Name) else argument
        named = isinstance(argument, ast.Name) and argument.id.lower() in (
            "v",
            "vec",
            "vector",
            "field",
            "vector_field",
        )
        limited = len(node.args) > 2 or any(keyword.arg == "axes" for keyword in node.keywords)
        if not limited and (self._components(value) or named):
            told = (
                "Without axes, fftn transforms the axis of the components as well: the parts are wrong by half of V, "
                "and S + H = V still holds to rounding."
            )
            self.remark(node, "component-axis", told, "Write axes=(1, 2), or (1, 2, 3) in space.")

    def _components(self, value: ast.expr) -> bool:
        """Whether an expression stacks components: np.stack([u, v]), np.array([u, v, w])."""
        if not isinstance(value, ast.Call) or called(value) not in STACKS or not value.args:
            return False
        items = value.args[0]
        return (
            isinstance(items, (ast.List, ast.Tuple))
            and 2 <= len(items.elts) <= 3
            and all(isinstance(item, (ast.Name, ast.BinOp, ast.Call, ast.UnaryOp)) for item in items.elts)
        )

    def _of_gradient(self, node: ast.expr) -> bool:
        """Whether a node is a gradient, or one of its items."""
        if isinstance(node, ast.Subscript):
            node = node.value
        return (isinstance(node, ast.Name) and node.id in self.gradients) or called(node) == "gradient"

    def _numbers(self, node: ast.expr) -> bool:
        """Whether a node is a part computed on a grid, or SymPy's simplification of it."""
        if called(node) == "simplify" and isinstance(node, ast.Call) and node.args:
            node = node.args[0]
        return isinstance(node, ast.Name) and _part(node.id.lower()) and bool(self.differences or self.spectral)


def _part(name: str) -> bool:
    return name in ("s", "h", "v", "vector", "field") or any(part in name for part in PARTS)


def _integer(node: ast.expr) -> int | None:
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        sign, node = -1, node.operand
    value = node.value if isinstance(node, ast.Constant) else None
    return sign * value if isinstance(value, int) else None


def remarks(text: str) -> tuple[list[LineRemark], Program]:
    """The remarks on a program, by line.

    Raises:
        UserError: where the text is no Python that is understood.
    """
    program = read("\n".join("" if line.strip() == "`" else line for line in text.split("\n")))
    reader = _RemarkReader(program)
    reader.visit(program.tree)
    if reader.spectral and reader.differences:
        told = "Derivatives by differences see an error of the order of h² in parts made by Fourier series."
        node = ast.Pass(lineno=max(reader.spectral, reader.differences))
        reader.remark(
            node, "mixed-operators", told, "Test with the operator that made the parts, and with a finer grid."
        )
    if all(each.code in CAUTIONS for each in reader.found):
        return [], program
    return sorted(reader.found, key=lambda r: r.line), program


def formula(program: Program) -> str:
    """The field that the program defines, as text for the lab: `f; 0; 0` for a function of two coordinates, or ""."""
    for node in ast.walk(program.tree):
        if not isinstance(node, ast.FunctionDef):
            continue
        names = [argument.arg for argument in node.args.args]
        if not 2 <= len(names) <= 3 or any(len(name) > 1 for name in names):
            continue
        known: dict[str, ast.expr] = {}
        for line in node.body:
            if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
                known[line.targets[0].id] = _InlinedCalls(known).visit(line.value)
            elif isinstance(line, ast.Return) and line.value is not None:
                value = _InlinedCalls(known).visit(line.value)
                if isinstance(value, (ast.Tuple, ast.List)):
                    return "; ".join(ast.unparse(item) for item in value.elts)
                return ast.unparse(value) + "; 0" * (len(names) if set(names) == {"x", "z"} else len(names) - 1)
            elif not isinstance(line, ast.Expr):
                break
    return ""


class _InlinedCalls(ast.NodeTransformer):
    """Puts what names hold in their places."""

    def __init__(self, known: dict[str, ast.expr]) -> None:
        self.known = known

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """The expression of a name that is known."""
        return self.known.get(node.id, node)
