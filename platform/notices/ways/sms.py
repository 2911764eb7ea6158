"""A text. The operator pays for each: so many a day for all together, and no more."""

from __future__ import annotations

from django.conf import settings

from notices.ways.base import NotNow, NoWay, Told
from notices.ways.email import NOTICE
from people import budgets
from people.sms.base import SmsError
from people.telling import write_text

DAY_S = 86_400


def send(told: Told) -> None:
    person = told.choice.person
    if not person.phone or not person.phone_verified or not settings.NOTICES_SMS_DAY:
        raise NoWay
    taken = budgets.take([budgets.Budget("notices by sms", (), settings.NOTICES_SMS_DAY, DAY_S)])
    if taken.wait_s:
        raise NotNow("the day's texts are spent", taken.wait_s)
    try:
        write_text(person, NOTICE, what=told.words, link=told.opens, stop=told.stop)
    except SmsError as refused:
        taken.give_back()
        raise NotNow(str(refused)) from refused
