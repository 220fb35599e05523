"""People from elsewhere, of vCards or of a table: what a row means, who is known already, and how the rest is written.

Both become a `Card`; a card becomes a `Draft` of a person (or an organization) with channels and whom they act for.
"""
