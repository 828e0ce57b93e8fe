"""The demo's desk: visits, postponements and sickness written into the demo's own caseload, and nowhere else.

What is written is what a case system would export, in the caseload's own columns; the bot finds it on its
next run as it would find a real one. Today is the stand-in's day.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.cli import desk_checks as checks
from bot.cli.desk_checks import spoken, yes_no
from bot.cli.desk_reading import Reader, Reading
from bot.cli.records import Records, Row, Unreadable
from bot.diary.people import Worker
from bot.errors import BotError
from bot.sandbox.page.desk import (
    Colleague,
    DeskRefused,
    Meaning,
    Mistake,
    PostponeForm,
    VisitForm,
    Worktable,
    Written,
    listed,
)

CHANNELS = {"visit": "in_person", "return_interview": "in_person", "contact": "phone"}
DONE = {"visit": "visit", "return_interview": "return interview", "contact": "contact"}


class DemoDesk:
    """A `Desk` over one demo's folder. `mark` is the file by which a demo's folder is known."""

    def __init__(self, state: Path, mark: str, now: Callable[[], datetime]) -> None:
        self._state = state
        self._mark = mark
        self._now = now  # naive London, on the stand-in's day
        self._reader = Reader(state)
        self._lock = threading.Lock()

    def table(self, mailbox: str) -> Worktable | None:
        """What lies before a worker today."""
        with self._lock:
            reading = self._read()
            worker = reading.worker(mailbox)
            if worker is None:
                return None
            mine = reading.held.get(worker.worker_id, ())
            covered = reading.covered_by(worker.worker_id)
            children = [reading.child(one) for one in mine]
            children += [
                reading.child(one, whose) for one, whose in sorted(covered.items()) if one not in mine
            ]
            children.sort(key=lambda one: min((owed.due for owed in one.owed), default=date.max))
            buddy = reading.people.workers.get(reading.buddy(worker.worker_id) or "")
            return Worktable(
                mailbox=worker.email,
                name=worker.called,
                today=reading.today,
                children=tuple(children),
                colleagues=tuple(_colleagues(reading, worker)),
                usual_buddy=buddy.email if buddy else None,
                away=reading.away(worker.worker_id),
            )

    def meaning(self, mailbox: str, tags: Collection[str]) -> Meaning | None:
        """What an entry is about that carries these tags."""
        with self._lock:
            reading = self._read()
            return reading.meaning(tags) if reading.worker(mailbox) else None

    def record_visit(self, mailbox: str, child: str, form: VisitForm) -> Written:
        """Write a visit down, over the plan for that day where one stands."""
        with self._lock:
            reading, worker = self._before(mailbox, child)
            visits = self._open("visits")
            checks.visit(reading, visits, child, form)
            finalised = max(self._now(), form.at) if form.finalised else None
            row = {
                "at": form.at.isoformat(timespec="minutes"),
                "status": "completed" if form.took_place else "failed",
                "kind": form.kind,
                "channel": CHANNELS[form.kind],
                "seen": yes_no(form.seen if form.took_place else False),
                "seen_alone": yes_no(form.alone),
                "awake": yes_no(form.awake),
                "observed": yes_no(form.observed),
                "at_home": yes_no(form.at_home),
                "bedroom_seen": yes_no(form.bedroom),
                "announced": yes_no(form.announced),
                "reason": checks.one_line(form.reason),
                "finalised_at": finalised.isoformat(timespec="minutes") if finalised else "",
                "worker_id": worker.worker_id,
            }
            self._put(visits, child, form.at.date(), row | _setting(reading, child))
            return _told(reading.called(child), form, finalised is not None)

    def finalise(self, mailbox: str, child: str) -> Written:
        """Finalise every record of the child's visits that waits."""
        with self._lock:
            reading, _ = self._before(mailbox, child)
            days = reading.unfinalised.get(child, ())
            if not days:
                raise DeskRefused(checks.nothing_to_finalise(reading.called(child)))
            visits = self._open("visits")

            def waits(row: Row) -> bool:
                blank = not row.get("finalised_at")
                return blank and (row.get("child_id"), row.get("status")) == (child, "completed")

            visits.change(waits, {"finalised_at": self._now().isoformat(timespec="minutes")})
            visits.save()
            which = listed([spoken(day) for day in days])
            return Written(
                f"Finalised: the record of {reading.called(child)}, seen on {which}.",
                "On its next run the bot takes the colour out of “Type up”.",
            )

    def postpone(self, mailbox: str, child: str, form: PostponeForm) -> Written:
        """Write down that a visit is put off."""
        with self._lock:
            reading, worker = self._before(mailbox, child)
            visits = self._open("visits")
            checks.postponing(reading, visits, child, form)
            row = {
                "at": form.planned.isoformat(),
                "status": "postponed",
                "kind": "visit",
                "channel": "in_person",
                "reason": checks.one_line(form.reason),
                "planned_for": form.to.isoformat() if form.to else "",
                "notified_on": reading.today.isoformat() if form.told else "",
                "worker_id": worker.worker_id,
            }
            self._put(visits, child, form.planned, row | _setting(reading, child))
            to = f" to {spoken(form.to)}" if form.to else ", with no new day yet"
            return Written(
                f"Written down: the visit to {reading.called(child)} on {spoken(form.planned)} is put off"
                f"{to}.",
                "The due date does not move with it: on its next run the bot says what the policy asks now, "
                "and who is told.",
            )

    def off_sick(self, mailbox: str, first: date, last: date | None, covered_by: str | None) -> Written:
        """Put a worker off sick, covered by a colleague or by the usual buddy."""
        with self._lock:
            reading, worker = self._before(mailbox)
            buddy = checks.sickness(reading, worker, first, last, covered_by)
            absences = self._open("absences")
            absences.add(
                {
                    "worker_id": worker.worker_id,
                    "start": first.isoformat(),
                    "end": last.isoformat() if last else "",
                    "kind": "unplanned",
                    "buddy_id": buddy.worker_id if buddy and covered_by else "",
                    "manager_told_on": reading.today.isoformat(),
                }
            )
            absences.save()
            until = f"to {spoken(last)}" if last else "until they are back"
            who = f"{buddy.called} covers" if buddy else "Nobody is named to cover: the manager is asked"
            return Written(
                f"Written down: {worker.called} is off sick from {spoken(first)} {until}. {who}.",
                "On its next run the bot puts what is owed into the covering diary, marked “cover”."
                if buddy
                else "On its next run the bot says in each entry that it needs cover.",
            )

    def back(self, mailbox: str, on: date) -> Written:
        """End the absence on the day before."""
        with self._lock:
            reading, worker = self._before(mailbox)
            away = reading.away(worker.worker_id)
            checks.coming_back(reading, worker, away, on)
            assert away is not None
            absences = self._open("absences")

            def this(row: Row) -> bool:
                return (row.get("worker_id"), row.get("start")) == (worker.worker_id, str(away.first))

            if on <= away.first:
                absences.drop(this)
            else:
                absences.change(this, {"end": (on - timedelta(days=1)).isoformat()})
            absences.save()
            return Written(
                f"Written down: {worker.called} is back at work on {spoken(on)}.",
                "On its next run the bot takes what others covered out of their diaries.",
            )

    def _read(self) -> Reading:
        try:
            return self._reader.read(self._now().date())
        except BotError as error:
            why = " ".join([str(error), *(str(one) for one in getattr(error, "problems", ()))])
            raise DeskRefused(
                Mistake("caseload", "The caseload cannot be read.", why, "Mend it and try again.")
            ) from None

    def _before(self, mailbox: str, child: str | None = None) -> tuple[Reading, Worker]:
        """The reading, and the worker whose desk it is; refuses who has none, and children of others."""
        reading = self._read()
        worker = reading.worker(mailbox)
        if worker is None:
            raise DeskRefused(checks.no_desk(mailbox))
        if child is not None:
            mine = {*reading.held.get(worker.worker_id, ()), *reading.covered_by(worker.worker_id)}
            if child not in mine:
                raise DeskRefused(checks.not_theirs(worker))
        return reading, worker

    def _open(self, name: str) -> Records:
        """A file of this demo's caseload; whatever lies elsewhere is never opened."""
        root = self._state.resolve()
        path = root / "caseload" / f"{name}.csv"
        if not (root / self._mark).is_file() or path.resolve() != path:
            raise DeskRefused(checks.not_the_demos(name))
        try:
            return Records(path)
        except Unreadable as error:
            raise DeskRefused(checks.unwritable(name, str(error))) from None

    def _put(self, visits: Records, child: str, day: date, row: dict[str, str]) -> None:
        """Over the visit that was planned for that day, or as a row of its own."""
        planned = [
            one["visit_id"]
            for one in visits.having(child_id=child, status="scheduled")
            if one.get("at", "")[:10] == day.isoformat()
        ]
        if planned:
            visits.change(lambda cells: cells.get("visit_id") == planned[0], row)
        else:
            taken = {one["visit_id"] for one in visits.having()}
            number = next(n for n in range(1, len(taken) + 2) if f"D{n}" not in taken)
            visits.add({"visit_id": f"D{number}", "child_id": child} | row)
        try:
            visits.save()
        except OSError as error:
            raise DeskRefused(checks.unwritable("visits", error.strerror or "it cannot be written")) from None


def _colleagues(reading: Reading, worker: Worker) -> list[Colleague]:
    others = [one for one in reading.people.workers.values() if one.worker_id in reading.visiting]
    return [
        Colleague(one.email, one.called, one.worker_id in reading.people.away)
        for one in sorted(others, key=lambda one: one.called)
        if one.worker_id != worker.worker_id
    ]


def _setting(reading: Reading, child: str) -> dict[str, str]:
    """The living situation, where everything owed is owed for the same one."""
    found = {one.setting for one in reading.owed.get(child, ())}
    only = found.pop() if len(found) == 1 else None
    return {"setting": only} if only else {}


def _told(called: str, form: VisitForm, finalised: bool) -> Written:
    when = f"{spoken(form.at.date())} at {form.at:%H:%M}"
    what = DONE[form.kind]
    if not form.took_place:
        return Written(
            f"Written down: the {what} to {called} on {when} failed.",
            "It closes nothing: on its next run the bot says what the policy asks after a failed visit.",
        )
    answers = {"alone": form.alone, "awake": form.awake, "observed": form.observed}
    answers |= {"at home": form.at_home, "with the bedroom": form.bedroom}
    how = [word for word, yes in answers.items() if yes]
    seen = f"seen{', ' + ', '.join(how) if how else ''}" if form.seen else "not seen"
    record = "The record is finalised." if finalised else "The record waits to be finalised."
    then = "On its next run the bot takes the colour out of its entry and puts the next one in."
    if not form.seen:
        then = "A visit at which the child was not seen closes nothing: what is owed stays owed."
    elif not finalised:
        then = (
            "A policy may ask for the finalised record before it counts; until then the bot says “Type up”."
        )
    return Written(f"Written down: {what} to {called} on {when}, {seen}. {record}", then)
