"""How the office is set up: queues, who works on them, topics, places, routes."""
