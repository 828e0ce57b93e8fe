"""Every request that came, counted, so that a test can say "no call at all" and a benchmark can count.

Counts are kept of everything; the calls themselves of the last few thousand, so that a load of millions can
be recorded too. What people do at the page never comes here: the record is of Graph's clients alone.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

WRITES = frozenset({"POST", "PATCH", "PUT", "DELETE"})
READING_POSTS = ("/getschedule", "/$batch", "/token")
KEPT = 5000
MINUTES_KEPT = 10_000
# How long requests took is counted between these (ms): enough to tell a median, and it never grows.
_EDGES = tuple(round(0.05 * 1.25**step, 3) for step in range(64))


@dataclass(frozen=True, slots=True)
class Call:
    """One request, or one item of a batch. `at` is a moment of the tenant's clock."""

    verb: str
    path: str
    mailbox: str | None
    status: int  # 0: the answer was lost
    in_batch: bool
    at: str
    ms: float = 0.0
    number: int = 0  # the how many-eth since the record was reset

    @property
    def is_write(self) -> bool:
        """Whether it changed something, or would have had it not been refused."""
        return self.verb in WRITES and not self.path.lower().endswith(READING_POSTS)


@dataclass(frozen=True, slots=True)
class Sought:
    """Which calls are asked for; what is not said fits any."""

    mailbox: str | None = None
    verb: str | None = None
    status: int | None = None
    since: int | datetime | None = None  # the number of the last call known, or a moment (aware)

    def counts(self, mailbox: str, verb: str, status: int) -> bool:
        """Whether such calls are asked for, whenever they came."""
        return (
            (self.mailbox is None or self.mailbox.casefold() == mailbox)
            and (self.verb is None or self.verb.upper() == verb)
            and (self.status is None or self.status == status)
        )

    def fits(self, call: Call) -> bool:
        """Whether this call is asked for."""
        return self.counts(call.mailbox or "", call.verb, call.status) and self._late_enough(call)

    def _late_enough(self, call: Call) -> bool:
        if self.since is None:
            return True
        if isinstance(self.since, int):
            return call.number > self.since
        return datetime.fromisoformat(call.at) >= self.since


class Record:
    """Counts by mailbox, verb and status, and the last calls themselves."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Forget everything, so that what follows can be counted from nothing."""
        with self._lock:
            self._counts: Counter[tuple[str, str, int]] = Counter()
            self._calls: deque[Call] = deque(maxlen=KEPT)
            self._by_minute: Counter[str] = Counter()
            self._batch_sizes: Counter[int] = Counter()
            self._took = [0] * (len(_EDGES) + 1)
            self._ms = self._longest = 0.0
            self._number = self._writes = self._requests = self._most_at_work = 0
            self._throttled = self._early = self._received = self._sent = 0

    def add(self, call: Call) -> None:
        """Count one call."""
        with self._lock:
            self._number += 1
            self._counts[call.mailbox or "", call.verb, call.status] += 1
            self._calls.append(
                Call(
                    call.verb,
                    call.path,
                    call.mailbox,
                    call.status,
                    call.in_batch,
                    call.at,
                    round(call.ms, 3),
                    self._number,
                )
            )
            self._writes += call.is_write
            self._requests += not call.in_batch
            self._throttled += call.status == 429
            self._took[bisect_left(_EDGES, call.ms)] += 1
            self._ms += call.ms
            self._longest = max(self._longest, call.ms)
            self._by_minute[call.at[:16]] += 1
            if len(self._by_minute) > MINUTES_KEPT:
                del self._by_minute[next(iter(self._by_minute))]

    def saw_at_work(self, how_many: int) -> None:
        """Remember the most requests ever at work at once."""
        with self._lock:
            self._most_at_work = max(self._most_at_work, how_many)

    def saw_batch(self, size: int) -> None:
        """Count a batch by how many items it held."""
        with self._lock:
            self._batch_sizes[size] += 1

    def saw_early(self) -> None:
        """Count a client that came again before the time it was told."""
        with self._lock:
            self._early += 1

    def carried(self, *, received: int, sent: int) -> None:
        """Count the bytes of bodies, of a request and of its answer."""
        with self._lock:
            self._received += received
            self._sent += sent

    @property
    def writes(self) -> int:
        """Creates, changes and removals, refused ones too; items of a batch one by one."""
        return self._writes

    @property
    def requests(self) -> int:
        """HTTP requests; a batch is one."""
        return self._requests

    def calls(self, sought: Sought | None = None) -> list[Call]:
        """The last calls, oldest first."""
        with self._lock:
            return [call for call in self._calls if sought is None or sought.fits(call)]

    def summary(self, sought: Sought | None = None) -> dict[str, Any]:
        """What was asked for, ready to be shown as JSON; figures that cannot be told apart are of everything.

        `complete` is false where calls of the time asked for are no longer kept one by one.
        """
        sought = sought or Sought()
        with self._lock:
            calls = [call for call in self._calls if sought.fits(call)]
            complete = self._number == len(self._calls) or self._reaches(sought)
            counts = Counter(dict(self._counted(sought, calls)))
            timed = sought.since is not None
            return {
                "requests": self._requests,
                "answered": self._number,
                "last": self._number,
                "writes": sum(call.is_write for call in calls) if timed else self._writes_of(sought, calls),
                "throttled": sum(n for (*_, status), n in counts.items() if status == 429),
                "came_too_early": self._early,
                "most_at_work": self._most_at_work,
                "bytes": {"received": self._received, "sent": self._sent},
                "ms": self._time_taken(),
                "batch_sizes": {str(size): n for size, n in sorted(self._batch_sizes.items())},
                "by_minute": dict(self._by_minute),
                "counts": [
                    {"mailbox": mailbox or None, "verb": verb, "status": status, "count": count}
                    for (mailbox, verb, status), count in sorted(counts.items())
                ],
                "complete": complete,
                "calls": [{**asdict(call), "write": call.is_write} for call in calls],
            }

    def _counted(self, sought: Sought, calls: list[Call]) -> Iterator[tuple[tuple[str, str, int], int]]:
        if sought.since is not None:
            yield from Counter((call.mailbox or "", call.verb, call.status) for call in calls).items()
            return
        for key, count in self._counts.items():
            if sought.counts(*key):
                yield key, count

    def _writes_of(self, sought: Sought, calls: list[Call]) -> int:
        return self._writes if sought == Sought() else sum(call.is_write for call in calls)

    def _reaches(self, sought: Sought) -> bool:
        """Whether every call of the time asked for is still kept."""
        first = self._calls[0]
        if isinstance(sought.since, int):
            return first.number <= sought.since + 1
        return sought.since is not None and datetime.fromisoformat(first.at) < sought.since

    def _time_taken(self) -> dict[str, float]:
        return {
            "total": round(self._ms, 3),
            "most": round(self._longest, 3),
            "median": self._share_under(0.5),
            "p95": self._share_under(0.95),
        }

    def _share_under(self, share: float) -> float:
        """A time that this share of the calls did not exceed, to within a quarter."""
        passed, wanted = 0, share * self._number
        for edge, count in zip(_EDGES, self._took, strict=False):
            passed += count
            if count and passed >= wanted:
                return min(edge, round(self._longest, 3))
        return round(self._longest, 3)
