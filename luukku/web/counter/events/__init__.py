"""Events at the counter: made, changed, moved, called off; who comes, and who was there."""
