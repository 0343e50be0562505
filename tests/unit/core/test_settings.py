"""Settings: what is made for development, and what production refuses."""

from __future__ import annotations

import base64
import os
import re
import stat
from pathlib import Path

import pytest

from core import spelling
from core.config import load
from core.running.refusal import Refused

GOOD = {
    "ENV": "production",
    "SECRET_KEY": "mR7xq2LwZt9vKc4NbY8sHd3JfGp6UaEo1QiW",
    "LOOKUP_KEY": "vK3nTz8RwX5cQy1LmJ7dGf9HsBp4UaEo2WiN",
    "CONTACT_KEYS": "k1:" + base64.b64encode(bytes(range(40, 72))).decode(),
    "BASE_URL": "https://lapor.kota.example",
}


def test_a_first_development_start_makes_its_secrets_for_its_owner_only(tmp_path: Path) -> None:
    settings = load({"STATE_DIR": str(tmp_path / "state")})
    folder = tmp_path / "state/secrets"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(f.stat().st_mode) for f in folder.iterdir()} == {0o600}
    assert [len(key) for key in settings.contact_keys.values()] == [32]


def test_the_second_start_reads_the_same_secrets(tmp_path: Path) -> None:
    environ = {"STATE_DIR": str(tmp_path / "state")}
    assert load(environ) == load(environ)


def test_production_with_good_secrets_starts_and_makes_none(tmp_path: Path) -> None:
    settings = load({**GOOD, "STATE_DIR": str(tmp_path / "state")})
    assert settings.address == "https://lapor.kota.example"
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("name", ["SECRET_KEY", "LOOKUP_KEY", "CONTACT_KEYS", "BASE_URL"])
def test_production_refuses_what_is_missing_by_name(name: str) -> None:
    with pytest.raises(Refused, match=name):
        load({k: v for k, v in GOOD.items() if k != name})


@pytest.mark.parametrize(
    "weak",
    ["tiny", "a" * 64, "change-me-change-me-change-me-change-me", "contoh" + "x1y2z3w4v5u6" * 4],
)
@pytest.mark.parametrize("name", ["SECRET_KEY", "LOOKUP_KEY"])
def test_production_refuses_weak_secrets_by_name_without_showing_them(name: str, weak: str) -> None:
    with pytest.raises(Refused, match=name) as refusal:
        load({**GOOD, name: weak})
    assert weak not in str(refusal.value)


def test_production_refuses_to_be_reached_by_plain_http() -> None:
    with pytest.raises(Refused, match="https"):
        load({**GOOD, "BASE_URL": "http://lapor.kota.example"})


def test_production_refuses_to_serve_as_the_owner_of_its_tables() -> None:
    address = "postgresql://tanggap_owner:hush@db.example/tanggap"
    with pytest.raises(Refused, match="two roles") as refusal:
        load({**GOOD, "DATABASE_URL": address, "DATABASE_OWNER_URL": address})
    assert "hush" not in str(refusal.value)


def test_production_answers_to_its_own_name_if_no_others_are_given() -> None:
    assert load(GOOD).hosts() == ["lapor.kota.example"]
    named = load({**GOOD, "TRUSTED_HOSTS": "lapor.kota.example, 10.0.0.5"})
    assert named.hosts() == ["lapor.kota.example", "10.0.0.5"]
    given = {"DATABASE_URL": "postgresql://a:b@h/d", "REDIS_URL": "redis://h"}
    assert load({**GOOD, **given}).flask_config()["TRUSTED_HOSTS"] == ["lapor.kota.example"]


def test_production_refuses_one_key_for_two_purposes() -> None:
    with pytest.raises(Refused, match="must not be the same"):
        load({**GOOD, "LOOKUP_KEY": GOOD["SECRET_KEY"]})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "99999"),
        ("PORT", "http"),
        ("WEB_WORKERS", "0"),
        ("DATABASE_URL", "sqlite:///tanggap.db"),
        ("CONTACT_KEYS", "k1:AAAA"),
        ("CONTACT_KEYS", "no colon"),
        ("LIMITS", "login-all=many"),
        ("LIMITS", "login=10"),
        ("ENV", "staging"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(Refused, match=name):
        load({"STATE_DIR": str(tmp_path), name: value})


def test_an_empty_setting_counts_as_unset(tmp_path: Path) -> None:
    assert load({"STATE_DIR": str(tmp_path), "PORT": " ", "SMTP_URL": ""}).port == 8000


def test_settings_never_show_their_secrets(tmp_path: Path) -> None:
    settings = load({"STATE_DIR": str(tmp_path), "DATABASE_URL": "postgresql://a:hush@h/d"})
    assert "hush" not in repr(settings)
    assert settings.secret_key not in repr(settings)


def test_addresses_get_the_driver_that_is_installed(tmp_path: Path) -> None:
    settings = load({"STATE_DIR": str(tmp_path), "DATABASE_URL": "postgres://a:b@h/d"})
    assert settings.database_url == "postgresql+psycopg://a:b@h/d"


def test_an_existing_state_folder_keeps_its_mode(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o750)
    os.chmod(state, 0o750)
    load({"STATE_DIR": str(state)})
    assert stat.S_IMODE(state.stat().st_mode) == 0o750


def test_limits_that_settings_may_name_are_those_that_the_code_asks_for() -> None:
    """A name that nobody asks for would be a limit that limits nothing."""
    root = Path(__file__).parents[3]
    asked = re.compile(r'(?:\blimited|\blimit_of|\bmost)\("([a-z-]+)", [A-Z0-9_]+\)')
    found = {
        name
        for room in ("accounts", "helpdesk", "permits", "reports")
        for file in (root / room).rglob("*.py")
        for name in asked.findall(file.read_text())
    }
    assert found == spelling.LIMITS
