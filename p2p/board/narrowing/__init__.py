"""What a board can be narrowed to."""
