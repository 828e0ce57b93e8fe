"""Makes the mails of notices: what is so, what people were told, and what of it goes now.

What is told is remembered by key with the mail that tells it; what is over is forgotten in the same
transaction. Where something could not be looked at (an Outlook that did not answer, a child missing from one
export) what was told of it stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, time, timedelta

from bot.caseload.model import WEEKDAYS
from bot.caseload.wholeness import fingerprint
from bot.digest.notices import Letter, Notice, Seal, Told, letters, sort_out
from bot.digest.noticing.causes import causes
from bot.digest.noticing.facts import Facts, arranged_today, journeys, works_on
from bot.digest.noticing.letter import mail_of
from bot.digest.noticing.welcome import known_now, newcomers, welcome
from bot.errors import BotError, Problem
from bot.outlook.faults import SignInRefused
from bot.outlook.out_of_office import away_in
from bot.rendering import notice as rendering
from bot.run.addressing import Made, children_in
from bot.run.making import Making, Reading, Remember, Telling
from bot.store.notices import NoticeChanges, NoticeRow, remembered

NOON = time(12)
READING: dict[str, Reading] = {"own": "worker", "reviewed": "iro"}  # by whose visits a mail is about


def notices(making: Making) -> Iterator[Telling | Problem | Remember]:
    """One mail for each person who is told anything now, and what is to be remembered."""
    now, settings = making.item.since, making.world.settings
    before = tuple(Told(**asdict(row)) for row in remembered(making.world.store))
    facts, unasked = _facts(making)
    yield from unasked.values()
    found, problems = causes(facts)
    yield from problems
    seal = Seal(making.world.key_secret)
    unknown = {f"worker {worker}" for worker in unasked}
    unknown |= {f"child {gone.child_id}" for gone in making.gone if gone.keeps}
    kept_back = _of_restricted(making, found)
    if kept_back:
        yield _told_later(len(kept_back))
        found = tuple(one for one in found if one not in kept_back)
        unknown |= {one.about for one in kept_back}  # what was told of them before still was
    told = sort_out(
        (notice for notice in found if _is_served(making, notice)),
        before,
        seal,
        now,
        works_today=facts.judgement.work.is_working(facts.today),
        unknown=unknown,
    )
    merge = timedelta(minutes=settings.notices.merge_minutes)
    post = letters(told, before, now, merge, hears_now=lambda reader: _hears(making, reader.person))
    new = newcomers(
        facts,
        before,
        seal,
        now,
        served=lambda who: not settings.pilot or who in settings.pilot,
        hears_now=lambda who: _hears(making, who),
    )
    mine = {letter.to.person: letter for letter in post.letters}
    for person in sorted(mine.keys() | set(new.welcomed)):
        yield _telling(making, facts, seal, person, mine.get(person), is_new=person in new.welcomed)
    yield Remember(
        NoticeChanges(
            told=tuple(NoticeRow(**asdict(one)) for one in new.known),
            closed=tuple((one.key, one.person) for one in told.closed),
        ),
        held=post.held,
        read="" if making.only else fingerprint(making.snapshot.stamps),
    )


def _telling(
    making: Making, facts: Facts, seal: Seal, person: str, letter: Letter | None, *, is_new: bool
) -> Telling:
    now = making.item.since
    value = mail_of(facts.known, person, letter, welcome(facts, person) if is_new else None)
    render = rendering.welcome if is_new else rendering.notice
    made = Made(
        person,
        render(value, making.words_for(READING.get(value.whose, "manager")), making.world.settings.templates),
        children_in(value),
        address=letter.to.address if letter else "",
        urgent=letter.urgent if letter else False,
    )
    told = [row for one in letter.tellings for row in one.rows] if letter else []
    told += [known_now(seal, person, now)] if is_new else []
    return Telling(made, tuple(NoticeRow(**asdict(one)) for one in told))


def _hears(making: Making, person: str) -> bool:
    return not making.only or person in making.only


def _is_served(making: Making, notice: Notice) -> bool:
    """With a pilot: only of its workers' children, and to them, their managers and the IROs."""
    pilot = frozenset(making.world.settings.pilot)
    if not pilot:
        return True
    holders = making.known.holders
    of_pilot = any(holders.get(line.child_id, frozenset()) & pilot for line in notice.lines)
    return of_pilot and (notice.to.team != "own" or notice.to.person in pilot)


def _of_restricted(making: Making, found: tuple[Notice, ...]) -> tuple[Notice, ...]:
    """Where every mail goes to a pilot's box, nothing of a restricted child does: it waits until then."""
    if not making.world.settings.mail.redirect_to:
        return ()
    return tuple(
        one for one in found if any(making.known.child(line.child_id).restricted for line in one.lines)
    )


def _told_later(number: int) -> Problem:
    return Problem(
        "settings:mail.redirect_to",
        f"{number} notice(s) speak of restricted children and were not sent to the pilot's mailbox",
        "Tell those they are for by other means; they go once mail.redirect_to is taken out.",
        "excluded",
    )


def _facts(making: Making) -> tuple[Facts, dict[str, Problem]]:
    """What causes are found in; and the workers of whom it could not be found out whether they are away."""
    snapshot, settings = making.snapshot, making.world.settings
    away, unasked = _out_of_office(making) if settings.notices.out_of_office else (frozenset(), {})
    facts = Facts(
        known=making.known,
        caseload=snapshot.caseload,
        judgement=snapshot.judgement,
        packs=snapshot.packs,
        ahead=settings.notices.leave_working_days,
        allowed=settings.mail.allows,
        out_of_office=away,
    )
    return facts, unasked


def _out_of_office(making: Making) -> tuple[frozenset[str], dict[str, Problem]]:
    """Ask the Outlook of everybody who should be at work and owes or has arranged something today (C.8b).

    Raises SignInRefused where nobody's can be asked.
    """
    known, today, caseload = making.known, making.snapshot.today, making.snapshot.caseload
    if not making.snapshot.judgement.work.is_working(today):
        return frozenset(), {}
    expected = {worker for worker, _ in arranged_today(known, caseload)}
    addresses = {
        person.email: worker
        for worker, person in known.people.items()
        if not known.is_away(worker, today)
        and WEEKDAYS[today.weekday()] in works_on(caseload, worker)
        and (worker in expected or any(visit.due <= today for visit in journeys(known, worker)))
    }
    asked = away_in(making.world.connection, sorted(addresses), datetime.combine(today, NOON))
    unasked: dict[str, Problem] = {}
    for address, answer in asked.items():
        if isinstance(answer, SignInRefused):
            raise answer
        if isinstance(answer, BotError):
            unasked[addresses[address]] = Problem(
                f"Outlook of {addresses[address]}",
                f"whether this worker is out of office could not be read: {answer}",
                "If it lasts, ask IT for the app's MailboxSettings permission over this mailbox; until then "
                "only absences.csv says who is away.",
                "warning",
            )
    return frozenset(addresses[one] for one, answer in asked.items() if answer is True), unasked
