"""A worker's mails as a run makes them: the Monday list, its own weeks, and a morning's mail by setting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.agenda import Daily, DueRun
from bot.run.mails import make_mails
from bot.run.snapshot import load_packs, take
from bot.run.world import World
from bot.settings import HOME
from bot.settings_file import load
from bot.store.database import open_store
from bot.store.outbox import NewMail

DAY = timedelta(days=1)
TUESDAY = date(2026, 11, 24)
SETTINGS = """caseload = "caseload"
packs = ["cp-statutory-visits"]
[microsoft]
tenant_id = "nobody"
client_id = "nobody"
client_secret_file = "key.secret"
[mail]
sender = "visit-bot@northdale.example"
allowed_domains = ["northdale.example"]
[diary]
identify = "number"
key_secret_file = "key.secret"
[schedule]
"""
Made = Callable[..., dict[str, NewMail]]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Callable[[str], World]]:
    made: list[World] = []

    def make(schedule: str) -> World:
        (tmp_path / "key.secret").write_text("k" * 64)
        (tmp_path / "settings.toml").write_text(SETTINGS + schedule)
        settings = load(tmp_path / "settings.toml")
        packs = load_packs(settings.packs, HOME / "rules")
        made.append(World(settings, open_store(settings.store.url), packs))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def mails(world: Callable[[str], World], tmp_path: Path) -> Made:
    """By recipient, what a job sends on a day to W1, who saw C1 every fortnight until the last, and W2."""

    def made(
        job: str, today: date, last_seen: date, schedule: str = "morning_mail = true"
    ) -> dict[str, NewMail]:
        folder = tmp_path / "caseload"
        folder.mkdir(exist_ok=True)
        seen = [last_seen - 14 * n * DAY for n in range(8)]
        write = lambda name, *lines: (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")  # noqa: E731
        write("children", "child_id,date_of_birth", "C1,2015-06-01")
        write("episodes", "child_id,kind,start,worker_id", "C1,child_protection,2026-01-05,W1")
        write(
            "visits",
            "visit_id,child_id,at,status,seen,seen_alone,at_home,finalised_at,worker_id",
            *(f"V{n},C1,{day},completed,yes,yes,yes,{day},W1" for n, day in enumerate(seen)),
        )
        write(
            "workers",
            "worker_id,name,email,role",
            "W1,Amira Khan,w1@northdale.example,social_worker",
            "W2,Sam Okoro,w2@northdale.example,social_worker",
        )
        there = world(schedule)
        snapshot = take(folder, there.packs, today)
        item = DueRun(job, today.isoformat(), datetime.combine(today, time(7, 15)))
        found, problems, _ = make_mails(there, snapshot, item)
        assert problems == ()
        return {mail.recipient: mail for mail in found}

    return made


def test_the_morning_mail_goes_to_whoever_has_something_due_and_to_nobody_else(mails: Made) -> None:
    """C.1: due 14 days after the last visit, which is tomorrow."""
    found = mails("morning_mail", TUESDAY, TUESDAY - 13 * DAY)
    assert list(found) == ["w1@northdale.example"]
    assert found["w1@northdale.example"].subject == "Today and tomorrow: 1 due · 24 Nov"


def test_nothing_due_by_tomorrow_is_no_mail_at_all(mails: Made) -> None:
    assert mails("morning_mail", TUESDAY, TUESDAY - 12 * DAY) == {}


def test_no_morning_mail_goes_on_the_day_of_the_list(mails: Made) -> None:
    """It says the same, and more."""
    when = "morning_mail = true\nworker_list_day = 'tue'"
    assert mails("morning_mail", TUESDAY, TUESDAY - 13 * DAY, when) == {}


def test_the_morning_mail_is_in_the_timetable_by_setting_alone(world: Callable[[str], World]) -> None:
    assert [one for one in world("").timetable if one.job == "morning_mail"] == []
    timed = world("morning_mail = true\nmorning_mail_at = '06:50'").timetable
    assert [one for one in timed if one.job == "morning_mail"] == [Daily("morning_mail", time(6, 50))]


def test_the_monday_list_tells_the_reader_the_own_twelve_weeks(mails: Made) -> None:
    monday = TUESDAY - DAY
    text = mails("worker_list", monday, monday - 15 * DAY)["w1@northdale.example"].text
    assert "5 of 6 visits that fell due were made in time." in text
    assert "YOUR LAST 12 WEEKS" not in mails("worker_list", monday, monday)["w2@northdale.example"].text
