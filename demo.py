"""What `python app.py` does once before it serves: schema, starting data, demonstration.

Demonstration people and tickets are for development only; production refuses to load them.
"""

from __future__ import annotations

import json
import secrets

from core import clock
from core.config import Settings
from core.database import db, transaction
from core.migrate import upgrade

PASSWORDS = "demo-logins.json"  # under the state folder, readable by its owner only


def starting_data() -> None:
    """The rulebook, queues, places and the catalogue: wanted in production too; idempotent."""
    import helpdesk.seed
    import permits.catalogue
    import sla.seed

    with transaction():
        sla.seed.seed(clock.now())
        helpdesk.seed.seed()
        permits.catalogue.load()


def passwords(settings: Settings) -> dict[str, str]:
    """Passwords of the demonstration people: made once, kept in the state folder."""
    file = settings.state_dir / "secrets" / PASSWORDS
    if file.exists():
        found: dict[str, str] = json.loads(file.read_text())
        return found
    from helpdesk import demo

    made = {email: secrets.token_urlsafe(12) for email in demo.PEOPLE}
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.touch(mode=0o600)
    file.write_text(json.dumps(made, indent=1))
    return made


def prepare(settings: Settings) -> list[str]:
    """Bring the database up to date; returns lines to print: the demonstration logins."""
    from app import create_app

    assert settings.database_url is not None
    owner = settings.database_owner_url or settings.database_url
    upgrade(owner, settings.database_url)
    app = create_app(settings=settings)
    with app.app_context():
        starting_data()
        lines: list[str] = []
        if settings.env == "development":
            from helpdesk import demo

            known = passwords(settings)
            demo.make(clock.now(), known)
            lines = [
                f"{role:<12} {email:<34} {known[email]}" for email, role in demo.PEOPLE.items()
            ]
        db.session.remove()
        db.engine.dispose()
    return lines
