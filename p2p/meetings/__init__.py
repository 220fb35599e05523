"""Meetings: the deals that deserve talk, one by one, what was decided on each, and the minutes of it."""
