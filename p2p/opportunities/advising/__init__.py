"""What needs a hand: what is silent for too long, and what to do next about an opportunity."""
