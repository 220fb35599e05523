"""Copying a lead: another chance at the same place, with what is worth taking along."""
