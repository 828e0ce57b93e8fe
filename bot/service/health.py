"""The health endpoint, so that a council's own monitoring knows before a worker does that no run has come.

`/health` answers 200 while the last run of each job is recent and good, 503 otherwise, with the reasons.
`/metrics` is for Prometheus. Neither names a person.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import uvicorn
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.errors import Permanent

LONG_IN_VAIN = timedelta(hours=4)  # a mail that was tried so long is somebody's to look at
LATE = timedelta(hours=26)  # a daily run and two hours' grace


@dataclass
class Health:
    """What the service knows of itself; written by the runner, read by the endpoint."""

    started: datetime
    last_good: dict[str, datetime] = field(default_factory=dict)
    last_error: dict[str, str] = field(default_factory=dict)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    lock: threading.Lock = field(default_factory=threading.Lock)
    in_vain_since: datetime | None = None  # when the oldest mail that was tried in vain was made

    def __post_init__(self) -> None:
        self.runs = Counter(
            "visit_bot_runs", "Runs by job and how they ended.", ["job", "end"], registry=self.registry
        )
        self.writes = Counter(
            "visit_bot_calendar_writes", "Calendar entries written.", registry=self.registry
        )
        self.mails = Counter("visit_bot_mails", "Mails sent.", registry=self.registry)
        self.given_up = Counter(
            "visit_bot_mails_given_up",
            "Mails that will not be sent, whatever happens.",
            registry=self.registry,
        )
        self.not_delivered = Counter(
            "visit_bot_mails_not_delivered",
            "Mails that reach nobody at their address.",
            registry=self.registry,
        )
        self.waiting = Gauge("visit_bot_mails_waiting", "Mails in the outbox.", registry=self.registry)
        self.uncertain = Gauge(
            "visit_bot_mails_uncertain",
            "Mails of which it is not known whether they went; looked for before they are sent.",
            registry=self.registry,
        )
        self.not_done = Gauge(
            "visit_bot_diaries_not_done",
            "Diaries that the last run could not do, wholly or in part.",
            registry=self.registry,
        )
        self.good = Gauge(
            "visit_bot_last_good_run_timestamp_seconds",
            "When a job last ended well.",
            ["job"],
            registry=self.registry,
        )

    def did(self, writes: int, not_done: int | None) -> None:
        """What a run did, and how many diaries it could not do; null where it kept none."""
        self.writes.inc(writes)
        if not_done is not None:
            self.not_done.set(not_done)

    def mailed(self, sent: int, given_up: int, not_delivered: int) -> None:
        """What a turn at the outbox came to."""
        self.mails.inc(sent)
        self.given_up.inc(given_up)
        self.not_delivered.inc(not_delivered)

    def outbox_stands(self, waiting: int, uncertain: int, in_vain_since: datetime | None) -> None:
        """How many mails there are still to send, and since when the oldest was tried in vain."""
        self.waiting.set(waiting)
        self.uncertain.set(uncertain)
        with self.lock:
            self.in_vain_since = in_vain_since

    def left_some(self, job: str) -> None:
        """A run ended and will be repeated: neither good nor failed."""
        with self.lock:
            self.last_error.pop(job, None)
        self.runs.labels(job, "left some").inc()

    def ended_well(self, job: str, at: datetime) -> None:
        """A run was done."""
        with self.lock:
            self.last_good[job] = at
            self.last_error.pop(job, None)
        self.runs.labels(job, "done").inc()
        self.good.labels(job).set(at.timestamp())

    def failed(self, job: str, why: str) -> None:
        """A run ended in an error; ``why`` names no person."""
        with self.lock:
            self.last_error[job] = why
        self.runs.labels(job, "failed").inc()

    def reasons(self, now: datetime, jobs: tuple[str, ...]) -> list[str]:
        """Why all is not well; empty where it is."""
        with self.lock:
            found = [f"{job}: {why}" for job, why in sorted(self.last_error.items())]
            since = self.in_vain_since
            if since is not None and now - since > LONG_IN_VAIN:
                found.append(f"post: a mail made at {since:%Y-%m-%d %H:%M} could not be sent yet")
            for job in jobs:
                since = self.last_good.get(job, self.started)
                if now - since > LATE:
                    found.append(f"{job}: no good run since {since:%Y-%m-%d %H:%M}")
        return found


def start(health: Health, host: str, port: int, now: Callable[[], datetime], jobs: tuple[str, ...]) -> int:
    """Serve the endpoint in a thread of its own and give its port; raises Permanent where that is taken."""

    async def health_page(_request: Request) -> Response:
        reasons = health.reasons(now(), jobs)
        with health.lock:
            last = {job: at.isoformat(timespec="seconds") for job, at in sorted(health.last_good.items())}
        body = {"well": not reasons, "reasons": reasons, "last_good": last}
        return JSONResponse(body, status_code=503 if reasons else 200)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(health.registry), media_type="text/plain; version=0.0.4")

    app = Starlette(routes=[Route("/health", health_page), Route("/metrics", metrics)])
    config = uvicorn.Config(app, host=host, port=port, log_level="error", access_log=False)
    server = uvicorn.Server(config)
    try:
        bound = config.bind_socket()
    except (OSError, SystemExit):
        raise Permanent(
            f"Port {port} on {host} is in use, so the health endpoint cannot start. "
            "Stop what holds it, or set service.port to another (0 takes any free one)."
        ) from None
    bound.listen()  # whoever asks before the thread is up waits a moment, and is not refused
    threading.Thread(target=server.run, kwargs={"sockets": [bound]}, name="health", daemon=True).start()
    return int(bound.getsockname()[1])
