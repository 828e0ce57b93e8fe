"""One mailbox as planning sees it: what stands in it by id and by tag, and what we remember of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.diary.actions import Known, Seen
from bot.diary.entry import Achieved, Entry


@dataclass(frozen=True)
class Box:
    """The lookups; made by :func:`sorted_out`."""

    by_id: dict[str, Seen]
    by_tag: dict[str, tuple[Seen, ...]]
    rows: dict[str, Known]

    def remembered(self, row: Known | None) -> Seen | None:
        """Give what stands under the id we remember."""
        return self.by_id.get(row.event_id) if row and row.event_id else None

    def rivals(self, key: str) -> tuple[Seen, ...]:
        """Give what carries the tag but is not what we remember."""
        own = self.remembered(self.rows.get(key))
        return tuple(seen for seen in self.by_tag.get(key, ()) if seen is not own)

    def standing(self, key: str) -> tuple[Seen, ...]:
        """Give what stands under a key: what we remember, or else what carries the tag."""
        own = self.remembered(self.rows.get(key))
        return (own,) if own else self.by_tag.get(key, ())

    def likest(self, target: Entry | Achieved) -> Seen | None:
        """Give the one that stands for a target: the one we remember, else the likest of those with its tag.

        Of what we remember and do not see nothing is said: it is looked for by its id first.
        """
        row = self.rows.get(target.key)
        own = self.remembered(row)
        if own is not None or (row and row.event_id and row.state != "dismissed"):
            return own
        rivals = self.rivals(target.key)
        return best(target, rivals) if rivals else None

    def live_ids(self) -> set[str]:
        """Give the ids of all that we believe to stand."""
        return {row.event_id for row in self.rows.values() if row.event_id and row.state == "live"}


def sorted_out(seen: Sequence[Seen], known: Sequence[Known]) -> Box:
    """Sort what stands by id and by tag; one that two pages of the list show is one."""
    rows = {row.key: row for row in known}
    by_id = {one.id: one for one in sorted(seen, key=lambda one: one.id)}
    keeper = {row.event_id: row.key for row in known if row.event_id}
    by_tag: dict[str, tuple[Seen, ...]] = {}
    for one in by_id.values():
        key = one.key.lower() if one.key else None
        if key and keeper.get(one.id, key) == key:
            by_tag[key] = (*by_tag.get(key, ()), one)
    return Box(by_id, by_tag, rows)


def best(target: Entry | Achieved, rivals: Sequence[Seen]) -> Seen:
    """Choose which of several to keep: the likest, and of those the same one every time."""
    return min(rivals, key=lambda seen: (seen.subject != target.subject, seen.id))
