"""What stands around formulas: units, nouns with hyphens, names, and what is asked for in words that no lab answers."""

import pytest

import nabla
from nabla.errors import UserError
from nabla.question.understand import understand
from nabla.question.wanted import wanted


def shapes(text: str) -> list[tuple[str, str]]:
    return [(formula.shape, formula.read) for formula in understand(text).reading.formulas]


@pytest.mark.parametrize(
    "quantity",
    [
        r"$30 \mathrm{~cm}$", r"$0.8 \mathrm{~kg} / \mathrm{m}^3$", r"$2 \text{ m/s}$", "40.0 N/cm", "2.0 m/s^2",
        r"$360-\mathrm{lb}$", r"$45^{\circ}$", r"$60,000 \pi \mathrm{~ft}^3 / \mathrm{h}$", "3.0 x 10^14 Bq", "10-kg",
        "12-m level", "17 ft", r"$25 \Omega$", r"$2 \%$",
    ],
)  # fmt: skip
def test_quantities_are_no_functions(quantity: str) -> None:
    with pytest.raises(UserError) as caught:
        understand(f"There is one of {quantity} here.")
    assert caught.value.code == "unknown-lab"
    assert understand(f"Differentiate x^3 sin x with one of {quantity} here.").routed.inputs == {"f": "x^3 sin x"}


@pytest.mark.parametrize("name", ["m", "s", "h", "N", "V"])
def test_letters_of_units_are_variables_where_they_are_used_so(name: str) -> None:
    formula = f"3{name}^2 + 2 {name}"
    assert understand(f"Differentiate {formula}").routed.inputs["f"] == formula


@pytest.mark.parametrize("noun", ["x-axis", "n-th", "y-intercept", "t-test", "2nd-order", "k-fold"])
def test_nouns_with_hyphens_are_words(noun: str) -> None:
    assert understand(f"Find the derivative of x^2 sin x and the {noun}").routed.inputs["f"] == "x^2 sin x"


@pytest.mark.parametrize(
    ("text", "integrand"),
    [
        (r"Find $\int_{0}^{\sqrt{3}} \frac{dx}{1+x^2}$.", r"\int_{0}^{\sqrt{3}} \frac{dx}{1+x^2}"),
        ("∫ dx/(1+x^2)", "∫ dx/(1+x^2)"),
        (r"Evaluate \(\int \frac{x\,\mathrm{d}x}{1+x^2}\)", r"\int \frac{x\,\mathrm{d}x}{1+x^2}"),
    ],
)
def test_integrals_go_to_the_end_of_their_fraction(text: str, integrand: str) -> None:
    assert understand(text).routed.inputs["f"] == integrand


@pytest.mark.parametrize("text", ["Suppose $n=n_0$ and $y = c$ there.", "If y = f(x) then what?", "It is at $x=c$."])
def test_what_only_names_is_no_function(text: str) -> None:
    with pytest.raises(UserError):
        understand(text)


def test_the_own_variable_of_a_function_is_not_put_into_it() -> None:
    asked = understand(r"Let $f(x) = x(1-x)$. Find the derivative at $x= \frac12$.")
    assert asked.routed.inputs == {"f": "x(1-x)", "at": r"x=\frac12"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Find the area below y = x^2 cos x.", "Find the area below y = x^2 cos x"),
        ("A body moves by s = 4t - t^2. What is its average position?", "What is its average position"),
        ("Find the derivative of x^2 cos x.", ""),
        ("x^2 cos x. I get 2x. Where is my mistake?", ""),
        ("x^2 cos x", ""),
    ],
)
def test_what_is_asked_for_in_other_words_is_said(text: str, words: str) -> None:
    assert wanted(understand(text).reading) == words
    codes = {warning.code for warning in nabla.ask(text).warnings}
    assert ("not-covered" in codes) == bool(words)
