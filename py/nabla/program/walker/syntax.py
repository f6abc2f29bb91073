"""The allow-listed Python: text to a checked syntax tree, with the line of whatever is refused.

The tree is only read, never compiled: `run` walks it. What is not in `ALLOWED` is refused before anything runs.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

from nabla.errors import Span, UserError
from nabla.program.repair import repaired
from nabla.program.walker import limits

ALLOWED: tuple[type[ast.AST], ...] = (
    ast.Module, ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.For, ast.While, ast.If, ast.FunctionDef,
    ast.ClassDef, ast.Return, ast.Pass, ast.Break, ast.Continue, ast.With, ast.withitem, ast.Import, ast.ImportFrom,
    ast.alias, ast.Assert, ast.Lambda, ast.arguments, ast.arg, ast.keyword,
    ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Call, ast.Attribute, ast.Subscript, ast.Slice, ast.Name,
    ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.JoinedStr, ast.FormattedValue, ast.IfExp, ast.ListComp,
    ast.GeneratorExp, ast.DictComp, ast.comprehension, ast.Starred,
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult, ast.BitAnd, ast.BitOr, ast.BitXor,
    ast.UAdd, ast.USub, ast.Not, ast.Invert, ast.And, ast.Or, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE,
    ast.Is, ast.IsNot, ast.In, ast.NotIn, ast.Load, ast.Store,
)  # fmt: skip
UNDERSTOOD = (
    "Assignments, arithmetic, calls, indexing, lists, f-strings, print, def, class, lambda, for, while, if, with and "
    "imports."
)
_WORDS = {
    ast.Try: "try", ast.Raise: "raise", ast.Global: "global", ast.Nonlocal: "nonlocal", ast.Delete: "del",
        ast.Yield: "yield",
    ast.YieldFrom: "yield from", ast.Await: "await", ast.AsyncFunctionDef: "async", ast.AsyncFor: "async",
    ast.AsyncWith: "async", ast.NamedExpr: "the operator :=", ast.SetComp: "a set comprehension", ast.Match: "match",
    ast.LShift: "the operator <<", ast.RShift: "the operator >>",
}  # fmt: skip
SPECIAL = frozenset({"__init__", "__name__", "__call__", "__len__", "__getitem__"})
_NESTING = re.compile(r"\*\*|[-+*/%@&|^~<>=.,:]|\b(?:if|else|not|and|or|lambda|for|in)\b|[(\[{]")
_PREFIX = re.compile(r"(?:(?:[-+~]|\bnot\b|\blambda\b[^:\n]{0,40}:)\s*)" + f"{{{limits.PREFIXES}}}")
_STRING = re.compile(r"""(?:'''(?s:.)*?'''|\"\"\"(?s:.)*?\"\"\"|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\#[^\n]*)""")


@dataclass
class Program:
    """A program as read: the text after repairs, its tree, and remarks on what was repaired."""

    source: str
    text: str
    tree: ast.Module
    remarks: list[str] = field(default_factory=list)

    def line(self, number: int) -> Span:
        """Where a line stands in the text as pasted."""
        return _line(self.source, number)

    def span(self, node: ast.AST) -> Span:
        """Where a node stands in the text as pasted; its whole line when that was repaired."""
        line = getattr(node, "lineno", 1)
        return _span(self.source, self.text, line, getattr(node, "col_offset", 0), node)


def read(text: str) -> Program:
    """The checked program.

    Raises:
        UserError: "too-long", "too-deep", "syntax" or "forbidden", with the line in its message and its span.
    """
    _bounded(text)
    fixed, remarks = repaired(text)
    try:
        tree = ast.parse(fixed)
    except SyntaxError as error:
        line = min(error.lineno or 1, fixed.count("\n") + 1)
        column = max((error.offset or 1) - 1, 0)
        span = _span(text, fixed, line, column, None)
        hint = "This reads Python; " + UNDERSTOOD[0].lower() + UNDERSTOOD[1:]
        raise UserError("syntax", f"Line {line}: Python cannot read this: {error.msg}.", hint=hint, span=span) from None
    except (ValueError, MemoryError, RecursionError):
        raise UserError("syntax", "Python cannot read this text.", span=Span(0, len(text))) from None
    program = Program(text, fixed, tree, remarks)
    if not tree.body:
        raise UserError("empty", "There is no code here.", span=Span(0, len(text)))
    _checked(program)
    return program


def refuse(program: Program, node: ast.AST, message: str, hint: str = UNDERSTOOD, code: str = "forbidden") -> UserError:
    """The error for something at `node` that is not understood."""
    return UserError(code, f"Line {getattr(node, 'lineno', 1)}: {message}", hint=hint, span=program.span(node))


def _bounded(text: str) -> None:
    """Refuse what could exhaust the parser, before it sees the text."""
    if len(text) > limits.LENGTH:
        message = f"The program has {len(text):,} characters; at most {limits.LENGTH:,} are read."
        raise UserError("too-long", message, span=Span(limits.LENGTH, len(text)))
    if text.count("\n") >= limits.LINES:
        raise UserError("too-long", f"The program has more than {limits.LINES} lines.", span=Span(0, len(text)))
    bare = _STRING.sub(lambda match: " " * len(match[0]), text)
    deep = prefix = nesting = 0
    for number, line in enumerate(bare.split("\n"), 1):
        if not deep:
            nesting = 0
        nesting += len(_NESTING.findall(re.sub(r"[\d.,\s-]{40,}", " ", line)))
        prefix = max(prefix, 1 if _PREFIX.search(line) else 0)
        for sign in line:
            deep += (sign in "([{") - (sign in ")]}")
            deep = max(deep, 0)
            if deep > limits.BRACKETS:
                raise _too_deep(text, number, f"more than {limits.BRACKETS} brackets are open")
        if nesting > limits.OPERATORS or prefix:
            raise _too_deep(text, number, "too many operators stand in one expression")


def _too_deep(text: str, line: int, what: str) -> UserError:
    hint = "Name parts of the expression and compute them line by line."
    return UserError("too-deep", f"Line {line}: {what}.", hint=hint, span=_line(text, line))


def _line(text: str, line: int) -> Span:
    lines = text.split("\n")
    line = min(max(line, 1), len(lines))
    start = sum(len(part) + 1 for part in lines[: line - 1])
    content = lines[line - 1]
    return Span(start + len(content) - len(content.lstrip()), start + len(content))


def _span(source: str, fixed: str, line: int, column: int, node: ast.AST | None) -> Span:
    whole = _line(source, line)
    before, after = source.split("\n"), fixed.split("\n")
    if line > len(before) or line > len(after) or before[line - 1] != after[line - 1]:
        return whole
    start = sum(len(part) + 1 for part in before[: line - 1])
    content = before[line - 1].encode()
    begin = start + len(content[:column].decode(errors="ignore"))
    if node is None:
        return Span(min(begin, max(whole.end - 1, whole.start)), whole.end)
    end = getattr(node, "end_col_offset", None)
    if end is None or getattr(node, "end_lineno", line) != line:
        return Span(begin, whole.end)
    return Span(begin, start + len(content[:end].decode(errors="ignore")))


def _checked(program: Program) -> None:
    """Every node of the tree is allowed, and the tree is not too deep.

    Raises:
        UserError: at the first that is not.
    """
    private = _private(program.tree)
    stack: list[tuple[ast.AST, ast.AST, int]] = [(program.tree, program.tree, 0)]
    while stack:
        node, place, depth = stack.pop()
        if hasattr(node, "lineno"):
            place = node
        if depth > limits.DEPTH:
            raise refuse(program, place, "this is nested too deeply.", "Name parts of it.", "too-deep")
        if not isinstance(node, ALLOWED):
            word = _WORDS.get(type(node), type(node).__name__)
            raise refuse(program, place, f"{word} is not understood here.")
        _names(program, node, place, private)
        stack.extend((child, place, depth + 1) for child in reversed(list(ast.iter_child_nodes(node))))


def _private(tree: ast.Module) -> set[str]:
    """Names with leading underscores that classes of the program give their own methods and attributes."""
    found: set[str] = set()
    for kind in ast.walk(tree):
        if isinstance(kind, ast.ClassDef):
            for method in kind.body:
                if isinstance(method, ast.FunctionDef) and method.args.args:
                    own = method.args.args[0].arg
                    found.add(method.name)
                    found |= {
                        node.attr
                        for node in ast.walk(method)
                        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
                        if isinstance(node.value, ast.Name) and node.value.id == own
                    }
    return {name for name in found if not name.endswith("__")}


def _names(program: Program, node: ast.AST, place: ast.AST, private: set[str]) -> None:
    """Names with leading underscores lead into Python itself and are refused; so are decorators that are not known."""
    names: list[str] = []
    if isinstance(node, ast.Name):
        names = [node.id]
    elif isinstance(node, ast.Attribute):
        names = [node.attr]
    elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        names = [node.name]
    elif isinstance(node, (ast.arg, ast.keyword)):
        names = [node.arg or ""]
    elif isinstance(node, ast.alias):
        names = [*node.name.split("."), node.asname or ""]
    for name in names:
        hidden = name.startswith("__") or (name.startswith("_") and isinstance(node, ast.Attribute))
        if hidden and name not in SPECIAL and name not in private:
            raise refuse(
                program,
                place,
                f"the name {name[:40]} is not understood here.",
                "Names of Python's own workings are refused.",
            )
    if isinstance(node, ast.Constant) and isinstance(node.value, (bytes, complex)):
        raise refuse(program, place, "bytes and complex numbers are not understood here.")
    if isinstance(node, ast.Constant) and isinstance(node.value, int) and node.value.bit_length() > limits.BITS:
        raise refuse(program, place, "this number is too large.", "", "too-big")
