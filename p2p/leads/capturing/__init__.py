"""Capturing leads quickly: a subject and a name, and whom that may be in the address book."""
