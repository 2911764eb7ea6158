"""Sequences of steps that are read from the top: which is the first that is wrong."""
