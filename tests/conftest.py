"""Shared by every test: Hypothesis profiles, and at the end what was held against Graph's description."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings
from witness.counting import summary

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", parent=settings.get_profile("default"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How much of what passed between bot and stand-in was looked at."""
    for line in summary([one for one in terminalreporter.stats.get("", ()) if one.when == "teardown"]):
        terminalreporter.write_line(line)
