"""The mistakes that are known, by their fixed ids.

An id of `MISTAKES` says what was done and where; its rule, A01 to A21, the kind that it belongs to. Scripts read both
in the values of a claim, so that neither changes.
"""

# Every kind of mistake with automatic differentiation, by its rule.
RULES: dict[str, str] = {
    "A01": "a local derivative of the chain is left out",
    "A02": "the factor that comes down from a power is left out",
    "A03": "a gradient is scaled: by the 1/N of a mean, or by what counts twice",
    "A04": "the slope of an activation is taken at the wrong place",
    "A05": "a function stands where its derivative belongs, or the loss is not differentiated",
    "A06": "one of several ways to the result is left out",
    "A07": "a transpose is missing in a product",
    "A08": "the adjoint of what was broadcast is not summed over the copies",
    "A09": "the adjoint of what was broadcast is averaged, not summed",
    "A10": "gradients of several backward passes are added up, or thought to be",
    "A11": "a cut in the graph is overlooked",
    "A12": "the softmax or the cross-entropy is differentiated in part",
    "A13": "a factor, or the sign, of a mean of squares is wrong",
    "A14": "a matrix product is treated as an elementwise one",
    "A15": "another value is taken at a corner",
    "A16": "a norm is differentiated as if it were its square",
    "A17": "ways to the result are taken to be equal that are not",
    "A18": "the value is given, not its derivative",
    "A19": "rows and columns are exchanged",
    "A20": "there is a factor 2, or 1/2, too many",
    "A21": "the sign is reversed",
}

# id: (rule, what was done wrong; {at} is where, {of} what it was computed from). In the order in which they are told.
MISTAKES: dict[str, tuple[str, str]] = {
    "inner-derivative-dropped": ("A01", "the local derivative of {at} by {of} is left out"),
    "coefficient-dropped": ("A02", "the factor that comes down from the power in {at} is left out"),
    "grad-as-local": (
        "A03",
        "`.grad` of {of} is taken for the derivative of {at} by {of}, so what lies above {at} counts twice",
    ),
    "mean-forgotten": ("A03", "the 1/N of the mean in {at} is left out"),
    "mean-twice": ("A03", "the 1/N of the mean in {at} is counted twice"),
    "mean-imagined": ("A03", "the sum in {at} is treated as a mean"),
    "activation-of-input": (
        "A04",
        "the derivative of the activation in {at} is written with its input where its output belongs",
    ),
    "activation-of-output": ("A04", "the derivative of the activation in {at} is evaluated at its output"),
    "activation-itself": ("A05", "the activation {at} is used in place of its derivative"),
    "square-of-slope-dropped": ("A02", "the square in the derivative of tanh, 1 - tanh², is left out in {at}"),
    "factor-of-slope-dropped": ("A01", "the factor σ of the derivative of the sigmoid, σ(1 - σ), is left out in {at}"),
    "loss-derivative-dropped": ("A05", "the derivative of the loss by {at} is left out"),
    "operand-dropped": ("A06", "{of} stands in {at} twice, and one of the two is left out"),
    "path-dropped": ("A06", "of the ways from {of} to the result, the one through {at} is left out"),
    "path-doubled": (
        "A17",
        "the ways from {of} to the result are taken to be equal, and the one through {at} is counted twice",
    ),
    "transpose-missing": ("A07", "a transpose is missing in the product of {at}"),
    "running-direction": (
        "A07",
        "the running sum in {at} is taken forward again on the way back, where it has to run from the end",
    ),
    "result-transposed": ("A19", "the gradient is written transposed"),
    "not-summed": ("A08", "{of} was broadcast in {at}, and its adjoint is not summed over the copies"),
    "averaged": ("A09", "{of} was broadcast in {at}, and its adjoint is averaged over the copies where it is summed"),
    "accumulation-overlooked": (
        "A10",
        "the gradients of earlier backward passes are still in `.grad` and are overlooked",
    ),
    "accumulation-imagined": ("A10", "one backward pass is counted twice, as if it had accumulated"),
    "detach-ignored": ("A11", "the cut is overlooked that `detach()`, `no_grad()` or `stop_gradient` makes"),
    "target-forgotten": ("A12", "the -1 at the target class is left out: only the probabilities remain"),
    "off-diagonal-ignored": (
        "A12",
        "the softmax in {at} is differentiated as if each output depended on its own input only",
    ),
    "elementwise-product": ("A14", "the matrix product in {at} is treated as an elementwise one"),
    "other-subgradient": ("A15", "at the corner of {at} another value of the derivative is taken"),
    "norm-not-normalised": ("A16", "the division by the norm in {at} is left out"),
    "norm-squared": ("A16", "the norm in {at} is treated as its square"),
    "sign": ("A21", "the sign is reversed"),
    "forward-value": ("A18", "the value of the result is given, not its derivative"),
    "twice": ("A20", "there is a factor 2 too many"),
    "half": ("A20", "there is a factor 1/2 too many"),
}
ORDER = {name: place for place, name in enumerate(MISTAKES)}
