"""She says what she never wants to see: work that warns of it is not offered to her, and costs her nothing."""

from __future__ import annotations

from kernel.content_warnings import check_categories
from people.models import Worker


def say_avoids(worker: Worker, avoids: object) -> None:
    """The whole list; empty: she is offered everything."""
    worker.avoids = check_categories(avoids, "avoids")
    worker.save(update_fields=["avoids"])
