"""Apart from the storage itself: who only has to know of it does not load the client of a bucket that nobody uses."""


class StorageAway(Exception):
    """The object storage does not answer or has no such bucket; a sentence. Nothing was kept: the same may be tried again."""
