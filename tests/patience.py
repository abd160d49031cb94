"""How long a test waits for what it awaits. Reached only when that never comes: a slow machine is no fault."""

SECONDS = 180
MILLISECONDS = SECONDS * 1000
