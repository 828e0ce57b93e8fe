"""`undo`: counts what of the bot's stands in whose diary, asks, and takes it out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import typer

from bot.caseload.plain import read
from bot.cli.keeping import only_known, opened, watched
from bot.cli.output import say, show, table, warn
from bot.errors import BotError, Refused
from bot.run import sheets
from bot.run import undo as undoing
from bot.run.leavers import called
from bot.run.world import World
from bot.store.lock import keeping


def undo(config: Path, now: datetime, *, only: Sequence[str], yes: bool) -> int:
    """Count, ask, remove. 1 where it was refused or some entries could not be removed."""
    with opened(config) as world, keeping(world.store, "undo"):  # what is counted is what is then removed
        known = _workers(world, now, only)
        found = undoing.find(world, undoing.mailboxes(world, known, only))
        owners = {address: worker for worker, address in known}
        _show(found, called(world, owners, {*found.entries, *found.nowhere}))
        unread = [str(error) for error in found.unread.values()]
        for error in unread:
            warn(error, style="bold")
        if (found.count or found.copied) and not yes:
            if not sys.stdin.isatty():
                raise Refused("Nothing was removed: say --yes where nobody can be asked.")
            if not typer.confirm(f"Remove these {found.count} entries?"):
                raise Refused("Nothing was removed.")
        with watched() as told:
            done = undoing.remove(world, found, progress=told)
        sheets.take_all_away(world, only)
    if found.is_nothing:
        return 0
    say(f"{done.removed} entries removed from {len(done.by_mailbox)} diaries. The categories stay.")
    if done.copies:
        say(f"{done.copies} copies that people made of entries stay, without the bot's mark.")
    if done.removed:
        say("The next run makes again what is owed: stop the service, or set pilot to whom it may serve.")
    for message in done.errors:
        if message not in unread:  # it was said before anything was asked
            warn(message, style="bold")
    return 1 if done.errors else 0


def _workers(world: World, now: datetime, only: Sequence[str]) -> list[tuple[str, str]]:
    """Who works where. Without a caseload that can be read the ledger alone says which diaries there are."""
    try:
        workers = read(world.settings.caseload, now.date()).workers
    except BotError as error:
        if only:
            raise
        warn(f"{error} Looking only into the diaries that the store remembers.", style="bold")
        return []
    only_known(only, workers["worker_id"], "; who has left is reached by an undo of everybody")
    return list(zip(workers["worker_id"], workers["email"], strict=True))


def _show(found: undoing.Found, owners: dict[str, str]) -> None:
    shown = table("Worker", "Diary", "Entries", "Of them let go before")
    for mailbox, entries in sorted(found.entries.items()):
        if entries:
            released = found.released.get(mailbox, 0)
            shown.add_row(owners[mailbox], mailbox, str(len(entries)), str(released or ""))
    for mailbox in found.nowhere:
        say(
            f"{owners[mailbox]} · {mailbox}: there is no such mailbox, and the bot knows of nothing that it "
            "put there."
        )
    if found.is_nothing:
        say("Nothing of the bot's stands in a diary: there is nothing to take away.")
        return
    if found.count:
        show(shown)
    say(f"{found.count} entries of the bot's stand in {sum(map(bool, found.entries.values()))} diaries.")
    if found.copied:
        say(f"{found.copied} copies that people made of entries stay; the bot's mark is taken off them.")
