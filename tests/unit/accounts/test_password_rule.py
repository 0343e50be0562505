"""What is refused as a password, and what is not."""

import pytest

from accounts.rules.password import Weakness, normal, weakness

ABOUT = ("Budi Santoso", "budi.s@kota.example")


@pytest.mark.parametrize(
    "password",
    [
        "kuda benar baterai jepit",
        "sebuah kucing oranye di atap",
        "Жираф гуляет по крыше",
        "🐢🚲🌋🥭🪁🧭🎻🦜🌧️🧵🪴🏺🛶🧊🪵",
        "x9 kLw2 vTq8 mRz5",
        "ü" * 3 + "ber den wolken muss die",
    ],
)
def test_long_and_unforeseeable_is_enough_whatever_the_letters(password: str) -> None:
    assert weakness(normal(password), ABOUT) is None


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "Password Password 1",
        "123456789012345",
        "qwertyuiopasdfgh",
        "poiuytrewq0987654321",
        "aaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "jeruk jeruk jeruk jeruk",
        "administrator2024",
        "Budi Santoso 1985 bekasi",
        "tanggap dpmptsp bekasi!",
    ],
)
def test_what_anyone_would_try_first_is_refused(password: str) -> None:
    assert weakness(normal(password), ABOUT) is Weakness.FORESEEABLE


def test_fourteen_letters_are_too_few_and_fifteen_enough() -> None:
    assert weakness("kuda bnr jepit") is Weakness.SHORT
    assert weakness("kuda bnr jepit?") is None


def test_more_than_256_letters_are_refused() -> None:
    words = "kuda benar baterai jepit " * 11
    assert weakness(words[:257]) is Weakness.LONG
    assert weakness(words[:256]) is not Weakness.LONG


def test_one_password_typed_in_two_unicode_forms_is_one() -> None:
    assert normal("cafe\u0301 di pojok jalan") == normal("caf\u00e9 di pojok jalan")
