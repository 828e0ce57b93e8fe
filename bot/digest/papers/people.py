"""Whom a paper names, and how they are reached: the allocated worker and the worker's manager."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from bot.caseload.model import Caseload
from bot.digest.words import plain


@dataclass(frozen=True, slots=True)
class Reach:
    """Somebody of the council; empty: the caseload does not say."""

    worker_id: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""


NOBODY = Reach()


def reach(caseload: Caseload, worker_id: str | None) -> Reach:
    """Somebody of workers.csv; a bare id where it has no such row."""
    if worker_id is None:
        return NOBODY
    found = caseload.workers.filter(pl.col("worker_id") == worker_id)
    if found.is_empty():
        return Reach(worker_id, plain(worker_id))
    row = found.row(0, named=True)
    return Reach(worker_id, plain(row["name"] or worker_id), plain(row["phone"] or ""), plain(row["email"]))


def manager_of(caseload: Caseload, worker_id: str | None) -> Reach:
    """The manager of a worker."""
    found = caseload.workers.filter(pl.col("worker_id") == worker_id)
    return reach(caseload, found["manager_id"][0]) if worker_id and not found.is_empty() else NOBODY


def owners(caseload: Caseload, holders: Iterable[str]) -> tuple[Reach, ...]:
    """The allocated workers and their managers: the only people for whom a restricted child's papers are."""
    workers = list(holders)
    found = [reach(caseload, one) for one in workers] + [manager_of(caseload, one) for one in workers]
    return tuple(dict.fromkeys(who for who in found if who != NOBODY))
