"""Many leads at once: chosen in the list, what would change looked at, changed in one operation."""
