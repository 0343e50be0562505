"""Reports in lists: which, in which order, how a row is shown, what came in since."""
