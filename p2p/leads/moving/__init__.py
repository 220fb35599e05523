"""Moving leads: postponed, disqualified, and back again."""
