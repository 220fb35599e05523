"""Many records at once, of any noun: chosen, what would change looked at, changed in one operation."""
