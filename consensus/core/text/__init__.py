"""Texts: noisy copies of one text, and several good ones."""
