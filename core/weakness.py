"""Is a secret too easy to guess? Asked before a production start."""

from __future__ import annotations

SHORTEST = 32  # bytes
FEWEST_DIFFERENT = 12  # 32 random hexadecimal letters have 14 on average
EXAMPLES = (b"change", b"example", b"contoh", b"secret", b"rahasia", b"password", b"insecure")


def weakness(secret: str | bytes) -> str | None:
    """What is wrong with it, as the end of a sentence; None if nothing is."""
    value = secret.encode() if isinstance(secret, str) else secret
    if any(word in value.lower() for word in EXAMPLES):
        return "is an example value"
    if len(value) < SHORTEST:
        return f"is too short: at least {SHORTEST} bytes are needed"
    if len(set(value)) < FEWEST_DIFFERENT:
        return "is too uniform: make it of random characters"
    return None
