"""Pack F, england-statutory: the law's own intervals, each rule under its id among the statutory rules.

A rule that names its own first visit is closed by any counted visit, then runs from the last one.
"""

from collections.abc import Callable
from datetime import date

from reckoning.counting import counted, open_episodes, was_seen
from reckoning.model import Case, Episode, Interval, Owed, Visit
from reckoning.own import requests
from reckoning.pack_d import closes_return_interview
from reckoning.pack_d_placements import (
    FOUR_WEEKS,
    SIX_MONTHS,
    SIX_WEEKS,
    THREE_MONTHS,
    TWELVE_WEEKS,
    WEEKLY,
    first_year_of,
    moves_on,
)
from reckoning.worktime import add_working_days, after, hours_after

TWO_MONTHS = Interval(2, "months")

Rule = Callable[[Episode, list[Visit], date], list[Owed]]


# --- the two shapes of a rule ------------------------------------------------------------------------


def once(clause: str, episode: Episode, due: date, visits: list[Visit], *follows: Interval) -> list[Owed]:
    """Owed until any visit counts."""
    if visits:
        return []
    return [Owed(clause, due, worker_id=episode.worker_id, follows=follows, episode=episode)]


def every(clause: str, episode: Episode, anchored: date, interval: Interval) -> Owed:
    due = after(anchored, interval)
    return Owed(clause, due, worker_id=episode.worker_id, every=interval, episode=episode)


def anchor(episode: Episode, visits: list[Visit]) -> date:
    return visits[-1].day if visits else episode.start


def within_a_week_then(clause: str, episode: Episode, visits: list[Visit], interval: Interval) -> list[Owed]:
    first = once(clause, episode, after(episode.start, WEEKLY), visits, interval)
    return first or [every(clause, episode, anchor(episode, visits), interval)]


def weekly_until_review(episode: Episode, anchored: date, afterwards: Interval) -> Interval:
    return afterwards if moves_on(anchored, WEEKLY, episode.first_review) else WEEKLY


# --- children in care --------------------------------------------------------------------------------


def in_our_care(episode: Episode, visits: list[Visit], today: date) -> list[Owed]:
    """CLA.default: six-weekly, and three-monthly where permanence was agreed and the first year is over."""
    anchored = anchor(episode, visits)
    settled = not first_year_of(episode.start, anchored)
    permanent = settled and moves_on(anchored, SIX_WEEKS, episode.permanence_agreed_on)
    return within_a_week_then("CLA.default", episode, visits, THREE_MONTHS if permanent else SIX_WEEKS)


def care_order_home(episode: Episode, visits: list[Visit], today: date) -> list[Owed]:
    owed = within_a_week_then("CLA.care_order_with_parents", episode, visits, SIX_WEEKS)
    assessed = episode.assessment_done_on is not None and episode.assessment_done_on <= today
    if not assessed:
        anchored = anchor(episode, visits)
        interval = weekly_until_review(episode, anchored, SIX_WEEKS)
        owed.append(every("CLA.with_parents_before_assessment", episode, anchored, interval))
    return owed


def temporary_or_interim(episode: Episode, visits: list[Visit], today: date) -> list[Owed]:
    anchored = anchor(episode, visits)
    interval = weekly_until_review(episode, anchored, FOUR_WEEKS)
    return [every("CLA.temp_connected_person_or_ICO_with_parents", episode, anchored, interval)]


def other_living_arrangement(episode: Episode, visits: list[Visit], today: date) -> list[Owed]:
    first_year = first_year_of(episode.start, anchor(episode, visits))
    interval = SIX_WEEKS if first_year else THREE_MONTHS
    return within_a_week_then("CLA.other_persons_arrangements", episode, visits, interval)


def short_breaks(episode: Episode, visits: list[Visit], today: date) -> list[Owed]:
    return within_a_week_then("CLA.short_breaks", episode, visits, SIX_MONTHS)


def detained_formerly_in_care(episode: Episode, visits: list[Visit], today: date) -> list[Owed]:
    return once("CLA.detained_former", episode, add_working_days(episode.start, 10), visits)


# --- adoption, private fostering, care leavers, missing ----------------------------------------------


def adoptive_placement(episode: Episode, visits: list[Visit], today: date) -> list[Owed]:
    """Weekly until the first review, then as the agency decided at it: nothing decided, nothing owed."""
    if not visits:
        return once("ADOPT.placed", episode, after(episode.start, WEEKLY), visits, WEEKLY)
    anchored = visits[-1].day
    if not moves_on(anchored, WEEKLY, episode.first_review):
        return [every("ADOPT.placed", episode, anchored, WEEKLY)]
    if episode.agreed_every is None:
        return []
    owed = every("ADOPT.placed", episode, anchored, episode.agreed_every)
    owed.due = max(owed.due, episode.agreed_from or owed.due)
    return [owed]


def private_fostering(episode: Episode, visits: list[Visit], today: date) -> list[Owed]:
    anchored = anchor(episode, visits)
    interval = SIX_WEEKS if first_year_of(episode.start, anchored) else TWELVE_WEEKS
    initial = once("PF.initial", episode, add_working_days(episode.start, 7), visits)
    return [*initial, every("PF.ongoing", episode, anchored, interval)]


def care_leaver(episode: Episode, visits: list[Visit], today: date) -> list[Owed]:
    return within_a_week_then("CL.personal_adviser", episode, visits, TWO_MONTHS)


def missing(case: Case, today: date) -> list[Owed]:
    """MISSING.rhi: from the return, whatever the episode's end."""
    owed = []
    for episode in case.episodes:
        back = episode.returned
        if episode.kind != "missing" or back is None or back > today or episode.start > today:
            continue
        if any(row.day >= back and closes_return_interview(row, today) for row in case.visits):
            continue
        due, due_at = hours_after(back, episode.returned_moment, 72)
        interview = Owed("MISSING.rhi", due, "return_interview", due_at=due_at, episode=episode)
        interview.worker_id = episode.worker_id
        owed.append(interview)
    return owed


# --- the whole pack ----------------------------------------------------------------------------------

RULES: dict[str, Rule] = {
    "in_our_care": in_our_care,
    "care_order_home": care_order_home,
    "temporary_carer": temporary_or_interim,
    "interim_care_order_home": temporary_or_interim,
    "other_living_arrangement": other_living_arrangement,
    "short_breaks": short_breaks,
    "detained_formerly_in_care": detained_formerly_in_care,
    "adoptive_placement": adoptive_placement,
    "private_fostering": private_fostering,
    "care_leaver": care_leaver,
}
KINDS = (*RULES, "missing")


def covered(case: Case, today: date) -> list[Episode]:
    return open_episodes(case, today, KINDS)


def dues(case: Case, today: date) -> list[Owed]:
    owed = []
    for episode in open_episodes(case, today, RULES):
        visits = counted(case, [episode], was_seen, today)
        owed += RULES[episode.kind](episode, visits, today)
    asked = requests(
        "CLA.on_request_and_notice", case, KINDS, was_seen, today, lambda day: after(day, WEEKLY)
    )
    return owed + missing(case, today) + asked
