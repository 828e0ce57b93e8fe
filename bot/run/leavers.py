"""What to call whoever has a mailbox, also where they have left: their id, in logs as at the terminal.

The caseload does not name a leaver any more. The one accepted before may: the children whose entries stand in
the mailbox were on somebody's list in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from bot.run.world import World
from bot.store import accepted, ledger

NOBODY = "nobody in workers.csv"


def called(world: World, owners: Mapping[str, str], mailboxes: Collection[str]) -> dict[str, str]:
    """The worker id of each mailbox's owner, or that nobody has it. ``owners``: those in the caseload."""
    names = {mailbox: owners.get(mailbox, NOBODY) for mailbox in mailboxes}
    left = [mailbox for mailbox in mailboxes if mailbox not in owners]
    before = accepted.last(world.store) if left else None
    if before is None:
        return names
    lists: dict[str, set[str]] = defaultdict(set)
    for one in before.holdings:
        lists[one.child_id].add(one.worker_id)
    children = accepted.children_of_entries(world.store)
    rows = ledger.rows_by_mailbox(world.store)
    here = {"", *owners.values()}
    for mailbox in left:
        of = (children.get(row.key, "") for row in rows.get(mailbox, ()))
        were = {worker for child in of for worker in lists.get(child, ())} - here
        if len(were) == 1:
            names[mailbox] = were.pop()
    return names
