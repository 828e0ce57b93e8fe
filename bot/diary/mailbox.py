"""The plan of one mailbox as a value: it can be printed, saved, compared, approved and refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import TypeAdapter

from bot.diary.actions import Action, Adopt, Change, Create, Dismiss, Forget, Look, Remove, Untag, Write
from bot.diary.settle import PlanRules
from bot.diary.words import full_day

_REMEMBERED = {
    "adopt": "one that already stands as it should",
    "dismiss": "one that a person has deleted",
    "forget": "one that is gone",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a plan must not be carried out without someone's word: the number, the limit and the way out."""

    removed: int
    standing: int
    limit: int

    @property
    def lifted(self) -> str:
        """Say what was let through, where somebody lifted the limit for one run."""
        return f"{self._number} over the limit of {self.limit} in one run: lifted, and they were to go"

    @property
    def _number(self) -> str:
        share = 100 * self.removed / max(1, self.standing)
        return f"{self.removed} of {self.standing} entries ({share:.0f} %)"

    def __str__(self) -> str:
        return (
            f"{self._number} would be removed, and at most "
            f"{self.limit} may be in one run. Nothing was changed in this diary. If the caseload has really "
            "shrunk so much, run once with --force REASON; if not, look for what is missing from it."
        )


@dataclass(frozen=True, slots=True)
class Left:
    """An entry left as a person wants it: where they put it, colourless, or out.

    Or one whose child is missing from one export, and which stays until another says so too.
    """

    subject: str
    decided: Literal["moved", "said_done", "deleted", "missing"]  # missing: the child, from one export
    starts: datetime | None = None
    event_id: str | None = None


@dataclass(frozen=True, slots=True)
class MailboxPlan:
    """What is to be done in one mailbox; where ``refusal`` is set and not overridden, nothing is."""

    mailbox: str
    actions: tuple[Action, ...]
    unchanged: int  # entries that stand, and that no action is about
    said_done: tuple[str, ...] = ()  # keys of entries whose colour a person has taken out
    left: tuple[Left, ...] = ()
    notes: tuple[str, ...] = ()
    refusal: Refusal | None = None
    standing: int = 0  # entries of ours
    ending: int = 0  # of those, how many would be removed or let go, and stand in no other diary

    @property
    def writes(self) -> int:
        """Count the calls that would change the mailbox (what a look by id leads to is not known yet)."""
        return sum(isinstance(action, Create | Change | Untag | Remove) for action in self.actions)

    def counts(self) -> dict[str, int]:
        """Count the actions by what they do."""
        return dict(sorted(Counter(action.do for action in self.actions).items()))

    def lines(self) -> tuple[str, ...]:
        """Say each action in words, by day and then by words; keys and ids are left out.

        What has no day of its own (a removal, a look by id) comes after.
        """
        return tuple(say(action) for action in sorted(self.actions, key=lambda one: (_day(one), say(one))))

    def to_json(self) -> str:
        """Write the whole plan down, for `plan --json`."""
        return _PLAN.dump_json(self, indent=1).decode()


def refusal(
    actions: Iterable[Action], wanted_anywhere: Container[str], standing: int, rules: PlanRules
) -> Refusal | None:
    """Refuse the removal of too much at once: a truncated caseload looks like children who need no visit.

    What is wanted in another diary has a new worker, and does not count.
    """
    removed = sum(_removes(action) and action.key not in wanted_anywhere for action in actions)
    limit = max(rules.always_removable, int(rules.most_removed * standing))
    return Refusal(removed, standing, limit) if removed > limit else None


def ending(actions: Iterable[Action], wanted_anywhere: Container[str]) -> int:
    """Count what a plan removes or lets go because its time is over, and that no other diary shall show."""
    return sum(_ends(action) and action.key not in wanted_anywhere for action in actions)


def concerned(actions: Iterable[Action]) -> set[str]:
    """Give the ids of all the entries that actions are about."""
    own = {action.event_id for action in actions if not isinstance(action, Create | Dismiss | Forget)}
    return own | {one.id for action in actions if isinstance(action, Look) for one in action.rivals}


def _ends(action: Action) -> bool:
    return _removes(action) or (isinstance(action, Untag) and action.why == "released")


def _removes(action: Action) -> bool:
    match action:
        case Remove(why="unwanted") | Look(target=None):
            return True
        case _:
            return False


_CHANGED = {
    "due": "due date",
    "place": "day",
    "words": "title",
    "colour": "colour",
    "alarm": "alarm",
    "tag": "mark",
    "body": "text",
}
REMOVED = {"unwanted": "owed no more here", "duplicate": "stood twice"}
_LET_GO = {"released": "its time is over", "copy": "a person's copy"}


def changed(why: Iterable[str]) -> str:
    """Say what of an entry differs."""
    return ", ".join(_CHANGED[one] for one in why)


def say(action: Action) -> str:
    """Say one action in words; keys and ids are left out."""
    match action:
        case Create(write=write):
            said = _written(write)
        case Change(write=write, why=why):
            said = f"{_written(write)} ({changed(why)})"
        case Remove(subject=subject, why=why):
            said = f"{subject} ({REMOVED[why]})"
        case Untag(why=why):
            said = f"let go of one ({_LET_GO[why]})"
        case Look():
            said = "one that is not in the list"
        case Adopt() | Dismiss() | Forget():
            said = _REMEMBERED[action.do]
    return f"{action.do}: {said}"


def _day(action: Action) -> tuple[bool, str]:
    """Where an action stands among others by day; one without a day comes last."""
    if isinstance(action, Create | Change):
        return (False, action.write.starts.isoformat())
    return (True, "")


def _written(write: Write) -> str:
    when = full_day(write.starts) if write.all_day else f"{full_day(write.starts)} {write.starts:%H:%M}"
    return f"{when}: {write.subject}"


_PLAN: TypeAdapter[MailboxPlan] = TypeAdapter(MailboxPlan)
