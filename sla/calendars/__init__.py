"""Calendars as an office keeps them: drafts that people edit, published as revisions."""
