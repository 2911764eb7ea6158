"""Which languages are spoken: those that have a folder, so that a new one is files and nothing else."""

from pathlib import Path


def spoken_in(catalogues: Path) -> list[str]:
    """Tags (BCP 47: zh-Hant) of the folders there, which gettext names by its own rule (zh_Hant)."""
    return sorted(path.parents[1].name.replace("_", "-") for path in catalogues.glob("*/LC_MESSAGES/django.po"))
