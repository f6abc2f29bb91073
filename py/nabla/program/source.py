"""The text of a program to a checked syntax tree, with the line of whatever is refused.

All of Python's statements and expressions are taken but those that run text or wait (`async`), and names that lead
into Python's own workings. The tree is rewritten by `rewrite` before it is compiled.
"""

from __future__ import annotations

import ast
import re
import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from nabla.errors import Span, UserError
from nabla.program import limits
from nabla.program.repair import repaired

ALLOWED: tuple[type[ast.AST], ...] = (
    ast.Module, ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.For, ast.While, ast.If, ast.FunctionDef,
    ast.ClassDef, ast.Return, ast.Pass, ast.Break, ast.Continue, ast.With, ast.withitem, ast.Import, ast.ImportFrom,
    ast.alias, ast.Assert, ast.Lambda, ast.arguments, ast.arg, ast.keyword, ast.Try, ast.ExceptHandler, ast.Raise,
    ast.Global, ast.Nonlocal, ast.Delete, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Match, ast.match_case,
    ast.MatchValue, ast.MatchSingleton, ast.MatchSequence, ast.MatchMapping, ast.MatchClass, ast.MatchStar,
    ast.MatchAs, ast.MatchOr,
    ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Call, ast.Attribute, ast.Subscript, ast.Slice, ast.Name,
    ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.JoinedStr, ast.FormattedValue, ast.IfExp, ast.ListComp,
    ast.SetComp, ast.GeneratorExp, ast.DictComp, ast.comprehension, ast.Starred, ast.operator, ast.unaryop, ast.boolop,
    ast.cmpop, ast.expr_context,
)  # fmt: skip
UNDERSTOOD = "All of Python but async, code made from text, and names of Python's own workings."
_WORDS = {
    ast.Await: "await", ast.AsyncFunctionDef: "async", ast.AsyncFor: "async", ast.AsyncWith: "async",
    ast.TryStar: "except*",
}  # fmt: skip
_BINARY = "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and or xor".split()
# What a class may define, and so what may be called by `super().__x__` or read from a class.
DEFINABLE = frozenset(
    "__init__ __new__ __call__ __repr__ __str__ __format__ __bool__ __hash__ __len__ __length_hint__ __contains__ "
    "__iter__ __next__ __reversed__ __getitem__ __setitem__ __delitem__ __missing__ __enter__ __exit__ __getattr__ "
    "__setattr__ __delattr__ __getattribute__ __dir__ __get__ __set__ __delete__ __set_name__ __init_subclass__ "
    "__class_getitem__ __post_init__ __copy__ __deepcopy__ __slots__ __match_args__ __doc__ __int__ __float__ "
    "__complex__ __index__ __round__ __trunc__ __floor__ __ceil__ __neg__ __pos__ __abs__ __invert__ __lt__ __le__ "
    "__eq__ __ne__ __gt__ __ge__ __array__ __array_priority__ __array_ufunc__ __author__ __version__".split()
) | {f"__{side}{name}__" for name in _BINARY for side in ("", "r", "i")}
# What may be read from anything: the guard answers these itself.
READABLE = DEFINABLE | {"__name__", "__qualname__", "__class__", "__dict__", "__module__"}
# What a program may set at its own top, and read there.
GLOBAL_SET = frozenset("__author__ __version__ __all__ __date__ __email__ __copyright__ __license__ __credits__ "
                       "__maintainer__ __status__ __doc__".split())  # fmt: skip
GLOBAL_READ = GLOBAL_SET | {"__name__", "__file__", "__debug__"}
_NESTING = re.compile(r"\*\*|[-+*/%@&|^~<>=.,:]|\b(?:if|else|not|and|or|lambda|for|in)\b|[(\[{]")
_PREFIX = re.compile(r"(?:(?:[-+~]|\bnot\b|\blambda\b[^:\n]{0,40}:)\s*)" + f"{{{limits.PREFIXES}}}")
_STRING = re.compile(r"""(?:'''(?s:.)*?'''|\"\"\"(?s:.)*?\"\"\"|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\#[^\n]*)""")


@dataclass
class Program:
    """A program as read: the text after repairs, its tree, and remarks on what was repaired.

    `compiled` keeps what `nabla.program.run` made of it, by what its observer wished for: a program may run again.
    """

    source: str
    text: str
    tree: ast.Module
    remarks: list[str] = field(default_factory=list)
    compiled: dict[Any, types.CodeType] = field(default_factory=dict, repr=False, compare=False)

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
        hint = "This reads Python: " + UNDERSTOOD[0].lower() + UNDERSTOOD[1:]
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
    """Every node of the tree is allowed, no name leads into Python itself, and the tree is not too deep.

    Raises:
        UserError: at the first that is not.
    """
    stack: list[tuple[ast.AST, ast.AST, int, bool]] = [(program.tree, program.tree, 0, False)]
    while stack:
        node, place, depth, in_class = stack.pop()
        if hasattr(node, "lineno"):
            place = node
        if depth > limits.DEPTH:
            raise refuse(program, place, "this is nested too deeply.", "Name parts of it.", "too-deep")
        if not isinstance(node, ALLOWED) or getattr(node, "is_async", False) or getattr(node, "type_params", None):
            word = _WORDS.get(type(node), type(node).__name__)
            raise refuse(program, place, f"{word} is not understood here.")
        for name in _names(node, in_class):
            hint = "Names of Python's own workings are refused."
            raise refuse(program, place, f"the name {name[:40]} is not understood here.", hint)
        inner = isinstance(node, ast.ClassDef) or (in_class and not isinstance(node, (ast.FunctionDef, ast.Lambda)))
        stack.extend((child, place, depth + 1, inner) for child in reversed(list(ast.iter_child_nodes(node))))


def is_special(name: str) -> bool:
    """Whether a name begins and ends with two underscores."""
    return name.startswith("__") and name.endswith("__")


def _names(node: ast.AST, in_class: bool) -> list[str]:
    """The names at a node that lead into Python itself."""
    if isinstance(node, ast.Name):
        read = isinstance(node.ctx, ast.Load)
        known = GLOBAL_READ | DEFINABLE if read else DEFINABLE | GLOBAL_SET if in_class else GLOBAL_SET
        names = [node.id]
    elif isinstance(node, ast.Attribute):
        known = READABLE if isinstance(node.ctx, ast.Load) else DEFINABLE
        names = [node.attr]
    elif isinstance(node, ast.FunctionDef):
        known, names = DEFINABLE if in_class else frozenset(), [node.name]
    elif isinstance(node, ast.alias):
        known, names = frozenset({"__future__", "__version__"}), [*node.name.split("."), node.asname or ""]
    elif isinstance(node, ast.ImportFrom):
        known, names = frozenset({"__future__"}), (node.module or "").split(".")
    elif isinstance(node, (ast.Global, ast.Nonlocal)):
        known, names = GLOBAL_SET, node.names
    elif isinstance(node, ast.MatchClass):
        known, names = frozenset(), node.kwd_attrs
    else:
        known = frozenset()
        names = [name for key in ("name", "arg", "rest") if isinstance(name := getattr(node, key, None), str)]
    return [name for name in names if is_special(name) and name not in known]


def called(node: ast.AST | None) -> str:
    """The name of the function or method that a call is of, "gradient" of np.gradient(...); "" of anything else."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def first_use(tree: ast.Module, name: str) -> int:
    """The first line that reads a name; 0 without one."""
    return min((node.lineno for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == name), default=0)


def imported_late(tree: ast.Module) -> set[str]:
    """The names that are imported below a statement that needs them; what a function needs later counts not."""
    needed: set[str] = set()
    late: set[str] = set()
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            late |= {alias.asname or alias.name for alias in node.names} & needed
        needed |= {inner.id for inner in _run_at_once(node) if isinstance(inner, ast.Name)}
    return late


def _run_at_once(node: ast.AST) -> Iterator[ast.AST]:
    """A statement and what is evaluated with it, which the bodies of functions are not."""
    yield node
    later = node.body if isinstance(node, (ast.FunctionDef, ast.Lambda)) else []
    for child in ast.iter_child_nodes(node):
        if child is not later and not (isinstance(later, list) and child in later):
            yield from _run_at_once(child)


def names_in(tree: Any) -> tuple[set[str], set[str]]:
    """The names that a program reads, and those that it binds anywhere."""
    used: set[str] = set()
    bound: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.alias):
            bound.add(node.asname or node.name.split(".")[0])
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
    return used, bound
