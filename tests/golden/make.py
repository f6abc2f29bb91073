"""Write the golden documents anew: `python tests/golden/make.py [name ...]`. Read the diff before you commit it."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1] / "py"), str(HERE.parents[1])]

import nabla  # noqa: E402
from tests.golden.cases import CASES  # noqa: E402
from tests.golden.reduced import reduced, written  # noqa: E402


def main(names: list[str]) -> None:
    """Write the named documents, or all, and remove those that no case asks for."""
    for name in names or CASES:
        lab, inputs = CASES[name]
        text = written(reduced(nabla.run(lab, inputs).to_dict()))
        (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        print(name)
    for path in HERE.glob("*.json"):
        if path.stem not in CASES:
            path.unlink()


if __name__ == "__main__":
    main(sys.argv[1:])
