"""Setting the date forward and running the bot, one run at a time, while the page goes on answering.

A bot runs every morning whether anyone looks or not. So going forward day by day runs it on each weekday
between, as a month would have gone; going straight there runs it once, as after a service that stood still.
The bot speaks to this very server, so it runs in a thread of its own. The page never sees a traceback: it
says what went wrong, and the server's own log has the rest.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, get_args

from bot.sandbox.page.news import RunLog, RunNews
from bot.sandbox.tenant import Tenant

log = logging.getLogger(__name__)

FURTHEST = 366  # days
Run = Callable[[date], RunNews]
How = Literal["straight", "each_day"]
HOWS: tuple[How, ...] = get_args(How)


class CannotRun(Exception):
    """The day asked for cannot be gone to; the message says why."""


@dataclass(slots=True)
class _Journey:
    """The runs that were asked for together."""

    days: tuple[date, ...]
    done: int = 0
    stopping: bool = False

    def shown(self) -> dict[str, Any]:
        return {
            "goingTo": self.days[-1].isoformat(),
            "day": self.days[min(self.done, len(self.days) - 1)].isoformat(),
            "done": self.done,
            "of": len(self.days),
            "stopping": self.stopping,
        }


class Runs:
    """The runs under way, the last one that failed, and the log of those before."""

    def __init__(self, tenant: Tenant, run: Run | None, kept: RunLog) -> None:
        self._tenant = tenant
        self._run = run
        self._kept = kept
        self._guard = threading.Lock()
        self._journey: _Journey | None = None
        self._failed: dict[str, Any] | None = None
        self._finished = 0

    @property
    def can_run(self) -> bool:
        """Whether this page was given a bot to run."""
        return self._run is not None

    @property
    def finished(self) -> int:
        """How many runs have ended, well or not: changes whenever there is something new to show."""
        return self._finished

    def start(self, to: date, how: How = "straight") -> dict[str, Any]:
        """Go to that day (today again is allowed) and run the bot; returns at once, with what lies ahead."""
        if self._run is None:
            raise CannotRun("This page has no bot to run.")
        with self._guard:
            today = self._tenant.clock.today()
            if self._journey is not None:
                raise CannotRun("A run is under way. Wait until it has ended.")
            if to < today:
                raise CannotRun(
                    f"Time only goes forward here: today is {today:%d/%m/%Y}. Choose a later day."
                )
            if (to - today).days > FURTHEST:
                raise CannotRun("Choose a day within the next year.")
            journey = self._journey = _Journey(days_between(today, to) if how == "each_day" else (to,))
            self._failed = None
            ahead = journey.shown()
        threading.Thread(target=self._work, args=(self._run, journey), name="page-run", daemon=True).start()
        return ahead

    def stop(self) -> None:
        """Go no further than the run under way."""
        with self._guard:
            if self._journey is not None:
                self._journey.stopping = True

    def _work(self, run: Run, journey: _Journey) -> None:
        failed: dict[str, Any] | None = None
        for day in journey.days:
            try:
                self._tenant.clock.set_today(day)
                self._kept.add(run(day))
            except Exception as error:
                log.exception("The run of %s, started from the page, ended in an error", day)
                failed = {"date": day.isoformat(), "error": _in_words(error)}
            with self._guard:
                self._finished += 1
                journey.done += 1
                if failed or journey.stopping:
                    break
        with self._guard:
            self._journey, self._failed = None, failed

    def progress(self) -> dict[str, Any]:
        """How far the runs under way have come; `goingTo` is null where there is none."""
        with self._guard:
            return (self._journey.shown() if self._journey else {"goingTo": None}) | {"failed": self._failed}

    def shown(self) -> dict[str, Any]:
        """What the page shows of runs, newest first."""
        return self.progress() | {"news": self._kept.shown(self._tenant)}


def days_between(today: date, to: date) -> tuple[date, ...]:
    """The weekdays after today up to that day, and the day itself whatever it is."""
    days = (today + timedelta(days=ahead) for ahead in range(1, (to - today).days))
    return (*(day for day in days if day.weekday() < 5), to)


def _in_words(error: Exception) -> str:
    """The error's own words with the problems it carries; its kind alone where it says nothing."""
    words = [str(error) or f"The run ended with {type(error).__name__} and said nothing more."]
    words += [str(problem) for problem in getattr(error, "problems", ())]
    return "\n".join(words)
