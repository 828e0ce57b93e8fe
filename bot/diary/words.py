"""The words of an entry. A subject is read over a shoulder, on a locked phone, by whoever shares the diary:
it holds a date, and of the child at most initials and case number. What is owed is named so that it gives
away neither a plan nor an event in the child's life: a return interview is a "talk", since the only
interviews kept here follow a child's going missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Literal

from bot.policy.judgement import ClauseDue, DueVisit

Identify = Literal["initials_and_number", "number", "nothing"]

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_OWED = {
    "visit": "Visit",
    "contact": "Contact",
    "return_interview": "Talk",
    "decision": "Decision",
    "recording": "Type up",
}
_DONE = {
    "visit": "Seen",
    "contact": "Contact done",
    "return_interview": "Talk done",
    "decision": "Decided",
    "recording": "Recorded",
}
SAID_DONE = "said done"  # what a record's time counts from while the record does not know of the visit
_TASK = {
    "visit": "Visit",
    "contact": "Contact",
    "return_interview": "Return interview",
    "decision": "Decision on the referral",
    "recording": "Recording of the visit",
}
_MUST = {
    "alone": "See the child alone for part of the visit",
    "at_home": "See the child at home",
    "awake": "See the child awake",
    "bedroom": "See the child's bedroom",
    "observed": "Watch how the child and parents are together",
    "sleeping_arrangements": "See where the child sleeps",
    "unannounced": "Go unannounced: tell nobody in the family beforehand",
}
_BASE = {
    "visit": "the visit",
    "start": "the start",
    "attempt": "the attempt",
    "request": "the request",
    SAID_DONE: "it was said to be done",
}
_MOST_INITIALS = 4


def day(when: date, today: date) -> str:
    """Say a day as people do: "Fri 4 Dec", with the year where it is not this one."""
    said = f"{_WEEKDAYS[when.weekday()]} {when.day} {_MONTHS[when.month - 1]}"
    return said if when.year == today.year else f"{said} {when.year}"


def full_day(when: date) -> str:
    """Say a day with its year: "Fri 4 Dec 2026"."""
    return f"{_WEEKDAYS[when.weekday()]} {when.day} {_MONTHS[when.month - 1]} {when.year}"


def late(days: int) -> str:
    """Say how late: "1 day late", "3 days late"."""
    return f"{days} day late" if days == 1 else f"{days} days late"


def child(child_id: str, initials: str | None, identify: Identify) -> str:
    """Say which child, as far as the setting allows: "J.S. 20417", "20417" or nothing.

    What stands in the initials column is only trusted as far as it looks like initials: a name put there by
    mistake is left out, and letters are written apart, so that no word can be read.
    """
    if identify == "nothing":
        return ""
    number = " ".join(child_id.split())
    letters = re.sub(r"[\s.,'’\-]", "", initials or "")
    is_initials = letters.isalpha() and letters == letters.upper() and len(letters) <= _MOST_INITIALS
    if identify == "number" or not is_initials:
        return number
    return f"{'.'.join(letters)}. {number}"


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def due_subject(kind: str, due: date, today: date, who: str, *more: str) -> str:
    """Say what is due and when: "Visit due Fri 4 Dec · J.S. 20417".

    Records of a day differ by the child alone, and a narrow calendar shows the first words alone: they name
    the child first.
    """
    if kind == "recording":
        return _joined(_OWED[kind], who, f"by {day(due, today)}", *more)
    return _joined(f"{_OWED[kind]} due {day(due, today)}", who, *more)


def late_subject(kind: str, due: date, today: date, who: str, *more: str) -> str:
    """Say how late it is: "Visit 3 days late · was due Tue 1 Dec · J.S. 20417"."""
    days = (today - due).days
    if kind == "recording":
        return _joined(_OWED[kind], who, late(days), f"was due {day(due, today)}", *more)
    return _joined(f"{_OWED[kind]} {late(days)}", f"was due {day(due, today)}", who, *more)


def done_subject(kind: str, done_on: date, today: date, who: str) -> str:
    """Say that it is done, in a word where the colour used to be: "Seen Thu 3 Dec · J.S. 20417"."""
    return _joined(f"{_DONE[kind]} {day(done_on, today)}", who)


def told_as_done(subject: str) -> bool:
    """Tell whether a subject is one of the two kinds that say that something is done."""
    return subject.startswith(tuple(f"{word} " for word in _DONE.values()))


def said_subject(said_on: date, today: date, who: str) -> str:
    """Say that a visit is said to be done, where no clause sets a time for its record."""
    return _joined(_OWED["recording"], who, f"said done {day(said_on, today)}")


def typed_up_subject(done_on: date, today: date, who: str) -> str:
    """Say on the entry of a visit that was said to be done that the record has it now."""
    return _joined(_DONE["recording"], who, f"visit of {day(done_on, today)}")


def said_note(said_at: datetime) -> str:
    """Say what a person said by taking the colour out, and what follows."""
    return (
        f"You took the colour out ({moment(said_at)}): said to be done, not yet recorded. Until the record "
        "shows the visit it still counts as not done. Not done after all? Give the entry its colour back."
    )


def does_not_count(visit_on: date, today: date, clauses: Iterable[str], reason: str) -> str:
    """Say why a visit that took place does not count: "The visit of Mon 23 Nov does not count for C.4: …"."""
    return f"The visit of {day(visit_on, today)} does not count for {', '.join(sorted(clauses))}: {reason}."


def moment(at: datetime) -> str:
    """Say a moment: "Mon 30 Nov 2026 10:12"; midnight is a bare day."""
    return full_day(at) if at.time() == time.min else f"{full_day(at)} {at:%H:%M}"


def owed_here(children: int) -> str:
    """Say how many children of one household are owed, on the one reminder that rings for all of them."""
    return f"{children} owed in this household" if children > 1 else ""


def due_heading(visit: DueVisit) -> str:
    """Say inside the entry what is due, where the precise word may stand, with the time if there is one."""
    by = f" by {visit.due_at:%H:%M}" if visit.due_at else ""
    return f"{_TASK[visit.kind]} due {full_day(visit.due)}{by}"


def late_heading(visit: DueVisit, today: date) -> str:
    """Say inside the entry how late it is and since when."""
    return f"{_TASK[visit.kind]} {late(visit.days_late(today))}: was due {full_day(visit.due)}"


def done_heading(kind: str, done_on: date) -> str:
    """Say inside the entry that nothing more is owed under it."""
    return f"Done. {_DONE[kind]} {full_day(done_on)}"


def sheet(ask: str, child_id: str, identify: Identify) -> str:
    """Say whom to ask for the preparation sheet, by the number alone; nothing where nobody gives it.

    The sheet itself never hangs on the entry: whoever may open the diary could open it too.
    """
    if not ask:
        return ""
    named = "" if identify == "nothing" else f", with number {child(child_id, None, 'number')}"
    return f"The preparation sheet and the write-up are not kept here. Ask {ask} for them{named}."


def must(name: str) -> str:
    """Say one thing that the visit must include."""
    return _MUST.get(name, name.replace("_", " ").capitalize())


def musts(visit: DueVisit) -> tuple[str, ...]:
    """Say all that the visit must include, with the clauses that ask for each where they are known."""
    asked = {one.must: f" ({', '.join(one.clauses)})" for one in visit.asked}
    return tuple(f"{must(name)}{asked.get(name, '')}" for name in visit.must)


def counted(clause: ClauseDue) -> str:
    """Say how a clause's date was reached: "10 working days after the visit on Fri 20 Nov 2026"."""
    anchor = f"{_BASE.get(clause.base_is, f'the {clause.base_is}')} on {_moment(clause.base, clause)}"
    if not clause.step or clause.step.split()[0] == "0":
        return f"on the day of {anchor}" if clause.step else f"from {anchor}"
    return f"{clause.step} after {anchor}{', and no later than the rest ask' if _cut_short(clause) else ''}"


def _cut_short(clause: ClauseDue) -> bool:
    """Tell a retry that the other clauses do not leave its days: due before they pass (B.7)."""
    number, *unit = clause.step.split()
    in_days = bool(unit) and unit[-1] in {"day", "days"}
    return in_days and number.isdigit() and clause.due - clause.base.date() < timedelta(days=int(number))


def _moment(base: datetime, clause: ClauseDue) -> str:
    """Name the time of day only where it matters: in clauses that count hours."""
    return f"{full_day(base)} {base:%H:%M}" if clause.due_at else full_day(base)
