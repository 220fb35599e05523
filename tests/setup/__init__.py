"""What a company sets up."""
