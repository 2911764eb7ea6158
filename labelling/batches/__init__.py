"""Offers over items: their terms, their escrow, and what is paid out of it."""
