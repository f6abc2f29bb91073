"""How much a line is Python: asked of Python's own parser, with what would end an unfinished line."""

from __future__ import annotations

import ast
import re
import warnings
from functools import lru_cache
from typing import Literal

Code = Literal["", "strong", "weak", "value", "comment"]

LONGEST = 2000  # characters of a line that Python's parser is asked about


def in_brackets(text: str) -> int:
    """How many brackets the text opens and does not close, strings and comments left aside."""
    bare = re.sub(r"\"[^\"\n]*\"|'[^'\n]*'|#.*", "", text[:LONGEST])
    return sum(bare.count(c) for c in "([{") - sum(bare.count(c) for c in ")]}")


@lru_cache(maxsize=4096)
def tree_of(text: str) -> ast.Module | None:
    """The syntax tree of a text; None where Python does not take it."""
    if len(text) > 200_000:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def parses(text: str) -> bool:
    """Whether Python takes the text, prints of Python 2 as well."""
    return tree_of(modern(text)) is not None


def modern(text: str) -> str:
    """Prints of Python 2 as calls, magics of notebooks as comments; for the parser only."""
    text = re.sub(r"^([ \t]*)print[ ]+(?![=(])([^\n]+)$", r"\1print(\2)", text, flags=re.MULTILINE)
    text = re.sub(r"^([ \t]*)print[ ]+(\([^\n]*\)[ ]*[,%][^\n]+)$", r"\1print(\2)", text, flags=re.MULTILINE)
    return re.sub(r"^([ \t]*)[%!](?=\w)[^\n]*$", r"\1pass", text, flags=re.MULTILINE)


# Marks that pages set in place of those of programs.
_SET = str.maketrans({"–": "-", "−": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " ", "×": "*"})


def plain(text: str) -> str:
    """A line of a program as it was before a page set dashes and quotation marks in it; others as they are."""
    if tree_of(modern(text.strip())) is not None:
        return text
    if text.rstrip().endswith("`") and text.count("`") == 1 and code_kind(text.strip(" `")) in ("strong", "weak"):
        text = text.replace("`", "")  # one that was left over
    if text.isascii():
        return text
    set_plain = text.translate(_SET)
    return set_plain if set_plain != text and code_kind(set_plain.strip()) in ("strong", "weak") else text


_HEADS = re.compile(r"(?:def|class|for|while|if|elif|else|with|try|except|finally|async)\b")
_COMPOUND = re.compile(r"(?:if|elif|else|except|finally)\b")
_BODIES = ("", " pass", "\n pass")  # behind the head of a block; the last where a comment ends it


def code_kind(text: str) -> Code:
    """How much a line is Python; see `Line.code`."""
    if text.startswith("#"):
        return "comment"
    if re.match(r"[%!]\w+ ?\w*", text) or (text.startswith("@") and re.match(r"@[\w.]+(?:\(.*\))?$", text)):
        return "strong"
    if text.startswith(('"""', "'''")) and len(text) < 200:
        return "comment"
    bare = modern(text)
    if _HEADS.match(bare):
        return _head(bare)
    tree = tree_of(bare)
    if tree is None:
        return _unfinished(bare)
    return (
        _statement(tree.body[0])
        if len(tree.body) == 1
        else max(map(_statement, tree.body), key=_RANK.index, default="")
    )


_RANK: list[Code] = ["", "comment", "value", "weak", "strong"]


def _head(text: str) -> Code:
    """The head of a block: `for i in range(3):`, alone or with its body behind it."""
    if _COMPOUND.match(text):
        before = "try:\n pass\n" if text.startswith(("except", "finally")) else "if x:\n pass\n"
        if text.startswith("if"):
            before = ""
        return "weak" if any(tree_of(before + text + body) is not None for body in _BODIES) else ""
    tree = next((found for body in _BODIES if (found := tree_of(text + body)) is not None), None)
    if tree is not None:
        return "" if _does_nothing(tree.body[0]) else "strong"
    return "strong" if re.match(r"(?:def|class)\s+\w+\s*\([^)]*$", text) else ""


def _does_nothing(node: ast.stmt) -> bool:
    """Whether a block on one line does nothing but name a number, as a sentence does: `with fun: -14.2`."""
    body = getattr(node, "body", [])
    return len(body) == 1 and isinstance(body[0], ast.Expr) and _is_number(body[0].value)


def _is_number(node: ast.expr) -> bool:
    inner = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(inner, ast.Constant) and isinstance(inner.value, (int, float))


def _unfinished(text: str) -> Code:
    """A line that ends inside brackets or with a backslash: judged with what would close it."""
    if text.endswith("\\"):
        return code_kind(text[:-1].rstrip(" =+-*/,(")) or ("weak" if "=" in text else "")
    if in_brackets(text) > 0:
        closed = text.rstrip(" ,") if text.rstrip().endswith(",") else text
        for _ in range(6):
            for close in _closing(closed):
                tree = tree_of(closed + close)
                if tree is not None and tree.body:
                    return _statement(tree.body[0])
            break
    if re.fullmatch(r"[\])}]+[,;]?", text):
        return "weak"
    return ""


def _closing(text: str) -> list[str]:
    """What would close the brackets of a text, alone and behind an operand."""
    stack = []
    for character in re.sub(r"\"[^\"\n]*\"|'[^'\n]*'|#.*", "", text):
        if character in "([{":
            stack.append({"(": ")", "[": "]", "{": "}"}[character])
        elif character in ")]}" and stack:
            stack.pop()
    close = "".join(reversed(stack))
    return [close, "0" + close]


def _statement(node: ast.stmt) -> Code:
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        return _assignment(node)
    if isinstance(node, ast.Expr):
        return _expression(node.value)
    if isinstance(
        node, ast.Pass | ast.Break | ast.Continue | ast.Return | ast.Delete | ast.Global | ast.Assert | ast.Raise
    ):
        return "weak"
    return "strong"


def _assignment(node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> Code:
    if isinstance(node, ast.AnnAssign):
        return "weak" if node.value else ""  # without a value it does nothing, and is how values are printed
    if _formula_like(node):
        return ""
    if isinstance(node, ast.AugAssign):
        return "strong" if len(ast.unparse(node.target)) > 1 else "weak"
    target = node.targets[0]
    if isinstance(target, ast.Attribute | ast.Subscript) or _named_arguments(node.value):
        return "strong"
    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Call):
        return "strong"
    if node.value and any(
        isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) for part in ast.walk(node.value)
    ):
        return "strong"
    if any(
        isinstance(part, ast.Lambda | ast.ListComp | ast.JoinedStr | ast.DictComp | ast.MatMult)
        for part in ast.walk(node.value)
    ):
        return "strong"
    return "weak"


def _named_arguments(node: ast.AST) -> bool:
    """Whether a call names one of its arguments, which no formula does."""
    return any(isinstance(part, ast.Call) and bool(part.keywords) for part in ast.walk(node))


def _formula_like(node: ast.AST) -> bool:
    """Whether `^`, `|` or a call of what is assigned stands in it, as in a formula."""
    return any(isinstance(part, ast.BinOp) and isinstance(part.op, ast.BitXor) for part in ast.walk(node)) or (
        isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Call)
    )


def _expression(node: ast.expr) -> Code:
    if _formula_like(node) or _word_and_list(node):
        return ""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("print", "exec", "input"):
        return "strong"
    printed = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id[:1].isupper()
    if isinstance(node, ast.Call) and (isinstance(node.func, ast.Attribute) or _named_arguments(node)) and not printed:
        return "strong"
    if isinstance(node, ast.Call | ast.Attribute | ast.Subscript | ast.Tuple | ast.List):
        return "value"
    if isinstance(node, ast.Name) and re.search(r"[_\d]|[a-z][A-Z]", node.id):
        return "value"
    return "weak" if isinstance(node, ast.Await | ast.Yield) else ""


def _word_and_list(node: ast.expr) -> bool:
    """A word with a list behind it, `expected [2, 4, 6]`, which Python takes for an element: nobody puts a space there
    and numbers within.
    """
    if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
        return False
    apart = node.slice.col_offset - (node.value.end_col_offset or 0) > 1
    return apart and not any(isinstance(part, ast.Name | ast.Slice) for part in ast.walk(node.slice))
