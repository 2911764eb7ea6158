"""Comparisons of two items, and the rankings that they make."""
