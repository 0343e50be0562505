"""The permits' rules: pure."""
