"""The people behind a lead: contacts of the address book."""
