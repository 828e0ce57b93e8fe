"""The day of an unannounced visit is known to staff alone: what a family or anybody else could come by.

That is everything that the stand-in holds after two days of runs, in mailboxes and diaries; and the papers
that are handed to a family, made of the same caseload.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import polars as pl
from keepkit.children import SENDER
from paperkit.reading import words

from bot.caseload.model import Caseload
from bot.digest.papers.family_diary import FamilyDiary, diary_of
from bot.policy.due import judge, visits
from bot.policy.judgement import Judgement
from bot.policy.pack import Pack
from bot.rendering.papers import making
from privacy.council import STAFF, Told
from privacy.scan import found, spellings

OPENS_TO_OTHERS = frozenset(
    {"calendarpermissions", "permissions", "forward", "createforward", "reply", "replyall", "createreply"}
    | {"createreplyall", "invite", "createlink", "sendmail", "subscriptions"}
)


def no_unannounced_visit_can_be_known(told: Told) -> None:
    nobody_but_staff_gets_anything(told)
    nobody_else_can_look_into_an_entry(told)
    nothing_in_a_family_s_papers_comes_of_one(told)


def nobody_but_staff_gets_anything(told: Told) -> None:
    """Neither a parent whose address stands in the record, nor anybody outside: no mail, no entry."""
    own = {row["email"] for row in told.rows["workers"]}
    assert {whose for whose, _ in told.boxes} <= STAFF | {SENDER}
    assert {whose for whose, _ in told.events} <= own


def nobody_else_can_look_into_an_entry(told: Told) -> None:
    """Nobody is invited, nothing hangs on it, it is marked private; and no calendar is opened to anybody."""
    for _, event in told.events:
        assert event["sensitivity"] == "private"
        assert event["showAs"] == "free"
        for way in ("attendees", "locations", "hasAttachments", "isOnlineMeeting", "onlineMeetingUrl"):
            assert not event.get(way), way
    asked = {part for call in told.calls if call.is_write for part in call.path.lower().split("/")}
    assert {"events", "messages", "send"} <= asked
    assert not asked & OPENS_TO_OTHERS


def nothing_in_a_family_s_papers_comes_of_one(told: Told) -> None:
    """They are what they would be were there none, to the letter, or end sooner; no such day is named."""
    taken = told.snapshot
    assert taken is not None
    caseload, packs, today = taken.caseload, taken.packs, taken.today
    hidden = _hidden(caseload.visits, today)
    assert len(hidden)
    without = replace(caseload, visits=caseload.visits.join(hidden, on="visit_id", how="anti"))
    shown = _diaries(caseload, packs, taken.judgement)
    calm = _diaries(without, packs, judge(without, packs, today))
    assert shown.keys() == calm.keys()
    for child, diary in shown.items():
        days = _days_of(hidden, caseload, child)
        of_calm = calm[child].coming
        assert diary.agreement == calm[child].agreement
        assert diary.coming == of_calm[: len(diary.coming)]
        if not days & {one.when.date() for one in of_calm}:
            assert diary == calm[child]
        page = words(making.agreement(diary.agreement)) + words(making.family_diary(diary))
        for day in days:
            assert not found((*spellings(day), f"{day.day} {day:%B}", f"{day.day} {day:%b}"), page)


def _hidden(visits_of_all: pl.DataFrame, today: date) -> pl.DataFrame:
    """Unannounced visits to come."""
    day = pl.coalesce("planned_for", pl.col("at").dt.date()).alias("day")
    return visits_of_all.with_columns(day).filter(
        ~pl.col("announced"), pl.col("status") != "completed", pl.col("day") >= today
    )


def _days_of(hidden: pl.DataFrame, caseload: Caseload, child: str) -> set[date]:
    """Of a child and of whoever lives in the same household."""
    homes = dict(caseload.children.select("child_id", "household_id").iter_rows())
    family = [one for one, home in homes.items() if one == child or (home and home == homes[child])]
    return set(hidden.filter(pl.col("child_id").is_in(family))["day"])


def _diaries(caseload: Caseload, packs: Sequence[Pack], judgement: Judgement) -> dict[str, FamilyDiary]:
    owed = visits(judgement)
    made = {
        child: diary_of(child, owed, judgement, caseload, packs, names="initials_and_number")
        for child in caseload.children["child_id"]
    }
    return {child: of[0] for child, of in made.items() if of is not None}
