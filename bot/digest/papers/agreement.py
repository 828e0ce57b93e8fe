"""The family visit agreement: what parents may expect of visits, in words to hold us to (A.10, C.7i, E.0).

It is handed to the family, so it is made of almost nothing: who comes, how often, and that some visits come
unannounced. It says neither how many of those nor how often: a family that remembers the last one could count
on from there. It carries no date at all, not even its own, no plan kind, no place and no risk. The day it is
agreed on is written by hand beside the names, where an agreement has it anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.caseload.model import Caseload
from bot.digest.papers.often import Often, how_often
from bot.digest.papers.people import Reach, manager_of, reach
from bot.digest.papers.record import Record, record_of
from bot.digest.words import Identify, child_label
from bot.policy.judgement import Judgement
from bot.policy.pack import Pack

Reader = Literal["parents", "carers", "young_person"]
WITH_CARERS = frozenset(
    {"in_our_care", "short_breaks", "adoptive_placement", "private_fostering", "temporary_carer"}
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the agreement says that is not the same for everybody."""

    child_id: str
    child: str  # our reference: initials and number, as the setting allows
    reader: Reader
    worker: Reach
    manager: Reach
    often: Often | None  # null: written in by hand


def agree(
    child_id: str,
    judgement: Judgement,
    caseload: Caseload,
    packs: Sequence[Pack],
    *,
    names: Identify,
) -> Agreement | None:
    """The agreement about ``child_id``'s visits; null where no plan or placement of the child is open.

    Raises LookupError where the caseload has no such child.
    """
    record = record_of(caseload, child_id, judgement.today)
    if not record.plans:
        return None
    worker_id = next(iter(record.holders), None)
    return Agreement(
        child_id=child_id,
        child=label(caseload, child_id, names),
        reader=reader_of(record),
        worker=reach(caseload, worker_id),
        manager=manager_of(caseload, worker_id),
        often=how_often(child_id, judgement, packs),
    )


def label(caseload: Caseload, child_id: str, names: Identify) -> str:
    """How the paper refers to the child; empty where nothing may identify."""
    initials = dict(caseload.children.select("child_id", "initials").iter_rows())[child_id]
    return "" if names == "nothing" else child_label(child_id, initials, names)


def reader_of(record: Record) -> Reader:
    """Whom the paper is for: a young person who left care, whoever cares for the child, else the parents."""
    if "care_leaver" in record.plans:
        return "young_person"
    return "carers" if WITH_CARERS & set(record.plans) else "parents"
