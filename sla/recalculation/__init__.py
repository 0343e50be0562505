"""What is open follows a change: revisions and versions published, moved in batches, told."""
