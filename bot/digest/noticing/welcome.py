"""New staff, agency included, are given the standards, the frequencies and the guide, once (C.8g).

A store that knows nobody (the first run, a lost one, ids renumbered) would take a whole council for new: then
only those are welcomed who started in the last four weeks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from bot.digest import words
from bot.digest.notices import WELCOME, Seal, Told
from bot.digest.noticing.facts import Facts
from bot.digest.worker import readers
from bot.policy.clauses import Clause
from bot.policy.pack import Pack

NEWLY = timedelta(days=28)
CLAUSE = "C.8g"


@dataclass(frozen=True, slots=True)
class Rule:
    """One clause, as a newcomer reads it."""

    clause: str
    says: str


@dataclass(frozen=True, slots=True)
class Policy:
    """One of the council's chosen policies: how often, and what else is asked."""

    title: str
    law: bool
    frequencies: tuple[Rule, ...]
    standards: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Welcome:
    """What a new worker is given."""

    name: str
    manager: str  # empty: none is named
    agency: bool
    clause: str
    policies: tuple[Policy, ...]


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Who is to be welcomed, and who is only remembered as known."""

    welcomed: tuple[str, ...]
    known: tuple[Told, ...]  # nobody is told anything: they were there before


def newcomers(
    facts: Facts,
    remembered: Iterable[Told],
    seal: Seal,
    now: datetime,
    *,
    served: Callable[[str], bool],
    hears_now: Callable[[str], bool],
) -> Newcomers:
    """Tell newcomers from those who were there before.

    ``served``: whether the bot writes to somebody at all (a pilot's); whoever is not is remembered as known,
    so that the end of a pilot welcomes nobody. ``hears_now``: whether this run may write to them; whoever
    must wait stays new. Who starts on a day to come is welcomed then.
    """
    known = {one.key for one in remembered if one.kind == WELCOME}
    rows = facts.caseload.workers.select("worker_id", "started", "role").sort("worker_id").rows()
    there = [(who, started, role) for who, started, role in rows if started is None or started <= facts.today]
    nobody_known = not any(_key(seal, who) in known for who, _, _ in there)
    visits_children = frozenset(readers(facts.known))
    welcomed: list[str] = []
    silent: list[str] = []
    for who, started, role in there:
        if _key(seal, who) in known:
            continue
        lately = started is not None and facts.today - started <= NEWLY
        if who not in visits_children:
            silent += [who] if role else []  # without a role nor a child it is not known what they will do
        elif not served(who) or (nobody_known and not lately):
            silent.append(who)
        elif hears_now(who):
            welcomed.append(who)
    return Newcomers(tuple(welcomed), tuple(known_now(seal, who, now) for who in silent))


def known_now(seal: Seal, worker_id: str, now: datetime) -> Told:
    """What is remembered of somebody who was welcomed, or was there before."""
    return Told(_key(seal, worker_id), worker_id, seal.of("about", f"worker {worker_id}"), WELCOME, now, now)


def welcome(facts: Facts, worker_id: str) -> Welcome:
    """What one newcomer is given: the policies chosen, in their own words."""
    row = facts.caseload.workers.row(by_predicate=pl.col("worker_id") == worker_id, named=True)
    manager = row["manager_id"]
    return Welcome(
        name=facts.known.name(worker_id),
        manager=facts.known.name(manager) if manager in facts.known.people else "",
        agency=row["agency"] is True,
        clause=CLAUSE,
        policies=tuple(_policy(pack, facts.today) for pack in facts.packs),
    )


def _key(seal: Seal, worker_id: str) -> str:
    return seal.of(WELCOME, worker_id)


def _policy(pack: Pack, today: date) -> Policy:
    clauses = [clause for clause in pack.clauses if clause.holds_on(today)]
    often = [one for one in clauses if one.sets_dates or one.after_attempt or one.recording]
    other = [one for one in clauses if one not in often and _is_standard(one)]
    return Policy(words.plain(pack.title), pack.law, _rules(often), _rules(other))


def _is_standard(clause: Clause) -> bool:
    """What is asked of a visit or its record, or told of; the rest of a policy is read in the policy."""
    asks = clause.must or clause.must_when or clause.limits or clause.concerns
    return bool(asks) or clause.shown_with == "records"


def _rules(clauses: Iterable[Clause]) -> tuple[Rule, ...]:
    return tuple(Rule(one.id, words.phrase(one.says)) for one in clauses)
