"""When it was told that the mailbox of somebody who left may not be opened."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column; nothing was told before."""
    op.add_column("people", sa.Column("shut_on", sa.String(length=10), nullable=True))
