class Unsafe(Exception):
    """A file or an address that is not taken: one sentence for the requester and the field it is about."""

    def __init__(self, field: str, message: str):
        super().__init__(message)
        self.field = field
        self.message = message
