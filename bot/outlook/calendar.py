"""The calendar's two doors: reading what of ours stands in people's diaries, and writing what should.

Each thing to write is its own small conversation, judged alone: made, already there, changed by somebody
meanwhile, gone, worth another try, or in need of mending. A lost answer to a creation is never met with a
second creation before looking whether the first one stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.errors import BotError, Temporary
from bot.outlook.answer import Answer, Ask, Json, item, user
from bot.outlook.carrier import converse
from bot.outlook.connection import Connection
from bot.outlook.conversation import Conversation, Talk, pause_before_again, persist
from bot.outlook.event import Draft, Standing
from bot.outlook.faults import AGAIN, Fault, Nature, judge
from bot.outlook.manners import BACKOFF
from bot.outlook.reading import by_id, by_key, listing
from bot.outlook.wire import DONE_WITH, OWNER, shows, standing, to_change, to_create, to_release

Status = Literal["done", "exists", "conflict", "gone", "temporary", "permanent"]
_STATUS: Mapping[Nature, Status] = {
    Nature.TEMPORARY: "temporary",
    Nature.PERMANENT: "permanent",
    Nature.CONFLICT: "conflict",
    Nature.GONE: "gone",
    Nature.DUPLICATE: "exists",
}


@dataclass(frozen=True, slots=True)
class CreateOp:
    """Make an entry. The same transaction id again makes no second one."""

    mailbox: str
    draft: Draft
    transaction_id: str


@dataclass(frozen=True, slots=True)
class ChangeOp:
    """Make an entry say this, unless somebody changed it since ``etag``; all its categories included."""

    mailbox: str
    id: str
    etag: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class RemoveOp:
    """Take an entry away, unless somebody changed it since ``etag``."""

    mailbox: str
    id: str
    etag: str


@dataclass(frozen=True, slots=True)
class ReleaseOp:
    """Let an entry go: it stays, and is ours no longer. ``categories`` null leaves them as they are.

    ``made_by_us``: it is one of the bot's own whose time is over, not a person's copy.
    """

    mailbox: str
    id: str
    etag: str
    categories: tuple[str, ...] | None = None
    made_by_us: bool = False


@dataclass(frozen=True, slots=True)
class GetOp:
    """Look at one entry by its id."""

    mailbox: str
    id: str


Op = CreateOp | ChangeOp | RemoveOp | ReleaseOp | GetOp


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one operation. ``standing`` is the entry as it stands after it, where it does.

    exists: the creation had been done before. conflict: somebody changed it, nothing was written. gone: it is
    not there (for a creation: it was made before and has been deleted since).
    """

    op: Op
    status: Status
    standing: Standing | None = None
    error: BotError | None = None


def list_ours(connection: Connection, mailbox: str) -> tuple[Standing, ...]:
    """All our entries of one mailbox, or Temporary or Permanent: never a part of them."""
    entries = list_many(connection, [mailbox])[mailbox]
    if isinstance(entries, BotError):
        raise entries
    return entries


def list_many(connection: Connection, mailboxes: Sequence[str]) -> dict[str, tuple[Standing, ...] | BotError]:
    """Our entries of many mailboxes, twenty mailboxes a request; one mailbox's error is its own."""
    wanted = tuple(dict.fromkeys(mailboxes))
    talks = [Talk(box, listing(connection, box)) for box in wanted]
    ends = converse(connection, talks)
    return dict(zip(wanted, ends, strict=True))


def list_made(
    connection: Connection, mailboxes: Sequence[str], *, released: bool, copies: bool = False
) -> dict[str, tuple[Standing, ...] | BotError]:
    """Entries that the bot itself made, of many mailboxes: those it keeps, or those it has let go.

    ``copies``: not these, but the copies that people made of them, which carry their mark.
    """
    owner = DONE_WITH if released else OWNER
    wanted = tuple(dict.fromkeys(mailboxes))
    ends = converse(
        connection, [Talk(box, listing(connection, box, owner, made_by_us=not copies)) for box in wanted]
    )
    return dict(zip(wanted, ends, strict=True))


def write(
    connection: Connection,
    ops: Sequence[Op],
    *,
    before: Callable[[Sequence[int]], None] = lambda _: None,
    after: Callable[[Mapping[int, Outcome]], None] = lambda _: None,
) -> tuple[Outcome, ...]:
    """Carry out operations on any mailboxes; an outcome for each, in their order. Never raises for one.

    ``before`` is told the places in ``ops`` of those about to be sent for the first time, ``after`` the
    outcomes of those that have ended, by place: both in the caller's thread and a batch at a time, so that
    what is about to happen can be written down first. What they raise ends the whole.
    """
    ends = converse(
        connection,
        [Talk(op.mailbox, _talk(connection, op)) for op in ops],
        before=before,
        after=lambda ended: after({place: _outcome_of(ops[place], end) for place, end in ended.items()}),
    )
    return tuple(_outcome_of(op, end) for op, end in zip(ops, ends, strict=True))


def _talk(connection: Connection, op: Op) -> Conversation[Outcome]:
    match op:
        case CreateOp():
            return _create(connection, op)
        case ChangeOp():
            return _change(connection, op, to_change(op.draft))
        case ReleaseOp():
            return _change(connection, op, to_release(op.categories, made_by_us=op.made_by_us))
        case RemoveOp():
            return _remove(connection, op)
        case GetOp():
            return _get(connection, op)


def _create(connection: Connection, op: CreateOp) -> Conversation[Outcome]:
    ask = Ask("POST", f"{user(op.mailbox)}/events", to_create(op.draft, op.transaction_id))
    unsure = False  # a try before this one may have made it, and lists may not show it yet
    for pause in (*BACKOFF, None):
        answer = yield ask
        fault = judge(answer, connection.clock())
        if fault is None:
            made = _made(answer, op.draft)
            if made is not None:
                return Outcome(op, "done", made)
            fault = Fault(Nature.TEMPORARY, f"Microsoft's answer about a new entry made no sense. {AGAIN}")
        if fault.nature in (Nature.PERMANENT, Nature.GONE):
            return _outcome(connection, op, replace(fault, nature=Nature.PERMANENT))
        wait = pause_before_again(connection, fault, pause)
        if wait is None:
            return _outcome(connection, op, replace(fault, nature=Nature.TEMPORARY))
        if _may_have_been_made(answer, fault):
            stands = yield from by_key(connection, op.mailbox, op.draft.key, op.transaction_id, after=wait)
            if stands is not None:
                return Outcome(op, "exists" if fault.nature is Nature.DUPLICATE else "done", stands)
            if fault.nature is Nature.DUPLICATE:
                unseen = Fault(Nature.TEMPORARY, f"It may have been made and cannot be seen yet. {AGAIN}")
                return _outcome(connection, op, unseen if unsure else replace(fault, nature=Nature.GONE))
            unsure, wait = True, 0.0
        ask = replace(ask, after=wait)
    raise AssertionError("the last pause is null")


def _may_have_been_made(answer: Answer, fault: Fault) -> bool:
    """Throttled and never-begun requests were certainly not carried out; anything else may have been."""
    return fault.nature is not Nature.TEMPORARY or answer.status not in {424, 429}


def _change(connection: Connection, op: ChangeOp | ReleaseOp, body: Json) -> Conversation[Outcome]:
    ask = Ask("PATCH", item(op.mailbox, "events", op.id), body, {"If-Match": op.etag})
    answer, fault, unsure = yield from _persist_unsure(connection, ask)
    if fault is not None and answer.code.lower() == "errorirresolvableconflict":  # can pass by itself
        answer, fault, _ = yield from _persist_unsure(connection, replace(ask, after=BACKOFF[0]))
    if fault is None:
        draft = op.draft if isinstance(op, ChangeOp) else None
        changed = _made(answer, draft)
        if changed is None:
            changed = yield from by_id(connection, op.mailbox, op.id)
        return Outcome(op, "done" if changed else "gone", changed)
    if fault.nature is Nature.CONFLICT and unsure and isinstance(op, ChangeOp):
        now = yield from by_id(connection, op.mailbox, op.id)
        if now is not None and now.key == op.draft.key and shows(now, op.draft):
            return Outcome(op, "done", now)  # the first try had been carried out; its answer was lost
    return _outcome(connection, op, fault)


def _remove(connection: Connection, op: RemoveOp) -> Conversation[Outcome]:
    ask = Ask("DELETE", item(op.mailbox, "events", op.id), headers={"If-Match": op.etag})
    _, fault, unsure = yield from _persist_unsure(connection, ask)
    if fault is None or (fault.nature is Nature.GONE and unsure):
        return Outcome(op, "done")
    return _outcome(connection, op, fault)


def _get(connection: Connection, op: GetOp) -> Conversation[Outcome]:
    found = yield from by_id(connection, op.mailbox, op.id)
    return Outcome(op, "done" if found else "gone", found)


def _persist_unsure(connection: Connection, ask: Ask) -> Conversation[tuple[Answer, Fault | None, bool]]:
    """As ``persist``, saying also whether a try before the last may have been carried out unheard."""
    unsure = False
    talk = persist(connection, ask)
    try:
        question = next(talk)
        while True:
            answer = yield question
            fault = judge(answer, connection.clock())
            unsure = unsure or (
                fault is not None and fault.nature is Nature.TEMPORARY and _may_have_been_made(answer, fault)
            )
            question = talk.send(answer)
    except StopIteration as stop:
        return (*stop.value, unsure)


def _made(answer: Answer, draft: Draft | None) -> Standing | None:
    """The entry an answer to a write describes; such answers leave extended properties out."""
    try:
        entry = standing(answer.body or {})
    except Temporary:
        return None
    return replace(entry, key=draft.key if draft is not None else None)


def _outcome(connection: Connection, op: Op, fault: Fault) -> Outcome:
    return Outcome(op, _STATUS[fault.nature], error=connection.named(fault, user(op.mailbox)))


def _outcome_of(op: Op, end: Outcome | BotError) -> Outcome:
    return end if isinstance(end, Outcome) else _failed(op, end)


def _failed(op: Op, error: BotError) -> Outcome:
    return Outcome(op, "temporary" if isinstance(error, Temporary) else "permanent", error=error)
