"""The series of real_series.json and measured_series.json, and the periods that are known of them beforehand."""

from __future__ import annotations

import json

from tests.truth.measured_series import STORED as MEASURED_SERIES
from tests.truth.real_series import STORED

SERIES = json.loads(STORED.read_text("utf-8"))
YEAR = (0.985, 1.015)
PERIODS = {
    "AirPassengers": YEAR,
    "nottem": YEAR,
    "co2": YEAR,
    "UKgas": YEAR,
    "USAccDeaths": YEAR,
    "UKDriverDeaths": YEAR,
    "lynx": (9.4, 10.0),
    "sunspot.year": (10.6, 11.4),
}
NO_CYCLE = (
    "LakeHuron Nile discoveries nhtemp airmiles uspop presidents BJsales WWWusage women wtloss trees pressure BOD cars "
    "Puromycin"
).split()

MEASURED = json.loads(MEASURED_SERIES.read_text("utf-8"))
DAY, SPOTS = (23.7, 24.3), (10.4, 11.4)
KNOWN = {
    **{name: YEAR for name in MEASURED if name.startswith(("deaths", "El Nino", "CO2", "Seattle by weeks"))},
    **{name: DAY for name in MEASURED if " by hours" in name},
    **{name: SPOTS for name in MEASURED if name.startswith("sunspots")},
    **{name: (12.5, 13.6) for name in MEASURED if name.endswith("Icecream")},
}
