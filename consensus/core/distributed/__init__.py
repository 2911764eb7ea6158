"""The default model over more votes than one machine holds."""
