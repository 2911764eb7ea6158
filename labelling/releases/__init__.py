"""What is decided, frozen for download."""
