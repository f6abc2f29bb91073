"""Which lab a text is for, and what goes into its inputs.

Every lab that could read something of the text has a score: the names in its program, the names of its columns, the
shapes of its formulas and what is asked for speak for it or against it. The best lab answers; the others are named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from nabla.question.field_programs import works_on_fields
from nabla.question.fill import fill_code, fill_descend, fill_whole, is_test_function
from nabla.question.fill_decompose import fill_decompose
from nabla.question.fill_derive import fill_derive
from nabla.question.fill_fit import fill_data
from nabla.question.filled import Filled
from nabla.question.fit_prose import polynomial_in
from nabla.question.flow_requests import flow_of, zeros_asked
from nabla.question.formula_kinds import is_curve
from nabla.question.growth import growth_in
from nabla.question.listed_numbers import holds_data_only
from nabla.question.roles import RoleReading
from nabla.question.sampling_questions import sampling_in
from nabla.question.updates import kind_of
from nabla.read.data.grid import is_field
from nabla.read.fields.matlab import program_in
from nabla.read.fields.vectors import is_vector

# Names in a program, and how much one of them speaks for a lab.
NAMES: tuple[tuple[str, float, str], ...] = (
    ("backprop", 8, "torch backward requires_grad nn autograd grad_fn zero_grad retain_grad"),
    ("backprop", 6, "jax jnp value_and_grad jacfwd jacrev hessian"),
    ("backprop", 3, "numpy np"),
    ("backprop", 3, "grad vjp jvp detach"),
    ("descend", 9, "minimize fmin fmin_bfgs fmin_cg fmin_ncg minimize_scalar fsolve least_squares basinhopping "
                   "differential_evolution check_grad approx_fprime brentq newton root dual_annealing linprog "
                   "leastsq root_scalar shgo milp linear_sum_assignment nnls lsq_linear fminbound fmin_powell "
                   "fmin_l_bfgs_b fmin_slsqp fmin_tnc fmin_cobyla brenth bisect ridder fixed_point"),
    ("descend", 4, "jac fprime optimize"),
    ("descend", 4, "theta theta0 theta1 cost gradient_descent"),
    ("fit", 12, "curve_fit lombscargle LombScargle leastsq polyfit linregress OLS WLS ols LinearRegression lstsq lmfit "
                "LevMarLSQFitter"),
    ("fit", 8, "rfft rfftfreq periodogram welch find_peaks"),
    ("fit", 7, "fft fftfreq fftshift"),
    ("train", 4, "synapse delta hidden epochs epoch sigmoid weights layer perceptron xrange relu softmax"),
    ("decompose", 12, "curl div divergence helmholtz solenoidal irrotational CoordSys3D vorticity fft2 ifft2 fftn "
                      "ifftn streamplot"),
    ("decompose", 6, "meshgrid mgrid cross"),
    ("decompose", 6, "lap laplacian laplace del2"),
)  # fmt: skip
# What a request speaks for.
ASKED: tuple[tuple[str, float, str], ...] = (
    ("derive", 6, "derivative partial partials gradient jacobian hessian directional implicit parametric total nth "
                  "slope tangent normal limit-definition monotony concavity moment unknown verify inverse "
                  "determinant definite elasticity curvature"),
    ("derive", 5, "extrema limit integral antiderivative series related-rate laplacian inverse differential"),
    ("descend", 9, "minimise"), ("train", 7, "train"), ("fit", 6, "fit"), ("decompose", 14, "decompose"),
    ("decompose", 9, "conservative curl divergence potential stream solenoidal irrotational work flux "
                     "vector-potential exact critical div-curl curl-grad curl-curl grad-div rate-of-strain"),
    ("backprop", 3, "gradients"),
)  # fmt: skip
LEAST = 3.0


@dataclass(frozen=True, slots=True)
class Routed:
    """The lab that answers, its inputs, the stretches of text that they are made of, and other labs for it."""

    lab: str
    inputs: dict[str, str]
    used: tuple[tuple[int, int], ...]
    others: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    score: float = 0.0
    further: tuple[Filled, ...] = field(default=())


FILL = {
    "derive": fill_derive, "backprop": fill_code, "fit": fill_data, "descend": fill_descend, "train": fill_code,
    "decompose": fill_decompose,
}  # fmt: skip


def route(reading: RoleReading, lab: str = "") -> Routed | None:
    """The best lab for a text, or the one that was chosen, and all others that have inputs for it; None when none can
    read it.
    """
    scored: list[tuple[float, str, Filled]] = []
    for name in (lab,) if lab else tuple(FILL):
        filled = FILL.get(name, fill_whole)(reading, name)
        if filled is None:
            continue
        score = _score(reading, name, filled)
        scored.append((score, name, filled))
    series = next((filled.used for _, name, filled in scored if name == "fit" and not lab), ())
    scored = [
        item for item in scored if item[1] == "fit" or "losses" in item[2].inputs or not _within(item[2].used, series)
    ]
    scored.sort(key=lambda item: -item[0])
    if not scored or (scored[0][0] < LEAST and not lab):
        return None
    score, name, filled = scored[0]
    others = tuple(other for _, other, _ in scored[1:])
    return Routed(name, filled.inputs, filled.used, others, filled.doubts, score, filled.further)


def _within(spans: Sequence[tuple[int, int]], series: Sequence[tuple[int, int]]) -> bool:
    """Whether all of some stretches are parts of larger ones: the unit in the heading of a series is no function."""
    return bool(spans) and all(any(a <= s and e <= b and (a, b) != (s, e) for a, b in series) for s, e in spans)


def _score(reading: RoleReading, lab: str, filled: Filled) -> float:
    code = "\n".join(program.code for program in reading.programs)
    words = set(re.findall(r"[A-Za-z_]\w*", code))
    score = 20.0 * (
        filled.inputs.get("what") in ("rate", "greatest", "least", "both", "given")
    )  # a story of a shape that is known
    score += 20.0 * ("constraint" in filled.inputs)  # which no other lab takes
    score += 30.0 * bool({"by_hand", "convergence", "losses", "accuracies"} & set(filled.inputs))
    score += 30.0 * (filled.inputs.get("told") == "message")
    modelled = re.search(r"\b(?:data|model|measure\w*|points|fit)\b", reading.text, re.IGNORECASE)
    score += 8.0 * bool(lab == "fit" and filled.inputs.get("form") and filled.inputs.get("data") and modelled)
    score += 12.0 * (lab == "fit" and not code and polynomial_in(reading.text) is not None)
    score += 30.0 * (lab == "fit" and (growth_in(reading) or sampling_in(reading)) is not None)
    for name, weight, listed in NAMES:
        if name == lab and words & set(listed.split()):
            score += weight
    asked = {request.what for request in reading.requests}
    for name, weight, listed in ASKED:
        if name == lab and asked & set(listed.split()):
            score += weight
    if lab == "fit" and (code_of := filled.inputs.get("code")) and all(p.code != code_of for p in reading.programs):
        score += 12.0  # a program of R or MATLAB that fits
    own = {
        "derive": _derive,
        "backprop": _backprop,
        "fit": _fit,
        "descend": _descend,
        "train": _train,
        "decompose": _decompose,
    }
    # only decompose knows coordinates other than Cartesian ones
    score += 24.0 * ("coordinates" in filled.inputs and not reading.asks("jacobian"))
    given = filled.inputs.get("given", "")
    own_kind = given in ("form", "minus-potential", "complex-potential", "density", "partner")
    own_kind = own_kind or bool({"critical", "advective"} & set(filled.inputs.get("asked", "").split(", ")))
    own_kind = own_kind or (given == "potential" and bool(asked & {"gradient", "stream"}))
    score += 20.0 * (lab == "decompose" and (own_kind or "curl-grad" in asked))
    score += 20.0 * bool({"path", "surface"} & set(filled.inputs))  # what to integrate along, or over
    return score + (own[lab](reading, code, words) if lab in own else 0.0)


def _derive(reading: RoleReading, code: str, words: set[str]) -> float:
    shape = reading.functions[0].shape if reading.functions else ""
    score = {"applied": 10.0, "": 0.0}.get(shape, 4.0)
    if code:
        score += (
            14.0
            if words & {"sympy", "Symbol", "symbols"} or ("diff(" in code and not words & {"np", "numpy"})
            else -14.0
        )
        score -= 6.0 * bool(words & {"CoordSys3D", "curl", "divergence"})
    if reading.data:
        score -= 6.0
    # u = ∂ψ/∂y beside a stream function says what u is, and asks for no derivative.
    score -= 9.0 * reading.asks("stream", "conservative", "irrotational", "solenoidal")
    score -= 9.0 * (shape == "vector" and reading.asks("potential", "curl", "divergence", "work", "flux"))
    if any(formula.shape in ("sign", "claim", "applied") for formula in reading.formulas):
        score += 6.0
    return score


def _backprop(reading: RoleReading, code: str, words: set[str]) -> float:
    if words & {"tensorflow", "keras"} or {"Sequential", "Dense"} <= words:
        return 20.0 if code else -20.0
    if not words & _FRAMEWORKS and re.search(r"^\s*class\s", code, re.M) and words & {"__mul__", "__add__"}:
        return 22.0  # a class that computes, as those that differentiate by themselves do
    if not _LOOP.search(code) and _has_pair(code) and not words & _SOLVERS and not reading.asks("minimise"):
        return 10.0  # a function and its derivative, to be judged
    if _BY_HAND.search(code) and not _MOVES.search(code):
        return 5.0 + 12.0 * bool(_LOOP.search(code))  # one pass back by hand, through time say
    if holds_data_only(code):
        return -20.0
    return 2.0 if code else -20.0


_DEFINED = re.compile(r"^(?:def[ ](\w+)[ ]?\(|(\w+)[ ]?=[ ]?lambda\b)", re.MULTILINE)
_DERIVED = re.compile(
    r"d_?(\w+?)(?:_?d\w+)?|(\w+?)_?(?:prime|deriv|derivative|grad|gradient|jac)|"
    r"(?:grad|gradient|deriv|derivative|jac)_(?:of_)?(\w+)"
)


def _has_pair(code: str) -> bool:
    """Whether a program defines a function and, by its name, its derivative."""
    names = {first or second for first, second in _DEFINED.findall(code)}
    found = (_DERIVED.fullmatch(name) for name in names)
    pairs = any(names.intersection(filter(None, match.groups())) for match in found if match)
    return pairs or (len(names) == 2 and bool(names & {"df", "fprime", "f_prime", "grad", "jac"}))


# A weight that is moved: W -= ..., W = W - ...; dW += ... adds a gradient up.
_MOVES = re.compile(r"^[ \t]*(?:[\w.\[\]]+[ \t]*-=|(?!d)([\w.\[\]]+)[ \t]*(?:\+=|=[ \t]*\1[ \t]*[-+]))", re.MULTILINE)
_BY_HAND = re.compile(
    r"^[ \t]*(?:d\w+_d\w+|d_?(?:[wWbB]\w{0,3}|[UV]\w?)|grad_\w+|\w+_grad)[ \t]*\+?=[^=]", re.MULTILINE
)


def _fit(reading: RoleReading, code: str, words: set[str]) -> float:
    head = reading.data[:300].lower()
    score = 5.0
    if re.search(r"[\[(]\s?-?\d", head):
        score += 3.0
    if reading.data and is_field(reading.data):
        score -= 12.0
    if code and reading.data:
        score += 4.0
    if reading.asks("train") and not words & {"curve_fit"}:
        score -= 3.0
    if words & {"torch", "jax", "fft2", "meshgrid"}:
        score -= 10.0
    return score


def _descend(reading: RoleReading, code: str, words: set[str]) -> float:
    score = 1.0 if reading.functions else 0.0
    score += 9.0 * is_test_function(reading.text)
    if words & {"torch", "jax", "tensorflow"} and not words & {"minimize"}:
        score -= 8.0
    loops = kind_of(code) if not words & (_SOLVERS | _FRAMEWORKS) else ""
    score += {"network": -8.0, "descent": 16.0}.get(loops, 0.0)
    if reading.data and not code:
        score -= 5.0
    if reading.asks("derivative", "extrema", "tangent"):
        score -= 2.0
    return score


_LOOP = re.compile(r"^[ \t]*(?:for\s.*\sin\s|while\s)", re.MULTILINE)
_MATMUL = re.compile(r"\w\s?@\s?\w|\.dot\(|\bdot\(|matmul\(")
_FRAMEWORKS = frozenset("torch jax jnp autograd tensorflow keras".split())
_RATES = frozenset("lr alpha eta rate learning_rate step step_size mu".split())
_SOLVERS = frozenset(name for lab, weight, names in NAMES if lab == "descend" and weight > 4 for name in names.split())


def _train(reading: RoleReading, code: str, words: set[str]) -> float:
    score = {"network": 4.0, "descent": -8.0}.get(kind_of(code), 0.0)
    if _LOOP.search(code):
        score += 4.0 + 4.0 * bool(_MATMUL.search(code) and words & _RATES)
    if re.search(
        r"\.T\.dot\(|\.dot\([\w.]+\.T\)|\.T\s?@|@\s?[\w.]+\.T\b|np\.dot\([^\n]{0,60}\.T\b|\bdot\([^\n]{0,60}\.T\b|\btranspose\(",
        code,
    ):
        score += 4.0
    if re.search(r"\bexp\(\s?-|tanh|maximum\(0|maximum\(\w{1,20}, ?0", code):
        score += 2.0
    if re.search(r"[-+]=\s", code):
        score += 2.0
    if re.search(r"\w*delta\w*\s?=|\bd_?[wbWB]\d?\b\s?=|synapse|epochs?\b|hidden", code):
        score += 2.0
    if {"class", "fit", "self"} <= words and _MATMUL.search(code):
        score += 2.0
    if words & {"torch", "jax", "jnp", "tensorflow", "keras"} or (code and not _LOOP.search(code)):
        score -= 12.0  # one pass by hand, without a loop, trains nothing
    if words & {"minimize", "fmin", "curve_fit"}:
        score -= 4.0
    return score


def _decompose(reading: RoleReading, code: str, words: set[str]) -> float:
    score = 0.0
    if reading.data and is_field(reading.data):
        score += 14.0
    if reading.functions and reading.functions[0].shape == "vector" and not reading.data:
        score += 8.0 * (not is_curve(reading.functions[0]) or reading.asks("work"))
        score += 6.0 * reading.asks("laplacian")  # of a field
        score -= 8.0 * reading.asks("jacobian", "directional")
        score += 12.0 * bool(zeros_asked(reading.text))
    elif reading.functions and reading.functions[0].shape == "applied" and is_vector(reading.functions[0].sides[0]):
        score += 24.0 * reading.asks("divergence", "curl")  # ∇ · (x^2 i + y j)
    score += 20.0 * bool(flow_of(reading))
    if "gradient(" in code and re.search(r"\bnp\.gradient\(|numpy\.gradient\(", code):
        score += 3.0
    score += 12.0 * works_on_fields(code) + 40.0 * bool(program_in(reading.text))
    if words & {"torch", "jax"}:
        score -= 5.0
    return score
