"""Orders at the counter: made, read, moved on, offered, agreed."""
