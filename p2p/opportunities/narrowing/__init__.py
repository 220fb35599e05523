"""What opportunities can be narrowed to: declared once, for the board, the list, and what stood there in the past."""
