"""Every kind of bad day against the real client: a list is whole or an error, what is written stands once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from bot.errors import BotError, Permanent, Temporary
from bot.outlook.calendar import ChangeOp, CreateOp, GetOp, RemoveOp, list_many, write
from bot.outlook.event import Draft
from bot.outlook.mail import Message, draft, find_by_reference, send
from bot.outlook.people import ensure_categories_in
from bot.sandbox.faults.fault import Fault
from bot.sandbox.faults.kinds import KINDS, Kind

Drafts = Callable[..., Draft]
BOX, OTHER, SENDER = "w1@council.test", "w2@council.test", "visits@council.test"
KEYS = [f"a{number}" for number in range(8)]
MESSAGE = Message(to=BOX, subject="Your week", html="<p>Three visits</p>")
# What these do to a list cannot be seen in it: what is missing is looked for by its id before it is missed.
UNSEEN = {"skip", "empty"}
BAD_DAYS = [pytest.param(kind, False, id=kind.name) for kind in KINDS] + [
    pytest.param(kind, True, id=f"{kind.name}, lasting")
    for kind in KINDS
    if Fault.read(kind.example).times is not None
]


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.outlook.reading.PAGE", 2)


def _order(cloud: Any, kind: Kind, **more: Any) -> None:
    fault = kind.example | more
    if "mailbox" in fault:
        fault["mailbox"] = more.get("mailbox", BOX)
    if "on" in fault:
        fault["on"] = cloud.ask("GET", "clock")["today"]
    cloud.spoil(**fault)


def _stored(cloud: Any, box: str = BOX) -> Counter[str]:
    tenant = cloud.running.tenant
    between = (datetime(2026, 1, 1).astimezone(), datetime(2028, 1, 1).astimezone())
    with tenant.lock:
        return Counter(one["subject"] for one in tenant.events_between(box, *between))


def _made(cloud: Any, a_draft: Drafts, connection: Any) -> dict[str, Any]:
    ops = [CreateOp(box, a_draft(key, subject=key), f"t-{box}-{key}") for box in (BOX, OTHER) for key in KEYS]
    return {f"{end.op.mailbox}/{end.op.draft.key}": end.standing for end in write(connection, ops)}


def _said(error: BaseException) -> None:
    """An error tells whether to wait or what to mend, and ends as a sentence."""
    words = str(error)
    assert isinstance(error, Temporary | Permanent), repr(error)
    assert words.endswith((".", ")")), words
    if isinstance(error, Temporary):
        assert "next run" in words or "Check" in words, words
    else:
        assert any(
            verb in words for verb in ("Ask", "ask", "Correct", "Check", "Make", "must", "Add", "Let")
        ), words


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize(("kind", "lasting"), BAD_DAYS)
def test_a_list_is_whole_or_an_error(cloud: Any, a_draft: Drafts, kind: Kind, lasting: bool) -> None:
    connection = cloud.connect()
    made = _made(cloud, a_draft, connection)
    _order(cloud, kind, **({"times": None} if lasting else {}))
    if kind.name in ("secret_expired", "sign_in"):
        cloud.ask("DELETE", "tokens")
    found = list_many(connection, [BOX, OTHER])
    for box, entries in found.items():
        if isinstance(entries, BotError):
            _said(entries)
            continue
        keys = [entry.key for entry in entries]
        assert len(keys) == len(set(keys)), "one that stands on two pages is one"
        if kind.example["do"] not in UNSEEN:
            assert keys == sorted(KEYS, key=lambda key, box=box: made[f"{box}/{key}"].id)
    takes_the_whole_batch = kind.name == "web_page"  # a proxy stands before every mailbox, for good
    if kind.example.get("mailbox") and not lasting and not takes_the_whole_batch:
        assert not isinstance(found[OTHER], BotError), "one mailbox's trouble is its own"
    if kind.name == "gone":
        assert isinstance(found[BOX], Permanent)
    cloud.mend()
    looked = write(cloud.connect(), [GetOp(BOX, made[f"{BOX}/{key}"].id) for key in KEYS])
    assert {one.status for one in looked} == {"done"}, "by its id each is found"


@pytest.mark.parametrize(("kind", "lasting"), BAD_DAYS)
def test_what_is_written_stands_once(cloud: Any, a_draft: Drafts, kind: Kind, lasting: bool) -> None:
    connection = cloud.connect()
    made = _made(cloud, a_draft, connection)
    _order(cloud, kind, **({"times": None} if lasting else {}))
    if kind.name in ("secret_expired", "sign_in"):
        cloud.ask("DELETE", "tokens")
    old = [made[f"{BOX}/{key}"] for key in KEYS]
    ops = [
        *(CreateOp(BOX, a_draft(f"n{number}", subject=f"n{number}"), f"t-n{number}") for number in range(4)),
        *(ChangeOp(BOX, one.id, one.etag, a_draft(one.key, subject=f"{one.key} changed")) for one in old[:4]),
        *(RemoveOp(BOX, one.id, one.etag) for one in old[4:6]),
        CreateOp(OTHER, a_draft("n9", subject="n9"), "t-n9"),
    ]
    ends = write(connection, ops)
    stored = _stored(cloud)
    assert max(stored.values()) == 1, stored
    for end in ends:
        if end.error is not None:
            _said(end.error)
        if end.status == "done" and isinstance(end.op, CreateOp | ChangeOp):
            assert _stored(cloud, end.op.mailbox)[end.op.draft.subject] == 1
        if end.status == "done" and isinstance(end.op, RemoveOp):
            assert stored[next(one.key for one in old if one.id == end.op.id)] == 0
    cloud.mend()
    again = write(
        cloud.connect(), [end.op for end in ends if end.status not in ("done", "exists", "conflict")]
    )
    for end in again:  # done before, unheard, and so with another etag now: the next plan sees it
        assert end.status in ("done", "exists", "gone") or isinstance(end.op, ChangeOp | RemoveOp), end
    changed = {
        end.op.draft.subject for end in ends if isinstance(end.op, ChangeOp) and end.status == "conflict"
    }
    expected = {f"n{n}" for n in range(4)} | {f"a{n} changed" for n in range(4)} | {"a6", "a7"}
    expected = (expected - changed) | {subject.removesuffix(" changed") for subject in changed}
    assert _stored(cloud) == Counter(expected)
    assert _stored(cloud, OTHER)["n9"] == 1


@pytest.mark.parametrize(("kind", "lasting"), BAD_DAYS)
def test_a_mail_goes_once_or_waits(cloud: Any, kind: Kind, lasting: bool) -> None:
    connection = cloud.connect()
    changes: dict[str, Any] = {"times": None} if lasting else {}
    if "mailbox" in kind.example:
        changes["mailbox"] = SENDER
    if kind.example.get("path") == "events":
        changes["path"] = "messages"
    _order(cloud, kind, **changes)
    if kind.name in ("secret_expired", "sign_in"):
        cloud.ask("DELETE", "tokens")
    id_, went = None, False
    try:
        id_ = draft(connection, SENDER, MESSAGE, "ref-1").id
        send(connection, SENDER, id_)
        went = True
    except BotError as error:
        _said(error)
    assert len(cloud.running.tenant.messages(BOX, "inbox")) <= 1
    cloud.mend()
    connection = cloud.connect()
    if not went:  # as the outbox does it: the id, then the reference, and only a draft is ever sent
        found = find_by_reference(connection, SENDER, "ref-1")
        if found is None or found.where == "draft":
            send(connection, SENDER, (found or draft(connection, SENDER, MESSAGE, "ref-1")).id)
    assert len(cloud.running.tenant.messages(BOX, "inbox")) == 1
    assert len(cloud.running.tenant.messages(SENDER, "sentitems")) == 1


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_categories_are_made_once(cloud: Any, kind: Kind) -> None:
    connection = cloud.connect()
    changes = {"path": "masterCategories"} if kind.example.get("path") == "events" else {}
    _order(cloud, kind, **changes)
    wanted = {"Visit": "yellow", "Type up": "orange"}
    for done in ensure_categories_in(connection, [BOX, OTHER], wanted).values():
        if isinstance(done, BotError):
            _said(done)
    cloud.mend()
    again = ensure_categories_in(cloud.connect(), [BOX, OTHER], wanted)
    assert not any(isinstance(one, BotError) for one in again.values())
    for box in (BOX, OTHER):
        names = [one["displayName"] for one in cloud.running.tenant.categories(box)]
        assert sorted(names) == sorted(set(names))
        assert set(wanted) <= set(names)


@pytest.mark.parametrize("do", ["token_expired", "token_revoked"])
def test_a_token_that_ends_in_the_middle_of_a_batch_is_fetched_anew(
    cloud: Any, a_draft: Drafts, do: str
) -> None:
    connection = cloud.connect()
    cloud.spoil(do=do, mailbox=BOX, nth=3)
    ends = write(connection, [CreateOp(BOX, a_draft(key, subject=key), f"t-{key}") for key in KEYS])
    assert {end.status for end in ends} == {"done"}
    assert _stored(cloud) == Counter(KEYS)
    assert len(cloud.calls(like="/token")) == 2


def test_a_token_refused_for_ever_ends_with_the_mend(cloud: Any, a_draft: Drafts) -> None:
    cloud.spoil(do="token_expired", mailbox=BOX, times=None)
    (end,) = write(cloud.connect(), [CreateOp(BOX, a_draft(), "t")])
    assert isinstance(end.error, Permanent)
    assert "tenant_id" in str(end.error)


def test_a_client_that_honours_every_wait_is_never_told_a_longer_one(
    start_cloud: Callable[..., Any], a_draft: Drafts
) -> None:
    cloud = start_cloud(request_ms=30)  # as far away as a connection takes to open, or that passes for early
    connection = cloud.connect()
    for form in ("seconds", "date"):
        cloud.spoil(do="429", rate=0.4, seed=2, retry_after=3, retry_after_as=form)
    ends = write(connection, [CreateOp(BOX, a_draft(f"k{n}", subject=f"k{n}"), f"t{n}") for n in range(40)])
    record = cloud.ask("GET", "record")
    assert record["throttled"] > 5
    assert record["came_too_early"] == 0
    assert {end.status for end in ends} <= {"done", "temporary"}
    assert cloud.slept
