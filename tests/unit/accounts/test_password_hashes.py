"""What a stored password costs whoever steals it."""

from accounts.passwords import ages, hashed


def test_a_hash_takes_the_memory_and_the_time_that_owasp_asks() -> None:
    made = hashed("kuda benar baterai jepit")
    assert made.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not ages(made)
    assert ages(made.replace("m=19456", "m=8192"))
