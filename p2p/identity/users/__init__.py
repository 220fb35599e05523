"""The administration of users."""
