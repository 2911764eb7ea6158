from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from console.pages import page


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    return render(request, "console/landing.html")


@page()
def dashboard(request: HttpRequest) -> HttpResponse:
    return render(request, "console/dashboard.html")
