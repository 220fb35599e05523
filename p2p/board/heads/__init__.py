"""The heads of the columns: how many, worth what, and what is planned when."""
