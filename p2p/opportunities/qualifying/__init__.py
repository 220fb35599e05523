"""Qualifying leads: what a lead may become is proposed, asked once, and done as one operation."""
