"""Shared by every test: Hypothesis profiles, and at the end what was held against Graph's description."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, settings
from witness.counting import summary

# The suite's processes share the machine already, and its tables are small: more threads cost a quarter
# more. What a test starts as a process of its own has as many threads as at a council.
if "POLARS_MAX_THREADS" not in os.environ:
    os.environ["POLARS_MAX_THREADS"] = "1"
    import_module("polars")  # which reads it, once
    del os.environ["POLARS_MAX_THREADS"]

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", parent=settings.get_profile("default"), max_examples=1000)
# What lands is judged by the same examples each time; new ones are looked for on every other machine.
settings.register_profile("ci", parent=settings.get_profile("default"), derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "default"))


@pytest.fixture(autouse=True)
def logging_as_it_comes() -> Iterator[None]:
    """No test hears less than it listens for, because a command before it was told to be quiet."""
    yield
    structlog.reset_defaults()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How much of what passed between bot and stand-in was looked at."""
    for line in summary([one for one in terminalreporter.stats.get("", ()) if one.when == "teardown"]):
        terminalreporter.write_line(line)
