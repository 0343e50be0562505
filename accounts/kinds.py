"""What can happen to an account. Subject is "user:3"; data holds codes only."""

from accounts.rules.access import Role
from core.event_kinds import declare, one_of

GIVEN_OR_TAKEN = one_of(("GIVEN", "TAKEN"))

USER_CREATED = declare("USER_CREATED")
USER_DEACTIVATED = declare("USER_DEACTIVATED")
USER_REACTIVATED = declare("USER_REACTIVATED")
USER_LOGGED_IN = declare("USER_LOGGED_IN")
USER_LETTERS_CHOSEN = declare("USER_LETTERS_CHOSEN", needs="wanted was")  # 1 or 0
PASSWORD_CHANGED = declare("PASSWORD_CHANGED")
SESSIONS_ENDED = declare("SESSIONS_ENDED", needs="count")
# One key for each role that changed, "GIVEN" or "TAKEN".
ROLES_CHANGED = declare(
    "ROLES_CHANGED", may=" ".join(Role), holds=dict.fromkeys(Role, GIVEN_OR_TAKEN)
)
