"""Why promises were missed: causes that holders name, and excuses that supervisors give."""
