"""People who act for a party."""
