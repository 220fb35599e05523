"""Campaigns: marketing actions, and the leads and opportunities that came from them."""
