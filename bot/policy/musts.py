"""What an owed visit has to include, from the clauses of the episodes it is owed for.

A clause asks on the episode; the object unites what its episodes ask. Ages are those between today and the
due date: where a birthday falls between, what either age asks is asked.
"""

from __future__ import annotations

import polars as pl

from bot.errors import Problem
from bot.policy.agreed import last_counted
from bot.policy.compiled import KINDS, Compiled, Part, counting, in_scope
from bot.policy.condition_words import Condition
from bot.policy.conditions import AGE_WORDS, lacked, select
from bot.policy.history import History
from bot.policy.judgement import MUSTS
from bot.policy.lookup import look_up, names
from bot.policy.owed import CONTACT, OBJECT, VISIT
from bot.policy.together import collected

ON_OBJECT = ("aged_at_least", "aged_under")
ON_HISTORY = ("last_visit_lacked", "home_share")
NOT_BEFORE_BIRTH = ("alone", "awake", "observed")
BIT = {must: 1 << place for place, must in enumerate(MUSTS)}


def musts(history: History, objects: pl.DataFrame, rows: pl.LazyFrame) -> pl.DataFrame:
    """``objects`` with the sorted list ``must``; ``rows`` is who asks what (``asked_by``)."""
    together = rows.group_by(OBJECT).agg(pl.col("bit").bitwise_or())
    kept = sum(BIT[must] for must in _kept_while_away(history.compiled))
    with_bits = objects.lazy().join(together, on=OBJECT, how="left", nulls_equal=True, maintain_order="left")
    contact_of_visits = pl.col("from_visit") & (pl.col("kind") == CONTACT)
    bit = (
        pl.when(pl.col("kind") == VISIT)
        .then("bit")
        .when(contact_of_visits)
        .then(pl.col("bit") & kept)
        .otherwise(0)
        .fill_null(0)
    )
    lists = pl.LazyFrame(
        {"bit": range(1 << len(MUSTS)), "must": [_names(bits_) for bits_ in range(1 << len(MUSTS))]},
        schema={"bit": pl.Int16, "must": pl.List(pl.String)},
    )
    return (
        with_bits.with_columns(bit=bit.cast(pl.Int16))
        .join(lists, on="bit", maintain_order="left")
        .drop("bit")
        .pipe(collected)
    )


def asked_by(
    history: History, claims: pl.DataFrame, objects: pl.DataFrame, pressing: pl.DataFrame
) -> pl.LazyFrame:
    """(object, clause, must bit) of each must; ``pressing`` are those that limits put on an object."""
    scene = history.scene
    asked = [part for part in history.parts_in_force() if part.clause.must]
    listed = (
        claims.lazy()
        .filter(pl.col("kind").is_in([VISIT, CONTACT]))
        .select(*OBJECT, "ep", "pack", "clause")
        .unique()
    )
    later = objects.lazy().select(*OBJECT, by=pl.max_horizontal("due", pl.lit(scene.today)))
    ages = scene.children.lazy().select("child", "date_of_birth")
    limited = pressing.lazy().with_columns(bit=pl.col("must").replace_strict(BIT, return_dtype=pl.Int16))
    bits = [_as_bits(limited)]
    if asked:
        rows = (
            pl.concat([_asked(history, part, listed) for part in asked])
            .join(later, on=OBJECT, nulls_equal=True)
            .join(ages, on="child")
            .filter(_of_age(scene.today))
        )
        bits.append(_as_bits(rows))
    return pl.concat(bits)


def asked_in_words(history: History, objects: pl.DataFrame, rows: pl.LazyFrame) -> pl.LazyFrame:
    """``Asked``: each must that an object shows, with the clause that asks; reckoned where it is read."""
    scene = history.scene
    names_of_bits = pl.LazyFrame(
        {"bit": list(BIT.values()), "must": list(BIT)}, schema={"bit": pl.Int16, "must": pl.String}
    )
    shown = objects.lazy().select(*OBJECT, "must").explode("must").drop_nulls("must")
    return (
        rows.join(names_of_bits, on="bit")
        .join(shown, on=[*OBJECT, "must"], how="semi", nulls_equal=True)
        .select(
            child_id=look_up(scene.children["child_id"], "child"),
            worker_id=look_up(scene.worker_ids, "worker"),
            kind=look_up(names(KINDS), "kind"),
            setting=look_up(scene.settings, "place"),
            must="must",
            clause=look_up(names(history.compiled.ids), "clause"),
        )
        .unique()
        .sort("must", "clause")
    )


def _names(bits: int) -> list[str]:
    return [must for must in MUSTS if bits & BIT[must]]


def _as_bits(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.select(*OBJECT, "clause", pl.col("bit").cast(pl.Int16))


def _kept_while_away(compiled: Compiled) -> set[str]:
    return {
        must for part in compiled.parts() if part.clause.while_away for must in part.clause.while_away.keeps
    }


def _asked(history: History, part: Part, listed: pl.LazyFrame) -> pl.LazyFrame:
    """(object, must bit, from which age, under which age) of one clause.

    With the clauses it names, or its own clocks, it asks by episode; else of every visit of the pack's.
    """
    pack, clause = part.pack, part.clause
    scene = history.scene
    frame = pl.concat([scene.episodes, history.facts(counting(pack, clause))], how="horizontal").lazy()
    frame = frame.filter(in_scope(pack, clause))
    conditions = clause.must_when
    plain = [c for c in conditions if c.name not in (*ON_OBJECT, *ON_HISTORY)]
    frame = select(scene, frame, plain)
    for condition in conditions:
        if condition.name == "home_share":
            home = history.at_home(counting(pack, clause))
            frame = frame.filter(_home_share(condition, look_up(home, "ep")))
        elif condition.name == "last_visit_lacked":
            frame = frame.join(_lacking(history, part, condition), on="child", how="semi")
    ids = clause.must_with or tuple(clause.every_id if clause.clocks else ())
    listed = listed.filter(pl.col("pack") == part.number)
    if ids:
        listed = listed.filter(pl.col("clause").is_in([history.compiled.clause(id_) for id_ in ids]))
        on_objects = listed.join(frame.select("ep"), on="ep", how="semi")
    else:
        on_objects = listed.join(frame.select("child"), on="child", how="semi")
    least = next((c.value for c in conditions if c.name == "aged_at_least"), None)
    under = next((c.value for c in conditions if c.name == "aged_under"), None)
    made = [
        on_objects.select(
            *OBJECT,
            clause=pl.lit(history.compiled.clause(clause.id), pl.UInt16),
            bit=pl.lit(BIT[must], pl.Int16),
            least=pl.lit(least, pl.Int16),
            under=pl.lit(under, pl.Int16),
            once_born=pl.lit(must in NOT_BEFORE_BIRTH),
        ).unique()
        for must in clause.must
    ]
    return pl.concat(made)


def _home_share(condition: Condition, home: pl.Expr) -> pl.Expr:
    at_home, after = 2 * home, pl.col("n") + 1
    return at_home < after if condition.value == "below_half" else at_home <= after


def _lacking(history: History, part: Part, condition: Condition) -> pl.LazyFrame:
    """The children whose last counted visit, in whichever plan of the pack, lacked one of these."""
    scene = history.scene
    return (
        last_counted(history, part)
        .join(scene.children.lazy().select("child", "date_of_birth"), on="child")
        .filter(lacked(scene, condition.value))
        .select("child")
    )


def _of_age(today: object) -> pl.Expr:
    """Whether an age between today and the due date is asked; both sides where the birth date is unknown."""
    born = pl.col("date_of_birth")
    months = pl.col("least").cast(pl.Int32) * 12
    grown = born.dt.offset_by(pl.format("{}mo", months.fill_null(0))) <= pl.col("by")
    still = born.dt.offset_by(pl.format("{}mo", (pl.col("under").cast(pl.Int32) * 12).fill_null(0))) > pl.lit(
        today
    )
    return (
        (pl.col("least").is_null() | grown.fill_null(value=True))
        & (pl.col("under").is_null() | still.fill_null(value=True))
        & (~pl.col("once_born") | (born <= pl.col("by")).fill_null(value=True))
    )


def ages_unknown(history: History) -> list[Problem]:
    """Children whose clauses go by age and whose date of birth is not known."""
    unknown = history.scene.episodes.lazy().filter(pl.col("date_of_birth").is_null())
    asked = []
    for part in history.parts():
        pack, clause = part.pack, part.clause
        words = {c.name for clock in clause.clocks for c in clock.when} | {c.name for c in clause.must_when}
        ends = {step.until.kind for clock in clause.clocks for step in clock.steps if step.until}
        if words & set(AGE_WORDS) or "age" in ends:
            asked.append(unknown.filter(in_scope(pack, clause)).select("child_id"))
    if not asked:
        return []
    children = pl.concat(asked).unique().sort("child_id").pipe(collected)["child_id"]
    return [
        Problem(
            f"children.csv:{child}:date_of_birth",
            "the date of birth is not known, and what is owed goes by age",
            "Fill it in; until then what either age asks is asked.",
            "warning",
        )
        for child in children
    ]
