"""/metrics for Prometheus: figures of the whole house, for its own monitoring and for admins only."""

import hmac

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """With `Authorization: Bearer $METRICS_TOKEN`, or an admin's session; 403 for everybody else."""
    given, wanted = request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"
    by_token = bool(settings.METRICS_TOKEN) and hmac.compare_digest(given.encode(), wanted.encode())
    if not (by_token or request.user.is_staff):
        raise PermissionDenied
    return ExportToDjangoView(request)
