"""The platform's own figures, on a page for everybody."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from console.request import Request
from labelling.conduct.public_figures import public_figures


@require_safe
def numbers(request: Request) -> HttpResponse:
    return render(request, "console/numbers.html", {"figures": public_figures()})
