"""Makes the mails of a job: who gets one and what it says; each is then addressed or set aside.

A job is a row of ``JOBS``. What a mail says is a value of the digest, how it reads a template; here is only
for whom it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace

from bot.agenda import WEEKDAYS, DueRun
from bot.diary.said import Said
from bot.digest import manager, worker
from bot.digest.in_time import looked_back
from bot.digest.morning import morning_for
from bot.digest.own_weeks import own_weeks
from bot.digest.roll_up import RollUp, Tree, roll_up_for
from bot.digest.said import told
from bot.errors import Problem
from bot.rendering import mail
from bot.run.accepting import Gone
from bot.run.addressing import Door, Made, children_in
from bot.run.making import NOTHING, Making, Remember, Telling
from bot.run.notices import notices
from bot.run.snapshot import Snapshot
from bot.run.world import World
from bot.store.notices import NoticeRow
from bot.store.outbox import NewMail


def _worker_lists(making: Making) -> Iterator[Made]:
    weeks = own_weeks(making.snapshot.fell_due, making.known.today)
    for person in filter(making.is_for_worker, worker.readers(making.known)):
        value = worker.list_for(making.known, person, weeks.get(person))
        made = mail.worker_list(value, making.words_for("worker"), making.world.settings.templates)
        yield Made(person, made, children_in(value))


def _morning_mails(making: Making) -> Iterator[Made]:
    """Who is at work and has something due by tomorrow; nobody on the day on which the list goes."""
    if WEEKDAYS[making.known.today.weekday()] == making.world.settings.schedule.worker_list_day:
        return
    for person in filter(making.is_for_worker, worker.readers(making.known)):
        value = morning_for(making.known, person)
        if value is not None:
            made = mail.morning(value, making.words_for("worker"), making.world.settings.templates)
            yield Made(person, made, children_in(value))


def _manager_digests(making: Making) -> Iterator[Made]:
    """One mail each: the digest of the own team, or whoever is above managers a roll-up with it inside."""
    known, words = making.known, making.words_for("manager")
    templates = making.world.settings.templates
    back = looked_back(making.snapshot.fell_due, known.today)
    tree = Tree(known, back)
    above = frozenset(tree.readers)
    for person in filter(making.is_for_manager, sorted({*manager.managers(known), *above})):
        value: RollUp | manager.ManagerDigest
        if person in above:
            value = roll_up_for(known, tree, person, back)
            made = mail.roll_up(value, words, templates)
        else:
            value = manager.digest_for(known, person, back)
            made = mail.manager_digest(value, words, templates)
        yield Made(person, made, children_in(value))


JOBS: dict[str, Callable[[Making], Iterator[Made | Telling | Problem | Remember]]] = {
    "worker_list": _worker_lists,
    "morning_mail": _morning_mails,
    "manager_digest": _manager_digests,
    "notices": notices,
}


def make_mails(
    world: World,
    snapshot: Snapshot,
    item: DueRun,
    only: Collection[str] = (),
    gone: Collection[Gone] = (),
    *,
    said: Collection[Said] = (),
) -> tuple[tuple[NewMail, ...], tuple[Problem, ...], Remember]:
    """Every mail of a job in its slot, whoever cannot have theirs with the reason, and what to remember.

    ``gone``: children missing from the caseload, for the managers of those whose list they were on. Over a
    limit nobody is mailed unless it was lifted, and so a list says that it was.
    ``said``: visits that somebody says are done; what is left to record them is counted from the slot's own
    moment, so that the same mail says the same whenever it is made.
    """
    known = snapshot.gathered(world.settings.diary.identify)
    known = replace(
        known,
        now=item.since,
        said={one.of: told(one, item.since, snapshot.today) for one in reversed(tuple(said))},
        problems=(*known.problems, *((one.problem(lifted=True), one.child_id) for one in gone)),
        holders={**known.holders, **{one.child_id: one.workers for one in gone}},
    )
    door = Door(known, world.settings.mail, world.key_secret)
    making = Making(world, snapshot, known, item, frozenset(only), tuple(gone))
    return _sorted(JOBS[item.job](making), door, item)


def _sorted(
    made: Iterable[Made | Telling | Problem | Remember], door: Door, item: DueRun
) -> tuple[tuple[NewMail, ...], tuple[Problem, ...], Remember]:
    """Address what was made. Nobody is remembered as told to whom no mail goes."""
    mails: list[NewMail] = []
    problems: list[Problem] = []
    told: list[NoticeRow] = []
    remember = NOTHING
    for one in made:
        match one:
            case Problem():
                problems.append(one)
            case Remember():
                remember = one
            case Made() | Telling():
                end = door.addressed(one.made if isinstance(one, Telling) else one, item)
                if isinstance(end, Problem):
                    problems.append(end)
                else:
                    mails.append(end)
                    told += one.rows if isinstance(one, Telling) else ()
    changes = replace(remember.changes, told=(*remember.changes.told, *told))
    return tuple(mails), tuple(problems), replace(remember, changes=changes)
