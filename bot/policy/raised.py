"""Open concerns gathered, put on each child's first object, and said in words."""

from __future__ import annotations

import polars as pl

from bot.policy.asked import Asked
from bot.policy.compiled import KINDS
from bot.policy.concerns import SITUATIONS
from bot.policy.history import History
from bot.policy.judgement import APPROVED, Concern
from bot.policy.lookup import look_up
from bot.policy.together import collected

ORDER = ("worker", "manager", "iro", "service_manager")
RAISED: dict[str, pl.DataType | type[pl.DataType]] = {
    "child": pl.UInt32,
    "clause": pl.UInt16,
    "rule": pl.UInt16,
    "to": pl.List(pl.String),
    "since": pl.Date,
    "note": pl.String,
}


def raised(history: History, claims: pl.DataFrame, objects: pl.DataFrame) -> pl.DataFrame:
    """One row a child and clause: who is told (for a restricted child the manager in place of the IRO)."""
    found = [pl.LazyFrame(schema=RAISED)]
    for part in history.parts_in_force():
        for place, rule in enumerate(part.clause.concerns):
            asked = Asked(history, part, rule, claims, objects)
            rows = SITUATIONS[rule.when](asked)
            there = rows.collect_schema().names()
            made = {
                "clause": pl.lit(history.compiled.clause(part.clause.id)),
                "rule": pl.lit(place),
                "to": pl.col("to") if "to" in there else pl.lit(list(rule.to)),
                "note": pl.col("note") if "note" in there else pl.lit(None),
            }
            found.append(
                rows.select(
                    made.get(name, pl.col(name)).cast(kind).alias(name) for name, kind in RAISED.items()
                )
            )
    restricted = history.scene.children.lazy().select("child", "restricted")
    told = pl.col("to")
    kept_close = pl.when(pl.col("restricted") & (told == "iro")).then(pl.lit("manager")).otherwise(told)
    rank = told.replace_strict(ORDER, range(len(ORDER)), return_dtype=pl.UInt8)
    return (
        pl.concat(found)
        .explode("to")
        .join(restricted, on="child", how="left")
        .with_columns(to=kept_close)
        .with_columns(rank=rank)
        .sort("child", "clause", "rank", "rule")
        .group_by("child", "clause", maintain_order=True)
        .agg(
            pl.col("to").unique(maintain_order=True),
            pl.col("rule").first(),
            pl.col("since").min(),
            pl.col("note").drop_nulls().first(),
        )
        .pipe(collected)
    )


def childless(history: History, open_: pl.DataFrame, objects: pl.DataFrame) -> pl.DataFrame:
    """Objects of kind ``concern`` for children who are owed nothing but have an open concern."""
    scene = history.scene
    alone = open_.select("child").unique().join(objects.select("child"), on="child", how="anti")
    worker = (
        scene.episodes.lazy()
        .filter("open", pl.col("child").is_in(alone["child"].implode()))
        .sort("child", "start", "episode")
        .unique("child", keep="first", maintain_order=True)
        .select("child", "worker")
        .pipe(collected)
    )
    return alone.join(worker, on="child", how="left").select(
        child="child",
        kind=pl.lit(KINDS.index("concern"), pl.UInt8),
        worker="worker",
        place=pl.lit(None, pl.UInt32),
        due=pl.lit(scene.today),
    )


def on_first_objects(open_: pl.DataFrame, objects: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """``objects``, in their final order, with the list ``concerns`` on each child's first."""
    lists = (
        open_.lazy()
        .sort("child", "clause")
        .group_by("child", maintain_order=True)
        .agg(concerns=pl.struct(id=look_up(ids, "clause"), to="to"))
        .pipe(collected)
    )
    kind = pl.List(pl.Struct({"id": pl.String, "to": pl.List(pl.String)}))
    first = pl.when(pl.col("child").is_first_distinct()).then("child")
    joined = (  # without the other lists, which are dear to join; to gather these by number would be dearer
        objects.select(child=first)
        .join(lists, on="child", how="left", maintain_order="left")
        .select(pl.col("concerns").cast(kind).fill_null(pl.lit([], kind)))
    )
    return objects.with_columns(joined["concerns"])


def approved_by(history: History) -> frozenset[str]:
    """The clauses of the packs in force whose concern stays open until an approval is recorded."""
    return frozenset(
        part.clause.id
        for part in history.parts_in_force()
        if any(rule.when == APPROVED for rule in part.clause.concerns)
    )


def in_words(history: History, open_: pl.DataFrame) -> tuple[Concern, ...]:
    """Every open concern as a value."""
    rules = {
        (history.compiled.clause(part.clause.id), place): (part.clause, rule)
        for part in history.parts()
        for place, rule in enumerate(part.clause.concerns)
    }
    child_ids = history.scene.children["child_id"]
    said = []
    for child, clause_number, to, place, since, note in open_.select(
        "child", "clause", "to", "rule", "since", "note"
    ).iter_rows():
        clause, rule = rules[clause_number, place]
        words = " ".join(part for part in (rule.says or clause.says, note) if part)
        untold = tuple(who for who in rule.to if who not in to)
        said.append(
            Concern(
                child_ids[child],
                clause.id,
                tuple(to),
                words,
                rule.closes,
                since,
                situation=rule.when,
                kept_from=untold,
                figures=(rule.count, rule.days, rule.from_age),
                of_clauses=rule.of_clauses,
            )
        )
    return tuple(said)
