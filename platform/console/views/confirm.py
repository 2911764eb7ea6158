"""Before money, tokens and owners: she shows again that it is she, then goes back to where she was."""

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from console.request import Request
from console.view_decorators import page
from kernel.errors import DomainError
from people import confirming


@page("GET", "HEAD", "POST")
def confirm(request: Request) -> HttpResponse:
    """GET: her ways. POST without a code: one is sent. POST with the code: back to `next`."""
    back, refused = _next(request), ""
    sent_to = request.session.get("confirm_sent_to", "")
    if request.method == "POST":
        try:
            if "code" not in request.POST:
                sent_to = request.session["confirm_sent_to"] = confirming.send_code(request)
            else:
                confirming.confirm(request, request.POST["code"])
                request.session.pop("confirm_sent_to", None)
                messages.success(request, _("Thank you. You can go on now."))
                return redirect(back)
        except DomainError as refusal:
            refused = str(refusal)
        except ImmediateHttpResponse as too_many:
            return too_many.response
    context = {
        "next": back,
        "ways": get_adapter().get_reauthentication_methods(request.user),
        "sent_to": sent_to,
        "hint": confirming.hint(*confirming.address_of(request.user)),
        "refused": refused,
        "minutes": settings.RECENT_SIGN_IN_S // 60,
    }
    return render(request, "console/confirm.html", context, status=400 if refused else 200)


def _next(request: Request) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if safe else reverse("console:home")
