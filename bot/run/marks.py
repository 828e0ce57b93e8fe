"""Tells whose doing it is that an entry is gone: a person's, or that of a run the store does not remember.

A store put back from before says of what later runs took out that it stands, and looks as if people had
deleted it: reminders would stay away although visits are owed. So every run leaves a mark of its own in a
mailbox before it takes anything out of it, and nobody's deletion is believed where a mark is unknown. A store
that was merely not used for a while knows every mark, and people's deletions of that time are respected; one
that has read a diary since an unknown mark was left saw there what stood, and who deletes that is a person.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from bot.errors import BotError
from bot.outlook.faults import SignInRefused
from bot.outlook.marks import leave_marks, marks_in
from bot.run.world import World
from bot.store import marks, runs

_LATELY = timedelta(days=1)
_Error = TypeVar("_Error", bound=BotError | None)


class Marks:
    """The marks that one run finds and leaves."""

    def __init__(self, world: World, fence: int, now: datetime) -> None:
        self._world = world
        self._fence = fence
        self._now = now
        self._unknown: dict[str, str] = {}

    def look(self, mailboxes: Collection[str]) -> tuple[frozenset[str], dict[str, BotError]]:
        """Which of these were tidied by runs that the store does not remember; and what could not be read."""
        if not mailboxes:
            return frozenset(), {}
        found = marks_in(self._world.connection, sorted(mailboxes))
        unread = _failed({box: mark for box, mark in found.items() if isinstance(mark, BotError)})
        read = {box: mark for box, mark in found.items() if isinstance(mark, str)}
        unknown = marks.unknown(self._world.store, read.values())
        since = marks.last_readings(self._world.store, read)
        self._unknown = {
            box: mark
            for box, mark in read.items()
            if mark in unknown and not _is_before(mark, since.get(box))
        }
        return frozenset(self._unknown), unread

    def leave(self, mailboxes: Collection[str]) -> dict[str, BotError | None]:
        """Mark the mailboxes that entries are about to be taken out of; gives which could not be, and why.

        Null: it was changed meanwhile, as an entry can be.
        """
        if not mailboxes:
            return {}
        mine = marks.begin(self._world.store, self._fence, self._now)
        left = {mailbox: marks.one_of(mine, datetime.now(UTC)) for mailbox in sorted(mailboxes)}
        return _failed(leave_marks(self._world.connection, left))

    def settle(self, but: Collection[str], read: Collection[str], moment: datetime) -> None:
        """Nothing is in doubt any more where a mark was unknown, ``but`` in these, which are asked again.

        ``read``: diaries that were read whole at ``moment`` (UTC) and left in order.
        """
        settled = {mark for mailbox, mark in self._unknown.items() if mailbox not in but}
        marks.accept(self._world.store, self._fence, settled, self._now)
        marks.remember_reading(self._world.store, self._fence, set(read) - set(but), moment)


def _is_before(mark: str, read: datetime | None) -> bool:
    """Whether a mark was left before a diary was read, so that what was taken out then was missed there."""
    left = marks.moment_of(mark)
    return left is not None and read is not None and left < read


def store_may_be_older(world: World, today: date) -> bool:
    """Whether runs that the store does not remember may have put entries into any worker's diary.

    So it is where a day's run is missing from it, and where a mark was unknown a moment ago.
    """
    yesterday = today - _LATELY
    last = runs.last_done(world.store, "diaries")
    return last is None or last < yesterday or marks.accepted_since(world.store, yesterday)


def _failed(errors: dict[str, _Error]) -> dict[str, _Error]:
    """What went wrong, by mailbox; a refused sign-in is nobody's own, and nothing else can succeed."""
    for error in errors.values():
        if isinstance(error, SignInRefused):
            raise error
    return errors
