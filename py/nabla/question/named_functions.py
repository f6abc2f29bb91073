"""Functions and losses that a text only names, written out: the derivative of tanh, the gradient of the hinge loss."""

from __future__ import annotations

import re

from nabla.question.filled import Filled
from nabla.question.roles import RoleReading

_ASKED = r"\b(?:derivatives?|jacobian|gradients?|hessian|differentiate)\s(?:matrix\s)?(?:(?:of|for)\s)?(?:the\s|a\s)?"
# The letters: z a score before the last function, p a prediction, y its target, w weights, X a row a sample.
_LOSSES: tuple[tuple[str, dict[str, str]], ...] = (
    (r"log[\s-]?softmax", {"f": "log(softmax(z))", "what": "jacobian"}),
    (r"(?:binary[\s-]cross[\s-]?entropy|bce|log[\s-]loss)\b.*\b(?:sigmoid|logits?|score)",
     {"f": "-y log(sigmoid(z)) - (1-y) log(1-sigmoid(z))", "wrt": "z"}),
    (r"sigmoid[\s-](?:binary[\s-])?cross[\s-]?entropy",
     {"f": "-y log(sigmoid(z)) - (1-y) log(1-sigmoid(z))", "wrt": "z"}),
    (r"(?:binary[\s-]cross[\s-]?entropy|bce|log[\s-]loss)", {"f": "-(y log p + (1-y) log(1-p))", "wrt": "p"}),
    (r"(?:softmax\s(?:with\s|and\s)?)?(?:categorical\s)?cross[\s-]?entropy", {"f": "-y^T log(softmax(z))", "wrt": "z"}),
    (r"logistic\s(?:regression\s)?loss", {"f": "log(1+exp(-y z))", "wrt": "z"}),
    (r"hinge\sloss", {"f": "max(0, 1 - y z)", "wrt": "z"}),
    (r"huber(?:\sloss)?", {"f": "r^2/2 if abs(r) <= delta else delta (abs(r) - delta/2)", "wrt": "r"}),
    (r"(?:mean[\s-]squared?[\s-]error|mse)\b.*\b(?:predictions?|outputs?|y_?hat|ŷ)",
     {"f": "1/n ||p - y||^2", "wrt": "p"}),
    (r"(?:mean[\s-]squared?[\s-]error|mse)", {"f": "1/n ||X w - y||^2", "wrt": "w"}),
    (r"ridge", {"f": "||X w - y||^2 + lambda ||w||^2", "wrt": "w"}),
    (r"(?:linear\s)?least[\s-]squares", {"f": "||X w - y||^2", "wrt": "w"}),
    (r"softmax", {"f": "softmax(z)", "what": "jacobian"}),
)  # fmt: skip
_FUNCTIONS = (
    "sigmoid logistic tanh relu softplus gelu silu swish sine sin cosine cos tangent tan sinh cosh erf arctan arcsin "
    "arccos"
).split()
_CALLED = {"sine": "sin", "cosine": "cos", "tangent": "tan", "logistic": "sigmoid"}


def named_function(reading: RoleReading) -> Filled | None:
    """The derivative of a function that is only named, None where none of these is."""
    if not reading.asks("derivative", "jacobian", "gradient", "hessian") or reading.programs:
        return None
    for words, inputs in _LOSSES if not reading.functions else ():
        if found := re.search(f"{_ASKED}({words})", reading.text, re.IGNORECASE):
            used = [
                found.span(1),
                *(f.span for f in reading.formulas if f.role == "variable" and f.name in inputs["f"]),
            ]
            return Filled(dict(inputs), tuple(used))
    found = re.search(rf"{_ASKED}({'|'.join(_FUNCTIONS)})\b", reading.text, re.IGNORECASE)
    if not found:
        return None
    name = _CALLED.get(found[1].lower(), found[1].lower())
    letters = [f.prime.arg for f in reading.formulas if f.prime and re.fullmatch(r"[a-z]", f.prime.arg or "")]
    return Filled({"f": f"{name}({letters[0] if letters else 'x'})"}, (found.span(1),))
