"""fit with seasons whose period is known: found in four years of quarters, and not in noise; variable stars."""

import numpy as np
import pytest

import nabla
from nabla.labs.fit.season import ASKED_LEVEL, LEVEL, season_of
from nabla.read.data import Data

DRAWS = 400


def quarters(rng: np.random.Generator, size: float, years: int = 4) -> Data:
    pattern = rng.normal(size=4)
    pattern = (pattern - pattern.mean()) / pattern.std()
    x = 2019 + np.arange(4 * years) / 4
    y = 50 + rng.normal() * (x - 2019) + np.tile(size * pattern, years) + rng.normal(size=x.size)
    return Data(x, y, "quarter", "sales", x_unit="a")


@pytest.mark.parametrize(("size", "least"), [(10.0, 1.0), (3.0, 0.99), (2.0, 0.9)])
def test_a_season_of_sixteen_quarters_is_found(size: float, least: float) -> None:
    """Its standard deviation in those of the noise, and the share of records in which it is found."""
    rng = np.random.default_rng(1)
    assert np.mean([season_of(quarters(rng, size), 0) is not None for _ in range(DRAWS)]) >= least


@pytest.mark.parametrize(("asked", "level"), [(0, LEVEL), (4, ASKED_LEVEL)])
def test_no_season_is_found_in_noise(asked: int, level: float) -> None:
    rng = np.random.default_rng(2)
    found = sum(season_of(quarters(rng, 0.0), asked) is not None for _ in range(DRAWS))
    assert found <= DRAWS * level + 3 * np.sqrt(DRAWS * level)


def test_the_means_of_the_parts_are_those_of_the_pattern() -> None:
    rng = np.random.default_rng(3)
    pulls = []
    for _ in range(50):
        pattern = rng.normal(size=12)
        pattern -= pattern.mean()
        x = 2000.25 + np.arange(60) / 12  # from April on
        y = np.tile(np.roll(pattern, -3), 5) * 4 + rng.normal(size=60)
        season = season_of(Data(x, y, "month", "rain", x_unit="a"), 0)
        assert season is not None
        pulls.append((season.means - 4 * pattern) / season.se)
    assert np.std(pulls) == pytest.approx(1, abs=0.15)


def test_a_table_of_quarters_tells_its_season() -> None:
    rng = np.random.default_rng(5)
    y = 100 + 3 * np.tile([2, -1.5, 0.3, -0.8], 4) + 1.5 * rng.normal(size=16)
    rows = "\n".join(f"{2019 + i // 4}Q{i % 4 + 1},{v:.1f}" for i, v in enumerate(y))
    values = nabla.ask(f"Is there a seasonal pattern?\nquarter,sales\n{rows}").values
    assert values["season"]["parts"] == 4 and int(np.argmax(values["season"]["means"])) == 0


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("Quarterly sales, is there a seasonal pattern?", 4),
        ("Daily visitors. Is there a weekly pattern?", 7),
        ("Monthly rain. How strong is the season?", 12),
    ],
)
def test_words_tell_the_period_of_a_season(words: str, parts: int) -> None:
    rng = np.random.default_rng(6)
    pattern = rng.normal(size=parts)
    y = 40 + 3 * np.tile(pattern, 4) + 0.5 * rng.normal(size=4 * parts)
    values = nabla.ask(f"{words}\n{', '.join(f'{v:.1f}' for v in y)}").values
    assert values["season"]["parts"] == parts


def nights(rng: np.random.Generator, count: int, a_night: int) -> np.ndarray:
    days = np.sort(rng.choice(2 * count, count, replace=False))
    return np.sort(np.concatenate([day + rng.uniform(0.25, 0.6, a_night) for day in days]))


@pytest.mark.parametrize(("seed", "period"), [(1, 0.4713), (3, 0.3307)])
def test_a_pulsating_star_has_one_period_and_its_harmonics(seed: int, period: float) -> None:
    """RR Lyrae stars on irregular nights: harmonics above the frequencies searched first, and daily aliases."""
    rng = np.random.default_rng(seed)
    t = nights(rng, 30, 4)
    y = 14.2 + 0.02 * rng.normal(size=t.size)
    y += sum(0.35 * 0.5**k * np.cos(2 * np.pi * (k + 1) * t / period + rng.uniform(0, 6)) for k in range(4))
    values = nabla.fit(t, y.round(3)).values
    assert values["fundamental"]["harmonics"] == [1, 2, 3, 4]
    assert 1 / values["fundamental"]["frequency"] == pytest.approx(period, rel=1e-4)


def test_an_eclipsing_star_has_its_orbital_period() -> None:
    """Two eclipses of different depth in an orbit."""
    rng = np.random.default_rng(7)
    t = nights(rng, 26, 8)
    phase = (t / 2.8673) % 1
    y = 9.1 + 0.7 * np.exp(-((((phase + 0.5) % 1) - 0.5) ** 2) / 0.0018) + 0.25 * np.exp(-((phase - 0.5) ** 2) / 0.0018)
    values = nabla.fit(t, (y + 0.01 * rng.normal(size=t.size)).round(3)).values
    assert 1 / values["fundamental"]["frequency"] == pytest.approx(2.8673, rel=1e-3)


@pytest.mark.parametrize(("hum", "harmonics"), [(50.02, (1, 3, 5)), (59.97, (1, 2, 3))])
def test_mains_hum_is_told_with_its_harmonics(hum: float, harmonics: tuple[int, ...]) -> None:
    rng = np.random.default_rng(8)
    t = np.arange(800) / 1000
    y = sum(0.3 / k * np.sin(2 * np.pi * k * hum * t + k) for k in harmonics) + 0.03 * rng.normal(size=t.size)
    values = nabla.ask(f"Hum, fs = 1000 Hz. 50 or 60 Hz?\n[{', '.join(f'{v:.3f}' for v in y)}]").values
    assert values["fundamental"]["frequency"] == pytest.approx(hum, abs=0.02)
    assert values["fundamental"]["harmonics"] == list(harmonics)
