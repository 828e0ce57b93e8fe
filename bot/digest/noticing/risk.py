"""A danger at an address, told to everybody who may go there as soon as it is in the record (E.5).

Told are the workers with a child there, a buddy who covers, whoever is allocated later, and their managers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import polars as pl

from bot.digest import words
from bot.digest.notices import Line, Notice, Reader
from bot.digest.noticing.absence import told_buddies
from bot.digest.noticing.facts import Facts, due_words
from bot.digest.noticing.readers import Readers, workers_of

ASKS = (
    "Tell the other agencies who go there, and update the risk assessment. Read it before anybody visits; "
    "who is allocated later is told as well."
)


def at_addresses(facts: Facts, readers: Readers) -> Iterator[Notice]:
    """Every risk to workers that stands today, to each who may go there."""
    known = facts.known
    homes: dict[str, list[str]] = defaultdict(list)
    for child in known.children.values():
        if child.household and child.child_id in known.holders:
            homes[child.household].append(child.child_id)
    goes: dict[str, set[str]] = defaultdict(set)
    for buddy, child_id in told_buddies(facts):
        if not known.child(child_id).restricted:
            goes[child_id].add(buddy)
    clause = facts.clause_of("risk_at_address")
    for household, risk, recorded_on, joint in _standing(facts).iter_rows():
        told = _told(facts, readers, homes.get(household, []), goes, clause)
        for reader, children in told.items():
            yield Notice(
                cause=(household, recorded_on.isoformat(), risk),
                about=f"household {household}",
                kind="risk",
                clause=clause,
                says="A risk to whoever visits is recorded at an address since "
                f"{words.day(recorded_on, facts.today)}: {words.plain(risk)}"
                + (". Do not go alone: joint visit" if joint else ""),
                closes="The end of the risk in the record",
                asks=ASKS,
                to=reader,
                lines=tuple(_line(facts, child_id) for child_id in sorted(children)),
                since=recorded_on,
                urgent=True,
            )


def _standing(facts: Facts) -> pl.DataFrame:
    today = facts.today
    return (
        facts.caseload.risks.filter(
            (pl.col("to") == "workers").fill_null(value=True) | pl.col("joint_visit").fill_null(value=False),
            pl.col("recorded_on") <= today,
            (pl.col("ends") >= today).fill_null(value=True),
        )
        .select("household_id", "risk", "recorded_on", pl.col("joint_visit").fill_null(value=False))
        .unique(maintain_order=True)
    )


def _told(
    facts: Facts, readers: Readers, children: list[str], goes: dict[str, set[str]], clause: str
) -> dict[Reader, set[str]]:
    """Who is told, each with the children there that are theirs to know of."""
    known = facts.known
    told: dict[str, set[str]] = defaultdict(set)
    managers: dict[str, set[str]] = defaultdict(set)
    for child_id in children:
        for worker in (known.holders[child_id] & known.people.keys()) | goes.get(child_id, set()):
            told[worker].add(child_id)
            manager = readers.manager_of(worker, clause)
            if manager:
                managers[manager.person].add(child_id)
    as_worker = {Reader(worker, team="own"): of | managers.get(worker, set()) for worker, of in told.items()}
    as_manager = {Reader(one, team="team"): of for one, of in managers.items() if one not in told}
    return as_worker | as_manager


def _line(facts: Facts, child_id: str) -> Line:
    known, child = facts.known, facts.known.child(child_id)
    said = [f"Worker: {workers_of(known, known.holders.get(child_id, ()))}"]
    said += [due_words(known, visit) for visit in facts.owed.get(child_id, ())[:1]]
    return Line(child_id, child.label, tuple(said))
