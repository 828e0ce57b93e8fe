"""Days, working days, months, hours; when a worker is at work, by when to act and when to remind."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays

from reckoning.model import Absence, Case, Interval

BANK_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG")
LONDON = ZoneInfo("Europe/London")
ONE_DAY = timedelta(days=1)


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in BANK_HOLIDAYS


def add_working_days(anchor: date, number: int) -> date:
    """The `number`-th working day after the anchor."""
    day = anchor
    while number > 0:
        day += ONE_DAY
        if is_working_day(day):
            number -= 1
    return day


def first_working_day_from(day: date) -> date:
    while not is_working_day(day):
        day += ONE_DAY
    return day


def add_months(day: date, number: int) -> date:
    """Calendar months, clamped to the end of the month."""
    months = day.year * 12 + day.month - 1 + number
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def after(anchor: date, interval: Interval) -> date:
    if interval.unit == "working days":
        return add_working_days(anchor, interval.number)
    if interval.unit == "months":
        return add_months(anchor, interval.number)
    if interval.unit == "years":
        return add_months(anchor, 12 * interval.number)
    days = interval.number * (7 if interval.unit == "weeks" else 1)
    return anchor + timedelta(days=days)


def hours_after(day: date, moment: datetime | None, hours: int) -> tuple[date, datetime | None]:
    """The due day and, where the anchor has a time of day, the due time, in hours that really pass."""
    if moment is None:
        return day + timedelta(days=hours // 24), None
    passed = moment.replace(tzinfo=LONDON).astimezone(UTC) + timedelta(hours=hours)
    deadline = passed.astimezone(LONDON).replace(tzinfo=None)
    return deadline.date(), deadline


def age_on(born: date, day: date) -> int:
    """Whole years; below zero before the birth. Born on 29 February: the birthday is clamped to the 28th."""
    age = day.year - born.year
    return age if add_months(born, 12 * age) <= day else age - 1


# --- the worker's days -------------------------------------------------------------------------------


@dataclass
class Telling:
    act_by: date
    remind_on: date
    needs_cover: bool
    cover_id: str | None


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def is_at_work(case: Case, worker_id: str | None, day: date) -> bool:
    worker = case.workers.get(worker_id or "")
    if not is_working_day(day):
        return False
    if worker is not None and worker.works is not None and day.weekday() not in worker.works:
        return False
    return not any(absence.holds(day) for absence in case.absences_of(worker_id))


def act_by(case: Case, worker_id: str | None, due: date, today: date) -> tuple[date, bool]:
    """By when to act, and whether somebody else has to."""
    if due < today:
        day = first_working_day_from(today)
        return day, not is_at_work(case, worker_id, day)
    window = days_between(today, due)
    at_work = [day for day in window if is_at_work(case, worker_id, day)]
    if at_work:
        return at_work[-1], False
    working = [day for day in window if is_working_day(day)]
    return (working[-1] if working else first_working_day_from(due)), True


def remind_on(case: Case, worker_id: str | None, act: date, needs_cover: bool, today: date) -> date:
    before = [day for day in days_between(today, act - ONE_DAY) if is_at_work(case, worker_id, day)]
    if before:
        return before[-1]
    if needs_cover:
        return first_working_day_from(today)
    day = today
    while not is_at_work(case, worker_id, day):
        day += ONE_DAY
    return day


def buddy_named(case: Case, worker_id: str | None, absence: Absence | None) -> str | None:
    """The absence's own buddy goes before the worker's usual one."""
    if absence is not None and absence.buddy_id is not None:
        return absence.buddy_id
    worker = case.workers.get(worker_id or "")
    return worker.buddy_id if worker else None


def cover_id(case: Case, worker_id: str | None, act: date, due: date, today: date) -> str | None:
    """The buddy of the absence that holds the day to act, else of the first one in the window."""
    if case.child.restricted:
        return None
    absences = sorted(case.absences_of(worker_id), key=lambda it: it.start)
    holding = [it for it in absences if it.holds(act)]
    window = days_between(today, max(due, today))
    touching = [it for it in absences if any(it.holds(day) for day in window)]
    chosen = holding or touching
    named = [it for it in chosen if it.buddy_id is not None]
    return buddy_named(case, worker_id, (named or chosen or [None])[0])


def tell(case: Case, worker_id: str | None, due: date, today: date) -> Telling:
    act, needs_cover = act_by(case, worker_id, due, today)
    remind = remind_on(case, worker_id, act, needs_cover, today)
    cover = cover_id(case, worker_id, act, due, today) if needs_cover else None
    return Telling(act, remind, needs_cover, cover)
