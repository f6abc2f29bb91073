"""What the commands of LaTeX stand for."""

from __future__ import annotations

import re

from nabla.read.formula import names

OPERATORS = {
    **dict.fromkeys(["cdot", "times", "ast", "*"], "*"),
    "div": "/",
    **dict.fromkeys(["le", "leq", "leqslant"], "<="),
    **dict.fromkeys(["ge", "geq", "geqslant"], ">="),
    **dict.fromkeys(["ne", "neq"], "!="),
    **dict.fromkeys(["land", "wedge"], "&"),
    **dict.fromkeys(["lor", "vee"], "or"),
    **dict.fromkeys(["vert", "mid"], "|"),
    **dict.fromkeys(["lnot", "neg"], "not"),
    "lt": "<", "gt": ">", "prime": "'", "lbrack": "(", "rbrack": ")", "{": "(", "}": ")", "colon": ":",
}  # fmt: skip
# Brackets with a meaning, by the function they apply.
OPENING = {"lvert": "abs", "lfloor": "floor", "lceil": "ceil"}
CLOSING = frozenset(["rvert", "rfloor", "rceil"])
_SPACES = "quad qquad thinspace displaystyle textstyle limits nolimits".split()
SPACES = frozenset(f"\\{name}" for name in [*",;:!>/()[] \n\\", *_SPACES])
SIZES = re.compile(r"\\(?:left|right|[bB]igg?[lrm]?)(?![A-Za-z])")
FONTS = frozenset(
    "mathrm mathit mathbf mathsf mathtt mathcal boldsymbol bm text textrm textit textbf operatorname".split()
) | {"operatorname*"}
ACCENTS = {
    **{accent: accent for accent in names.ACCENTS.values()},
    "widehat": "hat",
    "overline": "bar",
    "widetilde": "tilde",
}
REFUSED = {
    "int": "∫", "sum": "∑", "prod": "∏", "partial": "∂", "nabla": "∇", "pm": "±", "mp": "∓", "circ": "°", "degree": "°",
    "lVert": "‖", "rVert": "‖", "Vert": "‖", "|": "‖", "%": "%",
}  # fmt: skip
ENVIRONMENTS = frozenset("equation equation* align align* aligned gather gather* split math displaymath".split())
CONDITION = frozenset(["if", "for", "when", "where", "falls", "si", "for all"])
OTHERWISE = frozenset(["otherwise", "else", "elsewhere", "sonst", "sinon"])
