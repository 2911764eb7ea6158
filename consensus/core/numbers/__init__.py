"""Numbers: measurements and ratings."""
