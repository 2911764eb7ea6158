"""Bans, holds on pay, and the appeals against them."""
