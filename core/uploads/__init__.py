"""Files from outside: checked, made harmless, kept."""
