"""Bans and appeals as people say them."""

from django.utils.translation import gettext_lazy as _

REASONS = {
    "unread": _("Answers given without looking"),
    "copied": _("Answers copied from others"),
    "automated": _("Answers given by a program"),
    "accounts": _("Several accounts of one person"),
    "lent": _("An account lent or sold"),
    "misuse": _("Misuse of what was shown"),
}
ENDS = {
    "over": _("over"),
    "admin": _("lifted"),
    "appeal": _("appeal won"),
    "silence": _("won by silence"),
}
OUTCOMES = {
    "won": _("won: the ban is lifted"),
    "lost": _("lost: the ban stands"),
    "silence": _("won: nobody answered in 72 hours"),
    "lifted": _("the ban was lifted before an answer"),
}
