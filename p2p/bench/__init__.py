"""How fast it is, measured against what could not be faster: `flask --app app bench`."""
