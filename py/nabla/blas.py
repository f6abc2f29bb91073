"""One thread for linear algebra on the command line, whose matrices are so small that several only wait for another.

A fit of twenty sinusoids takes 3 seconds of processor by one thread and 12 by several, in the same time.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

# While Python looks for what `-m` names, that stands in the place of the program.
if Path(sys.argv[0] if sys.argv else "").stem in ("-m", "nabla"):
    for _library in ("OPENBLAS", "MKL", "OMP"):
        os.environ.setdefault(f"{_library}_NUM_THREADS", "1")
