"""How the console writes bans and appeals."""

from datetime import timedelta

from django import template
from django.utils.translation import gettext as _

from console.ban_words import ENDS, OUTCOMES, REASONS
from labelling.models import Appeal, Ban
from ledger.clock import now

register = template.Library()


@register.filter
def reason(ban: Ban) -> str:
    return str(REASONS[ban.reason])


@register.filter
def end(ban: Ban) -> str:
    """How it stands, in a word or two."""
    return _("stands") if ban.stands else str(ENDS[ban.lifted_because or "over"])


@register.filter
def outcome(appeal: Appeal) -> str:
    return str(OUTCOMES[appeal.outcome]) if appeal.outcome else _("waits for an answer")


@register.filter
def clock(appeal: Appeal) -> str:
    """What is left of the 72 hours."""
    left = appeal.answer_by - now()
    if left <= timedelta(0):
        return _("no time left: silence lifts the ban")
    hours, minutes = divmod(int(left.total_seconds()) // 60, 60)
    return _("%(hours)s h %(minutes)s min left") % {"hours": hours, "minutes": minutes}
