"""What judging gives: the shapes other rooms rely on, the order of `due --json`, cycles, words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from bot.caseload.model import Caseload
from bot.policy.due import judge, visits
from bot.policy.judgement import Claims, Cycles, Dues, Uncounted
from bot.policy.pack import Pack

TODAY = date(2026, 11, 30)
ALL = ("short-guide", "visiting-policy", "cp-statutory-visits", "measures-of-practice")


@pytest.fixture
def busy(caseload: Callable[..., Caseload]) -> Caseload:
    """Two children, several plans, a failed and an unfinalised visit, a request."""
    return caseload(
        children=[
            {"child_id": "C1", "date_of_birth": date(2015, 6, 1)},
            {"child_id": "C2", "date_of_birth": date(2023, 6, 1), "restricted": True},
        ],
        episodes=[
            {"kind": "child_protection", "start": date(2026, 10, 1), "worker_id": "W2"},
            {"kind": "in_our_care", "start": date(2026, 11, 30), "worker_id": "W1", "setting": "foster"},
            {"child_id": "C2", "kind": "child_in_need", "start": date(2026, 11, 9), "worker_id": "W1"},
        ],
        visits=[
            {
                "at": date(2026, 11, 20),
                "status": "completed",
                "seen": True,
                "at_home": True,
                "worker_id": "W2",
            },
            {"at": date(2026, 11, 27), "status": "failed", "access_problem": True, "worker_id": "W2"},
            {"child_id": "C2", "at": date(2026, 11, 20), "status": "postponed", "worker_id": "W1"},
        ],
        workers=[{"worker_id": "W1", "buddy_id": "W2"}, {"worker_id": "W2"}],
        absences=[{"worker_id": "W1", "start": date(2026, 11, 28), "kind": "unplanned"}],
        requests=[{"child_id": "C2", "asked_on": date(2026, 11, 27)}],
    )


def test_the_frames_keep_their_schemas(busy: Caseload, pack: Callable[[str], Pack]) -> None:
    judgement = judge(busy, [pack(name) for name in ALL], TODAY)
    assert not Claims.validate(judgement.claims).is_empty()
    assert not Dues.validate(judgement.due).is_empty()
    assert Cycles.validate(judgement.seen) is not None
    assert not Uncounted.validate(judgement.uncounted).is_empty()


def test_an_empty_caseload_owes_nothing(
    caseload: Callable[..., Caseload], pack: Callable[[str], Pack]
) -> None:
    judgement = judge(caseload(), [pack(name) for name in ALL], TODAY)
    assert judgement.due.is_empty()
    assert visits(judgement) == ()
    assert Dues.validate(judgement.due) is not None


def test_objects_are_ordered_by_due_child_kind_worker_setting(
    busy: Caseload, pack: Callable[[str], Pack]
) -> None:
    found = visits(judge(busy, [pack(name) for name in ALL], TODAY))
    keys = [(one.due, one.child_id, one.kind, one.worker_id or "", one.setting or "") for one in found]
    assert keys == sorted(keys)


def test_concerns_stand_on_the_child_s_first_object_only(busy: Caseload, pack: Callable[[str], Pack]) -> None:
    found = visits(judge(busy, [pack(name) for name in ALL], TODAY))
    for child in ("C1", "C2"):
        own = [one for one in found if one.child_id == child]
        assert own[0].concerns
        assert not any(one.concerns for one in own[1:])


def test_a_restricted_child_is_told_to_nobody_but_worker_and_manager(
    busy: Caseload, pack: Callable[[str], Pack]
) -> None:
    judgement = judge(busy, [pack(name) for name in ALL], TODAY)
    own = [one for one in visits(judgement) if one.child_id == "C2"]
    assert {who for one in judgement.concerns if one.child_id == "C2" for who in one.to} <= {
        "worker",
        "manager",
    }
    assert all(one.needs_cover and one.cover_id is None for one in own)


def test_the_cycle_before_a_visit_is_the_one_it_closes(
    caseload: Callable[..., Caseload], pack: Callable[[str], Pack]
) -> None:
    episode = {"kind": "child_in_need", "start": date(2026, 10, 1), "worker_id": "W1"}
    days = [date(2026, 10, 12), date(2026, 11, 2), date(2026, 11, 27)]
    made = [
        {"visit_id": f"V{n}", "at": day, "status": "completed", "seen": True} for n, day in enumerate(days)
    ]
    packs = [pack("measures-of-practice")]
    closed = judge(caseload(episodes=[episode], visits=made), packs, TODAY).seen
    for n in range(3):
        before = judge(caseload(episodes=[episode], visits=made[:n]), packs, TODAY)
        ended = closed.filter(visit_id=f"V{n}")["cycle"].to_list()
        assert ended == before.due["cycle"].to_list()


def test_which_box_is_not_ticked_is_said(
    caseload: Callable[..., Caseload], pack: Callable[[str], Pack]
) -> None:
    found = judge(
        caseload(
            children=[{"child_id": "C1", "date_of_birth": date(2020, 1, 1)}],
            episodes=[{"kind": "child_protection", "start": date(2026, 11, 2), "worker_id": "W1"}],
            visits=[{"at": date(2026, 11, 20), "status": "completed", "seen": True, "worker_id": "W1"}],
        ),
        [pack("cp-statutory-visits")],
        TODAY,
    ).uncounted
    assert found["clause"].to_list() == ["C.1"]
    assert found["reason"].to_list() == ["the record is not finalised; “seen alone” has no answer"]


def test_a_pack_past_its_review_warns(caseload: Callable[..., Caseload], pack: Callable[[str], Pack]) -> None:
    warned = judge(caseload(), [pack("visiting-policy")], TODAY).warnings
    assert len(warned) == 1
    assert "review by 31 July 2020" in warned[0]
