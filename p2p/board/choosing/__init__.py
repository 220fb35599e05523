"""Choosing what of the board is shown, and how: all filters, the order, and the facts on a card."""
