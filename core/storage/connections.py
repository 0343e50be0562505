"""Do the processes of a system together open no more connections than the database takes?"""

from __future__ import annotations

from sqlalchemy import text

from core.config import Settings
from core.database import db
from core.running.refusal import Refused

EACH_WORKER = 2  # a sweeper or job worker does one thing at a time
SPARE = 10  # commands, migrations, whoever looks after the database


def needed(settings: Settings) -> int:
    """Connections at most, of everything that these settings start."""
    workers = settings.job_workers + settings.sweepers
    return settings.web_workers * settings.pool_size + workers * EACH_WORKER + SPARE


def demand(settings: Settings) -> None:
    """Raise Refused if the database would one day send some of ours away."""
    most = int(db.session.execute(text("SHOW max_connections")).scalar_one())
    want = needed(settings)
    if want > most:
        raise Refused(
            f"WEB_WORKERS={settings.web_workers} with POOL_SIZE={settings.pool_size} each and the "
            f"workers may open {want} database connections, and the database takes {most} "
            "(max_connections). Choose fewer, or let it take more."
        )
