"""An outbox that an earlier version left behind is finished: its mails are kept, and none is sent twice."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from bot.store import outbox, sending
from bot.store.database import MIGRATIONS, open_store

STATES = ("waiting", "claimed", "drafted", "sent", "failed")


@pytest.fixture
def older(tmp_path: Path) -> str:
    """A store as it was before mails had senders, with a mail in every state."""
    url = f"sqlite:///{tmp_path / 'visit-bot.db'}"
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0009")
        for number, state in enumerate(STATES, 1):
            connection.exec_driver_sql(
                "insert into outbox (reference, job, slot, person, recipient, subject, html, text, images,"
                " state, made_at) values (?, 'worker_list', 's', 'W1', 'w1@northdale.example', 'S', '<p>',"
                " 't', '[]', ?, '2026-11-23T07:30:00')",
                (f"r{number}", state),
            )
    engine.dispose()
    return url


def test_every_mail_is_kept_and_what_was_half_way_is_looked_for(older: str) -> None:
    store = open_store(older)
    sending.doubt(store, store.take_fence())
    assert [(one.mail.reference, one.state) for one in outbox.unsent(store)] == [
        ("r1", "waiting"),
        ("r2", "uncertain"),
        ("r3", "uncertain"),
    ]
    assert [one.mail.urgent for one in outbox.unsent(store)] == [False] * 3
    with store.transaction() as connection:
        kept = connection.exec_driver_sql("select count(*) from outbox").scalar()
    assert kept == len(STATES)
    store.close()


def test_no_state_is_taken_that_the_outbox_does_not_know(older: str) -> None:
    store = open_store(older)
    with pytest.raises(sa.exc.IntegrityError), store.transaction() as connection:
        connection.exec_driver_sql("update outbox set state = 'lost'")
    store.close()
