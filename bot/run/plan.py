"""The plan of a whole run as one value: every diary, every mail and every guard's verdict, before any write.

It can be printed, kept, compared, approved and refused. It holds no child's name: what an entry is about
stands in it as the diary itself says it, by initials and number or less (`diary.identify`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from bot.diary.mailbox import MailboxPlan
from bot.diary.placing import Unplaced
from bot.run.accepting import Gone
from bot.run.leavers import NOBODY
from bot.settings import Guard
from bot.verdict import Verdict, over


@dataclass(frozen=True, slots=True)
class PlannedMail:
    """One mail that the run would send. ``digest`` is a fingerprint of all that it says."""

    job: str
    slot: str
    person: str
    recipient: str
    subject: str
    digest: str


@dataclass(frozen=True, slots=True)
class Row:
    """One person in the plan's table: how many of their entries it is about, and what the guard says."""

    worker_id: str
    mailbox: str
    new: int
    changed: int
    adopted: int
    removed: int
    let_go: int
    looked_for: int
    unchanged: int
    guard: str


@dataclass(frozen=True)
class Plan:
    """All that one run would do. Where ``verdicts`` has any, it does nothing unless somebody lifts them."""

    today: date
    only: tuple[str, ...]  # worker ids; none: everybody
    jobs: tuple[tuple[str, str], ...]  # the lists that go with it, as (job, slot)
    owners: Mapping[str, str]  # mailbox → worker id, also of who left where it is known
    mailboxes: Mapping[str, MailboxPlan]
    unread: Mapping[str, str]  # mailbox → why its list could not be read; it gets no write
    unplaced: tuple[Unplaced, ...]
    gone: tuple[Gone, ...]
    mails: tuple[PlannedMail, ...]
    verdicts: tuple[Verdict, ...]

    def owner(self, mailbox: str) -> str:
        """The worker whose mailbox it is or was, as far as it is known."""
        return self.owners.get(mailbox, NOBODY)

    @property
    def refusals(self) -> dict[str, str]:
        """What each mailbox's own guard says, where it refuses."""
        return {
            mailbox: f"{mailbox}: {plan.refusal}"
            for mailbox, plan in self.mailboxes.items()
            if plan.refusal is not None
        }

    @property
    def lifted(self) -> tuple[str, ...]:
        """What every guard that objects says where somebody lifts them all: number, limit, what is done."""
        own = ((box, plan.refusal) for box, plan in self.mailboxes.items() if plan.refusal is not None)
        return (*(one.lifted for one in self.verdicts), *(f"{box}: {held.lifted}" for box, held in own))

    @property
    def writes(self) -> int:
        """How many entries would be written (what a look by id leads to is not known yet)."""
        return sum(plan.writes for plan in self.mailboxes.values())

    def rows(self) -> Iterator[Row]:
        """The table, a row for each person, those who could not be read too."""
        for mailbox in sorted(self.mailboxes.keys() | self.unread.keys(), key=lambda m: (self.owner(m), m)):
            plan = self.mailboxes.get(mailbox)
            if plan is None:
                yield Row(self.owner(mailbox), mailbox, 0, 0, 0, 0, 0, 0, 0, "not read: nothing is written")
                continue
            does = Counter(plan.counts())
            held = plan.refusal
            yield Row(
                worker_id=self.owner(mailbox),
                mailbox=mailbox,
                new=does["create"],
                changed=does["change"],
                adopted=does["adopt"],
                removed=does["remove"],
                let_go=does["untag"],
                looked_for=does["look"],
                unchanged=plan.unchanged,
                guard=f"refused: {held.removed} of {held.standing} would go" if held else "",
            )

    def document(self) -> dict[str, Any]:
        """The whole plan, as JSON has it."""
        return {
            "today": self.today.isoformat(),
            "only": list(self.only),
            "diaries": {
                mailbox: {"worker_id": self.owner(mailbox), **json.loads(plan.to_json())}
                for mailbox, plan in self.mailboxes.items()
            },
            "unread": dict(self.unread),
            "unplaced": [asdict(one) for one in self.unplaced],
            "gone": [
                {"child_id": one.child_id, "since": one.since.isoformat(), "keeps": one.keeps}
                for one in self.gone
            ],
            "mails": [
                {"job": one.job, "person": one.person, "to": one.recipient, "subject": one.subject}
                for one in self.mails
            ],
            "guards": [asdict(one) | {"says": str(one)} for one in self.verdicts],
        }


def verdicts(
    mailboxes: Mapping[str, MailboxPlan], unread: int, mails: int, guard: Guard
) -> tuple[Verdict, ...]:
    """What the guards of the whole run say of a plan; each mailbox's own says so in its plan.

    That many entries move is no reason to refuse: a moved reminder is still a reminder, and a changed policy
    moves them all.
    """
    mail_limit = guard.max_mails
    return (
        *over(
            "guard.max_removed_share_of_all",
            "entries in all diaries would be removed or let go",
            sum(plan.ending for plan in mailboxes.values()),
            sum(plan.standing for plan in mailboxes.values()),
            share=guard.max_removed_share_of_all,
            floor=guard.max_removed_floor_of_all,
        ),
        *over(
            "guard.max_unread_share",
            "diaries could not be read",
            unread,
            len(mailboxes) + unread,
            share=guard.max_unread_share,
            floor=guard.max_unread_floor,
            way_out="Microsoft 365 or the sign-in is in trouble: the next run tries again. Ask for the state "
            "of the service; run once with --force REASON to do the diaries that can be read.",
        ),
        *(
            (Verdict("guard.max_mails", "mails would be sent", mails, mails, mail_limit),)
            if mails > mail_limit
            else ()
        ),
    )
