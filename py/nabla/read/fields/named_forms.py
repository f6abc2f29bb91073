"""Forms of curves by the names that people have for them: a line, two Gaussians, an exponential decay."""

from __future__ import annotations

import re

# The name of a form, its formula, and how people speak of it or of what only it has.
# 0.12027236 mol K/J is 1/R, the inverse of the gas constant.
_FORMS = (
    ("Michaelis-Menten", "Vmax*x/(Km + x)", r"michaelis|\bv_?max\b"),
    ("second-order decay", "a/(1 + a*k*x)", r"second[- ]order (?:reaction|kinetics|decay|rate)|or second[- ]order"),
    ("first-order decay", "a*exp(-k*x)", r"first[- ]order (?:reaction|kinetics|decay|rate)|first(?:[- ]order)? or\b"),
    (
        "exponential",
        "a*exp(k*x) + c",
        r"exponential|half[- ]?life|doubling time|e-folding|(?:decay|growth) (?:rate|constant)",
    ),
    ("line through the origin", "a*x", r"through (?:the )?(?:origin|zero)|\bproportional"),
    ("Arrhenius law", "A*exp(-0.12027236*Ea/x)", r"arrhenius|activation energy"),
    (
        "line",
        "a*x + c",
        r"\bline\b|linear|\bp-value\b|\bslope\b|\bintercept\b|calibration|\bcorrelation\b|spring constant",
    ),
    ("parabola", "a*x^2 + b*x + c", r"parabola|quadratic"),
    ("cubic", "a*x^3 + b*x^2 + d*x + c", r"cubic"),
    (
        "Gaussian on a line",
        "a*exp(-(x - m)^2/(2*s^2)) + b*x + c",
        r"gaussian[^.;]*\b(?:linear|sloping|sloped) (?:background|baseline)|gaussian on a line",
    ),
    (
        "Lorentzian on a line",
        "a/(1 + ((x - m)/w)^2) + b*x + c",
        r"lorentz[^.;]*\b(?:linear|sloping|sloped) (?:background|baseline)|lorentzian on a line",
    ),
    ("Gaussian", "a*exp(-(x - m)^2/(2*s^2)) + c", r"gaussian|bell curve|normal curve"),
    ("Lorentzian", "a/(1 + ((x - m)/w)^2) + c", r"lorentz|(?<!\w)q(?: factor)?(?!\w)|quality factor"),
    ("logistic curve", "L/(1 + exp(-k*(x - m)))", r"logistic"),
    ("Hill curve", "L*x^n/(K^n + x^n)", r"\bhill\b|dose[- ]response"),
    ("sigmoid", "L/(1 + exp(-k*(x - m))) + c", r"sigmoid|\bs-curve\b|^(?!.*\bhill\b).*\b[ei]c_?50\b"),
    ("pendulum", "2*pi*sqrt(x/g)", r"^(?s:(?!.*(?:\^2|²|squared|slope)).*)\bpendulum"),
    ("power law", "a*x^b", r"power law|power function|log-?log\b|scaling exponent"),
    ("logarithm", "a*log(x) + c", r"logarithm(?!ic decrement)"),
)
_COUNTS = {"two": 2, "double": 2, "2": 2, "three": 3, "triple": 3, "3": 3}
_SEVERAL_OR_ONE = re.compile(
    r"\b(two|three|double|triple)\b[^.?!]{0,40}\b(?:or|vs|versus|than)\b[^.?!]{0,20}\b(?:one|single|a)\b|"
    r"\b(?:one|single)\b[^.?!]{0,40}\b(?:or|vs|versus|than)\b[^.?!]{0,20}\b(two|three|double|triple)\b"
)
_SEVERAL = re.compile(r"\b(two|three|double|triple|[23])\b")


def form_called(words: str) -> str:
    """The name of the form that words speak of, with their number before it, two Gaussian; "" where they name none."""
    words = words.lower()
    name = next((name for name, _, said in _FORMS if re.search(said, words)), "")
    several = _SEVERAL.search(words)
    return f"{several[1]} {name}" if name and several else name


def forms_called(words: str) -> list[str]:
    """All forms that words speak of, by their names; a form and several of it: one exponential or two."""
    words = words.lower()
    named = [name for name, _, said in _FORMS if re.search(said, words)]
    named = [name for name in named if not any(other.startswith(f"{name} on") for other in named)]
    named = [name for name in named if name != "line" or not any(other.endswith("on a line") for other in named)]
    several = _SEVERAL_OR_ONE.search(words)
    if several and len(named) == 1:
        return [*named, f"{several[1] or several[2]} {named[0]}"]
    return named


def named_form(words: str) -> str:
    """The formula in x of a form by its name, of two exponentials their sum; "" where the words are no name."""
    first, _, rest = words.strip().partition(" ")
    count, name = (first, rest) if first in _COUNTS else ("", words.strip())
    form = next((formula for known, formula, _ in _FORMS if known.lower() == name.lower()), "")
    if not count or not form.endswith(" + c") or "*x" in form.replace("*x)", ""):
        return form
    one = form.removesuffix(" + c")
    terms = [re.sub(r"\b([akmswL])\b", rf"\g<1>{i + 1}", one) for i in range(_COUNTS[count])]
    return " + ".join([*terms, "c"])
