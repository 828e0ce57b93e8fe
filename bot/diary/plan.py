"""The smallest safe change to one mailbox: wanted × seen × known → actions. Touches only what is ours.

An entry is ours by its tag or because we remember its id, and the remembered id outranks the tag, since a
person's copy carries the tag too. What the list does not show is looked for by id before it is believed to
be gone. The last state alone counts: whatever went wrong before, the next plan starts from what stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.diary.actions import Action, Create, Dismiss, Forget, Known, Look, Remove, Seen, Untag
from bot.diary.box import Box, best, sorted_out
from bot.diary.entries import Wanted
from bot.diary.entry import Achieved, CategoryNames, Entry
from bot.diary.mailbox import Left, MailboxPlan, concerned, ending, refusal
from bot.diary.settle import PlanRules, create, moved_by_person, said_done_at, settle


def plan_mailbox(
    mailbox: str, wanted: Wanted, seen: Sequence[Seen], known: Sequence[Known], rules: PlanRules
) -> MailboxPlan:
    """Plan one mailbox. ``seen`` must be its whole list: a list that ended in an error is no list."""
    box = sorted_out(seen, known)
    owed = {entry.key: entry for entry in wanted.of(mailbox)}
    actions: list[Action] = []
    kept: list[Seen] = []
    for key in sorted(owed.keys() | box.rows.keys() | box.by_tag.keys()):
        target = owed.get(key) or wanted.achieved.get(key)
        if target is None and key in rules.keep:
            kept += box.standing(key)
            continue
        actions += _towards(target, box, rules) if target else _away(key, box, rules.names)
    standing = len(box.by_id.keys() | box.live_ids())
    missing = (Left(one.subject, "missing", one.starts, one.id) for one in kept)
    return MailboxPlan(
        mailbox=mailbox,
        actions=tuple(actions),
        unchanged=len(box.by_id.keys() - concerned(actions)),
        said_done=_said_done(owed.values(), box, rules),
        left=(*_left(owed.values(), box, actions, rules), *missing),
        notes=_notes(box),
        refusal=refusal(actions, wanted.keys, standing, rules),
        standing=standing,
        ending=ending(actions, wanted.keys),
    )


def looked(
    look: Look, found: Seen | None, rules: PlanRules, *, memory_is_older: bool = False
) -> tuple[Action, ...]:
    """Say what follows once an entry was asked for by id; ``found`` null: the mailbox has it no more.

    ``memory_is_older``: runs that we do not remember took entries out of this mailbox, so that one which is
    gone was not necessarily deleted by a person. A reminder shown twice is better than a visit never made.
    """
    row, target = look.known, look.target
    if target is None:
        return _let_go(look.key, row, found, look.rivals, rules.names)
    if found is not None:
        return _settled(target, row, found, look.rivals, rules)
    if look.rivals:  # a person put a copy where they want it, and deleted the first
        keep = best(target, look.rivals)
        others = tuple(seen for seen in look.rivals if seen is not keep)
        return _settled(target, row, keep, others, rules)
    if row.state == "intent":  # we had begun to remove it
        return _absent(target, row, rules)
    if isinstance(target, Entry) and target.create and (memory_is_older or not _decided(target, row)):
        return (create(target, rules, row),)
    return (Dismiss(look.key, row, target.subject if isinstance(target, Entry) else ""),)


def _towards(target: Entry | Achieved, box: Box, rules: PlanRules) -> tuple[Action, ...]:
    """Bring about one entry that is wanted."""
    row = box.rows.get(target.key)
    own, rivals = box.remembered(row), box.rivals(target.key)
    if own is not None:
        return _settled(target, row, own, rivals, rules)
    if row and row.event_id and row.state != "dismissed":
        return (Look(target.key, row.event_id, row, target, rivals),)
    if rivals:
        keep = best(target, rivals)
        return _settled(target, row, keep, tuple(seen for seen in rivals if seen is not keep), rules)
    return _absent(target, row, rules)


def _absent(target: Entry | Achieved, row: Known | None, rules: PlanRules) -> tuple[Action, ...]:
    """Decide about an entry that stands nowhere."""
    if isinstance(target, Achieved) or not target.create:
        return (Forget(target.key),) if row and row.state == "intent" else ()
    if row and row.state == "dismissed" and _decided(target, row):
        return ()
    return (create(target, rules, row),)


def _decided(target: Entry, row: Known) -> bool:
    """Tell whether whoever deleted the entry meant this reminder: this due date, and not of a visit made."""
    return row.due == target.due and not row.achieved


def _settled(
    target: Entry | Achieved, row: Known | None, keep: Seen, others: Iterable[Seen], rules: PlanRules
) -> tuple[Action, ...]:
    """Put one entry right, and let go of the others that carry its tag."""
    step = settle(target, row, keep, rules)
    rest = tuple(_second(target.key, keep, other) for other in others)
    return (step, *rest) if step else rest


def _second(key: str, keep: Seen, other: Seen) -> Untag | Remove:
    """Delete a second one that is alike in all we can see; any other is a person's copy, and theirs."""
    if replace(other, id=keep.id, etag=keep.etag, key=keep.key, changed_at=keep.changed_at) == keep:
        return Remove(key, other.id, other.etag, other.subject, "duplicate")
    return Untag(key, other.id, other.etag, "copy")


def _away(key: str, box: Box, names: CategoryNames) -> tuple[Action, ...]:
    """End what is wanted no more."""
    row = box.rows.get(key)
    own, rivals = box.remembered(row), box.rivals(key)
    if own is None and row and row.event_id and row.state != "dismissed" and not row.achieved:
        return (Look(key, row.event_id, row, None, rivals),)
    if own is None and rivals:
        own, rivals = rivals[0], rivals[1:]
    return _let_go(key, row, own, rivals, names)


def _let_go(
    key: str, row: Known | None, own: Seen | None, others: Iterable[Seen], names: CategoryNames
) -> tuple[Action, ...]:
    """Delete what says that something is owed; release what says that it was done, and people's copies.

    Of one that we do not remember, the colour tells which it is.
    """
    copies = tuple(Untag(key, other.id, other.etag, "copy") for other in others)
    colourless = own is not None and not any(names.is_ours(category) for category in own.categories)
    if own is None or (own.key != key and colourless):  # gone, or let go before by a run we do not remember
        return (Forget(key), *copies) if row else copies
    if row.achieved if row else colourless:
        return (Untag(key, own.id, own.etag, "released"), *copies)
    return (Remove(key, own.id, own.etag, own.subject, "unwanted", row), *copies)


def _said_done(owed: Iterable[Entry], box: Box, rules: PlanRules) -> tuple[str, ...]:
    done = []
    for entry in owed:
        keep = box.likest(entry)
        if keep and said_done_at(entry, box.rows.get(entry.key), keep, rules):
            done.append(entry.key)
    return tuple(sorted(done))


def _left(owed: Iterable[Entry], box: Box, actions: Sequence[Action], rules: PlanRules) -> Iterator[Left]:
    """Give what a person decided about what is owed. One that this plan moves or makes is theirs no more."""
    placed = {one.key for one in actions if isinstance(one, Create) or "place" in getattr(one, "why", ())}
    for entry in sorted(owed, key=lambda entry: (entry.starts, entry.key)):
        row = box.rows.get(entry.key)
        keep = box.remembered(row)
        if row is None or entry.key in placed:
            continue
        if row.state == "dismissed" and keep is None and entry.create and _decided(entry, row):
            yield Left(entry.subject, "deleted")
        elif keep and said_done_at(entry, row, keep, rules):
            yield Left(entry.subject, "said_done", keep.starts, keep.id)
        elif keep and moved_by_person(entry, row, keep, rules.today):
            yield Left(entry.subject, "moved", keep.starts, keep.id)


def _notes(box: Box) -> tuple[str, ...]:
    live = box.live_ids()
    missing = live - box.by_id.keys()
    notes = []
    if missing:
        notes.append(
            f"{len(missing)} of {len(live)} entries are not in the list; each is looked for by its id"
        )
    strays = [one for one in box.by_id.values() if not one.key and one.id not in live]
    if strays:
        notes.append(f"{len(strays)} entries carry our mark but no key, and are left alone")
    return tuple(notes)
