"""The sweeper: records what is due, whichever clock is wrong."""
