"""The gallery: questions as people ask them, each with the inputs that answer it.

The start page lists them, the build makes a page of each, and their whole documents are compared in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass

from nabla.gallery import texts
from nabla.lab import LABS

WHY_16 = LABS["backprop"].example["code"]
SINUSOIDS = LABS["fit"].example["data"]
_VALLEY = "(1-x)^2 + 2(y-x^2)^2"
_SQUARE = {"f": "(w*x-y)^2", "wrt": "w", "at": "w=3,x=2,y=2"}
_WIDE = "x=100..20100, z=100..20100"


@dataclass(frozen=True, slots=True)
class Example:
    """One question of the gallery.

    Attributes:
        name: the last part of its page's address.
        question: as people ask it; the title of its page.
        answer: one or two sentences that answer it.
        lab: the lab that does.
        inputs: what the lab is given.
    """

    name: str
    question: str
    answer: str
    lab: str
    inputs: dict[str, str]


EXAMPLES: tuple[Example, ...] = (
    Example(
        "gradient-16-not-8",
        "Why is w.grad 16 when I get 8?",
        "The gradient is $2(wx - y) \\cdot x = 2 \\cdot 4 \\cdot 2 = 16$. Whoever leaves out the inner derivative $x$, "
        "or the factor 2, gets 8.",
        "backprop",
        {"code": WHY_16, "claim": "w.grad = 8"},
    ),
    Example(
        "split-a-field-of-powers",
        "How do I split a vector field into a solenoidal and an irrotational part?",
        "First the formula: three places in it say something else than was meant. Then one of three splittings, "
        "by what holds at the walls.",
        "decompose",
        {"V": f"{texts.SLIPS}; 0; 0", "domain": _WIDE},
    ),
    Example(
        "sinusoids-instead-of-descent",
        "Why does gradient descent not find the frequencies in my data?",
        "The loss has a comb of minima along every frequency. A Fourier transform starts next to the right one: "
        "$-5\\sin(2\\pi 10x) + 4\\cos(2\\pi 5x) + 2\\sin(2\\pi 3x)$.",
        "fit",
        {"data": SINUSOIDS},
    ),
    Example(
        "which-transpose-in-backprop",
        "Why delta.dot(W.T), and not layer.T.dot(delta), in a network of eleven lines?",
        "One product carries the error back to the hidden layer, the other is the gradient of the weights. They have "
        "the same shape here only because there are as many samples as hidden units.",
        "train",
        {"code": texts.ELEVEN_ASKED},
    ),
    Example(
        "gradient-of-a-mean",
        "Is the gradient of the mean 4.5 or 9/8?",
        "It is 4.5. The gradient of the intermediate value holds the mean's 1/4 already; 9/8 counts it twice.",
        "backprop",
        {"code": texts.WHY_9_HALVES, "claim": "do/dx = 9/8"},
    ),
    Example(
        "newton-cg-index-error",
        "Why does my Jacobian raise IndexError in scipy.optimize.minimize?",
        "np.zeros_like of one coordinate makes an array without dimensions, which has no item 0. "
        "np.zeros_like(point) makes the right one.",
        "descend",
        {"f": texts.NEWTON_CG, "methods": "newton-cg"},
    ),
    Example(
        "derivative-of-a-square",
        "What is the derivative of (wx - y)² with respect to w?",
        "$2x(wx - y)$, by the chain rule; 16 at w = 3, x = 2, y = 2.",
        "derive",
        {**_SQUARE, "claim": "8"},
    ),
    Example(
        "derivative-of-x-to-the-x",
        "What is the derivative of x to the power x?",
        "$x^x(\\ln x + 1)$. Neither the power rule nor that of exponentials is enough: both base and exponent move.",
        "derive",
        {"f": "x^x", "at": "x=2", "claim": "x*x^(x-1)"},
    ),
    Example(
        "quotient-rule",
        "How is the quotient rule applied to (2x + 1)/(x² + 1)?",
        "The numerator's derivative times the denominator, less the other way round, over the square: $-1/2$ at x = 1.",
        "derive",
        {"f": "(2x+1)/(x^2+1)", "at": "x=1"},
    ),
    Example(
        "absolute-value-at-its-corner",
        "Has |x - 1| + x a derivative at x = 1?",
        "No: the slope is 0 on the left and 2 on the right.",
        "derive",
        {"f": "|x-1| + x", "at": "x=1"},
    ),
    Example(
        "slope-of-a-circle",
        "What is dy/dx on the circle x² + y² = 25?",
        "$-x/y$, by differentiating both sides; $-3/4$ at (3, 4).",
        "derive",
        {"f": "x^2+y^2=25", "at": "x=3,y=4", "claim": "dy/dx = -2x"},
    ),
    Example(
        "slope-of-a-curve",
        "What is the slope of a curve given by x = t², y = t³?",
        "$dy/dx = 3t/2$, which is 3 at t = 2.",
        "derive",
        {"f": "x=t^2; y=t^3", "at": "t=2"},
    ),
    Example(
        "jacobian-of-polar-coordinates",
        "What is the Jacobian of polar coordinates?",
        "A matrix of four partial derivatives, with determinant $r$.",
        "derive",
        {"f": "r cos(phi); r sin(phi)", "what": "jacobian", "wrt": "r,phi", "at": "r=2,phi=pi/6"},
    ),
    Example(
        "hessian-of-rosenbrock",
        "What is the Hessian of the Rosenbrock function at its minimum?",
        "$\\begin{pmatrix} 802 & -400 \\\\ -400 & 200 \\end{pmatrix}$: positive definite, and so badly scaled that "
        "gradient descent creeps.",
        "derive",
        {"f": "(1-x)^2 + 100(y-x^2)^2", "what": "hessian", "at": "x=1,y=1"},
    ),
    Example(
        "first-line-that-does-not-follow",
        "In which line of my derivation is the mistake?",
        "In the last: $2(6-2) \\cdot 2$ is 16, and not 8.",
        "derive",
        {**_SQUARE, "claim": "dw = 2(w*x-y)*x; = 2(6-2)*2; = 8"},
    ),
    Example(
        "practise-the-chain-rule",
        "Can I practise the chain rule, with hints?",
        "Here is an exercise. Your answer is checked, and a mistake in it named.",
        "derive",
        {"practice": "chain 2 seed 1"},
    ),
    Example(
        "gradient-is-none",
        "Why is .grad None?",
        "detach cuts the graph, an intermediate value keeps no gradient unless asked, and a leaf that the loss does "
        "not depend on gets none.",
        "backprop",
        {"code": texts.NO_GRADIENT, "claim": "a.grad = [21, 39]"},
    ),
    Example(
        "gradients-add-up",
        "Why does my gradient grow from step to step?",
        "backward adds to .grad: without zero_grad it shows 4, 8 and 12 where each step's own gradient is 4.",
        "backprop",
        {"code": texts.ACCUMULATED, "claim": "w.grad = 4"},
    ),
    Example(
        "modified-by-an-inplace-operation",
        "What does 'modified by an inplace operation' mean?",
        "exp keeps its result for the way back, and += overwrote it. Write h = h + 1.",
        "backprop",
        {"code": texts.IN_PLACE},
    ),
    Example(
        "backward-a-second-time",
        "Why can I not call backward a second time?",
        "The first call frees what the second needs; retain_graph=True keeps it, and the gradients then add up.",
        "backprop",
        {"code": texts.TWICE},
    ),
    Example(
        "relu-at-zero",
        "What is the gradient of relu at 0?",
        "There is none, and PyTorch says 0.",
        "backprop",
        {"code": texts.RELU_AT_ZERO},
    ),
    Example(
        "gradient-of-cross-entropy",
        "What is the gradient of cross-entropy with respect to the scores?",
        "softmax less one-hot: the probabilities, with 1 taken off at the true class.",
        "backprop",
        {"code": texts.CROSS_ENTROPY},
    ),
    Example(
        "gradient-of-a-broadcast-bias",
        "Why is the gradient of my bias 3 and not 1?",
        "The bias was added to three rows; its gradient is the sum over them.",
        "backprop",
        {"code": texts.BROADCAST, "claim": "b.grad = [1, 1]"},
    ),
    Example(
        "jax-grad-of-a-mean-square",
        "What does jax.grad of a mean squared error compute?",
        "The gradient with respect to the first argument, $\\tfrac{2}{N} X^\\top (Xw - y)$.",
        "backprop",
        {"code": texts.JAX},
    ),
    Example(
        "frequency-seen-through-sampling",
        "Why do I see 30 Hz when the tone is 70 Hz?",
        "At 100 samples a second, 70 Hz and 30 Hz give the same values; the data cannot tell them apart.",
        "fit",
        {"data": texts.ALIASED, "rate": "100 Hz"},
    ),
    Example(
        "two-close-frequencies",
        "Can two frequencies closer than the resolution of an FFT be told apart?",
        "Yes, when the noise is low: fitted together, 5 Hz and 5.35 Hz come out of two seconds of data.",
        "fit",
        {"data": texts.CLOSE},
    ),
    Example(
        "decaying-oscillation",
        "How do I find the frequency and decay of a plucked string?",
        "A damped cosine is fitted: 12 Hz, that dies away as $e^{-2.5t}$.",
        "fit",
        {"data": texts.DECAYING, "damped": "on"},
    ),
    Example(
        "uneven-sampling",
        "How do I find periods in data with uneven sampling?",
        "By fitting at the times as they are: two periods, 3.2 and 1.2 days.",
        "fit",
        {"data": texts.UNEVEN},
    ),
    Example(
        "trend-and-season",
        "How do I tell the trend from the season?",
        "Both are fitted at once: a rise of about 2.3 a year, and a cycle of one year.",
        "fit",
        {"data": texts.SEASONS},
    ),
    Example(
        "is-it-only-noise",
        "Is there a period in my data at all?",
        "Not in these: a peak as high as the highest one comes from noise alone often enough.",
        "fit",
        {"data": texts.NOISE},
    ),
    Example(
        "race-of-optimisers",
        "Which optimiser is best in a curved valley?",
        "Those that know or learn the curvature: Newton-CG and BFGS arrive while gradient descent still creeps.",
        "descend",
        {"f": _VALLEY, "start": "x=3, y=2", "methods": "newton-cg, bfgs, gradient-descent, nelder-mead"},
    ),
    Example(
        "learning-rate-too-large",
        "Why does gradient descent diverge?",
        "The rate is above 2 over the largest curvature on the way; the answer tells the largest rate that would hold.",
        "descend",
        {"f": _VALLEY, "start": "3, 2", "rate": "0.05", "methods": "gradient-descent"},
    ),
    Example(
        "newton-stops-at-a-saddle",
        "Why does Newton's method stop where there is no minimum?",
        "It looks for a point with gradient zero, and a saddle has one. A trust region walks on, downhill.",
        "descend",
        {"f": "beale", "methods": "newton, trust-region"},
    ),
    Example(
        "wrong-sign-in-my-gradient",
        "Why does BFGS stop with 'precision loss'?",
        "The gradient is wrong: one term of its first component has the wrong sign.",
        "descend",
        {"f": texts.ROSENBROCK, "methods": "bfgs"},
    ),
    Example(
        "eleven-line-network",
        "How does a neural network of eleven lines learn?",
        "Each line is told in mathematics, with shapes; its gradient is derived, checked, and watched.",
        "train",
        {"code": texts.ELEVEN},
    ),
    Example(
        "forgotten-slope-of-the-sigmoid",
        "It learns without the derivative of the sigmoid. Is that right?",
        "It learns, and it is not the gradient of the squared error; it would be that of the cross-entropy.",
        "train",
        {"code": texts.NO_SLOPE},
    ),
    Example(
        "relu-network-by-hand",
        "Is my backward pass through two relu layers right?",
        "Every weight's gradient agrees with central differences, and the Taylor order is 2.",
        "train",
        {"code": texts.RELU_TWO},
    ),
    Example(
        "dead-relu",
        "Why does my relu network not learn?",
        "Its units are dead: with a bias of -3 they are 0 for every sample, and 0 is their gradient.",
        "train",
        {"code": texts.DEAD_RELU},
    ),
    Example(
        "rotation-and-source",
        "How much of a flow is rotation, and how much is source?",
        "It depends on what holds at the walls: three boundary conditions, side by side.",
        "decompose",
        {"V": "-y + x/2; x + y/2", "domain": "x=-1..1, y=-1..1", "at": "0.5, 0.25", "n": "10"},
    ),
    Example(
        "taylor-green-vortices",
        "Is a field of Taylor-Green vortices free of divergence?",
        "Yes: its irrotational part is rounding.",
        "decompose",
        {"V": "sin(x)*cos(y); -cos(x)*sin(y)", "domain": "0..2pi", "n": "20", "boundary": "periodic"},
    ),
    Example(
        "gradient-field-in-space",
        "Is this field in space the gradient of a potential?",
        "Yes: its solenoidal part is zero, to rounding.",
        "decompose",
        {"V": "2x*y + z; x^2; x", "domain": "-1..1", "n": "8", "boundary": "wall"},
    ),
)
