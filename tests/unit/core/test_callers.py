"""An address as limits count it."""

from __future__ import annotations

import pytest

from core.pages.callers import one_line


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_all_addresses_of_one_line_are_counted_together(address: str, counted: str) -> None:
    assert one_line(address) == counted
