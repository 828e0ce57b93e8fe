"""A mail that reaches nobody is somebody's to mend: the worker's manager and the operator are told of it.

Microsoft refuses an address that is none; of one at which nobody is it says so afterwards, by a report in the
sender's inbox. The manager is told once a week while it lasts, without a word of any child.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.agenda import DueRun
from bot.digest.undelivered import Undelivered
from bot.outlook.bounces import Report, reports
from bot.rendering.mail import MailWords, undelivered
from bot.run.addressing import Made, to_one
from bot.run.report import NotDelivered
from bot.run.world import World
from bot.store import sending
from bot.store.outbox import NewMail
from bot.store.sending import SentRow

JOB: Final = "undelivered"
LOOK_BACK: Final = timedelta(days=3)  # Exchange tries for a day or two before it gives a mail back
_LONDON: Final = ZoneInfo("Europe/London")
_CAME_BACK: Final = (
    "Microsoft took it and gave it back: there is nobody at this address, or they take no mail."
)


class Undeliverable:
    """Finds what came back, and tells of whatever reaches nobody."""

    def __init__(self, world: World, fence: int, clock: Callable[[], datetime]) -> None:
        """``clock``: the run's own time (naive London)."""
        self._world, self._fence, self._clock = world, fence, clock

    def look(self, moment: datetime) -> tuple[NotDelivered, ...]:
        """Match the reports in the senders' mailboxes with what was sent of late; ``moment`` is aware.

        Asks nothing where nothing was sent. Raises Temporary or Permanent where a mailbox cannot be read.
        """
        since = moment - LOOK_BACK
        mails = sending.sent_since(self._world.store, since)
        of_the_run = self._clock().replace(tzinfo=_LONDON) - LOOK_BACK  # whatever day the run is of
        found: list[NotDelivered] = []
        for sender in sorted({mail.sender for mail in mails if mail.sender}):
            mine = [mail for mail in mails if mail.sender == sender]
            read = reports(self._world.connection, sender, min(since, of_the_run))
            found += [self.tell(one.id, one.mail, "bounced", _CAME_BACK) for one in came_back(mine, read)]
        return tuple(found)

    def tell(
        self, row_id: int, mail: NewMail, state: str, error: str, *, to_manager: bool = True
    ) -> NotDelivered:
        """Write down that a mail reaches nobody, and put the notice of it in the outbox with that.

        ``to_manager``: false where it is not the address that must be mended.
        """
        redirected = mail.recipient == self._world.settings.mail.redirect_to
        notice = self._notice(mail) if to_manager and not redirected else None
        sending.come_back(
            self._world.store, self._fence, row_id, state=state, error=error, notice=notice, now=self._clock()
        )
        manager = mail.manager if notice else ""
        return NotDelivered(mail.person, mail.recipient, mail.job, error, manager, redirected=redirected)

    def _notice(self, mail: NewMail) -> NewMail | None:
        """For the manager, once a week for each address; none of a notice of this kind, which names nobody to
        be told."""
        settings, now = self._world.settings, self._clock()
        to = settings.mail.redirect_to or mail.manager_address
        if not mail.manager_address or not settings.mail.allows(to) or to == mail.recipient:
            return None
        week = DueRun(JOB, (now.date() - timedelta(days=now.weekday())).isoformat(), now)
        words = MailWords("Wrong? Tell whoever keeps workers.csv.", settings.mail.reply_to or "")
        made = undelivered(Undelivered(mail.person, mail.recipient, now.date()), words, settings.templates)
        notice = Made(mail.manager, made, about=frozenset(), once=f"{mail.person}\n{mail.recipient}")
        return to_one(
            notice,
            mail.manager_address,
            week,
            redirect=settings.mail.redirect_to,
            secret=self._world.key_secret,
            manager=None,
        )


def came_back(mails: Iterable[SentRow], read: Iterable[Report]) -> tuple[SentRow, ...]:
    """The mails, of one sender, that these reports are about and that were not known to have come back.

    A report stands in the conversation of what it is about. One that stands in none of them is taken by the
    address in its words, for the newest mail to it: unless one to that address is known to have come back,
    since the report may be of that one.
    """
    by_conversation = {one.conversation: one for one in mails if one.conversation}
    found: dict[int, SentRow] = {}
    for report in read:
        mine = by_conversation.get(report.conversation)
        if mine is None:
            named = [one for one in mails if report.names(one.mail.recipient)]
            known = any(one.state == "bounced" or one.id in found for one in named)
            mine = None if known or not named else named[0]
        if mine is not None and mine.state != "bounced":
            found[mine.id] = mine
    return tuple(found.values())
