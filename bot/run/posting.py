"""The service's own turn at the outbox: every few seconds it sends what may go now, and reads no caseload.

Mails outlast the run that made them: a Monday's lists take minutes at thirty a minute, a night's wait for the
morning, and one that could not go is tried again after one minute, two, five, ten, and then every thirty.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.run.post import Manner, deliver
from bot.run.quiet import QuietHours
from bot.run.report import Delivery, NotDelivered, Posted
from bot.run.undelivered import LOOK_BACK
from bot.run.world import World
from bot.settings import MailSettings
from bot.store import outbox, sending
from bot.store.lock import keeping

LOOKS_EVERY: Final = timedelta(minutes=5)  # for mails that came back
log = structlog.get_logger("visit_bot.run")


def quiet_hours(mail: MailSettings) -> QuietHours:
    """The settings' quiet hours."""
    return QuietHours(mail.quiet_from, mail.quiet_until, frozenset(mail.quiet_days))


class Posting:
    """Looks after the outbox of one store, for as long as a service runs."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._looked_at: datetime | None = None
        self._again_at: datetime | None = None  # no sender may send before

    def turn(self, now: datetime) -> Delivery | None:
        """Send what may go now (naive London) and look for what came back; null where nothing is to be done.

        Takes the store, and a fence, only where there is. Raises SignInRefused, and Occupied where another
        process keeps the store.
        """
        world = self._world
        moment = world.connection.clock()
        if self._again_at is not None and moment < self._again_at:
            return None
        quiet = quiet_hours(world.settings.mail).holds(now)
        looks = self._looked_at is None or moment - self._looked_at >= LOOKS_EVERY
        looks = looks and sending.any_sent_since(world.store, moment - LOOK_BACK)
        if not looks and not outbox.anything_to_do(world.store, moment, urgent_alone=quiet):
            return None
        with keeping(world.store, "post"):
            fence = world.store.take_fence()
            manner = Manner(by_itself=True, quiet=quiet, looks=looks)
            delivery = deliver(world, fence, lambda: now, manner)
        self._again_at = delivery.again_at
        if looks:
            self._looked_at = moment
        tell_the_log(delivery.posted, delivery.not_delivered)
        return delivery


def tell_the_log(posted: Sequence[Posted], not_delivered: Sequence[NotDelivered]) -> None:
    """What did not go and what reaches nobody: worker ids and jobs, never a name or an address."""
    for mail in posted:
        if mail.error:
            log.warning("mail not sent", worker=mail.person, job=mail.job, state=mail.state)
    for lost in not_delivered:
        log.warning("mail not delivered", worker=lost.person, job=lost.job, told=lost.manager or "nobody")
