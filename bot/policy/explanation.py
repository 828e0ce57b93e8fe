"""An explanation as a value: what is owed to one child and why, in words and as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

WIDTH = 96


@dataclass(frozen=True, slots=True)
class Sum:
    """One clause's date: from what, how far, over which days that do not count, to when."""

    clause: str
    says: str
    cites: str
    pack: str
    kind: str
    base: datetime
    base_is: str
    base_visit: str | None
    step: str
    skipped: tuple[date, ...]
    due: date
    due_at: datetime | None
    governs: bool

    def words(self) -> str:
        """The arithmetic in a sentence."""
        what = "the visit on" if self.base_is == "visit" else f"the {self.base_is} on"
        text = f"{what} {_day(self.base.date())} + {self.step}"
        if self.step == "the day wanted":
            text = f"asked for on {_day(self.base.date())}, for the day wanted"
        if self.skipped:
            text += f" (not counting {_runs(self.skipped)})"
        end = f"{self.due_at:%H:%M} on {_day(self.due)}" if self.due_at else _day(self.due)
        return f"{text} = {end}"


@dataclass(frozen=True, slots=True)
class AskedFor:
    """Something the visit has to include, and the clauses that ask for it."""

    must: str
    clauses: tuple[str, ...]

    def words(self) -> str:
        """ "alone (A.6a, B.4)"."""
        return f"{self.must.replace('_', ' ')} ({', '.join(self.clauses)})"


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing owed, with its sums."""

    kind: str
    worker_id: str | None
    setting: str | None
    due: date
    status: str
    act_by: date
    remind_on: date
    needs_cover: bool
    cover_id: str | None
    must: tuple[AskedFor, ...]
    sums: tuple[Sum, ...]


@dataclass(frozen=True, slots=True)
class NotCounted:
    """A visit that did not count for a clause, and the box that was not ticked."""

    visit_id: str
    at: datetime
    clause: str
    reason: str


@dataclass(frozen=True, slots=True)
class Guide:
    """What a policy says about the visit without setting a date."""

    clause: str
    says: str
    cites: str
    pack: str


@dataclass(frozen=True, slots=True)
class NotAsked:
    """A clause that asks nothing of this child now, and why."""

    clause: str
    says: str
    why: str
    of_open_plan: bool  # whether the child has a plan or placement that the clause is for


@dataclass(frozen=True, slots=True)
class Raised:
    """An open concern."""

    clause: str
    to: tuple[str, ...]
    says: str
    closes: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that makes a child's dates, as a value."""

    child_id: str
    today: date
    owed: tuple[Owed, ...]
    concerns: tuple[Raised, ...]
    not_counted: tuple[NotCounted, ...]
    guidance: tuple[Guide, ...]
    not_asked: tuple[NotAsked, ...]

    def json(self) -> dict[str, Any]:
        """The same as plain values for JSON."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain

    def text(self) -> str:
        """The same as a social worker would read it."""
        return "\n".join(_lines(self))


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def _runs(days: Sequence[date]) -> str:
    """Days in words, neighbours drawn together."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(
        f"{run[0].day} {run[0]:%b}"
        if len(run) == 1
        else f"{run[0].day} {run[0]:%b}–{run[-1].day} {run[-1]:%b}"
        for run in runs
    )


def _lines(found: Explanation) -> Iterator[str]:
    yield f"{found.child_id} on {_day(found.today)}"
    if not found.owed:
        yield "Nothing is owed."
    for owed in found.owed:
        yield ""
        yield from _heading(owed)
        if owed.must:
            yield f"  Must: {', '.join(asked.words() for asked in owed.must)}."
        for sum_ in owed.sums:
            mark = "►" if sum_.governs else " "
            yield f"  {mark} {sum_.clause}  {sum_.says}"
            yield f"      {sum_.words()}"
            yield f"      {sum_.pack}, {sum_.cites}"
    for title, lines in _sections(found):
        if lines:
            yield from ("", title, *lines)


def _sections(found: Explanation) -> Iterator[tuple[str, list[str]]]:
    """What stands below the dates: each a title and its lines, which may be none."""
    yield (
        "Open concerns:",
        [
            f"  {one.clause} (to {', '.join(one.to)}): {one.says} Closes: {one.closes}"
            for one in found.concerns
        ],
    )
    yield (
        "Did not count:",
        [
            f"  {_day(one.at.date())} ({one.visit_id}) for {one.clause}: {one.reason}."
            for one in found.not_counted
        ],
    )
    yield "Holds for the visit itself:", _wrapped(f"{one.clause}  {one.says}" for one in found.guidance)
    silent = [one for one in found.not_asked if one.of_open_plan]
    yield "Asks nothing now:", _wrapped(f"{one.clause}  {one.says} — {one.why}." for one in silent)
    others = [one.clause for one in found.not_asked if not one.of_open_plan]
    yield (
        "For plans and placements that are not open for this child:",
        textwrap.wrap(", ".join(others), WIDTH, initial_indent="  ", subsequent_indent="  "),
    )


def _wrapped(lines: Iterable[str]) -> list[str]:
    wrapper = textwrap.TextWrapper(WIDTH, initial_indent="  ", subsequent_indent="      ")
    return [part for line in lines for part in wrapper.wrap(line)]


def _heading(owed: Owed) -> Iterator[str]:
    where = f" in {owed.setting}" if owed.setting else ""
    what = owed.kind.replace("_", " ").capitalize() + where
    yield f"{what}, {owed.status}: {_day(owed.due)}. Worker {owed.worker_id or 'not known'}."
    cover = ""
    if owed.needs_cover:
        by = f" by {owed.cover_id}" if owed.cover_id else ", and nobody is named"
        cover = f" Needs cover{by}."
    yield f"  Act by {_day(owed.act_by)}; reminder on {_day(owed.remind_on)}.{cover}"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
