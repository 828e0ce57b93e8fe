"""When each diary was last read whole: what tells a person's deletion from a forgotten run's."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0006"


def upgrade() -> None:
    """Add the table; the next run fills it."""
    op.create_table(
        "readings",
        sa.Column("mailbox", sa.String(length=320), nullable=False),
        sa.Column("read_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("mailbox", name=op.f("pk_readings")),
    )
