"""Every table of the house in one metadata, for migrations and tests that compare the two."""

# ruff: noqa: F401 -- imported for what they define
import accounts.models
import core.aside.models
import core.events
import core.live.screens
import core.mails.mailbox
import core.outbox
import core.seals.models
import helpdesk.models
import permits.models
import sla.calendars.models
import sla.models
import sla.sweeps.heartbeats
