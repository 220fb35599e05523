"""The board as it stood on a past day, and what changed between two: read from the log, which is the only truth."""
