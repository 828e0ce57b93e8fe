"""A whole team for a quarter: every notice happens when it should, once, and stops when its cause is gone.

The real reading, judging, notices and store on one side; on the other a second reckoning that shares no code
with them. VISIT_BOT_QUARTERS takes more seeds ("1-20"), and VISIT_BOT_EVERY_DAY weekends too.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from quarterkit.reckoning import WELCOME, Memory, Told, told_today
from quarterkit.team import FIRST, Team

from bot.agenda import DueRun
from bot.run.order import Wishes, perform
from bot.run.world import World
from bot.store.schema import notices, outbox

DAYS = 91
SEED = 3
EVERYTHING = {
    "A.0",
    "A.7",
    "A.8a",
    "A.8b",
    "A.8c",
    "A.8d",
    "C.3",
    "C.8a",
    "C.8b",
    "C.8c",
    "C.8e",
    "C.8g",
    "E.5",
}
CHILD = re.compile(r"^\* (C\d\d)$", re.MULTILINE)
GROUP = re.compile(r"^  (?P<clause>[A-Z]\.\d+[a-z]?) What closes it", re.MULTILINE)


def seeds() -> list[int]:
    said = os.environ.get("VISIT_BOT_QUARTERS", str(SEED))
    first, _, last = said.partition("-")
    return list(range(int(first), int(last or first) + 1))


def told_by(world: World, today: date, hour: int = 7) -> Counter[Told]:
    """One look, and everything in the mails it put in the outbox."""
    with world.store.transaction() as connection:
        before = connection.execute(sa.select(sa.func.max(outbox.c.id))).scalar() or 0
    now = datetime.combine(today, time(hour))
    perform(world, now, [DueRun("notices", now.isoformat(), now)], Wishes(sends=False))
    with world.store.transaction() as connection:
        made = connection.execute(sa.select(outbox).where(outbox.c.id > before)).mappings().all()
    assert len({row["person"] for row in made}) == len(made), "one person, one mail"
    return Counter(told for row in made for told in read(row["recipient"], row["subject"], row["text"]))


def read(address: str, subject: str, text: str) -> list[Told]:
    """(address, clause, child) for each child under each clause of a mail."""
    found: list[Told] = [(address, WELCOME, "")] if subject.startswith("Welcome") else []
    at = 0
    for group in GROUP.finditer(text):
        found += [(address, group["clause"], child) for child in CHILD.findall(text[at : group.start()])]
        at = group.end()
    return found


def days() -> list[date]:
    """A quarter; of the weekends each third, unless all are asked for."""
    every = [FIRST + timedelta(days=n) for n in range(DAYS)]
    whole = bool(os.environ.get("VISIT_BOT_EVERY_DAY"))
    return [day for n, day in enumerate(every) if whole or day.weekday() < 5 or n // 7 % 3 == 0]


@pytest.mark.parametrize("seed", seeds())
def test_through_a_quarter_everybody_is_told_what_a_second_reckoning_says_and_nothing_else(
    seed: int, world: World
) -> None:
    team, memory = Team.of(seed), Memory()
    clauses: Counter[str] = Counter()
    for today in days():
        while team.today < today:
            team.next_day()
        team.write(world.settings.caseload)
        wanted = told_today(world.settings.caseload, today, memory)
        told = told_by(world, today)
        assert sorted((told - wanted).elements()) == [], f"{today:%a %d %b}: told and should not have been"
        assert sorted((wanted - told).elements()) == [], f"{today:%a %d %b}: should have been told"
        clauses.update(clause for _, clause, _ in told.elements())
        if today.weekday() == 2 and today.day <= 7:
            again = told_by(world, today, hour=15)
            assert not again, f"{today:%a %d %b}: told twice on one day"
    if seed == SEED:
        assert clauses.keys() >= EVERYTHING, "this quarter must have had everything in it"
    assert _unreadable(world)


def _unreadable(world: World) -> bool:
    """Nothing in the table says which child, household or address a row is of."""
    with world.store.transaction() as connection:
        rows = connection.execute(sa.select(notices)).all()
    said = " ".join(str(value) for row in rows for value in row)
    return not re.search(r"\bC\d\d\b|\bH\d\b|@", said)
