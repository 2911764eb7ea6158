"""Parts of the settings (server/settings.py), by what they are about."""
