"""Timers name versions and revisions, and deliveries events, that nobody can delete.

So none is looked up at each write. The look-up was a third of what moving a date costs. Nothing is
lost by its absence: the application may delete no row of these tables (see core.running.migrate).
"""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("fk_timers_policy_id", "timers", type_="foreignkey")
    op.drop_constraint("fk_timers_calendar_id", "timers", type_="foreignkey")
    op.drop_constraint("fk_deliveries_event_id", "deliveries", type_="foreignkey")
