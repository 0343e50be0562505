"""How many wrong tries at code and PIN there may be, and for whom a limit that is full is open.

A stranger's tries must not shut citizens out: a device that filed or opened this very report has a
count of its own, one that holds any other report does not wait for what all strangers used up.
"""

from __future__ import annotations

from flask import request

from accounts import throttle
from accounts.marks import REPORTS
from accounts.throttle import Limit
from core.pages.callers import one_line
from core.secrets import normal_code

# Wrong ones in five minutes. Nobody mistypes more than five times, and a mobile carrier puts
# thousands of phones behind one address: twenty times that. Over all, ten such addresses.
PER_ADDRESS = 100
OVERALL = 1000


def limits(code: str) -> list[Limit]:
    """What a try at this code counts against, on this device and from this address."""
    name = normal_code(code) or "-"
    if REPORTS.holds(name):
        return [Limit("code-known", name)]
    here = one_line(request.remote_addr or "")
    address = Limit("code-address", here, throttle.limit_of("code-address", PER_ADDRESS))
    found = [Limit("code", name), address]
    if not REPORTS.any():
        found.append(Limit("code-all", "", throttle.limit_of("code-all", OVERALL)))
    return found
