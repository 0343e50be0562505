"""An e-mail address that is taken is one mailbox, and none of its signs means more in a mail."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from helpdesk.contacts import normal_email

SIGNS = [chr(n) for n in range(128)] + list("\u00e9\u200b\u202e\ufb01\u2028\ud7ff")


def taken(typed: str) -> str | None:
    try:
        return normal_email(typed)
    except Invalid:
        return None


@pytest.mark.usefixtures("db_session")
@given(st.text(alphabet=st.sampled_from(SIGNS), min_size=1, max_size=8))
def test_a_taken_address_is_read_back_as_it_was_typed(local: str) -> None:
    address = taken(f"{local}@warga.example")
    if address is None:
        return
    mail = EmailMessage()
    mail["To"] = address
    (found,) = mail["To"].addresses
    assert found.addr_spec == address
    assert bytes(mail).count(b"\n") <= 2


@pytest.mark.usefixtures("db_session")
@pytest.mark.parametrize(
    "typed",
    ["a\0b@x.yz", "a(b)@x.yz", "a:b@x.yz", "a\x1b@x.yz", "[a]@x.yz", "a..b@x.yz", ".a@x.yz",
     "a@x.yz,b@x.yz", "a@x.yz\nBcc: b@x.yz", "a\u202eb@x.yz", "x" * 65 + "@x.yz"],
)  # fmt: skip
def test_an_address_that_could_mean_more_is_refused(typed: str) -> None:
    assert taken(typed) is None


@pytest.mark.usefixtures("db_session")
@pytest.mark.parametrize(
    "typed", ["siti.r+izin@warga.example", "o'neil_1@a-b.co.id", "jos\u00e9@x.yz"]
)
def test_ordinary_addresses_are_taken(typed: str) -> None:
    assert taken(typed) == typed
