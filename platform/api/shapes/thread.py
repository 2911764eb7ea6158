"""The thread of a project: what is said there in the open."""

from datetime import datetime
from typing import Annotated, TypedDict

from api.contract.fields import Text
from api.contract.requests import Body


class PostWritten(Body):
    words = Text(most=1000)


class Post(TypedDict):
    id: int
    by: Annotated[str, "A worker's pseudonym, or the requester's name."]
    is_requester: bool
    mine: bool
    words: str
    said_at: datetime
