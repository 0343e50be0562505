"""How long citizens have is the office's choice, and each choice stays to be read.

Without a row the usual days hold, as they did before; so there is nothing to bring along.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.database import UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEPT_IN_MEMORY = """
INSERT INTO marks (name, mark) VALUES ('citizen_windows', 1);
CREATE TRIGGER citizen_windows_another_mark
    AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citizen_windows
    FOR EACH STATEMENT EXECUTE FUNCTION another_mark();
"""


def upgrade() -> None:
    op.create_table(
        "citizen_windows",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("reply", sa.Integer(), nullable=False),
        sa.Column("reopen", sa.Integer(), nullable=False),
        sa.Column("reply_source", sa.String(), nullable=False),
        sa.Column("reopen_source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizen_windows")),
    )
    op.execute(KEPT_IN_MEMORY)
