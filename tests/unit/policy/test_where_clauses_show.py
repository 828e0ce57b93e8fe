"""A clause's id stands where people meet what it asks: in the reminder, the Monday list, the digest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import pytest

from bot.caseload.model import Caseload
from bot.diary.day import DiaryRules
from bot.diary.entries import wanted
from bot.digest.manager import weekly
from bot.digest.worker import monday_list
from bot.policy.due import judge, visits
from bot.policy.pack import Pack, read_pack
from bot.rendering.entry import body_text
from bot.rendering.mail import MailWords, manager_digest, worker_list

TODAY = date(2026, 11, 30)
WORDS = MailWords("Wrong?", "")
WORKERS = [
    {"worker_id": "W1", "name": "W One", "manager_id": "M1", "role": "social_worker"},
    {"worker_id": "M1", "name": "M One", "role": "manager"},
]
OURS = """
title: Ours
source: {title: Ours}
review_by: 2026-01-01
covers: [child_in_need]
clauses:
  - {id: V.1, says: Every four weeks., cites: c, clocks: [{every: 4 weeks}], must: [awake]}
  - {id: V.7, says: Ring the neighbours first., cites: c, guidance: true, shown_with: no_access}
  - {id: V.8, says: Write it down the same day., cites: c, guidance: true, shown_with: records}
  - {id: V.9, says: This is looked at yearly., cites: c, guidance: true, shown_with: review}
"""

Reader = Callable[[Caseload, Sequence[Pack]], str]


def reminder(known: Caseload, packs: Sequence[Pack]) -> str:
    judgement = judge(known, packs, TODAY)
    diaries = wanted(judgement, visits(judgement), known, DiaryRules(key_secret=b"x" * 32), TODAY)
    return "\n".join(body_text(entry.body) for entries in diaries.entries.values() for entry in entries)


def list_of_the_week(known: Caseload, packs: Sequence[Pack]) -> str:
    judgement = judge(known, packs, TODAY)
    return worker_list(
        monday_list("W1", visits(judgement), judgement, known, TODAY, names="number"), WORDS
    ).text


def digest(known: Caseload, packs: Sequence[Pack]) -> str:
    judgement = judge(known, packs, TODAY)
    return manager_digest(
        weekly("M1", visits(judgement), judgement, known, TODAY, names="number"), WORDS
    ).text


def one_child(**more: Any) -> dict[str, Any]:
    return {
        "children": [{"child_id": "C1", "date_of_birth": date(2015, 6, 1)}],
        "episodes": [{"kind": "child_in_need", "start": date(2026, 11, 9), "worker_id": "W1"}],
        "workers": WORKERS,
        **more,
    }


@pytest.mark.parametrize("place", [reminder, list_of_the_week], ids=["reminder", "Monday list"])
def test_what_a_visit_must_include_says_which_clause_asks_for_it(
    place: Reader, pack: Callable[[str], Pack], caseload: Callable[..., Caseload]
) -> None:
    seen = {"at": date(2026, 11, 10), "status": "completed", "seen": True, "at_home": True, "worker_id": "W1"}
    known = caseload(**one_child(visits=[{**seen, "bedroom_seen": True}]))
    assert "See the child alone for part of the visit (B.4)" in place(known, [pack("visiting-policy")])
    both = place(known, [pack("visiting-policy"), pack("short-guide")])
    assert "See the child alone for part of the visit (A.6a, B.4)" in both


def test_a_manager_is_told_of_a_record_owed_after_the_plan_has_ended_c3(
    pack: Callable[[str], Pack], caseload: Callable[..., Caseload]
) -> None:
    ended = {"kind": "child_protection", "start": date(2026, 11, 2), "end": date(2026, 11, 27)}
    made = {"at": datetime(2026, 11, 25, 15), "status": "completed", "seen": True, "worker_id": "W1"}
    known = caseload(**one_child(episodes=[{**ended, "worker_id": "W1"}], visits=[made]))
    assert "C.3 A visit has not been recorded in time" in digest(known, [pack("cp-statutory-visits")])


def test_a_reminder_of_a_dangerous_address_says_to_pass_it_on_e5(
    pack: Callable[[str], Pack], caseload: Callable[..., Caseload]
) -> None:
    packs = [pack("visiting-policy"), pack("ddscp-home-visits")]
    home = [{"child_id": "C1", "household_id": "H1", "date_of_birth": date(2015, 6, 1)}]
    dog = {"household_id": "H1", "risk": "a dog", "to": "workers", "recorded_on": date(2026, 11, 27)}
    assert "everybody who may visit it, and risk assessments are updated (E.5)" in reminder(
        caseload(**one_child(children=home, risks=[dog])), packs
    )
    assert "(E.5)" not in reminder(caseload(**one_child(children=home)), packs)


def test_a_council_says_beside_what_its_own_guidance_is_read(caseload: Callable[..., Caseload]) -> None:
    ours = [read_pack("ours.yaml", OURS)]
    done = {"status": "completed", "seen": True, "worker_id": "W1"}
    finished = {**done, "at": date(2026, 11, 10), "finalised_at": date(2026, 11, 10)}
    known = caseload(**one_child(visits=[finished, {**done, "at": date(2026, 11, 20)}]))
    assert "Ring the neighbours first (V.7)." in reminder(known, ours)
    assert "Write it down the same day (V.8)." in list_of_the_week(known, ours)
    assert "was due for review by 01 January 2026 (V.9)" in digest(known, ours)
