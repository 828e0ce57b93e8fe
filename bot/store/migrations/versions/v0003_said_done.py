"""When a person was first seen to say that a visit is done, and when categories were looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the two columns; what was remembered before knows neither."""
    op.add_column("ledger", sa.Column("said_done_at", sa.String(length=19), nullable=True))
    op.add_column("people", sa.Column("looked_on", sa.String(length=10), nullable=True))
