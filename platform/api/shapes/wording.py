"""What the phone says in a language, and what its speakers confirm of it."""

from typing import Annotated, Literal, TypedDict

from api.contract.fields import Checked, OneOf, Text
from api.contract.requests import Body, Pages
from wording.progress import SHOWS


class Words(TypedDict):
    """Laid over what the phone was built with."""

    confirmed: Annotated[
        list[str], "Languages of which a speaker has confirmed every sentence; the others were drafted by machine."
    ]
    mended: Annotated[dict[str, str], "Key of the phone's files, and a speaker's words."]


class SentencesAsked(Pages):
    """`show`: of one state; `q`: with these words in English or in the language."""

    show = OneOf(choices=list(SHOWS), required=False)
    q = Text(most=100, required=False)


class SentenceShown(TypedDict):
    id: Annotated[str, "Of its place and its English: where the English changes it is another."]
    source: Literal["phone", "server"]
    key: str
    english: str
    text: str
    where: Annotated[str, "The screens that say it, or the piece of the server that it comes from."]
    state: Literal["open", "confirmed", "mended"]


class SentenceSaid(TypedDict):
    id: str
    text: str


class SentencesConfirmed(Body):
    """As they stand, or mended. All are taken, or none."""

    sentences = Checked(list[SentenceSaid], required=True)


class LanguageProgress(TypedDict):
    language: str
    total: int
    confirmed: int
    mended: int
