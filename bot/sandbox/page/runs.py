"""Setting the date forward and running the bot, one run at a time, while the page goes on answering.

The bot speaks to this very server, so it runs in a thread of its own; what it did is kept in words for
whoever looks next. The page never sees a traceback: it says what went wrong, and the log has the rest.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from bot.sandbox.page.api import RunNews
from bot.sandbox.tenant import Tenant

log = logging.getLogger(__name__)

KEPT = 20
Run = Callable[[date], RunNews]


class CannotRun(Exception):
    """The day asked for cannot be gone to; the message says why."""


class Runs:
    """The run under way, the last one that failed, and what the runs before did."""

    def __init__(self, tenant: Tenant, run: Run | None, told: Sequence[RunNews] = ()) -> None:
        self._tenant = tenant
        self._run = run
        self._guard = threading.Lock()
        self._going_to: date | None = None
        self._failed: dict[str, Any] | None = None
        self._told = told
        self._news: deque[RunNews] = deque(maxlen=KEPT)
        self._finished = 0

    @property
    def can_run(self) -> bool:
        """Whether this page was given a bot to run."""
        return self._run is not None

    @property
    def finished(self) -> int:
        """How many runs have ended, well or not: changes whenever there is something new to show."""
        return self._finished

    def start(self, to: date) -> None:
        """Go to that day (today again is allowed) and run the bot there; returns at once."""
        if self._run is None:
            raise CannotRun("This page has no bot to run.")
        with self._guard:
            today = self._tenant.clock.today()
            if self._going_to is not None:
                raise CannotRun("A run is under way. Wait until it has ended.")
            if to < today:
                raise CannotRun(
                    f"Time only goes forward here: today is {today:%d/%m/%Y}. Choose a later day."
                )
            if (to - today).days > 366:
                raise CannotRun("Choose a day within the next year.")
            self._going_to, self._failed = to, None
        threading.Thread(target=self._work, args=(self._run, to), name="page-run", daemon=True).start()

    def _work(self, run: Run, to: date) -> None:
        news: RunNews | None = None
        failed: dict[str, Any] | None = None
        try:
            self._tenant.clock.set_today(to)
            news = run(to)
        except Exception as error:
            log.exception("The run of %s, started from the page, ended in an error", to)
            failed = {"date": to.isoformat(), "error": _in_words(error)}
        with self._guard:
            if news is not None:
                self._news.append(news)
            self._going_to, self._failed = None, failed
            self._finished += 1

    def shown(self) -> dict[str, Any]:
        """What the page shows of runs, newest first."""
        with self._guard:
            news = [*self._told, *self._news][-KEPT:]
            going_to, failed = self._going_to, self._failed
        return {
            "goingTo": going_to.isoformat() if going_to else None,
            "failed": failed,
            "news": [one.shown(self._tenant) for one in reversed(news)],
        }


def _in_words(error: Exception) -> str:
    """The error's own words with the problems it carries; its kind alone where it says nothing."""
    words = [str(error) or f"The run ended with {type(error).__name__} and said nothing more."]
    words += [str(problem) for problem in getattr(error, "problems", ())]
    return "\n".join(words)
