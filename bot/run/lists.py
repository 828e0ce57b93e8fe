"""Makes the mails of a job: who gets one, what it says, and the reference by which it goes once."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import replace

from bot.agenda import DueRun
from bot.diary.said import Said
from bot.digest import manager, worker
from bot.digest.gathering import gather
from bot.digest.known import Known
from bot.digest.said import told
from bot.errors import Problem
from bot.rendering import mail
from bot.run.accepting import Gone
from bot.run.snapshot import Snapshot
from bot.run.world import World
from bot.store.outbox import NewMail, Picture


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
    job, slot = item.job, item.slot
    known = gather(
        snapshot.visits, snapshot.judgement, snapshot.caseload, snapshot.today, world.settings.diary.identify
    )
    known = replace(
        known,
        said={one.of: told(one, item.since, snapshot.today) for one in reversed(tuple(said))},
        problems=(*known.problems, *((one.problem(lifted=True), one.child_id) for one in gone)),
        holders={**known.holders, **{one.child_id: one.workers for one in gone}},
    )
    mails: list[NewMail] = []
    problems: list[Problem] = []
    for person, made in _rendered(world, known, job, only):
        address = known.people[person].email if person in known.people else ""
        allowed = world.settings.mail.allowed_domains
        if address.rsplit("@", 1)[-1] not in allowed:
            problems.append(
                Problem(
                    f"workers.csv:{person}:email",
                    "the address is outside the domains that mail may go to",
                    "Mend it, or add its domain to mail.allowed_domains.",
                    "excluded",
                )
            )
            continue
        mails.append(_addressed(world, reference(job, slot, person), (job, slot, person), address, made))
    return tuple(mails), tuple(problems)


def _rendered(world: World, known: Known, job: str, only: Collection[str]) -> Iterator[tuple[str, mail.Mail]]:
    settings = world.settings
    words = mail.MailWords(
        wrong=f"Wrong? Tell {settings.diary.wrong_tell}.", reply_to=settings.mail.reply_to or ""
    )
    pilot = set(settings.pilot)
    if job == "worker_list":
        for person in worker.readers(known):
            if (not only or person in only) and (not pilot or person in pilot):
                value = worker.list_for(known, person)
                yield person, mail.worker_list(value, words, settings.templates)
        return
    leads = {known.people[one].manager_id for one in pilot if one in known.people}
    for person in manager.managers(known):
        if (not only or person in only) and (not pilot or person in leads):
            yield person, mail.manager_digest(manager.digest_for(known, person), words, settings.templates)


def _addressed(world: World, once: str, what: tuple[str, str, str], address: str, made: mail.Mail) -> NewMail:
    job, slot, person = what
    redirect = world.settings.mail.redirect_to
    return NewMail(
        reference=once,
        job=job,
        slot=slot,
        person=person,
        recipient=redirect or address,
        subject=f"[pilot, for {address}] {made.subject}" if redirect else made.subject,
        html=made.html,
        text=made.text,
        images=tuple(Picture(image.cid, image.alt, image.png) for image in made.images),
    )


def reference(job: str, slot: str, person: str) -> str:
    """The same for the same mail whoever makes it, and nothing can be read from it."""
    return hashlib.sha256(f"{job}\n{slot}\n{person}".encode()).hexdigest()[:40]
