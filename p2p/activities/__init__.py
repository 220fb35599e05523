"""Logged and planned work, on any noun, known only by its name and number."""
