"""Every table of the house in one metadata, for migrations and tests that compare the two."""

import accounts.models
import core.events
import core.mailbox
import core.outbox
import core.sockets
import helpdesk.models
import permits.models
import sla.models
import sla.sweeping  # noqa: F401
