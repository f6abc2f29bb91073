"""Operators that change an array in place, beside NumPy's own: another name of the array shows the change."""

import contextlib
import io

import pytest

import nabla

CHANGES = ["+= 2", "-= 1", "*= 3", "/= 2", "//= 2", "%= 2", "**= 2", "+= a", "/= np.array([2, 4])"]


def printed(program: str) -> list[str]:
    return [entry["text"] for entry in nabla.backprop(program).values["printed"]]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("made", ["np.array([1.5, -3.0])", "np.array([1.5, 3], dtype=np.float32)", "np.array([1, 3])"])
def test_another_name_of_the_array_shows_what_numpy_shows(made: str, change: str) -> None:
    program = f"import numpy as np\na = {made}\nb = a\na {change}\nprint(a)\nprint(b)\n"
    shown, raised = io.StringIO(), None
    with contextlib.redirect_stdout(shown):
        try:
            exec(program, {})
        except TypeError as error:
            raised = str(error)
    document = nabla.backprop(program)
    assert [entry["text"] for entry in document.values["printed"]] == shown.getvalue().splitlines()
    assert (document.values["raises"] or {"message": None})["message"] == raised


def test_a_product_of_matrices_in_place() -> None:
    made = "import numpy as np\na = np.array([[1.0, 3.0], [2.0, 1.0]])\nb = a\na @= a\nprint(b[0, 0])\n"
    assert printed(made) == ["7.0"]


@pytest.mark.parametrize("change", CHANGES[:7])
def test_numbers_of_numpy_are_not_changed(change: str) -> None:
    assert printed(f"import numpy as np\na = np.array([1.0, 3.0]).sum()\nb = a\na {change}\nprint(b)\n") == ["4.0"]


@pytest.mark.parametrize("change", CHANGES[:7])
def test_arrays_of_jax_are_not_changed(change: str) -> None:
    program = f"import jax.numpy as jnp\na = jnp.array([1.0, 3.0])\nb = a\na {change}\nprint(b.sum())\n"
    assert printed(program) == ["4.0"]


def test_an_element_of_an_array_of_jax_cannot_be_set() -> None:
    raises = nabla.backprop("import jax.numpy as jnp\na = jnp.zeros(2)\na[0] = 5.0\n").values["raises"]
    assert (raises["type"], raises["line"]) == ("TypeError", 3)
    assert "immutable" in raises["message"]


@pytest.mark.parametrize(
    ("change", "value", "gradient"),
    [
        ("x.at[0].set(7.0)", "7. 2. 3.", "0. 1. 1."),
        ("x.at[1:].set(x[0])", "1. 1. 1.", "3. 0. 0."),
        ("x.at[0].add(5.0)", "6. 2. 3.", "1. 1. 1."),
        ("x.at[jnp.array([0, 0, 2])].add(1.0)", "3. 2. 4.", "1. 1. 1."),
        ("x.at[:2].add(x[2])", "4. 5. 3.", "1. 1. 3."),
        ("x.at[1].multiply(4.0)", "1. 8. 3.", "1. 4. 1."),
        ("x.at[1].set(x.at[1].get() ** 2)", "1. 4. 3.", "1. 4. 1."),
    ],
)
def test_updated_copies_of_jax(change: str, value: str, gradient: str) -> None:
    program = (
        "import jax, jax.numpy as jnp\nimport numpy as np\nx = jnp.array([1.0, 2.0, 3.0])\n"
        f"print({change})\nprint(x)\nprint(jax.grad(lambda x: jnp.sum({change}))(x))\n"
    )
    assert printed(program) == [f"[{value}]", "[1. 2. 3.]", f"[{gradient}]"]


def test_a_product_at_repeated_places_is_not_guessed() -> None:
    with pytest.raises(nabla.UserError, match=r"not covered: .*multiply with an array of indices"):
        nabla.backprop("import jax.numpy as jnp\njnp.ones(2).at[jnp.array([0, 0])].multiply(3.0)\n")


def test_arrays_of_numpy_have_no_updated_copies() -> None:
    with pytest.raises(nabla.UserError, match="at"):
        nabla.backprop("import numpy as np\nnp.ones(2).at[0].set(3.0)\n")


@pytest.mark.parametrize("change", CHANGES[:7])
def test_another_name_of_a_tensor_shows_the_change(change: str) -> None:
    made = f"import torch\na = torch.tensor([1.5, 3.0])\nb = a\na {change}\nprint((a - b).sum().item())\n"
    assert printed(made) == ["0.0"]
