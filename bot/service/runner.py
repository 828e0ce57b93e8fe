"""Does what the agenda says is due, one job at a time, for as long as it is asked to.

The clock only asks every minute; what is due is worked out from what was done. So a machine that slept
through Monday morning sends the list when it wakes, once, and a restart repeats nothing.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.agenda import DueRun
from bot.errors import BotError, place
from bot.service.health import Health
from bot.verdict import Held

log = structlog.get_logger("visit_bot.service")
RETRY = timedelta(minutes=10)


class Runner:
    """Asks what is due and has it done; a job that failed is tried again after ten minutes."""

    def __init__(
        self,
        due: Callable[[datetime], tuple[DueRun, ...]],
        perform: Callable[[DueRun, datetime], tuple[int, int]],
        health: Health,
        clock: Callable[[], datetime],
    ) -> None:
        self._due = due
        self._perform = perform
        self._health = health
        self._clock = clock
        self._not_before: dict[str, datetime] = {}

    def tick(self) -> None:
        """Do everything that is due now; nothing that goes wrong in one job stops the next."""
        now = self._clock()
        try:
            due = self._due(now)
        except BotError as error:
            self._health.failed("agenda", type(error).__name__)
            log.error("the agenda could not be read", error=type(error).__name__, retry="next minute")
            return
        for item in due:
            if self._not_before.get(item.job, now) <= now:
                self._do(item, now)

    def _do(self, item: DueRun, now: datetime) -> None:
        try:
            writes, mails = self._perform(item, now)
        except Held as error:  # its words name nobody, and whoever watches must know them
            self._later(item, now, " ".join(error.reasons))
        except BotError as error:
            self._later(item, now, type(error).__name__)
        except Exception as error:
            # The service outlives whatever one run met; the message may hold a child's data, the place not.
            self._later(item, now, f"{type(error).__name__}{place(error)}")
        else:
            self._not_before.pop(item.job, None)
            self._health.ended_well(item.job, self._clock(), writes=writes, mails=mails)
            log.info("run done", job=item.job, slot=item.slot, writes=writes, mails=mails)

    def _later(self, item: DueRun, now: datetime, kind: str) -> None:
        self._not_before[item.job] = now + RETRY
        self._health.failed(item.job, kind)
        again = (now + RETRY).isoformat(timespec="minutes")
        log.error("run failed", job=item.job, slot=item.slot, error=kind, again=again)


def serve_forever(runner: Runner) -> None:
    """Tick at once and then every minute until told to stop; a run under way is finished first."""
    scheduler = BackgroundScheduler(timezone="Europe/London")
    scheduler.add_job(
        runner.tick,
        IntervalTrigger(minutes=1),
        next_run_time=datetime.now(tz=scheduler.timezone),
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
    )
    stop = threading.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: stop.set())
    scheduler.start()
    while not stop.wait(1):  # a wait without an end would not see a signal on Windows
        pass
    scheduler.shutdown(wait=True)
