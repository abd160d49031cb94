"""What the desks share about how experts are."""
