"""Measures of agreement and of accuracy."""
