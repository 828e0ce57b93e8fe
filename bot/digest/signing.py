"""Who has signed off a placement, and what is still awaited (D.15): shown for supervision, never assumed.

A signature counts where approvals.csv has it recorded, by somebody whom workers.csv gives the role that the
clause names. One by anybody else, or by nobody, is told as it stands and stays awaited: whether it will do is
for the manager to say, not for this program.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.digest import words
from bot.digest.known import Known
from bot.digest.supervised import SIGNED_OFF, Placement, Signature

CLAUSE = "D.15"
APPROVAL = {"service_manager": "Temporary approval", "assistant_director": "Placement with parents"}
ASSESSED = frozenset({"temporary_carer", "interim_care_order_home"})


@dataclass(frozen=True, slots=True)
class SignOff:
    """One thing that a placement needs signed off."""

    what: str  # "Temporary approval by the service manager"
    says: str  # how it stands
    awaited: bool


def sign_offs(known: Known, worker_id: str, child_id: str) -> tuple[SignOff, ...]:
    """Those of a child's open placements with a worker; none where no chosen pack has the clause."""
    if CLAUSE not in known.supervised.holds:
        return ()
    mine = (one for one in known.supervised.placements.get(worker_id, ()) if one.child_id == child_id)
    return tuple(found for placement in mine for found in _of(known, placement))


def _of(known: Known, placement: Placement) -> Iterator[SignOff]:
    today, done = known.today, placement.assessed_on
    if placement.kind in ASSESSED:
        is_done = done is not None and done <= today
        says = f"completed on {words.day(done, today)}" if done and is_done else "not recorded as completed"
        yield SignOff("Assessment", says, awaited=not is_done)
    role = SIGNED_OFF[placement.kind]
    signatures = [
        one
        for one in known.supervised.signatures.get(placement.child_id, ())
        if placement.after is None or (one.recorded_on or one.asked_on or date.max) >= placement.after
    ]
    says, awaited = _standing(known, signatures, role)
    if awaited and placement.approved_on and placement.approved_on <= today:
        says += f"; the placement is recorded as approved on {words.day(placement.approved_on, today)}"
    yield SignOff(f"{APPROVAL[role]} by the {_role(role)}", says, awaited)


def _standing(known: Known, signatures: Sequence[Signature], role: str) -> tuple[str, bool]:
    """How it stands, and whether it is awaited."""
    recorded = [
        (one.recorded_on, one.by) for one in signatures if one.recorded_on and one.recorded_on <= known.today
    ]
    by_role = [(on, by) for on, by in recorded if by and _has_role(known, by, role)]
    if by_role:
        on, by = by_role[-1]
        return f"recorded on {words.day(on, known.today)} by {known.name(by)}", False
    if recorded:
        on, signed_by = recorded[-1]
        return f"recorded on {words.day(on, known.today)} {_by_another(known, signed_by)}", True
    asked = [one.asked_on for one in signatures if one.asked_on and one.asked_on <= known.today]
    if asked:
        return f"asked for on {words.day(asked[-1], known.today)}, not recorded", True
    return "not asked for", True


def _has_role(known: Known, worker_id: str, role: str) -> bool:
    person = known.people.get(worker_id)
    return person is not None and person.role == role


def _by_another(known: Known, by: str | None) -> str:
    if by is None:
        return "without a name"
    person = known.people.get(by)
    if person is None:
        return f"by {words.plain(by)}, whose role the caseload does not say"
    return f"by {person.name} ({_role(person.role) if person.role else 'role not known'})"


def _role(name: str) -> str:
    return words.plain(name.replace("_", " "))
