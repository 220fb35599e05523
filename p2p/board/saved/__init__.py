"""Views of the board that are kept under a name, for oneself or for all."""
