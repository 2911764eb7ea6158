"""A list of 200,000 items answers while she types: words by their index, pages by key."""
