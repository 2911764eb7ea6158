"""The request of a page that only somebody who is signed in sees: view_decorators.page lets nobody else through."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from people.models import Person


class Request(HttpRequest):
    user: Person
    htmx: HtmxDetails
