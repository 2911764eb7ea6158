"""Several labels an item."""
