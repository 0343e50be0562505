"""Permit types: what the office issues, what it asks for, and how long it takes."""
