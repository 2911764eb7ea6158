"""Promises that can be kept: bounds that hold however often they are looked at, warranty, estimate; whether a model may stand in
for a person, and whether it has changed."""
