"""Postponing and deciding: win, lose, cancel, and back again."""
