"""The words a pack may use, each with what has to follow it: the whole of the language but its grammar.

``pack.py`` checks packs against these names; ``counting``, ``conditions`` and ``concerns`` give each its
meaning. A new word is one line here and one function there; a new clause needs neither.
"""

from __future__ import annotations

from typing import Literal, get_args

Ask = Literal[
    "seen",
    "seen_alone",
    "seen_alone_answered",
    "awake",
    "observed",
    "at_home",
    "at_home_if_living_there",
    "bedroom_seen",
    "sleeping_arrangements_seen",
    "unannounced",
    "not_brief",
    "finalised",
    "reason_given",
    "in_this_setting",
    "declined_before_attempt",
    "while_away",
]
Must = Literal["alone", "at_home", "awake", "bedroom", "observed", "sleeping_arrangements", "unannounced"]
Owes = Literal["visit", "contact", "decision", "return_interview"]
Day = Literal[
    "first_review",
    "permanence_agreed_on",
    "lower_frequency_agreed_on",
    "approved_on",
    "final_hearing",
    "first_contact",
    "decision_at",
    "referrer_told_at",
    "returned_at",
    "support_declined_on",
    "assessment_done_on",
    "worker_since",
    "agreed_from",
]
Event = Literal[
    "first_review",
    "permanence_agreed_on",
    "approved_on",
    "final_hearing",
    "approval_or_hearing",
    "lower_frequency_agreed_on",
    "lower_frequency_agreed_once_permanent",
    "frequency_set_by_review",
]
Reason = Literal[
    "child_request", "complaint", "worries", "plan", "court", "core_group", "supervision", "review"
]
Told = Literal["worker", "manager", "iro", "service_manager"]
Situation = Literal[
    "seen_by_someone_else",
    "missed_in_a_row",
    "not_seen_for",
    "access_problem",
    "not_seen_alone",
    "scheduled_time_passed",
    "attempt_open",
    "planned_too_late",
    "recording_overdue",
    "referrer_not_told",
    "contact_details_missing",
    "risk_at_address",
    "due_in_planned_absence",
    "due_in_unplanned_absence",
    "covered_while_absent",
    "foreseeably_late",
]

# What follows each condition word: nothing, a whole number of years, a period, a plan kind, a column, a list.
CONDITIONS: dict[str, str] = {
    "living_at_home": "nothing",
    "age_at_least": "number",
    "age_under": "number",
    "filled": "day",
    "blank": "day",
    "beside": "kind",
    "not_beside": "pairs",
    "setting_known": "nothing",
    "several_settings": "nothing",
    "breaks_further_apart_than": "period",
    "last_visit_lacked": "asks",
}
MUST_CONDITIONS: dict[str, str] = {
    **CONDITIONS,
    "aged_at_least": "number",
    "aged_under": "number",
    "home_share": "share",
}
SHARES = ("below_half", "half_or_below")
AGREED_UNITS = ("days", "working days", "weeks", "months", "years", "hours")
SHOWN = (  # what a visit's record can show to have been wanting
    *("seen_alone", "awake", "observed", "at_home", "bedroom_seen", "sleeping_arrangements_seen"),
    "unannounced",
)
OF_EPISODE = ("in_this_setting", "declined_before_attempt")  # a visit alone cannot answer these
BIRTH_ASKS = ("seen_alone", "seen_alone_answered", "awake", "observed")  # not asked before birth

ASKS: tuple[str, ...] = get_args(Ask)
DAYS_KNOWN: tuple[str, ...] = get_args(Day)
