from typing import Any


class BadAnswer(ValueError):
    """An answer that the task type's schema refuses: one sentence and the field it is about."""

    def __init__(self, field: str, message: str):
        super().__init__(message)
        self.field = field


class BadSetting(ValueError):
    """Settings of a project that do not go together. `message` is a template, `said` what stands for its names; `field` is the key in
    Project.config, and what lies in it (`steps`, `groups[2].name`)."""

    def __init__(self, message: str, field: str, /, **said: Any):
        super().__init__(message.format(**said))
        self.message = message
        self.field = field
        self.said = said
