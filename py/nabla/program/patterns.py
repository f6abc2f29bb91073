"""`match` as a chain of tests: the statement reads attributes in C, where no guard stands.

A case becomes a call of `@case(subject, pattern)`, which gives the names that the pattern binds, or None. The pattern
is a value that `matching` understands; classes and values in it are computed as the program wrote them.
"""

from __future__ import annotations

import ast
from typing import Any


def as_tests(node: ast.Match, prefix: str) -> list[ast.stmt]:
    """The statements that do what `node` does; `prefix` begins the names that they use for themselves."""
    subject, done, bound = (f"{prefix}.{what}" for what in ("subject", "done", "bound"))
    made: list[ast.stmt] = [
        ast.Assign([_store(subject)], node.subject),
        ast.Assign([_store(done)], ast.Constant(False)),
    ]
    for case in node.cases:
        names = _bound(case.pattern)
        attempt = ast.Call(_load("@case"), [_load(subject), _spec(case.pattern)], [])
        body: list[ast.stmt] = [ast.Assign([_store(done)], ast.Constant(True)), *case.body]
        if case.guard is not None:
            body = [ast.If(case.guard, body, [])]
        unpack = [ast.Assign([_store(n)], ast.Subscript(_load(bound), ast.Constant(n), ast.Load())) for n in names]
        found = ast.If(ast.Compare(_load(bound), [ast.IsNot()], [ast.Constant(None)]), [*unpack, *body], [])
        tests: list[ast.stmt] = [ast.Assign([_store(bound)], attempt), found]
        made.append(ast.If(ast.UnaryOp(ast.Not(), _load(done)), tests, []))
        for statement in tests:
            ast.copy_location(statement, case.pattern)
    return made


def _load(text: str) -> ast.Name:
    return ast.Name(text, ast.Load())


def _store(text: str) -> ast.Name:
    return ast.Name(text, ast.Store())


def _bound(pattern: ast.pattern) -> list[str]:
    names: dict[str, None] = {}
    for node in ast.walk(pattern):
        if isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
            names[node.name] = None
        if isinstance(node, ast.MatchMapping) and node.rest:
            names[node.rest] = None
    return list(names)


def _list(items: list[ast.expr]) -> ast.expr:
    return ast.Tuple(items, ast.Load())


def _spec(pattern: ast.pattern) -> ast.expr:
    """The pattern as a nested tuple: its kind, then its parts."""
    if isinstance(pattern, ast.MatchValue):
        return _tagged("value", pattern.value)
    if isinstance(pattern, ast.MatchSingleton):
        return _tagged("single", ast.Constant(pattern.value))
    if isinstance(pattern, ast.MatchSequence):
        return _tagged("sequence", _list([_spec(p) for p in pattern.patterns]))
    if isinstance(pattern, ast.MatchMapping):
        keys, inner = _list(list(pattern.keys)), _list([_spec(p) for p in pattern.patterns])
        return _tagged("mapping", keys, inner, ast.Constant(pattern.rest))
    if isinstance(pattern, ast.MatchClass):
        places = _list([_spec(p) for p in pattern.patterns])
        names = _list([ast.Constant(n) for n in pattern.kwd_attrs])
        return _tagged("class", pattern.cls, places, names, _list([_spec(p) for p in pattern.kwd_patterns]))
    if isinstance(pattern, ast.MatchStar):
        return _tagged("star", ast.Constant(pattern.name))
    if isinstance(pattern, ast.MatchAs):
        inner = _spec(pattern.pattern) if pattern.pattern else ast.Constant(None)
        return _tagged("as", inner, ast.Constant(pattern.name))
    if isinstance(pattern, ast.MatchOr):
        return _tagged("or", _list([_spec(p) for p in pattern.patterns]))
    raise TypeError(type(pattern).__name__)


def _tagged(kind: str, *parts: ast.expr) -> ast.expr:
    return _list([ast.Constant(kind), *parts])


SELF = (bool, bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple)


def matching(subject: Any, spec: Any, guard: Any) -> dict[str, Any] | None:
    """The names that the pattern binds on the subject, or None when it does not fit.

    Args:
        subject: any value.
        spec: as `_spec` makes it.
        guard: reads attributes (`get`) and knows what is an instance (`is_instance`).

    Raises:
        TypeError: worded as CPython's, for a class that takes fewer places.
    """
    kind, *parts = spec
    if kind == "value":
        return {} if subject == parts[0] else None
    if kind == "single":
        return {} if subject is parts[0] else None
    if kind == "as":
        inner = matching(subject, parts[0], guard) if parts[0] is not None else {}
        return None if inner is None else {**inner, **({parts[1]: subject} if parts[1] else {})}
    if kind == "or":
        return next((m for p in parts[0] if (m := matching(subject, p, guard)) is not None), None)
    if kind == "sequence":
        return _sequence(subject, parts[0], guard)
    if kind == "mapping":
        keys, specs, rest = parts
        return _mapping(subject, keys, specs, rest, guard)
    cls, places, names, specs = parts
    return _class(subject, cls, places, names, specs, guard)


def _all(pairs: list[tuple[Any, Any]], guard: Any) -> dict[str, Any] | None:
    bound: dict[str, Any] = {}
    for value, spec in pairs:
        inner = matching(value, spec, guard)
        if inner is None:
            return None
        bound |= inner
    return bound


def _sequence(subject: Any, specs: Any, guard: Any) -> dict[str, Any] | None:
    if not guard.is_sequence(subject):
        return None
    star = next((i for i, spec in enumerate(specs) if spec[0] == "star"), None)
    items = list(subject)
    if star is None:
        return _all(list(zip(items, specs, strict=True)), guard) if len(items) == len(specs) else None
    tail = len(specs) - star - 1
    if len(items) < len(specs) - 1:
        return None
    middle = items[star : len(items) - tail]
    bound = _all([*zip(items[:star], specs[:star], strict=True),
                  *zip(items[len(items) - tail :], specs[star + 1 :], strict=True)], guard)  # fmt: skip
    return None if bound is None else {**bound, **({specs[star][1]: middle} if specs[star][1] else {})}


def _mapping(subject: Any, keys: Any, specs: Any, rest: str | None, guard: Any) -> dict[str, Any] | None:
    if not isinstance(subject, dict) or any(key not in subject for key in keys):
        return None
    bound = _all([(subject[key], spec) for key, spec in zip(keys, specs, strict=True)], guard)
    if bound is not None and rest:
        bound[rest] = {key: value for key, value in subject.items() if key not in keys}
    return bound


def _class(subject: Any, kind: Any, places: Any, names: Any, specs: Any, guard: Any) -> dict[str, Any] | None:
    if not guard.is_instance(subject, kind):
        return None
    if kind in SELF and len(places) == 1:
        return _all([(subject, places[0])], guard)
    wanted = list(names)
    if places:
        known = guard.get_default(kind, "__match_args__", ())
        if len(places) > len(known):
            raise TypeError(f"{kind.__name__}() accepts {len(known)} positional sub-patterns ({len(places)} given)")
        wanted = [*known[: len(places)], *wanted]
    missing = object()
    values = [guard.get_default(subject, attribute, missing) for attribute in wanted]
    if any(value is missing for value in values):
        return None
    return _all(list(zip(values, [*places, *specs], strict=True)), guard)
