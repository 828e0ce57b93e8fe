"""Pack D, measures-of-practice: everything but the placements, which are in pack_d_placements.py."""

from datetime import date

from reckoning import pack_d_placements as placements
from reckoning.counting import anchor, counted, open_episodes, visits_in, was_seen
from reckoning.model import Case, Episode, Interval, Limit, Owed, Visit
from reckoning.own import own_frequency, requests
from reckoning.worktime import add_months, add_working_days, after, age_on, hours_after

KINDS = (
    "referral",
    "early_help",
    "section_47",
    "child_in_need",
    "child_protection",
    "private_fostering",
    "missing",
    "care_leaver",
    *placements.KINDS,
)


def covered(case: Case, today: date) -> list[Episode]:
    return open_episodes(case, today, KINDS)


def has_happened(day: date | None, today: date) -> bool:
    return day is not None and day <= today


def completed(case: Case, episode: Episode, kinds: tuple[str, ...], today: date) -> list[Visit]:
    """Completed rows of these kinds in the episode, the child seen or not."""
    return [
        row
        for row in visits_in(case, [episode])
        if row.status == "completed" and row.kind in kinds and row.day <= today
    ]


# --- D.1 early help ----------------------------------------------------------------------------------


def first_contact(case: Case, episode: Episode, today: date) -> date | None:
    days = [row.day for row in completed(case, episode, ("contact", "visit"), today)]
    if episode.first_contact is not None and has_happened(episode.first_contact, today):
        days.append(episode.first_contact)
    return min(days) if days else None


def of_early_help(case: Case, episode: Episode, visits: list[Visit], today: date) -> list[Owed]:
    first = first_contact(case, episode, today)
    contact_due = add_working_days(episode.start, 5)
    anchored = visits[-1].day if visits else first or contact_due
    every = Interval(4, "weeks")
    owed = [recurring("D.1b", episode, anchored, every)]
    owed += own_frequency("D.0", episode, anchored, owed[0].due)
    if first is None:
        owed.append(Owed("D.1a", contact_due, "contact", worker_id=episode.worker_id, episode=episode))
    return owed


# --- D.2 to D.4 --------------------------------------------------------------------------------------


def of_referral(case: Case, episode: Episode, visits: list[Visit], today: date) -> list[Owed]:
    owed = own_frequency("D.0", episode, anchor(episode, visits), None)
    if not has_happened(episode.decision_at, today):
        due = add_working_days(episode.start, 1)
        owed.append(Owed("D.2a", due, "decision", worker_id=episode.worker_id, episode=episode))
    return owed


def of_enquiry(case: Case, episode: Episode, visits: list[Visit], today: date) -> list[Owed]:
    if visits:
        return own_frequency("D.0", episode, visits[-1].day, None)
    pack = one_off("D.2b", episode, add_working_days(episode.start, 2))
    return [pack, *own_frequency("D.0", episode, episode.start, pack.due)]


def of_child_in_need(case: Case, episode: Episode, visits: list[Visit], today: date) -> list[Owed]:
    anchored = anchor(episode, visits)
    pack = recurring("D.3", episode, anchored, Interval(20, "working days"))
    return [pack, *own_frequency("D.0", episode, anchored, pack.due)]


def of_child_protection(case: Case, episode: Episode, visits: list[Visit], today: date) -> list[Owed]:
    every = Interval(10, "working days")
    if visits:
        pack = recurring("D.4b", episode, visits[-1].day, every)
    else:
        due, due_at = hours_after(episode.start, episode.start_moment, 48)
        pack = one_off("D.4a", episode, due)
        pack.due_at, pack.follows = due_at, (every,)
    return [pack, *own_frequency("D.0", episode, anchor(episode, visits), pack.due)]


# --- D.11 missing ------------------------------------------------------------------------------------


def of_missing(case: Case, today: date) -> list[Owed]:
    """D.11: from the return, whatever the episode's end."""
    owed = []
    for episode in case.episodes:
        back = episode.returned
        if episode.kind != "missing" or back is None or back > today or episode.start > today:
            continue
        due, due_at = hours_after(back, episode.returned_moment, 72)
        since = [row for row in case.visits if row.day >= back]
        if not any(was_seen(case, row, today) for row in since):
            owed.append(Owed("D.11", due, worker_id=episode.worker_id, due_at=due_at, episode=episode))
        if not any(closes_return_interview(row, today) for row in since):
            owed.append(
                Owed(
                    "D.11",
                    due,
                    "return_interview",
                    worker_id=episode.worker_id,
                    due_at=due_at,
                    episode=episode,
                )
            )
    return owed


def closes_return_interview(row: Visit, today: date) -> bool:
    """Held, or declined: a failed one with its reason."""
    if row.kind != "return_interview" or row.day > today:
        return False
    return row.status == "completed" or (row.status == "failed" and row.reason is not None)


def own_while_missing(case: Case, episode: Episode, visits: list[Visit], today: date) -> list[Owed]:
    pack = [owed.due for owed in of_missing(case, today) if owed.episode is episode and owed.kind == "visit"]
    return own_frequency("D.0", episode, anchor(episode, visits), pack[0] if pack else None)


# --- D.12 care leavers -------------------------------------------------------------------------------


def of_care_leaver(case: Case, episode: Episode, visits: list[Visit], today: date) -> list[Owed]:
    born = case.child.born
    if born is None or age_on(born, today) < 20:
        anchored = anchor(episode, visits)
        pack = recurring("D.12a", episode, anchored, Interval(2, "months"))
        return [pack, *own_frequency("D.0", episode, anchored, pack.due)]
    if age_on(born, today) >= 25:
        return own_frequency("D.0", episode, anchor(episode, visits), None)
    declined = has_happened(episode.support_declined_on, today)
    days = [row.day for row in completed(case, episode, ("contact", "visit"), today)]
    if declined:
        days += failed_since(case, episode, episode.support_declined_on, today)
    anchored = max(days) if days else max(episode.start, add_months(born, 12 * 20))
    every = Interval(6, "months")
    pack = recurring("D.12b", episode, anchored, every, "contact")
    owed = [pack, *own_frequency("D.0", episode, anchored, pack.due, "contact")]
    if declined:
        owed.append(recurring("D.12c", episode, anchored, every, "contact"))
    return owed


def failed_since(case: Case, episode: Episode, since: date, today: date) -> list[date]:
    """D.12c: attempts, where support is declined, move the clock too."""
    return [
        row.day
        for row in visits_in(case, [episode])
        if row.status == "failed" and row.kind in ("contact", "visit") and since <= row.day <= today
    ]


# --- the whole pack ----------------------------------------------------------------------------------


def one_off(clause: str, episode: Episode, due: date) -> Owed:
    return Owed(clause, due, worker_id=episode.worker_id, episode=episode)


def recurring(clause: str, episode: Episode, anchored: date, every: Interval, kind: str = "visit") -> Owed:
    return Owed(
        clause, after(anchored, every), kind, worker_id=episode.worker_id, every=every, episode=episode
    )


OF_KIND = {
    "early_help": of_early_help,
    "referral": of_referral,
    "section_47": of_enquiry,
    "child_in_need": of_child_in_need,
    "child_protection": of_child_protection,
    "missing": own_while_missing,
    "care_leaver": of_care_leaver,
}


def dues(case: Case, today: date) -> list[Owed]:
    owed = []
    for episode in covered(case, today):
        visits = counted(case, [episode], was_seen, today)
        if episode.kind in OF_KIND:
            owed += OF_KIND[episode.kind](case, episode, visits, today)
        else:
            owed += placements.of_placement(episode, visits)
    owed += of_missing(case, today)
    owed += placements.of_series_of_short_breaks(case, today)
    owed += placements.of_several_placements(case, today)
    return owed + requests("D.0", case, KINDS, was_seen, today)


def limits(case: Case, today: date) -> list[Limit]:
    seen = counted(case, covered(case, today), was_seen, today)
    return placements.limits(case, seen, today)
