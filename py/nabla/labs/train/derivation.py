"""The gradient of a layered network: by indices, then as products of matrices, with the reason of each transpose."""

from __future__ import annotations

from nabla.answer.document import Block, Cell, Check, Column, Heading, Prose, Step, Steps, Table
from nabla.labs.train.analysis import Analysis
from nabla.network.model import Activation, Loss
from nabla.network.proof import Proof

BOUND = 1e-8


def derivation(found: Analysis) -> list[Block]:
    """The derivation, and the two products that are often taken for one another."""
    loss: Loss = found.verdict.loss if found.verdict else "squares"
    last = len(found.network.places)
    steps = [_loss(found, loss), _forward(found), _output(found, loss)]
    for k in range(last - 1, 0, -1):
        steps.append(_weights(found, k))
        steps.append(_carried(k))
        steps.append(_slope(found, k))
    steps.append(_weights(found, 0))
    blocks: list[Block] = [
        Heading("Where the gradient comes from", role="steps"),
        Steps(steps, "From one sample's sum to products of matrices"),
    ]
    if last > 1:
        blocks += _products(found)
    if found.network.columns:
        blocks.append(
            Prose("The program keeps a sample a column: there every product stands transposed, in the other order.")
        )
    return blocks


def sigma(k: int, last: int) -> str:
    """f with its layer."""
    return f"f_{k}" if last > 1 else "f"


def _loss(found: Analysis, loss: Loss) -> Step:
    last = len(found.network.places)
    if loss == "squares":
        tex = rf"L = \tfrac12 \sum_i \sum_k \left(a_{{{last},ik}} - y_{{ik}}\right)^2"
        why = (
            "The sum runs over samples $i$ and outputs $k$. The one half takes away the 2 of the square; "
            "another factor, such as $1/N$, only changes the length of every step, as the rate does."
        )
    elif found.network.places[-1].activation.name == "softmax":
        tex, why = rf"L = -\sum_i \sum_k y_{{ik}} \ln a_{{{last},ik}}", "The cross-entropy of a softmax."
    else:
        tex = rf"L = -\sum_i \left[y_i \ln a_{{{last},i}} + (1 - y_i) \ln(1 - a_{{{last},i}})\right]"
        why = "The cross-entropy of one sigmoid a unit."
    own = "" if found.loss_scale is None else f" The program computes it times {found.loss_scale:.6g}."
    return Step("The loss", tex, why + own)


def _forward(found: Analysis) -> Step:
    rows = []
    for k, place in enumerate(found.network.places):
        bias = f" + b_{{{k + 1},j}}" if place.bias else ""
        before = "X" if k == 0 else f"a_{k}"
        name = place.activation.tex or r"\operatorname{id}"
        rows.append(
            rf"z_{{{k + 1},ij}} = \textstyle\sum_m {before if k == 0 else 'a'}_{{{'' if k == 0 else f'{k},'}im}} "
            rf"W_{{{k + 1},mj}}{bias}, \quad a_{k + 1} = {name}(z_{k + 1})"
        )
    text = r"\\".join(rows)
    why = "Row $i$ is a sample, column $j$ a unit. As matrices " + ", ".join(
        f"$z_{k + 1} = {'X' if k == 0 else f'a_{k}'} W_{k + 1}{f' + b_{k + 1}' if place.bias else ''}$"
        for k, place in enumerate(found.network.places)
    )
    return Step("Forward", rf"\begin{{gathered}}{text}\end{{gathered}}", why + ".", detail="normal")


def _slope_tex(activation: Activation, k: int) -> str:
    return activation.slope_tex.replace("{a}", f"a_{k}").replace("{z}", f"z_{k}")


def _output(found: Analysis, loss: Loss) -> Step:
    last = len(found.network.places)
    activation = found.network.places[-1].activation
    if loss == "cross-entropy":
        why = "The slope of the activation and the derivative of the logarithm cancel: the bare error is left."
        return Step("The output", rf"\delta_{last} = \frac{{\partial L}}{{\partial z_{last}}} = a_{last} - y", why)
    if activation.name == "linear":
        return Step("The output", rf"\delta_{last} = \frac{{\partial L}}{{\partial z_{last}}} = a_{last} - y",
                    "The output is $z$ itself: its slope is 1.")  # fmt: skip
    if activation.name == "softmax":
        tex = (
            rf"\delta_{last} = a_{last} \odot \left(e - (e \odot a_{last}) \mathbf{{1}}\mathbf{{1}}^\top\right), "
            rf"\quad e = a_{last} - y"
        )
        why = "Every output of a softmax hangs on every $z$ of its row: the whole Jacobian counts."
        return Step("The output", tex, why)
    slope = _slope_tex(activation, last)
    tex = rf"\delta_{last} = \frac{{\partial L}}{{\partial z_{last}}} = (a_{last} - y) \odot {slope}"
    why = f"The chain rule: the error times the slope $f'(z_{last})$ of the {activation.name}"
    why += f", which is written with the output $a_{last}$ itself." if activation.name in ("sigmoid", "tanh") else "."
    return Step("The output", tex, why)


def _before(k: int) -> str:
    return "X" if k == 0 else f"a_{k}"


def _weights(found: Analysis, k: int) -> Step:
    a = _before(k)
    index = f"{a}_{{im}}" if k == 0 else f"a_{{{k},im}}"
    tex = (
        rf"\frac{{\partial L}}{{\partial W_{{{k + 1},mj}}}} = \sum_i {index}\, \delta_{{{k + 1},ij}} "
        rf"= \left({a}^\top \delta_{k + 1}\right)_{{mj}}"
    )
    name = found.network.places[k].weight
    why = (
        f"$W_{{{k + 1},mj}}$ multiplies ${index}$ in every sample, so the samples $i$ are summed over. A product of "
        f"matrices sums over the columns of its left factor, and in ${a}$ the samples are rows: hence ${a}^\\top$. "
        f"The result has the shape of `{name}`."
    )
    proof = found.truths.get(name)
    return Step(rf"The gradient of $W_{k + 1}$", tex, why, check=_check(k, proof) if proof else None)


def _check(k: int, proof: Proof) -> Check:
    claim = rf"this $\partial L / \partial W_{k + 1}$"
    if proof.error is None:
        return Check(claim, "central differences do not settle there", "unchecked", test="differences")
    method = f"central differences of the program's own forward pass, {proof.elements} elements"
    return Check(claim, method, "passed" if proof.error < BOUND else "failed", proof.error, BOUND, test="differences")


def _carried(k: int) -> Step:
    tex = (
        rf"\frac{{\partial L}}{{\partial a_{{{k},im}}}} = \sum_j \delta_{{{k + 1},ij}}\, W_{{{k + 1},mj}} "
        rf"= \left(\delta_{k + 1} W_{k + 1}^\top\right)_{{im}}"
    )
    why = (
        f"$a_{{{k},im}}$ enters every unit $j$ of the next layer with the weight $W_{{{k + 1},mj}}$, so the units $j$ "
        f"are summed over, sample by sample. In $W_{k + 1}$ they are columns and have to be rows: hence "
        f"$W_{k + 1}^\\top$. The result has the shape of $a_{k}$, samples × units."
    )
    return Step(rf"Back to layer {k}", tex, why)


def _slope(found: Analysis, k: int) -> Step:
    activation = found.network.places[k - 1].activation
    tex = rf"\delta_{k} = \left(\delta_{k + 1} W_{k + 1}^\top\right) \odot {_slope_tex(activation, k)}"
    why = f"Through the {activation.name}, element by element: the slope at $z_{k}$"
    why += f", written with its output $a_{k}$." if activation.name in ("sigmoid", "tanh") else "."
    return Step(rf"Delta of layer {k}", tex, why)


def _products(found: Analysis) -> list[Block]:
    last = len(found.network.places)
    k = last - 1
    z = found.network.rows(found.step.nodes[found.network.places[-1].z].value)
    samples, outputs = z.shape
    hidden = found.layers.weights[k].shape[0]
    rows: list[list[Cell]] = [
        [rf"$\delta_{last} W_{last}^\top$", f"{samples} × {hidden} (samples × hidden)",
         rf"How does the loss change with what layer {k} gave, sample by sample? It **carries the error back**."],
        [rf"$a_{k}^\top \delta_{last}$", f"{hidden} × {outputs} (hidden × outputs)",
         rf"How does the loss change with the weights $W_{last}$, over all samples? It **is their gradient**."],
    ]  # fmt: skip
    return [
        Prose(
            rf"From $z_{last} = a_{k} W_{last}$ follows $dz_{last} = da_{k}\, W_{last} + a_{k}\, dW_{last}$: two "
            rf"terms, so two products with $\delta_{last}$. Both exist, and each answers another question."
        ),
        Table([Column("Product"), Column("Shape"), Column("The question it answers")], rows, "The two products"),
    ]
