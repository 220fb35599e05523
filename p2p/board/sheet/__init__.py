"""One card opened beside the board, or on a page of its own."""
