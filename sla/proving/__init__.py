"""Timers beside the log: read, folded anew, compared, put right."""
