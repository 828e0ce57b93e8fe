"""The service does by itself what `run` does when asked, once a slot, and says how it is."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import structlog

from bot.agenda import WEEKDAYS, DueRun
from bot.errors import Temporary
from bot.service.health import Health
from bot.service.runner import Done, Runner, serve_forever

REPO = Path(__file__).resolve().parents[2]
AT_ONCE = """
[schedule]
diaries_at = "00:00"
worker_list_day = "{today}"
worker_list_at = "00:00"
manager_digest_day = "{today}"
manager_digest_at = "00:00"
[service]
port = 0
"""

JOBS = {"diaries", "worker_list", "manager_digest"}


class Service:
    """`serve` in a process of its own, its output read as it comes."""

    def __init__(self, config: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(REPO / "run_bot.py"), "serve", "--config", str(config)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            bufsize=1,
            env={"PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1", "HOME": str(config.parent)},
        )
        self.lines: list[str] = []
        for stream in (self.process.stdout, self.process.stderr):
            threading.Thread(target=lambda s=stream: self.lines.extend(s), daemon=True).start()

    def until(self, what: Callable[[], object], seconds: float = 60) -> object:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := what():
                return found
            assert self.process.poll() is None, "".join(self.lines)
            time.sleep(0.1)
        raise AssertionError("".join(self.lines))

    def health(self) -> tuple[int, dict[str, object]]:
        url = self.until(lambda: re.search(r"http://\S+/health", "".join(self.lines)))[0]
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)


@contextmanager
def service(config: Path) -> Iterator[Service]:
    one = Service(config)
    try:
        yield one
    finally:
        one.process.send_signal(signal.SIGTERM)
        try:
            one.process.wait(20)
        except subprocess.TimeoutExpired:
            one.process.kill()
            raise


def test_serve_fills_diaries_and_sends_this_weeks_lists_once_however_often_it_starts(
    council: Callable[..., object],
) -> None:
    today = datetime.now(ZoneInfo("Europe/London")).date()
    here = council(today, children=20)
    here.config.write_text(here.config.read_text() + AT_ONCE.format(today=WEEKDAYS[today.weekday()]))
    with service(here.config) as one:
        one.until(lambda: {job for line in one.lines for job in JOBS if f'"job": "{job}"' in line} >= JOBS)
        one.until(lambda: any('"mails sent"' in line for line in one.lines))
        status, body = one.health()
        assert (status, body["well"]) == (200, True)
    assert one.process.returncode == 0
    ended = [json.loads(line) for line in one.lines if '"stop' in line]
    assert [line["event"] for line in ended] == ["stopping", "stopped"]
    assert ended[0]["told"] == "SIGTERM"
    assert (ended[1]["mails_waiting"], ended[1]["mails_uncertain"]) == (0, 0)
    assert here.shown()
    mails = {row["email"]: len(here.mails(row["email"])) for row in here.table("workers")}
    assert sum(mails.values()) > 0
    with service(here.config) as again:
        status, body = again.health()
        assert status == 200
        time.sleep(3)
    assert {row["email"]: len(here.mails(row["email"])) for row in here.table("workers")} == mails
    log = [line for line in (*one.lines, *again.lines) if line.startswith("{")]
    assert log
    for line in log:
        for row in here.table("workers"):
            assert row["email"] not in line
            assert row["name"] not in line
        assert not any(f'"{row["child_id"]}"' in line for row in here.table("children"))


@pytest.mark.asks_nothing("refused before Microsoft is asked")
def test_a_health_port_that_is_taken_is_said_with_the_way_out(council: Callable[..., object]) -> None:
    import socket

    here = council(datetime(2026, 11, 23).date(), children=20)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        here.config.write_text(here.config.read_text() + f"[service]\nport = {port}\n")
        done = subprocess.run(
            [sys.executable, str(REPO / "run_bot.py"), "serve", "--config", str(here.config)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert f"Port {port}" in done.stderr
    assert "service.port" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_job_that_fails_is_tried_again_after_ten_minutes_and_stops_no_other() -> None:
    now = datetime(2026, 11, 23, 8, 0)
    clock = [now]
    tried: list[tuple[str, datetime]] = []
    done: set[str] = set()

    def due(_at: datetime) -> tuple[DueRun, ...]:
        return tuple(DueRun(job, "s", now) for job in ("diaries", "worker_list") if job not in done)

    def perform(item: DueRun, at: datetime) -> Done:
        tried.append((item.job, at))
        if item.job == "diaries" and at < now + timedelta(minutes=15):
            raise Temporary("Microsoft does not answer")
        done.add(item.job)
        return Done(1, 1)

    health = Health(started=now)
    runner = Runner(due, perform, health, lambda: clock[0])
    for minute in range(25):
        clock[0] = now + timedelta(minutes=minute)
        runner.tick()
    assert [at.minute for job, at in tried if job == "diaries"] == [0, 10, 20]
    assert [at.minute for job, at in tried if job == "worker_list"] == [0]
    assert health.reasons(clock[0], ("diaries",)) == []


def test_a_run_that_left_what_may_pass_is_repeated_after_ten_minutes_and_is_no_good_run_until_then() -> None:
    now = datetime(2026, 11, 23, 8, 0)
    clock = [now]
    tried: list[int] = []

    def due(_at: datetime) -> tuple[DueRun, ...]:
        return () if len(tried) == 3 else (DueRun("diaries", "s", now),)

    def perform(_item: DueRun, at: datetime) -> Done:
        tried.append(at.minute)
        return Done(5, 0, not_done=2, again=True) if len(tried) < 3 else Done(4, 0, not_done=1)

    health = Health(started=now)
    runner = Runner(due, perform, health, lambda: clock[0])
    for minute in range(20):
        clock[0] = now + timedelta(minutes=minute)
        runner.tick()
    assert tried == [0, 10]
    assert health.last_good == {}
    assert health.reasons(clock[0], ("diaries",)) == [], "it goes on by itself"
    assert health.registry.get_sample_value("visit_bot_diaries_not_done") == 2
    for minute in range(20, 40):
        clock[0] = now + timedelta(minutes=minute)
        runner.tick()
    assert tried == [0, 10, 20], "what somebody must mend is not asked for again today"
    assert health.last_good == {"diaries": now + timedelta(minutes=20)}
    assert health.registry.get_sample_value("visit_bot_diaries_not_done") == 1
    assert health.registry.get_sample_value("visit_bot_calendar_writes_total") == 14


@pytest.mark.parametrize("store", ["answers", "is gone"])
@pytest.mark.asks_nothing("a service without any job")
def test_a_service_that_is_told_to_stop_says_so_and_at_its_end_what_is_undone(store: str) -> None:
    def left() -> dict[str, object]:
        if store == "is gone":
            raise Temporary("The store cannot be used just now")
        return {"mails_waiting": 40, "jobs_owed": ["diaries"]}

    def due(_at: datetime) -> tuple[DueRun, ...]:
        signal.raise_signal(signal.SIGTERM)  # nobody tells it before it listens
        return ()

    runner = Runner(due, lambda *_: Done(), Health(started=datetime.now()), datetime.now)
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        with structlog.testing.capture_logs() as said:
            serve_forever(runner, left)
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
    told, ended = said[-2:]
    assert (told["event"], told["told"]) == ("stopping", "SIGTERM")
    assert ended["event"] == "stopped"
    assert ended.get("mails_waiting") == (40 if store == "answers" else None)
    assert ended.get("left") == (None if store == "answers" else "not known: Temporary")


def test_health_is_not_well_when_no_good_run_came_for_a_day_and_says_why() -> None:
    start = datetime(2026, 11, 23, 6, 0)
    health = Health(started=start)
    assert health.reasons(start + timedelta(hours=25), ("diaries",)) == []
    assert health.reasons(start + timedelta(hours=27), ("diaries",)) == [
        "diaries: no good run since 2026-11-23 06:00"
    ]
    health.failed("diaries", "Temporary")
    assert health.reasons(start, ("diaries",)) == ["diaries: Temporary"]
