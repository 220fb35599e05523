"""Leads from elsewhere: what their columns mean, how a row is judged, and how all of them are written."""
