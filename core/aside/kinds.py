"""The events of what is held up: deliveries that were set aside, letters that did not arrive. All
of them stand under one subject, so that a page shows the newest of them by one index."""

from core.event_kinds import Fits, Visibility, declare, like, ref

SUBJECT = "held_up:1"
HOLDS: dict[str, Fits] = {"subscriber": like(r"[a-z][a-z_-]{0,40}"), "delivery": ref, "mail": ref}
RESTRICTED = Visibility.RESTRICTED
ONE = "subscriber delivery"

DELIVERY_SET_ASIDE = declare("DELIVERY_SET_ASIDE", needs=ONE, visibility=RESTRICTED, holds=HOLDS)
DELIVERY_TRIED_AGAIN = declare(
    "DELIVERY_TRIED_AGAIN", needs=ONE, visibility=RESTRICTED, holds=HOLDS
)
DELIVERY_GIVEN_UP = declare("DELIVERY_GIVEN_UP", needs=ONE, visibility=RESTRICTED, holds=HOLDS)
LETTER_TRIED_AGAIN = declare("LETTER_TRIED_AGAIN", "mail", visibility=RESTRICTED, holds=HOLDS)
LETTER_GIVEN_UP = declare("LETTER_GIVEN_UP", "mail", visibility=RESTRICTED, holds=HOLDS)
