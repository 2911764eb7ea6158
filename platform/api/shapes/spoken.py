"""Instructions that are heard."""

from typing import Annotated, TypedDict

from api.contract.fields import Checked
from api.contract.requests import Body


class SoundSent(Body):
    """Multipart: one sound, of five minutes at most."""

    file = Checked(bytes, required=True)


class Sound(TypedDict):
    """Of the instructions in a language."""

    language: str
    url: str
    bytes: int
    duration_ms: int
    recorded: Annotated[bool, "By a person; no: the server's own voice."]


class SoundOf(TypedDict):
    language: str
    sound: Sound | None
    is_current: Annotated[bool, "It says what stands there now; only then it is played."]
    has_voice: Annotated[bool, "The server could speak this language."]


class Sounds(TypedDict):
    languages: list[SoundOf]
