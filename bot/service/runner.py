"""Does what the agenda says is due, one job at a time, for as long as it is asked to.

The clock only asks every minute; what is due is worked out from what was done. So a machine that slept
through Monday morning sends the list when it wakes, once, and a restart repeats nothing.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.agenda import DueRun, mail_again
from bot.errors import BotError, Temporary, place
from bot.service.health import Health
from bot.verdict import Held

log = structlog.get_logger("visit_bot.service")
RETRY = timedelta(minutes=10)
POST = "post"
POSTS_EVERY = 5  # seconds


@dataclass(frozen=True, slots=True)
class Done:
    """What a job came to. ``not_done``: diaries left undone, wholly or in part; null where it kept none.

    ``again``: some of that passes by itself, so that the job is still owed.
    """

    writes: int = 0
    mails: int = 0  # put in the outbox
    not_done: int | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What one turn at the outbox came to. ``stopped``: nothing goes just now, and it is tried again later;
    ``mend``: somebody must mend something before it does."""

    mails: int
    given_up: int = 0
    not_delivered: int = 0
    stopped: bool = False
    mend: str = ""
    forecast: str = ""


def _no_mails(_: datetime) -> Sent | None:
    return None


class Runner:
    """Asks what is due and has it done; what failed, or left something that may pass, is tried again after
    ten minutes. Between jobs it sends what waits in the outbox."""

    def __init__(
        self,
        due: Callable[[datetime], tuple[DueRun, ...]],
        perform: Callable[[DueRun, datetime], Done],
        health: Health,
        clock: Callable[[], datetime],
        post: Callable[[datetime], Sent | None] = _no_mails,
    ) -> None:
        self._due = due
        self._perform = perform
        self._post = post
        self._health = health
        self._clock = clock
        self._not_before: dict[str, datetime] = {}
        self._posts_in_vain = 0
        self._turn = threading.Lock()  # one thing at a time: each takes the store's fence

    @property
    def is_at_work(self) -> bool:
        """Whether a job is being done, or mails are being sent."""
        return self._turn.locked()

    def post(self) -> None:
        """Send what may go now; while a job is done, that is left to the next time."""
        if not self._turn.acquire(blocking=False):
            return
        try:
            now = self._clock()
            if self._not_before.get(POST, now) <= now:
                self._send(now)
        finally:
            self._turn.release()

    def _send(self, now: datetime) -> None:
        try:
            sent = self._post(now)
        except Temporary:
            sent = Sent(0, stopped=True)
        except BotError as error:
            sent = Sent(0, stopped=True, mend=type(error).__name__)
        except Exception as error:  # the message may hold a child's data, the place not
            sent = Sent(0, stopped=True, mend=f"{type(error).__name__}{place(error)}")
        if sent is None:
            return
        self._health.mailed(sent.mails, sent.given_up, sent.not_delivered)
        if sent.mend and not sent.stopped:  # others go on in its place
            log.error("a sender is refused", error=sent.mend)
        if not sent.stopped:
            self._posts_in_vain = 0
            self._not_before.pop(POST, None)
            self._health.ended_well(POST, self._clock())
            if sent.mails:
                forecast = {"forecast": sent.forecast} if sent.forecast else {}
                log.info("mails sent", sent=sent.mails, **forecast)
            return
        pause = mail_again(self._posts_in_vain)
        self._posts_in_vain += 1
        self._not_before[POST] = now + pause
        again = (now + pause).isoformat(timespec="minutes")
        if sent.mend:
            self._health.failed(POST, f"mails wait: {sent.mend}")
            log.error("mails wait", sent=sent.mails, error=sent.mend, again=again)
        else:
            self._health.left_some(POST)
            log.warning("mails wait", sent=sent.mails, again=again)

    def tick(self) -> None:
        """Do everything that is due now; nothing that goes wrong in one job stops the next."""
        with self._turn:
            self._tick()
        self.post()

    def _tick(self) -> None:
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
            done = self._perform(item, now)
        except Held as error:  # its words name nobody, and whoever watches must know them
            self._later(item, now, " ".join(error.reasons))
        except BotError as error:
            self._later(item, now, type(error).__name__)
        except Exception as error:
            # The service outlives whatever one run met; the message may hold a child's data, the place not.
            self._later(item, now, f"{type(error).__name__}{place(error)}")
        else:
            self._health.did(done.writes, done.not_done)
            counts = {"writes": done.writes, "mails": done.mails, "not_done": done.not_done or 0}
            if done.again:
                self._health.left_some(item.job)
                again = self._in_ten_minutes(item, now)
                log.warning("run left some", job=item.job, slot=item.slot, again=again, **counts)
                return
            self._not_before.pop(item.job, None)
            self._health.ended_well(item.job, self._clock())
            log.info("run done", job=item.job, slot=item.slot, **counts)

    def _later(self, item: DueRun, now: datetime, kind: str) -> None:
        self._health.failed(item.job, kind)
        again = self._in_ten_minutes(item, now)
        log.error("run failed", job=item.job, slot=item.slot, error=kind, again=again)

    def _in_ten_minutes(self, item: DueRun, now: datetime) -> str:
        self._not_before[item.job] = now + RETRY
        return (now + RETRY).isoformat(timespec="minutes")


def serve_forever(runner: Runner, left: Callable[[], Mapping[str, object]] = dict) -> None:
    """Tick at once and then every minute until told to stop; a run under way is finished first.

    ``left``: what is undone at the end, for the log.
    """
    scheduler = BackgroundScheduler(timezone="Europe/London")
    scheduler.add_job(
        runner.tick,
        IntervalTrigger(minutes=1),
        next_run_time=datetime.now(tz=scheduler.timezone),
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
    )
    scheduler.add_job(
        runner.post,
        IntervalTrigger(seconds=POSTS_EVERY),
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
    )
    stop = threading.Event()
    told: list[str] = []

    def heard(number: int, _frame: object) -> None:
        told.append(signal.Signals(number).name)
        stop.set()

    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, heard)
    scheduler.start()
    while not stop.wait(1):  # a wait without an end would not see a signal on Windows
        pass
    log.info("stopping", told=told[0], at_work=runner.is_at_work)
    scheduler.shutdown(wait=True)
    try:
        undone = left()
    except BotError as error:  # the store is gone, say: that the service has ended is said all the same
        undone = {"left": f"not known: {type(error).__name__}"}
    log.info("stopped", **undone)
