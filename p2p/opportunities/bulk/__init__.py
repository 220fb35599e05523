"""Many opportunities at once: chosen on the board or in the list, looked at, changed in one operation."""
