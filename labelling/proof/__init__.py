"""Anybody's check of a proof bundle. Pure: no Django, no database."""
