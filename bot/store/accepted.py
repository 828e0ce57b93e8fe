"""What the last accepted caseload held: how large it was, whose list each child was on, whose each entry is.

The next caseload is held against it, and a child missing from one export is still known from the last. Only
a caseload that passed every guard, or that somebody let pass with a reason, is remembered here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.store.database import Store
from bot.store.schema import entry_children, holdings, ledger, snapshots

_AT_ONCE = 500  # rows a statement: SQLite takes some thousands of values in one


@dataclass(frozen=True, slots=True)
class Holding:
    """A child on a worker's list ("" where none is named), and since when no caseload has had the child."""

    child_id: str
    worker_id: str
    visits: int
    missing_since: date | None = None
    missing_in: datetime | None = None


@dataclass(frozen=True)
class Accepted:
    """An accepted caseload as remembered. ``tables`` are rows by table."""

    today: date
    tables: Mapping[str, int]
    open_episodes: int
    holdings: tuple[Holding, ...]


def last(store: Store) -> Accepted | None:
    """The caseload accepted last; null before the first."""
    with store.transaction() as connection:
        found = (
            connection.execute(sa.select(snapshots).order_by(snapshots.c.id.desc()).limit(1))
            .mappings()
            .first()
        )
        if found is None:
            return None
        held = [_holding(row) for row in connection.execute(sa.select(holdings)).mappings()]
    today, tables = date.fromisoformat(found["today"]), json.loads(found["tables"])
    return Accepted(today, tables, found["open_episodes"], tuple(held))


def children_of_entries(store: Store) -> dict[str, str]:
    """Which child each entry is of, by key."""
    with store.transaction() as connection:
        return _children(connection)


def remember(
    store: Store,
    fence: int,
    run_id: int,
    accepted: Accepted,
    *,
    problems: int,
    children_of: Mapping[str, str],
) -> None:
    """Keep an accepted caseload, in one transaction; what has not changed is not written again.

    ``children_of``: the child of each entry that is wanted now. Those of entries that the ledger still knows
    are kept beside them. Raises Overtaken where a newer run has started.
    """
    with store.fenced(fence) as connection:
        connection.execute(
            sa.insert(snapshots).values(
                run_id=run_id,
                today=accepted.today.isoformat(),
                children=accepted.tables.get("children", 0),
                open_episodes=accepted.open_episodes,
                visits=accepted.tables.get("visits", 0),
                problems=problems,
                tables=json.dumps(dict(accepted.tables), sort_keys=True),
            )
        )
        _keep_holdings(connection, frozenset(accepted.holdings))
        _keep_children(connection, children_of)


def _keep_holdings(connection: Connection, wanted: frozenset[Holding]) -> None:
    before = frozenset(_holding(row) for row in connection.execute(sa.select(holdings)).mappings())
    ended, begun = before - wanted, wanted - before
    if ended:
        connection.execute(
            sa.delete(holdings).where(
                holdings.c.child_id == sa.bindparam("child"), holdings.c.worker_id == sa.bindparam("worker")
            ),
            [{"child": one.child_id, "worker": one.worker_id} for one in ended],
        )
    if begun:
        connection.execute(
            sa.insert(holdings),
            [
                {
                    "child_id": one.child_id,
                    "worker_id": one.worker_id,
                    "visits": one.visits,
                    "missing_since": one.missing_since.isoformat() if one.missing_since else None,
                    "missing_in": one.missing_in.isoformat() if one.missing_in else None,
                }
                for one in begun
            ],
        )


def _keep_children(connection: Connection, wanted: Mapping[str, str]) -> None:
    before = _children(connection)
    known = set(connection.execute(sa.select(ledger.c.key)).scalars())
    _drop(connection, before.keys() - wanted.keys() - known)
    changed = {key: child for key, child in wanted.items() if before.get(key) != child}
    _drop(connection, changed.keys() & before.keys())
    if changed:
        connection.execute(
            sa.insert(entry_children), [{"key": key, "child_id": child} for key, child in changed.items()]
        )


def _children(connection: Connection) -> dict[str, str]:
    return {row.key: row.child_id for row in connection.execute(sa.select(entry_children))}


def _drop(connection: Connection, keys: Iterable[str]) -> None:
    left = sorted(keys)
    for start in range(0, len(left), _AT_ONCE):
        some = left[start : start + _AT_ONCE]
        connection.execute(sa.delete(entry_children).where(entry_children.c.key.in_(some)))


def _holding(row: sa.RowMapping) -> Holding:
    since, seen_in = row["missing_since"], row["missing_in"]
    return Holding(
        row["child_id"],
        row["worker_id"],
        row["visits"],
        date.fromisoformat(since) if since else None,
        datetime.fromisoformat(seen_in) if seen_in else None,
    )
