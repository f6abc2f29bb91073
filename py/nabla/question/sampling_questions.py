"""Questions on sampling that have no data: an alias, the rate that a signal needs, what a record resolves."""

from __future__ import annotations

import re

from nabla.question.filled import Filled
from nabla.question.roles import RoleReading

LONGEST = 600  # letters
SHORT = 100  # letters, within which a question needs no mark
_SCALES = {"mhz": 1e6, "khz": 1e3, "hz": 1.0}
_HERTZ = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s?(?:-\s?)?([kM]?Hz)\b", re.IGNORECASE)
_PER_SECOND = re.compile(
    r"(?<![\w.])(\d+(?:[.,]\d+)?)\s?([kM]?)(?:S/s|SPS\b|\s?(?:samples?|readings|frames|points)\s?(?:per|a|/|each)\s?s(?:ec(?:ond)?)?\b)",
    re.IGNORECASE,
)
_EVERY = re.compile(r"\bevery (\d+(?:\.\d+)?)\s?(ms|µs|us|s)\b", re.IGNORECASE)
_SAMPLED = re.compile(
    r"\b(?:sampl\w+|digiti[sz]\w+|ADC|DAQ)\b[^.?!]{0,40}?\b(?:at|with|of|is|rate)\b[^.?!\d]{0,20}\Z",
    re.I,
)
_SAMPLES = re.compile(
    r"(?<![\w.])(\d+)[- ]?(?:samples?|points?|point FFT|bins?)\b(?!\s?(?:per|a|/|each)\s?s)", re.IGNORECASE
)
_LENGTH = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s?(?:s|sec|seconds?)\b(?!\s?(?:per|a\b|/))")
_SIZE = re.compile(
    r"\b(?:N|n_?fft|NFFT)\s*=\s*(\d+)\b|\bFFT (?:of |with )?(?:size|length) (?:of )?(\d+)", re.IGNORECASE
)
_BIN = re.compile(
    r"\b(?:bin|index)(?:\s+(?:number|no\.?|index|k))?\s*[#=]?\s*(\d+)\b(?![.\d]*\s?[kM]?Hz)|\bk\s*=\s*(\d+)\b",
    re.IGNORECASE,
)
_HARMONICS = re.compile(r"\bfirst (\w+) (harmonics|overtones)\b|\b(\d+)(?:th|rd|nd) harmonic\b", re.IGNORECASE)
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_ALIAS = re.compile(
    r"\b(?:alias\w*|appears?|see|shows?|show up|observed?|look like|sounds? like|enough|sufficient|fold\w*|"
    r"what frequency)\b",
    re.IGNORECASE,
)
_NEEDED = re.compile(
    r"\b(?:sampl\w+ (?:rate|frequency)|nyquist (?:rate|frequency)|how (?:fast|often))\b", re.IGNORECASE
)
_HIGHEST = re.compile(r"\b(?:highest|maximum|max|largest|up to what) frequency\b|\bnyquist frequency\b", re.IGNORECASE)
_RESOLUTION = re.compile(r"\b(?:frequency )?resolution\b|\bbin (?:width|spacing)\b", re.IGNORECASE)
_APART = re.compile(r"\b(?:separate|distinguish|resolve|tell apart|tell\b[^?!]{0,40}\bapart)\b", re.IGNORECASE)


def sampling_in(reading: RoleReading) -> Filled | None:
    """The question on sampling that a text asks, as the lab takes it; None where it has data or asks another thing."""
    text = reading.text
    if reading.data or reading.programs or len(text) > LONGEST:
        return None
    rate, used = _rate_in(text)
    frequencies = [float(m[1]) * _SCALES[m[2].lower()] for m in _HERTZ.finditer(text) if m.span() != used]
    asked = _asked(text, rate, frequencies)
    return Filled({"sampling": asked}, ((0, len(text)),)) if asked else None


def _asked(text: str, rate: float, frequencies: list[float]) -> str:
    if asked := _of_bins(text, rate, frequencies):
        return asked
    if "?" not in text and len(text) > SHORT:
        return ""  # a report
    if re.search(r"\bnyquist frequency\b", text, re.IGNORECASE) and not rate and len(frequencies) == 1:
        return f"highest {frequencies[0]:.15g}"
    if _RESOLUTION.search(text) and (length := _LENGTH.search(text)) and (rate or len(frequencies) == 1):
        rate = rate or frequencies[0]
        return f"resolution {rate:.15g} {rate * float(length[1]):.15g}"
    if _RESOLUTION.search(text) and rate and (samples := _SAMPLES.search(text)):
        return f"resolution {rate:.15g} {samples[1]}"
    if _APART.search(text) and len(frequencies) == 2:
        return f"apart {frequencies[0]:.15g} {frequencies[1]:.15g}"
    above = [f for f in frequencies if f > rate / 2]
    if rate and len(above) == 1:
        frequencies = above  # a 7 kHz tone sounds like 1 kHz
    if rate and len(frequencies) == 1 and _ALIAS.search(text):
        return f"alias {frequencies[0]:.15g} {rate:.15g}"
    if rate and not frequencies and _HIGHEST.search(text):
        return f"highest {rate:.15g}"
    if not rate and frequencies and _NEEDED.search(text):
        return f"rate {max(frequencies) * _multiple(text):.15g}"
    return ""


def _of_bins(text: str, rate: float, frequencies: list[float]) -> str:
    """Which frequency a bin of a transform has, or which bin a frequency falls in."""
    size = _SAMPLES.search(text) or _SIZE.search(text)
    if not size or not re.search(r"\bbins?\b|\bindex\b", text, re.IGNORECASE):
        return ""
    rate, others = (rate, frequencies) if rate else (frequencies[0] if frequencies else 0.0, frequencies[1:])
    if rate and (place := _BIN.search(text)):
        return f"bin {place[1] or place[2]} {rate:.15g} {size[1]}"
    return f"place {others[0]:.15g} {rate:.15g} {size[1]}" if rate and len(others) == 1 else ""


def _multiple(text: str) -> int:
    """Which harmonic is the highest that is wanted; overtones count from the second on."""
    found = _HARMONICS.search(text)
    if found is None:
        return 1
    word = (found[1] or found[3]).lower()
    count = _COUNTS.get(word, int(word) if word.isdigit() else 1)
    over = found[2] and (
        found[2].lower() == "overtones" or re.search(r"\b(?:and|with|plus) its first", text, re.IGNORECASE)
    )
    return count + 1 if over else count


def _rate_in(text: str) -> tuple[float, tuple[int, int]]:
    """The sampling rate that a text gives, in hertz, and where; 0 where it gives none."""
    if told := _PER_SECOND.search(text):
        return float(told[1].replace(",", "")) * {"k": 1e3, "m": 1e6}.get(told[2].lower(), 1.0), told.span()
    if told := _EVERY.search(text):
        return 1 / (float(told[1]) * {"ms": 1e-3, "s": 1.0}.get(told[2].lower(), 1e-6)), told.span()
    if told := re.search(r"\bfs\s*=\s*(\d+(?:\.\d+)?)\s?(k?)(?:Hz)?", text, re.IGNORECASE):
        return float(told[1]) * (1e3 if told[2] else 1.0), told.span()
    for told in _HERTZ.finditer(text):
        behind = re.match(r"\s*(?:sampling|sample rate|samples?\b|ADC)", text[told.end() :], re.IGNORECASE)
        if _SAMPLED.search(text[: told.start()]) or behind:
            return float(told[1]) * _SCALES[told[2].lower()], told.span()
    return 0.0, (0, 0)
