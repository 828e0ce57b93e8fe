"""Refuses a caseload that cannot be today's, before anything is judged or written by it.

A night on which the export fails looks to the program exactly like one on which nobody visited anyone, so it
must be told apart by the files' own age. (Guards against a caseload that has shrunk belong here too.)
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.caseload.model import Caseload
from bot.errors import Problem, Refused

_LONDON = ZoneInfo("Europe/London")


def check_age(caseload: Caseload, now: datetime, max_age_hours: float) -> None:
    """Refuse a caseload whose newest file is older than the limit."""
    if caseload.newest is None:
        raise _refused(
            caseload,
            "it is not known when the caseload was written, so its age cannot be held against the limit of "
            f"{max_age_hours:g} hours",
        )
    # Both as moments in London, so that the night the clocks change adds no hour and takes none.
    age = (_aware(now) - _aware(caseload.newest)).total_seconds() / 3600
    if age > max_age_hours:
        raise _refused(
            caseload,
            f"the caseload is {age:.1f} hours old, over the limit of {max_age_hours:g} "
            f"(newest file {caseload.newest:%a %d %b %Y %H:%M}, now {_london(now):%a %d %b %Y %H:%M})",
        )


def _london(moment: datetime) -> datetime:
    return moment.replace(tzinfo=_LONDON) if moment.tzinfo is None else moment.astimezone(_LONDON)


def _aware(moment: datetime) -> datetime:
    return _london(moment).astimezone(UTC)


def _refused(caseload: Caseload, what: str) -> Refused:
    mend = (
        "See whether last night's export ran, and export again; where exports are rarer than that, raise the "
        "limit in the settings. Nothing was changed."
    )
    where = caseload.source or "caseload"
    return Refused(f"{where}: {what}. {mend}", [Problem(where, what, mend, "run refused")])
