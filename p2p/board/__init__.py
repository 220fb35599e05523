"""All open opportunities at a glance, sorted by prognosis."""
