"""People, roles, sessions and guards."""
