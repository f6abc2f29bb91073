"""Generated trainings of PyTorch and of NumPy, right and with one fault: how many are accused, found and placed.

`python build.py bench trainings --count 300`: right programs, then as many with one fault each of every kind in turn;
then layers of other kinds, right and with each of their faults.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter

import nabla
from nabla.errors import UserError
from nabla.labs.backprop.loops import found_in
from nabla.labs.backprop.run import run
from nabla.labs.backprop.why import added_up
from nabla.labs.train.evidence import gathered
from tests.bench._figures import Figure, report
from tests.py import descents, layers_by_hand, torch_trainings, training_programs


def of_torch(code: str) -> tuple[bool, set[int]]:
    """Whether a program of PyTorch is accused, and of which lines."""
    outcome = run(code)
    found = [*found_in(outcome), *added_up(outcome)]
    return bool(found), {item["line"] for item in found}


def of_numpy(code: str) -> tuple[bool, set[int]]:
    """The same of a program of NumPy."""
    found = gathered(code)
    return found.judgement.kind == "wrong" or bool(found.states), {item.line or 0 for item in found.repairs}


def of_layers() -> list[Figure]:
    """Layers of other kinds, each right and with each of its faults, asked as whole texts."""
    accused = sum(_asked(case.code)[0] for case in descents.right(layers_by_hand.TEMPLATES))
    wrong = list(descents.wrong(layers_by_hand.TEMPLATES))
    found = [(_asked(case.code), set(case.lines)) for case in wrong]
    missed = sum(not seen for (seen, _), _ in found)
    unplaced = sum(not lines & wanted for (_, lines), wanted in found)
    return [
        Figure("Layers: right ones accused", "programs", accused, 0.0, 1.0),
        Figure("Layers: faults missed", "programs", missed, 0.02 * len(wrong), 1.0),
        Figure("Layers: faults without their line", "programs", unplaced, 0.25 * len(wrong), 1.0),
    ]


def _asked(code: str) -> tuple[bool, set[int]]:
    try:
        values = nabla.ask(f"{code}\n\nIs my gradient right?").values
    except UserError:  # refused: neither accused nor found
        return False, set()
    of_gradient = values["gradient_check"]["findings"]
    others = [each for each in values["findings"] if each["kind"] not in ("too-few-steps", "rate-too-small")]
    listed = [*of_gradient, *others]
    return values["gradient_check"]["verdict"] == "wrong" or bool(listed), {each["line"] for each in listed}


def figures(name: str, count: int, rng: random.Random) -> list[Figure]:
    """Those of one library."""
    generator, judged = {"PyTorch": (torch_trainings, of_torch), "NumPy": (training_programs, of_numpy)}[name]
    slips = torch_trainings.FAULTS if name == "PyTorch" else training_programs.SLIPS
    right = [generator.written(generator.drawn(rng)) for _ in range(count)]  # type: ignore[attr-defined]
    accused = sum(judged(made[0])[0] for made in right if made is not None)
    seen: Counter[str] = Counter()
    while seen["all"] < count:
        made = generator.written(generator.drawn(rng), slips[seen["all"] % len(slips)])  # type: ignore[attr-defined]
        if made is None:
            continue
        found, lines = judged(made[0])
        seen["all"] += 1
        seen["found"] += found
        seen["placed"] += bool(lines & set(made[1] if isinstance(made[1], tuple) else (made[1],)))
    missed, unplaced = seen["all"] - seen["found"], seen["all"] - seen["placed"]
    return [
        Figure(f"{name}: right ones accused", "programs", accused, 0.0, 1.0),
        Figure(f"{name}: faults missed", "programs", missed, 0.02 * count, 1.0),
        Figure(f"{name}: faults without their line", "programs", unplaced, 0.15 * count, 1.0),
    ]


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    made = [figure for name in ("PyTorch", "NumPy") for figure in figures(name, options.count, rng)]
    made += of_layers()
    return report("Generated trainings", "allowed", made)


if __name__ == "__main__":
    sys.exit(main())
