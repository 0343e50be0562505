"""Runs migrations on the connection that core.running.migrate hands over (the owner's)."""

from alembic import context

import models  # noqa: F401 -- so that the metadata is whole
from core.database import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    compare_type=True,
    compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
