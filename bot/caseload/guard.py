"""Refuses a caseload that cannot be today's, before anything is judged or written by it.

A night on which the export fails looks to the program exactly like one on which nobody visited anyone, so it
must be told apart by the files' own age. Whether they are whole is `wholeness`' to see, and whether they have
shrunk `shrinkage`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.caseload.model import Caseload
from bot.caseload.wholeness import Stamp, half_written
from bot.errors import Problem
from bot.verdict import Held

FROM_CASE_SYSTEM = ("children", "episodes", "visits")  # written by one export; the rest may be kept by hand
_LONDON = ZoneInfo("Europe/London")


def check_age(caseload: Caseload, now: datetime, max_age_hours: float) -> None:
    """Refuse a caseload whose newest file is older than the limit. ``now`` is naive London, or aware."""
    if caseload.newest is None:
        raise _refused(
            caseload,
            "it is not known when the caseload was written, so its age cannot be held against the limit of "
            f"{max_age_hours:g} hours",
        )
    age = _hours(caseload.newest, now)
    if age > max_age_hours:
        raise _refused(
            caseload,
            f"the caseload is {age:.1f} hours old, over the limit of {max_age_hours:g} "
            f"(newest file {caseload.newest:%a %d %b %Y %H:%M}, now {_london(now):%a %d %b %Y %H:%M})",
        )


def check_files(
    before: Sequence[Stamp], after: Sequence[Stamp], source: str, now: datetime, max_age_hours: float
) -> None:
    """Refuse files that are still being written, broken off, or of which one was left behind by an export.

    ``before`` and ``after`` are the files' stamps around their reading.
    """
    problems = (*half_written(before, after), *_left_behind(after, now, max_age_hours))
    if problems:
        raise Held([f"{source}: the caseload is not whole.", *map(str, problems)])


def _left_behind(found: Sequence[Stamp], now: datetime, max_age_hours: float) -> list[Problem]:
    """Files of the case system that are too old although another is not."""
    ours = [stamp for stamp in found if stamp.table in FROM_CASE_SYSTEM]
    old = [stamp for stamp in ours if _hours(stamp.written, now) > max_age_hours]
    if not old or len(old) == len(ours):
        return []  # where all are, the caseload as a whole is too old
    newest = max(ours, key=lambda stamp: stamp.written_ns)
    return [
        Problem(
            stamp.path.name,
            f"{_hours(stamp.written, now):.1f} hours old, over the limit of {max_age_hours:g} "
            f"(guard.max_age_hours), while {newest.path.name} is of {newest.written:%a %d %b %Y %H:%M}: "
            "the export stopped part-way",
            "Export children, episodes and visits together, each time.",
            "run refused",
        )
        for stamp in old
    ]


def _hours(since: datetime, now: datetime) -> float:
    """Hours between two moments in London, so that the night the clocks change adds none and takes none."""
    return (_aware(now) - _aware(since)).total_seconds() / 3600


def _london(moment: datetime) -> datetime:
    return moment.replace(tzinfo=_LONDON) if moment.tzinfo is None else moment.astimezone(_LONDON)


def _aware(moment: datetime) -> datetime:
    return _london(moment).astimezone(UTC)


def _refused(caseload: Caseload, what: str) -> Held:
    mend = (
        "See whether last night's export ran, and export again; where exports are rarer than that, raise the "
        "limit in the settings."
    )
    where = caseload.source or "caseload"
    return Held([f"{where}: {what}. {mend}"], [Problem(where, what, mend, "run refused")])
