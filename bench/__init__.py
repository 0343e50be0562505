"""Measures the house beside its peers or limits; `make bench` prints ratios and fails nothing."""
