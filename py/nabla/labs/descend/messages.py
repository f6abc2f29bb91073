"""What SciPy's messages mean: why a search stopped, and what an exception of a solver is about."""

from __future__ import annotations

import re

from nabla.answer.document import Document, Note, quoted
from nabla.errors import UserError
from nabla.write.sentence import sentence

# Words of a message, and what they mean. The first that fits is told.
_STOPPED: tuple[tuple[str, str], ...] = (
    (r"optimal parameters not found", "the limit of evaluations ended the fit before it settled"),
    (
        r"covariance of the parameters",
        "at these parameters the model does not change with some of them, or there are no "
        "more data than parameters: their errors cannot be told",
    ),
    (r"NaN result", "the function gave nan: nothing that was compared with it holds"),
    (
        r"precision loss",
        "no step along the line it searched lowered the function enough: the gradient and the values "
        "do not fit together any more, by a wrong gradient, a corner, or rounding",
    ),
    (
        r"max(?:imum|\.) number of function (?:evaluations|calls)|too many function evaluations|maxfev|maxfun|"
        r"EVALUATIONS EXCEEDS",
        "the limit of evaluations ended it, not the function",
    ),
    (
        r"maximum number of iteration|iteration limit|iterations reached limit|maxiter|TOTAL NO\. OF ITERATIONS|"
        r"max iterations",
        "the limit of iterations ended it, not the function",
    ),
    (
        r"REL_REDUCTION_OF_F|RELATIVE REDUCTION OF F",
        "the last step lowered the function by less than `ftol` of its value",
    ),
    (r"PROJECTED.GRADIENT|PGTOL", "no component of the gradient is larger than `gtol`, bounds left aside"),
    (r"ABNORMAL", "the search along a line found no lower point: the gradient does not fit the values"),
    (
        r"positive directional derivative",
        "the step that the constraints ask for goes uphill: they contradict each "
        "other there, or derivatives are inexact",
    ),
    (r"inequality constraints incompatible", "near where it stands the constraints, as straight lines, leave no place"),
    (r"singular matrix [CE] in LSQ", "the constraints' slopes depend on each other there, or values are not finite"),
    (r"rank-deficient equality", "two equations say the same there, or contradict each other"),
    (r"gtol.*termination", "the gradient is smaller than `gtol`"),
    (r"both.*ftol.*xtol", "neither the values nor the place changed any more"),
    (r"ftol.*termination", "the last step changed the sum of squares by less than `ftol` of it"),
    (
        r"xtol.*termination",
        "the last step was shorter than `xtol` times the distance from 0; that says nothing of slopes",
    ),
    (
        r"not making good progress|improvement from the last",
        "the equations stopped coming nearer to 0: often there is no root near by, or the Jacobian is singular",
    ),
    (
        r"relative reductions? in the sum of squares",
        "the last step changed the sum of squares by less than `ftol` of it",
    ),
    (r"relative error between two consecutive", "the last step was shorter than `xtol` of the place's distance from 0"),
    (r"the solution converged|solution (?:was )?found|converged\b", "the steps became as short as was asked for"),
    (r"infeasible", "no point keeps all constraints"),
    (r"unbounded", "the cost falls without end inside of the constraints"),
    (
        r"linear search failed|line search cannot locate",
        "the search along a line found no lower point: the gradient does not fit the values",
    ),
    (r"local minimum reached|converged \(\|", "the function hardly changed in the last steps"),
    (r"trust region radius|normal return", "the steps became as short as `rhoend` (or `tol`)"),
    (
        r"requested number of basinhopping|maximum number of iteration reached",
        "it made as many rounds as were asked for",
    ),
    (r"terminated successfully|optimal", "its own test was met: small gradient, or small steps"),
)
_RAISED: tuple[tuple[str, str], ...] = (
    (r"missing \d+ required positional argument", "SciPy hands the function one array with all variables: take one "
     "argument and unpack it, `p, q = x`."),
    (r"takes \d+ positional arguments? but \d+ were given|takes from \d+ to \d+ positional", "SciPy hands over the "
     "variables as one array and behind it what stands in `args`, one by one: `args=(a,)` for one, with its comma."),
    (r"scalar value", "The function has to return one number: it returns several. Sum them, or take `least_squares` "
     "for residuals."),
    (r"f\(a\) and f\(b\) must have different signs", "The method needs an interval at whose ends the function has "
     "different signs: it is of one sign at both. Plot it, and take ends on both sides of one root."),
    (r"Bracketing values|Not a bracketing interval", "The three places need the lowest value in the middle: f(b) < "
     "f(a) and f(b) < f(c). Look for such three, or give bounds with method='bounded'."),
    (r"NoneType", "The function returns nothing: its `return` is missing."),
    (r"only have one dimension|1-D", "The variables go into one array with one index; reshape them inside of the "
     "function."),
    (r"Failed to converge|Derivative was zero|Tolerance of", "Newton's method goes round or away from here; take "
     "another start, or a bracketing method as `brentq`."),
    (r"must not exceed func output vector length|Improper input", "There are fewer residuals than variables: the "
     "function has to return all residuals, one a measurement, not their sum."),
    (r"Residuals are not finite|array must not contain infs|NaN result", "The function gives nan or inf at a point "
     "that the search tries: keep the variables where it has values, by bounds or another start."),
    (r"Initial guess is outside|x0.*infeasible|violates bound|infeasible", "The start breaks the bounds: every "
     "component has to lie strictly inside of its own."),
    (r"lower bound.*(greater|less)|upper bound is less|lb.*ub|lower bounds? .*upper", "A lower bound is above the "
     "upper one: bounds are pairs (low, high), one a variable."),
    (r"`bounds` parameter is mandatory", "The method `bounded` searches an interval: give it, `bounds=(low, high)`."),
    (r"Invalid input for linprog", "The parts of the linear program do not fit together: every row of `A_ub` and "
     "`A_eq` has one number a variable, as `c` has, and `b_ub` and `b_eq` one a row."),
    (r"length of bounds|bounds.*(length|shape|inconsistent)|number of bounds", "There has to be one pair of bounds a "
     "variable."),
    (r"0-dimensional arrays can be converted|only (?:size-1|length-1) arrays", "A function of Python's `math`, or "
     "`float`, is given an array, and takes one number only: take NumPy's function of that name, or the element, "
     "`x[0]`."),
    (r"inhomogeneous", "What is returned is no array of numbers: its parts have different shapes, as (value, gradient) "
     "has. A function for `jac` returns the gradient alone; one that returns both goes in as `fun`, with `jac=True`."),
    (r"invalid index to scalar|not subscriptable|not iterable", "A number is read as if it were an array or a pair. "
     "With `jac=True` the function has to return the value and the gradient, `return f, g`."),
    (r"aligned|mismatch|broadcast|incompatible (?:shapes|dimensions)", "Shapes do not fit: a gradient has one "
     "component a variable, in one row."),
    (r"Jacobian is required|requires? .*jac", "This method needs the gradient: give `jac`."),
    (r"Hessian is required|hessian is required", "This method needs second derivatives: give `hess`."),
    (r"[Uu]nknown solver|Unknown method", "There is no method of that name; names are spelled as in the "
     "documentation."),
    (r"unexpected keyword argument", "The function does not take an argument of that name."),
    (r"division by zero", "Something is divided by 0 at a point that the search tries."),
    (r"math range error|Numerical result out of range|math domain", "Python's `math` stops where a value is too large "
     "or not defined; NumPy's functions give inf or nan and go on."),
)  # fmt: skip


# What helps, by words of a message.
_HELPS: tuple[tuple[str, str], ...] = (
    (r"optimal parameters not found", "Give `p0` of the size of the answer, and raise `maxfev`."),
    (r"precision loss|ABNORMAL|linear search failed|line search cannot locate", "Look at the gradient where it "
     "stopped: is it small, the place is a minimum as far as rounding lets it be seen. Is it not, hold the `jac` that "
     "is given beside differences with `check_grad`, and bring variables and values to sizes near 1."),
    (r"positive directional derivative|inequality constraints incompatible|singular matrix [CE]|rank-deficient",
     "Begin at a point that keeps the constraints, leave out what says the same twice, bring all variables to sizes "
     "near 1, and give exact derivatives; `trust-constr` bears such constraints better."),
    (r"maximum number|max iterations|maxiter|maxfev|maxfun|iterations? (?:limit|reached)|evaluations|EXCEEDS",
     "Begin again from where it stopped, or raise the limit (`options={'maxiter': ...}`, `maxfev=...`); where it "
     "creeps, scale the variables or give a better start."),
    (r"not making good progress|improvement from the last|Failed to converge", "Try other starts, and plot the "
     "function: there may be no root near by."),
    (r"covariance of the parameters", "Give `p0` of the size of the answer; look whether the model changes with each "
     "of its parameters, and whether there are more rows than parameters."),
    (r"infeasible", "Take constraints away one by one, and see which of them contradict each other."),
    (r"unbounded", "A constraint or a bound is missing, or one has the wrong sign."),
)  # fmt: skip


def tell(document: Document, message: str) -> None:
    """Answer what a message means that is quoted without its program.

    Raises:
        UserError: it is none of SciPy's.
    """
    means = stopped(message) or raised(message)
    helps = _first(_HELPS, message)
    if not means:
        text = "This message is none of those of SciPy's solvers that are known here."
        raise UserError("not-covered", text, hint="Paste the program with it.", field="f")
    end = "" if means.endswith(".") else "."
    document.values["message"] = {"text": message.strip(), "means": means, "helps": helps}
    document.title = "What a message of SciPy's means"
    said = f"“{quoted(message.strip().rstrip('.'))}”: {means}{end} {helps}".strip()
    document.answer = sentence(said, document.values, [])
    document.add(Note(f"{quoted(means)}{end}"), *([Note(helps, "tip")] if helps else []))
    document.add(Note("Paste the program too: what is at the place where it stopped can then be judged."))


def stopped(message: str) -> str:
    """What the message with which a search ended means; empty where it is not known."""
    return _first(_STOPPED, message)


def raised(message: str) -> str:
    """What the message of an exception out of a solver's call is about; empty where it is not known."""
    return _first(_RAISED, message)


def _first(table: tuple[tuple[str, str], ...], message: str) -> str:
    return next((text for words, text in table if re.search(words, message, re.I)), "")
