"""Worked examples of the promise engine, played through the real use cases and compared."""
