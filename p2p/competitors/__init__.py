"""Parties we bid against."""
