"""What all answer shapes share: ids and codes."""
