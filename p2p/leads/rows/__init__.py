"""The list of leads and what is changed in its rows."""
