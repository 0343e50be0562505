"""What `python app.py` does once before it serves: it prepares, and plays a demonstration.

Demonstration people and tickets are for development only; production refuses to load them.
"""

from __future__ import annotations

import json
import secrets

import prepare as preparing
from core import clock
from core.config import Settings
from core.database import db

PASSWORDS = "demo-logins.json"  # under the state folder, readable by its owner only


def passwords(settings: Settings) -> dict[str, str]:
    """Passwords of the demonstration people: made once, kept in the state folder."""
    file = settings.state_dir / "secrets" / PASSWORDS
    if file.exists():
        found: dict[str, str] = json.loads(file.read_text())
        return found
    from helpdesk.demonstration import demo

    made = {email: secrets.token_urlsafe(12) for email in demo.PEOPLE}
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.touch(mode=0o600)
    file.write_text(json.dumps(made, indent=1))
    return made


def prepare(settings: Settings) -> list[str]:
    """Prepare the database, with demonstration data in development; returns lines to print: the
    demonstration logins."""
    from app import create_app

    app = create_app(settings=settings)
    preparing.prepare(app)
    if settings.env != "development":
        return []
    from helpdesk.demonstration import demo

    known = passwords(settings)
    with app.app_context():
        demo.make(clock.now(), known)
        db.session.remove()
        db.engine.dispose()
    return [f"{role:<12} {email:<34} {known[email]}" for email, role in demo.PEOPLE.items()]
