"""train: a tiny network whose every line is explained, and whose wrong lines are caught."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from nabla.answer.document import Code, Document, Heading, Note, Plot, Source
from nabla.answer.marks import Timeline
from nabla.errors import UserError
from nabla.lab import Field, Inputs, Steps, lab
from nabla.labs.train import blocks, by_steps, learning_curve, plots, proof, proposed, variants
from nabla.labs.train.analysis import Analysis, analyse, analysed, prove_all
from nabla.labs.train.axes import Chance, axes_of, shape_text
from nabla.labs.train.changed import changed
from nabla.labs.train.derivation import derivation
from nabla.labs.train.edit import with_hidden
from nabla.labs.train.evidence import gathered_or_none, is_better
from nabla.labs.train.findings import TrainingFinding, remarks, say
from nabla.labs.train.lines import Lines
from nabla.labs.train.lines import table as lines_table
from nabla.labs.train.perceptron import perceptron
from nabla.labs.train.probe import StepProbe
from nabla.labs.train.programs import BACKWARD, numpy_program, torch_program
from nabla.labs.train.sentence import conclude
from nabla.labs.train.setup import number_of, recipe_of
from nabla.labs.train.stepping import as_run, put_right
from nabla.labs.train.training import WALL, Trainer, Training, trains
from nabla.labs.train.training_step import StepValue
from nabla.labs.train.watch import Runner, Watch
from nabla.network.model import Loss
from nabla.program.source import Program, read

EXAMPLE = """import numpy as np

X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
y = np.array([[0, 1, 1, 0]]).T
rate, hidden = 0.5, 4
np.random.seed(1)
W0 = 2 * np.random.random((3, hidden)) - 1
W1 = 2 * np.random.random((hidden, 1)) - 1

for step in range(5000):
    layer_1 = 1 / (1 + np.exp(-X.dot(W0)))
    layer_2 = 1 / (1 + np.exp(-layer_1.dot(W1)))
    delta_2 = (layer_2 - y) * layer_2 * (1 - layer_2)
    delta_1 = layer_1.T.dot(delta_2) * layer_1 * (1 - layer_1)
    W1 -= rate * layer_1.T.dot(delta_2)
    W0 -= rate * X.T.dot(delta_1)
"""


@lab(
    "train",
    title="Train",
    summary="Paste the training loop of a small network: every line explained, wrong ones caught.",
    fields=[
        Field("code", "code", "Program", placeholder="import numpy as np ...",
              help="A training loop in NumPy. Without one, the network is set up from the fields below."),
        Field("X", "data", "X", placeholder="0,0,1; 0,1,1; 1,0,1; 1,1,1",
              help="Without a program: the samples, a row each; or with their targets, 0, 1 : 1."),
        Field("y", "data", "y", placeholder="0; 1; 1; 0", help="The targets, one for each row of X."),
        Field("hidden", "text", "Hidden units", placeholder="4", help="4, or 8, 6 for two layers."),
        Field("activation", "choice", "Activation", default="sigmoid", choices=("sigmoid", "tanh", "relu"),
              help="Of the hidden layers; the output of a relu network is linear."),
        Field("rate", "text", "Rate", placeholder="0.5", help="What the gradient is multiplied by."),
        Field("steps", "text", "Steps", placeholder="2000", help="Turns of the training loop."),
        Field("seed", "text", "Seed", placeholder="1", help="Of the random weights the training starts from.",
              advanced=True),
        Field("backward", "choice", "Backward pass", default="right", choices=BACKWARD,
              help="Right, or wrong in one way, to see what comes of it."),
        Field("loss", "choice", "Loss", default="auto", choices=("auto", "squares", "cross-entropy"),
              help="auto: what the program computes, else half the sum of squares.", advanced=True),
        Field("bias", "choice", "Biases", default="off", choices=("off", "on"), advanced=True,
              help="A number added to every unit, trained as the weights are."),
        Field("batch", "text", "Batch", placeholder="all samples", help="Samples drawn anew at each step.",
              advanced=True),
        Field("proposed", "code", "Proposed line", advanced=True, placeholder="delta_1 = ...",
              help="A line that should perhaps stand in the program instead of its own: judged and trained beside it."),
        Field("losses", "text", "Losses", placeholder="2.30, 2.30, 2.30", advanced=True,
              help="Of a training without its program: what it printed, entry by entry."),
        Field("validation", "text", "Losses in validation", placeholder="2.31, 2.35, 2.40", advanced=True,
              help="Those of samples that it did not train on."),
        Field("accuracies", "text", "Accuracies", placeholder="0.1, 0.1, 0.1", advanced=True, help="In training."),
        Field("validation_accuracies", "text", "Accuracies in validation", placeholder="0.1, 0.1", advanced=True,
              help="Of samples that it did not train on."),
        Field("goal", "text", "Goal", placeholder="0.1", help="A loss that is to be reached.", advanced=True),
        Field("classes", "text", "Classes", placeholder="10", help="How many there are to tell apart.", advanced=True),
        Field("compare", "choice", "Compare", default="auto", choices=("auto", "all", "none"),
              help="auto: a wrong pass beside the right one; all: every wrong one, same start.", advanced=True),
    ],
    example={"code": EXAMPLE},
    seconds=60.0,
    proof=proof.programs,
)  # fmt: skip
def answer(inputs: Inputs, document: Document) -> Steps:
    """Answer `inputs` into `document`."""
    if inputs["losses"].strip() or inputs["accuracies"].strip():
        learning_curve.answer(inputs, document)
        return
    text, written = _text(inputs)
    try:
        yield from _answer(inputs, document, text, written)
    except UserError as error:
        if written:
            error.span = None  # of a text that is not the user's own
            error.message = error.message.split(": ", 1)[-1] if error.message.startswith("Line ") else error.message
        error.field = error.field or ("steps" if written else "code")
        raise


def _text(inputs: Inputs) -> tuple[str, bool]:
    """The program: as pasted, or written from the fields."""
    if inputs["code"].strip():
        return inputs["code"], False
    return numpy_program(recipe_of(inputs)), True


def _answer(inputs: Inputs, document: Document, text: str, written: bool) -> Steps:
    loss = inputs.choice("loss")
    chosen: Loss | None = "squares" if loss == "squares" else "cross-entropy" if loss == "cross-entropy" else None
    seed = number_of(inputs, "seed", 0, 2**32 - 1)
    forced = seed if inputs["seed"].strip() else None
    evidence = None if written or loss != "auto" else gathered_or_none(text)
    if evidence is not None and evidence.spreads:
        by_steps.answer(document, evidence, inputs["proposed"].strip())
        return
    try:
        probe = StepProbe(read(text), forced=forced) if evidence is None or forced is not None else evidence.probe
        found = analysed(probe, chosen)
    except UserError:
        if evidence is None or evidence.judgement.kind == "undecided":
            raise
        by_steps.answer(document, evidence, inputs["proposed"].strip())
        return
    if evidence is not None and (is_better(evidence, found) or not trains(found)):
        by_steps.answer(document, evidence, inputs["proposed"].strip())
        return
    program = found.first.program
    repairs = program.remarks
    if not written:
        again = changed(inputs, program.text, found)
        if again != program.text:
            found = analyse(again, 1, chosen, forced)
            program = found.first.program
        if inputs.choice("backward") != "right":
            document.warn(
                "ignored", "The choice of a backward pass is for networks set up by fields; the program has its own."
            )
    for remark in repairs:
        document.warn("repaired", remark)
    if blocks.unseeded(program) and forced is None:
        document.warn("unseeded", "The program draws random numbers without a seed; here they are those of seed 1.")
    line = inputs["proposed"].strip()
    judged = proposed.judged(proposed.proposal(program, line, found), found) if line else None
    yield from Answer(inputs, document, program, found, forced, written, judged).tell()


class Answer:
    """The blocks of one answer."""

    def __init__(
        self, inputs: Inputs, document: Document, program: Program, found: Analysis, forced: int | None, written: bool,
        judged: proposed.JudgedProposal | None = None,
    ) -> None:  # fmt: skip
        self.inputs, self.document, self.program = inputs, document, program
        self.found, self.forced, self.written, self.judged = found, forced, written, judged
        self.remarks: list[TrainingFinding] = []
        self.troubles: list[str] = []  # of the training, that keep it from learning

    def tell(self) -> Steps:
        """Add everything, in reading order."""
        document, found = self.document, self.found
        axes, chances = axes_of(found.step, found.network)
        shape = blocks.shape_of(found)
        findings = blocks.told(found) if found.verdict else []
        document.title = self._title(shape, findings)
        self._values(axes)
        self._conclude(findings, None)
        if found.step.raised is not None:
            document.warn("raises", f"Line {found.step.raised.line} stops the program: {found.step.raised.kind}.")
            document.add(*blocks.raised_blocks(found, chances))
        elif not found.learns:
            document.warn(
                "no-backward", "The loop never changes a weight: there is a forward pass and no backward pass."
            )
        elif found.verdict is None and not perceptron(found.first.program):
            document.warn(
                "no-target",
                "Nothing in the loop compares an output that has a slope with a target: there is no loss to descend.",
            )
        # Warnings stand above the sentence: they are there before the first block, so that nothing moves it.
        if found.verdict and found.verdict.kind == "wrong":
            lines = sorted({item.line for item in findings if item.line})
            where = f" Look at line {' and '.join(map(str, lines))}." if lines else ""
            document.warn("wrong-backward", f"The program does not descend along the gradient of its loss.{where}")
        notes = self._chances(chances)
        if self.judged is not None:
            document.add(*proposed.blocks(self.judged, self.program.text))
        document.add(*blocks.summary(found, findings))
        document.add(*notes)
        self._proof_by_size(findings)
        document.add(Heading("Line by line", role="steps"), lines_table(Lines(found, self.program.text).lines(), axes))
        document.progress("Checking the gradient")
        prove_all(found)
        training = yield from self._train()
        self._conclude(findings, training)
        document.add(*derivation(found))
        table = blocks.measured(found)
        document.add(
            Heading("Checked", role="checks"),
            *([table] if table else []),
            *blocks.checks(found),
            *blocks.followed(training),
        )
        if found.verdict is not None:
            document.values["gradient_check"] = blocks.check_values(found, found.verdict, findings)
        self._programs(training)

    def _conclude(self, findings: list[blocks.Told], training: Training | None) -> None:
        told = [*self.troubles, *(item.text for item in self.remarks)]
        conclude(self.document, self.found, findings, training, told)
        if self.judged is not None:
            proposed.conclude(self.document, self.judged)

    def _title(self, shape: str, findings: list[blocks.Told]) -> str:
        found = self.found
        if self.judged is not None:
            return f"Line {self.judged.proposal.line} of a {shape}, and the line proposed for it"
        if found.step.raised is not None:
            return f"A {shape} that stops in line {found.step.raised.line}"
        if found.verdict is None:
            return f"A {shape} without a backward pass"
        if found.verdict.kind != "wrong":
            return f"A {shape} with a right backward pass"
        line = next((item.line for item in findings if item.line), None)
        return f"A {shape} whose backward pass is wrong" + (f" in line {line}" if line else "")

    def _values(self, axes: dict[StepValue, tuple[str, ...]]) -> None:
        found = self.found
        shapes, names = {}, {}
        for node in found.step.nodes:
            for _, name in node.names:
                shapes[name], names[name] = list(node.shape), list(axes.get(node, ()))
        raised = found.step.raised
        layers = [{"weight": p.weight, "bias": p.bias, "activation": p.activation.name} for p in found.network.places]
        self.document.values.update(
            history={}, outputs=None, gradient_check=None, shapes=shapes, axes=names, variants=[], printed=[],
            layers=layers, findings=[],
            raises={"type": raised.kind, "message": raised.message.strip(), "line": raised.line} if raised else None,
        )  # fmt: skip

    def _chances(self, chances: list[Chance]) -> list[Note]:
        """Warn of lines that run by chance; the notes on them."""
        notes = blocks.chances(chances)
        if notes:
            line = next(c.line for c in chances if c.node is not None and (c.equal or c.repeated))
            self.document.warn("broadcast", f"Line {line} runs only because of sizes that happen to fit.")
        self.document.values["broadcasts"] = [
            {
                "line": c.line,
                "shapes": [shape_text(c.left.shape, c.axes[0]), shape_text(c.right.shape, c.axes[1])],
                "equal": [list(item) for item in c.equal],
                "repeated": [list(item) for item in c.repeated],
            }
            for c in chances
            if c.node is not None
        ]
        return notes

    def _proof_by_size(self, findings: list[blocks.Told]) -> None:
        """Offer another number of hidden units where the same line would raise."""
        if not any(item.finding.slip == "asker" for item in findings) or len(self.found.network.places) != 2:
            return
        found = self.found
        units = found.layers.weights[0].shape[1] + 1
        text = with_hidden(self.program.text, found, 1, units)
        if text is None:
            return
        other = analyse(text, 1)
        if other.step.raised is None:
            return
        message = other.step.raised.message.strip()
        self.document.values["proof_by_size"] = {"hidden": units, "message": message}
        text = (
            "The line runs only because there are as many samples as hidden units. "
            f"With {units} hidden units it raises `{message}`"
        )
        self.document.add(Note(text, "tip", {"hidden": str(units)}, f"Set hidden to {units}"))

    # Training --------------------------------------------------------------------------------------------------------

    def _train(self) -> Generator[None, bool | None, Training | None]:
        document, found = self.document, self.found
        if found.step.raised is not None or found.network.y is None:
            return None
        trainer = Trainer(found, 1, self.forced)
        document.add(Heading("Training"))
        others = self._others(trainer.training)
        runners = [Runner("set up" if self.written else "as pasted", trainer)]
        runners += [Runner(_label(v.name), v.trainer) for v in others if v.trainer is not None]
        if self.judged is not None:
            self.judged.trainer = proposed.trainer_of(self.judged.proposal, self.forced)
            runners += [Runner("as proposed", self.judged.trainer)] if self.judged.trainer else []
        watch = Watch(document, runners)
        yield from watch.run(WALL)
        training = trainer.training
        for variant in others:
            variant.finish()
        named = [(r.name, r.trainer.training) for r in runners if r.trainer.training.moments]
        time = plots.timeline([item for _, item in named])
        watch.end([plots.loss_plot(named, time), *self._moving(training, time)])
        self._tell_training(training, others)
        return training

    def _others(self, training: Training) -> list[variants.BackwardVariant]:
        """The other backward passes, about to be trained: all, or the right one beside a wrong one."""
        found, compare = self.found, self.inputs.choice("compare")
        if compare == "none" or found.verdict is None or not training.total:
            return []
        if compare == "all":
            return variants.gallery(found, training, min(training.total, variants.STEPS), BACKWARD)
        if found.verdict.kind != "wrong":
            return []
        return variants.gallery(found, training, training.total, ("right",))

    def _tell_training(self, training: Training, others: list[variants.BackwardVariant]) -> None:
        document, found = self.document, self.found
        moments = {m.step: m for m in training.moments}
        document.values["history"] = {step: {"mae": m.mae, "sse": m.sse} for step, m in moments.items()}
        document.values["outputs"] = training.outputs.tolist() if training.outputs.size <= 4000 else None
        document.values["steps"] = training.done
        document.values["solved"] = blocks.solved(training)
        document.values["printed"] = [{"step": step, "text": text} for step, text in training.printed[:200]]
        blocks.troubles(document, found, training)
        if not blocks.solved(training):
            kept = [warning for warning in document.warnings if warning.code in ("target-range", "saturated")]
            self.troubles = [warning.message.rstrip(".") for warning in kept]
        self.remarks = remarks(found, training)
        say(document, self.remarks)
        document.add(blocks.history(training))
        wrong = found.verdict is not None and found.verdict.kind == "wrong"
        if wrong and blocks.sorts(training) and blocks.solved(training):
            text = "Every sample ends up on its side all the same: that a network trains does not prove its gradient."
            document.add(Note(text))
        if others:
            steps = others[0].training.total if others[0].training else training.total
            own = variants.BackwardVariant("as-written", training.moments[0].cosine, "", training)
            listed = [own, *others] if self.inputs.choice("compare") != "all" else others
            document.add(variants.table(listed, steps))
            document.values["variants"] = variants.values([own, *others])
        document.add(blocks.outputs(training))
        if training.printed:
            text = "\n".join(text for _, text in training.printed[:100])
            document.add(Code([Source("Output", "text", text)], "What the program prints"))
        if self.written:
            document.add(*plots.placing_plots(training.X, training.y))
        elif self.inputs.choice("compare") == "auto" and found.verdict is not None:
            text = "Every wrong backward pass known here, from the same start:"
            document.add(Note(text, "tip", {"compare": "all"}, "Compare all"))

    def _moving(self, training: Training, time: Timeline) -> list[Plot]:
        if len(training.moments) < 2:
            return []
        cosine = plots.cosine_plot(training, time)
        rest = [cosine] if cosine else []
        return [plots.norms_plot(training, time), *plots.pictures(training, time), *rest]

    # After it --------------------------------------------------------------------------------------------------------

    def _programs(self, training: Training | None) -> None:
        found = self.found
        sources = [Source("NumPy, as run", "python", self.program.text.rstrip() + "\n")]
        recipe = variants.recipe_of(found, training) if training is not None else None
        if recipe is not None and training is not None:
            if found.verdict is None or found.verdict.kind == "wrong":
                sources.append(Source("NumPy, right", "python", numpy_program(replace(recipe, backward="right"))))
                end = put_right(found, training, recipe.rate, recipe.steps)
            else:
                end = as_run(found, training, self.program.text)
            if end is not None:
                text = torch_program(recipe, found.layers.weights, found.layers.biases, end)
                sources.append(Source("PyTorch", "python", text))
        title = "The program as it runs, and the same elsewhere"
        self.document.add(Code(sources, title))


def _label(name: str) -> str:
    return variants.NAMES[name].replace("$", "")
