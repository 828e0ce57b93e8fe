"""What is done in a diary, as a person would say it, and why: for the terminal and the demo's page."""

from __future__ import annotations

from bot.diary.actions import Action, Change, Create, Dismiss, Remove, Untag, Write
from bot.diary.mailbox import REMOVED, Left, MailboxPlan, changed, say
from bot.diary.words import full_day
from bot.run.report import Did, Line


def line(action: Action, event_id: str | None = None) -> Line:
    """A thing done, as a person would say it, with the reason: the clauses that govern, or what differed."""
    what, why, did = _said(action)
    return Line(what, why, did, event_id)


def _said(action: Action) -> tuple[str, str, Did]:
    match action:
        case Create(write=write):
            return f"Put in “{write.subject}” on {_when(write)}", _because(write), "put"
        case Change(write=write, record=record) if record.achieved:
            return f"Took the colour out: “{write.subject}”", "the visit is recorded and counts", "done"
        case Change(write=write, why=why, was=was) if "place" in why:
            still = was is not None and "due" not in why and was.placed.date() < write.starts.date()
            because = "the day it stood on has passed, and it is still owed" if still else _because(write)
            return f"Moved “{write.subject}” to {_when(write)}", because, "moved"
        case Change(write=write, why=why):
            return f"Changed “{write.subject}”: its {changed(why)}", _because(write), "changed"
        case Remove(subject=subject, why=why):
            return f"Took out “{subject}”", REMOVED[why], "removed"
        case Untag(why="released"):
            return "Let an achieved entry go: it stays, and is no longer ours", "its time is over", "left"
        case Untag():
            return "Left a person's copy to them", "whoever made it keeps it", "left"
        case Dismiss(subject=subject):
            return *_left(Left(subject, "deleted")), "left"
        case _:
            return say(action), "", "told"


def left_lines(plan: MailboxPlan) -> tuple[Line, ...]:
    """What a person decided about an entry, and the bot holds to."""
    by_day = sorted(plan.left, key=lambda one: (one.starts is None, str(one.starts), *_left(one)))
    return tuple(Line(*_left(one), "left", one.event_id) for one in by_day)


def _left(one: Left) -> tuple[str, str]:
    match one.decided:
        case "missing":
            return (
                f"Left “{one.subject}” as it stands",
                "the child is missing from this caseload; it stays until another day's export says so too",
            )
        case "deleted":
            return f"Left out “{one.subject}”", "a person deleted it; the lists still name it"
        case "moved":
            where = f"{full_day(one.starts)}" if one.starts else ""
            return f"Left “{one.subject}” on {where}", "a person moved it there"
        case "said_done":
            return (
                f"Left “{one.subject}” without its colour",
                "a person took it out; the record does not say so yet",
            )


def _when(write: Write) -> str:
    return full_day(write.starts) if write.all_day else f"{full_day(write.starts)} at {write.starts:%H:%M}"


def _because(write: Write) -> str:
    return "; ".join(f"{one.id}: {one.counted}" for one in write.body.why if one.governs)
