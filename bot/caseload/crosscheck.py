"""What must hold between the tables of a caseload, whatever source they came from.

Only what makes a row unusable or a person unfindable is looked for here; what a policy asks of the data is
the policies' own affair. Rows go before doubles are looked for, so that of two rows the usable one stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from bot.caseload.checks import Desk, dated, unknown
from bot.errors import Problem

_CHILD_MEND = "Add the child to children, or correct the id."
_WORKER_MEND = "Add the worker to workers, or correct the id."


def cross_check(desks: Mapping[str, Desk], today: date) -> None:
    """Look at each table, those first that others refer to."""
    _children(desks["children"])
    _workers(desks["workers"])
    children, workers = desks["children"].frame["child_id"], desks["workers"].frame["worker_id"]
    for name in ("episodes", "visits", "away", "requests", "approvals", "supervisions"):
        desk = desks[name]
        desk.set_aside(desk.not_among("child_id", children), "child_id", unknown("children"), _CHILD_MEND)
    for name in ("absences", "supervisions"):
        desk = desks[name]
        desk.set_aside(desk.not_among("worker_id", workers), "worker_id", unknown("workers"), _WORKER_MEND)
    for name, column in (("episodes", "worker_id"), ("visits", "worker_id"), ("absences", "buddy_id")):
        desk = desks[name]
        desk.ignore(desk.not_among(column, workers), column, unknown("workers"), _WORKER_MEND)
    _episodes(desks["episodes"])
    _visits(desks["visits"], today)
    _absences(desks["absences"])
    _ends_before_start(desks["away"])
    _risks(desks["risks"], desks["children"].frame["household_id"])


def _children(desk: Desk) -> None:
    desk.without_doubles("child_id")


def _workers(desk: Desk) -> None:
    desk.without_doubles("worker_id")
    if desk.frame.is_empty():
        desk.problems.append(
            Problem(
                desk.where,
                "not one worker could be read",
                "Export the workers, or nobody is told.",
                "warning",
            )
        )
    ids = desk.frame["worker_id"]
    for column in ("manager_id", "buddy_id"):
        desk.ignore(desk.not_among(column, ids), column, unknown("workers"), _WORKER_MEND)
    desk.ignore(
        pl.col("buddy_id") == pl.col("worker_id"),
        "buddy_id",
        "a worker cannot stand in for themselves",
        "Name another worker, or leave it blank.",
    )
    desk.warn(
        pl.col("worker_id").is_in(_in_circles(desk.frame)),
        "manager_id",
        "this person is, through others or directly, their own manager: who is above whom cannot be told",
        "Correct the manager_id of one of those in the circle; whoever is at the top has none.",
    )
    desk.warn(
        pl.col("email").is_duplicated(),
        "email",
        "another worker has the same mailbox: the diaries and mail of both go there",
        "Give each worker their own address.",
    )


def _in_circles(workers: pl.DataFrame) -> list[str]:
    """Everybody who comes back to themselves by following manager_id."""
    above: dict[str, str | None] = dict(workers.select("worker_id", "manager_id").iter_rows())
    ends: dict[str, bool] = {}  # worker → whether they stand in a circle
    for worker in above:
        way: dict[str, None] = {}
        at: str | None = worker
        while at in above and at not in ends and at not in way:
            way[at] = None
            at = above[at]
        walked = list(way)
        circle = walked[walked.index(at) :] if at in way and at is not None else []
        ends |= dict.fromkeys(walked, False) | dict.fromkeys(circle, True)
    return [worker for worker, inside in ends.items() if inside]


def _episodes(desk: Desk) -> None:
    if desk.frame.is_empty():
        desk.problems.append(
            Problem(
                desk.where, "not one episode could be read", "Export the plans, or nothing is due.", "warning"
            )
        )
    _ends_before_start(desk)


def _visits(desk: Desk, today: date) -> None:
    took_place = pl.col("status").is_in(("completed", "failed"))
    desk.set_aside(
        took_place & (pl.col("at").cast(pl.Date) > today),
        "at",
        dated("recorded as having taken place on {}, which is after today"),
        "Correct the date, or the status if it is still to come (scheduled).",
    )
    desk.without_doubles("visit_id")
    desk.warn(
        (pl.col("status") == "completed") & (pl.col("kind") == "visit") & pl.col("seen").is_null(),
        "seen",
        "a completed visit that does not say whether the child was seen: it does not count",
        "Write yes or no.",
    )


def _absences(desk: Desk) -> None:
    _ends_before_start(desk)
    desk.warn(
        (pl.col("kind") == "planned") & pl.col("end").is_null(),
        "end",
        "planned leave without a last day: it goes on until one is given",
        "Write the last day of the leave.",
    )


def _risks(desk: Desk, households: pl.Series) -> None:
    desk.warn(
        desk.not_among("household_id", households.drop_nulls()),
        "household_id",
        "no child lives in this household: nobody will be told of the risk",
        "Correct the household_id here, or fill it for the children who live there.",
    )


def _ends_before_start(desk: Desk) -> None:
    desk.set_aside(
        pl.col("end") < pl.col("start").cast(pl.Date),
        "end",
        dated("ends on {}, before it starts"),
        "Correct one of the two dates.",
    )
