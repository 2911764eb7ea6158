"""Where rails call back."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payouts.actions.handle_callback import MAX_CALLBACK_BYTES, handle_callback


@csrf_exempt  # the rail's signature, not a cookie, says who is calling
@require_POST
def callback(request: HttpRequest, provider: str) -> HttpResponse:
    if provider not in settings.PAYOUT_PROVIDERS:
        return HttpResponse(status=404)
    if int(request.headers.get("Content-Length") or 0) > MAX_CALLBACK_BYTES:
        return HttpResponse(status=413)
    genuine = handle_callback(provider, request.headers, request.body)
    return HttpResponse(status=204 if genuine else 403)
