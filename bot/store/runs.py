"""Runs by job and slot: the unique key by which a Monday list goes once, however often the bot is started."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from bot.store.database import Store
from bot.store.schema import audit, runs


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run as remembered."""

    id: int
    job: str
    slot: str
    state: str
    started_at: str
    finished_at: str | None
    summary: dict[str, Any]


def done_slots(store: Store) -> frozenset[tuple[str, str]]:
    """Every (job, slot) that was done: what the agenda leaves out."""
    with store.transaction() as connection:
        found = connection.execute(sa.select(runs.c.job, runs.c.slot).where(runs.c.state == "done"))
        return frozenset((job, slot) for job, slot in found)


def begin(store: Store, fence: int, job: str, slot: str, now: datetime) -> int | None:
    """Take the run's row; None where that slot is already done. A failed or stopped one is taken again."""
    moment = now.isoformat(timespec="seconds")
    with store.fenced(fence) as connection:
        where = (runs.c.job == job, runs.c.slot == slot)
        row = connection.execute(sa.select(runs.c.id, runs.c.state).where(*where)).first()
        if row is not None and row.state == "done":
            return None
        if row is not None:
            connection.execute(
                sa.update(runs)
                .where(*where)
                .values(state="running", fence=fence, started_at=moment, finished_at=None)
            )
            return int(row.id)
        inserted = connection.execute(
            sa.insert(runs)
            .values(job=job, slot=slot, fence=fence, state="running", started_at=moment)
            .returning(runs.c.id)
        )
        return int(inserted.scalar_one())


def finish(
    store: Store, fence: int, run_id: int, *, done: bool, now: datetime, summary: dict[str, Any]
) -> None:
    """Close a run's row as done or failed, with what it counted."""
    with store.fenced(fence) as connection:
        connection.execute(
            sa.update(runs)
            .where(runs.c.id == run_id)
            .values(
                state="done" if done else "failed",
                finished_at=now.isoformat(timespec="seconds"),
                summary=json.dumps(summary, sort_keys=True),
            )
        )


def first(store: Store) -> datetime | None:
    """When the first run that this store remembers began (naive London); null where it remembers none."""
    with store.transaction() as connection:
        found = connection.execute(sa.select(sa.func.min(runs.c.started_at))).scalar_one()
    return datetime.fromisoformat(found) if found else None


def last_done(store: Store, job: str) -> date | None:
    """The day of the last run of a job that was done; null where none was."""
    with store.transaction() as connection:
        which = sa.and_(runs.c.job == job, runs.c.state == "done")
        found = connection.execute(sa.select(sa.func.max(runs.c.started_at)).where(which)).scalar_one()
    return date.fromisoformat(found[:10]) if found else None


def latest(store: Store, job: str) -> RunRow | None:
    """The newest run of a job, for the health page."""
    with store.transaction() as connection:
        row = (
            connection.execute(
                sa.select(runs).where(runs.c.job == job).order_by(runs.c.started_at.desc(), runs.c.id.desc())
            )
            .mappings()
            .first()
        )
    if row is None:
        return None
    return RunRow(
        row["id"],
        row["job"],
        row["slot"],
        row["state"],
        row["started_at"],
        row["finished_at"],
        json.loads(row["summary"]),
    )


def record_override(store: Store, *, at: datetime, who: str, what: str, why: str, details: str) -> None:
    """Write down who lifted a guard, when and why."""
    with store.transaction() as connection:
        connection.execute(
            sa.insert(audit).values(
                at=at.isoformat(timespec="seconds"), who=who, what=what, why=why, details=details
            )
        )


@dataclass(frozen=True, slots=True)
class Override:
    """A guard that somebody lifted for one run."""

    at: str
    who: str
    what: str
    why: str
    details: str


def overrides(store: Store, most: int = 20) -> tuple[Override, ...]:
    """The newest overrides first, for whoever asks what was lifted, by whom and why."""
    with store.transaction() as connection:
        found = connection.execute(sa.select(audit).order_by(audit.c.id.desc()).limit(most)).mappings()
        return tuple(Override(r["at"], r["who"], r["what"], r["why"], r["details"]) for r in found)
