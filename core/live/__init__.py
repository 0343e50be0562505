"""Live hints to open screens, and who may have one open."""
