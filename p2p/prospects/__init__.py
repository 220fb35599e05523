"""Two roles of a party: prospects we may do business with, and the customers they become."""
