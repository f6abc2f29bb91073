"""A rule tree in words: each node becomes a step that names its rule, its parts and where it holds."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp
from sympy.core.function import AppliedUndef

from nabla.answer.check import Test
from nabla.answer.check import Verdict as Outcome
from nabla.answer.document import Check, Detail, Step
from nabla.calculus.conditions import plain
from nabla.calculus.domain import EVERYWHERE, Domain
from nabla.calculus.equality import Checked, Checks, EqualityVerdict, equal
from nabla.calculus.numeric import D, Root
from nabla.calculus.rules import Derivation
from nabla.calculus.simplify import simplification
from nabla.calculus.special import rule_of
from nabla.calculus.statements import RULES
from nabla.write.notation import operator, power, tex
from nabla.write.sentence import in_a_row

# The rules that carry a derivation, always shown; those that every reader knows by heart, shown to novices only.
LEADING = frozenset(
    {"implicit", "parametric", "chain", "several", "product", "quotient", "general-power", "piecewise", "minmax"}
)
PLAIN = frozenset({"constant", "variable", "sum", "constant-factor"})
EASY = PLAIN | {"power"}
TABLES = frozenset(
    {
        "trigonometric",
        "inverse-trigonometric",
        "hyperbolic",
        "inverse-hyperbolic",
        "special",
        "exponential",
        "logarithm",
    }
)

DONE = {
    "signs": "signs and absolute values are brought together",
    "multiplied-out": "brackets are multiplied out",
    "powers": "powers of one sum are brought together",
    "roots": "roots of quotients and products are put together",
    "common-factor": "common factors are taken out",
    "one-fraction": "the fractions are brought together",
    "squares": r"$\sin^2 + \cos^2 = 1$ and its kin are used",
}
METHOD = "both sides with 70 digits, derivatives as difference quotients, at {} points"


def steps(
    derivation: Derivation, checks: Checks, simple: sp.Expr | None = None, domain: Domain = EVERYWHERE
) -> list[Step]:
    """The derivation as steps: the tree, then everything put together, then the simplification to `simple`.

    `checks` come from `check_derivation`; the simplification may hold in the `domain` only.

    Each step is an equality; its `detail` is the coarsest level that shows it.
    """
    writer = _Writer(derivation, checks)
    shown = [writer.root()]
    if derivation.parts:
        shown.append(writer.together())
    if simple is not None and simple != derivation.result:
        shown.append(_simplification(derivation.result, simple, domain, dict(derivation.bindings)))
    return shown


class _Writer:
    """Writes one tree. A part that occurs again is only referred to."""

    def __init__(self, derivation: Derivation, checks: Checks) -> None:
        self._derivation = derivation
        self._checks = checks
        several = derivation.rule == "implicit" or len(derivation.expr.free_symbols | {derivation.var}) > 1
        self._partial = several
        self._own = {derivation.var}
        if derivation.rule == "implicit":
            self._own |= {name for name, _ in derivation.bindings}
        self._written: set[Derivation] = set()
        self._chains = 0

    def root(self) -> Step:
        """The tree from its first rule; what that rule gives comes in `together`."""
        node = self._derivation
        step = self._step(node, _is_easy(node))
        step.detail = "expert"
        if node.parts:
            step.tex = f"{self._d(node)} = {self._written_out(node.template)}"
        return step

    def together(self) -> Step:
        """The first rule with the derivatives of all parts in place."""
        node = self._derivation
        results = {D(part.expr, part.var): part.result for part in node.parts}
        literal, result = self._written_out(node.template, results), tex(node.result)
        middle = f"{literal} = " if literal != result else ""
        check = _checked(self._checks.whole)
        check.claim = "The steps together give the derivative"
        return Step(
            "Put together", f"{self._d(node)} = {middle}{result}", "All parts are put in.", check=check, ask=_ask(node)
        )

    def _step(self, node: Derivation, inside_easy: bool) -> Step:
        again = bool(node.parts) and node in self._written
        self._written.add(node)
        easy = _is_easy(node)
        chain = [
            self._d(node),
            *([self._written_out(node.template)] if node.parts and not again else []),
            tex(node.result),
        ]
        inner = _inner(node)
        self._chains += bool(inner)
        hue = self._chains if inner else 0
        step = Step(
            title=_title(node),
            tex=" = ".join(dict.fromkeys(chain)),
            why="As found above." if again else self._why(node),
            where=[f"{tex(name)} = {tex(inner)}" for name, inner in node.bindings if not isinstance(inner, Root)],
            detail=_detail(node, inside_easy),
            check=_checked(self._checks.steps[node]),
            inner=inner,
            hue=hue,
            ask=_ask(node),
        )
        step.steps = [] if again else [self._step(part, easy) for part in node.parts]
        if node.rule == "chain":
            # The outer function's step is about u, that of the inner function begins with it.
            for inside in step.steps:
                if not inside.inner:
                    inside.inner, inside.hue = inner, hue
        return step

    def _d(self, node: Derivation) -> str:
        """The left side of a step."""
        if node.rule == "implicit":
            return operator([node.var], False, tex(node.bindings[0][0]))
        if node.rule == "parametric":
            (x, _), (y, _) = node.bindings
            return operator([x], False, tex(y))
        return self._written_out(D(node.expr, node.var))

    def _written_out(self, expr: sp.Expr, results: Mapping[D, sp.Expr] | None = None) -> str:
        """A template in LaTeX, in its own order; its `D` nodes as derivatives, or as `results` where given."""
        if isinstance(expr, D):
            return self._derivative(expr) if results is None else tex(results[expr])
        if not expr.has(D):
            return tex(expr)
        if isinstance(expr, sp.Add):
            return self._sum([self._written_out(term, results) for term in expr.args])
        if isinstance(expr, sp.Piecewise):
            rows = [rf"{self._written_out(e, results)} & {_condition(c)}" for e, c in expr.args]
            return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"
        return self._product(expr, results)

    @staticmethod
    def _sum(terms: list[str]) -> str:
        text = terms[0]
        for term in terms[1:]:
            text += f" - {term[1:].lstrip()}" if term.startswith("-") else f" + {term}"
        return text

    def _product(self, expr: sp.Expr, results: Mapping[D, sp.Expr] | None) -> str:
        below = [factor for factor in expr.args if not factor.has(D) and sp.fraction(factor)[0] == 1 and factor != 1]
        if below and expr.args[0].is_Add:
            top = [factor for factor in expr.args if factor not in below]
            bottom = tex(1 / sp.Mul(*below))
            return rf"\frac{{{self._written_out(sp.Mul(*top, evaluate=False), results)}}}{{{bottom}}}"
        factors = list(expr.args)
        under = [factor for factor in factors if isinstance(factor, sp.Pow) and factor.has(D)]
        if under:
            top = sp.Mul(*(factor for factor in factors if factor not in under), evaluate=False)
            bottom = self._written_out(1 / under[0], results)
            sign = "-" if factors[0] == -1 else ""
            top = sp.Mul(*top.args[1:], evaluate=False) if sign else top
            return rf"{sign}\frac{{{self._written_out(top, results)}}}{{{bottom}}}"
        sign = ""
        if factors[0] == -1:
            sign = "-"
            factors = factors[1:]
        texts = [self._factor(factor, results, first=not (place or sign)) for place, factor in enumerate(factors)]
        return sign + r" \cdot ".join(texts)

    def _factor(self, factor: sp.Expr, results: Mapping[D, sp.Expr] | None, first: bool) -> str:
        text = self._written_out(factor, results)
        inside = results[factor] if results is not None and isinstance(factor, D) else factor
        loose = inside.is_Add or inside.is_Piecewise or (text.startswith("-") and not first)
        return _bracketed(text) if loose else text

    def _derivative(self, expr: D) -> str:
        inside, var = expr.args
        partial = self._partial if var in self._own else len(inside.free_symbols) > 1
        text = tex(inside)
        loose = inside.is_Add or text.startswith("-") or (inside.is_Mul and not text.startswith(r"\frac"))
        return f"{operator([var], partial)} {_bracketed(text) if loose else text}"

    def _why(self, node: Derivation) -> str:
        sentences = [_words(node)]
        conditions = plain(node.conditions)
        if conditions:
            sentences.append(f"This holds where {_listed([tex(c) for c in conditions])}.")
        return " ".join(sentences)


def _ask(node: Derivation) -> dict[str, str]:
    """The question that a step answers; none where its formula cannot be typed."""
    typed = not (node.expr.has(D, Root, AppliedUndef) or node.rule in ("implicit", "parametric"))
    return {"f": sp.sstr(node.expr), "wrt": node.var.name} if typed else {}


def _inner(node: Derivation) -> list[str]:
    """What stands for the inner function of a chain: the function itself, and its letter."""
    return [text for name, inner in node.bindings for text in (tex(inner), tex(name))] if node.rule == "chain" else []


def _is_easy(node: Derivation) -> bool:
    return all(part.rule in EASY for part in node.walk())


def _detail(node: Derivation, inside_easy: bool) -> Detail:
    """Leading rules are for all; a sum of powers is one normal step, its parts are for novices."""
    if node.rule in LEADING:
        return "expert"
    return "novice" if inside_easy or node.rule in {"constant", "variable"} else "normal"


def _title(node: Derivation) -> str:
    if node.rule in TABLES and not isinstance(node.expr, sp.Pow):
        return f"Derivative of ${tex(node.expr)}$"
    return RULES[node.rule].name


def _words(node: Derivation) -> str:
    """What the rule does here."""
    rule = RULES[node.rule]
    if node.rule == "chain":
        name, inner = node.bindings[0]
        return f"The outer function is ${tex(node.outer)}$, the inner one is ${tex(name)} = {tex(inner)}$. {rule.words}"
    if node.rule == "implicit":
        name, root = node.bindings[0]
        return f"Both sides of ${tex(root.args[0])} = 0$ are differentiated, ${tex(name)}$ with the factor " + (
            f"${operator([node.var], False, tex(name))}$ for its own change, and solved for that factor."
        )
    if node.rule == "several":
        names = _listed([f"{tex(name)} = {tex(inner)}" for name, inner in node.bindings])
        return f"The outer function is ${tex(node.parts[0].expr)}$ with {names}. {rule.words}"
    if node.rule == "constant" and node.expr.is_number:
        return f"${tex(node.expr)}$ is a number: its derivative is 0."
    if node.rule == "constant":
        return f"${tex(node.expr)}$ does not depend on ${tex(node.var)}$: its derivative is 0."
    if node.rule == "constant-factor" and node.template.args[0].is_number:
        return f"The factor ${tex(node.template.args[0])}$ stays."
    if node.rule == "constant-factor":
        return f"${tex(node.template.args[0])}$ does not depend on ${tex(node.var)}$: this factor stays."
    if node.rule == "power" and node.expr.exp.is_Rational and not (node.expr.exp.is_Integer and node.expr.exp > 0):
        return f"As a power: ${tex(node.expr)} = {power(node.expr.base, str(node.expr.exp))}$. {rule.words}"
    if isinstance(node.expr, sp.exp) and node.rule == "exponential":
        return "The exponential function is its own derivative."
    if node.rule == "product":
        return f"The factors are {_listed([tex(part.expr) for part in node.parts])}. {rule.words}"
    if node.rule == "quotient":
        top, bottom = node.parts
        return f"The top is ${tex(top.expr)}$, the bottom is ${tex(bottom.expr)}$. {rule.words}"
    return (rule_of(node.expr) or rule.words) if node.rule == "special" else rule.words


def _listed(texts: list[str]) -> str:
    return in_a_row([f"${text}$" for text in texts])


def _condition(condition: sp.Basic) -> str:
    return r"\text{otherwise}" if condition == sp.true else rf"\text{{for}}\: {tex(condition)}"


def _bracketed(text: str) -> str:
    return rf"\left({text}\right)"


def _simplification(before: sp.Expr, after: sp.Expr, domain: Domain, named: Mapping[sp.Symbol, sp.Expr]) -> Step:
    """The step from `before` to `after`. What an equation defines is compared on its curve."""
    decided = domain.decided(before)
    found, done = simplification(decided)
    words = [DONE[name] for name in done] if found == after else []
    if decided != before:
        words.insert(0, "the domain decides about signs")
    why = _listed_words(words) if words else ""
    roots = {name: place for name, place in named.items() if isinstance(place, Root)}
    check = equality_check("Both forms are equal", equal(before.subs(roots), after.subs(roots), domain=domain))
    return Step("Simplify", f"{tex(before)} = {tex(after)}", why, check=check)


def _listed_words(words: list[str]) -> str:
    text = ", ".join(words)
    return text[0].upper() + text[1:] + "."


def _checked(checked: Checked) -> Check:
    method = METHOD.format(checked.points) if checked.points else "no test found enough points in the domain"
    return Check("Both sides are equal", method, checked.verdict, checked.error, checked.bound, test="points")


def equality_check(claim: str, verdict: EqualityVerdict) -> Check:
    """A comparison of two expressions as a check."""
    outcome: Outcome = "unchecked" if verdict.equal is None else "passed" if verdict.equal else "failed"
    test: Test = "algebra" if verdict.decided_by in ("structure", "algebra") else "points"
    return Check(claim, verdict.method, outcome, verdict.figure, verdict.bound, test=test)
