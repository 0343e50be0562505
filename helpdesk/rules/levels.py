"""The levels that a report climbs: 1 supervisors, 2 the head of the service, 3 the leadership."""

TOP = 3
