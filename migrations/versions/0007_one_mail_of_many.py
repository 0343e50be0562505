"""Who of the office wants mails, and many notices told by one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "users", sa.Column("letters", sa.Boolean(), server_default="true", nullable=False)
    )
    op.add_column("notices", sa.Column("gathered", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_notices_gathered"), "notices", "events", ["gathered"], ["id"]
    )
    op.create_index(
        "ix_notices_gathered",
        "notices",
        ["user_id", "gathered", "id"],
        postgresql_where=sa.text("gathered IS NOT NULL"),
    )
    op.create_index(
        "ix_mails_people",
        "mails",
        ["recipient", "posted_at"],
        postgresql_where=sa.text("recipient LIKE 'user:%'"),
    )
