"""Makes the mails of a job: who gets one and what it says; each is then addressed or set aside.

A job is a row of ``JOBS``. What a mail says is a value of the digest, how it reads a template; here is only
for whom it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from bot.agenda import DueRun
from bot.diary.said import Said
from bot.digest import manager, worker
from bot.digest.gathering import gather
from bot.digest.known import Known
from bot.digest.said import told
from bot.errors import Problem
from bot.policy.looking_back import fell_due
from bot.rendering import mail
from bot.run.accepting import Gone
from bot.run.addressing import Door, Made, children_in
from bot.run.snapshot import Snapshot
from bot.run.world import World
from bot.store.outbox import NewMail


@dataclass(frozen=True)
class Making:
    """What a job's mails are made of."""

    world: World
    snapshot: Snapshot
    known: Known
    item: DueRun
    only: frozenset[str]  # these worker ids; empty: everybody

    @cached_property
    def fell_due(self) -> pl.DataFrame:
        """What fell due in the last 12 weeks, and how it went (``FellDue``); for whoever wants it."""
        snapshot = self.snapshot
        return fell_due(snapshot.caseload, snapshot.packs, snapshot.today, self.world.settings.own_days)

    @property
    def words(self) -> mail.MailWords:
        """What stands at the foot of every mail."""
        settings = self.world.settings
        return mail.MailWords(
            wrong=f"Wrong? Tell {settings.diary.wrong_tell}.", reply_to=settings.mail.reply_to or ""
        )

    def is_for_worker(self, person: str) -> bool:
        """Whether a worker is mailed now: asked for, and of the pilot where there is one."""
        pilot = self.world.settings.pilot
        return (not self.only or person in self.only) and (not pilot or person in pilot)

    def is_for_manager(self, person: str) -> bool:
        """The same for whoever manages: with a pilot, of those whose worker is in it."""
        pilot = self.world.settings.pilot
        leads = {self.known.people[one].manager_id for one in pilot if one in self.known.people}
        return (not self.only or person in self.only) and (not pilot or person in leads)


def _worker_lists(making: Making) -> Iterator[Made]:
    for person in filter(making.is_for_worker, worker.readers(making.known)):
        value = worker.list_for(making.known, person)
        made = mail.worker_list(value, making.words, making.world.settings.templates)
        yield Made(person, made, children_in(value))


def _manager_digests(making: Making) -> Iterator[Made]:
    for person in filter(making.is_for_manager, manager.managers(making.known)):
        value = manager.digest_for(making.known, person)
        made = mail.manager_digest(value, making.words, making.world.settings.templates)
        yield Made(person, made, children_in(value))


JOBS: dict[str, Callable[[Making], Iterator[Made]]] = {
    "worker_list": _worker_lists,
    "manager_digest": _manager_digests,
}


def make_mails(
    world: World,
    snapshot: Snapshot,
    item: DueRun,
    only: Collection[str] = (),
    gone: Collection[Gone] = (),
    *,
    said: Collection[Said] = (),
) -> tuple[tuple[NewMail, ...], tuple[Problem, ...]]:
    """Every mail of a job in its slot, and whoever cannot have theirs with the reason.

    ``gone``: children missing from the caseload, for the managers of those whose list they were on. Over a
    limit nobody is mailed unless it was lifted, and so a list says that it was.
    ``said``: visits that somebody says are done; what is left to record them is counted from the slot's own
    moment, so that the same mail says the same whenever it is made.
    """
    known = gather(
        snapshot.visits, snapshot.judgement, snapshot.caseload, snapshot.today, world.settings.diary.identify
    )
    known = replace(
        known,
        said={one.of: told(one, item.since, snapshot.today) for one in reversed(tuple(said))},
        problems=(*known.problems, *((one.problem(lifted=True), one.child_id) for one in gone)),
        holders={**known.holders, **{one.child_id: one.workers for one in gone}},
    )
    door = Door(known, world.settings.mail)
    making = Making(world, snapshot, known, item, frozenset(only))
    ends = [door.addressed(made, item) for made in JOBS[item.job](making)]
    mails = tuple(end for end in ends if isinstance(end, NewMail))
    return mails, tuple(end for end in ends if isinstance(end, Problem))
