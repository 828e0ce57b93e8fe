"""The shape of a caseload, so that every room may rely on columns, types and meaning without reading files.

A cell that is blank is null: "not known". Dates are calendar days in London. Where a clause counts in hours
the column is a naive London :class:`datetime` with a boolean twin ``…_timed`` that says whether a time of
day was given (false: the moment is midnight of a bare date). Yes/no columns are Boolean, null = not known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

import dataframely as dy
import polars as pl

from bot.errors import Problem

VISIT_STATUSES = ("completed", "failed", "postponed", "cancelled", "scheduled")
CHANNELS = ("in_person", "video", "phone", "text", "email")
ROLES = (
    "social_worker",
    "early_help_practitioner",
    "personal_adviser",
    "manager",
    "service_manager",
    "assistant_director",
    "iro",
)
UNITS = ("days", "working days", "weeks", "months", "years", "hours")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Children(dy.Schema):
    """One row a child."""

    child_id = dy.String(primary_key=True)
    initials = dy.String(nullable=True)
    date_of_birth = dy.Date(nullable=True)
    household_id = dy.String(nullable=True)
    living_at_home = dy.Bool(nullable=True)
    iro_email = dy.String(nullable=True)
    restricted = dy.Bool(nullable=True)


class Episodes(dy.Schema):
    """One row a plan or placement: the grain of judging. ``episode`` numbers them in file order from 0."""

    episode = dy.UInt32(primary_key=True)
    child_id = dy.String()
    kind = dy.String()
    start = dy.Datetime()
    start_timed = dy.Bool()
    end = dy.Date(nullable=True)
    worker_id = dy.String(nullable=True)
    worker_since = dy.Date(nullable=True)
    setting = dy.String(nullable=True)
    first_review = dy.Date(nullable=True)
    permanence_agreed_on = dy.Date(nullable=True)
    lower_frequency_agreed_on = dy.Date(nullable=True)
    approved_on = dy.Date(nullable=True)
    final_hearing = dy.Date(nullable=True)
    agreed_every_n = dy.Int32(nullable=True)
    agreed_every_unit = dy.String(nullable=True)  # one of UNITS
    agreed_from = dy.Date(nullable=True)
    agreed_reason = dy.String(nullable=True)
    first_contact = dy.Date(nullable=True)
    decision_at = dy.Datetime(nullable=True)
    decision_at_timed = dy.Bool(nullable=True)
    referrer_told_at = dy.Datetime(nullable=True)
    referrer_told_at_timed = dy.Bool(nullable=True)
    returned_at = dy.Datetime(nullable=True)
    returned_at_timed = dy.Bool(nullable=True)
    breaks_every_n = dy.Int32(nullable=True)
    breaks_every_unit = dy.String(nullable=True)
    assessment_done_on = dy.Date(nullable=True)
    support_declined_on = dy.Date(nullable=True)
    excluded_reason = dy.String(nullable=True)
    difficulty = dy.Int8(nullable=True)
    row = dy.UInt32()  # the row in the file, as a person counts it


class Visits(dy.Schema):
    """One row an attempt to see a child. ``at`` of one that did not take place is when it was to happen."""

    visit_id = dy.String(primary_key=True)
    child_id = dy.String()
    at = dy.Datetime()
    at_timed = dy.Bool()
    status = dy.String()  # one of VISIT_STATUSES
    kind = dy.String()  # blank reads as "visit"
    channel = dy.String()  # blank reads as "in_person"
    seen = dy.Bool(nullable=True)
    seen_alone = dy.Bool(nullable=True)
    awake = dy.Bool(nullable=True)
    observed = dy.Bool(nullable=True)
    at_home = dy.Bool(nullable=True)
    bedroom_seen = dy.Bool(nullable=True)
    sleeping_arrangements_seen = dy.Bool(nullable=True)
    announced = dy.Bool(nullable=True)
    brief = dy.Bool(nullable=True)
    reason = dy.String(nullable=True)
    access_problem = dy.Bool(nullable=True)
    finalised_at = dy.Datetime(nullable=True)
    finalised_at_timed = dy.Bool(nullable=True)
    worker_id = dy.String(nullable=True)
    setting = dy.String(nullable=True)
    planned_for = dy.Date(nullable=True)
    notified_on = dy.Date(nullable=True)
    next_plan = dy.String(nullable=True)
    row = dy.UInt32()


class Workers(dy.Schema):
    """One row a person who visits, manages or reviews. ``works`` and ``duty`` are lists of WEEKDAYS."""

    worker_id = dy.String(primary_key=True)
    name = dy.String(nullable=True)
    email = dy.String()  # lower case
    phone = dy.String(nullable=True)
    role = dy.String(nullable=True)  # one of ROLES
    team = dy.String(nullable=True)
    manager_id = dy.String(nullable=True)
    buddy_id = dy.String(nullable=True)
    works = dy.List(dy.String(), nullable=True)  # null: not known, Monday to Friday
    duty = dy.List(dy.String(), nullable=True)
    started = dy.Date(nullable=True)
    agency = dy.Bool(nullable=True)


class Absences(dy.Schema):
    """Leave and sickness; both days are included, and an unplanned one without an end goes on."""

    worker_id = dy.String()
    start = dy.Date()
    end = dy.Date(nullable=True)
    kind = dy.String()  # planned or unplanned
    buddy_id = dy.String(nullable=True)
    manager_told_on = dy.Date(nullable=True)


class Away(dy.Schema):
    """Times a child is away with the family; a blank end is still away."""

    child_id = dy.String()
    start = dy.Date()
    end = dy.Date(nullable=True)
    abroad = dy.Bool(nullable=True)
    contact_details = dy.String(nullable=True)
    agency_told = dy.Bool(nullable=True)


class Requests(dy.Schema):
    """A child's or parent's wish to see the worker sooner: a due date of its own."""

    child_id = dy.String()
    asked_on = dy.Date()
    by = dy.String(nullable=True)
    wanted_by = dy.Date(nullable=True)
    refused_on = dy.Date(nullable=True)


class Risks(dy.Schema):
    """A risk at an address, to whoever visits (``workers``) or to the ``child``."""

    household_id = dy.String()
    risk = dy.String()
    to = dy.String(nullable=True)
    recorded_on = dy.Date()
    ends = dy.Date(nullable=True)
    joint_visit = dy.Bool(nullable=True)


class Approvals(dy.Schema):
    """A manager's recorded discussion or sign-off, by clause."""

    child_id = dy.String()
    clause = dy.String()
    asked_on = dy.Date(nullable=True)
    recorded_on = dy.Date(nullable=True)
    by = dy.String(nullable=True)


class Supervisions(dy.Schema):
    """A supervision at which a child was discussed."""

    worker_id = dy.String()
    child_id = dy.String()
    held_on = dy.Date()
    frequency_reviewed = dy.Bool(nullable=True)


SCHEMAS: dict[str, type[dy.Schema]] = {
    "children": Children,
    "episodes": Episodes,
    "visits": Visits,
    "workers": Workers,
    "absences": Absences,
    "away": Away,
    "requests": Requests,
    "risks": Risks,
    "approvals": Approvals,
    "supervisions": Supervisions,
}


@cache
def empty(name: str) -> pl.DataFrame:
    """An empty frame of the named kind: an absent optional file reads as this."""
    return SCHEMAS[name].create_empty()


@dataclass(frozen=True)
class Caseload:
    """Everything known on the day it was read, and everything that could not be read.

    The frames hold only rows that satisfy their schema; rows and values set aside are in ``problems``.
    ``newest`` is the latest modification time of the files (London), for the age guard of ``run``.
    """

    children: pl.DataFrame
    episodes: pl.DataFrame
    visits: pl.DataFrame
    workers: pl.DataFrame
    absences: pl.DataFrame = field(default_factory=lambda: empty("absences"))
    away: pl.DataFrame = field(default_factory=lambda: empty("away"))
    requests: pl.DataFrame = field(default_factory=lambda: empty("requests"))
    risks: pl.DataFrame = field(default_factory=lambda: empty("risks"))
    approvals: pl.DataFrame = field(default_factory=lambda: empty("approvals"))
    supervisions: pl.DataFrame = field(default_factory=lambda: empty("supervisions"))
    problems: tuple[Problem, ...] = ()
    source: str = ""
    newest: datetime | None = None
