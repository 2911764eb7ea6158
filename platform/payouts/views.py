"""Where rails call back."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payouts.actions.handle_callback import MAX_CALLBACK_BYTES, handle_callback
from payouts.unsigned_callbacks import refuse_stranger


@csrf_exempt  # the rail's signature, not a cookie, says who is calling
@require_POST
def callback(request: HttpRequest, provider: str) -> HttpResponse:
    """Whether it is genuine is seen before anything is kept: strangers cost us neither a row nor a line of the log each."""
    if provider not in settings.PAYOUT_PROVIDERS:
        return HttpResponse(status=404)
    if _length(request) > MAX_CALLBACK_BYTES or len(request.body) > MAX_CALLBACK_BYTES:
        return HttpResponse(status=413)
    if refusal := handle_callback(provider, request.headers, request.body):
        return HttpResponse(status=refuse_stranger(get_adapter(request).get_client_ip(request), refusal))
    return HttpResponse(status=204)


def _length(request: HttpRequest) -> int:
    text = request.headers.get("Content-Length") or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else MAX_CALLBACK_BYTES + 1
