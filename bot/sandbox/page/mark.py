"""A word that changes whenever the page may have something new to show.

Every open page asks for it and looks again when it is another. What the bot writes is counted by the record
of requests; what people do on the page is no request of the bot's, so it is counted here.
"""

from __future__ import annotations

from itertools import count

from bot.sandbox.page.runs import Runs
from bot.sandbox.tenant import Tenant


class Mark:
    """What was written, run and done so far, as one word."""

    def __init__(self, tenant: Tenant, runs: Runs) -> None:
        self._tenant = tenant
        self._runs = runs
        self._acts = count(1)  # its next() is one step, so that two acts at once are never counted as one
        self._done = 0

    def touch(self) -> None:
        """Somebody did something on the page."""
        self._done = next(self._acts)

    def __str__(self) -> str:
        return f"{self._tenant.clock.today()}/{self._tenant.record.writes}/{self._runs.finished}/{self._done}"
