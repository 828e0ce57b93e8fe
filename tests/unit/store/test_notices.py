"""What was told stands with the mail that told it, or neither does; and nobody can read what it was."""

from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa

from bot.store import notices, outbox, runs
from bot.store.database import Store
from bot.store.notices import NoticeChanges, NoticeRow
from bot.store.outbox import NewMail

NOW = datetime(2026, 11, 23, 7, 0)


def row(key: str = "a" * 64, person: str = "M1", told_at: datetime = NOW) -> NoticeRow:
    return NoticeRow(key, person, "b" * 64, "concern", NOW, told_at)


def write(store: Store, changes: NoticeChanges) -> None:
    with store.transaction() as connection:
        notices.write(connection, changes)


def test_what_was_told_is_remembered_told_once_more_and_forgotten(store: Store) -> None:
    other = row(person="iro-1")
    write(store, NoticeChanges(told=(row(), other)))
    assert set(notices.remembered(store)) == {row(), other}
    again = row(told_at=datetime(2026, 11, 24, 7, 0))
    write(store, NoticeChanges(told=(again,), closed=((other.key, other.person),)))
    assert notices.remembered(store) == (again,)


def test_one_notice_is_remembered_for_each_person_by_itself(store: Store) -> None:
    write(store, NoticeChanges(told=(row(person="M1"), row(person="M2"))))
    write(store, NoticeChanges(closed=((row().key, "M1"),)))
    assert [one.person for one in notices.remembered(store)] == ["M2"]


def test_many_are_written_and_forgotten(store: Store) -> None:
    rows = tuple(row(key=f"{number:064d}") for number in range(700))
    write(store, NoticeChanges(told=rows))
    assert len(notices.remembered(store)) == 700
    write(store, NoticeChanges(closed=tuple((one.key, one.person) for one in rows)))
    assert notices.remembered(store) == ()


def test_a_run_that_dies_before_its_end_has_neither_told_nor_remembered(store: Store) -> None:
    fence = store.take_fence()
    run_id = runs.begin(store, fence, "notices", "a slot", NOW)
    assert run_id is not None
    mail = NewMail("ref", "notices", "a slot", "M1", "m1@council.example", "1 notice", "<p>", "text", ())

    def dies(connection: sa.Connection) -> None:
        notices.write(connection, NoticeChanges(told=(row(),)))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outbox.enqueue(store, fence, run_id, (mail,), now=NOW, summary={}, also=dies)
    assert (notices.remembered(store), outbox.unsent(store)) == ((), ())
    changes = NoticeChanges(told=(row(),))
    outbox.enqueue(
        store,
        fence,
        run_id,
        (mail,),
        now=NOW,
        summary={},
        also=lambda connection: notices.write(connection, changes),
    )
    assert notices.remembered(store) == (row(),)
    assert len(outbox.unsent(store)) == 1
