"""A move knows from which moment on its calendar differs from the one before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.database import UTCDateTime

revision = "0011"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("moves", sa.Column("since", UTCDateTime(), nullable=True))
