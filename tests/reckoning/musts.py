"""What the next visit must do: the packs' musts, the musts by age, the limit musts."""

from datetime import date

from reckoning import pack_b, pack_c
from reckoning.counting import before_birth, counted, home_share, was_seen
from reckoning.model import Case, Limit, Owed
from reckoning.worktime import after, age_on

BY_CONTACT = {"alone", "awake", "observed"}  # home and bedroom wait for the return (B.9)


# --- ages from today to the due day ------------------------------------------------------------------


def ages(case: Case, due: date, today: date) -> tuple[int, int]:
    """The age today and on the due day; overdue: today. Below zero: not born."""
    born = case.child.born
    return age_on(born, today), age_on(born, max(due, today))


def born_by(case: Case, due: date, today: date) -> bool:
    return case.child.born is None or ages(case, due, today)[1] >= 0


def may_be_under(case: Case, years: int, due: date, today: date) -> bool:
    if case.child.born is None:
        return True
    return ages(case, due, today)[0] < years and born_by(case, due, today)


def may_be_over(case: Case, years: int, due: date, today: date) -> bool:
    return case.child.born is None or ages(case, due, today)[1] >= years


# --- the packs' musts --------------------------------------------------------------------------------


def of_pack_a(case: Case, clauses: list[Owed], due: date, today: date) -> set[str]:
    """A.0, A.3: at home; A.6: alone from three, awake under three."""
    musts = set()
    if case.child.lives_at_home or any(owed.clause == "A.3" for owed in clauses):
        musts.add("at_home")
    if may_be_over(case, 3, due, today):
        musts.add("alone")
    if may_be_under(case, 3, due, today):
        musts.add("awake")
    return musts


def of_pack_b(case: Case, due: date, today: date) -> set[str]:
    """B.4 alone and B.6 home and bedroom every other visit; B.5 awake and observed under five."""
    musts = set()
    if may_be_under(case, 5, due, today):
        musts |= {"awake", "observed"}
    visits = pack_b.counted_for(case, pack_b.covered(case, today), today)
    if not visits:
        return musts
    previous = visits[-1]
    if previous.seen_alone is not True and not before_birth(case, previous) and born_by(case, due, today):
        musts.add("alone")
    if previous.at_home is not True or previous.bedroom_seen is not True:
        musts |= {"at_home", "bedroom"}
    return musts


def of_pack_c(case: Case, clauses: list[Owed], today: date) -> set[str]:
    """C.2."""
    plans = [owed.episode for owed in clauses if owed.clause == "C.1"]
    return {"at_home"} if any(pack_c.next_must_be_home(case, plan, today) for plan in plans) else set()


def of_pack_d(case: Case, clauses: list[Owed], today: date) -> set[str]:
    """D.4b: elsewhere would leave home visits at half or fewer."""
    for owed in clauses:
        if owed.clause == "D.4b":
            home, visits = home_share(counted(case, [owed.episode], was_seen, today))
            if 2 * home <= visits + 1:
                return {"at_home"}
    return set()


def musts(case: Case, kind: str, clauses: list[Owed], today: date) -> list[str]:
    if kind not in ("visit", "contact"):
        return []
    due = min(owed.due for owed in clauses)
    packs = {owed.pack for owed in clauses}
    found = {owed.must for owed in clauses if owed.must}
    if kind == "contact":
        return sorted(of_pack_b(case, due, today) & BY_CONTACT) if "B" in packs else []
    if "A" in packs:
        found |= of_pack_a(case, clauses, due, today)
    if "B" in packs:
        found |= of_pack_b(case, due, today)
    if "C" in packs:
        found |= of_pack_c(case, clauses, today)
    if "D" in packs:
        found |= of_pack_d(case, clauses, today)
    return sorted(found)


# --- limit musts -------------------------------------------------------------------------------------


def limit_shows(limit: Limit, clauses: list[Owed], of_child: list[Owed], today: date) -> bool:
    """Would the visit after next be too late? `clauses`: the visit's, `of_child`: all visits', no limits."""
    due = min(owed.due for owed in clauses)
    next_visit = max(today, due)
    governing = [owed for owed in clauses if owed.due == due]
    intervals = [owed.every for owed in governing if owed.every]
    if not intervals:
        intervals = [owed.every for owed in of_child if owed.every]
        intervals += [every for owed in governing for every in owed.follows]
    if not intervals:
        return limit.day <= due
    return limit.day < min(after(next_visit, every) for every in intervals)
