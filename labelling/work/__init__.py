"""What a worker does: draw tasks, answer, hand them back; the line in which items wait, and her pace."""
