"""How often samples were taken, as people say it: 100 Hz, every 20 ms, dt = 0.5, hourly, one value per minute."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nabla.read.data import cells as c

_HERTZ = {"hz": 1.0, "fps": 1.0, "khz": 1e3, "mhz": 1e6, "ghz": 1e9, "sps": 1.0, "s/s": 1.0, "ks/s": 1e3, "ms/s": 1e6}
# What a unit of time is called, its size in seconds, and the unit of x that goes with it.
_TIMES = {
    "ns": ("nanosecond", 1e-9, "s"),
    "us": ("microsecond", 1e-6, "s"),
    "ms": ("millisecond", 1e-3, "s"),
    "s": ("second", 1.0, "s"),
    "min": ("minute", 60.0, "min"),
    "h": ("hour", 3600.0, "h"),
    "d": ("day", 86400.0, "d"),
    "week": ("week", 604800.0, "week"),
    "month": ("month", 2629800.0, "month"),
    "a": ("year", 31557600.0, "a"),
}
_SHORT = {
    "ns": "ns",
    "us": "us",
    "µs": "us",
    "ms": "ms",
    "msec": "ms",
    "s": "s",
    "sec": "s",
    "secs": "s",
    "min": "min",
    "mins": "min",
}
_SHORT |= {"h": "h", "hr": "h", "hrs": "h", "d": "d", "yr": "a", "yrs": "a", "wk": "week"}
_LONG = {name + end: unit for unit, (name, _, _) in _TIMES.items() for end in ("", "s")}
_UNITS = _SHORT | _LONG
_JULIAN = frozenset("jd hjd bjd mjd tjd rjd btjd bkjd hmjd bjd_tdb".split())  # dates of astronomers, in days


def unit_called(name: str) -> str:
    """The unit of x that a column counts which is called as one: min, hour, days; "" for other names."""
    if re.sub(r"\s*[-−–]\s*[\d.]+\Z", "", name.strip().lower()) in _JULIAN:  # JD - 2459000
        return "d"
    unit = _UNITS.get(name.strip().lower(), "")
    return _TIMES[unit][2] if unit and len(name.strip()) > 1 else ""


def unit_size(unit: str) -> float | None:
    """The size of a unit of time in seconds, by any of its names; None for others."""
    short = _UNITS.get(unit.strip().lower(), "")
    return _TIMES[short][1] if short else None


_ADVERBS = {
    "hourly": "h",
    "daily": "d",
    "weekly": "week",
    "monthly": "month",
    "yearly": "a",
    "annual": "a",
    "minutely": "min",
}
_CYCLES = frozenset("cycle pattern period rhythm season seasonality variation oscillation wave component trend".split())
_COUNTS = {
    "one": 1.0,
    "a": 1.0,
    "an": 1.0,
    "each": 1.0,
    "every": 1.0,
    "two": 2.0,
    "three": 3.0,
    "four": 4.0,
    "five": 5.0,
    "ten": 10.0,
}
_COUNTS |= {"half": 0.5, "quarter": 0.25, "second": 2.0}
_RATE_NAMES = frozenset(
    "fs f_s fsamp fsample samplerate sample_rate sampling_rate samplingrate sampling_frequency sr rate framerate "
    "srate".split()
)
_STEP_NAMES = frozenset(
    "dt delta_t deltat δt ts t_s interval sample_interval sampling_interval time_step timestep samp_period "
    "sampling_period".split()
)
_SAMPLES = frozenset(
    "samples sample values value readings reading measurements measurement points point times observations "
    "frames".split()
)
_OF_SAMPLES = frozenset("sampling sample time measurement".split())
_INTERVALS = frozenset("interval period step spacing".split())
_CONVERTERS = frozenset("adc daq rate digitizer clock logger".split())
_TOKEN = re.compile(rf"{c.NUMBER}|[^\W\d]\w*(?:/s\b)?|=|:|/")


@dataclass(frozen=True, slots=True)
class Sampling:
    """Samples `step` units of x apart; `unit` is "" where none was told."""

    step: float
    unit: str
    start: int = 0
    end: int = 0


def sampling_of(name: str, value: float) -> Sampling | None:
    """What a named number says of the sampling: `fs = 200`, `dt = 0.05`; None for other names."""
    name = name.lower()
    if not 0 < value < float("inf"):
        return None
    if name in _RATE_NAMES:
        return Sampling(1 / value, "s")
    return Sampling(value, "") if name in _STEP_NAMES else None


def read_sampling(text: str) -> Sampling | None:
    """The first statement about sampling in a sentence or a field; None where there is none.

    A bare number is a rate, in samples per unit of x.
    """
    bare = text.strip()
    if re.fullmatch(c.NUMBER, bare):
        return Sampling(1 / float(bare), "") if 0 < float(bare) < float("inf") else None
    words = [(match[0].lower(), match.start(), match.end()) for match in _TOKEN.finditer(text[:200_000])]
    spelled = [word for word, _, _ in words]
    for i in range(len(words)):
        for rule in _RULES:
            if read := rule(spelled[max(0, i - 6) : i], [*spelled[i : i + 7], *[""] * 7]):
                last = words[min(i + read.words, len(words)) - 1]
                return Sampling(read.step, read.unit, words[i][1], last[2])
    return None


@dataclass(frozen=True, slots=True)
class _Read:
    """What a rule makes of a statement: its step, its unit, and how many words it takes."""

    step: float
    unit: str
    words: int


def _named(_: list[str], words: list[str]) -> _Read | None:
    """`fs = 200`, `sampling_rate: 2 kHz`, `dt = 5 ms`."""
    value = _value(words[2])
    if words[1] not in ("=", ":", "is", "of") or not value:
        return None
    if words[0] in _RATE_NAMES:
        return _Read(1 / (value * _HERTZ.get(words[3], 1.0)), "s", 4 if words[3] in _HERTZ else 3)
    if words[0] not in _STEP_NAMES:
        return None
    if words[3] in _UNITS:
        return _Read(value * _length(words[3]), _shown(words[3]), 4)
    return _Read(value, "", 3)


def _hertz(before: list[str], words: list[str]) -> _Read | None:
    """`40 Hz` beside a word about sampling, or by itself."""
    value = _value(words[0])
    if not value or words[1] not in _HERTZ:
        return None
    alone = not before and not words[2]
    near = words[1] == "fps" or any(word.startswith("sampl") or word in _CONVERTERS for word in (*before, *words[2:5]))
    return _Read(1 / (value * _HERTZ[words[1]]), "s", 2) if alone or near else None


def _every(_: list[str], words: list[str]) -> _Read | None:
    """`every 20 ms`, `each hour`, `every two days`."""
    if words[0] not in ("every", "each"):
        return None
    count, k = 1.0, 1
    if words[2] in _UNITS and (_value(words[1]) or words[1] in _COUNTS):
        count, k = _value(words[1]) or _COUNTS[words[1]], 2
    return _Read(count * _length(words[k]), _shown(words[k]), k + 1) if words[k] in _UNITS else None


def _adverb(_: list[str], words: list[str]) -> _Read | None:
    """`hourly`, `daily`; a weekly pattern says nothing of the sampling."""
    told = words[0] in _ADVERBS and words[1].rstrip("s") not in _CYCLES
    return _Read(1.0, _shown(_ADVERBS[words[0]]), 1) if told else None


def _per(_: list[str], words: list[str]) -> _Read | None:
    """`40 samples per second`, `one value an hour`."""
    value = _value(words[0]) or _COUNTS.get(words[0])
    if value and words[1].endswith("/s") and words[1][:-2] in _SAMPLES:
        return _Read(1 / value, "s", 2)
    if not value or words[1] not in _SAMPLES or words[2] not in ("per", "a", "an", "each", "every", "/"):
        return None
    return _Read(_length(words[3]) / value, _shown(words[3]), 4) if words[3] in _UNITS else None


def _within(_: list[str], words: list[str]) -> _Read | None:
    """`64 samples in 1 s`, `500 points over 10 seconds`."""
    count, length = _value(words[0]), _value(words[3])
    if not count or words[1] not in _SAMPLES or words[2] not in ("in", "over", "within") or not length:
        return None
    return _Read(length * _length(words[4]) / count, _shown(words[4]), 5) if words[4] in _UNITS else None


def _interval(_: list[str], words: list[str]) -> _Read | None:
    """`sampling interval 25 ms`, `the time step was 0.1 s`, `intervals of 5 minutes`, `0.1 s apart`."""
    if (value := _value(words[0])) and words[1] in _UNITS:
        apart = words[2] in ("apart", "interval", "intervals", "steps")
        return _Read(value * _length(words[1]), _shown(words[1]), 3) if apart else None
    named = words[0] in _OF_SAMPLES and words[1] in _INTERVALS
    if not named and words[0] not in ("dt", "timestep", "intervals", "steps"):
        return None
    k = 1 + named
    k += words[k] in ("of", "is", "was", "=", ":")
    value = _value(words[k])
    return (
        _Read(value * _length(words[k + 1]), _shown(words[k + 1]), k + 2) if value and words[k + 1] in _UNITS else None
    )


_RULES = (_named, _every, _per, _within, _interval, _hertz, _adverb)


def _length(unit: str) -> float:
    """One unit of time in the unit that x is given in."""
    return _TIMES[_UNITS[unit]][1] / _TIMES[_shown(unit)][1]


def _shown(unit: str) -> str:
    return _TIMES[_UNITS.get(unit, unit)][2]


def _value(word: str) -> float | None:
    return float(word) if re.fullmatch(c.NUMBER, word) and float(word) > 0 else None
