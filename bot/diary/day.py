"""What every entry of one day is made with: the judgement, the people, and the council's settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.caseload.model import Caseload
from bot.diary.attempts import Attempts, attempts_in
from bot.diary.entry import Role
from bot.diary.key import entry_key
from bot.diary.people import People, known_in
from bot.diary.words import Identify, child, sheet
from bot.policy.judgement import DueVisit, Judgement

COVER_IS_NEAR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class DiaryRules:
    """The settings of the diary, as values."""

    key_secret: bytes
    reminder_time: time = time(9)
    reminder_minutes_long: int = 15
    marker: bool = True
    identify: Identify = "initials_and_number"
    keep_achieved_days: int = 28
    wrong_tell: str = "your manager"
    sheet_from: str = "your manager"  # who gives a worker the preparation sheet; empty: nobody is named
    contingency: tuple[str, ...] = ("B.7", "A.7", "E.4")  # clauses quoted under "no access", where chosen


@dataclass(frozen=True, slots=True)
class Day:
    """What every entry of one day is made with."""

    judgement: Judgement
    people: People
    attempts: Attempts
    rules: DiaryRules
    today: date

    def key(self, child_id: str, kind: str, setting: str | None, cycle: str, *, role: Role) -> str:
        """Give the key of one entry of one visit cycle."""
        secret = self.rules.key_secret
        return entry_key(secret, child_id=child_id, kind=kind, setting=setting, cycle=cycle, role=role)

    def who(self, child_id: str) -> str:
        """Say which child, as far as the setting allows."""
        record = self.people.children.get(child_id)
        return child(child_id, record.initials if record else None, self.rules.identify)

    def sheet(self, child_id: str) -> str:
        """Say how the worker gets the preparation sheet of a visit (B.10): whom to ask, and for what."""
        return sheet(self.rules.sheet_from, child_id, self.rules.identify)

    @property
    def wrong(self) -> str:
        """Say whom to tell of a mistake."""
        return f"Wrong? Tell {self.rules.wrong_tell}."


def day_of(judgement: Judgement, caseload: Caseload, rules: DiaryRules, today: date) -> Day:
    """Look everything up once for one day."""
    return Day(judgement, known_in(caseload, today), attempts_in(judgement, caseload), rules, today)


def stands_on(visit: DueVisit, day: Day) -> date:
    """Give the day of the reminder: the day before acting, or once late the day to act on.

    What needs cover is told at once while it is near. An absence without an end leaves every visit to come
    uncovered; those far ahead wait for their time, or they would all stand on today and move every morning.
    """
    if visit.due < day.today:
        return visit.act_by
    if visit.needs_cover and visit.act_by - day.today > COVER_IS_NEAR:
        before = visit.act_by - timedelta(days=1)
        while not day.judgement.work.is_working(before):
            before -= timedelta(days=1)
        return before
    return visit.remind_on
