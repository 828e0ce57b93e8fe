"""Rows that every council here has, whatever is invented around them: who must be kept out is always there.

A restricted child whose worker is on leave with a buddy (C.8a) and another about whom an IRO would be told
much (A.8), in one household with a risk (E.5) and with a child of another worker; a worker whose address is
outside the allowed domains and one who has no mailbox; an IRO whose address is outside.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from keepkit.children import DOMAIN

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
ELSEWHERE = "elsewhere.example"
IRO = f"iro@{DOMAIN}"
PARENT = f"parent@{DOMAIN}"  # in the tenant, and none of the staff
OUTSIDERS = (f"zw4@{ELSEWHERE}", f"iro@{ELSEWHERE}", PARENT)
NOBODY_THERE = "zw3"  # an address that nothing can be delivered to
RESTRICTED = ("zR1", "zR2")
Row = dict[str, str]


def rows() -> dict[str, list[Row]]:
    """By file."""
    workers = [
        _worker("zW1", buddy_id="zW2"),
        _worker("zW2"),
        _worker("zW3"),
        {**_worker("zW4"), "email": OUTSIDERS[0]},
        {"worker_id": "zM1", "email": f"zm1@{DOMAIN}", "role": "manager"},
    ]
    children = [
        _child("zR1", "zH1", restricted="yes", iro_email=IRO),
        _child("zR2", "zH1", restricted="yes", iro_email=IRO),
        _child("zN1", "zH1", iro_email=IRO),
        _child("zN2", "zH2"),
        _child("zN4", "zH4"),
        _child("zN3", "zH3", iro_email=OUTSIDERS[1]),
    ]
    holders = {"zR1": "zW1", "zR2": "zW1", "zN1": "zW2", "zN2": "zW3", "zN3": "zW4", "zN4": "zW2"}
    episodes = [
        {
            "child_id": child,
            "kind": "child_protection",
            "start": _iso(-80),
            "worker_id": worker,
            "worker_since": _iso(-3) if child == "zR1" else "",
        }
        for child, worker in holders.items()
    ]
    outside = {"child_id": "zN4", "kind": "child_in_need", "excluded_reason": "short breaks only"}
    episodes.append({**outside, "start": _iso(-80), "worker_id": "zW2"})
    seen = {"zR1": -24, "zR2": -6, "zN1": -6, "zN2": -20, "zN3": -20, "zN4": -8}
    visits = [_seen(child, days) for child, days in seen.items()]
    for child in ("zR1", "zN1", "zN3"):
        visits += [_visit(child, -4, "failed", access_problem="yes"), _visit(child, -2, "failed")]
    visits = [{**row, "worker_id": holders[row["child_id"]]} for row in visits]
    return {
        "workers": workers,
        "children": children,
        "episodes": episodes,
        "visits": [{"visit_id": f"zV{number}", **row} for number, row in enumerate(visits)],
        "absences": [
            {
                "worker_id": "zW1",
                "start": _iso(-1),
                "end": _iso(13),
                "kind": "planned",
                "buddy_id": "zW2",
            }
        ],
        "risks": [
            {"household_id": "zH1", "risk": "dog", "to": "workers", "recorded_on": _iso(on)} for on in (-9, 0)
        ],
        "approvals": [{"child_id": "zR1", "clause": "C.8e", "asked_on": _iso(-5)}],
    }


def arranged(children: list[Row], dice: random.Random) -> list[Row]:
    """Visits to come, some of them unannounced, as a family's diary has to do with them."""
    made = []
    for child in children:
        days = sorted(dice.sample(range(1, 40), dice.randint(0, 5)))
        for day in days:
            announced = dice.choice(("yes", "yes", "no", ""))
            status = dice.choice(("scheduled", "scheduled", "scheduled", "postponed"))
            row = _visit(child["child_id"], day, status, announced=announced)
            if status == "postponed":
                row |= {"at": _iso(-3), "planned_for": _iso(day)}
            made.append({"visit_id": f"yV{child['child_id']}{day}", **row})
    return made


def _iso(days: int) -> str:
    return (MONDAY + days * DAY).isoformat()


def _worker(worker_id: str, **more: str) -> Row:
    email = f"{worker_id.lower()}@{DOMAIN}"
    return {"worker_id": worker_id, "email": email, "role": "social_worker", "manager_id": "zM1", **more}


def _child(child_id: str, household: str, **more: str) -> Row:
    return {
        "child_id": child_id,
        "date_of_birth": (date(2014, 3, 9) + 100 * len(child_id) * DAY + ord(child_id[-1]) * DAY).isoformat(),
        "household_id": household,
        "living_at_home": "yes",
        **more,
    }


def _visit(child_id: str, days: int, status: str, **more: str) -> Row:
    return {"child_id": child_id, "at": _iso(days), "status": status, "kind": "visit", **more}


def _seen(child_id: str, days: int) -> Row:
    ticks = dict.fromkeys(("seen", "awake", "observed", "at_home", "bedroom_seen"), "yes")
    ticks |= {"seen_alone": "no", "access_problem": "yes"}
    return _visit(child_id, days, "completed", finalised_at=_iso(days), **ticks)
