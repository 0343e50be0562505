"""Every table of the house in one metadata, for migrations and tests that compare the two."""

import sla.models
import sla.sweeping  # noqa: F401
