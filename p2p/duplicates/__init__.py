"""Duplicates: finding records that may be one, over the whole book, and merging them side by side."""
