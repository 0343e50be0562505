"""Policies that are retired: nothing new falls under them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "policies",
        sa.Column("retired", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
