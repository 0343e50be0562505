"""Roles, the way back after signing in, and devices in words."""

import pytest

from accounts.rules.access import Role, Viewer, has_any, is_staff, roles_of
from accounts.rules.back import local_path
from accounts.rules.device import device_words


def test_an_account_without_a_role_is_no_staff() -> None:
    assert not is_staff([])
    assert all(is_staff([role]) for role in Role)


def test_stored_words_that_are_no_roles_give_no_right() -> None:
    assert roles_of(["ADMIN", "OWNER", "admin", ""]) == {Role.ADMIN}


def test_nobody_fits_an_empty_wish() -> None:
    assert not has_any(Role, [])
    assert has_any([Role.AGENT], [Role.AGENT, Role.ADMIN])


def test_a_viewer_is_known_to_events_by_a_ref() -> None:
    assert Viewer(id=3, name="Sari", roles=frozenset()).ref == "user:3"


@pytest.mark.parametrize("path", ["/", "/meja", "/orang?after=5", "/a/b?c=//d", "/%2F%2Fevil"])
def test_a_path_of_ours_is_followed(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "meja",
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/a\r\nSet-Cookie: x=1",
        " /meja",
        "javascript:alert(1)",
        "/" + "a" * 2000,
    ],
)
def test_a_path_that_could_lead_elsewhere_is_not(path: str | None) -> None:
    assert local_path(path) is None


def test_a_device_is_known_in_two_words() -> None:
    phone = (
        "Mozilla/5.0 (Linux; Android 13; A1) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
    )
    assert device_words(phone) == "Chrome, Android"
    assert device_words("curl/8.1") == ""
