"""Files that hang on any noun."""
