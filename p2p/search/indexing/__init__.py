"""The index of Find: what records say, and how it is kept."""
