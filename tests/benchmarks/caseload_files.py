"""A council or a whole country as the plain caseload's files, every column of each, made in seconds.

The mix of plans is that of England's returns. A child is visited about as often as its plan asks, at uneven
intervals, within the plan; a few visits fail, are postponed or lie ahead, and boxes are left unticked about
as often as in life. What looks like chance is arithmetic, so that the same numbers make the same files on
every machine.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

TODAY = date(2026, 11, 23)
KINDS = (  # a plan or placement, its share of all children, and how many visits a year it sees
    ("child_in_need", 0.42, 13),
    ("child_protection", 0.13, 26),
    ("in_our_care", 0.17, 9),
    ("early_help", 0.08, 12),
    ("care_leaver", 0.06, 6),
    ("referral", 0.03, 12),
    ("section_47", 0.02, 26),
    ("short_breaks", 0.03, 4),
    ("adoptive_placement", 0.01, 12),
    ("private_fostering", 0.01, 9),
    ("temporary_carer", 0.01, 20),
    ("interim_care_order_home", 0.01, 20),
    ("care_order_home", 0.01, 12),
    ("missing", 0.01, 26),
)
PLACED = ("in_our_care", "short_breaks", "temporary_carer", "adoptive_placement")
EARLY_HELP, ADVISERS = 4, 3  # of every fifty workers so many are no social workers but these
OUTCOMES = (
    ("completed",) * 90 + ("failed",) * 5 + ("cancelled",) * 2 + ("postponed", "scheduled", "scheduled")
)


def write(folder: Path, children: int, visits: int, seed: int) -> None:
    """The required files and those of any size beside them, every column of each."""
    folder.mkdir(parents=True, exist_ok=True)
    workers = max(children // 15, 20)
    base = _plans(children, workers, seed)
    _write(folder, "children", _children(base))
    _write(folder, "episodes", _episodes(base))
    _write(folder, "visits", _visits(base, visits, seed))
    _write(folder, "workers", _workers(workers))
    _write(folder, "absences", _absences(workers, seed))
    for name, frame in _rare(base, seed).items():
        _write(folder, name, frame)


def _write(folder: Path, name: str, frame: pl.DataFrame) -> None:
    from bot.caseload.plain import TABLES

    columns = [column.name for column in TABLES[name].columns]
    blank = [pl.lit(None, pl.String).alias(c) for c in columns if c not in frame.columns]
    frame.with_columns(blank).select(columns).write_csv(folder / f"{name}.csv")


def _chance(rows: int, salt: int, of: int) -> pl.Series:
    """A number below ``of`` for each row, spread like chance and always the same: SplitMix64's mixing."""
    mixed = np.arange(rows, dtype=np.uint64) + np.uint64(salt * 1_000_003 + 1)
    mixed *= np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return pl.Series((mixed ^ (mixed >> np.uint64(31))) % np.uint64(of)).cast(pl.Int64)


def _days_ago(days: pl.Expr | pl.Series) -> pl.Expr:
    return pl.lit(TODAY) - pl.duration(days=days)


def _plans(children: int, workers: int, seed: int) -> pl.DataFrame:
    """One open plan a child: its kind, how many days it has run, who holds it, where the child lives."""
    roll = _chance(children, seed, 10_000) / 10_000
    names, shares, rates = zip(*KINDS, strict=True)
    kind = np.searchsorted(np.cumsum(shares)[:-1], roll.to_numpy(), side="right")
    number = pl.int_range(children, eager=True)
    plans = pl.DataFrame(
        {
            "n": number,
            "child_id": (number + 20_000).cast(pl.String),
            "kind": pl.Series(names).gather(kind),
            "rate": pl.Series(rates).gather(kind),
            "ran": _chance(children, seed + 1, 900) + 3,
            "any_worker": _chance(children, seed + 2, workers),
        }
    )
    group, place = pl.col("any_worker") // 50 * 50, pl.col("any_worker") % 50
    of_role = (  # the worker of the group of fifty who does such plans
        pl.when(pl.col("kind") == "early_help")
        .then(group + place % EARLY_HELP)
        .when(pl.col("kind") == "care_leaver")
        .then(group + EARLY_HELP + place % ADVISERS)
        .otherwise(group + EARLY_HELP + ADVISERS + place % (50 - EARLY_HELP - ADVISERS))
    )
    return plans.with_columns(worker=pl.min_horizontal(of_role, workers - 1)).with_columns(
        start=_days_ago(pl.col("ran")),
        worker_id=pl.format("W{}", "worker"),
        setting=pl.when(pl.col("kind").is_in(PLACED)).then(pl.format("S{}", pl.col("n") * 2 // 3)),
    )


def _children(base: pl.DataFrame) -> pl.DataFrame:
    grown = pl.col("kind") == "care_leaver"
    age = pl.when(grown).then(6_600 + pl.col("n") * 31_337 % 2_300).otherwise(pl.col("n") * 31_337 % 6_400)
    return base.select(
        "child_id",
        initials=pl.lit("J.S."),
        date_of_birth=_days_ago(age),
        household_id=pl.format("H{}", pl.col("n") * 3 // 5),
        living_at_home=pl.when(pl.col("setting").is_null()).then(pl.lit("yes")).otherwise(pl.lit("no")),
        iro_email=pl.when(pl.col("kind") == "in_our_care").then(
            pl.format("iro{}@council.example", pl.col("n") % 97)
        ),
        restricted=pl.when(pl.col("n") % 500 == 0).then(pl.lit("yes")),
    )


def _episodes(base: pl.DataFrame) -> pl.DataFrame:
    """The open plans, and for every fifth child an earlier one that ended when this began."""
    kind, days = pl.col("kind"), pl.col("ran")
    since = lambda n: pl.min_horizontal(pl.col("start") + pl.duration(days=n), pl.lit(TODAY))  # noqa: E731
    early = kind.is_in(["early_help", "section_47", "referral"])
    agreed = pl.col("n") % 40 == 0
    now = base.with_columns(
        end=pl.lit(None, pl.Date),
        worker_since="start",
        first_review=pl.when(kind.is_in(PLACED)).then(pl.col("start") + pl.duration(days=28)),
        permanence_agreed_on=pl.when((kind == "in_our_care") & (days > 500)).then(since(400)),
        approved_on=pl.when((kind == "temporary_carer") & (days > 150)).then(since(120)),
        final_hearing=pl.when((kind == "interim_care_order_home") & (days > 200)).then(since(180)),
        first_contact=pl.when(early & (days > 3)).then(since(2)),
        decision_at=pl.when(kind == "referral").then(pl.format("{}T12:00", since(1))),
        referrer_told_at=pl.when((kind == "referral") & (days > 3)).then(pl.format("{}T15:30", since(3))),
        returned_at=pl.when(kind == "missing").then(pl.format("{}T18:15", _days_ago(days % 5))),
        breaks_every=pl.when(kind == "short_breaks").then(pl.lit("3 months")),
        agreed_every=pl.when(agreed).then(pl.lit("2 weeks")),
        agreed_from=pl.when(agreed).then("start"),
        agreed_reason=pl.when(agreed).then(pl.lit("plan")),
        difficulty=pl.col("n") % 3 + 1,
    )
    before = base.filter(pl.col("n") % 5 == 0).select(
        "child_id",
        kind=pl.lit("early_help"),
        start=pl.col("start") - pl.duration(days=90),
        end=pl.col("start") - pl.duration(days=1),
        worker_id=pl.format("W{}", (pl.col("worker") * 7 + 3) % base["worker"].n_unique()),
    )
    return pl.concat([before, now], how="diagonal").select(
        pl.exclude("n", "rate", "ran", "any_worker", "worker")
    )


def _visits(base: pl.DataFrame, visits: int, seed: int) -> pl.DataFrame:
    """In the order in which they were recorded; each child's spread over the last year of its plan."""
    span = np.minimum(base["ran"].to_numpy(), 365)
    share = (base["rate"].to_numpy() * span).cumsum()
    whose = np.searchsorted(share, (np.arange(visits) + 0.5) * (share[-1] / visits))
    first = np.searchsorted(whose, whose, side="left")
    many = np.searchsorted(whose, whose, side="right") - first
    place = np.arange(visits) - first + _chance(visits, seed + 3, 1_000).to_numpy() / 1_000
    made = pl.DataFrame(
        {"ago": (span[whose] * (1 - place / many)).astype(np.int64), "n": whose}
    ).with_columns(
        base.select("child_id", "worker_id", "setting")[whose],
        hour=_chance(visits, seed + 4, 9) + 9,
        status=pl.Series(OUTCOMES).gather(_chance(visits, seed + 5, 100)),
        other=_chance(visits, seed + 6, 100),
    )
    box = {
        name: _chance(visits, seed + salt, 100) < share_of_100
        for salt, (name, share_of_100) in enumerate(
            {
                "seen": 97,
                "seen_alone": 85,
                "awake": 92,
                "observed": 75,
                "at_home": 75,
                "bedroom_seen": 60,
                "sleeping_arrangements_seen": 30,
                "announced": 80,
                "brief": 3,
            }.items(),
            start=10,
        )
    }
    ahead = pl.col("status") == "scheduled"
    took_place = pl.col("status") == "completed"
    said = lambda answer: pl.when(took_place).then(  # noqa: E731
        pl.when(pl.Series(answer)).then(pl.lit("yes")).otherwise(pl.lit("no"))
    )
    written = pl.col("ago") - pl.col("other") % 8
    return (
        made.with_columns(
            day=pl.when(ahead).then(_days_ago(-1 - pl.col("ago") % 25)).otherwise(_days_ago(pl.col("ago")))
        )
        .with_columns(
            **{name: said(answer) for name, answer in box.items()},
            at=pl.format("{}T{}:30", "day", pl.col("hour").cast(pl.String).str.zfill(2)),
            kind=pl.when(pl.col("other") == 0)
            .then(pl.lit("return_interview"))
            .when(pl.col("other") < 4)
            .then(pl.lit("contact"))
            .otherwise(pl.lit("visit")),
            channel=pl.when(pl.col("other") < 6).then(pl.lit("phone")).otherwise(pl.lit("in_person")),
            reason=pl.when(~took_place & ~ahead).then(pl.lit("the family was not at home")),
            access_problem=pl.when((pl.col("status") == "failed") & (pl.col("other") < 20)).then(
                pl.lit("yes")
            ),
            finalised_at=pl.when(took_place & (written >= 0)).then(pl.format("{}T16:00", _days_ago(written))),
            worker_id=pl.when(pl.col("other") > 93)
            .then(pl.format("W{}", pl.col("n") % base["worker"].n_unique()))
            .otherwise("worker_id"),
            planned_for=pl.when(pl.col("status") == "postponed").then(pl.col("day") + pl.duration(days=6)),
            next_plan=pl.when(took_place & (pl.col("other") < 15)).then(pl.lit("See at school next time")),
        )
        .sort("ago", descending=True, maintain_order=True)
        .with_row_index("visit_number")
        .with_columns(visit_id=pl.format("V{}", "visit_number"))
    )


def _workers(workers: int) -> pl.DataFrame:
    number = pl.col("n")
    return pl.DataFrame({"n": pl.int_range(workers, eager=True)}).select(
        worker_id=pl.format("W{}", number),
        name=pl.format("Worker {}", number),
        email=pl.format("w{}@council.example", number),
        phone=pl.lit("01234 567890"),
        role=pl.when(number % 50 < EARLY_HELP)
        .then(pl.lit("early_help_practitioner"))
        .when(number % 50 < EARLY_HELP + ADVISERS)
        .then(pl.lit("personal_adviser"))
        .otherwise(pl.lit("social_worker")),
        team=pl.format("Team {}", number // 8),
        manager_id=pl.when(number % 8 > 0).then(pl.format("W{}", number // 8 * 8)),
        buddy_id=pl.when(number % 3 == 0).then(pl.format("W{}", (number + 1) % workers)),
        works=pl.when(number % 5 == 0).then(pl.lit("mon tue wed")).otherwise(pl.lit("mon tue wed thu fri")),
    )


def _absences(workers: int, seed: int) -> pl.DataFrame:
    """Every ninth worker is away about now, every other of them without having planned it."""
    begins = pl.Series(_chance(workers, seed + 30, 40)) - 10
    return (
        pl.DataFrame({"n": pl.int_range(workers, eager=True), "begins": begins})
        .filter(pl.col("n") % 9 == 0)
        .select(
            worker_id=pl.format("W{}", "n"),
            start=_days_ago(-pl.col("begins")),
            end=_days_ago(-pl.col("begins") - 11),
            kind=pl.when(pl.col("n") % 2 == 0).then(pl.lit("planned")).otherwise(pl.lit("unplanned")),
            buddy_id=pl.format("W{}", (pl.col("n") + 1) % workers),
        )
    )


def _rare(base: pl.DataFrame, seed: int) -> dict[str, pl.DataFrame]:
    """What is written down of few children: times away, wishes, risks, approvals; supervisions of a tenth."""
    some = base.with_columns(roll=_chance(len(base), seed + 40, 1_000))
    lately = _days_ago(pl.col("n") % 30)
    return {
        "away": some.filter(pl.col("roll") < 5).select(
            "child_id", start=lately, end=_days_ago(pl.col("n") % 30 - 14), abroad=pl.lit("no")
        ),
        "requests": some.filter(pl.col("roll") < 4).select("child_id", asked_on=lately, by=pl.lit("child")),
        "risks": some.filter(pl.col("roll") < 3).select(
            household_id=pl.format("H{}", pl.col("n") * 3 // 5),
            risk=pl.lit("a dog that bites"),
            to=pl.lit("workers"),
            recorded_on=lately,
        ),
        "approvals": some.filter(pl.col("roll") < 6).select(
            "child_id", clause=pl.lit("D.15"), asked_on=lately, recorded_on=lately
        ),
        "supervisions": some.filter(pl.col("roll") < 100).select(
            "worker_id", "child_id", held_on=lately, frequency_reviewed=pl.lit("yes")
        ),
    }
