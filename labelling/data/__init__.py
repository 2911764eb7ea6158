"""What is labelled: uploads become items. Sources give rows, `checked` makes them items, `insert` writes a chunk at once."""
