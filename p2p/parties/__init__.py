"""The address book: organizations and people."""
