"""What is to be done: by day, by week, as a list; mine, a colleague's, everybody's."""
