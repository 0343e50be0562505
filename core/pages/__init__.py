"""What every page has in common: frame, errors, headers, limits, health."""
