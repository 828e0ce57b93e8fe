"""One stand-in for all: whatever a run of the real bot writes, mails and logs over an invented caseload."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from witness.watching import watched  # noqa: F401 - every test here is heard

from bot.sandbox.server import Running, start
from privacy.council import PEOPLE


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with start(people=list(PEOPLE)) as one:
        yield one
