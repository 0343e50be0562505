"""Mails: the outbox, the sending, and what a letter is."""
