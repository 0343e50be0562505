"""Settings: read once from the environment, checked, and never changed afterwards.

With nothing set, a development system comes up on embedded servers. In production the secrets must
come from outside, and a start with missing or guessable ones is refused by name.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo
from pydantic import field_validator as check

from core import spelling
from core.running.refusal import Refused
from core.state import State
from core.weakness import weakness

# Nothing waits for ever: not for a connection, a lock or a statement, and not with one open.
ENGINE = {
    "hide_parameters": True,  # else an error's words hold what people typed
    "max_overflow": 0,
    "pool_timeout": 3,
    "connect_args": {
        "connect_timeout": 3,
        "options": "-c statement_timeout=30s -c lock_timeout=10s -c timezone=UTC"
        " -c idle_in_transaction_session_timeout=60s",
    },
}
WRITTEN: dict[str, Callable[[str], object]] = {
    "trusted_hosts": spelling.hosts,
    "limits": spelling.limits,
    "contact_keys": spelling.keys,
}
SECRETS = ("secret_key", "contact_keys", "lookup_key")


class Settings(BaseModel):
    """One field for each environment variable, whose name is the field's in capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    env: Literal["development", "production", "test"] = "development"
    state_dir: Path = Path("state")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    base_url: str = ""  # unset: http://HOST:PORT
    database_url: str | None = Field(default=None, repr=False)  # a role that owns nothing
    database_owner_url: str | None = Field(default=None, repr=False)  # for migrations only
    redis_url: str | None = Field(default=None, repr=False)
    secret_key: str = Field(repr=False)
    contact_keys: dict[str, bytes] = Field(repr=False)  # AES keys by id, the first encrypts
    lookup_key: bytes = Field(repr=False)  # for the hashes of codes, PINs and contacts
    smtp_url: str | None = Field(default=None, repr=False)  # none: files in state_dir/mail
    mail_from: str = "Tanggap <tanggap@localhost.localdomain>"
    trusted_hosts: tuple[str, ...] = ()
    trusted_proxies: int = Field(default=0, ge=0, le=5)  # how many stand before us
    web_workers: int = Field(default=min(2, os.cpu_count() or 1), ge=1, le=64)
    job_workers: int = Field(default=1, ge=1, le=64)
    sweepers: int = Field(default=1, ge=1, le=8)
    timezone: str = "Asia/Jakarta"
    locale: Literal["id", "en"] = "id"
    limits: dict[str, int] = Field(default_factory=dict)  # by names of core.spelling.LIMITS
    socket_check: float = Field(default=15, gt=0, le=300)  # seconds between looks at open sockets
    lease_seconds: int = Field(default=60, ge=1, le=600)  # of a batch of deliveries
    digest_after: int = Field(default=10, ge=1, le=1000)  # mails a person gets one by one, within
    digest_minutes: int = Field(default=10, ge=1, le=1440)  # this time; more become one
    pool_size: int = Field(default=10, ge=1, le=90)  # database connections of one process
    max_upload: int = Field(default=52_000_000, ge=1_000_000)  # bytes of one request
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @check("trusted_hosts", "limits", "contact_keys", mode="before")
    @classmethod
    def _written(cls, value: Any, info: ValidationInfo) -> Any:
        return WRITTEN[info.field_name or ""](value) if isinstance(value, str) else value

    @check("database_url", "database_owner_url")
    @classmethod
    def _driver(cls, value: str | None) -> str | None:
        return None if value is None else spelling.database(value)

    @property
    def state(self) -> State:
        return State(self.state_dir.absolute())

    @property
    def address(self) -> str:
        """Where the system is found, without a slash at the end."""
        return self.base_url.rstrip("/") or f"http://{self.host}:{self.port}"

    def origins(self) -> list[str]:
        """Whose pages may open a socket: our own, on this machine under its names."""
        here = (
            [] if self.base_url else [f"http://{n}:{self.port}" for n in ("localhost", self.host)]
        )
        return sorted({self.address, *here})

    def hosts(self) -> list[str]:
        """The names that we answer to, in production at least our address's; none: to any."""
        if self.trusted_hosts or self.env != "production":
            return list(self.trusted_hosts)
        return [urlsplit(self.address).netloc.rpartition("@")[2]]

    def _session_cookie(self) -> dict[str, Any]:
        """Flask's own, which holds the forms' token; on https no sub-domain may plant another."""
        https = self.address.startswith("https:")
        return {
            "SESSION_COOKIE_NAME": "__Host-session" if https else "session",
            "SESSION_COOKIE_SECURE": https,
            "SESSION_COOKIE_SAMESITE": "Lax",
        }

    def flask_config(self) -> dict[str, Any]:
        """What Flask's config and its extensions read; the servers must be known by now."""
        if self.database_url is None or self.redis_url is None:
            raise Refused("The servers are not started yet, so their addresses are not known.")
        from core.storage.pool import ShortLine  # the parent reads settings only, and starts sooner

        engine = {**ENGINE, "poolclass": ShortLine, "pool_size": self.pool_size}
        return {
            "ENV": self.env,
            "STATE_DIR": str(self.state.root),
            "TESTING": self.env == "test",
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": engine,
            "REDIS_URL": self.redis_url,
            "LEASE_SECONDS": self.lease_seconds,
            "DIGEST_AFTER": self.digest_after,
            "DIGEST_MINUTES": self.digest_minutes,
            "BASE_URL": self.address,
            **self._session_cookie(),
            "SOCKETS_LIVE": self.env != "test",
            "SOCKET_CHECK": self.socket_check,
            "SOCKET_ORIGINS": self.origins(),
            "PROXIES": self.trusted_proxies,
            "MAIL_FROM": self.mail_from,
            "MAIL_DOMAIN": self.mail_from.rpartition("@")[2].rstrip(">") or "localhost",
            "TRUSTED_HOSTS": self.hosts() or None,
            "TIMEZONE": self.timezone,
            "BABEL_DEFAULT_LOCALE": self.locale,
            "LIMITS": dict(self.limits),
            "MAX_CONTENT_LENGTH": self.max_upload,
        }


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from environment variables (an empty one counts as unset). Raises Refused."""
    environ = os.environ if environ is None else environ
    given: dict[str, str] = {
        field: value
        for field in Settings.model_fields
        if (value := environ.get(field.upper(), "").strip())
    }
    if given.get("env") != "production":
        state = State(Path(given.get("state_dir", "state")).absolute())
        for name in SECRETS:
            if name not in given:
                given[name] = state.secret(name)
    missing = [name.upper() for name in SECRETS if name not in given]
    if missing:
        raise Refused(f"In production these must be set, and are not: {', '.join(missing)}.")
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        # Never str(error): it would print the values that were given.
        lines = [f"{str(e['loc'][0]).upper()}: {e['msg']}." for e in error.errors()]
        raise Refused("\n".join(lines)) from None
    if settings.env == "production":
        _check_production(settings)
    return settings


def _check_production(settings: Settings) -> None:
    secrets: dict[str, str | bytes] = {
        "SECRET_KEY": settings.secret_key,
        "LOOKUP_KEY": settings.lookup_key,
        **{f"CONTACT_KEYS ({key_id})": key for key_id, key in settings.contact_keys.items()},
    }
    found = [f"{name} {why}." for name, value in secrets.items() if (why := weakness(value))]
    if settings.secret_key.encode() == settings.lookup_key:
        found.append("SECRET_KEY and LOOKUP_KEY must not be the same.")
    roles = [spelling.role(u) for u in (settings.database_url, settings.database_owner_url) if u]
    if len(roles) != len(set(roles)):
        found.append("DATABASE_URL and DATABASE_OWNER_URL must name two roles.")
    if not settings.base_url:
        found.append("BASE_URL must be set: links in mails are made from it.")
    elif not settings.base_url.startswith("https://"):
        found.append("BASE_URL must begin with https://, or cookies could be read on the way.")
    if found:
        raise Refused("In production a start with these settings is refused.\n" + "\n".join(found))
