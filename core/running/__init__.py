"""The whole system as processes: servers, preparation, children, and how they end."""
