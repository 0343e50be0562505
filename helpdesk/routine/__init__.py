"""What the office does by itself, ticket by ticket: close, lapse, remind."""
