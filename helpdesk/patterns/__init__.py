"""Patterns for supervisors to look at: found in the log, shown with their evidence."""
