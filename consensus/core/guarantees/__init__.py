"""Promises about labels that can be kept: bounds that hold however often they are looked at, warranty, estimate."""
