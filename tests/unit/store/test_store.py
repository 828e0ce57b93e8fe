"""What must not happen twice is held by the store, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import os
import threading
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.errors import Permanent
from bot.store import ledger, outbox, people, runs, schema, sending
from bot.store.database import Overtaken, Store, open_store
from bot.store.lock import keeping

NOW = datetime(2026, 11, 23, 7, 30)


def row(key: str = "k1", **changes: object) -> ledger.LedgerRow:
    values: dict[str, object] = {
        "mailbox": "a@northdale.example",
        "key": key,
        "generation": 0,
        "state": "intent",
        "event_id": None,
        "etag": None,
        "due": date(2026, 12, 4),
        "placed": datetime(2026, 12, 3, 9),
        "digest": "d",
        "achieved": False,
    }
    return ledger.LedgerRow(**(values | changes))  # type: ignore[arg-type]


def mail(reference: str = "r1", person: str = "W1") -> outbox.NewMail:
    picture = outbox.Picture("chart", "2 overdue", b"\x89PNG")
    return outbox.NewMail(
        reference, "worker_list", "2026-11-23", person, "a@northdale.example", "S", "<p>h", "t", (picture,)
    )


def test_a_job_in_its_slot_is_done_once(store: Store) -> None:
    fence = store.take_fence()
    first = runs.begin(store, fence, "worker_list", "2026-11-23", NOW)
    assert first is not None
    runs.finish(store, fence, first, done=True, now=NOW, summary={})
    assert runs.begin(store, fence, "worker_list", "2026-11-23", NOW) is None
    assert ("worker_list", "2026-11-23") in runs.done_slots(store)


def test_a_failed_run_is_taken_again_under_the_same_row(store: Store) -> None:
    fence = store.take_fence()
    first = runs.begin(store, fence, "diaries", "2026-11-23", NOW)
    assert first is not None
    runs.finish(store, fence, first, done=False, now=NOW, summary={})
    assert runs.done_slots(store) == frozenset()
    assert runs.begin(store, fence, "diaries", "2026-11-23", NOW) == first


def test_the_database_itself_refuses_a_second_row_for_a_slot(store: Store) -> None:
    values = {"job": "j", "slot": "s", "fence": 1, "state": "running", "started_at": "x"}
    with pytest.raises(sa.exc.IntegrityError), store.transaction() as connection:
        connection.execute(sa.insert(schema.runs), [values, values])


def test_a_run_that_was_overtaken_writes_nothing(store: Store) -> None:
    old = store.take_fence()
    new = store.take_fence()
    with pytest.raises(Overtaken, match="overtaken by number"):
        ledger.put(store, old, [row()])
    assert ledger.rows_by_mailbox(store) == {}
    ledger.put(store, new, [row()])
    assert ledger.rows_by_mailbox(store) == {"a@northdale.example": (row(),)}


def test_the_ledger_gives_back_what_it_was_given(store: Store) -> None:
    fence = store.take_fence()
    live = row("k2", state="live", event_id="AAMk=", etag='W/"1"', placing=datetime(2026, 12, 2, 9))
    ledger.put(store, fence, [row(), live])
    ledger.put(store, fence, [row(generation=1)])
    assert set(ledger.rows_by_mailbox(store)["a@northdale.example"]) == {row(generation=1), live}
    ledger.forget(store, fence, "a@northdale.example", ["k1", "k2"])
    assert ledger.rows_by_mailbox(store) == {}


def test_mails_and_the_end_of_their_run_are_one_transaction_and_no_mail_is_there_twice(store: Store) -> None:
    fence = store.take_fence()
    run = runs.begin(store, fence, "worker_list", "2026-11-23", NOW)
    assert run is not None
    assert outbox.enqueue(store, fence, run, [mail(), mail("r2", "W2")], now=NOW, summary={}) == 2
    assert outbox.enqueue(store, fence, run, [mail()], now=NOW, summary={}) == 0
    waiting = outbox.unsent(store)
    assert [one.mail for one in waiting] == [mail(), mail("r2", "W2")]
    assert ("worker_list", "2026-11-23") in runs.done_slots(store)


def test_an_overtaken_run_leaves_no_mail_behind(store: Store) -> None:
    old = store.take_fence()
    run = runs.begin(store, old, "worker_list", "2026-11-23", NOW)
    assert run is not None
    store.take_fence()
    with pytest.raises(Overtaken):
        outbox.enqueue(store, old, run, [mail()], now=NOW, summary={})
    assert outbox.unsent(store) == ()


def test_a_mail_moves_on_and_a_sent_one_is_not_unsent(store: Store) -> None:
    fence = store.take_fence()
    run = runs.begin(store, fence, "worker_list", "2026-11-23", NOW)
    assert run is not None
    outbox.enqueue(store, fence, run, [mail()], now=NOW, summary={})
    (waiting,) = outbox.unsent(store)
    sending.claim(store, fence, waiting.id, "bot@northdale.example")
    sending.drafted(store, fence, waiting.id, "AAMkD")
    (drafted,) = outbox.unsent(store)
    assert (drafted.state, drafted.draft_id, drafted.sender) == ("drafted", "AAMkD", "bot@northdale.example")
    sending.sent(store, fence, waiting.id, NOW)
    assert outbox.unsent(store) == ()


@pytest.mark.parametrize("end", ["sent", "bounced", "failed"])
def test_of_a_mail_that_goes_no_more_what_it_said_is_not_kept(store: Store, end: str) -> None:
    fence = store.take_fence()
    run = runs.begin(store, fence, "worker_list", "2026-11-23", NOW)
    assert run is not None
    outbox.enqueue(store, fence, run, [mail()], now=NOW, summary={})
    (waiting,) = outbox.unsent(store)
    sending.drafted(store, fence, waiting.id, "AAMkD")
    assert outbox.unsent(store)[0].mail == mail(), "what may still go is whole"
    if end == "sent":
        sending.sent(store, fence, waiting.id, NOW)
    else:
        sending.come_back(store, fence, waiting.id, state=end, error="why", notice=None, now=NOW)
    with store.transaction() as connection:
        (kept,) = connection.execute(sa.select(schema.outbox)).mappings()
    assert (kept["html"], kept["text"], kept["images"]) == ("", "", "[]")
    assert (kept["reference"], kept["recipient"], kept["subject"]) == ("r1", "a@northdale.example", "S")
    assert kept["state"] == end


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_a_store_s_files_are_readable_for_their_owner_alone_and_looser_ones_are_tightened(
    tmp_path: Path,
) -> None:
    file = tmp_path / "bot.db"

    def modes() -> set[int]:
        opened = open_store(f"sqlite:///{file}")
        with keeping(opened, "run"):
            found = {one.name: one.stat().st_mode & 0o777 for one in tmp_path.iterdir()}
        opened.close()
        assert {"bot.db", "bot.db-wal", "bot.db-shm", "bot.db.lock"} <= found.keys()
        return set(found.values())

    before = os.umask(0o022)
    try:
        assert modes() == {0o600}
        for one in tmp_path.iterdir():
            one.chmod(0o644)
        assert modes() == {0o600}
    finally:
        os.umask(before)


def test_fences_taken_at_once_are_all_different(store: Store) -> None:
    taken: list[int] = []
    threads = [threading.Thread(target=lambda: taken.append(store.take_fence())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(1, 9))


@pytest.mark.fact("bot-categories-once")
def test_categories_are_remembered_until_their_names_change(store: Store) -> None:
    fence = store.take_fence()
    people.remember(store, fence, "a@northdale.example", ["Visit", "CP visit"], NOW)
    assert people.ready(store, ["Visit"]) == {"a@northdale.example"}
    assert people.ready(store, ["Besuch"]) == frozenset()


def test_a_store_that_cannot_be_opened_says_what_to_do(tmp_path: object) -> None:
    with pytest.raises(Permanent, match="cannot be opened"):
        open_store("sqlite:////proc/nowhere/bot.db")
    with pytest.raises(Permanent, match=r"sqlite:///file\.db"):
        open_store("not a url")


def test_opening_twice_upgrades_once_and_keeps_what_is_there(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.database._migrate", lambda _: pytest.fail("the tables are up to date"))
    fence = store.take_fence()
    again = open_store(store.engine.url.render_as_string(hide_password=False))
    assert again.take_fence() == fence + 1
    again.close()
