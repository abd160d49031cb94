"""Applications for trainings, as the person, the producer and the counter see them."""
