"""What the manual says of each lab beyond its declaration: how to read its checks, and what it does not do.

What a lab is said not to do is shown by a text that it refuses, or warns of; a test asks each of them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guide:
    """One lab for its readers.

    Attributes:
        asks: what people ask it, beside the questions of the gallery; each is answered.
        checks: how its checks are to be read.
        beyond: what it does not do, each with a text that shows it.
    """

    asks: tuple[str, ...]
    checks: str
    beyond: dict[str, str]


GUIDES = {
    "derive": Guide(
        (
            "Differentiate x^2 sin(x) and show every step.",
            "What is the derivative of (wx - y)^2 with respect to w at w=3, x=2, y=2? I get 8.",
            "Find the tangent line to y = x^3 - 2x at x = 1.",
            "Find the local extrema of x^3 - 3x.",
            "What is the limit of sin(x)/x as x goes to 0?",
            "Find dy/dx for x^2 + y^2 = 25 at (3, 4).",
        ),
        "Each step of a derivation has a check of its own: both sides are worked out at random points, with the "
        "derivatives in them as difference quotients, which know no rule. The result is tested once more as a "
        "whole. At a corner or a jump no slope settles, so there nothing is called checked.",
        {
            "It solves no differential equations.": "Solve the differential equation y' = 2y with y(0) = 1.",
            "It does not simplify or rewrite formulas for their own sake.": "Simplify sin(x)^2 + cos(x)^2.",
            "It does not search among whole numbers.": "Minimise x + y subject to x and y integers.",
        },
    ),
    "backprop": Guide(
        (
            "import torch\nx = torch.tensor(2.0, requires_grad=True)\ny = x**3\ny.backward()\nprint(x.grad)  # why 12?",
            "import jax, jax.numpy as jnp\nprint(jax.grad(lambda w: jnp.sum(w**2))(jnp.array([1.0, 2.0])))",
        ),
        "Every gradient is compared with difference quotients of the whole program, and the error of the straight line "
        "is watched as the step is halved: only with the right gradient it falls with the square of the step. What the "
        "program prints is compared with what the explanation says it prints.",
        {
            "It downloads no models and no data.": "import torch, torchvision\nm = torchvision.models.resnet18()\n"
            "x = torch.randn(1, 3, 224, 224)\nm(x).sum().backward()",
            "It opens no files of weights.": "import torch\nx = torch.load('weights.pt')\nx.sum().backward()",
        },
    ),
    "fit": Guide(
        (
            "x = [0, 1, 2, 3, 4, 5, 6, 7]\ny = [1.0, 2.9, 5.1, 7.0, 9.1, 10.9, 13.0, 15.1]\nFit a line.",
            "t,v\n" + "\n".join(f"{i / 4},{v + i / 50}" for i, v in enumerate([0, 7, 10, 7, 0, -7, -10, -7] * 3)),
        ),
        "One more step of the search must not move the result, and the formula as it is printed must fit as well "
        "as the numbers behind it. What is left over is tested for being noise: a pattern in it means that "
        "something is not described yet. ± is one standard error. A false alarm of 1 % means that noise alone "
        "gives as high a peak in one record of a hundred.",
        {
            "It fits no models of time series such as ARIMA.": "from statsmodels.tsa.arima.model import ARIMA\n"
            "import numpy as np\ny = np.sin(np.arange(100.0))\nm = ARIMA(y, order=(1, 0, 0)).fit()\nprint(m.params)",
            "It runs no classifiers of scikit-learn.": "from sklearn.linear_model import LogisticRegression\n"
            "import numpy as np\nX = np.random.randn(20, 2)\ny = X[:, 0] > 0\nprint(LogisticRegression().fit(X, "
            "y).coef_)",
            "It fits nothing to fewer than five points.": "Fit a sine: x = [0, 1, 2], y = [0, 1, 0]",
        },
    ),
    "descend": Guide(
        (
            "Minimise (1-x)^2 + 100(y-x^2)^2 from x = -1, y = 1.",
            "from scipy.optimize import minimize\n"
            "print(minimize(lambda v: (v[0]-1)**2 + v[1]**2, [3, 4], method='BFGS').x)",
        ),
        "Around the place that is called a minimum the function is evaluated: none of the points may lie lower. A "
        "gradient of yours is compared with difference quotients at the start and at random places, since one that is "
        "right only at the start is a common mistake. Runs of SciPy are SciPy's own.",
        {
            "It runs no optimisers of TensorFlow outside of Keras's `fit`.": "import tensorflow as tf\n"
            "opt = tf.keras.optimizers.SGD(0.1)\nx = tf.Variable(3.0)\nopt.minimize(lambda: x**2, [x])\nprint(x)",
        },
    ),
    "train": Guide(
        (),
        "The step that your loop takes is compared with the gradient of the loss by difference quotients, at the start "
        "and at random weights, so that a coincidence cannot pass. Where they differ, the line is named, the mended "
        "program is run beside yours, and both are drawn.",
        {
            "It trains no models that have to be downloaded.": "import torch, torchvision\n"
            "net = torchvision.models.resnet18()\nopt = torch.optim.SGD(net.parameters(), 0.1)\n"
            "for i in range(10):\n    loss = net(torch.randn(1, 3, 224, 224)).sum()\n    loss.backward()\n    "
            "opt.step()",
        },
    ),
    "decompose": Guide(
        (
            "Is F = (2xy, x^2) conservative? Find a potential.",
            "Find the divergence and curl of F = (xy, yz, zx).",
        ),
        "The parts are differentiated anew, by other means than those that made them: the divergence of S and "
        "the curl of H must vanish, and the parts must add up to the field. With half as many cells the parts "
        "have to stay the same; where they do not, that is said.",
        {
            "It takes no samples at scattered places: they have to lie on a grid.": "x,y,u,v\n"
            + "\n".join(f"0.{(7 * i) % 97:02d},0.{(31 * i) % 89:02d},{i},{i % 5}" for i in range(1, 40)),
            "Of programs of MATLAB it answers for fields that are formulas; it runs none.": "[x, y] = "
            "meshgrid(-1:0.1:1);\nu = rand(21);\nv = rand(21);\nd = divergence(x, y, u, v);",
        },
    ),
}
