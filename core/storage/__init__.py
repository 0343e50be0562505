"""How a process asks the database: connections, moments, small tables kept, keys."""
