"""Known tasks: how they are judged, and appeals against a missed one."""
