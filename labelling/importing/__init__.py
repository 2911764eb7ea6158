"""From what a requester sent to items: sources give rows, `checked` makes them items, `insert` writes a chunk at once."""
