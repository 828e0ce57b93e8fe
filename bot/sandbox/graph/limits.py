"""How much Graph lets one application do: at once, and in ten minutes."""

from __future__ import annotations

import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager

from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant.record import Record
from bot.sandbox.tenant.refusal import GraphError

WINDOW_SECONDS = 600.0


class Limits:
    """Counts what is at work and what came; items of a batch count like requests. One thread uses it."""

    def __init__(self, settings: SandboxSettings, record: Record) -> None:
        self._settings = settings
        self._record = record
        self._at_work: Counter[str] = Counter()
        self._came: defaultdict[str, deque[float]] = defaultdict(deque)

    def count(self, mailbox: str) -> None:
        """One more request to a mailbox; those that are refused count too."""
        came, now = self._came[mailbox], time.monotonic()
        while came and now - came[0] > WINDOW_SECONDS:
            came.popleft()
        came.append(now)
        if len(came) > self._settings.requests_per_ten_minutes:
            wait = max(1, round(WINDOW_SECONDS - (now - came[0])))
            raise _throttled("Application is over its RequestCount limit for this mailbox.", wait)

    @contextmanager
    def at_work(self, mailbox: str) -> Iterator[None]:
        """Be at work, or be refused because too many are."""
        where = mailbox if self._settings.at_once_per == "mailbox" else ""
        if self._at_work[where] >= self._settings.at_once:
            raise _throttled("Application is over its MailboxConcurrency limit.", self._settings.retry_after)
        self._at_work[where] += 1
        self._record.saw_at_work(self._at_work.total())
        try:
            yield
        finally:
            self._at_work[where] -= 1


def _throttled(message: str, seconds: int) -> GraphError:
    return GraphError(429, "ApplicationThrottled", message, {"Retry-After": str(seconds)})
