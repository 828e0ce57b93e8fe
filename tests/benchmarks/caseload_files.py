"""A council or a whole country as the plain caseload's files, every column of each, made in seconds.

The mix of plans is that of England's returns; who is visited when is spread evenly by arithmetic, so that the
same numbers make the same files on every machine.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

TODAY = date(2026, 11, 23)
KINDS = (  # a plan or placement and its share of all children, as England's returns have them
    ("child_in_need", 0.42),
    ("child_protection", 0.13),
    ("in_our_care", 0.17),
    ("early_help", 0.08),
    ("care_leaver", 0.06),
    ("referral", 0.03),
    ("section_47", 0.02),
    ("short_breaks", 0.03),
    ("adoptive_placement", 0.01),
    ("private_fostering", 0.01),
    ("temporary_carer", 0.01),
    ("interim_care_order_home", 0.01),
    ("care_order_home", 0.01),
    ("missing", 0.01),
)


def write(folder: Path, children: int, visits: int, seed: int) -> None:
    """The required files and those of any size beside them, every column of each."""
    from bot.caseload.plain import TABLES

    def full(name: str, frame: pl.DataFrame) -> None:
        columns = [column.name for column in TABLES[name].columns]
        blank = [pl.lit(None, pl.String).alias(c) for c in columns if c not in frame.columns]
        frame.with_columns(blank).select(columns).write_csv(folder / f"{name}.csv")

    folder.mkdir(parents=True, exist_ok=True)
    workers = max(children // 15, 20)
    shuffled = pl.int_range(children, eager=True)
    roll = shuffled.shuffle(seed) / children
    kind = pl.Series(["child_in_need"] * children)
    edge = 1.0
    for name, share in reversed(KINDS):
        kind = pl.select(pl.when(roll < edge).then(pl.lit(name)).otherwise(kind)).to_series()
        edge -= share
    number = pl.int_range(children, eager=True)
    worker = pl.select(pl.format("W{}", number * 7919 % workers)).to_series()
    started = (number * 104729 % 900) + 20
    base = pl.DataFrame(
        {
            "child_id": pl.select(pl.format("{}", number + 20000)).to_series(),
            "kind": kind,
            "start": pl.select(pl.lit(TODAY) - pl.duration(days=started)).to_series(),
            "worker_id": worker,
        }
    )
    days = pl.col("n")
    full(
        "children",
        base.select(
            "child_id",
            initials=pl.lit("J.S."),
            date_of_birth=pl.lit(date(2008, 1, 1)) + pl.duration(days=pl.Series(number * 31337 % 6500)),
            household_id=pl.format("H{}", pl.Series(number * 3 // 5)),
            living_at_home=pl.when(pl.Series(number % 3) == 0).then(pl.lit("no")).otherwise(pl.lit("yes")),
        ),
    )
    placed = pl.col("kind").is_in(["in_our_care", "short_breaks", "temporary_carer", "adoptive_placement"])
    full(
        "episodes",
        base.with_columns(n=pl.Series(started)).select(
            "child_id",
            "kind",
            "start",
            "worker_id",
            worker_since="start",
            setting=pl.when(placed).then(pl.format("S{}", "child_id")),
            first_review=pl.when(placed).then(pl.col("start") + pl.duration(days=28)),
            returned_at=pl.when(pl.col("kind") == "missing").then(
                pl.format("{}T18:15", (pl.lit(TODAY) - pl.duration(days=days % 5)).cast(pl.String))
            ),
            agreed_every=pl.when(days % 40 == 0).then(pl.lit("2 weeks")),
            agreed_from=pl.when(days % 40 == 0).then("start"),
            agreed_reason=pl.when(days % 40 == 0).then(pl.lit("plan")),
        ),
    )
    each = pl.int_range(visits, eager=True)
    whose = each * 2654435761 % children
    ago = each * 40503 % 380
    clock = each * 13 % 9 + 9
    yes = lambda odd, of: pl.when(pl.Series(each) % of == odd).then(pl.lit("no")).otherwise(pl.lit("yes"))  # noqa: E731
    at = (pl.lit(TODAY) - pl.duration(days=pl.Series(ago))).cast(pl.String)
    full(
        "visits",
        pl.DataFrame({"visit_id": pl.select(pl.format("V{}", each)).to_series()}).select(
            "visit_id",
            child_id=pl.format("{}", pl.Series(whose) + 20000),
            at=pl.format("{}T{}:30", at, pl.Series(clock).cast(pl.String).str.zfill(2)),
            status=pl.when(pl.Series(each) % 17 == 0).then(pl.lit("failed")).otherwise(pl.lit("completed")),
            kind=pl.lit("visit"),
            channel=pl.lit("in_person"),
            seen=yes(0, 17),
            seen_alone=yes(1, 3),
            awake=yes(2, 11),
            observed=yes(3, 5),
            at_home=yes(1, 4),
            bedroom_seen=yes(1, 2),
            announced=yes(5, 7),
            brief=pl.when(pl.Series(each) % 23 == 0).then(pl.lit("yes")).otherwise(pl.lit("no")),
            finalised_at=pl.format("{}T16:00", at),
            worker_id=pl.format("W{}", pl.Series(whose) * 7919 % workers),
        ),
    )
    of_workers = pl.int_range(workers, eager=True)
    full(
        "workers",
        pl.DataFrame({"worker_id": pl.select(pl.format("W{}", of_workers)).to_series()}).select(
            "worker_id",
            name=pl.format("Worker {}", "worker_id"),
            email=pl.format("{}@council.example", pl.col("worker_id").str.to_lowercase()),
            role=pl.lit("social_worker"),
            team=pl.format("Team {}", pl.Series(of_workers // 8)),
            manager_id=pl.format("W{}", pl.Series(of_workers // 8 * 8)),
            works=pl.when(pl.Series(of_workers % 5) == 0)
            .then(pl.lit("mon tue wed"))
            .otherwise(pl.lit("mon tue wed thu fri")),
        ),
    )
    away = pl.DataFrame({"n": of_workers}).filter(pl.col("n") % 9 == 0)
    full(
        "absences",
        away.select(
            worker_id=pl.format("W{}", "n"),
            start=pl.lit(TODAY) + pl.duration(days=pl.col("n") % 40 - 10),
            end=pl.lit(TODAY) + pl.duration(days=pl.col("n") % 40 + 4),
            kind=pl.when(pl.col("n") % 2 == 0).then(pl.lit("planned")).otherwise(pl.lit("unplanned")),
            buddy_id=pl.format("W{}", pl.col("n") + 1),
        ),
    )
