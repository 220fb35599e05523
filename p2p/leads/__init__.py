"""Leads: unqualified interest, from the first word to qualified or not."""
