"""The asker's own numbers for a sinusoid: judged, and where a wrong one comes from."""

import math

import numpy as np
import pytest

import nabla

X = np.arange(60) * 0.04
Y = 2.5 * np.sin(2 * np.pi * 4 * X + 0.3) + 7 + 0.05 * np.random.default_rng(1).normal(size=X.size)
DATA = "t (s),u\n" + "\n".join(f"{a:.2f},{b:.4f}" for a, b in zip(X, Y, strict=True))
CLAIMS = {
    "I read an amplitude of 5 off the plot.": ("wrong", "peak-to-peak"),
    "I get 2.5 as amplitude, so the amplitude should be 2.5?": ("right", ""),
    f"The frequency should be {2 * math.pi * 4:.2f}, I think.": ("wrong", "two-pi"),
    "I think the frequency is 0.25 Hz.": ("wrong", "inverse"),
    "My period is 250 ms, correct?": ("right", ""),
    "I expect an offset of 7.": ("right", ""),
    "I measure a period of 0.3 s.": ("wrong", ""),
}


@pytest.mark.parametrize("text", CLAIMS)
def test_numbers_in_words_are_judged(text: str) -> None:
    document = nabla.ask(f"{DATA}\n\n{text}")
    verdict, rule = CLAIMS[text]
    (claim,) = document.values["claims"]
    assert claim["verdict"] == verdict == document.values["claim"]["verdict"]
    assert [mistake["id"] for mistake in claim["mistakes"]] == [rule] * bool(rule)
    assert document.answer.text.startswith("Your ") and ("is right" in document.answer.text) == (verdict == "right")


def test_a_given_period_is_no_claim() -> None:
    document = nabla.ask(f"{DATA}\n\nFit a sine with period 0.25 s, please. What is the amplitude?")
    assert "claims" not in document.values
