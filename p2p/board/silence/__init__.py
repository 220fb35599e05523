"""How much of each column is silent for too long."""
