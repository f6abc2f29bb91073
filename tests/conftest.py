"""What all Python tests share: hypothesis tries the same examples in every run; benches look for others."""

from __future__ import annotations

from pathlib import Path

from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

set_hypothesis_home_dir(Path(__file__).parent.parent / ".cache" / "hypothesis")
settings.register_profile("nabla", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("nabla")
