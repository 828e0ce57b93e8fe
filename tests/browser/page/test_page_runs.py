"""Going forward: which days have a run, where it stops, and what the log keeps."""

from __future__ import annotations

import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pagekit.council import TODAY, make_council

from bot.sandbox.page.news import KEPT, NewsLine, RunLog, RunNews
from bot.sandbox.page.runs import CannotRun, Runs, days_between
from bot.sandbox.tenant import Tenant


def news(day: date) -> RunNews:
    return RunNews(day, (NewsLine("a@x.example", "Put in “…”", "B.1", "put", entry="id"),), mails=1, writes=2)


def until_idle(runs: Runs) -> None:
    deadline = time.monotonic() + 10
    while runs.progress()["goingTo"] and time.monotonic() < deadline:
        time.sleep(0.005)


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(0, 400))
def test_day_by_day_every_weekday_between_and_the_day_itself_has_one_run(today: date, ahead: int) -> None:
    to = today + timedelta(days=ahead)
    days = days_between(today, to)
    assert days[-1] == to
    assert list(days) == sorted(set(days))
    between = {today + timedelta(days=n) for n in range(1, ahead)}
    assert {day for day in between if day.weekday() < 5} == set(days[:-1])


def test_a_run_that_fails_ends_the_journey_on_its_day() -> None:
    tenant = make_council().tenant
    ran: list[date] = []

    def run(day: date) -> RunNews:
        ran.append(day)
        if len(ran) == 2:
            raise RuntimeError("The secret has expired.")
        return news(day)

    runs = Runs(tenant, run, RunLog())
    runs.start(TODAY + timedelta(days=4), "each_day")
    until_idle(runs)
    assert ran == [TODAY + timedelta(days=1), TODAY + timedelta(days=2)]
    assert runs.progress()["failed"] == {"date": str(ran[-1]), "error": "The secret has expired."}
    assert tenant.clock.today() == ran[-1]
    assert len(runs.shown()["news"]) == 1


def test_nothing_goes_back_or_too_far() -> None:
    runs = Runs(make_council().tenant, news, RunLog())
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=367)):
        with pytest.raises(CannotRun):
            runs.start(day, "each_day")


@pytest.fixture
def tenant() -> Tenant:
    return make_council().tenant


def test_the_log_outlives_the_command_and_keeps_the_newest(tmp_path: Path, tenant: Tenant) -> None:
    kept = RunLog(tmp_path / "runs.json")
    days = [TODAY + timedelta(days=n) for n in range(KEPT + 3)]
    for day in days:
        kept.add(news(day))
    again = RunLog(tmp_path / "runs.json").shown(tenant)
    assert again == kept.shown(tenant)
    assert [one["date"] for one in again] == [str(day) for day in reversed(days[3:])]


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"date": "x"}]', '{"a": 1}'])
def test_a_log_that_cannot_be_read_is_begun_anew(tmp_path: Path, tenant: Tenant, text: str) -> None:
    file = tmp_path / "runs.json"
    file.write_text(text)
    kept = RunLog(file)
    assert kept.shown(tenant) == []
    kept.add(news(TODAY))
    assert len(RunLog(file).shown(tenant)) == 1
