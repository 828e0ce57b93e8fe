"""Judging a caseload: every clause of the packs chosen, for every child at once.

The order matters and is the policies' own: clocks of each episode; the child's own frequency; what stands
on no one episode; what may never be later than the others; limits on visits that are owed anyway; then
what is owed, by whom, when to act, and who is told what.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

import polars as pl

from bot.caseload.model import Caseload
from bot.policy import cycles
from bot.policy.at_work import act_and_remind
from bot.policy.claiming import every_claim
from bot.policy.compiled import KINDS, compile_packs, streams
from bot.policy.cover import cover
from bot.policy.history import History, gather_history
from bot.policy.judgement import AskedBy, ClauseDue, Concern, DueVisit, Judgement
from bot.policy.lookup import look_up, names
from bot.policy.musts import asked_by, asked_in_words, musts
from bot.policy.naming import clause_pairs, named_claims, named_lists
from bot.policy.noticed import noticed
from bot.policy.owed import OBJECT, group, while_away
from bot.policy.pack import Pack
from bot.policy.published import beyond_confirmed
from bot.policy.raised import approved_by, childless, in_words, on_first_objects, raised
from bot.policy.recording import times_set
from bot.policy.scene import set_scene
from bot.policy.together import collected
from bot.policy.uncounted import uncounted
from bot.policy.worktime import NO_OWN_DAYS, OwnDays, for_england


def judge(
    caseload: Caseload,
    packs: Sequence[Pack],
    today: date,
    own_days: OwnDays = NO_OWN_DAYS,
) -> Judgement:
    """What each child is owed on ``today`` under the packs, and everything that goes with it."""
    compiled = compile_packs(packs)
    ways = streams(compiled)
    closed = [*own_days.closures, *(day for pack in packs for day in pack.closures)]
    scene = set_scene(caseload, today, for_england(closed), ways)
    history = gather_history(scene, compiled, ways)
    claims, pressing, problems = every_claim(history)
    claims = while_away(scene, compiled, claims)
    grouped = group(claims)
    asked = asked_by(history, claims, grouped, pressing)
    objects = musts(history, grouped, asked)
    open_concerns = raised(history, claims, objects)
    extra = childless(history, open_concerns, objects)
    due = _due(history, claims, objects, extra, open_concerns)
    return Judgement(
        today=today,
        claims=named_claims(scene, compiled, claims),
        due=due,
        seen=cycles.as_frame(history),
        uncounted=uncounted(history, claims),
        concerns=in_words(history, open_concerns),
        problems=tuple(problems + noticed(history, claims)),
        says={id_: words for pack in packs for id_, words in pack.says.items()},
        warnings=(*_warnings(history), *beyond_confirmed(packs, due, own_days.confirmed_until)),
        work=scene.work,
        asked=asked_in_words(history, objects, asked),
        shown_with=_shown_with(history),
        records=times_set(history),
        approvals=approved_by(history),
    )


def _due(
    history: History,
    claims: pl.DataFrame,
    objects: pl.DataFrame,
    extra: pl.DataFrame,
    open_concerns: pl.DataFrame,
) -> pl.DataFrame:
    """``Dues``: named, ordered, with the days to act and to be reminded."""
    scene = history.scene
    today, ids = scene.today, pl.Series(history.compiled.ids, dtype=pl.String)
    cycle = objects.select(OBJECT).join(  # without the lists, which are dear to join
        cycles.current(scene, claims), on=OBJECT, how="left", nulls_equal=True, maintain_order="left"
    )
    with_cycle = objects.with_columns(cycle.select("cycle", "last_seen"))
    rows = pl.concat([with_cycle, extra], how="diagonal").sort("due", *OBJECT, nulls_last=False)
    timed = act_and_remind(scene, rows.select("worker", "due"))
    rows = rows.with_columns(timed.select("act_by", "remind_on", "needs_cover"))
    rows = cover(scene, rows)
    protection = (
        claims.lazy()
        .filter(look_up(scene.episodes["kind"], "ep") == "child_protection")
        .select(*OBJECT, child_protection=pl.lit(value=True))
        .unique()
        .pipe(collected)
    )
    protected = rows.select(OBJECT).join(
        protection, on=OBJECT, how="left", nulls_equal=True, maintain_order="left"
    )
    rows = rows.with_columns(protected["child_protection"])
    rows = on_first_objects(open_concerns, rows, ids)
    empty_ids = pl.lit([], pl.List(pl.String))
    clause_type = pl.List(pl.Struct({"id": pl.String, "due": pl.Date}))
    pairs = clause_pairs(rows, ids, clause_type)
    return rows.with_columns(clauses=pairs).select(
        child_id=look_up(scene.children["child_id"], "child"),
        worker_id=look_up(scene.worker_ids, "worker"),
        kind=look_up(names(KINDS), "kind"),
        setting=look_up(scene.settings, "place"),
        due="due",
        due_at="due_at",
        act_by="act_by",
        remind_on="remind_on",
        status=pl.when(pl.col("due") < today)
        .then(pl.lit("overdue"))
        .when(pl.col("due") == today)
        .then(pl.lit("due"))
        .otherwise(pl.lit("upcoming")),
        governed_by=named_lists(rows["governed_by"], ids),
        clauses="clauses",
        must=pl.col("must").fill_null(empty_ids),
        needs_cover="needs_cover",
        cover_id="cover_id",
        concerns="concerns",
        child_protection=pl.col("child_protection").fill_null(value=False),
        cycle=pl.col("cycle").fill_null(pl.format("start:{}", "due")),
        last_seen="last_seen",
    )


def _shown_with(history: History) -> dict[str, tuple[str, ...]]:
    """The clauses in force that people read beside what they are about."""
    found: dict[str, dict[str, None]] = {}
    for part in history.parts_in_force():
        if part.clause.shown_with:
            found.setdefault(part.clause.shown_with, {})[part.clause.id] = None
    return {place: tuple(ids) for place, ids in found.items()}


def _warnings(history: History) -> tuple[str, ...]:
    said = []
    asking = [part for part in history.parts_in_force() if not part.clause.guidance]
    for number, pack in enumerate(history.compiled.packs):
        if pack.review_by and pack.review_by < history.scene.today:
            ids = [clause.id for clause in pack.clauses if clause.shown_with == "review"]
            by_whom = f" ({', '.join(ids)})" if ids else ""
            said.append(
                f"{pack.title} was due for review by {pack.review_by:%d %B %Y}{by_whom}; "
                "check that it still holds."
            )
        unverified = [
            part.clause.id for part in asking if part.number == number and part.clause.verified is False
        ]
        if unverified:
            said.append(f"{pack.name}: not checked at the source: {', '.join(unverified)}.")
    said += _two_of_one_id(history.compiled.packs)
    return tuple(said)


def _two_of_one_id(packs: Sequence[Pack]) -> Iterator[str]:
    """Packs whose clauses cannot be told apart by id: one built on another, chosen beside it."""
    for one, other in combinations(packs, 2):
        shared = sorted(one.says.keys() & other.says.keys())
        if shared:
            few = ", ".join(shared[:6]) + (f" and {len(shared) - 6} more" if len(shared) > 6 else "")
            yield (
                f"{one.name} and {other.name} both have {few}: an id no longer tells which of the two asks. "
                "Choose one of them, or give the clauses ids of their own."
            )


def visits(judgement: Judgement) -> tuple[DueVisit, ...]:
    """Every row of ``Dues`` as a value, in the order of ``due --json``."""
    claims: dict[tuple[object, ...], ClauseDue] = {}
    keys = ("child_id", "worker_id", "kind", "setting", "clause", "due")
    for row in judgement.claims.iter_rows(named=True):
        claims.setdefault(
            tuple(row[key] for key in keys),
            ClauseDue(
                row["clause"],
                row["due"],
                row["due_at"],
                judgement.says.get(row["clause"], ""),
                row["base"],
                row["base_is"],
                row["step"],
            ),
        )
    concerns: dict[tuple[str, str], Concern] = {(one.child_id, one.id): one for one in judgement.concerns}
    asked = _asked(judgement)
    made = []
    for row in judgement.due.iter_rows(named=True):
        own = (row["child_id"], row["worker_id"], row["kind"], row["setting"])
        made.append(
            DueVisit(
                **{
                    **row,
                    "governed_by": tuple(row["governed_by"]),
                    "clauses": tuple(claims[(*own, part["id"], part["due"])] for part in row["clauses"]),
                    "must": tuple(row["must"]),
                    "concerns": tuple(concerns[row["child_id"], part["id"]] for part in row["concerns"]),
                    "asked": tuple(AskedBy(must, tuple(ids)) for must, ids in asked.get(own, {}).items()),
                }
            )
        )
    return tuple(made)


def _asked(judgement: Judgement) -> dict[tuple[object, ...], dict[str, list[str]]]:
    """The clauses behind each must of each thing owed."""
    found: dict[tuple[object, ...], dict[str, list[str]]] = {}
    columns = judgement.asked.select("child_id", "worker_id", "kind", "setting", "must", "clause")
    for *own, must, clause in columns.pipe(collected).iter_rows():
        found.setdefault(tuple(own), {}).setdefault(must, []).append(clause)
    return found
