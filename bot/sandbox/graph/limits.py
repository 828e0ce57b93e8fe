"""How much Graph lets one application do: at once, in ten minutes, and how much it may send."""

from __future__ import annotations

import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil

from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant.record import Record
from bot.sandbox.tenant.refusal import GraphError

REQUESTS_SECONDS = 600.0
UPLOAD_SECONDS = 300.0


@dataclass(slots=True)
class _Sent:
    """What one mailbox was sent lately: when, and how many bytes."""

    when: deque[tuple[float, int]] = field(default_factory=deque)
    total: int = 0


class Limits:
    """Counts what is at work and what came; items of a batch count like requests. One thread uses it.

    What concerns no mailbox (the directory, a drive) is at work like anything else, but Outlook's limits of
    so much in so many minutes are each mailbox's own.
    """

    def __init__(
        self, settings: SandboxSettings, record: Record, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._record = record
        self._clock = clock
        self._at_work: Counter[str] = Counter()
        # Only the last so many tell whether one more may come, and when.
        self._came: defaultdict[str, deque[float]] = defaultdict(
            lambda: deque(maxlen=settings.requests_per_ten_minutes)
        )
        self._sent: defaultdict[str, _Sent] = defaultdict(_Sent)

    def count(self, mailbox: str | None, size: int = 0) -> None:
        """One more request to a mailbox with a body so long; those that are refused count too."""
        if mailbox is None:
            return
        came, now = self._came[mailbox], self._clock()
        over = len(came) == came.maxlen and now - came[0] < REQUESTS_SECONDS
        came.append(now)
        too_much = self._upload(mailbox, size, now) if size else 0.0
        if over:
            wait = came[0] + REQUESTS_SECONDS - now
            raise _throttled("Application is over its RequestCount limit.", wait)
        if too_much:
            raise _throttled("Application is over its IncomingBytes limit.", too_much)

    def _upload(self, mailbox: str, size: int, now: float) -> float:
        """Take so much in; gives back how long to wait where it is too much."""
        sent, most = self._sent[mailbox], self._settings.upload_mb_per_five_minutes * 1_000_000
        sent.when.append((now, size))
        sent.total += size
        while now - sent.when[0][0] >= UPLOAD_SECONDS:
            sent.total -= sent.when.popleft()[1]
        left = sent.total
        if left <= most:
            return 0.0
        for at, length in sent.when:
            left -= length
            if left + size <= most:
                return at + UPLOAD_SECONDS - now
        return UPLOAD_SECONDS  # larger than any five minutes may hold

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
            if not self._at_work[where]:
                del self._at_work[where]


def _throttled(message: str, seconds: float) -> GraphError:
    return GraphError(429, "ApplicationThrottled", message, {"Retry-After": str(max(1, ceil(seconds)))})
