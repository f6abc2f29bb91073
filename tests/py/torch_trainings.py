"""Training loops of PyTorch written by a generator: tasks, networks, optimisers and styles drawn at random, right or
with one fault in a known line.
"""

import random
from dataclasses import dataclass

FAULTS = (
    "missing-zero-grad", "missing-step", "missing-backward", "zero-grad-order", "softmax-twice", "missing-log",
    "shape-broadcast", "detached", "not-in-optimizer", "rate-too-large", "rate-too-small", "dead-relu", "zero-init",
    "saturated", "target-range", "softmax-axis", "state-overwritten", "sign", "single-softmax", "eval-mode",
    "train-mode",
)  # fmt: skip
TASKS = ("squares", "bce", "logits", "classes", "log-classes")
_LOSSES = {
    "squares": ("nn.MSELoss()", "F.mse_loss"),
    "bce": ("nn.BCELoss()", "F.binary_cross_entropy"),
    "logits": ("nn.BCEWithLogitsLoss()", "F.binary_cross_entropy_with_logits"),
    "classes": ("nn.CrossEntropyLoss()", "F.cross_entropy"),
    "log-classes": ("nn.NLLLoss()", "F.nll_loss"),
}
_RATES = {"SGD": 0.1, "momentum": 0.05, "Adam": 0.02, "AdamW": 0.02, "RMSprop": 0.01, "hand": 0.1, "data": 0.1}


@dataclass
class TorchDrawn:
    """What a program is written from."""

    seed: int
    task: str
    model: str  # sequential, module, functional, raw
    optimiser: str
    loop: str  # full, slices, loader, function, trainer
    activation: str
    zero: str  # before, after, model
    norm: bool
    schedule: bool
    clip: bool
    evaluates: bool
    prints: bool


def drawn(rng: random.Random) -> TorchDrawn:
    """A network, a task and a style."""
    model = rng.choice(["sequential", "sequential", "module", "functional", "raw"])
    optimiser = rng.choice(["SGD", "SGD", "momentum", "Adam", "Adam", "AdamW", "RMSprop"])
    if model == "raw" and rng.random() < 0.6:
        optimiser = rng.choice(["hand", "data"])
    loop = rng.choice(["full", "full", "slices", "loader", "function", "trainer"])
    if model == "raw" and loop == "trainer":
        loop = "full"
    some = lambda p: rng.random() < p  # noqa: E731
    by_hand = optimiser in ("hand", "data")
    return TorchDrawn(
        rng.randint(0, 999), rng.choice(TASKS), model, optimiser, loop, rng.choice(["ReLU", "Tanh", "Sigmoid"]),
        rng.choice(["before", "after", "model"]) if model != "raw" else rng.choice(["before", "after"]),
        model == "sequential" and some(0.25), not by_hand and some(0.2), model != "raw" and some(0.2),
        loop != "trainer" and some(0.5), some(0.6),
    )  # fmt: skip


def written(d: TorchDrawn, fault: str = "") -> tuple[str, tuple[int, ...]] | None:
    """The program, and the lines that may be named for its fault; None where the fault does not fit."""
    writer = _Writer(d, fault)
    lines = writer.lines()
    if fault and not writer.spoiled:
        return None
    text = "\n".join(line.replace("@@", "") for line in lines) + "\n"
    return text, tuple(i + 1 for i, line in enumerate(lines) if "@@" in line)


class _Writer:
    def __init__(self, d: TorchDrawn, fault: str) -> None:
        self.d, self.fault, self.spoiled = d, fault, False
        self.inputs, self.units = 3, 8
        self.outputs = 3 if "classes" in d.task else 1
        self.rng = random.Random(d.seed)

    def put(self, fault: str, wrong: str, right: str) -> str:
        """The wrong text where this is the fault."""
        if self.fault != fault:
            return right
        self.spoiled = True
        return wrong

    # Data ------------------------------------------------------------------------------------------------------------

    def data(self) -> list[str]:
        d = self.d
        scale = " * 300" if self.fault == "saturated" and d.activation in ("Sigmoid", "Tanh") else ""
        self.spoiled |= bool(scale)
        made = [f"torch.manual_seed({d.seed})", f"X = torch.randn(32, {self.inputs}){scale}"]
        if "classes" in d.task:
            return [*made, "y = (X[:, 0] > 0).long() + (X[:, 1] > 0).long()"]
        column = ".squeeze(1)@@" if self.fault == "shape-broadcast" and d.task == "squares" else ""
        self.spoiled |= bool(column)
        if d.task == "squares":
            wide = ""
            if self.fault == "target-range":
                self.spoiled, wide = True, "20 + 10 * "
            return [*made, f"y = ({wide}(X[:, :1] - 0.5 * X[:, 1:2])){column}"]
        return [*made, "y = (X[:, :1] + X[:, 1:2] > 0).float()"]

    # Networks --------------------------------------------------------------------------------------------------------

    def last(self, inside: str) -> str:
        """The last activation around the last product, as an expression."""
        task = self.d.task
        if self.fault == "target-range":
            return f"torch.sigmoid({inside})@@"
        if self.fault == "single-softmax" and task == "bce":
            self.spoiled = True
            return f"torch.softmax({inside}, dim=1)@@"
        if task == "bce":
            return f"torch.sigmoid({inside})"
        if task == "logits":
            return self.put("softmax-twice", f"torch.sigmoid({inside})@@", inside)
        if task == "classes":
            return self.put("softmax-twice", f"torch.softmax({inside}, dim=1)@@", inside)
        if task == "log-classes":
            axis = self.put("softmax-axis", "0", "1")
            log = self.put("missing-log", "F.softmax", "F.log_softmax")
            return f"{log}({inside}, dim={axis})" + ("@@" if self.spoiled else "")
        return inside

    def last_layer(self) -> str:
        """The last activation as a layer."""
        text = self.last("?")
        mark = "@@" if "@@" in text else ""
        for name, layer in (
            ("sigmoid", "nn.Sigmoid()"),
            ("log_softmax", "nn.LogSoftmax(dim=1)"),
            ("softmax", "nn.Softmax(dim=1)"),
        ):
            if name + "(" in text:
                return (layer if "dim=0" not in text else layer.replace("1", "0")) + mark
        return ""

    def network(self) -> list[str]:
        d, n, h, o = self.d, self.inputs, self.units, self.outputs
        act = {"ReLU": "torch.relu", "Tanh": "torch.tanh", "Sigmoid": "torch.sigmoid"}[d.activation]
        if d.model == "raw":
            first = f"torch.randn({n}, {h}) * 0.5"
            second = f"torch.randn({h}, {o}) * 0.5"
            if self.fault == "zero-init":
                self.spoiled = True
                first, second = f"torch.zeros({n}, {h})", f"torch.zeros({h}, {o})"
            return [
                f"W1 = ({first}).requires_grad_()" + ("@@" if "zeros" in first else ""),
                f"b1 = torch.zeros({h}, requires_grad=True)",
                f"W2 = ({second}).requires_grad_()",
                f"b2 = torch.zeros({o}, requires_grad=True)",
                "params = [W1, b1, W2, b2]",
                "",
                "def model(x):",
                f"    h = {act}({self.cut('x @ W1')} + b1)" + "@@" * (self.fault == "saturated"),
                f"    return {self.last('h @ W2 + b2')}",
                "",
            ]
        norm = [f"nn.BatchNorm1d({h})"] if d.norm else []
        if d.model == "sequential":
            inner = [
                f"nn.Linear({n}, {h})",
                *norm,
                f"nn.{d.activation}()" + "@@" * (self.fault in ("dead-relu", "saturated")),
                f"nn.Linear({h}, {o})",
                self.last_layer(),
            ]
            made = [
                "model = nn.Sequential(",
                *(f"    {part.replace('@@', '')},{'@@' * ('@@' in part)}" for part in inner if part),
                ")",
            ]
        else:
            mark = "@@" * (self.fault in ("dead-relu", "saturated"))
            hidden = "self.act(self.fc1(x))" if d.model == "module" else f"F.{d.activation.lower()}(self.fc1(x))"
            if d.model == "functional" and d.activation != "ReLU":
                hidden = f"{act}(self.fc1(x))"
            made = [
                "class Net(nn.Module):",
                "    def __init__(self):",
                "        super().__init__()",
                f"        self.fc1 = nn.Linear({n}, {h})",
                f"        self.fc2 = nn.Linear({h}, {o})",
                *([f"        self.act = nn.{d.activation}(){mark}"] if d.model == "module" else []),
                "",
                "    def forward(self, x):",
                f"        h = {self.cut(hidden)}{mark}",
                f"        return {self.last('self.fc2(h)')}",
                "",
                "model = Net()",
            ]
        if self.fault == "zero-init":
            self.spoiled = True
            made += ["for p in model.parameters():", "    nn.init.zeros_(p)@@"]
        if self.fault == "dead-relu" and d.activation == "ReLU" and not d.norm:
            self.spoiled = True
            first = "model[0]" if d.model == "sequential" else "model.fc1"
            made += [f"nn.init.constant_({first}.bias, -30.0)"]
        return made

    def cut(self, hidden: str) -> str:
        if self.fault == "detached" and self.d.model != "sequential":
            self.spoiled = True
            return f"({hidden}).detach()@@"
        return hidden

    # Optimisers ------------------------------------------------------------------------------------------------------

    def optimiser(self) -> list[str]:
        d = self.d
        rate = _RATES[d.optimiser]
        if (
            self.fault == "rate-too-large"
            and d.optimiser in ("SGD", "momentum", "hand", "data")
            and d.task == "squares"
            and d.activation == "ReLU"
        ):
            self.spoiled, rate = True, 40.0
        if self.fault == "rate-too-small":
            self.spoiled, rate = True, 1e-6
        mark = "@@" if self.fault in ("rate-too-large", "rate-too-small") else ""
        if d.optimiser in ("hand", "data"):
            return [f"lr = {rate}{mark}"]
        what = "params" if d.model == "raw" else "model.parameters()"
        if self.fault == "not-in-optimizer":
            self.spoiled, mark = True, "@@"
            what = {
                "raw": "[W2, b2]",
                "sequential": "model[-1].parameters()" if not self.last_layer() else "model[0].parameters()",
            }.get(d.model, "model.fc2.parameters()")
        kind = {"momentum": "SGD"}.get(d.optimiser, d.optimiser)
        more = ", momentum=0.9" if d.optimiser == "momentum" else ""
        made = [f"optimizer = torch.optim.{kind}({what}, lr={rate}{more}){mark}"]
        if d.schedule:
            made.append("scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=20, gamma=0.9)")
        return made

    def clearing(self) -> list[str]:
        d = self.d
        if d.optimiser in ("hand", "data"):
            return ["for p in params:", "    p.grad = None" if d.seed % 2 else "    p.grad.zero_()"]
        return ["model.zero_grad()" if d.zero == "model" else "optimizer.zero_grad()"]

    def moving(self) -> list[str]:
        d = self.d
        sign = self.put("sign", "+=", "-=") if d.optimiser in ("hand", "data") else "-="
        mark = "@@" if sign == "+=" else ""
        if d.optimiser == "hand":
            return ["with torch.no_grad():", "    for p in params:", f"        p {sign} lr * p.grad{mark}"]
        if d.optimiser == "data":
            return ["for p in params:", f"    p.data {sign} lr * p.grad.data{mark}"]
        clip = ["torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)"] if d.clip else []
        return [*clip, "optimizer.step()"]

    # The loop --------------------------------------------------------------------------------------------------------

    def loss(self, out: str, target: str) -> str:
        function = _LOSSES[self.d.task][1]
        if self.d.seed % 3:
            return f"loss_fn({out}, {target})"
        if self.d.task == "squares" and self.d.seed % 2:
            return f"(({out} - {target}) ** 2).mean()"
        return f"{function}({out}, {target})"

    def turn(self, x: str, y: str) -> list[str]:
        d, fault = self.d, self.fault
        by_hand = d.optimiser in ("hand", "data")
        after = by_hand or d.zero == "after"
        mark = (
            "@@"
            if fault
            in (
                "missing-zero-grad",
                "missing-step",
                "missing-backward",
                "softmax-twice",
                "missing-log",
                "shape-broadcast",
            )
            else ""
        )
        loss = self.loss("out", y)
        first = [f"out = model({x})", f"loss = {loss}{mark}"]
        if fault == "sign" and not by_hand:
            self.spoiled = True
            first.append("loss = -loss@@")
        backward = [f"loss.backward(){mark}"]
        clearing, moving = self.clearing(), self.moving()
        if fault == "missing-zero-grad":
            self.spoiled, clearing = True, []
        if fault == "missing-step":
            self.spoiled, moving = True, []
        if fault == "missing-backward" and not by_hand and not d.clip:
            self.spoiled, backward = True, []
            moving = [moving[0] + "@@"]
        if fault == "zero-grad-order" and not by_hand:
            self.spoiled = True
            return [*first, *backward, clearing[0] + "@@", *moving]
        again = []
        if fault == "state-overwritten" and d.optimiser in ("momentum", "Adam", "AdamW", "RMSprop") and not d.schedule:
            self.spoiled, again = True, [self.optimiser()[0] + "@@"]
        return [*again, *([] if after else clearing), *first, *backward, *moving, *(clearing if after else [])]

    def lines(self) -> list[str]:
        d = self.d
        head = ["import torch", "import torch.nn as nn", "import torch.nn.functional as F"]
        if d.loop == "loader":
            head.append("from torch.utils.data import DataLoader, TensorDataset")
        made = [*head, "", *self.data(), "", *self.network(), f"loss_fn = {_LOSSES[d.task][0]}", *self.optimiser()]
        step = ["scheduler.step()"] if d.schedule else []
        indent = lambda lines, n=1: ["    " * n + line for line in lines]  # noqa: E731
        early = []
        if d.norm and self.fault == "eval-mode":
            self.spoiled, early = True, ["model.eval()@@"]
        shown = ["print(epoch, loss.item())"] if d.prints else []
        if d.loop in ("full", "function"):
            body = [*self.turn("X", "y"), *step, *shown]
            if d.loop == "function":
                made += [
                    "",
                    "def train(epochs):",
                    "    for epoch in range(epochs):",
                    *indent(body, 2),
                    "    return loss.item()",
                    "",
                    *early,
                    "print(train(60))",
                ]
            else:
                made += [*early, "for epoch in range(60):", *indent(body)]
        elif d.loop == "slices":
            inner = self.turn("X[i:i + 16]", "y[i:i + 16]")
            made += [
                *early,
                "for epoch in range(30):",
                "    for i in range(0, len(X), 16):",
                *indent(inner, 2),
                *indent([*step, *shown]),
            ]
        elif d.loop == "loader":
            made += [
                "loader = DataLoader(TensorDataset(X, y), batch_size=16, shuffle=True)",
                *early,
                "for epoch in range(30):",
                "    total = 0.0",
                "    for xb, yb in loader:",
                *indent([*self.turn("xb", "yb"), "total += loss.item()"], 2),
                *indent([*step, *shown]),
            ]
        else:
            made += [
                "",
                "class Trainer:",
                "    def __init__(self, model):",
                "        self.model = model",
                "        self.losses = []",
                "",
                "    def fit(self, epochs):",
                "        for epoch in range(epochs):",
                *indent([*self.turn("X", "y"), *step, "self.losses.append(loss.item())"], 3),
                "",
                *early,
                "trainer = Trainer(model)",
                "trainer.fit(60)",
                "print(trainer.losses[-1])",
            ]
        if d.norm and self.fault == "train-mode":
            self.spoiled = True
            made += ["with torch.no_grad():", "    test = model(torch.randn(8, 3))@@", "print(test)"]
        elif d.evaluates:
            made += ["model.eval()"] if d.model != "raw" else []
            made += ["with torch.no_grad():", "    test = model(torch.randn(8, 3))", "print(test)"]
        return made
