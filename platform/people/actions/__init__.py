"""Verbs about people. Each is one transaction."""
