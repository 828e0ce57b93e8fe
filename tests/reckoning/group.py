"""Gathers a child's clauses into the objects of `due --json`."""

from datetime import date

from reckoning import pack_a, pack_b, pack_c, pack_d, pack_e, pack_f
from reckoning.concerns import concerns
from reckoning.model import Case, Limit, Owed
from reckoning.musts import limit_shows, musts
from reckoning.worktime import tell

PACKS = {"A": pack_a, "B": pack_b, "C": pack_c, "D": pack_d, "E": pack_e, "F": pack_f}

Key = tuple[str, str | None, str | None]  # kind, worker, setting
Groups = dict[Key, list[Owed]]


def due_of(clauses: list[Owed]) -> date:
    return min(owed.due for owed in clauses)


def group_by_worker(owed: list[Owed]) -> Groups:
    groups: Groups = {}
    for clause in owed:
        groups.setdefault((clause.kind, clause.worker_id, clause.setting), []).append(clause)
    return groups


def earliest_visit(groups: Groups, of_any_setting: bool = True) -> Key | None:
    """Where the clauses of no one episode stand."""
    visits = [key for key in groups if key[0] == "visit" and (of_any_setting or key[2] is None)]
    return min(visits, key=lambda key: (due_of(groups[key]), key[1] or "", key[2] or ""), default=None)


def stand_in_worker(case: Case, packs: str, today: date) -> str | None:
    """No visit is owed otherwise: the worker of the earliest-started open episode a pack covers."""
    episodes = [episode for pack in packs for episode in PACKS[pack].covered(case, today)]
    return min(episodes, key=lambda it: it.began).worker_id if episodes else None


def stand_floating(case: Case, groups: Groups, floating: list[Owed], packs: str, today: date) -> None:
    """D.13's gap recurs and stands on an object without a setting, the rest on the earliest of all."""
    if not floating:
        return
    alone = ("visit", stand_in_worker(case, packs, today), None)
    earliest, without_setting = earliest_visit(groups), earliest_visit(groups, of_any_setting=False)
    for clause in floating:
        key = without_setting if clause.every else earliest
        groups.setdefault(key or alone, []).append(clause)


def stand_limits(groups: Groups, limits: list[Limit], today: date) -> None:
    """A limit stands on a visit that is owed anyway, and never makes one."""
    of_child = [owed for key, clauses in groups.items() if key[0] == "visit" for owed in clauses]
    earliest = earliest_visit(groups)
    added = []
    for limit in limits:
        key = earliest
        if limit.episode is not None:
            key = ("visit", limit.episode.worker_id, limit.setting)
        if key in groups and limit_shows(limit, groups[key], of_child, today):
            added.append((key, Owed(limit.clause, limit.day, must=limit.must)))
    for key, clause in added:
        groups[key].append(clause)


def turn_to_contact(case: Case, groups: Groups, today: date) -> Groups:
    """B.9: while the family is away, pack B's part of a visit is a contact."""
    turned: Groups = {}
    for key, clauses in groups.items():
        of_b = [owed for owed in clauses if owed.pack == "B"]
        if key[0] == "visit" and of_b and pack_b.takes_contact(case, due_of(of_b), today):
            turned.setdefault(("contact", key[1], key[2]), []).extend(of_b)
            rest = [owed for owed in clauses if owed.pack != "B"]
        else:
            rest = clauses
        if any(owed.must is None for owed in rest):  # a limit alone makes no visit
            turned.setdefault(key, []).extend(rest)
    return turned


def visits_of(groups: Groups) -> list[Owed]:
    return [owed for key, clauses in groups.items() if key[0] == "visit" for owed in clauses]


def groups_of(case: Case, packs: str, today: date, with_limits: bool = True) -> Groups:
    """The objects, before the family's absence turns any of them."""
    owed = [clause for pack in packs for clause in PACKS[pack].dues(case, today)]
    pack_b.hold_to_the_others(owed)
    groups = group_by_worker([clause for clause in owed if not clause.floats])
    stand_floating(case, groups, [clause for clause in owed if clause.floats], packs, today)
    limited = [pack for pack in packs if pack in "AD" and with_limits]
    stand_limits(groups, [it for pack in limited for it in PACKS[pack].limits(case, today)], today)
    pack_b.hold_to_the_others(visits_of(groups))
    return groups


# --- the objects -------------------------------------------------------------------------------------


def status(due: date, today: date) -> str:
    if due < today:
        return "overdue"
    return "due" if due == today else "upcoming"


def as_object(case: Case, key: Key, due: date, clauses: list[Owed], today: date) -> dict:
    kind, worker_id, setting = key
    telling = tell(case, worker_id, due, today)
    governing = [owed for owed in clauses if owed.due == due]
    times = [owed.due_at for owed in governing if owed.due_at is not None]
    listed = sorted({(owed.due.isoformat(), owed.clause) for owed in clauses})
    return {
        "child_id": case.child.child_id,
        "worker_id": worker_id,
        "kind": kind,
        "setting": setting,
        "due": due.isoformat(),
        "due_at": min(times).isoformat(timespec="minutes") if times else None,
        "act_by": telling.act_by.isoformat(),
        "remind_on": telling.remind_on.isoformat(),
        "status": status(due, today),
        "governed_by": sorted({owed.clause for owed in governing}),
        "clauses": [{"id": clause, "due": day} for day, clause in listed],
        "must": musts(case, kind, clauses, today),
        "needs_cover": telling.needs_cover,
        "cover_id": telling.cover_id,
        "concerns": [],
    }


def order(row: dict) -> tuple:
    return (row["due"], row["child_id"], row["kind"], row["worker_id"] or "", row["setting"] or "")


def of_concern_only(case: Case, today: date) -> dict:
    """Owed nothing, but somebody must be told."""
    episodes = [episode for episode in case.episodes if episode.holds(today)]
    worker_id = min(episodes, key=lambda it: it.began).worker_id if episodes else None
    return as_object(case, ("concern", worker_id, None), today, [], today)


def objects(case: Case, packs: str, today: date) -> list[dict]:
    """Everything owed for one child."""
    before = groups_of(case, packs, today)
    groups = turn_to_contact(case, before, today)
    rows = [as_object(case, key, due_of(clauses), clauses, today) for key, clauses in groups.items()]
    rows.sort(key=order)
    visits = [(key[1], due_of(clauses), clauses) for key, clauses in groups.items() if key[0] == "visit"]
    found = concerns(case, packs, visits, visits_of(before), today)
    if found and not rows:
        rows = [of_concern_only(case, today)]
    if found:
        rows[0]["concerns"] = found
    return rows
