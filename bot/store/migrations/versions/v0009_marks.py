"""The marks that runs leave in mailboxes before they take entries out."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0004"


def upgrade() -> None:
    """Add the table; no run has left a mark before."""
    op.create_table(
        "marks",
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("left_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_marks")),
    )
