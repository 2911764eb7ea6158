"""Who may see and change the sentences of a language. Not yours and not there are the same refusal."""

from kernel.errors import Forbidden, NotFound
from people.models import Person
from wording.models import Speaker
from wording.sentences import languages


def languages_of(actor: Person) -> list[str]:
    """Those that she may confirm: an admin all of them."""
    if actor.is_staff:
        return languages()
    hers = set(Speaker.objects.filter(person=actor).values_list("language", flat=True))
    return [language for language in languages() if language in hers]


def require_language_of(actor: Person, language: str) -> str:
    if language not in languages() or language not in languages_of(actor):
        raise NotFound
    return language


def require_speaker(actor: Person) -> list[str]:
    """Her languages; refused where there is none."""
    found = languages_of(actor)
    if not found:
        raise Forbidden("Only an admin or a speaker of one of the languages may open this.", code="not_a_speaker")
    return found
