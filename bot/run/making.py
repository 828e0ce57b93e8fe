"""What mails are made of, and what a maker may give back beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.agenda import DueRun
from bot.digest.known import Known
from bot.rendering import mail
from bot.run.accepting import Gone
from bot.run.addressing import Made
from bot.run.snapshot import Snapshot
from bot.run.world import World
from bot.store.notices import NoticeChanges, NoticeRow

Reading = Literal["worker", "manager", "iro"]  # as what somebody reads a mail


@dataclass(frozen=True)
class Making:
    """What a job's mails are made of."""

    world: World
    snapshot: Snapshot
    known: Known
    item: DueRun
    only: frozenset[str]  # these worker ids; empty: everybody
    gone: tuple[Gone, ...] = ()  # children missing from this caseload

    def words_for(self, reader: Reading) -> mail.MailWords:
        """What stands at the foot of a mail: a manager is not told to tell a manager."""
        settings = self.world.settings
        tell = {
            "worker": settings.diary.wrong_tell,
            "manager": settings.mail.wrong_tell_managers,
            "iro": settings.mail.wrong_tell_iros,
        }
        return mail.MailWords(wrong=f"Wrong? Tell {tell[reader]}.", reply_to=settings.mail.reply_to or "")

    def is_for_worker(self, person: str) -> bool:
        """Whether a worker is mailed now: asked for, and of the pilot where there is one."""
        pilot = self.world.settings.pilot
        return (not self.only or person in self.only) and (not pilot or person in pilot)

    def is_for_manager(self, person: str) -> bool:
        """The same for whoever manages: with a pilot, of those whose worker is in it."""
        pilot = self.world.settings.pilot
        leads = {self.known.people[one].manager_id for one in pilot if one in self.known.people}
        return (not self.only or person in self.only) and (not pilot or person in leads)


@dataclass(frozen=True)
class Telling:
    """A mail, and what its reader was told with it: remembered if it is addressed, and not otherwise."""

    made: Made
    rows: tuple[NoticeRow, ...]


@dataclass(frozen=True)
class Remember:
    """What is written down in the transaction that puts a job's mails into the outbox."""

    changes: NoticeChanges = field(default_factory=NoticeChanges)
    held: int = 0  # notices that wait for their reader's next mail
    read: str = ""  # a fingerprint of the caseload's files as they were read


NOTHING = Remember()
