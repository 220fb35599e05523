"""Runs of the import: a file that waits, the work on it beside the pages, and what became of it."""
