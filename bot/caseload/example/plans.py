"""What episodes.csv says of a child of the example: the plan itself and what has been decided under it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from bot.caseload.example.calendar import back_to_work, on_to_work
from bot.caseload.example.families import Child, Family
from bot.caseload.example.team import Row

OWN_FREQUENCIES = {
    "own_core_group": ("1 week", "core_group", 7),
    "own_child_request": ("5 working days", "child_request", 6),
    "own_worries": ("10 working days", "worries", 13),
}
"""Feature to frequency, reason and the longest gap in days that keeps it."""


def own_frequency(family: Family) -> tuple[str, str, int] | None:
    """The frequency agreed for this family, its reason and the longest gap that keeps it."""
    return next((own for name, own in OWN_FREQUENCIES.items() if family.has(name)), None)


def days(number: int) -> timedelta:
    """So many days."""
    return timedelta(days=number)


def episode_rows(rng: Random, family: Family, child: Child, today: date) -> Iterator[Row]:
    """The child's plans, the one the family is here for first."""
    start = family.start
    row = {
        "child_id": child.child_id,
        "kind": family.kind.name,
        "start": str(start),
        "worker_id": family.worker.worker_id,
        "worker_since": str(_allocated(rng, family, today)),
        "setting": family.settings[0],
        "difficulty": rng.choice("1122233" if family.kind.name == "child_protection" else "1112223"),
    }
    if details := _DETAILS.get(family.kind.name):
        row.update(details(family, today))
    if family.has("excluded"):
        row["excluded_reason"] = "short breaks only, visited under another policy"
    if own := own_frequency(family):
        every, reason, _ = own
        agreed = start + (today - start) / 2
        row |= {"agreed_every": every, "agreed_from": str(agreed), "agreed_reason": reason}
    yield row
    yield from _further(family, row, today)


def missing_dates(family: Family, today: date) -> tuple[str, str] | None:
    """When a child of this family went missing and came back (blank: not yet)."""
    if family.has("missing_returned"):
        return f"{today - days(3)}T19:30", f"{today - days(1)}T18:15"
    if family.has("missing_now"):
        return f"{today - days(1)}T22:10", ""
    if family.has("missing_over"):
        return f"{today - days(21)}T20:00", f"{today - days(20)}T07:45"
    return None


def _allocated(rng: Random, family: Family, today: date) -> date:
    """Mostly the worker there from the start; in one family of ten a change on the way, of some last week."""
    if family.has("by_others"):
        return family.start
    changed = rng.random() < 0.1 and today - family.start > days(40)
    if not changed:
        return family.start
    return today - days(3) if family.start.day % 3 == 0 else family.start + days(20)


def _referral(family: Family, today: date) -> Row:
    decided = on_to_work(family.start + days(1))
    row = {"start": f"{family.start}T10:20"}
    if family.has("undecided") or decided >= today:
        return row
    row["decision_at"] = f"{decided}T09:40"
    if not family.has("untold"):
        row["referrer_told_at"] = f"{decided}T15:00"
    return row


def _early_help(family: Family, today: date) -> Row:
    contact = on_to_work(family.start + days(2))
    return {"first_contact": str(contact)} if not family.has("uncontacted") and contact < today else {}


def _child_protection(family: Family, today: date) -> Row:
    review = family.start + days(90)
    return {"start": f"{family.start}T11:30"} | ({"first_review": str(review)} if review < today else {})


def _placed(family: Family, today: date) -> Row:
    row: Row = {}
    if (review := on_to_work(family.start + days(20))) < today:
        row["first_review"] = str(review)
    if family.has("permanent"):
        row["permanence_agreed_on"] = str(on_to_work(family.start + days(380)))
        row["lower_frequency_agreed_on"] = str(on_to_work(family.start + days(400)))
    return row


def _short_breaks(family: Family, _today: date) -> Row:
    return {"breaks_every": "7 months" if family.has("rare_breaks") else "2 weeks"}


def _reviewed(family: Family, today: date) -> Row:
    review = on_to_work(family.start + days(27))
    return {"first_review": str(review)} if review < today else {}


def _temporary(family: Family, today: date) -> Row:
    row = _reviewed(family, today) | {"assessment_done_on": str(family.start + days(14))}
    if family.start + days(14) > today:
        del row["assessment_done_on"]
    if family.has("approved"):
        approved = str(on_to_work(family.start + days(80)))
        row |= {
            "approved_on": approved,
            "agreed_every": "4 weeks",
            "agreed_from": approved,
            "agreed_reason": "review",
        }
    return row


def _interim(family: Family, today: date) -> Row:
    return _reviewed(family, today) | {"final_hearing": str(on_to_work(today + days(45)))}


def _care_leaver(family: Family, today: date) -> Row:
    if not family.has("declined"):
        return {}
    return {
        "support_declined_on": str(back_to_work(today - days(min(100, (today - family.start).days // 2))))
    }


_DETAILS = {
    "referral": _referral,
    "early_help": _early_help,
    "child_protection": _child_protection,
    "in_our_care": _placed,
    "short_breaks": _short_breaks,
    "adoptive_placement": _reviewed,
    "temporary_carer": _temporary,
    "interim_care_order_home": _interim,
    "care_order_home": _reviewed,
    "care_leaver": _care_leaver,
}


def _further(family: Family, row: Row, today: date) -> Iterator[Row]:
    """Plans beside the main one, or before it."""
    same = {"child_id": row["child_id"], "worker_id": row["worker_id"]}
    if family.has("stepped_up"):
        before = {"start": str(family.start - days(120)), "end": str(family.start)}
        yield same | before | {"kind": "child_in_need"}
    if family.has("two_settings"):
        yield same | {
            "kind": "in_our_care",
            "start": str(family.start + days(60)),
            "setting": family.settings[1],
        }
    if family.has("with_short_breaks"):
        breaks = {"setting": "SB-" + family.settings[0][3:], "breaks_every": "1 month"}
        yield same | {"kind": "short_breaks", "start": str(family.start + days(150))} | breaks
    if family.has("also_in_need"):
        yield same | {"kind": "child_in_need", "start": str(family.start + days(3))}
    if missing := missing_dates(family, today):
        gone, returned = missing
        over = {"end": returned[:10]} if family.has("missing_over") else {}
        yield same | {"kind": "missing", "start": gone, "returned_at": returned} | over
