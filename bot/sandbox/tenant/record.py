"""Every request that came, counted, so that a test can say "no call at all" and a benchmark can count."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

WRITES = frozenset({"POST", "PATCH", "PUT", "DELETE"})
READING_POSTS = ("/getschedule", "/$batch", "/token")
KEPT = 2000


@dataclass(frozen=True, slots=True)
class Call:
    """One request, or one item of a batch."""

    verb: str
    path: str
    mailbox: str | None
    status: int
    in_batch: bool
    at: str

    @property
    def is_write(self) -> bool:
        """Whether it changed something, or would have had it not been refused."""
        return self.verb in WRITES and not self.path.lower().endswith(READING_POSTS)


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
            self._writes = 0
            self._requests = 0
            self._most_at_work = 0

    def add(self, call: Call) -> None:
        """Count one call."""
        with self._lock:
            self._counts[call.mailbox or "", call.verb, call.status] += 1
            self._calls.append(call)
            self._writes += call.is_write
            self._requests += not call.in_batch

    def saw_at_work(self, how_many: int) -> None:
        """Remember the most requests ever at work at once."""
        with self._lock:
            self._most_at_work = max(self._most_at_work, how_many)

    @property
    def writes(self) -> int:
        """Creates, changes and removals, refused ones too; items of a batch one by one."""
        return self._writes

    @property
    def requests(self) -> int:
        """HTTP requests; a batch is one."""
        return self._requests

    def calls(self) -> list[Call]:
        """The last calls, oldest first."""
        with self._lock:
            return list(self._calls)

    def summary(self) -> Mapping[str, Any]:
        """Everything, ready to be shown as JSON."""
        with self._lock:
            return {
                "requests": self._requests,
                "writes": self._writes,
                "most_at_work": self._most_at_work,
                "counts": [
                    {"mailbox": mailbox or None, "verb": verb, "status": status, "count": count}
                    for (mailbox, verb, status), count in sorted(self._counts.items())
                ],
                "calls": [{**asdict(call), "write": call.is_write} for call in self._calls],
            }
