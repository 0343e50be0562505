"""A believable office for trying things out."""
