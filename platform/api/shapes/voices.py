"""What workers say of projects and ask about them, and the requester's answers."""

from datetime import date, datetime
from typing import Annotated, TypedDict

from api.contract.fields import Text, Whole
from api.contract.requests import Body


class WorkRated(Body):
    """Each 1 (no), 2 (partly) or 3 (yes): is it clear, is it fair, does it pay as it said."""

    clear = Whole(least=1, most=3)
    fair = Whole(least=1, most=3)
    paid = Whole(least=1, most=3)
    words = Text(most=1000, default="")


class TaskQuestionAsked(Body):
    words = Text(most=1000)


class VoiceReplied(Body):
    words = Text(most=1000)


class RatingMarks(TypedDict):
    clear: int
    fair: int
    paid: int


class RatingFigures(RatingMarks):
    """Means, 100 to 300; from three people on."""

    raters: int


class OwnRating(RatingMarks):
    words: str
    reply: str


class AnsweredQuestion(TypedDict):
    words: str
    asked_at: datetime
    reply: str
    mine: bool


class Voices(TypedDict):
    """Of a project, for who works there: the newest questions with an answer, and her own that wait."""

    figures: RatingFigures | None
    mine: OwnRating | None
    may_rate: bool
    questions: list[AnsweredQuestion]


class RatingTold(RatingMarks):
    """For the requester, from three people on: never whose it is, nor the hour, which her answers would tell."""

    id: int
    words: str
    said_on: date
    reply: str


class QuestionTold(TypedDict):
    id: int
    words: str
    asked_on: date
    reply: Annotated[str, "Seen by all who do this work."]
