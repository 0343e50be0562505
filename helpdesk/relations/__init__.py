"""Reports that belong together: merged, split off, doubled."""
