"""Triage: one lead after the other, newest first, each decided with a key."""
