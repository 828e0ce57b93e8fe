"""Which sender a mail is bound to, when it was asked for, when it is tried again, and that it came back."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0009"

_STATES = "state in ('waiting', 'claimed', 'drafted', 'uncertain', 'sent', 'bounced', 'failed')"
_NEW: tuple[sa.Column[Any], ...] = (
    sa.Column("manager", sa.String(length=80), nullable=True),
    sa.Column("manager_address", sa.String(length=320), nullable=True),
    sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column("sender", sa.String(length=320), nullable=True),
    sa.Column("conversation", sa.String(length=512), nullable=True),
    sa.Column("asked_at", sa.String(length=32), nullable=True),
    sa.Column("not_before", sa.String(length=32), nullable=True),
)


def upgrade() -> None:
    """Add the columns and allow the new states. A mail that was under way is bound to the one sender that
    there was when it is next looked at."""
    if op.get_bind().dialect.name == "sqlite":  # which cannot change a check: the table is made anew
        with op.batch_alter_table("outbox", recreate="always") as table:
            for column in _NEW:
                table.add_column(column)
            table.create_check_constraint(op.f("ck_outbox_state"), _STATES)
        return
    op.drop_constraint(op.f("ck_outbox_state"), "outbox", type_="check")
    for column in _NEW:
        op.add_column("outbox", column)
    op.create_check_constraint(op.f("ck_outbox_state"), "outbox", _STATES)
