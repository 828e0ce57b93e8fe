"""Delivers the outbox: each mail is claimed, drafted with our reference, remembered, and only then sent.

A mail that an earlier run left half-way is uncertain: Outlook is asked for its draft or its sent copy before
anything else is done, so that an answer lost on the way never makes a second mail.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.errors import Permanent, Temporary
from bot.outlook.faults import SignInRefused
from bot.outlook.mail import Message, Picture, SenderRefused, draft, find_by_id, find_by_reference, send
from bot.run.keep import Progress, silent
from bot.run.report import Posted
from bot.run.world import World
from bot.store import outbox
from bot.store.outbox import OutboxRow

PATIENCE = 2  # so many mails in a row that could not go now: the rest are not tried one by one


def deliver(
    world: World, fence: int, clock: Callable[[], datetime], *, progress: Progress = silent
) -> tuple[Posted, ...]:
    """Send every mail that waits. One that cannot go now waits; one that never will is said so.

    Raises SignInRefused where nothing can go at all.
    """
    waiting = outbox.unsent(world.store)
    posted: list[Posted] = []
    for number, row in enumerate(waiting, 1):
        if [one.state for one in posted[-PATIENCE:]] == ["waiting"] * PATIENCE:
            left = "The mails before it could not go either; the next run tries again."
            posted.append(_posted(row, "waiting", f"{row.mail.person}: a mail waits. {left}"))
            continue
        posted.append(_one(world, fence, row, clock))
        progress(number, len(waiting), "mails")
    return tuple(posted)


def _one(world: World, fence: int, row: OutboxRow, clock: Callable[[], datetime]) -> Posted:
    try:
        _send(world, fence, row)
    except SignInRefused:
        raise
    except (Temporary, SenderRefused) as error:
        return _posted(row, "waiting", f"{row.mail.person}: a mail waits. {error}")
    except Permanent as error:
        outbox.mark(world.store, fence, row.id, "failed", error=str(error))
        return _posted(row, "failed", f"{row.mail.person}: a mail was given up. {error}")
    outbox.mark(world.store, fence, row.id, "sent", sent_at=clock())
    return _posted(row, "sent", None)


def _send(world: World, fence: int, row: OutboxRow) -> None:
    sender = world.settings.mail.sender
    draft_id = row.draft_id
    if row.state != "waiting":
        found = find_by_id(world.connection, sender, draft_id) if draft_id else None
        found = found or find_by_reference(world.connection, sender, row.mail.reference)
        if found is not None and found.where == "sent":
            return
        draft_id = found.id if found is not None else None
        if found is None and row.state == "drafted":
            raise Permanent(
                "Its draft is neither among the drafts nor among the sent messages, so it is not known "
                "whether it went. Ask the recipient; it is not sent again by itself."
            )
    if draft_id is None:
        outbox.mark(world.store, fence, row.id, "claimed")
        draft_id = draft(world.connection, sender, _message(world, row), row.mail.reference)
    outbox.mark(world.store, fence, row.id, "drafted", draft_id=draft_id)
    send(world.connection, sender, draft_id)


def _message(world: World, row: OutboxRow) -> Message:
    return Message(
        to=row.mail.recipient,
        subject=row.mail.subject,
        html=row.mail.html,
        text=row.mail.text,
        pictures=tuple(Picture(image.cid, image.png) for image in row.mail.images),
        reply_to=world.settings.mail.reply_to,
    )


def _posted(row: OutboxRow, state: str, error: str | None) -> Posted:
    return Posted(row.mail.person, row.mail.recipient, row.mail.subject, row.mail.job, state, error)
