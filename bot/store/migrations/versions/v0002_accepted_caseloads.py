"""What the last accepted caseload held, so that the next one can be held against it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Remember how large each table was, whose children they were, and whose each entry is."""
    op.add_column("snapshots", sa.Column("tables", sa.Text(), server_default="{}", nullable=False))
    op.create_table(
        "holdings",
        sa.Column("child_id", sa.Text(), nullable=False),
        sa.Column("worker_id", sa.Text(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("missing_since", sa.String(length=10), nullable=True),
        sa.Column("missing_in", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("child_id", "worker_id", name=op.f("pk_holdings")),
    )
    op.create_table(
        "entry_children",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("child_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_entry_children")),
    )
