"""Who may what, and what makes a password: pure."""
