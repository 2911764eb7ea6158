class BadAnswer(ValueError):
    """An answer that the task type's schema refuses: one sentence and the field it is about."""

    def __init__(self, field: str, message: str):
        super().__init__(message)
        self.field = field
