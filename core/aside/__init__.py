"""Deliveries that can never succeed: set aside, shown, and tried again or given up by a person."""
