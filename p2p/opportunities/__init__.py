"""Qualified potential sales, from opened to won or lost."""
