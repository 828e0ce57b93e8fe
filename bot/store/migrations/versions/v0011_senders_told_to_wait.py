"""Until when each sender was told to stay away, so that the next process does not ask too early."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the table; nobody is known to have been told."""
    op.create_table(
        "senders",
        sa.Column("sender", sa.String(length=320), nullable=False),
        sa.Column("not_before", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("sender", name=op.f("pk_senders")),
    )
