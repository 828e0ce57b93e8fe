"""All that a run decides before it writes: reads, judges, plans every diary, makes every mail, asks guards.

`plan` stops here and shows what came of it; `run` goes on only if no guard objects.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from bot.agenda import DueRun
from bot.caseload.guard import check_age, check_files
from bot.caseload.wholeness import stamps
from bot.errors import Problem, Refused
from bot.rendering.check import check_templates
from bot.rendering.templates import TEMPLATES
from bot.run.accepting import Comparison, compare
from bot.run.keep import Plans, make_plans, said_remembered
from bot.run.leavers import called
from bot.run.mails import make_mails
from bot.run.making import NOTHING, Remember
from bot.run.plan import Plan, PlannedMail, verdicts
from bot.run.senders import refused_now
from bot.run.snapshot import Snapshot, take
from bot.run.world import World
from bot.store.outbox import NewMail
from bot.verdict import Held

DIARIES = "diaries"
NOTICES = "notices"


@dataclass(frozen=True)
class Post:
    """The mails of one job in its slot, and whoever cannot have theirs."""

    job: str
    slot: str
    mails: tuple[NewMail, ...]
    problems: tuple[Problem, ...]
    remember: Remember = NOTHING  # with the mails, or not at all


@dataclass(frozen=True)
class Prepared:
    """A run that is ready to be carried out, with the plan that says what it will do."""

    snapshot: Snapshot
    comparison: Comparison
    diaries: Plans | None  # null where the diaries are not among the jobs
    posts: tuple[Post, ...]
    plan: Plan
    refused: Mapping[str, str]  # senders that cannot be used, where there are several, and why

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be read or judged, who is gone, and which mail cannot be addressed."""
        return self.problems_where(lifted=False)

    def problems_where(self, *, lifted: bool) -> tuple[Problem, ...]:
        """The same, where somebody lifted the limits or nobody did."""
        return (*self.snapshot.problems, *self.found_beside(lifted=lifted))

    def found_beside(self, *, lifted: bool) -> tuple[Problem, ...]:
        """Those of them that nothing but a run or a plan can find: `check` does not know them."""
        gone = (one.problem(lifted=lifted) for one in self.comparison.gone)
        return (*gone, *(found for post in self.posts for found in post.problems))


def read_world(world: World, now: datetime) -> Snapshot:
    """Read and judge the caseload; raises Held where it is missing, too old or not whole. ``now``: London."""
    settings = world.settings
    before = stamps(settings.caseload)
    try:
        snapshot = take(settings.caseload, world.packs, now.date(), settings.own_days)
    except Refused as error:
        raise Held([str(error)], error.problems) from error
    check_age(snapshot.caseload, now, settings.guard.max_age_hours)
    check_files(before, stamps(settings.caseload), str(settings.caseload), now, settings.guard.max_age_hours)
    return replace(snapshot, stamps=before)


def check_words(folder: Path) -> None:
    """Raise Held where a council's own templates name what does not exist, before anything is read or sent.

    The release's own folder was gone through with the release.
    """
    if folder.resolve() == TEMPLATES:
        return
    files = sorted(one for one in folder.glob("*") if one.is_file())
    said = hashlib.sha256(b"".join(one.name.encode() + one.read_bytes() for one in files)).hexdigest()
    if problems := _wrong_words(folder, said):
        places = ", ".join(dict.fromkeys(one.where for one in problems))
        raise Held([f"The templates have {len(problems)} problem(s), at {places}: see `check`."], problems)


@lru_cache(maxsize=2)
def _wrong_words(folder: Path, said: str) -> tuple[Problem, ...]:
    """What `check` finds, once for the same words: a service asks before each of its runs."""
    del said
    return check_templates(folder)


def prepare(world: World, now: datetime, items: Sequence[DueRun], only: Collection[str] = ()) -> Prepared:
    """Plan these jobs on one reading of the caseload. Nothing is written, in Microsoft 365 or in the store.

    ``only``: these worker ids (a pilot's, if there is one). Raises Held where the caseload or the templates
    cannot be used.
    """
    check_words(world.settings.templates)
    snapshot = read_world(world, now)
    found = compare(world, snapshot)
    wants_diaries = any(item.job == DIARIES for item in items)
    diaries = make_plans(world, snapshot, only, found.kept) if wants_diaries else None
    said = diaries.said if diaries else said_remembered(world, snapshot)
    posts = tuple(
        Post(item.job, item.slot, *make_mails(world, snapshot, item, only, found.gone, said=said))
        for item in items
        if item.job != DIARIES
    )
    mails = tuple(_planned(mail) for post in posts for mail in post.mails)
    mailboxes = diaries.by_mailbox if diaries else {}
    unread = {mailbox: str(error) for mailbox, error in diaries.unread.items()} if diaries else {}
    plan = Plan(
        today=snapshot.today,
        only=tuple(only),
        jobs=tuple((post.job, post.slot) for post in posts),
        owners=called(world, diaries.owners, mailboxes.keys() | unread.keys()) if diaries else {},
        mailboxes=mailboxes,
        unread=unread,
        unplaced=tuple(
            one for one in (diaries.unplaced if diaries else ()) if not only or one.worker_id in only
        ),
        gone=found.gone,
        mails=mails,
        verdicts=(
            *found.verdicts,
            *verdicts(mailboxes, len(unread), len(mails), world.settings.guard),
        ),
    )
    return Prepared(snapshot, found, diaries, posts, plan, refused_now(world))


def _planned(mail: NewMail) -> PlannedMail:
    said = "\n".join((mail.recipient, mail.subject, mail.html, mail.text))
    digest = hashlib.sha256(said.encode()).hexdigest()
    return PlannedMail(mail.job, mail.slot, mail.person, mail.recipient, mail.subject, digest)
