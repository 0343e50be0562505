"""Promises as people read them: dates, time left, accounts of the days, and why."""
