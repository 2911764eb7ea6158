"""One module a group of pages. Views fetch through access.py, call verbs, and render."""
