"""The tables, so that what must never happen twice is held by a unique index and not by good intentions.

Moments are stored as UTC text in ISO form (``now`` columns) and days as ISO dates, the same in SQLite and
PostgreSQL. Nothing here holds a child's name, date of birth or plan; the ledger's keys are HMACs, and case
numbers stand where a child could otherwise vanish unseen.
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

# One row. Its number goes up each time a run starts; a write that carries an older number is refused.
fence = sa.Table(
    "fence",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.CheckConstraint("id = 1", name="one_row"),
)

# A job in its slot happens once: a Monday list cannot be made twice, a missed one is seen to be missing.
runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("job", sa.String(40), nullable=False),
    sa.Column("slot", sa.String(40), nullable=False),
    sa.Column("fence", sa.Integer, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),  # running, done, failed
    sa.Column("started_at", sa.String(32), nullable=False),
    sa.Column("finished_at", sa.String(32)),
    sa.Column("summary", sa.Text, nullable=False, server_default="{}"),
    sa.UniqueConstraint("job", "slot"),
)

# What we believe stands in each mailbox. An intent is written before the call that makes the entry.
ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("mailbox", sa.String(320), primary_key=True),
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),  # intent, live, dismissed
    sa.Column("event_id", sa.String(512)),
    sa.Column("etag", sa.String(256)),
    sa.Column("due", sa.String(10), nullable=False),
    sa.Column("placed", sa.String(19), nullable=False),  # naive London start
    sa.Column("placing", sa.String(19)),  # where a change was about to put it, until its answer is recorded
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("achieved", sa.Boolean, nullable=False),
    sa.Column("said_done_at", sa.String(19)),  # naive London: when a person took the colour out
    sa.Column("fence", sa.Integer, nullable=False),
    sa.CheckConstraint("state in ('intent', 'live', 'dismissed')", name="state"),
)

# A mail is claimed, drafted with our reference, its id remembered, and only then sent. Moments of ``made_at``
# and ``sent_at`` are the run's; those that Microsoft is asked by are the clock's own, in UTC.
outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("reference", sa.String(64), nullable=False, unique=True),
    sa.Column("job", sa.String(40), nullable=False),
    sa.Column("slot", sa.String(40), nullable=False),
    sa.Column("person", sa.String(80), nullable=False),  # worker_id
    sa.Column("recipient", sa.String(320), nullable=False),
    sa.Column("manager", sa.String(80)),  # who is told where it cannot be delivered: worker_id,
    sa.Column("manager_address", sa.String(320)),  # and where
    sa.Column("urgent", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("html", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("images", sa.Text, nullable=False),  # JSON: [[cid, alt, base64 PNG], …]
    sa.Column("state", sa.String(12), nullable=False),  # bot.store.outbox says what each means
    sa.Column("sender", sa.String(320)),  # in whose mailbox its draft lies
    sa.Column("draft_id", sa.String(512)),
    sa.Column("conversation", sa.String(512)),  # by which a report that it was not delivered names it
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("asked_at", sa.String(32)),  # when Microsoft was last asked to send it: what the pace counts
    sa.Column("not_before", sa.String(32)),  # when the service tries it again
    sa.Column("error", sa.Text),
    sa.Column("made_at", sa.String(32), nullable=False),
    sa.Column("sent_at", sa.String(32)),
    sa.CheckConstraint(
        "state in ('waiting', 'claimed', 'drafted', 'uncertain', 'sent', 'bounced', 'failed')", name="state"
    ),
)

# Until when a sender was told to stay away (Retry-After): Microsoft counts by mailbox, not by process.
senders = sa.Table(
    "senders",
    metadata,
    sa.Column("sender", sa.String(320), primary_key=True),
    sa.Column("not_before", sa.String(32), nullable=False),  # UTC, by the clock
)

# What each person was told and is still so: told once, and new again only when it was over in between. Keys
# and ``about`` are HMACs of a cause and of whom it concerns; which child, nobody can read from them.
notices = sa.Table(
    "notices",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("person", sa.String(80), primary_key=True),  # worker_id, or a name without meaning
    sa.Column("about", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("first_told_at", sa.String(32), nullable=False),  # naive London, as mails are due
    sa.Column("told_at", sa.String(32), nullable=False),  # the last time, where a notice is repeated
)

# What is looked at or told once in a while, not in every run: a mailbox's categories, and that it is shut.
people = sa.Table(
    "people",
    metadata,
    sa.Column("mailbox", sa.String(320), primary_key=True),
    sa.Column("categories", sa.Text, nullable=False),  # the names made or found, as JSON
    sa.Column("first_seen_at", sa.String(32), nullable=False),
    sa.Column("looked_on", sa.String(10)),  # the day its category list was last looked at
    sa.Column("shut_on", sa.String(10)),  # the day it was told that a leaver's may not be opened
)

# Which run was the last to take entries out of a mailbox stands there as a mark; here, what ours begin with,
# and those of others that are no longer in doubt.
marks = sa.Table(
    "marks",
    metadata,
    sa.Column("mark", sa.Text, primary_key=True),
    sa.Column("left_at", sa.String(32), nullable=False),
)

# When each diary was last read whole with nothing left in doubt: what stood then and went since was deleted
# by a person, whatever older mark is found.
readings = sa.Table(
    "readings",
    metadata,
    sa.Column("mailbox", sa.String(320), primary_key=True),
    sa.Column("read_at", sa.String(32), nullable=False),  # UTC, by the clock, whatever day the run is of
)

# How large each accepted caseload was: what a suspiciously small one is measured against.
snapshots = sa.Table(
    "snapshots",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id"), nullable=False),
    sa.Column("today", sa.String(10), nullable=False),
    sa.Column("children", sa.Integer, nullable=False),
    sa.Column("open_episodes", sa.Integer, nullable=False),
    sa.Column("visits", sa.Integer, nullable=False),
    sa.Column("problems", sa.Integer, nullable=False),
    sa.Column("tables", sa.Text, nullable=False, server_default="{}"),  # JSON: rows by table
)

# Whose list each child of the last accepted caseload was on, and since when a child is in no caseload any
# more: case numbers, worker ids and counts, nothing else of either.
holdings = sa.Table(
    "holdings",
    metadata,
    sa.Column("child_id", sa.Text, primary_key=True),
    sa.Column("worker_id", sa.Text, primary_key=True),  # "" where none of the caseload's workers is named
    sa.Column("visits", sa.Integer, nullable=False),  # rows of the child in visits
    sa.Column("missing_since", sa.String(10)),  # the day of the first accepted caseload without the child
    sa.Column("missing_in", sa.String(32)),  # when that caseload was written
)

# Which child each wanted entry is of, so that a child missing from one export keeps its entries.
entry_children = sa.Table(
    "entry_children",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("child_id", sa.Text, nullable=False),
)

# Who overrode what, and why: read at an inquiry.
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("who", sa.String(120), nullable=False),
    sa.Column("what", sa.String(60), nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("details", sa.Text, nullable=False),
)
