"""Designing processes: their stages, the steps in each, copies and editions."""
