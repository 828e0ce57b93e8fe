"""What stands around the visits of the example: time away, requests, risks, approvals, supervisions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from bot.caseload.example import words
from bot.caseload.example.calendar import back_to_work, on_to_work
from bot.caseload.example.families import Family
from bot.caseload.example.plans import days
from bot.caseload.example.team import Row, Team


def rows_around(rng: Random, family: Family, team: Team, today: date) -> Iterator[tuple[str, Row]]:
    """Rows of the other tables, each with the table's name."""
    for child in family.children:
        same = {"child_id": child.child_id}
        yield from (("away", same | row) for row in _away(family, today))
        yield from (("requests", same | row) for row in _requests(family, today))
        yield from (("approvals", same | row) for row in _approvals(family, team, today))
        if rng.random() < 0.6 and family.start < today - days(30):
            held = back_to_work(today - days(rng.randrange(2, 28)), family.worker.days)
            reviewed = "yes" if rng.random() < 0.85 else "no"
            row = {"worker_id": family.worker.worker_id, "held_on": str(held), "frequency_reviewed": reviewed}
            yield "supervisions", same | row
    yield from (("risks", {"household_id": family.household_id} | row) for row in _risks(rng, family, today))


def _away(family: Family, today: date) -> Iterator[Row]:
    if family.has("away_abroad"):
        where = {
            "abroad": "yes",
            "contact_details": "grandmother's house, number on file",
            "agency_told": "yes",
        }
        yield {"start": str(today - days(5)), "end": str(today + days(9))} | where
    elif family.has("away"):
        where = {"abroad": "no", "contact_details": "holiday park, mother's mobile"}
        yield {"start": str(today - days(2)), "end": ""} | where
    elif family.has("away_ahead"):
        yield {"start": str(today + days(8)), "end": str(today + days(15)), "abroad": "no"}


def _requests(family: Family, today: date) -> Iterator[Row]:
    if family.has("asked"):
        by_when = str(on_to_work(today + days(3))) if family.kind.name == "child_protection" else ""
        yield {"asked_on": str(today - days(1)), "by": "child", "wanted_by": by_when}
    elif family.has("asked_refused"):
        yield {"asked_on": str(today - days(9)), "by": "parent", "refused_on": str(today - days(7))}
    elif family.has("asked_met"):
        yield {"asked_on": str(today - days(5)), "by": "parent", "wanted_by": str(today)}


def _approvals(family: Family, team: Team, today: date) -> Iterator[Row]:
    if family.has("approval_asked") or family.has("approval_recorded"):
        recorded = family.has("approval_recorded")
        row = {"clause": "C.8e", "asked_on": str(today - days(2))}
        yield row | (
            {"recorded_on": str(today - days(1)), "by": family.worker.manager_id} if recorded else {}
        )
    if family.kind.name in ("temporary_carer", "interim_care_order_home", "care_order_home"):
        asked = {"clause": "D.15", "asked_on": str(family.start)}
        if family.start < today - days(10):
            asked |= {"recorded_on": str(on_to_work(family.start + days(4))), "by": team.director_id}
        yield asked


def _risks(rng: Random, family: Family, today: date) -> Iterator[Row]:
    recorded = str(today - days(rng.randrange(2, 40)))
    if family.has("risk_to_workers"):
        risk = rng.choice(words.RISKS_TO_WORKERS)
        yield {"risk": risk, "to": "workers", "recorded_on": recorded, "joint_visit": "yes"}
    elif family.has("risk_to_child"):
        risk = rng.choice(words.RISKS_TO_CHILDREN)
        yield {"risk": risk, "to": "child", "recorded_on": recorded, "joint_visit": "no"}
    elif family.has("risk_ended"):
        ended = {"ends": str(today - days(20)), "recorded_on": str(today - days(150))}
        yield {"risk": words.RISKS_TO_WORKERS[0], "to": "workers"} | ended
